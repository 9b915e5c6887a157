"""In which technical field a text stands: a linear reading of its vector into IPC subclasses."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

import numpy as np

from matcher.protocols import FloatArray

LEAST = 1e-5
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
        return unit(self._log_odds(vectors))

    def scales(self, vectors: FloatArray, ipc: Sequence[Sequence[str]]) -> FloatArray:
        """(n, 2) one over the length of each vector's reading, and over that of its unit reading
        and the unit mean of its subclasses together; 0 for what has no length."""
        found = self._log_odds(vectors)
        both = unit(found) + self._borne(ipc)
        return np.column_stack([inverse(found), inverse(both)])

    def cosines(
        self,
        asked: FloatArray,
        vectors: FloatArray,
        ipc: Sequence[Sequence[str]],
        scales: FloatArray,
    ) -> FloatArray:
        """(k, c) unit readings with those of (n,) records, each moved half way to the mean of the
        subclasses that it bears: (n, k) cosines, for the records' `scales`.  The product with a
        reading is one with its vector, so no reading is made."""
        read = vectors @ (self.weights @ asked.T) + self.offsets @ asked.T
        found: FloatArray = read * scales[:, :1] + self._borne(ipc) @ asked.T
        found *= scales[:, 1:]
        return found

    def _log_odds(self, vectors: FloatArray) -> FloatArray:
        """(n, d) vectors to (n, c); zeros for a vector of zeros."""
        found: FloatArray = vectors @ self.weights + self.offsets
        found[~vectors.any(axis=1)] = 0.0
        return found

    def _borne(self, ipc: Sequence[Sequence[str]]) -> FloatArray:
        """(n, c) unit means of the subclasses that each record bears, zeros where none is known."""
        means = [self._mean(tuple(symbols)) for symbols in ipc]
        nothing = np.zeros(len(self.names), dtype=np.float32)
        rows = [nothing if mean is None else mean for mean in means]
        return np.stack(rows) if rows else np.zeros((0, len(nothing)), dtype=np.float32)

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


def inverse(rows: FloatArray) -> FloatArray:
    """(n,) one over the length of each of (n, d) rows, float32; 0 for a row so short that rounding
    alone may give it a direction: two unit rows that cancel out."""
    lengths = np.linalg.norm(rows, axis=1)
    found: FloatArray = np.where(lengths > LEAST, 1 / np.maximum(lengths, LEAST), 0)
    return found.astype(np.float32)


def unit(rows: FloatArray) -> FloatArray:
    """(n, d) rows of length one, float32; a row of zeros stays one."""
    lengths = np.linalg.norm(rows, axis=1, keepdims=True)
    found: FloatArray = (rows / np.where(lengths > 0, lengths, 1)).astype(np.float32)
    return found
