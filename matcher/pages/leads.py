"""对接: the matches that concern one's organisation, by stage, and the life of each."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Annotated, Any, ClassVar, get_args
from urllib.parse import urlencode

from fastapi import APIRouter, Query
from fastapi.responses import RedirectResponse
from pydantic import BaseModel, BeforeValidator

from matcher.access.life import STAGES, Stage
from matcher.access.policy import Side, may
from matcher.pages.cards import company_of, facts_of, owner_of
from matcher.pages.choices import REASONS
from matcher.pages.forms import WRONG, FormDep, blank, day_of, said
from matcher.pages.frame import LIVE, Page, Visit, VisitDep, rendered
from matcher.pages.needs import need_address
from matcher.web.life import match, matches, step, told_lead
from matcher.web.life_shapes import LeadOut, Leads, StepIn, StepOut, Wanted
from matcher.web.shapes import After, Id

router = APIRouter(include_in_schema=False)
SHOWN = 20
SIDES: dict[Side, str] = {"needs": "需求方", "patents": "专利方"}
VERBS: dict[Stage, str] = {
    "read": "标为已读", "willing": "愿意对接", "meeting": "开始洽谈", "intention": "达成意向",
    "contract": "已签约", "filed": "已备案",
}  # fmt: skip
ORDER: tuple[Stage, ...] = get_args(Stage)
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
    """The board: how many at each stage, and a page of those of one."""

    TEMPLATE: ClassVar[str] = "leads.html"

    stages: tuple[tuple[str, str, int, bool], ...]
    items: tuple[LeadCard, ...]
    more: str
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
    """The address of the board."""

    stage: Annotated[Stage | None, BeforeValidator(blank)] = None
    waiting: bool = False
    after: After = ""


@router.get("/leads")
def leads(visit: VisitDep, asked: Annotated[LeadsAsk, Query()]) -> Any:
    """The board."""
    counts = visit.desk.matcher.store.leads.counts(visit.mine)
    store = visit.desk.matcher.store.leads
    if asked.waiting:
        listed = store.waiting(visit.mine, after=asked.after, limit=SHOWN + 1)
        items = [told_lead(visit.desk, visit.caller, one) for one in listed[:SHOWN]]
        found = Leads(items=items, next=items[-1].id if len(listed) > SHOWN else None)
    else:
        wanted = Wanted(after=asked.after, limit=SHOWN, stage=asked.stage)
        found = matches(wanted, visit.desk, visit.caller)
    everything = asked.stage is None and not asked.waiting
    waiting = store.count_waiting(visit.mine)
    tabs = [("全部", "/leads", sum(counts.values()), everything),
            ("待我答复", "/leads?waiting=true", waiting, asked.waiting)]  # fmt: skip
    for one in ORDER:
        here = asked.stage == one and not asked.waiting
        tabs.append((STAGES[one], f"/leads?stage={one}", counts.get(one, 0), here))
    place = {"waiting": "true"} if asked.waiting else {"stage": asked.stage or ""}
    kept = {**place, "after": found.next or ""}
    return rendered(LeadsPage(
        frame=visit.frame("对接", scripts=LIVE), stages=tuple(tabs), reasons=REASONS,
        items=tuple(_card(visit, one) for one in found.items),
        more=f"/leads?{urlencode(kept)}" if found.next else "",
    ))  # fmt: skip


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
        owner=" · ".join((owner_of(patent), facts_of(patent))) if patent else "",
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
