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
SAME = 0.5  # of `s` and more: the same need
HALF_KNOWN = 5  # grades of a need
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
    """Graded pairs and their (n, 2) weights, one for each latent: recalls sums of kernels."""

    pairs: Pairs
    weights: FloatArray
    kernel: Kernel

    @classmethod
    def empty(cls, needs: int, patents: int) -> "Memory":
        """Of no grade, for needs and patents of vectors of these lengths."""
        asked, told = (np.zeros((0, dim), dtype=np.float32) for dim in (needs, patents))
        rows = np.zeros(0, dtype=np.int64)
        return cls(Pairs(asked, told, rows, rows), np.zeros((0, 2), dtype=np.float32), Kernel())

    def pulls(self, patents: FloatArray) -> FloatArray:
        """(m, r) patents to (m, 2, p) sums over the pairs of each remembered need: weight times
        a(p, p').  They hang on no need that asks; what is recalled is a weighed sum of them."""
        from scipy.sparse import csr_array

        told = self.pairs
        places = (told.patent_rows, told.need_rows)
        shape = (len(told.patents), len(told.needs))
        shares = [
            csr_array((one, places), shape=shape) for one in self.weights.T.astype(np.float64)
        ]
        found = np.zeros((len(patents), len(shares), len(told.needs)), dtype=np.float32)
        for at in range(0, len(patents), BLOCK):
            alike = _decay(patents[at : at + BLOCK], told.patents, self.kernel.patent_width)
            for latent, share in enumerate(shares):
                found[at : at + BLOCK, latent] = alike @ share
        return found

    def recall(self, need: FloatArray, pulls: FloatArray) -> NDArray[np.float64]:
        """(m, 2) what the remembered grades add to the latents of one need (d,) with patents of
        these (m, 2, p) `pulls`, in grades."""
        kernel, told = self.kernel, self.pairs
        (same,), (wide,) = (
            kernels.astype(np.float64) for kernels in _need_kernels(need[None], told.needs, kernel)
        )
        levels = np.stack(
            [np.bincount(told.need_rows, one, len(told.needs)) for one in self.weights.T]
        )
        level = levels @ (kernel.strict * same + kernel.kind * wide)
        found: NDArray[np.float64] = (
            pulls @ (kernel.same * same + kernel.near * wide + kernel.general) + level
        )
        return found

    def familiar(self, need: FloatArray) -> float:
        """How much is known of a need (d,): 0 where nobody graded it, 1 without end."""
        told = self.pairs
        same = _decay(need[None], told.needs, SAME_WIDTH)[0] >= SAME
        count = int(np.bincount(told.need_rows, minlength=len(told.needs)) @ same)
        return count / (count + HALF_KNOWN)


def familiarity(pairs: Pairs, folds: IntArray) -> NDArray[np.float64]:
    """(n,) how familiar the need of each pair is by the grades in other (n,) folds than its own."""
    needs, (fold, place) = pairs.need_rows, np.unique(folds, return_inverse=True)
    counts = np.zeros((len(fold), len(pairs.needs)))
    np.add.at(counts, (place, needs), 1)
    others = counts.sum(axis=0) - counts
    same = _decay(pairs.needs, pairs.needs, SAME_WIDTH) >= SAME
    count = (others @ same)[place, needs]
    found: NDArray[np.float64] = count / (count + HALF_KNOWN)
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
