"""`FaissIndex`: flat float32 (exact) or flat int8 (a quarter of the memory) in FAISS, with a
bitmap selector for filters.  Flat is the fastest exact kind up to about a million rows
(docs/results/query.md); a narrow filter is searched exactly whatever the kind."""

from collections.abc import Sequence
from typing import Any, Literal

import numpy as np

from matcher.index.exact import best, check_search, checked, products, reject_known, rows_of
from matcher.matches import Hit
from matcher.protocols import BoolArray, FloatArray, IntArray

SPARE = 16
BLOCK = 4096


class FaissIndex:
    """Promises of `protocols.VectorIndex`; recall@10 floor of `int8`: 0.97 (contract test)."""

    def __init__(self, dim: int, kind: Literal["flat", "int8"] = "flat") -> None:
        import faiss

        self._faiss: Any = faiss
        self._dim = dim
        self._precise = kind == "flat"
        self._ids: list[str] = []
        self._rows: dict[str, int] = {}
        self._low: FloatArray = np.full(dim, np.inf, dtype=np.float32)
        self._high: FloatArray = np.full(dim, -np.inf, dtype=np.float32)
        self._index = self._empty()

    @property
    def ids(self) -> Sequence[str]:
        """The ids in row order."""
        return self._ids

    @property
    def kind(self) -> str:
        """`faiss-flat` or `faiss-int8`."""
        return "faiss-flat" if self._precise else "faiss-int8"

    @property
    def exact(self) -> bool:
        """True for `flat`."""
        return self._precise

    def add(self, ids: Sequence[str], vectors: FloatArray) -> None:
        """Append rows."""
        vectors = checked(ids, vectors, self._dim)
        reject_known(ids, self._rows)
        if len(ids) == 0:
            return
        self._widen(vectors)
        self._index.add(vectors)
        start = len(self._ids)
        self._ids.extend(ids)
        self._rows.update((name, start + row) for row, name in enumerate(ids))

    def replace(self, ids: Sequence[str], vectors: FloatArray) -> None:
        """Overwrite rows in place."""
        vectors = checked(ids, vectors, self._dim)
        everything = self._all()
        everything[rows_of(ids, self._rows)] = vectors
        self._widen(vectors)
        self._refill(self._ids, everything)

    def remove(self, ids: Sequence[str]) -> None:
        """Drop rows; the others keep their order."""
        keep = np.ones(len(self._ids), dtype=bool)
        keep[rows_of(ids, self._rows)] = False
        names = [self._ids[row] for row in np.flatnonzero(keep).tolist()]
        self._refill(names, self._all()[keep])

    def search(
        self, queries: FloatArray, k: int, *, allowed: BoolArray | None = None
    ) -> list[list[Hit]]:
        """Ask for a few more than k; where the k-th score ties with the last, ask for more."""
        check_search(queries, allowed, self._dim, len(self._ids))
        present = len(self._ids) if allowed is None else int(np.count_nonzero(allowed))
        if k <= 0 or present == 0 or len(queries) == 0:
            return [[] for _ in queries]
        queries = np.ascontiguousarray(queries, dtype=np.float32)
        depth = min(k + SPARE, present)
        scores, rows = self._ask(queries, depth, allowed)
        answers = []
        for number in range(len(queries)):
            found, where, reached = scores[number], rows[number], depth
            while reached < present and found[-1] == found[min(k, reached) - 1]:
                reached = min(reached * 4, present)
                one = queries[number : number + 1]
                (found,), (where,) = self._ask(one, reached, allowed)
            answers.append(best(where, found, self._ids, k))
        return answers

    def scores(self, query: FloatArray, rows: IntArray) -> FloatArray:
        """(d,) query and (r,) rows to (r,) inner products, as `search` gives them."""
        if len(rows) == 0:
            return np.zeros(0, dtype=np.float32)
        return products(self._take(rows), np.asarray(query, dtype=np.float32))

    def every(self, queries: FloatArray) -> FloatArray:
        """(m, d) queries to (m, n) inner products with all rows."""
        rows = np.arange(len(self._ids), dtype=np.int64)
        if self._precise:
            found: FloatArray = queries @ self._held().T
            return found
        blocks = (self._take(rows[at : at + BLOCK]) for at in range(0, len(rows), BLOCK))
        none = np.zeros((len(queries), 0), dtype=np.float32)
        return np.concatenate([none, *(queries @ block.T for block in blocks)], axis=1)

    def _ask(
        self, queries: FloatArray, depth: int, allowed: BoolArray | None
    ) -> tuple[FloatArray, IntArray]:
        if allowed is None:
            scores, rows = self._index.search(queries, depth)
            return scores, rows
        bits = np.packbits(allowed, bitorder="little")
        selector = self._faiss.IDSelectorBitmap(bits)
        params = self._faiss.SearchParameters(sel=selector)
        scores, rows = self._index.search(queries, depth, params=params)
        return scores, rows

    def _empty(self) -> Any:
        if self._precise:
            return self._faiss.IndexFlatIP(self._dim)
        quantizer = self._faiss.ScalarQuantizer.QT_8bit
        index = self._faiss.IndexScalarQuantizer(
            self._dim, quantizer, self._faiss.METRIC_INNER_PRODUCT
        )
        if np.all(self._low <= self._high):
            index.train(np.stack([self._low, self._high]))
        return index

    def _widen(self, vectors: FloatArray) -> None:
        """Make room in the ranges of `int8`, one a dimension: a value outside would be cut."""
        if self._precise or len(vectors) == 0:
            return
        low, high = vectors.min(axis=0), vectors.max(axis=0)
        if np.all(low >= self._low) and np.all(high <= self._high):
            return
        held = self._all()
        self._low, self._high = np.minimum(self._low, low), np.maximum(self._high, high)
        self._refill(self._ids, held)

    def _all(self) -> FloatArray:
        return self._take(np.arange(len(self._ids), dtype=np.int64))

    def _take(self, rows: IntArray) -> FloatArray:
        if self._precise:
            return self._held()[rows]
        if len(rows) == 0:
            return np.zeros((0, self._dim), dtype=np.float32)
        kept: FloatArray = self._index.reconstruct_batch(rows)
        return kept

    def _held(self) -> FloatArray:
        """(n, d) what the flat index holds, not copied."""
        flat = self._faiss.rev_swig_ptr(self._index.get_xb(), len(self._ids) * self._dim)
        rows: FloatArray = flat.reshape(-1, self._dim)
        return rows

    def _refill(self, ids: Sequence[str], vectors: FloatArray) -> None:
        index = self._empty()
        if len(ids):
            index.add(np.ascontiguousarray(vectors, dtype=np.float32))
        self._index = index
        self._ids = list(ids)
        self._rows = {name: row for row, name in enumerate(self._ids)}
