"""Filters as exact masks over a corpus's columns, with the count each one removes.

A record without a value does not pass a filter on that value: a price limit does not let
「面议」 through, a region filter not an unknown address."""

from collections.abc import Callable
from dataclasses import dataclass, fields

import numpy as np

from matcher.errors import BadFilter
from matcher.matches import Removal
from matcher.protocols import BoolArray
from matcher.records import Filter
from matcher.retrieve.facets import Columns
from matcher.text.labels import FILTERS

PREFIXED = ("industry", "ipc")
EXACT = ("kind", "legal_status", "licence_mode", "transfer_mode")
FEW = 5


@dataclass(frozen=True, slots=True)
class Screen:
    """A filter applied to one corpus: which rows pass (None: all), and what removed the rest."""

    allowed: BoolArray | None
    total: int
    passed: int
    removals: tuple[Removal, ...]
    relax: str


def screen(columns: Columns, wanted: Filter, present: BoolArray | None = None) -> Screen:
    """Apply every field of `wanted` but `grade_min`, which is no property of a record, to the
    rows that are `present` (n,), which are all rows where it is None.

    :raises BadFilter: the corpus has no such column (needs have no IPC)."""
    masks = {name: _mask(columns, name, wanted) for name in used(wanted) if name != "grade_min"}
    total = columns.count if present is None else int(np.count_nonzero(present))
    if not masks:
        return Screen(present, total, total, (), "")
    failures = np.zeros(columns.count, dtype=np.int16)
    for mask in masks.values():
        failures += ~mask
    if present is not None:
        failures[~present] = len(masks) + 2
    allowed = failures == 0
    single = failures == 1
    removals = tuple(
        Removal(
            name,
            total - int(np.count_nonzero(mask if present is None else mask & present)),
            int(np.count_nonzero(single & ~mask)),
        )
        for name, mask in masks.items()
    )
    passed = int(np.count_nonzero(allowed))
    return Screen(allowed, total, passed, removals, relax(passed, removals))


def used(wanted: Filter) -> list[str]:
    """The names of the filter's fields that ask for something, in their fixed order."""
    names = []
    for item in fields(wanted):
        value = getattr(wanted, item.name)
        if value is not None and value != ():
            names.append(item.name)
    return names


def describe(wanted: Filter) -> dict[str, str]:
    """The filter in words, by Chinese label, for provenance and covers."""
    told = {}
    for name in used(wanted):
        value = getattr(wanted, name)
        if isinstance(value, bool):
            told[FILTERS[name]] = "是" if value else "否"
        elif isinstance(value, tuple):
            told[FILTERS[name]] = "、".join(value)
        else:
            told[FILTERS[name]] = str(value).removesuffix(".0")
    return told


def relax(passed: int, removals: tuple[Removal, ...]) -> str:
    """The field that alone keeps out most, when fewer than FEW records pass."""
    if passed >= FEW:
        return ""
    gain, name = max(((item.blocked, item.field) for item in removals), default=(0, ""))
    if gain:
        return name
    return max(((item.removed, item.field) for item in removals), default=(0, ""))[1]


def _mask(columns: Columns, name: str, wanted: Filter) -> BoolArray:
    value = getattr(wanted, name)
    mask = np.zeros(columns.count, dtype=bool)
    if name in NUMBER_TESTS:
        source, test = NUMBER_TESTS[name]
        _need(name, source in columns.numbers)
        given = float(value.toordinal()) if hasattr(value, "toordinal") else float(value)
        numbers = columns.numbers[source]
        return test(numbers, given)
    _need(name, name in columns.facets)
    facet = columns.facets[name]
    if name == "pay_later":
        facet.equal("是" if value else "否", mask)
        return mask
    for item in value:
        if name in PREFIXED:
            facet.starting(item, mask)
        elif name == "region":
            facet.starting(region_prefix(item), mask)
        elif name in EXACT:
            facet.equal(item, mask)
        else:
            facet.containing(item, mask)
    return mask


def region_prefix(code: str) -> str:
    """`410000` -> `41`, `410100` -> `4101`, `410105` -> `410105`: what codes inside begin with."""
    while len(code) > 2 and code.endswith("00"):
        code = code[:-2]
    return code


def _need(name: str, there: bool) -> None:
    if not there:
        raise BadFilter(f"按“{FILTERS[name]}”筛选只适用于专利,不适用于需求。请去掉这个条件。")


NUMBER_TESTS: dict[str, tuple[str, Callable[[np.ndarray, float], BoolArray]]] = {
    "price_max": ("price", np.less_equal),
    "trl_min": ("trl", np.greater_equal),
    "trl_max": ("trl", np.less_equal),
    "filed_from": ("filed", np.greater_equal),
    "filed_to": ("filed", np.less_equal),
}
