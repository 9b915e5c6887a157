import re
import xml.etree.ElementTree as ET
from math import inf, log, nan

import pytest
from hypothesis import given
from hypothesis import strategies as st

from matcher.errors import MissingExtra
from matcher.explain import picture
from matcher.explain.ladder import Bar, cells, chance, cut, ladder, per_cent, signed
from matcher.explain.picture import png
from matcher.explain.told import told
from matcher.explain.waterfall import waterfall

STEPS = (-1.6, 0.1, 1.9)
BARS = (
    Bar("技术问题接近", 1.3),
    Bar("共同术语: 隔膜、热收缩", 0.9),
    Bar("未提及: 成本", -0.6),
)
HOSTILE = (
    "<script>alert(1)</script>", "\"'&<>", "]]>", "\x00\x0b\ufffe", "\u202e反向", "换\n行\t", "",
    "长" * 300, "</svg>", "🧪👩‍🔬", "\ud800",
)  # fmt: skip
SVG = "{http://www.w3.org/2000/svg}"
NUMBERS = st.floats(-60, 60)


def texts(svg: str) -> list[str]:
    return [node.text or "" for node in ET.fromstring(svg).iter(f"{SVG}text")]


def test_the_parts_lead_from_the_base_chance_to_the_grade() -> None:
    drawn = ladder(BARS, -1.7, STEPS)
    assert drawn.starts == pytest.approx((-1.7, -0.4, 0.5))
    assert drawn.score == pytest.approx(-0.1)
    assert (drawn.grade, per_cent(drawn.score)) == (1, "48%")
    assert [ladder([], base, STEPS).grade for base in (-2.0, -1.6, 0.1, 1.9)] == [0, 1, 2, 3]


def test_the_picture_says_names_signs_chances_and_grades() -> None:
    said = texts(waterfall(BARS, base=-1.7, steps=STEPS, need="耐热隔膜", patent="一种隔膜"))
    assert said == [
        "需求", "耐热隔膜", "专利", "一种隔膜", "有利", "不利", "20%", "50%", "80%", "95%",
        "起点", "15%", "技术问题接近", "+1.3", "共同术语: 隔膜、热收缩", "+0.9",
        "未提及: 成本", "−0.6", "合计", "48%", "等级", "无", "弱", "较强", "强",
        "●●○○ 弱相关 · 可能(48%)",
    ]  # fmt: skip


def test_the_same_input_gives_the_same_bytes() -> None:
    assert waterfall(BARS, base=0.0, steps=STEPS) == waterfall(list(BARS), base=0.0, steps=STEPS)


def test_helping_and_hurting_differ_in_direction_and_not_in_colour_alone() -> None:
    svg = waterfall(BARS, base=-1.7, steps=STEPS)
    paths = re.findall(r'<path d="M([\d.]+) [\d.]+H[\d.]+L([\d.]+) [^"]*" fill="(#\w+)"', svg)
    ways = [(float(tip) > float(start), fill) for start, tip, fill in paths]
    assert ways == [(True, "#0f766e"), (False, "#f6e3d5"), (True, "#0f766e"), (True, "#0f766e"),
                    (False, "#f6e3d5")]  # fmt: skip


@pytest.mark.parametrize("text", HOSTILE, ids=range(len(HOSTILE)))
def test_hostile_texts_stay_texts(text: str) -> None:
    svg = waterfall([Bar(text, 1.0)], base=0.0, steps=STEPS, need=text, patent=text)
    root = ET.fromstring(svg.encode())
    assert {node.tag for node in root.iter()} == {
        SVG + name for name in ("svg", "title", "desc", "rect", "text", "path", "circle")
    }
    assert "\u202e" not in svg
    for name in ("onload", "href", "style"):
        assert all(name not in node.attrib for node in root.iter())


@given(st.lists(st.builds(Bar, st.text(max_size=30), NUMBERS), max_size=20), NUMBERS)
def test_everything_stands_on_the_paper_whatever_the_numbers(bars: list[Bar], base: float) -> None:
    svg = waterfall(bars, base=base, steps=STEPS)
    root = ET.fromstring(svg)
    height = float(root.attrib["height"])
    for node in root.iter():
        for name, most in (("x", 720.0), ("cx", 720.0), ("y", height), ("cy", height)):
            assert 0 <= float(node.attrib.get(name, 0)) <= most
    assert ladder(bars, base, STEPS).score == pytest.approx(base + sum(b.value for b in bars))


@given(
    st.lists(st.builds(Bar, st.text(max_size=30), NUMBERS), max_size=20),
    NUMBERS,
    st.integers(0, 120),
)
def test_no_line_in_words_is_wider_than_asked(bars: list[Bar], base: float, width: int) -> None:
    lines = told(bars, base=base, steps=STEPS, width=width)
    assert max(map(cells, lines)) <= max(width, 36)
    assert all("\n" not in line for line in lines)


def test_the_waterfall_in_words_is_aligned() -> None:
    assert told(BARS, base=-1.7, steps=STEPS, width=64) == [
        "起点                      15%  ●┊              ┊               ┊",
        "技术问题接近             +1.3  ████████████▶   ┊               ┊",
        "共同术语: 隔膜、热收缩   +0.9   ┊          ████████▶           ┊",
        "未提及: 成本             −0.6   ┊            ◀▒▒▒▒▒▒           ┊",
        "合计                      48%   ┊            ● ┊               ┊",
        "                                ┊      弱      ┊     较强      ┊",
        "●●○○ 弱 · 可能(48%)",
    ]


def test_a_narrow_terminal_gets_the_figures_alone() -> None:
    assert told(BARS, base=-1.7, steps=STEPS, width=40) == [
        "起点                      15%",
        "技术问题接近             +1.3",
        "共同术语: 隔膜、热收缩   +0.9",
        "未提及: 成本             −0.6",
        "合计                      48%",
        "●●○○ 弱 · 可能(48%)",
    ]


def test_of_many_parts_the_smallest_become_one_and_nothing_is_lost() -> None:
    bars = [Bar(f"得分项{at}", at / 10) for at in range(20)]
    drawn = ladder(bars, 0.0, STEPS)
    assert [bar.label for bar in drawn.bars] == [f"得分项{at}" for at in range(9, 20)] + [
        "其余 9 项"
    ]
    assert drawn.bars[-1].value == pytest.approx(3.6)
    assert drawn.score == pytest.approx(19.0)


@pytest.mark.parametrize("bad", [nan, inf, -inf])
def test_what_is_no_number_is_refused(bad: float) -> None:
    with pytest.raises(ValueError, match="finite"):
        waterfall([Bar("得分项", bad)], base=0.0, steps=STEPS)
    with pytest.raises(ValueError, match="rise"):
        waterfall([], base=0.0, steps=(0.0, 0.0, 1.0))


def test_chances_are_never_said_to_be_certain() -> None:
    assert [per_cent(x) for x in (-800.0, 0.0, log(3), 800.0)] == ["<1%", "50%", "75%", ">99%"]
    assert chance(-800.0) == 0.0
    assert (signed(0.04), signed(-0.04), signed(-0.06), signed(2.0)) == (
        "0.0",
        "0.0",
        "−0.1",
        "+2.0",
    )


def test_a_text_is_cut_by_its_width_in_columns() -> None:
    assert (cut("隔膜涂层", 8), cut("隔膜涂层", 7), cut("abc", 2), cut("隔", 0)) == (
        "隔膜涂层", "隔膜涂…", "a…", "",
    )  # fmt: skip


def test_a_png_is_drawn_where_there_is_a_chinese_font_and_else_it_is_said() -> None:
    svg = waterfall(BARS, base=-1.7, steps=STEPS)
    try:
        drawn = png(svg, zoom=1.0)
    except MissingExtra as error:
        assert "中文字体" in error.message
        assert "SVG 图片不受影响" in error.message
        return
    assert drawn[:8] == b"\x89PNG\r\n\x1a\n"
    assert int.from_bytes(drawn[16:20], "big") == 720
    assert drawn == png(svg, zoom=1.0)


def test_without_the_library_the_message_says_what_to_install(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setitem(__import__("sys").modules, "resvg_py", None)
    picture._family.cache_clear()
    with pytest.raises(MissingExtra, match=r"patent-matcher\[pictures\]"):
        png("<svg/>")
    picture._family.cache_clear()
