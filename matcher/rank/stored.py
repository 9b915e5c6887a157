"""What a ranker reads of a library's patents, kept beside its index: grading hundreds of candidates
then neither reads records nor encodes."""

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np

from matcher.protocols import FloatArray, IntArray
from matcher.rank.counted import Told
from matcher.rank.features import PatentViews

Array = np.ndarray[Any, Any]
SUBCLASS = 4


@dataclass(frozen=True, slots=True, eq=False)
class StoredViews:
    """n patents: `titles` (f, dim) of those that say more than a title, `places` (n,) where in it,
    -1 for the others; the IPC subclasses of patent i are `symbols[starts[i]:starts[i + 1]]`."""

    titles: Array
    places: Array
    symbols: Array
    starts: Array
    terms: Told

    @classmethod
    def of(
        cls,
        titles: FloatArray,
        fuller: Sequence[bool],
        ipc: Sequence[Sequence[str]],
        terms: Told,
    ) -> "StoredViews":
        """`titles` in the order of those patents that are `fuller` (n,)."""
        held = np.asarray(fuller, dtype=np.bool_)
        places = np.where(held, np.cumsum(held) - 1, -1).astype(np.int32)
        # A symbol of another form than A01B is of no use to the fields.
        known = [[s[:SUBCLASS] for s in told if s[:SUBCLASS].isascii()] for told in ipc]
        starts = np.concatenate([[0], np.cumsum([len(told) for told in known])]).astype(np.int64)
        symbols = np.array([symbol for told in known for symbol in told], dtype=f"S{SUBCLASS}")
        return cls(titles, places, symbols, starts, terms)

    def __len__(self) -> int:
        return len(self.places)

    def take(self, rows: Sequence[int], wholes: FloatArray) -> PatentViews:
        """The patents in (m,) rows, with their vectors (m, dim)."""
        wanted = np.asarray(rows, dtype=np.int64)
        places = np.asarray(self.places[wanted])
        fuller = places >= 0
        titles = np.array(wholes)
        titles[fuller] = self.titles[places[fuller]]
        return PatentViews(wholes, titles, fuller, self._ipc(wanted), self.terms.take(rows))

    def _ipc(self, rows: IntArray) -> list[list[str]]:
        """The subclasses of the patents in (m,) rows, read in one go."""
        first = np.asarray(self.starts[rows])
        lengths = np.asarray(self.starts[rows + 1]) - first
        ends = np.cumsum(lengths)
        places = np.arange(lengths.sum()) + np.repeat(first - ends + lengths, lengths)
        symbols = self.symbols[places].astype(f"U{SUBCLASS}").tolist()
        spans = zip((ends - lengths).tolist(), ends.tolist(), strict=True)
        return [symbols[start:end] for start, end in spans]

    def save(self, folder: Path) -> None:
        """Write into `folder`, which is made."""
        self.terms.save(folder)
        for name in ("titles", "places", "symbols", "starts"):
            np.save(folder / f"{name}.npy", getattr(self, name), allow_pickle=False)

    @classmethod
    def load(cls, folder: Path) -> "StoredViews":
        """What `save` wrote, mapped from the disk.

        :raises OSError, ValueError: a file is missing or damaged."""
        titles, places, symbols, starts = (
            np.load(folder / f"{name}.npy", mmap_mode="r", allow_pickle=False)
            for name in ("titles", "places", "symbols", "starts")
        )
        terms = Told.load(folder)
        whole = len(terms) == len(places) == len(starts) - 1 and starts[-1] == len(symbols)
        if not whole or places.max(initial=-1) != len(titles) - 1:
            raise ValueError("views of another number of patents")
        return cls(titles, places, symbols, starts, terms)
