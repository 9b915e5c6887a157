"""`ExactIndex`: brute force in numpy, the reference every other kind is held to."""

from collections.abc import Sequence

import numpy as np

from matcher.errors import BadInput, DimensionMismatch, UnknownId
from matcher.matches import Hit
from matcher.protocols import BoolArray, FloatArray, IntArray


class ExactIndex:
    """Promises of `protocols.VectorIndex`, all rows in one matrix."""

    kind = "exact"
    exact = True

    def __init__(self, dim: int) -> None:
        self._dim = dim
        self._ids: list[str] = []
        self._rows: dict[str, int] = {}
        self._vectors: FloatArray = np.zeros((0, dim), dtype=np.float32)

    @property
    def ids(self) -> Sequence[str]:
        """The ids in row order."""
        return self._ids

    def add(self, ids: Sequence[str], vectors: FloatArray) -> None:
        """Append rows."""
        vectors = checked(ids, vectors, self._dim)
        reject_known(ids, self._rows)
        self._vectors = np.concatenate([self._vectors, vectors])
        self._ids.extend(ids)
        self._rows = {name: row for row, name in enumerate(self._ids)}

    def replace(self, ids: Sequence[str], vectors: FloatArray) -> None:
        """Overwrite rows in place."""
        vectors = checked(ids, vectors, self._dim)
        self._vectors[rows_of(ids, self._rows)] = vectors

    def remove(self, ids: Sequence[str]) -> None:
        """Drop rows; the others keep their order."""
        gone = set(rows_of(ids, self._rows).tolist())
        keep = [row for row in range(len(self._ids)) if row not in gone]
        self._vectors = self._vectors[keep]
        self._ids = [self._ids[row] for row in keep]
        self._rows = {name: row for row, name in enumerate(self._ids)}

    def search(
        self, queries: FloatArray, k: int, *, allowed: BoolArray | None = None
    ) -> list[list[Hit]]:
        """Score every allowed row and sort."""
        check_search(queries, allowed, self._dim, len(self._ids))
        rows = np.arange(len(self._ids)) if allowed is None else np.flatnonzero(allowed)
        answers = []
        for query in queries:
            scores = products(self._vectors[rows], query)
            answers.append(best(rows, scores, self._ids, k))
        return answers

    def scores(self, query: FloatArray, rows: IntArray) -> FloatArray:
        """(d,) query and (r,) rows to (r,) inner products."""
        return products(self._vectors[rows], query)

    def every(self, queries: FloatArray) -> FloatArray:
        """(m, d) queries to (m, n) inner products with all rows."""
        found: FloatArray = queries @ self._vectors.T
        return found


def products(vectors: FloatArray, query: FloatArray) -> FloatArray:
    """(r, d) rows and a (d,) query to (r,) inner products.  A row's product depends on no other
    row and not on its place, to the last bit, so equal rows tie; BLAS does not promise that."""
    found: FloatArray = np.einsum("rd,d->r", vectors, query)
    return found


def best(rows: IntArray, scores: FloatArray, ids: Sequence[str], k: int) -> list[Hit]:
    """The k best of the scored rows, best first, ties by id."""
    if k <= 0 or len(rows) == 0:
        return []
    if len(rows) > k:
        edge = np.partition(scores, len(rows) - k)[len(rows) - k]
        keep = scores >= edge
        rows, scores = rows[keep], scores[keep]
    hits = [Hit(ids[row], score) for row, score in zip(rows.tolist(), scores.tolist(), strict=True)]
    hits.sort(key=lambda hit: (-hit.score, hit.id))
    return hits[:k]


def checked(ids: Sequence[str], vectors: FloatArray, dim: int) -> FloatArray:
    """The rows as C-contiguous float32, if they fit the ids and the index.

    :raises DimensionMismatch: they do not.  :raises BadInput: an id comes twice."""
    if vectors.shape != (len(ids), dim):
        raise DimensionMismatch(
            f"向量的形状 {vectors.shape} 与索引要求的 ({len(ids)}, {dim}) 不符。请重建索引。",
            wanted=dim,
        )
    if len(set(ids)) != len(ids):
        raise BadInput("同一编号在一次写入中出现了两次,未写入任何内容。")
    return np.ascontiguousarray(vectors, dtype=np.float32)


def reject_known(ids: Sequence[str], rows: dict[str, int]) -> None:
    """:raises BadInput: names the first id that is there already."""
    for name in ids:
        if name in rows:
            raise BadInput(f"编号“{name}”已在索引中,未写入任何内容。", id=name)


def rows_of(ids: Sequence[str], rows: dict[str, int]) -> IntArray:
    """:raises UnknownId: names the first id that is not there."""
    for name in ids:
        if name not in rows:
            raise UnknownId(f"索引中没有编号“{name}”,未改动任何内容。", id=name)
    return np.array([rows[name] for name in ids], dtype=np.int64)


def check_search(queries: FloatArray, allowed: BoolArray | None, dim: int, count: int) -> None:
    """:raises DimensionMismatch: the queries or the mask do not fit the index."""
    if queries.ndim != 2 or queries.shape[1] != dim:
        raise DimensionMismatch(f"查询向量的形状 {queries.shape} 与索引的 {dim} 维不符。")
    if allowed is not None and allowed.shape != (count,):
        raise DimensionMismatch(f"筛选掩码的长度 {allowed.shape} 与索引的 {count} 条不符。")
