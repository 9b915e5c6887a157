"""Statistics, for those who watch over the whole, and of one's own matches for the others."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta, timezone
from types import MappingProxyType
from typing import Literal

from fastapi import APIRouter
from pydantic import BaseModel

from matcher.access.life import Stage
from matcher.access.people import Caller
from matcher.access.policy import Side, acting, may
from matcher.retrieve.facets import Facet
from matcher.statistics import by_province, division_name, province_name
from matcher.store.figures import LeadFact
from matcher.web.desk import Desk, DeskDep
from matcher.web.guard import CallerDep
from matcher.web.shapes import Count, Counts, counts_told

router = APIRouter(tags=["statistics"])
NAMING = ("专利申请人",)
Figure = Literal["pushed", "read", "willing", "refused", "agreed", "meeting", "intention",
                 "contract", "filed"]  # fmt: skip
By = Literal["month", "region", "park", "industry", "company", "centre"]
CHINA = timezone(timedelta(hours=8))
UNSAID = "(未填)"
SIDES: tuple[Side, ...] = ("patents", "needs")


class Funnel(BaseModel):
    """Of so many matches that were `pushed` how many ever reached each later stage, by either
    side (who answers has `read`); `agreed`: both sides answered 愿意对接."""

    pushed: int
    read: int
    willing: int
    refused: int
    agreed: int
    meeting: int
    intention: int
    contract: int
    filed: int


class Group(Funnel):
    """The matches of one month, region (province of the need), park, industry, company or centre,
    and, for those who watch over the whole, how many patents and needs stand behind it (null
    where that cannot be said)."""

    name: str
    supply: int | None
    demand: int | None


class MatchFigures(BaseModel):
    """In all, by group, and why was refused, most first."""

    total: Funnel
    groups: list[Group]
    refusals: list[Count]


@dataclass(frozen=True, slots=True, kw_only=True)
class Facts:
    """The matches that a caller's figures count, the names of organisations by id, and whether
    these are all matches there are."""

    leads: Sequence[LeadFact]
    names: Mapping[str, str]
    everything: bool


@router.get("/statistics")
def statistics(desk: DeskDep) -> Counts:
    """Counts of both sides, without the tables that name organisations: some keep back theirs."""
    with desk.asking() as matcher:
        found = matcher.statistics()
    return Counts(
        patents=found.patents, needs=found.needs, feedback=found.feedback,
        tables={
            title: counts_told(held) for title, held in found.tables.items() if title not in NAMING
        },
    )  # fmt: skip


@router.get("/statistics/matches")
def match_statistics(desk: DeskDep, caller: CallerDep, by: By = "month") -> MatchFigures:
    """What became of matches: of all, for those who watch over the whole, else of those that
    concern one's organisation."""
    return grouped_by(desk, facts_of(desk, caller), by)


def china_time(at: int) -> datetime:
    """Seconds since 1970 as they are told in China."""
    return datetime.fromtimestamp(at, UTC).astimezone(CHINA)


def facts_of(desk: Desk, caller: Caller) -> Facts:
    """What the figures of this caller are made of, read once."""
    everything, figures = may(caller, "read_statistics"), desk.matcher.store.figures
    facts = figures.leads(None if everything else acting(caller))
    return Facts(leads=facts, names=figures.names(), everything=everything)


def grouped_by(desk: Desk, held: Facts, by: By) -> MatchFigures:
    """In all, by group, and why was refused."""
    facts, names, everything = held.leads, held.names, held.everything
    grouped: dict[str, list[LeadFact]] = {}
    for fact in facts:
        for name in KEYS[by](fact, names):
            grouped.setdefault(name, []).append(fact)
    supply, demand = _sides(desk, by) if everything else ({}, {})
    every = sorted({*grouped, *supply, *demand}, reverse=by == "month")
    known = everything and by in BOTH
    groups = [
        Group(
            name=name, **_funnel(grouped.get(name, ())).model_dump(),
            supply=supply.get(name, 0) if known and by != "company" else None,
            demand=demand.get(name, 0) if known and by != "centre" else None,
        )
        for name in every
    ]  # fmt: skip
    refusals: dict[str, int] = {}
    for code in (code for fact in facts for code in fact.refusals):
        refusals[code] = refusals.get(code, 0) + 1
    return MatchFigures(
        total=_funnel(facts), groups=groups,
        refusals=counts_told(sorted(refusals.items(), key=lambda pair: (-pair[1], pair[0]))),
    )  # fmt: skip


def behind(
    held: Facts, figure: Figure, group: tuple[By, str] | None = None, reason: str = ""
) -> list[str]:
    """The ids of the matches that a figure counts, by id: of all, or of one group; those that were
    refused for one reason if asked."""
    return [
        fact.id for fact in held.leads
        if REACHED[figure](fact)
        and (group is None or group[1] in KEYS[group[0]](fact, held.names))
        and (not reason or reason in fact.refusals)
    ]  # fmt: skip


def _funnel(facts: Sequence[LeadFact]) -> Funnel:
    return Funnel(**{name: sum(map(counts, facts)) for name, counts in REACHED.items()})


def _sides(desk: Desk, by: By) -> tuple[dict[str, int], dict[str, int]]:
    """How many patents and needs each group has."""
    store, held = desk.matcher.store, desk.matcher.library
    if by == "centre":
        return store.figures.owned("patents"), {}
    if by == "company":
        return {}, store.figures.owned("needs")
    if by == "region":
        made, asked = (by_province(store.count_by(side, "region")) for side in SIDES)
        return made, asked
    if by == "park":
        made, asked = (_parks(store.count_by(side, "park")) for side in SIDES)
        return made, asked
    if by == "industry":
        made, asked = (
            _industries(corpus.columns.facets["industry"]) for corpus in (held.patents, held.needs)
        )
        return made, asked
    return {}, {}


def _parks(counts: Sequence[tuple[str, int]]) -> dict[str, int]:
    return {name or UNSAID: count for name, count in counts}


def _industries(facet: Facet) -> dict[str, int]:
    return {division_name(code): count for code, count in facet.counts(3).items()}


def _month(fact: LeadFact) -> str:
    return china_time(fact.pushed_at).strftime("%Y-%m")


def _divisions(fact: LeadFact) -> list[str]:
    return sorted({division_name(code) for code in fact.industries}) or [UNSAID]


def _reached(stage: Stage) -> Callable[[LeadFact], bool]:
    return lambda fact: stage in fact.stages


REACHED: Mapping[Figure, Callable[[LeadFact], bool]] = MappingProxyType({
    "pushed": lambda _: True,
    "read": lambda fact: len(fact.stages) > 1,  # who answers has read
    "willing": _reached("willing"),
    "refused": _reached("refused"),
    "agreed": lambda fact: fact.agreed,
    "meeting": _reached("meeting"),
    "intention": _reached("intention"),
    "contract": _reached("contract"),
    "filed": _reached("filed"),
})  # fmt: skip
"""Whether a match counts into a figure."""
BOTH: tuple[By, ...] = ("region", "park", "industry", "company", "centre")
KEYS: Mapping[By, Callable[[LeadFact, Mapping[str, str]], list[str]]] = MappingProxyType({
    "month": lambda fact, _: [_month(fact)],
    "region": lambda fact, _: [province_name(fact.region or "")],
    "park": lambda fact, _: [fact.park or UNSAID],
    "industry": lambda fact, _: _divisions(fact),
    "company": lambda fact, names: [names[fact.company]],
    "centre": lambda fact, names: [names[fact.centre]],
})  # fmt: skip
