from matcher.text.clean import clean, narrow
from matcher.text.synonyms import synonyms
from matcher.text.words import listed


def test_words_of_one_meaning_know_each_other_whatever_their_spelling() -> None:
    assert synonyms("锂电池") == ("锂离子电池", "锂电池", "锂电")
    assert synonyms("ＰＣＢ") == ("印制电路板", "印刷电路板", "pcb", "线路板")
    assert synonyms("隔膜") == ("隔膜",)


def test_no_word_has_two_meanings_in_the_table() -> None:
    words = [clean(word) for line in listed("synonyms.txt") for word in line.split()]
    assert len(words) == len(set(words))


def test_narrow_text_keeps_length_capitals_and_raised_figures() -> None:
    text = "５ＭＰａ、10⁻⁶，①５㎜‑Ｔ６"
    assert narrow(text) == "5MPa、10⁻⁶，①5㎜-T6"
    assert narrow(narrow(text)) == narrow(text)
