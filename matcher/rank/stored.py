"""What a ranker reads of a library's patents, kept beside its index: grading hundreds of candidates
then neither reads records nor encodes."""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import numpy as np

from matcher.protocols import FloatArray, IntArray
from matcher.rank.counted import Told, mapped
from matcher.rank.features import PatentViews
from matcher.rank.settled import Settled

Array = np.ndarray[Any, Any]
SUBCLASS = 4
BLOCK = 1024


@dataclass(frozen=True, slots=True, eq=False)
class StoredViews:
    """n patents: `titles` (f, dim) of those that say more than a title, `places` (n,) where in it,
    -1 for the others; the IPC subclasses of patent i are `symbols[starts[i]:starts[i + 1]]`; and
    what a ranker `settled` of all, if one did."""

    titles: Array
    places: Array
    symbols: Array
    starts: Array
    terms: Told
    settled: Settled | None = None

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
        settled = None if self.settled is None else self.settled.take(wanted)
        ipc, terms = self._ipc(wanted), self.terms.take(rows)
        return PatentViews(wholes, titles, fuller, ipc, terms, settled)

    def each_settled(
        self, settle: Callable[[PatentViews], Settled], wholes: FloatArray
    ) -> Iterator[Settled]:
        """All patents, whose vectors are `wholes` (n, dim), as a ranker settles them anew, some at
        a time."""
        anew = replace(self, settled=None)
        for at in range(0, len(self), BLOCK):
            rows = range(at, min(at + BLOCK, len(self)))
            yield settle(anew.take(rows, np.asarray(wholes[at : at + BLOCK])))

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
            mapped(folder / f"{name}.npy") for name in ("titles", "places", "symbols", "starts")
        )
        terms = Told.load(folder)
        whole = len(terms) == len(places) == len(starts) - 1 and starts[-1] == len(symbols)
        if not whole or places.max(initial=-1) != len(titles) - 1:
            raise ValueError("views of another number of patents")
        settled = Settled.load(folder)
        if settled is not None and len(settled) != len(places):
            raise ValueError("settled patents of another number")
        return cls(titles, places, symbols, starts, terms, settled)
