"""对接: the matches that concern one's organisation, by stage, and the life of each."""

from bisect import bisect_right
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Annotated, Any, ClassVar, get_args
from urllib.parse import urlencode

from fastapi import APIRouter, Query, Response
from fastapi.responses import RedirectResponse
from pydantic import BaseModel, BeforeValidator

from matcher.access.life import STAGES, Stage
from matcher.access.policy import Side, may
from matcher.export.simple import Sheet, workbook
from matcher.pages.cards import company_of, owner_of
from matcher.pages.cards import facts_of as patent_facts
from matcher.pages.choices import REASONS
from matcher.pages.forms import WRONG, FormDep, blank, day_of, said
from matcher.pages.frame import LIVE, Page, Visit, VisitDep, attached, rendered
from matcher.pages.needs import need_address
from matcher.web.figures import By, Figure, behind, facts_of
from matcher.web.life import match, matches, step, told_lead
from matcher.web.life_shapes import LeadOut, Leads, StepIn, StepOut, Wanted
from matcher.web.shapes import After, Id, Line

router = APIRouter(include_in_schema=False)
SHOWN = 20
HEAD = ("阶段", "需求", "企业", "专利", "专利权人", "需求方的答复", "专利方的答复", "拒绝原因",
        "最近一步")  # fmt: skip
SIDES: dict[Side, str] = {"needs": "需求方", "patents": "专利方"}
VERBS: dict[Stage, str] = {
    "read": "标为已读", "willing": "愿意对接", "meeting": "开始洽谈", "intention": "达成意向",
    "contract": "已签约", "filed": "已备案",
}  # fmt: skip
ORDER: tuple[Stage, ...] = get_args(Stage)
FIGURES: dict[Figure, str] = {
    "pushed": "推送", "read": "已读", "willing": "愿意(任一方)", "agreed": "双方愿意",
    "meeting": "洽谈", "intention": "意向", "contract": "签约", "filed": "备案",
    "refused": "拒绝",
}  # fmt: skip
"""What figures count: matches that ever came that far."""
GONE = "(已撤回)"


@dataclass(frozen=True, slots=True, kw_only=True)
class LeadCard:
    """A match under way.  `next`: the steps that the caller may take, as codes and verbs."""

    id: str
    stage: str
    need: str
    need_address: str
    company: str
    patent: str
    patent_address: str
    owner: str
    answers: str
    at: str
    next: tuple[tuple[str, str], ...]
    refusable: bool
    agreed: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Passed:
    """A step that was taken."""

    at: str
    stage: str
    by: str
    reason: str
    note: str


@dataclass(frozen=True, slots=True, kw_only=True)
class LeadsPage(Page):
    """The board: how many at each stage, and a page of those of one, or of `only` those behind a
    figure."""

    TEMPLATE: ClassVar[str] = "leads.html"

    stages: tuple[tuple[str, str, int, bool], ...]
    items: tuple[LeadCard, ...]
    only: str
    more: str
    export: str
    reasons: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class LeadPage(Page):
    """One: both sides, its steps, contacts once both agreed, and what may be done next."""

    TEMPLATE: ClassVar[str] = "lead.html"

    lead: LeadCard
    contacts: tuple[tuple[str, str], ...]
    steps: tuple[Passed, ...]
    reasons: tuple[str, ...]


class LeadsAsk(BaseModel):
    """The address of the board: of a stage, of what waits for one's answer, or of what a figure
    counts (of one group, refused for one reason)."""

    stage: Annotated[Stage | None, BeforeValidator(blank)] = None
    waiting: bool = False
    figure: Annotated[Figure | None, BeforeValidator(blank)] = None
    by: Annotated[By | None, BeforeValidator(blank)] = None
    of: Annotated[Line | None, BeforeValidator(blank)] = None
    reason: Annotated[Line | None, BeforeValidator(blank)] = None
    after: After = ""


@router.get("/leads")
def leads(visit: VisitDep, asked: Annotated[LeadsAsk, Query()]) -> Any:
    """The board."""
    counts = visit.desk.matcher.store.leads.counts(visit.mine)
    waiting = visit.desk.matcher.store.leads.count_waiting(visit.mine)
    found, place = _found(visit, asked, _counted(visit, asked)), _place(asked)
    everything = not (asked.stage or asked.waiting or asked.figure)
    tabs = [("全部", "/leads", sum(counts.values()), everything),
            ("待我答复", "/leads?waiting=true", waiting, asked.waiting)]  # fmt: skip
    for one in ORDER:
        here = asked.stage == one and not (asked.waiting or asked.figure)
        tabs.append((STAGES[one], f"/leads?stage={one}", counts.get(one, 0), here))
    return rendered(LeadsPage(
        frame=visit.frame("对接", scripts=LIVE), stages=tuple(tabs), reasons=REASONS,
        items=tuple(_card(visit, one) for one in found.items), only=_only(asked),
        more=f"/leads?{urlencode({**place, 'after': found.next})}" if found.next else "",
        export=f"/leads/export?{urlencode(place)}" if found.items else "",
    ))  # fmt: skip


@router.get("/leads/export")
def export(visit: VisitDep, asked: Annotated[LeadsAsk, Query()]) -> Response:
    """What the board shows, all pages of it, as a workbook."""
    return attached(workbook([Sheet("对接", HEAD, _rows(visit, asked))]), "对接.xlsx")


def _rows(visit: Visit, asked: LeadsAsk) -> Iterator[tuple[str, ...]]:
    counted, after = _counted(visit, asked), ""
    while True:
        found = _found(visit, asked.model_copy(update={"after": after}), counted)
        for one in found.items:
            shown = _card(visit, one)
            reasons = [step.refusal_code for step in one.steps if step.refusal_code]
            yield (shown.stage, shown.need, shown.company, shown.patent, shown.owner,
                   STAGES[one.need_answer], STAGES[one.patent_answer], "、".join(reasons),
                   shown.at)  # fmt: skip
        if found.next is None:
            return
        after = found.next


def _counted(visit: Visit, asked: LeadsAsk) -> list[str]:
    """The ids of what the figure asked for counts, in order; none where none is asked for."""
    if asked.figure is None:
        return []
    group = (asked.by, asked.of) if asked.by and asked.of else None
    facts = facts_of(visit.desk, visit.caller)
    return behind(facts, asked.figure, group, asked.reason or "")


def _found(visit: Visit, asked: LeadsAsk, counted: Sequence[str]) -> Leads:
    """A page of what the address asks for; `counted` are the ids behind its figure."""
    desk, caller, store = visit.desk, visit.caller, visit.desk.matcher.store.leads
    if asked.figure is None and not asked.waiting:
        wanted = Wanted(after=asked.after, limit=SHOWN, stage=asked.stage)
        page: Leads = matches(wanted, desk, caller)
        return page
    if asked.figure is None:
        listed = store.waiting(visit.mine, after=asked.after, limit=SHOWN + 1)
    else:
        start = bisect_right(counted, asked.after)
        listed = store.some(visit.mine, counted[start : start + SHOWN + 1])
    items = [told_lead(desk, caller, one) for one in listed[:SHOWN]]
    return Leads(items=items, next=items[-1].id if len(listed) > SHOWN else None)


def _place(asked: LeadsAsk) -> dict[str, str]:
    """What the address asks for, but for where in the list."""
    if asked.figure is not None:
        told = {"figure": asked.figure, "by": asked.by, "of": asked.of, "reason": asked.reason}
        return {name: value for name, value in told.items() if value}
    return {"waiting": "true"} if asked.waiting else {"stage": asked.stage or ""}


def _only(asked: LeadsAsk) -> str:
    """Which matches are behind a figure, in words."""
    if asked.figure is None:
        return ""
    said_of = [FIGURES[asked.figure], asked.reason or ""]
    if asked.by and asked.of:
        said_of.append(asked.of)
    return " · ".join(word for word in said_of if word)


@router.get("/lead")
def lead(visit: VisitDep, id: Id) -> Any:
    """One of them."""
    return _shown(visit, match(id, visit.desk, visit.caller))


@router.post("/lead/step")
def take(visit: VisitDep, form: FormDep) -> Any:
    """The next step for one's own side; back to where the button was."""
    id, back = form.one("id"), form.one("back")
    reason = form.one("refusal_code")
    given: dict[str, Any] = {"stage": "refused" if reason else form.one("stage"),
                             "note": form.one("note")}  # fmt: skip
    if reason:
        given["refusal_code"] = reason
    try:
        done = step(id, StepIn.model_validate(given), visit.desk, visit.caller)
    except WRONG as error:
        return _shown(visit, match(id, visit.desk, visit.caller), notice=said(error))
    if back == "leads":
        return RedirectResponse(f"/leads?stage={done.stage}", 303)
    return _shown(visit, done, done=f"已记为“{STAGES[done.stage]}”,双方都看得到。")


def _shown(visit: Visit, told: LeadOut, *, notice: str = "", done: str = "") -> Any:
    contacts = []
    if told.agreed:
        need, patent = told.need, told.patent
        contacts = [
            ("需求方联系人", getattr(need, "contact", None) or "(对方没有填写)"),
            ("专利方联系人", getattr(getattr(patent, "terms", None), "contact", None)
             or "(对方没有填写)"),
        ]  # fmt: skip
    page = LeadPage(
        frame=visit.frame("对接详情", notice=notice, done=done, scripts=LIVE),
        lead=_card(visit, told), contacts=tuple(contacts), reasons=REASONS,
        steps=tuple(_passed(one) for one in told.steps),
    )  # fmt: skip
    return rendered(page, 409 if notice else 200)


def _card(visit: Visit, told: LeadOut) -> LeadCard:
    need, patent = told.need, told.patent
    writes = may(visit.caller, "answer") and bool(told.mine)
    free: Sequence[Stage] = [one for one in told.next if one != "refused"] if writes else ()
    return LeadCard(
        id=told.id, stage=STAGES[told.stage],
        need=getattr(need, "title", None) or GONE, need_address=need_address(told.need_id),
        company=company_of(need, getattr(need, "owner", None)),
        patent=getattr(patent, "title", None) or GONE,
        patent_address=f"/patent?{urlencode({'id': told.patent_id})}",
        owner=" · ".join((owner_of(patent), patent_facts(patent))) if patent else "",
        answers=f"需求方:{STAGES[told.need_answer]} · 专利方:{STAGES[told.patent_answer]}",
        at=day_of(told.steps[-1].at), next=tuple((one, VERBS[one]) for one in free),
        refusable=writes and "refused" in told.next, agreed=told.agreed,
    )  # fmt: skip


def _passed(one: StepOut) -> Passed:
    who = one.organisation.name if one.organisation else "对方"
    side = f"({SIDES[one.side]})" if one.side else ""
    return Passed(
        at=day_of(one.at), stage=STAGES[one.stage], by=f"{who}{side}",
        reason=one.refusal_code or "", note=one.note,
    )  # fmt: skip
