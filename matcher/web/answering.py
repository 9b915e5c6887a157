"""What an organisation thinks of a match, given and read back; the ranker learns from it."""

from dataclasses import replace
from datetime import UTC, datetime
from typing import Annotated, Any

from fastapi import APIRouter, Depends, Query
from pydantic import BaseModel

from matcher.access.policy import acting, may_push
from matcher.errors import NotAllowed
from matcher.records import Feedback, Grade, RefusalCode, Reply
from matcher.web.desk import DeskDep
from matcher.web.guard import CallerDep
from matcher.web.life_shapes import Note
from matcher.web.once import OnceRoute, once
from matcher.web.records import visible
from matcher.web.shapes import Asked, Id

router = APIRouter(tags=["feedback"], route_class=OnceRoute, dependencies=[Depends(once)])
SOURCE = "接口"


class FeedbackIn(Asked):
    """One of grade, reply and refusal code at least; what is left out stays as it was said
    before."""

    need_id: Id
    patent_id: Id
    grade: Grade | None = None
    reply: Reply | None = None
    refusal_code: RefusalCode | None = None
    prospect: Note = ""
    improvement: Note = ""
    willingness: Note = ""
    note: Note = ""


class FeedbackOut(BaseModel):
    """What was said; `at` is the day."""

    need_id: str
    patent_id: str
    at: str | None
    grade: Grade | None
    reply: Reply | None
    refusal_code: RefusalCode | None
    prospect: str
    improvement: str
    willingness: str
    note: str


@router.post("/feedback", response_model=FeedbackOut, status_code=201)
def give_feedback(asked: FeedbackIn, desk: DeskDep, caller: CallerDep) -> Any:
    """Say what one's organisation thinks of a match; saying it again changes it."""
    _, need = visible(desk, caller, "needs", asked.need_id)
    _, patent = visible(desk, caller, "patents", asked.patent_id)
    if not may_push(caller, need, patent):
        raise NotAllowed("需求和专利中,至少一方要归您的机构,才能评价这项匹配。")
    given = {name: value for name, value in asked.model_dump().items() if value not in (None, "")}
    mine = acting(caller)
    assert mine is not None
    said = [one for one in desk.matcher.store.feedback_of([asked.need_id])
            if (one.patent_id, one.by) == (asked.patent_id, mine)]  # fmt: skip
    today = datetime.fromtimestamp(desk.now, UTC).date()
    made = (
        replace(said[0], **given, at=today)
        if said
        else Feedback(by=mine, at=today, source=SOURCE, **given)
    )
    desk.matcher.store.put_feedback([made])
    return _told(made)


@router.get("/feedback", response_model=list[FeedbackOut])
def feedback(need_id: Annotated[Id, Query()], desk: DeskDep, caller: CallerDep) -> Any:
    """What one's organisation said about the matches of a need."""
    visible(desk, caller, "needs", need_id)
    found = desk.matcher.store.feedback_of([need_id])
    return [_told(one) for one in found if one.by == acting(caller)]


def _told(one: Feedback) -> FeedbackOut:
    return FeedbackOut(
        need_id=one.need_id, patent_id=one.patent_id, at=one.at.isoformat() if one.at else None,
        grade=one.grade, reply=one.reply, refusal_code=one.refusal_code, prospect=one.prospect,
        improvement=one.improvement, willingness=one.willingness, note=one.note,
    )  # fmt: skip
