"""A long text in windows, and the windows' vectors back in one vector a text."""

import re
from collections.abc import Iterator, Sequence

import numpy as np

from matcher.protocols import FloatArray, IntArray

SIZE = 256

_SENTENCE = re.compile(r"[^。；！？;!?\n]*[。；！？;!?\n]+|[^。；！？;!?\n]+")
_CLAUSE = re.compile(r"[^，,]*[，,]+|[^，,]+")


def windows(text: str, *, size: int = SIZE) -> list[str]:
    """The text in order, in windows of at most `size` characters; joined they are the text.

    Cut after a sentence, within a longer sentence after a comma, else hard; [] for blank text."""
    if not text.strip():
        return []
    found: list[str] = []
    for part in _parts(text, size):
        if found and len(found[-1]) + len(part) <= size:
            found[-1] += part
        else:
            found.append(part)
    return found


def _parts(text: str, size: int) -> Iterator[str]:
    """Sentences, clauses of long sentences, pieces of long clauses."""
    for sentence in _SENTENCE.findall(text):
        if len(sentence) <= size:
            yield sentence
            continue
        for clause in _CLAUSE.findall(sentence):
            yield from (clause[at : at + size] for at in range(0, len(clause), size))


def pool(
    vectors: FloatArray, owners: Sequence[int] | IntArray, *, weights: Sequence[float], n: int
) -> FloatArray:
    """(m, d) window vectors to (n, d) unit rows: row i is the weighted mean of the windows it owns.

    `owners` (m,) in 0..n-1 in any order, `weights` (m,) >= 0; zeros for an owner of nothing."""
    pooled = np.zeros((n, vectors.shape[1]), dtype=np.float32)
    if len(vectors):
        whose = np.asarray(owners, dtype=np.int64)
        order = np.argsort(whose, kind="stable")
        weighted = vectors[order] * np.asarray(weights, dtype=np.float32)[order, None]
        present, starts = np.unique(whose[order], return_index=True)
        pooled[present] = np.add.reduceat(weighted, starts, axis=0)
    return unit(pooled)


def unit(rows: FloatArray) -> FloatArray:
    """(n, d) rows of length one, float32; a row of zeros stays one."""
    norms = np.sqrt(np.einsum("ij,ij->i", rows, rows, dtype=np.float64))
    norms[norms == 0] = 1.0
    found: FloatArray = (rows / norms[:, None]).astype(np.float32)
    return found


def leading(rows: FloatArray, searched: int) -> FloatArray:
    """(n, dim) unit rows to their first columns (n, searched), of length one again."""
    return rows if rows.shape[1] == searched else unit(rows[:, :searched])
