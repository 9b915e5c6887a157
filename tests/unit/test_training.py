"""Own grades: when a new ranker is taken, and when not, and why."""

from collections.abc import Iterator, Sequence
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from matcher.build import make_encoder, make_ranker
from matcher.config import EncoderSettings
from matcher.encode.cached import CachedEncoder
from matcher.errors import NothingUsable
from matcher.evaluate.judged import Judged
from matcher.grading import Views
from matcher.rank.kept import from_bytes, to_bytes
from matcher.rank.ranker import Ranker
from matcher.records import Feedback, Need, Patent
from matcher.store.sql import SqlStore, sqlite_url
from matcher.text.words import Segmenter
from matcher.training import concordance, graded_answers, train

FIELDS = {
    "隔膜": ("锂电池隔膜的耐热涂层", "陶瓷涂覆隔膜", "芳纶涂覆锂电池隔膜", "隔膜热收缩的测试方法"),
    "轴承": ("高速轴承的润滑结构", "轴承疲劳寿命预测", "陶瓷球轴承", "轴承钢的热处理"),
    "污水": ("污水脱氮的生物膜", "印染污水处理装置", "污水除磷药剂", "污泥脱水机"),
    "茶叶": ("茶叶采摘机器人", "茶叶杀青设备", "红茶发酵装置", "茶多酚提取"),
    "焊接": ("铝合金激光焊接", "焊接变形控制", "焊缝视觉跟踪", "搅拌摩擦焊刀具"),
    "光伏": ("光伏组件热斑检测", "光伏支架跟踪", "钙钛矿太阳能电池", "光伏逆变器"),
}


@pytest.fixture(scope="module")
def young(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Views]:
    """The shipped ranker with a tenth of what it was taught, so that fitting takes no time."""
    ranker = make_ranker(Path("/nonexistent"), Segmenter())
    encoder = CachedEncoder(
        make_encoder(EncoderSettings()), tmp_path_factory.mktemp("cache") / "vectors.db"
    )
    yield Views.of(_younger(ranker), encoder)
    encoder.close()


def _younger(ranker: Ranker) -> Ranker:
    rows = np.arange(0, len(ranker.taught.grades), 10)
    taught, memory = ranker.taught, ranker.memory
    pairs = replace(
        memory.pairs,
        need_rows=memory.pairs.need_rows[rows],
        patent_rows=memory.pairs.patent_rows[rows],
    )
    return replace(
        ranker,
        taught=replace(
            taught,
            columns=taught.columns[rows],
            grades=taught.grades[rows],
            groups=tuple(taught.groups[row] for row in rows.tolist()),
        ),
        memory=replace(memory, pairs=pairs, weights=memory.weights[rows]),
    )


def judged(grade_of: dict[bool, int], needs: Sequence[str] = tuple(FIELDS)) -> Judged:
    """Each need with every patent; `grade_of[True]` where the field is its own."""
    rows = [
        (Need(id=f"N-{name}", title=f"{name}技术的改进"), Patent(id=title, keys=(), title=title),
         grade_of[own == name])
        for name in needs for own, titles in FIELDS.items() for title in titles
    ]  # fmt: skip
    asked, offered, grades = zip(*rows, strict=True)
    return Judged(asked, offered, np.array(grades, dtype=np.int64))


def test_grades_that_say_more_than_the_ranker_knew_make_it_better(young: Views) -> None:
    trial = train(young, judged({True: 4, False: 1}), name="own", seed=0)
    assert (trial.reason, trial.better) == ("better", True)
    assert (trial.pairs, trial.needs, trial.known) == (144, 6, 0)
    assert trial.agreement is not None and trial.agreement[1] > 0.9
    assert trial.score is not None and trial.score.a is not None and trial.score.b is not None
    assert trial.score.a > trial.score.b + 0.1


def test_shuffled_grades_keep_the_old_one_and_say_that_they_fit_nothing(young: Views) -> None:
    given = judged({True: 4, False: 1})
    mixed = np.random.default_rng(3).permutation(given.grades)
    trial = train(young, replace(given, grades=mixed), name="own", seed=0)
    assert (trial.reason, trial.better) == ("unrelated", False)
    assert trial.agreement is not None and trial.agreement[1] <= 0.5


def test_grades_turned_upside_down_keep_the_old_one_and_say_so(young: Views) -> None:
    trial = train(young, judged({True: 1, False: 4}), name="own", seed=0)
    assert (trial.reason, trial.better) == ("reversed", False)


def test_grades_that_are_all_alike_teach_no_order(young: Views) -> None:
    trial = train(young, judged({True: 1, False: 1}), name="own", seed=0)
    assert (trial.reason, trial.agreement) == ("unrelated", (0.5, 0.0, 1.0))


def test_few_new_grades_among_many_known_decide_nothing(young: Views) -> None:
    given = judged({True: 4, False: 1})
    first = train(young, given, name="own", seed=0).ranker
    assert first is not None
    some = judged({True: 4, False: 1}, ["隔膜"])
    patents = tuple(Patent(id=f"{p.id}2", keys=(), title=f"{p.title}2") for p in some.patents[:20])
    both = Judged(
        (*given.needs, *some.needs[:20]),
        (*given.patents, *patents),
        np.concatenate([given.grades, some.grades[:20]]),
    )
    trial = train(Views.of(first, young.encoder), both, name="own", seed=0)
    assert (trial.reason, trial.pairs, trial.needs, trial.known) == ("too_few", 20, 1, 144)


def test_few_grades_decide_nothing(young: Views) -> None:
    trial = train(young, judged({True: 4, False: 1}, ["隔膜", "轴承"]), name="own", seed=0)
    assert (trial.reason, trial.pairs, trial.needs) == ("too_few", 48, 2)


def test_what_was_learned_is_known_and_teaches_nothing_twice(young: Views) -> None:
    given = judged({True: 4, False: 1})
    first = train(young, given, name="own", seed=0)
    assert first.ranker is not None
    kept = from_bytes(to_bytes(first.ranker), Segmenter())
    again = train(Views.of(kept, young.encoder), given, name="own", seed=0)
    assert (again.reason, again.pairs, again.known) == ("nothing_new", 0, 144)


def test_the_same_grades_give_the_same_ranker(young: Views) -> None:
    given = judged({True: 4, False: 1})
    one, two = (train(young, given, name="own", seed=0).ranker for _ in range(2))
    assert one is not None and two is not None
    assert to_bytes(one) == to_bytes(two)


def test_concordance_counts_couples_of_one_need_with_different_grades() -> None:
    needs = tuple(Need(id=name, title=name) for name in ("a", "a", "a", "b", "b"))
    patents = tuple(Patent(id=str(i), keys=(), title=str(i)) for i in range(5))
    given = Judged(needs, patents, np.array([4, 2, 2, 3, 1]))
    value, low, high = concordance(given, np.array([2.0, 1.0, 2.0, 0.0, 5.0]), seed=0)
    assert value == pytest.approx((1 + 0.5 + 0) / 3)
    assert (low, high) == (0.0, 0.75)


def test_answers_in_the_store_teach_what_they_say_of_relevance(tmp_path: Path) -> None:
    store = SqlStore.open(sqlite_url(tmp_path / "patmatch.db"))
    with pytest.raises(NothingUsable, match="patmatch feedback add"):
        graded_answers(store)
    store.put_needs([Need(id="N1", title="隔膜耐热")])
    store.put_patents([Patent(id="P1", keys=("A:1",), title="隔膜"),
                       Patent(id="P2", keys=("A:2",), title="合金")])  # fmt: skip
    store.put_feedback([
        Feedback(need_id="N1", patent_id="P1", reply="愿意对接"),
        Feedback(need_id="N1", patent_id="P2", reply="暂不", refusal_code="价格或许可方式不合"),
        Feedback(need_id="N1", patent_id="P2", by="甲", refusal_code="方向不符"),
        Feedback(need_id="N1", patent_id="gone", grade=3),
    ])  # fmt: skip
    found = graded_answers(store)
    told = zip(found.patents, found.grades.tolist(), strict=True)
    assert [(patent.id, grade) for patent, grade in told] == [("P1", 4), ("P2", 1)]
    store.close()
