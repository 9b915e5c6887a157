"""One inverted index: an eager BM25 matrix, built by `bm25s`, multiplied by weighted queries."""

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from math import log
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from matcher.protocols import FloatArray

_FILES = ("indptr", "indices", "data")
Arrays = tuple[NDArray[np.int64], NDArray[np.int32], FloatArray]


@dataclass(frozen=True, slots=True)
class Bm25:
    """Settings of BM25 (Lucene's form): `k1` > 0 how fast repetition saturates, `b` in 0-1 how
    much a longer text must say to count the same.  Defaults: docs/decisions/0004-lexical.md."""

    k1: float = 2.0
    b: float = 0.75

    @property
    def ceiling(self) -> float:
        """What one mention counts, as a share of idf, in a text so short that length is free."""
        return 1.0 / (1.0 + self.k1 * (1.0 - self.b))


class Postings:
    """Term -> the texts that hold it, with `idf(t) * tf / (tf + k1 * (1 - b + b * len / mean))`.

    `indptr` (v + 1) int64, `indices` (nnz) int32 rows and `data` (nnz) float32 are the columns
    of the (n, v) matrix; `idf` (v) float32 with `ln(1 + (n - df + 0.5) / (df + 0.5))`."""

    def __init__(self, terms: dict[str, int], arrays: Arrays, *, size: int, bm25: Bm25) -> None:
        self.terms = terms
        self.size = size
        self.bm25 = bm25
        self.indptr, self.indices, self.data = arrays
        held = np.diff(self.indptr)
        self.idf = np.log1p((size - held + 0.5) / (held + 0.5)).astype(np.float32)
        self.unknown = log(1.0 + (size + 0.5) / 0.5)

    @classmethod
    def build(cls, texts: Iterable[list[str]], *, bm25: Bm25) -> "Postings":
        """From the terms of each text, in row order; a text without terms has no postings."""
        terms: dict[str, int] = {}
        number = terms.setdefault
        rows = [[number(term, len(terms)) for term in text] for text in texts]
        if not terms:
            return cls(terms, _empty(), size=len(rows), bm25=bm25)
        from bm25s import BM25

        model = BM25(method="lucene", k1=bm25.k1, b=bm25.b)
        model.index((rows, terms), show_progress=False, create_empty_token=False)
        parts = model.scores
        arrays = (
            np.asarray(parts["indptr"][: len(terms) + 1], dtype=np.int64),
            np.asarray(parts["indices"], dtype=np.int32),
            np.asarray(parts["data"], dtype=np.float32),
        )
        return cls(terms, arrays, size=len(rows), bm25=bm25)

    def save(self, folder: Path) -> None:
        """Three `.npy` files and the terms, one a line, into `folder`, which is made."""
        folder.mkdir(parents=True, exist_ok=True)
        for name in _FILES:
            np.save(folder / f"{name}.npy", getattr(self, name))
        (folder / "terms.txt").write_text("\n".join(self.terms), encoding="utf-8")

    @classmethod
    def load(cls, folder: Path, *, size: int, bm25: Bm25) -> "Postings":
        """What `save` wrote; the arrays stay on disk and are mapped.

        :raises OSError: a file is missing.  :raises ValueError: a file is damaged."""
        indptr, indices, data = (_mapped(folder / f"{name}.npy") for name in _FILES)
        text = (folder / "terms.txt").read_text(encoding="utf-8")
        terms = dict(zip(text.split("\n"), range(text.count("\n") + 1), strict=True))
        terms = terms if text else {}
        if not len(terms) + 1 == len(indptr) or not indptr[-1] == len(indices) == len(data):
            raise ValueError("postings and terms do not belong together")
        return cls(terms, (indptr, indices, data), size=size, bm25=bm25)

    def weight(self, term: str) -> float:
        """idf of a term; of one that no text holds, the idf of df = 0."""
        column = self.terms.get(term)
        return self.unknown if column is None else float(self.idf[column])

    def weights(self, text: list[str]) -> tuple[NDArray[np.int64], FloatArray]:
        """A query's terms as column numbers, ascending, and their weights
        `(1 + ln(count)) * idf`, divided by the best score the query can get.

        Terms that no text holds weigh in that best score too: they were asked for."""
        counts = Counter(text)
        known: list[tuple[int, float]] = []
        lost = 0.0
        for term, count in counts.items():
            weight = 1.0 + log(count)
            column = self.terms.get(term)
            if column is None:
                lost += weight
            else:
                known.append((column, weight))
        known.sort()
        columns = np.array([column for column, _ in known], dtype=np.int64)
        idf = self.idf[columns]
        weights = np.array([weight for _, weight in known], dtype=np.float32) * idf
        best = self.bm25.ceiling * (float(weights @ idf) + lost * self.unknown**2)
        return columns, weights / np.float32(best or 1.0)

    def scores(self, text: list[str]) -> FloatArray:
        """(n,) shares in 0-1 of one query's terms; see `Lexicon`."""
        columns, weights = self.weights(text)
        if not len(columns):
            return np.zeros(self.size, dtype=np.float32)
        from scipy.sparse import csc_array

        starts, ends = self.indptr[columns], self.indptr[columns + 1]
        spans = list(zip(starts.tolist(), ends.tolist(), strict=True))
        indptr = np.zeros(len(columns) + 1, dtype=np.int32)
        np.cumsum(ends - starts, out=indptr[1:])
        data = np.concatenate([self.data[start:end] for start, end in spans])
        rows = np.concatenate([self.indices[start:end] for start, end in spans])
        part = csc_array((data, rows, indptr), shape=(self.size, len(columns)))
        product: FloatArray = part @ weights
        return np.minimum(product, np.float32(1.0), out=product)


def _empty() -> Arrays:
    return np.zeros(1, np.int64), np.zeros(0, np.int32), np.zeros(0, np.float32)


def _mapped(path: Path) -> NDArray[Any]:
    """The array in `path`, a plain view of the mapped file."""
    array: NDArray[Any] = np.load(path, mmap_mode="r", allow_pickle=False)
    return array.view(np.ndarray)
