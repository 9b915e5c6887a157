"""Matches to a file, under the policy: no more of a record than may leave the house, and only what
the caller may find."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from typing import TypeVar

from matcher.access.people import Caller
from matcher.access.policy import Held, acting, may_with
from matcher.access.seeing import unfindable
from matcher.export.write import Summary, write
from matcher.library import Progress
from matcher.matching import Without
from matcher.records import Need, Patent
from matcher.retrieve.filters import used
from matcher.web.desk import Desk
from matcher.web.job_shapes import ExportIn

Record = TypeVar("Record", Patent, Need)


def export(desk: Desk, caller: Caller, asked: ExportIn, path: Path, progress: Progress) -> Summary:
    """Write the best patents for each need that the caller may ask for."""
    matcher, wanted = desk.matcher, desk.check_filter(asked.filter)
    owners, mine = matcher.store.owners, acting(caller)
    patents, needs = dict(owners.guarded("patents", mine)), dict(owners.guarded("needs", mine))
    without = Without(
        patents=unfindable(caller, patents.items(), used(wanted))
        | _foreign(desk, caller, asked.own),
        needs=_not_asking(desk, caller, needs, own=asked.own),
    )
    found = matcher.match_all(k=asked.k, filter=wanted, progress=progress, without=without)
    made_at = datetime.now(UTC).astimezone().isoformat(timespec="seconds")
    path.parent.mkdir(parents=True, exist_ok=True)

    def fetch(ids: Sequence[str]) -> list[Patent]:
        return [_at_level(patent, patents) for patent in matcher.store.patents(ids)]

    levelled = ((_at_level(need, needs), answer) for need, answer in found)
    return write(path, levelled, fetch, matcher.provenance(wanted, made_at=made_at))


def _foreign(desk: Desk, caller: Caller, own: bool) -> frozenset[str]:
    """The patents of others, where a centre asks for its own alone."""
    mine = caller.organisation
    if not own or mine is None or mine.kind != "centre":
        return frozenset()
    store = desk.matcher.store
    return frozenset(store.digests("patents").keys() - store.owners.ids_of("patents", mine.id))


def _not_asking(
    desk: Desk, caller: Caller, guarded: Mapping[str, Held], *, own: bool
) -> frozenset[str]:
    """The needs that the caller may not match from, and those of others where a company or park
    asks for its own alone."""
    store, mine = desk.matcher.store, caller.organisation
    kept = {id for id, held in guarded.items() if not may_with(caller, "match_from", held)}
    if own and mine is not None and mine.kind in ("park", "company"):
        kept |= store.digests("needs").keys() - store.owners.ids_of("needs", mine.id)
    return frozenset(kept)


def _at_level(record: Record, guarded: Mapping[str, Held]) -> Record:
    """At the level that holds for it, which the export goes by."""
    held = guarded.get(record.id)
    return record if held is None else replace(record, level=held.level)
