from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from matcher.encode.e5s1 import read_container
from matcher.encode.vocabulary import Vocabulary, choose, keeps, normalise, words_of

COMMON = words_of(["▁Sensor", "the", "▁of"])


@pytest.mark.parametrize(
    "piece",
    ["锂", "電池", "▁的", "々", "7075", "-T", "T6", "℃", "Ω", "μ", "≥", "（", "，", "▁", "α", "é",
     "の", "▁sensor", "Sensor", "SENSOR", "PVC", "abc", "1⁄2", "～"],
)  # fmt: skip
def test_what_technical_text_needs_is_kept(piece: str) -> None:
    assert keeps(piece, COMMON)


@pytest.mark.parametrize(
    "piece", ["на", "▁και", "センサー", "และ", "▁på", "한국", "😀", "▁dalam", "werden", "על"]
)
def test_other_scripts_and_rare_words_are_dropped(piece: str) -> None:
    assert not keeps(piece, COMMON)


def test_the_special_pieces_keep_their_numbers(tiny_path: Path) -> None:
    container = read_container(tiny_path)
    assert choose(container, frozenset()) == [0, 1, 2, 3, 4, 5, 6, 7, 8, 9]
    assert choose(container, words_of(["Query"])) == [0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10]


def test_json_gives_back_an_equal_vocabulary(tiny_path: Path) -> None:
    container = read_container(tiny_path)
    vocabulary = Vocabulary.cut(container, [0, 1, 2, 3, 5, 7])
    assert vocabulary.pieces == ("<s>", "<pad>", "</s>", "<unk>", "锂", "隔膜")
    assert vocabulary.scores == (0.0, -1.0, -2.0, -3.0, -5.0, -7.0)
    assert Vocabulary.from_json(vocabulary.to_json()) == vocabulary


def test_tokens_are_the_best_pieces_between_start_and_end(tiny_path: Path) -> None:
    container = read_container(tiny_path)
    tokenizer = Vocabulary.cut(container, list(range(12))).tokenizer()
    assert tokenizer.encode("query: 锂电池隔膜").tokens == [
        "<s>", "▁query", ":", "▁", "锂", "电池", "隔膜", "</s>",
    ]  # fmt: skip


def test_a_long_text_is_cut_at_512_tokens(tiny_path: Path) -> None:
    container = read_container(tiny_path)
    ids = Vocabulary.cut(container, list(range(12))).tokenizer().encode("锂" * 2000).ids
    assert len(ids) == 512
    assert (ids[0], ids[-1]) == (0, 2)


def test_normalising_replaces_and_tidies() -> None:
    normal = {ord("電"): "电", ord("㎏"): "kg", ord("\t"): " "}
    assert normalise("  5㎏\t \x00 電\ud800池 ", normal) == "5kg 电 池"


@given(st.text(st.characters(), max_size=50))
def test_normalised_text_can_always_be_tokenised(text: str) -> None:
    plain = normalise(text, {})
    assert plain.encode("utf-8").decode("utf-8") == plain
    assert "  " not in plain and plain == plain.strip(" ")
