"""Matches for a text, a need or a patent, under filters and under the policy."""

from collections.abc import Mapping, Sequence, Set
from dataclasses import dataclass
from typing import Any

from fastapi import APIRouter, Response

from matcher.access.hiding import shown_match
from matcher.access.people import Caller
from matcher.access.policy import Held, Side, Sight, acting, may_with, sight
from matcher.access.seeing import unfindable
from matcher.engine import Matcher
from matcher.errors import BadInput, NotAllowed
from matcher.export.release import tidy
from matcher.matches import Answer, Match
from matcher.records import Filter, Need, Patent
from matcher.retrieve.filters import used
from matcher.web.desk import Desk, DeskDep
from matcher.web.guard import CallerDep
from matcher.web.records import visible
from matcher.web.shapes import Matches, MatchIn, MatchOut, RemovalOut
from matcher.web.told import record_told

router = APIRouter(tags=["match"])


@dataclass(frozen=True, slots=True)
class Find:
    """A match with the record found and what decides over it."""

    match: Match
    record: Patent | Need
    held: Held


@router.post("/match", response_model=Matches, response_model_exclude_unset=True)
def match(asked: MatchIn, desk: DeskDep, caller: CallerDep) -> Any:
    """The best of what the caller may see, with the reason for each, and what each filter took
    away of it."""
    told = found(asked, desk, caller)
    # Already of the shape that the document promises: FastAPI would check and copy it once more.
    return Response(told.model_dump_json(exclude_unset=True), media_type="application/json")


def found(asked: MatchIn, desk: Desk, caller: Caller) -> Matches:
    """As `match`.  :raises BadInput, UnknownId, NotAllowed: ..."""
    wanted, asker = desk.check_filter(asked.filter), _asker(asked, desk, caller)
    side = _side(asked)
    guarded = desk.matcher.store.owners.guarded(side, acting(caller))
    without = unfindable(caller, guarded, used(wanted))
    with desk.asking() as matcher:
        answer = _answer(matcher, asked, wanted, without)
    finds = _finds(desk, caller, answer.matches, side)
    late = unfindable(caller, [(one.record.id, one.held) for one in finds], used(wanted))
    seen = [find for find in finds if find.record.id not in late]  # made or changed meanwhile
    told = [_told(caller, find, asker, explain=asked.explain) for find in seen]
    for rank, one in enumerate(told, 1):
        one.rank = rank
    removed = [RemovalOut(filter=one.field, removed=one.removed, only=one.blocked)
               for one in answer.removals]  # fmt: skip
    return Matches(
        items=told, no_match=answer.no_match or not told, total=answer.total,
        passed=answer.passed, removed=removed, relax=answer.relax,
    )  # fmt: skip


def _asker(asked: MatchIn, desk: Desk, caller: Caller) -> Held | None:
    """The stored record that asks, None for a text.

    :raises BadInput: not exactly one is given.  :raises UnknownId: not there, or not for this
        caller.  :raises NotAllowed: no more than its summary may be seen."""
    given = [one for one in (asked.text, asked.need_id, asked.patent_id) if one is not None]
    if len(given) != 1:
        raise BadInput("请在 text、need_id、patent_id 中写且只写一项。")
    if asked.text is not None:
        return None
    _, held = visible(desk, caller, "needs" if asked.need_id is not None else "patents", given[0])
    if not may_with(caller, "match_from", held):
        raise NotAllowed("这条记录的详情您看不到,不能用它来匹配。")
    return held


def _answer(matcher: Matcher, asked: MatchIn, wanted: Filter, without: Set[str]) -> Answer:
    k = asked.k
    if asked.need_id is not None:
        return matcher.match_need(asked.need_id, k=k, filter=wanted, without=without)
    if asked.patent_id is not None:
        return matcher.match_patent(asked.patent_id, k=k, filter=wanted, without=without)
    text = asked.text or ""
    return matcher.match(text, k=k, filter=wanted, side=asked.side, without=without)


def _side(asked: MatchIn) -> Side:
    """Which side is found."""
    if asked.text is not None:
        return asked.side
    return "patents" if asked.need_id is not None else "needs"


def _finds(desk: Desk, caller: Caller, matches: Sequence[Match], side: Side) -> list[Find]:
    """The matches whose record is still there."""
    store = desk.matcher.store
    ids = [one.patent_id if side == "patents" else one.need_id for one in matches]
    there: Mapping[str, Any] = (
        store.known_patents(ids) if side == "patents" else store.known_needs(ids)
    )
    pairs = [(one, there[id]) for one, id in zip(matches, ids, strict=True) if id in there]
    held = store.owners.held([record for _, record in pairs], acting(caller))
    return [Find(*pair, one) for pair, one in zip(pairs, held, strict=True)]


def _told(caller: Caller, find: Find, asker: Held | None, *, explain: bool) -> MatchOut:
    mine: Sight = "everything" if asker is None else sight(caller, asker)
    theirs, found = sight(caller, find.held), find.held.side
    need, patent = (mine, theirs) if found == "patents" else (theirs, mine)
    seen = tidy(shown_match(find.match, need, patent))
    values: dict[str, Any] = {
        "rank": seen.rank, "need_id": seen.need_id, "patent_id": seen.patent_id,
        "grade": seen.grade, "chance": seen.chance, "score": seen.score,
        "evidence": seen.evidence, "missing": seen.missing, "risks": seen.risks,
        "checks": seen.checks,
    }  # fmt: skip
    values["patent" if found == "patents" else "need"] = record_told(caller, find.record, find.held)
    if explain:
        values["parts"], values["explanation"] = seen.parts, seen.explain()
    return MatchOut(**values)
