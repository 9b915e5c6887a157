"""What records are filtered by, as compact columns: for each facet the sorted distinct values
with the rows that carry each, for each number one array.  A filter turns into a mask of rows."""

import json
from bisect import bisect_left, bisect_right
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Self
from weakref import WeakKeyDictionary
from zipfile import BadZipFile

import numpy as np
from numpy.typing import NDArray

from matcher.errors import ModelBroken
from matcher.protocols import BoolArray, IntArray
from matcher.records import Need, Patent

FACETS = ("industry", "region", "park", "applicant", "kind", "legal_status", "ipc",
          "licence_mode", "transfer_mode", "pay_later")  # fmt: skip
NUMBERS = ("price", "trl", "filed")


@dataclass(frozen=True, slots=True, eq=False, weakref_slot=True)
class Facet:
    """Distinct values in order and, for value i, the rows `rows[starts[i]:starts[i + 1]]`."""

    values: tuple[str, ...]
    starts: IntArray
    rows: IntArray

    @classmethod
    def of(cls, valued: Iterable[Sequence[str]]) -> Self:
        """From the values of each row, in row order."""
        lists: dict[str, list[int]] = {}
        for row, values in enumerate(valued):
            for value in values:
                lists.setdefault(value, []).append(row)
        names = sorted(lists)
        counts = [0, *(len(lists[name]) for name in names)]
        flat = [row for name in names for row in lists[name]]
        return cls(
            tuple(names),
            np.cumsum(np.array(counts, dtype=np.int64)),
            np.array(flat, dtype=np.int64),
        )

    def counts(self, length: int) -> dict[str, int]:
        """The beginnings of values, of this length at most -> how many rows carry one."""
        return self.tally(length, None)

    def tally(self, length: int, allowed: BoolArray | None) -> dict[str, int]:
        """As `counts`, of the rows that are allowed (n,), which are all where it is None."""
        heads, starts, rows = _grouped(self, length)
        if not heads:
            return {}
        counts = (
            np.diff(starts)
            if allowed is None
            else np.add.reduceat(allowed[rows], starts[:-1], dtype=np.int64)
        )
        return dict(zip(heads, counts.tolist(), strict=True))

    def starting(self, prefix: str, mask: BoolArray) -> None:
        """Mark the rows that carry a value beginning with `prefix`."""
        low = bisect_left(self.values, prefix)
        high = bisect_right(self.values, prefix, lo=low, key=lambda value: value[: len(prefix)])
        mask[self.rows[self.starts[low] : self.starts[high]]] = True

    def equal(self, value: str, mask: BoolArray) -> None:
        """Mark the rows that carry `value`."""
        place = bisect_left(self.values, value)
        if place < len(self.values) and self.values[place] == value:
            mask[self.rows[self.starts[place] : self.starts[place + 1]]] = True

    def containing(self, part: str, mask: BoolArray) -> None:
        """Mark the rows that carry a value with `part` in it."""
        for place, value in enumerate(self.values):
            if part in value:
                mask[self.rows[self.starts[place] : self.starts[place + 1]]] = True


Groups = tuple[tuple[str, ...], IntArray, IntArray]
_GROUPS: WeakKeyDictionary[Facet, dict[int, Groups]] = WeakKeyDictionary()


def _grouped(facet: Facet, length: int) -> Groups:
    """The beginnings of values, in order, and for beginning i the rows that carry one, each once:
    `rows[starts[i]:starts[i + 1]]`; made once for each facet and length."""
    known = _GROUPS.setdefault(facet, {})
    if length not in known:
        heads: dict[str, list[IntArray]] = {}
        for place, value in enumerate(facet.values):
            rows = facet.rows[facet.starts[place] : facet.starts[place + 1]]
            heads.setdefault(value[:length], []).append(rows)
        held = [np.unique(np.concatenate(group)) for group in heads.values()]
        starts = np.cumsum([0, *(len(rows) for rows in held)], dtype=np.int64)
        flat = np.concatenate(held) if held else np.empty(0, dtype=np.int64)
        known[length] = (tuple(heads), starts, flat)
    return known[length]


@dataclass(frozen=True, slots=True)
class Columns:
    """The filterable columns of one corpus of `count` records; unknown numbers are NaN."""

    count: int
    facets: dict[str, Facet]
    numbers: dict[str, NDArray[np.float64]]

    def save(self, folder: Path) -> None:
        """Into `folder` as JSON and npz."""
        values = {name: list(facet.values) for name, facet in sorted(self.facets.items())}
        head = {"count": self.count, "values": values, "numbers": sorted(self.numbers)}
        (folder / "columns.json").write_text(json.dumps(head, ensure_ascii=False), "utf-8")
        arrays: dict[str, np.ndarray] = {f"n_{k}": v for k, v in sorted(self.numbers.items())}
        for name, facet in sorted(self.facets.items()):
            arrays[f"s_{name}"] = facet.starts
            arrays[f"r_{name}"] = facet.rows
        np.savez(folder / "columns.npz", allow_pickle=False, **arrays)

    @classmethod
    def load(cls, folder: Path) -> Self:
        """The inverse of `save`.  :raises ModelBroken: files are missing or damaged."""
        try:
            head = json.loads((folder / "columns.json").read_text("utf-8"))
            with (folder / "columns.npz").open("rb") as file:
                arrays = np.load(file, allow_pickle=False)
                facets = {
                    name: Facet(tuple(values), arrays[f"s_{name}"], arrays[f"r_{name}"])
                    for name, values in head["values"].items()
                }
                numbers = {name: arrays[f"n_{name}"] for name in head["numbers"]}
            return cls(head["count"], facets, numbers)
        except (OSError, EOFError, ValueError, KeyError, TypeError, BadZipFile) as error:
            raise ModelBroken(
                "筛选用的索引不完整;您的专利和需求数据不受影响。"
                "请运行 patmatch index rebuild 重建索引。",
                folder=str(folder),
            ) from error


def patent_columns(patents: Sequence[Patent]) -> Columns:
    """The columns of patents, rows in the order given."""
    valued: dict[str, Iterable[Sequence[str]]] = {
        "industry": (patent.industries for patent in patents),
        "region": ((patent.region,) if patent.region else () for patent in patents),
        "park": ((patent.park,) if patent.park else () for patent in patents),
        "applicant": (
            tuple({party.name for party in (*patent.applicants, *patent.owners)})
            for patent in patents
        ),
        "kind": ((patent.kind,) if patent.kind else () for patent in patents),
        "legal_status": ((patent.legal_status,) for patent in patents),
        "ipc": (patent.ipc for patent in patents),
        "licence_mode": (patent.terms.licence_modes for patent in patents),
        "transfer_mode": (patent.terms.transfer_modes for patent in patents),
        "pay_later": (_yes_no(patent.terms.pay_later) for patent in patents),
    }
    nan = float("nan")
    numbers = {
        "price": [_price(patent) for patent in patents],
        "trl": [nan if p.terms.trl is None else float(p.terms.trl) for p in patents],
        "filed": [
            nan if p.application_date is None else float(p.application_date.toordinal())
            for p in patents
        ],
    }
    return Columns(
        len(patents),
        {name: Facet.of(rows) for name, rows in valued.items()},
        {name: np.array(values, dtype=np.float64) for name, values in numbers.items()},
    )


def need_columns(needs: Sequence[Need]) -> Columns:
    """The columns of needs: industry, region, park and the company under `applicant`."""
    valued: dict[str, Iterable[Sequence[str]]] = {
        "industry": (need.industries for need in needs),
        "region": ((need.region,) if need.region else () for need in needs),
        "park": ((need.park,) if need.park else () for need in needs),
        "applicant": ((need.company,) if need.company else () for need in needs),
    }
    return Columns(len(needs), {name: Facet.of(rows) for name, rows in valued.items()}, {})


def _price(patent: Patent) -> float:
    """What it costs at least; of a price that is only known to be at most this, this."""
    known = (patent.terms.price_min, patent.terms.price_max)
    return next((price for price in known if price is not None), float("nan"))


def _yes_no(value: bool | None) -> tuple[str, ...]:
    if value is None:
        return ()
    return ("是",) if value else ("否",)
