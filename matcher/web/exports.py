"""Matches to a file, under the policy: no more of a record than may leave the house, and only what
the caller may find."""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, TypeVar

from matcher.access.people import Caller
from matcher.access.policy import Side, acting, may_with
from matcher.access.seeing import unfindable
from matcher.export.write import Summary, write
from matcher.library import Progress
from matcher.matches import Answer
from matcher.matching import Without
from matcher.records import Need, Patent
from matcher.retrieve.filters import used
from matcher.web.desk import Desk
from matcher.web.job_shapes import ExportIn

Record = TypeVar("Record", Patent, Need)


def export(desk: Desk, caller: Caller, asked: ExportIn, path: Path, progress: Progress) -> Summary:
    """Write the best patents for each need that the caller may ask for."""
    matcher, wanted = desk.matcher, desk.check_filter(asked.filter)
    without = Without(
        patents=_hidden(desk, caller, "patents", used(wanted)) | _foreign(desk, caller, asked.own),
        needs=_not_asking(desk, caller, own=asked.own),
    )
    found = matcher.match_all(k=asked.k, filter=wanted, progress=progress, without=without)
    made_at = datetime.now(UTC).astimezone().isoformat(timespec="seconds")
    path.parent.mkdir(parents=True, exist_ok=True)
    return write(
        path, _levelled(desk, caller, found), _fetching(desk, caller),
        matcher.provenance(wanted, made_at=made_at),
    )  # fmt: skip


def _hidden(desk: Desk, caller: Caller, side: Side, filters: Sequence[str]) -> frozenset[str]:
    guarded = desk.matcher.store.owners.guarded(side, acting(caller))
    return unfindable(caller, guarded, filters)


def _foreign(desk: Desk, caller: Caller, own: bool) -> frozenset[str]:
    """The patents of others, where a centre asks for its own alone."""
    mine = caller.organisation
    if not own or mine is None or mine.kind != "centre":
        return frozenset()
    store = desk.matcher.store
    return frozenset(store.digests("patents").keys() - store.owners.ids_of("patents", mine.id))


def _not_asking(desk: Desk, caller: Caller, *, own: bool) -> frozenset[str]:
    """The needs that the caller may not match from, and those of others where a company or park
    asks for its own alone."""
    store, mine = desk.matcher.store, caller.organisation
    kept = {
        id
        for id, held in store.owners.guarded("needs", acting(caller))
        if not may_with(caller, "match_from", held)
    }
    if own and mine is not None and mine.kind in ("park", "company"):
        kept |= store.digests("needs").keys() - store.owners.ids_of("needs", mine.id)
    return frozenset(kept)


def _levelled(
    desk: Desk, caller: Caller, found: Iterator[tuple[Need, Answer]]
) -> Iterator[tuple[Need, Answer]]:
    """The needs at the level that holds for them, which the export goes by."""
    for need, answer in found:
        yield _at_level(desk, caller, [need])[0], answer


def _fetching(desk: Desk, caller: Caller) -> Callable[[Sequence[str]], list[Patent]]:
    def fetch(ids: Sequence[str]) -> list[Patent]:
        return _at_level(desk, caller, desk.matcher.store.patents(ids))

    return fetch


def _at_level(desk: Desk, caller: Caller, records: Sequence[Record]) -> list[Record]:
    held: Any = desk.matcher.store.owners.held(records, acting(caller))
    return [replace(record, level=one.level) for record, one in zip(records, held, strict=True)]
