"""What a patent says to each figure that a need demands.

Only what is clear is called satisfied or not: the same property of the same matter, the same
dimension, the same condition, and a range that lies wholly inside, or wholly outside, what is
demanded."""

import re
from collections import OrderedDict
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from math import inf
from threading import Lock
from typing import Generic, TypeVar

from matcher.explain.demands import COVER, Demand, demands
from matcher.explain.properties import Named, agree
from matcher.explain.quantity import Quantity, quantities
from matcher.matches import Check, CheckVerdict
from matcher.records import TextField
from matcher.text.sentences import sentences
from matcher.text.words import Segmenter

_PRIOR = re.compile(r"现有技术|传统|目前|对比例|未添加|常规|背景技术|普通")
_CACHED = 1024
Fields = Mapping[TextField, str]
T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class Stated:
    """A quantity that a found text states."""

    field: TextField
    text: str
    quantity: Quantity
    named: Named


class Checker:
    """Holds a patent against a need; what is read of either is kept, while its texts last."""

    def __init__(self, segmenter: Segmenter) -> None:
        self._segmenter = segmenter
        self._needs: _Kept[tuple[Demand, ...]] = _Kept(demands)
        self._patents: _Kept[tuple[Stated, ...]] = _Kept(statements)

    def checks(
        self, need: Fields, patent: Fields, *, keys: tuple[str, str] = ("", "")
    ) -> tuple[Check, ...]:
        """A check for each demand, in the need's order; under its key, unless that is blank, the
        reading of each side is kept."""
        asked = self._needs.read(need, keys[0])
        if not asked:
            return ()
        return check(asked, self._patents.read(patent, keys[1]), self._segmenter)


class _Kept(Generic[T]):
    """The last readings, by key."""

    def __init__(self, reads: Callable[[Fields], T]) -> None:
        self._reads = reads
        self._held: OrderedDict[str, tuple[tuple[tuple[TextField, str], ...], T]] = OrderedDict()
        self._lock = Lock()

    def read(self, fields: Fields, key: str) -> T:
        texts = tuple(fields.items())
        with self._lock:
            known = self._held.get(key)
            if known is not None and known[0] == texts:
                self._held.move_to_end(key)
                return known[1]
        made = self._reads(fields)
        if key:
            with self._lock:
                self._held[key] = texts, made
                if len(self._held) > _CACHED:
                    self._held.popitem(last=False)
        return made


def statements(fields: Fields) -> tuple[Stated, ...]:
    """What all texts of a patent state in numbers, in order."""
    about = fields.get("title", "")
    return tuple(one for field, text in fields.items() for one in _stated(field, text, about))


def _stated(field: TextField, text: str, about: str) -> Iterator[Stated]:
    """What one text states, what it says of the prior art left out."""
    told = quantities(text)
    if not told:
        return
    bounds = sentences(text, longest=len(text) + 1)
    for quantity in told:
        start, end = next(
            ((s, e) for s, e in bounds if s <= quantity.start < e), (quantity.start, quantity.end)
        )
        if quantity.name and not _PRIOR.search(text, start, quantity.start):
            shown = text[quantity.start : quantity.end]
            yield Stated(field, shown, quantity, Named(quantity.name, text[start:end], about))


def check(
    asked: Sequence[Demand], told: Sequence[Stated], segmenter: Segmenter
) -> tuple[Check, ...]:
    """A check for each demand, in order; texts that contradict each other state nothing."""
    by_dimension: dict[tuple[str, str], list[Stated]] = {}
    for one in told:
        by_dimension.setdefault((one.quantity.dimension, one.quantity.change), []).append(one)
    checks = []
    for demand in asked:
        key = (demand.quantity.dimension, demand.quantity.change)
        verdict, proof = _judged(demand, by_dimension.get(key, ()), segmenter)
        bare = Check(demand.text, demand.quantity.start, demand.quantity.end, demand.field, verdict)
        if proof is not None:
            bare = replace(
                bare,
                found=proof.text,
                found_field=proof.field,
                found_start=proof.quantity.start,
                found_end=proof.quantity.end,
            )
        checks.append(bare)
    return tuple(checks)


def _judged(
    demand: Demand, told: Sequence[Stated], segmenter: Segmenter
) -> tuple[CheckVerdict, Stated | None]:
    best, said = 0, dict[CheckVerdict, Stated]()
    for one in told:
        verdict = compare(demand, one.quantity)
        if verdict == "not_stated":
            continue
        level = agree(demand.named, one.named, segmenter)
        if level and level >= best:
            said = said if level == best else {}
            best = level
            said.setdefault(verdict, one)
    if len(said) != 1:
        return "not_stated", None
    ((verdict, proof),) = said.items()
    return verdict, proof


def compare(demand: Demand, found: Quantity) -> CheckVerdict:
    """Whether what is found lies inside or outside what is demanded, or neither clearly.

    A demand that names a condition (`180℃下`) is answered only under that condition."""
    given = demand.quantity.given
    if given and (found.given is None or found.given != given):
        return "not_stated"
    low, high = found.low, found.high
    least, most = demand.low, demand.high
    if "spread" in (demand.quantity.compare, found.compare):
        low, high = max(low, 0.0), abs(high)
        least = max(least, 0.0)
    if demand.quantity.compare == "range" and COVER.search(demand.quantity.name):
        return _covered((least, most), (low, high))
    open_low = demand.quantity.compare == "gt" and found.compare != "gt"
    open_high = demand.quantity.compare == "lt" and found.compare != "lt"
    inside_low = low > least or (low == least and not (open_low and low > -inf))
    inside_high = high < most or (high == most and not (open_high and high < inf))
    if inside_low and inside_high:
        return "satisfied"
    return "not_satisfied" if _outside(demand, found, (low, high)) else "not_stated"


def _covered(wanted: tuple[float, float], told: tuple[float, float]) -> CheckVerdict:
    if told[0] <= wanted[0] and wanted[1] <= told[1]:
        return "satisfied"
    apart = told[1] < wanted[0] or told[0] > wanted[1]
    return "not_satisfied" if apart else "not_stated"


def _outside(demand: Demand, found: Quantity, told: tuple[float, float]) -> bool:
    low, high = told
    strict_low = demand.quantity.compare == "gt" or found.compare == "lt"
    strict_high = demand.quantity.compare == "lt" or found.compare == "gt"
    below = high < demand.low or (strict_low and high == demand.low)
    above = low > demand.high or (strict_high and low == demand.high)
    return below or above
