from math import inf
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from matcher.explain.quantity import Quantity, quantities
from matcher.explain.units import unit

SIGNS = {"eq": "=", "reach": "→", "ge": "≥", "gt": ">", "le": "≤", "lt": "<", "range": "~",
         "spread": "±"}  # fmt: skip
LINES = [
    line.split(" =>")
    for line in (Path(__file__).parent / "phrases.txt").read_text("utf-8").splitlines()
    if line and not line.startswith("#")
]
# Runs of what such texts are made of, so that figures and words meet in every way.
PIECES = st.lists(
    st.sampled_from(
        [*"0123456789.,-~～±×^%℃（）()：:，。；、\n 的为度年万亿米克", "≥", "小于", "以上",
         "MPa", "W/(m·K)", "10⁻⁶", "厚度", "提高", "达到", "180℃下", "元", "１２", "㎜", "①"]
    ),
    max_size=24,
).map("".join)  # fmt: skip


def shown(one: Quantity) -> str:
    value = f"{one.high if one.low == -inf or one.compare == 'spread' else one.low:g}"
    if one.compare == "range":
        value = f"{one.low:g}:{one.high:g}"
    change = {"": "", "up": "↑", "down": "↓"}[one.change]
    return f"{one.name} {change}{SIGNS[one.compare]} {value} {one.dimension}".strip()


def told(reading: str) -> str:
    """A reading of the table, its numbers written one way."""
    head, value, dimension = reading.strip().rsplit(" ", 2)
    numbers = ":".join(f"{float(number):g}" for number in value.split(":"))
    return f"{head} {numbers} {dimension}"


@pytest.mark.parametrize(("phrase", "expected"), LINES, ids=[line[0] for line in LINES])
def test_a_phrase_is_read_as_a_person_reads_it(phrase: str, expected: str) -> None:
    wanted = [told(one) for one in expected.split(" ; ")] if expected else []
    assert [shown(one) for one in quantities(phrase)] == wanted


def test_there_are_at_least_eighty_phrases() -> None:
    assert len(LINES) >= 80


def test_the_span_holds_name_sign_and_figure_in_the_text_as_it_is() -> None:
    text = "涂层使隔膜在 １８０ ℃ 下热收缩率低于 ３ ％；循环1000次以上。"
    first, second = quantities(text)
    assert text[first.start : first.end] == "热收缩率低于 ３ ％"
    assert text[first.figure : first.end] == "３ ％"
    assert first.given == ("K", 180.0)
    assert text[second.start : second.end] == "循环1000次以上"
    assert second.given is None


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("厚度50μm", "厚度0.05毫米"),
        ("压力3MPa", "压力30bar"),
        ("转速3000r/min", "转速50转/秒"),
        ("密度1.8g/cm3", "密度1800千克/立方米"),
        ("浓度1mmol/L", "浓度1mol/m3"),
    ],
)
def test_units_of_one_dimension_come_to_one_base(one: str, other: str) -> None:
    (first,), (second,) = quantities(one), quantities(other)
    assert (first.low, first.dimension) == (second.low, second.dimension)


@given(PIECES)
def test_spans_are_ordered_and_hold_a_figure_whatever_the_text(text: str) -> None:
    last = 0
    for one in quantities(text):
        assert last <= one.start <= one.figure < one.end <= len(text)
        assert one.low <= one.high
        assert any(char.isdigit() for char in text[one.figure : one.end])
        assert one.name == one.name.strip()
        last = one.end


@given(PIECES)
def test_full_width_text_says_the_same(text: str) -> None:
    wide = text.translate({ord(char): ord(char) + 0xFEE0 for char in "0123456789%"})
    assert [(one.name, one.low, one.high) for one in quantities(wide)] == [
        (one.name, one.low, one.high) for one in quantities(text)
    ]


@given(st.text(max_size=60))
def test_any_text_is_read_without_an_error(text: str) -> None:
    for one in quantities(text):
        assert text[one.start : one.end]


@pytest.mark.parametrize(
    ("spelling", "dimension", "factor"),
    [
        ("Ｗ／（ｍ·Ｋ）", "K-1·kg·m·s-3", 1.0),
        ("W·m-1·K-1", "K-1·kg·m·s-3", 1.0),
        ("克/立方厘米", "kg·m-3", 1e3),
        ("mPa·s", "kg·m-1·s-1", 1e-3),
        ("Mpa", "kg·m-1·s-2", 1e6),
        ("转每分", "rev·s-1", 1 / 60),
        ("吨/年", "kg·s-1", 1e3 / 31557600),
        ("cm⁻¹", "m-1", 1e2),
    ],
)
def test_a_unit_is_the_product_of_its_atoms(spelling: str, dimension: str, factor: float) -> None:
    found = unit(spelling)
    assert found is not None
    assert (found.dimension, found.factor) == (dimension, pytest.approx(factor, rel=1e-12))


def test_degrees_of_fahrenheit_are_told_in_celsius() -> None:
    (hot,) = quantities("温度为212℉")
    assert hot.low == pytest.approx(100.0)


def test_what_is_no_unit_is_none() -> None:
    assert unit("元") is None
    assert unit("元/吨") is None
