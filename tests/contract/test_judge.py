"""The promise of `Judge`, held by a ranker over each encoder that can stand without torch."""

from dataclasses import replace

import numpy as np
import pytest

from matcher.encode.e5 import AdaptedE5
from matcher.encode.shipped import checked, models_dir
from matcher.encode.tfidf import TfidfEncoder
from matcher.evaluate.predictions import faults
from matcher.grading import PairJudge, Unjudged, Views, foundation, lessons
from matcher.protocols import Encoder, Judge
from matcher.rank.gaussian import Prior
from matcher.rank.kept import from_bytes, to_bytes
from matcher.rank.learn import learn
from matcher.records import Need, Patent
from matcher.text.words import Segmenter

NEEDS = [
    Need(id="N1", title="锂电池隔膜耐热性差", main_problem="150℃下热收缩大",
         key_technology="陶瓷涂层"),
    Need(id="N2", title="高强铝合金", main_problem="强度低", key_technology="热处理工艺",
         expected_goal="抗拉强度≥600MPa"),
    Need(id="N3", title="", content="污水处理厂出水总氮不达标，寻求脱氮技术。"),
    Need(id="N4", title="", keywords=("丘陵", "马铃薯")),
    Need(id="N5", title="轴承"),
    Need(id="N6", title=" \n", content="\u3000"),
    Need(id="N7", title="", company="某公司"),
    Need(id="N8", title="耐磨涂层" * 40, content="需要耐磨、耐腐蚀的涂层。" * 60),
]  # fmt: skip
PATENTS = [
    Patent(id="P1", keys=(), title="一种陶瓷涂层隔膜及其制备方法",
           ipc=("H01M50/403", "H01M10/0525")),
    Patent(id="P2", keys=(), title="一种7075铝合金板材的热处理工艺",
           abstract="固溶后双级时效。" * 30),
    Patent(id="P3", keys=(), title="低碳氮比污水脱氮装置", abstract="一种脱氮装置。",
           first_claim="一种脱氮装置，其特征在于缺氧池。", ipc=("C02F3/30",)),
    Patent(id="P4", keys=(), title="自走式马铃薯收获机", ipc=("没有这个号",)),
    Patent(id="P5", keys=(), title="轴承"),
    Patent(id="P6", keys=(), title=""),
    Patent(id="P7", keys=(), title=" \n\t", abstract="\u3000"),
    Patent(id="P8", keys=(), title="", abstract="一种耐磨涂层。"),
]  # fmt: skip


def paired(count: int) -> tuple[list[Need], list[Patent]]:
    """Every need with every patent, the same patents together."""
    both = [(need, patent) for patent in PATENTS for need in NEEDS][:count]
    return [need for need, _ in both], [patent for _, patent in both]


def small(encoder: Encoder, segmenter: Segmenter) -> PairJudge:
    """A ranker founded upon these texts and taught four fifths of their pairs, read from bytes."""
    titles = [patent.title or "甲" for patent in PATENTS] * 5
    known = Unjudged(titles, ["H01M10/05", "C02F3/30"] * 20, titles[:3], PATENTS[1:3], NEEDS)
    views = foundation(known, encoder, Prior(), seed=0)
    needs, patents = paired(48)
    grades = [4 if a.id[1:] == b.id[1:] else 1 + len(b.title) % 3
              for a, b in zip(needs, patents, strict=True)]  # fmt: skip
    found = learn(views.ranker, lessons(views, needs, patents, grades), name="small").ranker
    return PairJudge(replace(views, ranker=from_bytes(to_bytes(found), segmenter)))


@pytest.fixture(scope="module")
def every_judge() -> dict[str, Judge]:
    segmenter = Segmenter()
    e5 = AdaptedE5.open(models_dir(), threads=2)
    shipped = from_bytes(checked(models_dir(), "ranker.safetensors"), segmenter)
    texts = [text for need in NEEDS for text in (need.title, need.main_problem, need.content)]
    texts += [text for patent in PATENTS for text in (patent.title, patent.abstract)]
    tfidf = TfidfEncoder.fit([text for text in texts if text.strip()], dim=10)
    return {
        "shipped ranker, e5": PairJudge(Views(shipped, e5)),
        "small ranker, tfidf": small(tfidf, segmenter),
    }


@pytest.fixture(params=["shipped ranker, e5", "small ranker, tfidf"])
def judge(request: pytest.FixtureRequest, every_judge: dict[str, Judge]) -> Judge:
    return every_judge[request.param]


def test_rows_are_chances_whatever_is_blank_or_missing(judge: Judge) -> None:
    needs, patents = paired(64)
    found = judge.chances(needs, patents)
    assert (found.shape, found.dtype) == ((64, 4), np.float64)
    assert faults(found, 64) == ""
    assert (found >= 0).all()
    np.testing.assert_allclose(found.sum(axis=1), 1, atol=1e-6)


@pytest.mark.parametrize("count", [0, 1, 2])
def test_any_number_of_pairs_is_judged(judge: Judge, count: int) -> None:
    found = judge.chances(*paired(count))
    assert (found.shape, found.dtype) == ((count, 4), np.float64)


def test_a_pair_has_the_same_chances_alone_among_others_and_in_any_order(judge: Judge) -> None:
    needs, patents = paired(64)
    found = judge.chances(needs, patents)
    backwards = judge.chances(needs[::-1], patents[::-1])[::-1]
    np.testing.assert_allclose(backwards, found, atol=1e-6)
    rows = range(0, 64, 5)
    alone = [judge.chances([needs[row]], [patents[row]])[0] for row in rows]
    np.testing.assert_allclose(alone, found[list(rows)], atol=1e-6)


def test_the_same_pairs_give_the_same_bytes(judge: Judge) -> None:
    first, again = (judge.chances(*paired(64)).tobytes() for _ in range(2))
    assert first == again


def test_equal_pairs_have_equal_chances_whatever_their_ids(judge: Judge) -> None:
    needs = [NEEDS[0], replace(NEEDS[0], id="other"), NEEDS[0]]
    patents = [PATENTS[0], PATENTS[0], replace(PATENTS[0], id="other")]
    found = judge.chances(needs, patents)
    np.testing.assert_allclose(found[1:], found[[0, 0]], atol=1e-6)


def test_needs_of_one_id_that_differ_are_judged_each_by_its_own_text(judge: Judge) -> None:
    needs = [NEEDS[0], replace(NEEDS[1], id=NEEDS[0].id)]
    patents = [PATENTS[0], PATENTS[0]]
    expected = judge.chances(NEEDS[:2], patents)
    np.testing.assert_allclose(judge.chances(needs, patents), expected, atol=1e-6)
    assert np.abs(expected[0] - expected[1]).max() > 1e-3


def test_what_answers_a_need_stands_before_what_does_not(judge: Judge) -> None:
    for row in (0, 1):
        found = judge.chances([NEEDS[row]] * 5, PATENTS[:5]) @ np.arange(1, 5)
        assert int(found.argmax()) == row


@pytest.mark.parametrize("text", ["\ud800", "甲\x00乙", "长" * 1_200, "😀" * 50, "\u202e甲"])
def test_hostile_text_is_judged_and_spares_its_neighbours(judge: Judge, text: str) -> None:
    needs = [NEEDS[0], Need(id="X", title=text), NEEDS[1]]
    patents = [PATENTS[0], Patent(id="X", keys=(), title=text, ipc=(text,)), PATENTS[1]]
    found = judge.chances(needs, patents)
    assert faults(found, 3) == ""
    expected = judge.chances(NEEDS[:2], PATENTS[:2])
    np.testing.assert_allclose(found[[0, 2]], expected, atol=1e-6)


def test_names_tell_rankers_and_encoders_apart(every_judge: dict[str, Judge]) -> None:
    shipped, other = every_judge.values()
    assert shipped.name.startswith("ranker-4 · e5")
    assert other.name.startswith("small · tfidf-")
