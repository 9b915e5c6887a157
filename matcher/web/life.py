"""The life of a match: pushed, answered by either side, met, agreed, signed, filed."""

from typing import Annotated, Any

from fastapi import APIRouter, Depends, Query

from matcher.access.life import Lead, Step, allowed, taken
from matcher.access.people import Caller, Organisation
from matcher.access.policy import (
    Held,
    Side,
    acting,
    may_push,
    may_with,
    sees,
    sides_of,
)
from matcher.errors import BadInput, NotAllowed, UnknownId
from matcher.records import Need, Patent
from matcher.store.secret import new_id
from matcher.text.private import discreet
from matcher.web.desk import Desk, DeskDep
from matcher.web.guard import CallerDep
from matcher.web.life_shapes import LeadOut, Leads, PushIn, StepIn, StepOut, Wanted
from matcher.web.once import OnceRoute, once
from matcher.web.records import visible
from matcher.web.shapes import Id
from matcher.web.told import organisation_told, record_told

router = APIRouter(
    prefix="/matches", tags=["matches"], route_class=OnceRoute, dependencies=[Depends(once)]
)
NOBODY = "没有归属机构,没有人能答复,不能推送。请先由系统管理员把它归给一个机构。"


@router.post("", response_model=LeadOut, response_model_exclude_unset=True, status_code=201)
def push(asked: PushIn, desk: DeskDep, caller: CallerDep) -> Any:
    """Bring a need and a patent together, for their owners to answer."""
    _, need = visible(desk, caller, "needs", asked.need_id)
    _, patent = visible(desk, caller, "patents", asked.patent_id)
    if not may_push(caller, need, patent):
        raise NotAllowed("推送的需求和专利中,至少一方要归您的机构(园区可为园内企业推送)。")
    need_owner, patent_owner = _owner(need, "这条需求"), _owner(patent, "这件专利")
    if not (sees(patent_owner, need) and sees(need_owner, patent)):
        raise BadInput("对方看不到这条记录(授权可见),未推送。请先授权给对方机构,再推送。")
    mine, by = sides_of(caller, need_owner, patent_owner), _by(desk, caller)
    pushed = Step(stage="pushed", side=mine[0] if mine else None, note=asked.note, **by)
    lead = Lead(
        id=new_id("m"), need_id=asked.need_id, patent_id=asked.patent_id,
        need_owner=need_owner.id, patent_owner=patent_owner.id, steps=(pushed,),
    )  # fmt: skip
    for side in mine if asked.willing else ():
        lead = taken(lead, Step(stage="willing", side=side, **by))
    desk.matcher.store.leads.push(lead)
    return told_lead(desk, caller, lead)


@router.get("", response_model=Leads, response_model_exclude_unset=True)
def matches(wanted: Annotated[Wanted, Query()], desk: DeskDep, caller: CallerDep) -> Any:
    """Those that concern one's organisation, by id, a page at a time."""
    mine, limit = acting(caller), wanted.limit
    assert mine is not None
    found = desk.matcher.store.leads.page(
        mine, after=wanted.after, limit=limit + 1, stage=wanted.stage,
        about=(wanted.need_id, wanted.patent_id),
    )  # fmt: skip
    items = [told_lead(desk, caller, lead) for lead in found[:limit]]
    return Leads(items=items, next=items[-1].id if len(found) > limit else None)


@router.get("/{match_id}", response_model=LeadOut, response_model_exclude_unset=True)
def match(match_id: Id, desk: DeskDep, caller: CallerDep) -> Any:
    """One of them."""
    return told_lead(desk, caller, _mine(desk, caller, match_id))


@router.post("/{match_id}/steps", response_model=LeadOut, response_model_exclude_unset=True)
def step(match_id: Id, asked: StepIn, desk: DeskDep, caller: CallerDep) -> Any:
    """The next step for one's own side."""
    lead = _mine(desk, caller, match_id)
    mine = _sides(desk, caller, lead)
    if not mine:
        raise NotAllowed("只有需求方(或其园区)和专利方可以答复。")
    side = asked.side or mine[0]
    if side not in mine:
        raise NotAllowed("您不能替另一方答复。")
    taking = Step(
        stage=asked.stage, side=side, refusal_code=asked.refusal_code, note=asked.note,
        **_by(desk, caller),
    )  # fmt: skip
    return told_lead(desk, caller, desk.matcher.store.leads.step(lead.id, taking))


def _owner(held: Held, noun: str) -> Organisation:
    if held.owner is None:
        raise BadInput(f"{noun}{NOBODY}")
    return held.owner


def _by(desk: Desk, caller: Caller) -> dict[str, Any]:
    """Who takes a step, for whom, and when."""
    return {
        "organisation_id": acting(caller),
        "person_id": caller.person.id if caller.person else None,
        "at": desk.now,
    }


def _mine(desk: Desk, caller: Caller, id: str) -> Lead:
    """One that concerns the caller's organisation.  :raises UnknownId: it is not there, or does
    not: the two are told alike."""
    lead = desk.matcher.store.leads.lead(id)
    if not _sides(desk, caller, lead) and lead.steps[0].organisation_id != acting(caller):
        raise UnknownId("没有这项对接。请核对编号。", id=id)
    return lead


def _sides(desk: Desk, caller: Caller, lead: Lead) -> list[Side]:
    accounts = desk.matcher.store.accounts
    return sides_of(
        caller, accounts.organisation(lead.need_owner), accounts.organisation(lead.patent_owner)
    )


def told_lead(desk: Desk, caller: Caller, lead: Lead) -> LeadOut:
    """A match as far as the caller may see either side: who a step is by and what was noted is told
    of one's own side, and of the other as its record is."""
    mine = _sides(desk, caller, lead)
    records: dict[Side, Any] = {}
    known: set[Side | None] = {None, *mine}
    for side, id in (("needs", lead.need_id), ("patents", lead.patent_id)):
        record, held = _record(desk, caller, side, id)  # type: ignore[arg-type]
        if record is not None and may_with(caller, "see", held):
            records[side] = record_told(caller, record, held)  # type: ignore[index]
            if may_with(caller, "read_details", held):
                known.add(side)  # type: ignore[arg-type]
    steps = [_step_told(desk, one, one.side in known, lead.agreed) for one in lead.steps]
    free = [stage for side in mine for stage in allowed(lead, side)]
    return LeadOut(
        id=lead.id, need_id=lead.need_id, patent_id=lead.patent_id, stage=lead.stage,
        need_answer=lead.need_answer, patent_answer=lead.patent_answer, agreed=lead.agreed,
        mine=mine, next=list(dict.fromkeys(free)), steps=steps, need=records.get("needs"),
        patent=records.get("patents"),
    )  # fmt: skip


def _record(desk: Desk, caller: Caller, side: Side, id: str) -> tuple[Patent | Need | None, Held]:
    store = desk.matcher.store
    read = store.patents if side == "patents" else store.needs
    try:
        (record,) = read([id])
    except UnknownId:
        return None, Held(side=side, level="不入库")
    return record, store.owners.held([record], acting(caller))[0]


def _step_told(desk: Desk, step: Step, known: bool, agreed: bool) -> StepOut:
    by = desk.matcher.store.accounts.organisation(step.organisation_id) if known else None
    return StepOut(
        stage=step.stage, side=step.side, at=step.at, refusal_code=step.refusal_code,
        note=step.note if agreed else discreet(step.note),
        organisation=organisation_told(by) if by else None,
    )  # fmt: skip
