"""The values that a search can be narrowed by, with how many patents each would leave: under all
other filters, of what the caller may find by that value."""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from heapq import nsmallest
from types import MappingProxyType
from typing import Any

from matcher.access.people import Caller
from matcher.access.policy import Held, acting
from matcher.access.seeing import unfindable
from matcher.records import Filter
from matcher.retrieve.filters import used
from matcher.statistics import division_name, province_name
from matcher.web.desk import Desk
from matcher.web.shapes import FilterIn

LENGTHS: Mapping[str, int] = MappingProxyType({
    "park": 100, "industry": 3, "region": 2, "transfer_mode": 10, "licence_mode": 10,
    "legal_status": 10, "kind": 10,
})  # fmt: skip
"""Facets, most useful first, and by how much of a value it is counted."""
BOUNDS: Mapping[str, Sequence[int]] = MappingProxyType(
    {"trl_min": (4, 6, 8), "price_max": (10, 50, 100, 500)}
)
"""Numbers that are asked for by bounds."""


MOST = 30


@dataclass(frozen=True, slots=True, kw_only=True)
class Value:
    """A value as filters take it, in words, and how many patents it would leave."""

    value: str
    label: str
    count: int


def facets(desk: Desk, caller: Caller, asked: FilterIn) -> dict[str, tuple[Value, ...]]:
    """The values of each facet that leave any, most first, at most `MOST`, and of each bound."""
    wanted = desk.check_filter(asked)
    guarded = desk.matcher.store.owners.guarded("patents", acting(caller))
    found: dict[str, tuple[Value, ...]] = {}
    for name, length in LENGTHS.items():
        others = replace(wanted, **_blank(name))
        without = unfindable(caller, guarded, [*used(others), name])
        counts: Counter[str] = Counter()
        with desk.asking() as matcher:
            for finder in matcher.finders:
                counts.update(finder.tally(name, length, others, without))
        most = nsmallest(MOST, counts.items(), key=lambda pair: (-pair[1], pair[0]))
        found[name] = tuple(_value(name, head, count) for head, count in most if count)
    for name, bounds in BOUNDS.items():
        found[name] = tuple(_bounds(desk, caller, (name, bounds), (wanted, guarded)))
    return found


def _bounds(
    desk: Desk, caller: Caller, asked: tuple[str, Sequence[int]],
    within: tuple[Filter, Sequence[tuple[str, Held]]],
) -> list[Value]:  # fmt: skip
    (name, bounds), (wanted, guarded) = asked, within
    without = unfindable(caller, guarded, [*used(replace(wanted, **_blank(name))), name])
    told = []
    for bound in bounds:
        narrowed: dict[str, Any] = {name: bound}
        with desk.asking() as matcher:
            asking = replace(wanted, **narrowed)
            count = sum(finder.passing(asking, without) for finder in matcher.finders)
        word = f"TRL {bound} 以上" if name == "trl_min" else f"{bound} 万元以内"
        told.append(Value(value=str(bound), label=word, count=count))
    return [one for one in told if one.count]


def _blank(name: str) -> dict[str, Any]:
    return {name: None if name in BOUNDS else ()}


def _value(name: str, head: str, count: int) -> Value:
    if name == "industry":
        return Value(value=head, label=division_name(head), count=count)
    if name == "region":
        code = head.ljust(6, "0")
        return Value(value=code, label=province_name(code), count=count)
    return Value(value=head, label=head, count=count)
