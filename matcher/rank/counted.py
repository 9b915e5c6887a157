"""Terms of many texts, counted, as arrays: what is compared with one need's terms all at once.

A term is its 64-bit key, so that counts made by one process, or kept in a file, meet those of
another without a common vocabulary."""

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import chain
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from matcher.protocols import BoolArray, IntArray
from matcher.text.grams import grams
from matcher.text.words import Segmenter

Keys = NDArray[np.uint64]
Floats = NDArray[np.float64]
LONGEST = 48  # characters of a term that its key looks at
BLOCK = 2048
NAMES = ("title.words", "title.grams", "whole.words", "whole.grams")
PIECES = ("starts", "keys", "counts")
_SEED, _PRIME = np.uint64(0xCBF29CE484222325), np.uint64(0x100000001B3)
_MIX, _SHIFT = np.uint64(0x9E3779B97F4A7C15), np.uint64(29)


def keys(terms: Sequence[str]) -> Keys:
    """(n,) keys: FNV-1a over code points, mixed.  Among a million terms the chance that any two
    share a key is one in thirty million."""
    if not terms:
        return np.zeros(0, dtype=np.uint64)
    letters = np.array([term[:LONGEST] for term in terms], dtype=np.str_)
    points = letters.view(np.uint32).reshape(len(terms), -1)
    found = np.full(len(terms), _SEED, dtype=np.uint64)
    for column in points.T:
        found = np.where(column, (found ^ column) * _PRIME, found)
    found = (found ^ (found >> _SHIFT)) * _MIX
    mixed: Keys = found ^ (found >> _SHIFT)
    return mixed


@dataclass(frozen=True, slots=True, eq=False)
class Counted:
    """m texts: the keys of text i and how often it says each are at `starts[i]:starts[i + 1]`, in
    order of key."""

    starts: IntArray
    keys: Keys
    counts: NDArray[np.uint16]

    @classmethod
    def of(cls, texts: Sequence[Sequence[str]]) -> "Counted":
        """(m,) lists of terms."""
        parts = [_counted(texts[at : at + BLOCK]) for at in range(0, len(texts), BLOCK)]
        if len(parts) == 1:
            return parts[0]
        lengths = [np.diff(part.starts) for part in parts] or [np.zeros(0, dtype=np.int64)]
        starts = np.concatenate([[0], np.cumsum(np.concatenate(lengths))]).astype(np.int64)
        none = _counted([])
        return cls(
            starts,
            np.concatenate([none.keys, *(part.keys for part in parts)]),
            np.concatenate([none.counts, *(part.counts for part in parts)]),
        )

    def __len__(self) -> int:
        return len(self.starts) - 1

    def take(self, rows: Sequence[int]) -> "Counted":
        """The texts in some rows."""
        wanted = np.asarray(rows, dtype=np.int64)
        first = np.asarray(self.starts[wanted])
        lengths = np.asarray(self.starts[wanted + 1]) - first
        starts = np.zeros(len(wanted) + 1, dtype=np.int64)
        np.cumsum(lengths, out=starts[1:])
        places = np.arange(starts[-1]) + np.repeat(first - starts[:-1], lengths)
        return Counted(starts, np.asarray(self.keys[places]), np.asarray(self.counts[places]))

    @property
    def lengths(self) -> IntArray:
        """(m,) how many terms each text says."""
        before = np.concatenate([[0], np.cumsum(self.counts, dtype=np.int64)])
        found: IntArray = before[self.starts[1:]] - before[self.starts[:-1]]
        return found

    def owners(self, places: IntArray) -> IntArray:
        """(h,) places among the keys to the texts that they stand in."""
        found: IntArray = np.searchsorted(self.starts, places, side="right") - 1
        return found

    def sums(self, values: Floats, owners: IntArray) -> Floats:
        """(h,) values of these texts to (m,) sums; a text's hangs on no other text."""
        found: Floats = np.bincount(owners, weights=values, minlength=len(self)).astype(np.float64)
        return found


@dataclass(frozen=True, slots=True, eq=False)
class Told:
    """Words and grams of m patents: of their titles, and, where `longer`, of all they say."""

    title: tuple[Counted, Counted]
    whole: tuple[Counted, Counted]
    longer: BoolArray

    @classmethod
    def of(cls, texts: Sequence[tuple[str, str]], segmenter: Segmenter) -> "Told":
        """(m,) titles, each with the rest of what is said, or blank."""
        longer = np.array([bool(rest.strip()) for _, rest in texts], dtype=np.bool_)
        wholes = [f"{title}\n{rest}" if rest.strip() else "" for title, rest in texts]

        def both(some: Sequence[str]) -> tuple[Counted, Counted]:
            words, pairs = [segmenter.terms(text) for text in some], [grams(text) for text in some]
            return Counted.of(words), Counted.of(pairs)

        return cls(both([title for title, _ in texts]), both(wholes), longer)

    def __len__(self) -> int:
        return len(self.longer)

    def take(self, rows: Sequence[int]) -> "Told":
        """The patents in some rows."""
        (first, second), (third, fourth) = self.title, self.whole
        longer = np.asarray(self.longer[np.asarray(rows, dtype=np.int64)])
        title = first.take(rows), second.take(rows)
        if not longer.any():
            none = Counted(np.zeros(len(longer) + 1, np.int64), third.keys[:0], third.counts[:0])
            return Told(title, (none, none), longer)
        return Told(title, (third.take(rows), fourth.take(rows)), longer)

    def save(self, folder: Path) -> None:
        """Write into `folder`, which is made."""
        folder.mkdir(parents=True)
        np.save(folder / "longer.npy", self.longer, allow_pickle=False)
        for name, part in zip(NAMES, (*self.title, *self.whole), strict=True):
            np.save(folder / f"{name}.starts.npy", part.starts, allow_pickle=False)
            np.save(folder / f"{name}.keys.npy", part.keys, allow_pickle=False)
            np.save(folder / f"{name}.counts.npy", part.counts, allow_pickle=False)

    @classmethod
    def load(cls, folder: Path) -> "Told":
        """What `save` wrote, mapped from the disk.

        :raises OSError, ValueError: a file is missing or damaged."""
        longer = mapped(folder / "longer.npy")
        parts = []
        for name in NAMES:
            pieces = (mapped(folder / f"{name}.{piece}.npy") for piece in PIECES)
            parts.append(part := Counted(*pieces))
            whole = len(part.keys) == len(part.counts) == part.starts[-1]
            if len(part) != len(longer) or not whole:
                raise ValueError("terms of another number of texts")
        first, second, third, fourth = parts
        return cls((first, second), (third, fourth), longer)


def mapped(path: Path) -> np.ndarray[Any, Any]:
    """The array in a file, mapped from the disk; indexed as fast as one in memory.

    :raises OSError, ValueError: the file is missing or damaged."""
    return np.asarray(np.load(path, mmap_mode="r", allow_pickle=False))


def _counted(texts: Sequence[Sequence[str]]) -> Counted:
    every = keys(list(chain.from_iterable(texts)))
    owner = np.repeat(np.arange(len(texts)), [len(text) for text in texts])
    order = np.lexsort((every, owner))
    every, owner = every[order], owner[order]
    fresh = np.ones(len(every), dtype=np.bool_)
    fresh[1:] = (every[1:] != every[:-1]) | (owner[1:] != owner[:-1])
    places = np.flatnonzero(fresh)
    counts = np.diff(np.append(places, len(every)))
    starts = np.searchsorted(owner[places], np.arange(len(texts) + 1)).astype(np.int64)
    return Counted(starts, every[places], np.minimum(counts, 65535).astype(np.uint16))
