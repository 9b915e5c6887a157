import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from matcher.encode.windows import pool, unit, windows


def test_a_short_text_is_one_window() -> None:
    assert windows("一种锂电池隔膜。耐热性好。") == ["一种锂电池隔膜。耐热性好。"]


def test_cuts_come_after_sentences_first() -> None:
    assert windows("甲乙丙。丁戊！己庚辛壬癸？", size=6) == ["甲乙丙。", "丁戊！", "己庚辛壬癸？"]
    assert windows("甲乙。丁戊！己庚。", size=6) == ["甲乙。丁戊！", "己庚。"]


def test_a_long_sentence_is_cut_after_commas() -> None:
    assert windows("甲乙，丙丁，戊己庚。", size=5) == ["甲乙，", "丙丁，", "戊己庚。"]


def test_a_clause_without_any_mark_is_cut_hard() -> None:
    assert windows("甲乙丙丁戊己庚", size=3) == ["甲乙丙", "丁戊己", "庚"]


def test_blank_text_has_no_window() -> None:
    assert windows("") == windows(" \n\t") == []


@given(st.text("甲乙 ，,。；\n!abc", max_size=200), st.integers(1, 20))
def test_nothing_is_lost_and_no_window_is_too_long(text: str, size: int) -> None:
    found = windows(text, size=size)
    assert "".join(found) == (text if text.strip() else "")
    assert all(1 <= len(window) <= size for window in found)


def test_pooling_is_the_weighted_mean_in_any_order() -> None:
    vectors = np.array([[1, 0], [0, 1], [0, 1]], dtype=np.float32)
    pooled = pool(vectors, [2, 0, 2], weights=[3, 1, 4], n=4)
    assert pooled.dtype == np.float32
    np.testing.assert_allclose(pooled, [[0, 1], [0, 0], [0.6, 0.8], [0, 0]], atol=1e-7)


def test_pooling_nothing_gives_zeros() -> None:
    empty = np.zeros((0, 3), dtype=np.float32)
    assert pool(empty, [], weights=[], n=2).tolist() == [[0, 0, 0], [0, 0, 0]]
    assert pool(empty, [], weights=[], n=0).shape == (0, 3)


@given(st.lists(st.tuples(st.integers(0, 4), st.integers(1, 9)), max_size=30))
def test_pooling_equals_a_loop(owned: list[tuple[int, int]]) -> None:
    vectors = unit(np.random.default_rng(len(owned)).normal(size=(len(owned), 8)).astype("f4"))
    pooled = pool(vectors, [o for o, _ in owned], weights=[w for _, w in owned], n=5)
    expected = np.zeros((5, 8))
    for (owner, weight), vector in zip(owned, vectors, strict=True):
        expected[owner] += weight * vector.astype(np.float64)
    lengths = np.linalg.norm(expected, axis=1, keepdims=True)
    np.testing.assert_allclose(pooled, expected / np.where(lengths == 0, 1, lengths), atol=1e-5)


def test_unit_keeps_zero_rows() -> None:
    assert unit(np.array([[3, 4], [0, 0]], dtype=np.float32)).tolist() == [
        [np.float32(0.6), np.float32(0.8)],
        [0.0, 0.0],
    ]
