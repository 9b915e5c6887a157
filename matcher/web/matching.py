"""Matches for a text, a need or a patent, under filters and under the policy."""

from collections.abc import Sequence
from dataclasses import dataclass, fields
from typing import Any

from fastapi import APIRouter

from matcher.access.hiding import shown_match, tells
from matcher.access.people import Caller
from matcher.access.policy import Held, Side, Sight, acting, may_with, sight
from matcher.engine import Matcher
from matcher.errors import BadInput, NotAllowed
from matcher.export.release import tidy
from matcher.matches import Answer, Match
from matcher.records import Filter, Need, Patent
from matcher.reference.wanted import filter_from
from matcher.retrieve.filters import used
from matcher.web.desk import Desk, DeskDep
from matcher.web.guard import CallerDep
from matcher.web.records import visible
from matcher.web.shapes import FilterIn, Matches, MatchIn, MatchOut
from matcher.web.told import record_told

router = APIRouter(tags=["match"])
DEEPEST = 200


@dataclass(frozen=True, slots=True)
class Find:
    """A match with the record found and what decides over it."""

    match: Match
    record: Patent | Need
    held: Held


@router.post("/match", response_model=Matches, response_model_exclude_unset=True)
def match(asked: MatchIn, desk: DeskDep, caller: CallerDep) -> Any:
    """The best of what the caller may see, with the reason for each."""
    wanted, asker = _filter(asked.filter), _asker(asked, desk, caller)
    seen = _seen(asked, desk, caller, wanted)
    best = max((find.match.chance for find in seen), default=0.0)
    told = [_told(caller, find, asker, explain=asked.explain) for find in seen[: asked.k]]
    for rank, one in enumerate(told, 1):
        one.rank = rank
    return Matches(items=told, no_match=best < desk.settings.match.no_match)


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


def _seen(asked: MatchIn, desk: Desk, caller: Caller, wanted: Filter) -> list[Find]:
    """At least the k best that the caller may see, if there are so many among the DEEPEST."""
    k = asked.k
    while True:
        with desk.asking() as matcher:
            answer = _answer(matcher, asked, k, wanted)
        finds = _finds(desk, caller, answer.matches, _side(asked))
        seen = [find for find in finds if not _kept_back(caller, find.held, wanted)]
        if len(seen) >= asked.k or len(finds) < k or k == DEEPEST:
            return seen
        k = min(2 * k, DEEPEST)


def _answer(matcher: Matcher, asked: MatchIn, k: int, wanted: Filter) -> Answer:
    if asked.need_id is not None:
        return matcher.match_need(asked.need_id, k=k, filter=wanted)
    if asked.patent_id is not None:
        return matcher.match_patent(asked.patent_id, k=k, filter=wanted)
    return matcher.match(asked.text or "", k=k, filter=wanted, side=asked.side)


def _side(asked: MatchIn) -> Side:
    """Which side is found."""
    if asked.text is not None:
        return asked.side
    return "patents" if asked.need_id is not None else "needs"


def _filter(asked: FilterIn) -> Filter:
    given = {item.name: getattr(asked, item.name) for item in fields(Filter)}
    for name in ("filed_from", "filed_to"):
        if given[name] is not None:
            given[name] = given[name].isoformat()
    return filter_from(given)


def _finds(desk: Desk, caller: Caller, matches: Sequence[Match], side: Side) -> list[Find]:
    store = desk.matcher.store
    records: list[Any] = (
        store.patents([one.patent_id for one in matches])
        if side == "patents"
        else store.needs([one.need_id for one in matches])
    )
    return list(map(Find, matches, records, store.owners.held(records, acting(caller))))


def _kept_back(caller: Caller, held: Held, wanted: Filter) -> bool:
    """Not to be seen, or found by something that is not to be seen."""
    depth = sight(caller, held)
    return depth == "nothing" or tells(held.side, depth, used(wanted))


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
