"""Records to views, lessons and chances."""

import re
from collections import Counter
from collections.abc import Sequence
from dataclasses import fields, is_dataclass, replace
from typing import Any

import numpy as np
import pytest

from matcher.grading import (
    PairJudge,
    Unjudged,
    Views,
    by_need,
    foundation,
    lessons,
    taken,
)
from matcher.library import embed
from matcher.rank.gaussian import Prior
from matcher.rank.learn import learn
from matcher.records import Need, Patent
from matcher.text.aspects import need_aspects
from matcher.text.grams import grams

TITLES = [
    f"{way}{thing}{what}"
    for way in ("一种", "高效", "节能")
    for thing in ("轴承", "电池隔膜", "污水", "陶瓷涂层", "铝合金")
    for what in ("的制备方法", "处理装置", "检测系统", "润滑结构")
]
CELLS = [("F16C33/08", "H01M10/05；C02F1/52")[place % 2] for place in range(len(TITLES))]
NEEDS = [
    Need(id="N1", title="轴承润滑", main_problem="润滑不足", key_technology="自润滑涂层"),
    Need(id="N2", title="", content="污水处理厂出水总氮不达标"),
    Need(id="N3", title="电池隔膜耐热", keywords=("陶瓷", "涂层"), content="热收缩小"),
    Need(
        id="N4",
        title="铝合金",
        main_problem="强度低",
        key_technology="热处理",
        expected_goal="轻量",
    ),
]
PATENTS = [
    Patent(id="P1", keys=(), title="轴承润滑结构"),
    Patent(
        id="P2", keys=(), title="污水脱氮装置", abstract="一种污水脱氮装置。", ipc=("C02F3/30",)
    ),
    Patent(id="P3", keys=(), title="陶瓷涂层隔膜", abstract="隔膜。", first_claim="一种隔膜。"),
    Patent(id="P4", keys=(), title="", abstract="一种铝合金。", ipc=("Z99Z1/00",)),
    Patent(id="P5", keys=(), title=" \n"),
]


@pytest.fixture
def base(letters: Any) -> Views:
    """A foundation upon 60 titles."""
    known = Unjudged(TITLES, CELLS, TITLES[:7], PATENTS[1:4], NEEDS)
    return foundation(known, letters(), Prior(), seed=0)


@pytest.fixture
def taught(base: Views) -> Views:
    """The foundation and 20 grades."""
    pairs = [(need, patent) for need in NEEDS for patent in PATENTS]
    grades = [1 + (len(need.title) + len(patent.title)) % 4 for need, patent in pairs]
    told = lessons(base, [need for need, _ in pairs], [patent for _, patent in pairs], grades)
    return replace(base, ranker=learn(base.ranker, told, name="small").ranker)


def rows(views: Views, texts: Sequence[dict[str, str]], role: str = "needs") -> np.ndarray:
    encode = views.encoder.encode_needs if role == "needs" else views.encoder.encode_patents
    return embed(texts, encode, views.encoder.dim)  # type: ignore[arg-type]


def alike(one: Any, other: Any) -> bool:
    """Whether values, or dataclasses and tuples of arrays, are equal."""
    if is_dataclass(one):
        names = [field.name for field in fields(one)]
        return all(alike(getattr(one, name), getattr(other, name)) for name in names)
    if isinstance(one, tuple):
        return all(alike(a, b) for a, b in zip(one, other, strict=True))
    return bool(np.array_equal(one, other))


def test_a_need_is_viewed_whole_by_its_title_and_by_each_field(base: Views) -> None:
    aspects = need_aspects(NEEDS[0])
    view = base.need(aspects)
    expected = rows(
        base,
        [aspects, {"title": "轴承润滑"}, {"main_problem": "润滑不足"},
         {"key_technology": "自润滑涂层"}],
    )  # fmt: skip
    np.testing.assert_array_equal(view.whole, expected[0])
    np.testing.assert_array_equal(view.title, expected[1])
    assert list(view.aspects) == ["main_problem", "key_technology"]
    np.testing.assert_array_equal(view.aspects["main_problem"], expected[2])
    np.testing.assert_array_equal(view.aspects["key_technology"], expected[3])
    assert alike(view.terms, base.ranker.terms.asked("轴承润滑", "润滑不足\n自润滑涂层"))


def test_a_need_without_a_title_or_without_any_text_has_zeros_for_it(base: Views) -> None:
    long = NEEDS[1].content * 6
    view = base.need({"content": long})
    assert not view.title.any() and list(view.aspects) == ["content"]
    np.testing.assert_array_equal(view.whole, view.aspects["content"])
    assert alike(view.terms, base.ranker.terms.asked("", long))
    nothing = base.need({})
    assert not nothing.whole.any() and not nothing.title.any() and nothing.aspects == {}


def test_a_short_text_alone_is_read_as_a_title(base: Views) -> None:
    view, text = base.need(need_aspects(NEEDS[1])), NEEDS[1].content
    np.testing.assert_array_equal(view.title, view.whole)
    assert view.aspects == {} and alike(view.terms, base.ranker.terms.asked(text, ""))


def test_what_is_known_is_not_encoded_again_and_gives_the_same_view(
    base: Views, letters: Any
) -> None:
    encoder = letters()
    views, aspects = replace(base, encoder=encoder), need_aspects(NEEDS[3])
    whole = rows(base, [aspects])[0]
    view, known = base.need(aspects), views.need(aspects, whole)
    assert encoder.told == ["铝合金", "强度低", "热处理", "轻量"]
    for name in ("whole", "title"):
        np.testing.assert_array_equal(getattr(known, name), getattr(view, name))
    assert list(known.aspects) == list(view.aspects) and alike(known.terms, view.terms)


def test_patents_are_viewed_by_title_and_whole_where_they_say_more(base: Views) -> None:
    view = base.patents(PATENTS)
    assert view.fuller.tolist() == [False, True, True, False, False]
    heads = rows(base, [{"title": patent.title} for patent in PATENTS], "patents")
    np.testing.assert_array_equal(view.titles[:3], heads[:3])
    np.testing.assert_array_equal(view.wholes[0], heads[0])
    whole = {"title": "污水脱氮装置", "abstract": "一种污水脱氮装置。"}
    np.testing.assert_array_equal(view.wholes[1], rows(base, [whole], "patents")[0])
    np.testing.assert_array_equal(view.titles[3], view.wholes[3])
    assert view.wholes[3].any() and not view.wholes[4].any()
    assert view.ipc == [(), ("C02F3/30",), (), ("Z99Z1/00",), ()]
    told = base.ranker.terms.told([("陶瓷涂层隔膜", "隔膜。\n一种隔膜。"), ("", "")])
    assert alike(view.terms.take([2, 4]), told)


@pytest.mark.parametrize("count", [0, 1, 2])
def test_any_number_of_patents_is_viewed(base: Views, count: int) -> None:
    view = base.patents(PATENTS[:count])
    assert view.wholes.shape == view.titles.shape == (count, 16)
    assert (len(view.fuller), len(view.ipc), len(view.terms)) == (count,) * 3


def test_rows_are_taken_in_any_order_and_as_often_as_asked(base: Views) -> None:
    view = base.patents(PATENTS)
    found = taken(view, [3, 1, 1])
    for row, source in enumerate((3, 1, 1)):
        np.testing.assert_array_equal(found.wholes[row], view.wholes[source])
        np.testing.assert_array_equal(found.titles[row], view.titles[source])
        assert found.fuller[row] == view.fuller[source]
        assert found.ipc[row] == view.ipc[source]
        assert alike(found.terms.take([row]), view.terms.take([source]))
    assert taken(view, []).wholes.shape == (0, 16)


def test_rows_of_a_need_stand_together_in_the_order_of_needs() -> None:
    a, b = NEEDS[0], NEEDS[1]
    assert by_need([a, b, a, a, b]) == [[0, 2, 3], [1, 4]]
    assert by_need([a, replace(a, content="另一件事"), a]) == [[0, 2], [1]]
    assert by_need([]) == []


def test_a_foundation_knows_means_frequencies_and_fields_but_no_grade(base: Views) -> None:
    ranker = base.ranker
    needs = rows(base, [need_aspects(need) for need in NEEDS])
    np.testing.assert_allclose(ranker.centres.needs, needs.mean(axis=0), atol=1e-6)
    titles = rows(base, [{"title": title} for title in TITLES], "patents")
    middle = (titles.mean(axis=0) + titles[:7].mean(axis=0)) / 2
    np.testing.assert_allclose(ranker.centres.titles, middle, atol=1e-6)
    assert ranker.fields.names == ("C02F", "F16C", "H01M")
    texts = Counter(gram for title in TITLES for gram in set(grams(title)))
    assert ranker.terms.known.grams == dict(texts) and ranker.terms.known.texts == 60
    assert len(ranker.taught.grades) == len(ranker.memory.pairs) == 0


def test_lessons_are_the_readings_of_each_need_with_its_grades(base: Views) -> None:
    needs = [NEEDS[0], NEEDS[3], NEEDS[0]]
    one, other = lessons(base, needs, [PATENTS[0], PATENTS[1], PATENTS[2]], [4, 1, 2])
    assert (one.grades.tolist(), other.grades.tolist()) == ([4, 2], [1])
    told = base.ranker.read(
        base.need(need_aspects(NEEDS[0])), base.patents([PATENTS[0], PATENTS[2]])
    )
    np.testing.assert_allclose(one.told.features, told.features, atol=1e-6)
    np.testing.assert_allclose(one.told.aspects, told.aspects, atol=1e-6)
    assert one.told.names == ("main_problem", "key_technology")
    assert lessons(base, [], [], []) == []


def test_needs_of_one_title_are_one_group_whose_name_does_not_tell_the_title(base: Views) -> None:
    needs = [
        Need(id="A", title="轴承润滑", content="甲"),
        Need(id="B", title=" 轴承 润滑", content="乙"),
        Need(id="C", title="轴承", content="甲"), Need(id="D", title=""), Need(id="E", title=""),
    ]  # fmt: skip
    groups = [one.group for one in lessons(base, needs, [PATENTS[0]] * 5, [1] * 5)]
    assert groups[0] == groups[1]
    assert len(set(groups)) == 4
    assert all(re.fullmatch("[0-9a-f]{16}", group) for group in groups)
    again = lessons(base, [Need(id="\ud800", title="")], [PATENTS[0]], [1])
    assert re.fullmatch("[0-9a-f]{16}", again[0].group)


def test_chances_of_a_judge_are_those_of_its_ranker(taught: Views) -> None:
    judge = PairJudge(taught)
    needs = [NEEDS[2], NEEDS[0], NEEDS[2], NEEDS[1], NEEDS[0]]
    found = judge.chances(needs, PATENTS)
    for row, (need, patent) in enumerate(zip(needs, PATENTS, strict=True)):
        graded = taught.ranker.grade(taught.need(need_aspects(need)), taught.patents([patent]))
        np.testing.assert_allclose(found[row], graded.chances[0], atol=1e-6)
    assert judge.name == "small · letters-1"


def test_needs_of_one_id_that_differ_are_judged_each_by_its_own_text(taught: Views) -> None:
    judge = PairJudge(taught)
    needs = [replace(NEEDS[0], id="?"), replace(NEEDS[2], id="?")]
    both = judge.chances(needs, [PATENTS[0], PATENTS[0]])
    alone = [judge.chances([need], [PATENTS[0]])[0] for need in needs]
    np.testing.assert_allclose(both, alone, atol=1e-6)
    assert np.abs(both[0] - both[1]).max() > 1e-3


def test_parts_are_finite_whatever_is_missing(taught: Views) -> None:
    for need in (*NEEDS, Need(id="X", title=""), Need(id="Y", title="\x00😀")):
        view = taught.need(need_aspects(need))
        for count in range(len(PATENTS) + 1):
            graded = taught.ranker.grade(view, taught.patents(PATENTS[:count]))
            assert graded.parts.shape[0] == count
            assert np.isfinite(graded.parts).all() and np.isfinite(graded.chances).all()
