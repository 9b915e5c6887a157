"""Terms counted as arrays, against counting them one by one."""

from collections import Counter
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from matcher.rank.counted import LONGEST, Counted, Told, keys
from matcher.text.words import Segmenter

terms = st.lists(st.sampled_from(["轴承", "轴", "承", "plc", "7075-t6", "≥200℃", "😀", "\ud800"]))


def by_key(text: list[str]) -> dict[int, int]:
    return {int(keys([term])[0]): count for term, count in Counter(text).items()}


@given(st.lists(terms, max_size=6))
@settings(deadline=None)
def test_counts_are_those_of_each_text(texts: list[list[str]]) -> None:
    found = Counted.of(texts)
    assert len(found) == len(texts)
    for row, text in enumerate(texts):
        part = slice(found.starts[row], found.starts[row + 1])
        told = dict(zip(found.keys[part].tolist(), found.counts[part].tolist(), strict=True))
        assert told == by_key(text)
        assert found.keys[part].tolist() == sorted(told)
    owners = found.owners(np.arange(len(found.keys)))
    assert owners.tolist() == [row for row, text in enumerate(texts) for _ in set(text)]
    counts = found.counts.astype(np.float64)
    assert found.sums(counts, owners).tolist() == [len(text) for text in texts]
    assert found.lengths.tolist() == [len(text) for text in texts]
    some = np.arange(0, len(found.keys), 2)
    fewer = found.sums(counts[some], found.owners(some))
    assert fewer.tolist() == [counts[some][owners[some] == row].sum() for row in range(len(texts))]


def test_rows_are_taken_in_any_order_and_as_often_as_asked() -> None:
    texts = [["轴承", "轴承"], [], ["润滑", "轴承", "密封"]]
    found = Counted.of(texts).take([2, 1, 0, 2])
    expected = Counted.of([texts[2], texts[1], texts[0], texts[2]])
    for name in ("starts", "keys", "counts"):
        np.testing.assert_array_equal(getattr(found, name), getattr(expected, name))
    assert len(Counted.of(texts).take([])) == 0


def test_many_texts_are_counted_in_blocks_alike(monkeypatch: pytest.MonkeyPatch) -> None:
    texts = [[f"词{(row * i) % 7}" for i in range(row % 5)] for row in range(23)]
    whole = Counted.of(texts)
    monkeypatch.setattr("matcher.rank.counted.BLOCK", 4)
    parts = Counted.of(texts)
    for name in ("starts", "keys", "counts"):
        np.testing.assert_array_equal(getattr(parts, name), getattr(whole, name))


def test_keys_hang_on_the_term_alone_and_differ() -> None:
    named = [f"{a}{b}" for a in "轴承润滑密封PLC7" for b in ["", *"轴承润滑密封PLC7"]]
    together = keys(named)
    assert len(set(together.tolist())) == len(set(named))
    np.testing.assert_array_equal(together, [keys([term])[0] for term in named])
    np.testing.assert_array_equal(keys(["轴承", "超" * 40])[:1], keys(["轴承"]))
    assert keys([]).shape == (0,)
    assert keys(["长" * LONGEST])[0] == keys(["长" * (LONGEST + 9)])[0]


def test_what_is_saved_is_read_back_and_a_missing_row_is_refused(
    tmp_path: Path, segmenter: Segmenter
) -> None:
    told = Told.of([("轴承密封", ""), ("", ""), ("隔膜", "陶瓷涂层")], segmenter)
    told.save(tmp_path / "terms")
    found = Told.load(tmp_path / "terms")
    assert found.longer.tolist() == [False, False, True]
    for mine, kept in zip((*told.title, *told.whole), (*found.title, *found.whole), strict=True):
        for name in ("starts", "keys", "counts"):
            np.testing.assert_array_equal(getattr(mine, name), getattr(kept, name))
    np.save(tmp_path / "terms" / "longer.npy", np.array([True, False]))
    with pytest.raises(ValueError, match="another number"):
        Told.load(tmp_path / "terms")
