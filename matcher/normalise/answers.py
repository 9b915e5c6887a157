"""Answers of a file against each other and against the store: one a need, patent and person."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

from matcher.normalise.fold import Outcome
from matcher.normalise.news import heard, mark_of, marks_of, now_seen
from matcher.records import Feedback

Key = tuple[str, str, str]


@dataclass(frozen=True, slots=True)
class Settled:
    """`put`: the records to write, in the order their first rows came.  `outcomes`: for each row
    in order; ``merged`` gave way to another row of the file, ``outdated`` to a later date."""

    put: list[Feedback]
    outcomes: list[Outcome]


def key_of(item: Feedback) -> Key:
    """Need, patent and person."""
    return item.need_id, item.patent_id, item.by


def settle(rows: Sequence[Feedback], known: Mapping[Key, Feedback]) -> Settled:
    """Rows are taken in order; each takes the place of what is there, unless both bear a date and
    its own is the earlier.  Rows that bring no news (`news.py`) change nothing."""
    groups: dict[Key, list[int]] = {}
    for place, row in enumerate(rows):
        groups.setdefault(key_of(row), []).append(place)
    put: list[Feedback] = []
    outcomes: list[Outcome] = ["unchanged"] * len(rows)
    for key, places in groups.items():
        before = known.get(key)
        group = [rows[place] for place in places]
        final = _final(group, before)
        if final is not None and final != before:
            put.append(final)
        for place, outcome in zip(places, _outcomes(group, before, final), strict=True):
            outcomes[place] = outcome
    return Settled(put, outcomes)


def _final(group: Sequence[Feedback], before: Feedback | None) -> Feedback | None:
    """What is to be kept with the marks of all rows; `before` itself when they are no news."""
    marks = marks_of(before) if before else ()
    said = [mark_of(row) for row in group]
    if before and all(heard(mark, marks) for mark in said):
        return before
    final = before
    for row in group:
        if final is None or not _older(row, final):
            final = row
    assert final is not None
    if before and _same(final, before):
        final = before
    seen = now_seen(marks, said)
    bare = replace(final, seen=())
    return bare if seen == marks_of(bare) else replace(bare, seen=seen)


def _outcomes(
    group: Sequence[Feedback], before: Feedback | None, final: Feedback | None
) -> list[Outcome]:
    if final is None:
        return []
    if before and _same(final, before):
        return ["outdated" if _older(row, before) else "unchanged" for row in group]
    winner = max(place for place, row in enumerate(group) if _same(row, final))
    outcomes: list[Outcome] = [
        "outdated" if _older(row, final) else "merged" for row in group
    ]  # fmt: skip
    outcomes[winner] = "updated" if before else "new"
    return outcomes


def _older(row: Feedback, other: Feedback) -> bool:
    return row.at is not None and other.at is not None and row.at < other.at


def _same(one: Feedback, other: Feedback) -> bool:
    return replace(one, seen=(), source="") == replace(other, seen=(), source="")
