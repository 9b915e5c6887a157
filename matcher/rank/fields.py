"""In which technical field a text stands: a linear reading of its vector into IPC subclasses."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from matcher.protocols import FloatArray


@dataclass(frozen=True, slots=True, eq=False)
class Fields:
    """`names` (c,) IPC subclasses (`H01M`), `weights` (d, c) and `offsets` (c,) from a vector to
    the log-odds of each less its mean; `homes` (c, c) the mean reading of texts of a subclass."""

    names: tuple[str, ...]
    weights: FloatArray
    offsets: FloatArray
    homes: FloatArray
    places: Mapping[str, int]

    def read(self, vectors: FloatArray) -> FloatArray:
        """(n, d) vectors to (n, c) unit rows; zeros for a vector of zeros."""
        found = vectors @ self.weights + self.offsets
        found[~vectors.any(axis=1)] = 0.0
        return unit(found)

    def settle(self, read: FloatArray, ipc: Sequence[Sequence[str]]) -> FloatArray:
        """(n, c) readings moved half way to the mean of the subclasses that each record bears."""
        places = self.places
        known = [sorted({places[s[:4]] for s in symbols if s[:4] in places}) for symbols in ipc]
        borne = np.array([len(found) for found in known], dtype=np.int64)
        rows = np.flatnonzero(borne)
        settled = read.copy()
        if len(rows):
            counts = borne[rows]
            homes = self.homes[[place for found in known for place in found]]
            sums = np.add.reduceat(homes, np.cumsum(counts) - counts, axis=0)
            means: FloatArray = np.divide(sums, counts[:, None], dtype=np.float32)
            settled[rows] += unit(means)
        return unit(settled)


def unit(rows: FloatArray) -> FloatArray:
    """(n, d) rows of length one, float32; a row of zeros stays one."""
    lengths = np.linalg.norm(rows, axis=1, keepdims=True)
    found: FloatArray = (rows / np.where(lengths > 0, lengths, 1)).astype(np.float32)
    return found
