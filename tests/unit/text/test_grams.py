from matcher.text.grams import grams


def test_grams_are_characters_and_pairs_of_each_run() -> None:
    assert grams("锂电池，隔膜") == ["锂", "电", "池", "锂电", "电池", "隔", "膜", "隔膜"]


def test_tokens_are_whole_and_quantities_lose_their_comparison_sign() -> None:
    assert grams("≥200℃ＰＤ－１铝") == ["铝", "200℃", "pd-1"]


def test_function_characters_break_a_run_and_are_left_out() -> None:
    assert grams("电池的热") == ["电", "池", "电池", "热"]


def test_a_blank_text_has_no_grams() -> None:
    assert grams("") == grams(" 。\n") == []
