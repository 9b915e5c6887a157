"""In which technical field a text stands: a linear reading of its vector into IPC subclasses."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

import numpy as np

from matcher.protocols import FloatArray

KEPT = 4096  # means of sets of symbols, at 4 bytes for each of the subclasses


@dataclass(frozen=True, slots=True, eq=False)
class Fields:
    """`names` (c,) IPC subclasses (`H01M`), `weights` (d, c) and `offsets` (c,) from a vector to
    the log-odds of each less its mean; `homes` (c, c) the mean reading of texts of a subclass."""

    names: tuple[str, ...]
    weights: FloatArray
    offsets: FloatArray
    homes: FloatArray
    places: Mapping[str, int]
    _means: dict[tuple[str, ...], FloatArray | None] = field(
        default_factory=dict, init=False, repr=False
    )

    def read(self, vectors: FloatArray) -> FloatArray:
        """(n, d) vectors to (n, c) unit rows; zeros for a vector of zeros."""
        found = vectors @ self.weights + self.offsets
        found[~vectors.any(axis=1)] = 0.0
        return unit(found)

    def settle(self, read: FloatArray, ipc: Sequence[Sequence[str]]) -> FloatArray:
        """(n, c) readings moved half way to the mean of the subclasses that each record bears."""
        borne = [self._mean(tuple(symbols)) for symbols in ipc]
        rows = [row for row, mean in enumerate(borne) if mean is not None]
        settled = read.copy()
        if rows:
            settled[rows] += np.stack([mean for mean in borne if mean is not None])
        return unit(settled)

    def _mean(self, symbols: tuple[str, ...]) -> FloatArray | None:
        """(c,) unit mean of the subclasses among these symbols, None where none is known.  Records
        bear the same few thousand sets of symbols again and again, so the last are kept."""
        if symbols in self._means:
            return self._means[symbols]
        places = sorted({self.places[s[:4]] for s in symbols if s[:4] in self.places})
        mean = None
        if places:
            total = np.add.reduceat(self.homes[places], [0], axis=0)
            mean = unit(np.divide(total, np.float32(len(places)), dtype=np.float32))[0]
        if len(self._means) >= KEPT:
            self._means.clear()
        self._means[symbols] = mean
        return mean


def unit(rows: FloatArray) -> FloatArray:
    """(n, d) rows of length one, float32; a row of zeros stays one."""
    lengths = np.linalg.norm(rows, axis=1, keepdims=True)
    found: FloatArray = (rows / np.where(lengths > 0, lengths, 1)).astype(np.float32)
    return found
