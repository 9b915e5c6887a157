"""What earlier grades of the same or similar needs say: a kernel over pairs of vectors.

    k((n, p), (n', p')) = (same * s(n, n') + near * w(n, n')) * a(p, p')
                          + strict * s(n, n') + kind * w(n, n') + general * a(p, p')

with s, w, a = exp((cos - 1) / width), `s` so narrow that only the same text counts.  So a grade
speaks for like patents of the same need most, of similar needs less, and a need may be graded
strictly throughout."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from matcher.protocols import FloatArray, IntArray

SAME_WIDTH = 0.03
BLOCK = 512


@dataclass(frozen=True, slots=True)
class Kernel:
    """Variances (in squared grades) and widths (in cosine) of `k`."""

    same: float = 0.4
    near: float = 0.15
    strict: float = 0.03
    kind: float = 0.03
    general: float = 0.04
    need_width: float = 0.6
    patent_width: float = 0.6


@dataclass(frozen=True, slots=True, eq=False)
class Pairs:
    """n pairs: `need_rows` and `patent_rows` (n,) into unit rows, `needs` (p, d) and `patents`
    (q, r)."""

    needs: FloatArray
    patents: FloatArray
    need_rows: IntArray
    patent_rows: IntArray

    def __len__(self) -> int:
        return len(self.need_rows)


@dataclass(frozen=True, slots=True, eq=False)
class Memory:
    """Graded pairs and their (n,) weights: recalls a sum of kernels."""

    pairs: Pairs
    weights: FloatArray
    kernel: Kernel

    @classmethod
    def empty(cls, needs: int, patents: int) -> "Memory":
        """Of no grade, for needs and patents of vectors of these lengths."""
        asked, told = (np.zeros((0, dim), dtype=np.float32) for dim in (needs, patents))
        rows = np.zeros(0, dtype=np.int64)
        return cls(Pairs(asked, told, rows, rows), np.zeros(0, dtype=np.float32), Kernel())

    def pulls(self, patents: FloatArray) -> FloatArray:
        """(m, r) patents to (m, p) sums over the pairs of each remembered need: weight * a(p, p').
        They hang on no need that asks, and all that is recalled is a weighed sum of them."""
        from scipy.sparse import csr_array

        told = self.pairs
        places = (told.patent_rows, told.need_rows)
        shape = (len(told.patents), len(told.needs))
        shares = csr_array((self.weights.astype(np.float64), places), shape=shape)
        found = np.zeros((len(patents), len(told.needs)), dtype=np.float32)
        for at in range(0, len(patents), BLOCK):
            alike = _decay(patents[at : at + BLOCK], told.patents, self.kernel.patent_width)
            found[at : at + BLOCK] = alike @ shares
        return found

    def recall(self, need: FloatArray, pulls: FloatArray) -> NDArray[np.float64]:
        """(m,) what the remembered grades add to the latents of one need (d,) with patents of
        these (m, p) `pulls`, in grades."""
        kernel, told = self.kernel, self.pairs
        (same,), (wide,) = (
            kernels.astype(np.float64) for kernels in _need_kernels(need[None], told.needs, kernel)
        )
        levels = np.bincount(told.need_rows, self.weights, minlength=len(told.needs))
        level = (kernel.strict * same + kernel.kind * wide) @ levels
        found: NDArray[np.float64] = (
            pulls @ (kernel.same * same + kernel.near * wide + kernel.general) + level
        )
        return found


def gram(pairs: Pairs, kernel: Kernel) -> FloatArray:
    """(n, n) kernel of the pairs with themselves, float32."""
    same, wide = _need_kernels(pairs.needs, pairs.needs, kernel)
    alike = _decay(pairs.patents, pairs.patents, kernel.patent_width)
    rows, columns = pairs.need_rows, pairs.patent_rows
    pull = (kernel.same * same + kernel.near * wide + kernel.general).astype(np.float32)
    found = pull[np.ix_(rows, rows)]
    found *= alike[np.ix_(columns, columns)]
    found += (kernel.strict * same + kernel.kind * wide).astype(np.float32)[np.ix_(rows, rows)]
    return found


def _need_kernels(left: FloatArray, right: FloatArray, kernel: Kernel) -> tuple[FloatArray, ...]:
    return _decay(left, right, SAME_WIDTH), _decay(left, right, kernel.need_width)


def _decay(left: FloatArray, right: FloatArray, width: float) -> FloatArray:
    """In one piece of memory: for hundreds of patents a fresh one each step takes as long as the
    arithmetic."""
    found: FloatArray = left @ right.T
    found -= np.float32(1)
    found /= np.float32(width)
    return np.exp(found, out=found)
