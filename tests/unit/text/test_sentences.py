from hypothesis import given, settings
from hypothesis import strategies as st

from matcher.text.sentences import sentences


def said(text: str, longest: int = 80) -> list[str]:
    return [text[start:end] for start, end in sentences(text, longest=longest)]


def test_sentences_end_at_chinese_marks_and_line_breaks() -> None:
    assert said("电池发热；如何散热？换热板开裂！\n  铜板厚一毫米。") == [
        "电池发热；",
        "如何散热？",
        "换热板开裂！",
        "铜板厚一毫米。",
    ]


def test_numbers_and_numbered_points_are_not_cut() -> None:
    text = "(1)压力为1.5MPa，孔数1,000个。1. 一种泵"
    assert said(text) == ["(1)压力为1.5MPa，孔数1,000个。", "1. 一种泵"]


def test_a_closing_quote_belongs_to_its_sentence() -> None:
    assert said("他说：“可行。”于是开工。") == ["他说：“可行。”", "于是开工。"]


def test_a_long_sentence_is_cut_at_commas_and_short_clauses_stay_together() -> None:
    assert said("甲乙丙丁，戊己庚，辛壬癸子丑，寅卯。", longest=10) == [
        "甲乙丙丁，戊己庚，",
        "辛壬癸子丑，寅卯。",
    ]


def test_a_last_clause_too_long_to_be_joined_stands_alone() -> None:
    assert said("甲乙丙，戊己庚辛壬癸子丑寅卯", longest=10) == ["甲乙丙，", "戊己庚辛壬癸子丑寅卯"]


def test_text_without_letters_has_no_sentences() -> None:
    assert sentences("") == []
    assert sentences("。。；\n —— ") == []


@settings(deadline=None)
@given(st.text(alphabet="电池热a1，。；;\n ,.（)", max_size=200))
def test_sentences_are_in_order_apart_and_lose_no_letter(text: str) -> None:
    spans = sentences(text, longest=20)
    last = 0
    kept = []
    for start, end in spans:
        assert last <= start < end
        last = end
        kept.append(text[start:end])
        assert not text[start].isspace()
        assert not text[end - 1].isspace()
    letters = [char for char in text if char.isalnum()]
    assert [char for char in "".join(kept) if char.isalnum()] == letters
