"""Folding of Chinese prose."""

from hypothesis import given
from hypothesis import strategies as st
from rich.cells import cell_len
from rich.text import Text

from matcher.cli.fold import breaks, fold


def lines(text: str, width: int) -> list[str]:
    return [line.plain for line in fold(Text(text), width)]


def test_a_chinese_sentence_fills_its_lines() -> None:
    assert lines("在聚乙烯基膜表面涂覆陶瓷层", 10) == ["在聚乙烯基", "膜表面涂覆", "陶瓷层"]


def test_words_and_numbers_of_latin_letters_stay_whole() -> None:
    assert lines("牌号7075-T6合金在≥200℃下使用", 12) == ["牌号7075-T6", "合金在≥200℃", "下使用"]


def test_closing_marks_never_begin_a_line_and_opening_ones_never_end_it() -> None:
    assert lines("热收缩率。低", 8) == ["热收缩", "率。低"]
    assert lines("说的是“很好”吗", 8) == ["说的是", "“很好”吗"]


def test_what_is_wider_than_a_line_is_cut() -> None:
    assert lines("CN202010000001.1", 6) == ["CN2020", "100000", "01.1"]


def test_newlines_are_kept() -> None:
    assert lines("一\n\n二", 10) == ["一", "", "二"]


def test_nothing_is_one_empty_line() -> None:
    assert lines("", 10) == [""]


@given(st.text(alphabet="热收缩率ab1.%,。“”() ", max_size=60), st.integers(4, 20))
def test_no_letter_is_lost_and_no_line_too_wide(text: str, width: int) -> None:
    cuts = breaks(text, width)
    assert cuts == sorted(set(cuts))
    folded = fold(Text(text), width)
    assert "".join(line.plain for line in folded).replace(" ", "") == text.replace(" ", "")
    assert all(cell_len(line.plain) <= width for line in folded)
