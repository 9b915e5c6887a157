from hypothesis import given, settings
from hypothesis import strategies as st

from matcher.text.clean import clean, fold


@settings(deadline=None)
@given(st.text())
def test_clean_text_is_as_long_as_the_original_and_cleaning_twice_changes_nothing(
    text: str,
) -> None:
    once = clean(text)
    assert len(once) == len(text)
    assert clean(once) == once


def test_full_width_letters_digits_and_signs_become_half_width_and_small() -> None:
    assert clean("ＰＤ－１抗体Ａｌ₂Ｏ₃ ≧２００％") == "pd-1抗体al2o3 ≥200%"


def test_chinese_punctuation_is_kept() -> None:
    assert clean("第一，二；三：四！五？六。（七）") == "第一，二；三：四！五？六。（七）"


def test_two_spellings_of_one_unit_fold_to_one() -> None:
    assert fold("200°c") == fold("200℃") == "200℃"
    assert fold("5㎜") == "5mm"
