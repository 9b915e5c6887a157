"""The needs of a company, or of a park's companies: their list, and each with what was found."""

from collections.abc import Iterator, Mapping
from contextlib import suppress
from dataclasses import dataclass, replace
from itertools import islice
from typing import Annotated, Any, ClassVar, get_args
from urllib.parse import urlencode

from fastapi import APIRouter, Query, Response
from fastapi.responses import RedirectResponse
from pydantic import BaseModel, BeforeValidator

from matcher.access.life import STAGES
from matcher.access.policy import may, may_with
from matcher.errors import Taken, UnknownId
from matcher.export.simple import Sheet, workbook
from matcher.pages.cards import Card, card, company_of
from matcher.pages.choices import REASONS, Star, answered, choices, star, stars
from matcher.pages.finding import Asked, Group, Search, Told, groups_of, told_of
from matcher.pages.forms import WRONG, FormDep, blank, day_of, said
from matcher.pages.frame import LIVE, Page, Visit, VisitDep, attached, rendered
from matcher.records import Aspect, Need
from matcher.store.owners import Order, Wanted
from matcher.text.labels import ASPECTS
from matcher.web.batches import GOOD
from matcher.web.entering import withdraw_need
from matcher.web.matching import found
from matcher.web.records import visible
from matcher.web.shapes import After, Id, Line, MatchIn, MatchOut
from matcher.web.told import record_told
from matcher.web.watching import WatchIn, unwatch, watch_need

router = APIRouter(include_in_schema=False)
SHOWN = 20
BLOCK = 500
HEAD = ("编号", "需求名称", "企业", "密级", "关键字", "合作方式", "拟投入资金", "需求时限",
        "主要问题", "技术关键", "预期目标", "对接")  # fmt: skip
LISTED = 10
DONE = {
    "made": "需求已登记。下面是目前找到的专利。", "changed": "修改已保存。",
    "watched": "已关注:有新的合适专利时,会用邮件告诉您。", "unwatched": "不再关注这条需求。",
    "withdrawn": "需求已撤回。", "dropped": "草稿已删去。", "kept": "草稿已保存。",
}  # fmt: skip
ORDERS: dict[Order, str] = {"id": "编号", "title": "名称拼音", "date": "需求时限(近在前)"}
SAID: tuple[Aspect, ...] = ("main_problem", "key_technology", "expected_goal", "content")


Words = Annotated[Line | None, BeforeValidator(blank)]


def known_order(value: object) -> object:
    """An order of ours, else the first."""
    return value if value in get_args(Order) else "id"


@dataclass(frozen=True, slots=True, kw_only=True)
class Item:
    """A need in a list."""

    id: str
    title: str
    company: str
    level: str
    facts: str
    address: str
    stages: tuple[tuple[str, int], ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class NeedsPage(Page):
    """我的需求."""

    TEMPLATE: ClassVar[str] = "needs.html"

    items: tuple[Item, ...]
    drafts: tuple[tuple[str, str, str], ...]
    q: str
    more: str
    first: bool
    writes: bool
    of_park: bool
    export: str
    order: Order
    orders: tuple[tuple[str, str, bool], ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class NeedPage(Page):
    """One need, and the patents found for it."""

    TEMPLATE: ClassVar[str] = "need.html"

    id: str
    title: str
    company: str
    level: str
    facts: str
    texts: tuple[tuple[str, str], ...]
    asked: Asked
    told: Told | None
    reasons: tuple[str, ...]
    writes: bool
    watch: str
    watches: bool
    groups: tuple[Group, ...]
    star: Star | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Light(Page):
    """How many good matches a need has, as a traffic light in a list."""

    TEMPLATE: ClassVar[str] = "light.html"

    good: int


class NeedsAsk(BaseModel):
    """The address of a list of needs."""

    after: After = ""
    q: Words = None
    company: Words = None
    order: Annotated[Order, BeforeValidator(known_order)] = "id"
    done: Words = None


class NeedAsk(Search):
    """The address of a need, and the filters of its list."""

    id: Id
    done: Words = None


@router.get("/needs")
def needs(visit: VisitDep, asked: Annotated[NeedsAsk, Query()]) -> Any:
    """A page of them."""
    mine, person, caller = visit.mine, visit.person, visit.caller
    store, park = visit.desk.matcher.store, may(caller, "run_park")
    listed = store.owners.desk("needs", _wanted(visit, asked), after=asked.after, limit=SHOWN + 1)
    seen = [pair for pair in listed[:SHOWN] if may_with(caller, "read_details", pair[1])]
    stages = _stages(visit, mine, [record.id for record, _ in seen])
    items = tuple(
        _item(record, held.level, company_of(record, held.owner), stages.get(record.id, {}))
        for record, held in seen
        if isinstance(record, Need)
    )
    kept = {"q": asked.q, "company": asked.company, "order": asked.order}
    more = _address("/needs", {**kept, "after": listed[SHOWN - 1][0].id if len(listed) > SHOWN
                               else None}) if len(listed) > SHOWN else ""  # fmt: skip
    writes = may(caller, "upload_needs")
    frame = visit.frame(
        "园区企业的需求" if park else "我的需求", done=DONE.get(asked.done or "", ""), scripts=LIVE
    )
    return rendered(NeedsPage(
        frame=frame, items=items, q=asked.q or "", more=more, first=not asked.after,
        writes=writes, of_park=park, export=_address("/needs/export", kept),
        orders=tuple((word, _address("/needs", {**kept, "order": order}), order == asked.order)
                     for order, word in ORDERS.items()), order=asked.order,
        drafts=tuple(
            (one.id, (one.content.get("title") or ["(还没有名称)"])[0], day_of(one.changed_at))
            for one in (store.drafts.of(person, mine) if writes else ())
        ),
    ))  # fmt: skip


@router.get("/needs/export")
def export(visit: VisitDep, asked: Annotated[NeedsAsk, Query()]) -> Response:
    """The list as it is filtered, as a workbook."""
    return attached(workbook([Sheet("需求", HEAD, _rows(visit, asked))]), "需求.xlsx")


@router.get("/need")
def need(visit: VisitDep, asked: Annotated[NeedAsk, Query()]) -> Any:
    """One, with what was found."""
    return _shown(visit, asked)


@router.get("/need/light")
def light(visit: VisitDep, id: Id) -> Any:
    """How well one is served."""
    matches = found(MatchIn(need_id=id, k=LISTED), visit.desk, visit.caller)
    good = sum(one.grade >= GOOD for one in matches.items)
    return rendered(Light(frame=visit.part, good=good))


@router.post("/need/answer")
def answer(visit: VisitDep, form: FormDep) -> Any:
    """愿意对接, or 暂不 with its reason."""
    asked = NeedAsk(id=form.one("need_id") or "?")
    try:
        done = answered(visit, form)
    except WRONG as error:
        return _shown(visit, asked, notice=said(error))
    return _shown(visit, asked, done=done)


@router.post("/need/watch")
def watch(visit: VisitDep, form: FormDep) -> Any:
    """Be told of new patents, or no more."""
    id, known = form.one("need_id"), form.one("watch_id")
    if known:
        unwatch(known, visit.desk, visit.caller)
        return _to(id, "unwatched")
    with suppress(Taken):  # asked twice
        watch_need(WatchIn(need_id=id), visit.desk, visit.caller)
    return _to(id, "watched")


@router.post("/need/withdraw")
def withdraw(visit: VisitDep, form: FormDep) -> Any:
    """Take one out."""
    id = form.one("need_id")
    try:
        withdraw_need((id, "*"), visit.desk, visit.caller)
    except UnknownId:
        raise
    except WRONG as error:
        return _shown(visit, NeedAsk(id=id or "?"), notice=said(error))
    return RedirectResponse("/needs?done=withdrawn", 303)


def _wanted(visit: Visit, asked: NeedsAsk) -> Wanted:
    return Wanted(visit.mine, asked.company, asked.q or "", asked.order)


def need_address(id: str) -> str:
    """Of a need's page."""
    return f"/need?{urlencode({'id': id})}"


def _to(id: str, done: str) -> RedirectResponse:
    return RedirectResponse(f"{need_address(id)}&done={done}", 303)


def _shown(visit: Visit, asked: NeedAsk, *, done: str = "", notice: str = "") -> Any:
    desk, caller = visit.desk, visit.caller
    record, held = visible(desk, caller, "needs", asked.id)
    shown = record_told(caller, record, held)
    wanted = replace(asked.asked, base=(("id", asked.id),), path="/need")
    told: Told | None = None
    groups: tuple[Group, ...] = ()
    if may_with(caller, "match_from", held):
        try:
            told = _found(visit, asked.id, wanted)
            groups = groups_of(visit, wanted)
        except WRONG as error:
            notice = notice or said(error)
    watches = desk.matcher.store.watches.of(visit.person, visit.mine)
    frame = visit.frame(
        shown.title or "需求", notice=notice, done=done or DONE.get(asked.done or "", ""),
        scripts=LIVE,
    )  # fmt: skip
    return rendered(NeedPage(
        frame=frame, id=asked.id, title=shown.title or "(未公开)",
        company=company_of(shown, held.owner),
        level=held.level, facts=_facts(shown), asked=wanted, told=told, reasons=REASONS,
        texts=tuple((ASPECTS[name], getattr(shown, name)) for name in SAID
                    if getattr(shown, name, None)),
        writes=may(caller, "upload_needs") and may_with(caller, "edit", held),
        watch=next((one.id for one in watches if one.need_id == asked.id), ""),
        watches=may(caller, "watch"), groups=groups,
        star=star(visit, "needs", asked.id),
    ), 422 if notice else 200)  # fmt: skip


def _found(visit: Visit, id: str, asked: Asked) -> Told:
    match = MatchIn(need_id=id, filter=asked.filter, k=asked.k)
    matches = found(match, visit.desk, visit.caller)
    open_for = choices(visit, [(id, one.patent_id) for one in matches.items], "needs")

    held = stars(visit, "patents", [one.patent_id for one in matches.items])

    def shown(one: MatchOut) -> Card:
        why = urlencode([("need_id", id), *asked.kept, ("patent_id", one.patent_id)])
        choice = open_for.get((id, one.patent_id))
        return card(one, f"/why?{why}", choice, held.get(one.patent_id))

    return told_of(asked, matches, [shown(one) for one in matches.items])


def _rows(visit: Visit, asked: NeedsAsk) -> Iterator[tuple[str, ...]]:
    wanted = _wanted(visit, asked)
    every = visit.desk.matcher.store.owners.each("needs", wanted)
    while listed := list(islice(every, BLOCK)):
        stages = _stages(visit, visit.mine, [record.id for record, _ in listed])
        for record, held in listed:
            if isinstance(record, Need) and may_with(visit.caller, "read_details", held):
                told = "、".join(f"{word} {n}" for word, n in stages.get(record.id, {}).items())
                yield (record.id, record.title, company_of(record, held.owner), held.level,
                       "、".join(record.keywords), "、".join(record.modes), record.budget_text,
                       record.deadline_text, record.main_problem, record.key_technology,
                       record.expected_goal, told)  # fmt: skip


def _stages(visit: Visit, mine: str, ids: list[str]) -> Mapping[str, dict[str, int]]:
    """How many matches of each need are at which stage, in words."""
    found: dict[str, dict[str, int]] = {}
    for lead in visit.desk.matcher.store.leads.of_records(mine, "needs", ids):
        counts = found.setdefault(lead.need_id, {})
        word = STAGES[lead.stage]
        counts[word] = counts.get(word, 0) + 1
    return found


def _item(need: Need, level: str, company: str, stages: Mapping[str, int]) -> Item:
    return Item(
        id=need.id, title=need.title, company=company, level=level, facts=_facts(need),
        address=need_address(need.id), stages=tuple(stages.items()),
    )  # fmt: skip


def _facts(need: Any) -> str:
    told = []
    if need.keywords:
        told.append("、".join(need.keywords))
    if need.modes:
        told.append("、".join(need.modes))
    if need.budget_text:
        told.append(f"拟投入 {need.budget_text}")
    if need.deadline_text or need.deadline:
        told.append(f"时限 {need.deadline_text or need.deadline.isoformat()}")
    return " · ".join(told)


def _address(path: str, kept: Mapping[str, str | None]) -> str:
    return f"{path}?{urlencode({name: value for name, value in kept.items() if value})}"
