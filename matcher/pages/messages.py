"""消息: what happened to one's matches, watched needs and work, under the rights one has now."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import Annotated, Any, ClassVar
from urllib.parse import urlencode

from fastapi import APIRouter, Query
from pydantic import BaseModel

from matcher.access.life import STAGES, Stage
from matcher.errors import UnknownId
from matcher.pages.forms import day_of
from matcher.pages.frame import Page, Visit, VisitDep, rendered
from matcher.pages.leads import GONE, SIDES
from matcher.pages.needs import need_address
from matcher.pages.working import KINDS, STATES
from matcher.store.messages import Message
from matcher.store.outbox import Event
from matcher.web.life import told_lead
from matcher.web.records import visible
from matcher.web.shapes import After
from matcher.web.told import record_told

router = APIRouter(include_in_schema=False)
SHOWN = 30
JOINT: Mapping[Stage, str] = MappingProxyType({
    "pushed": "新的推送", "meeting": "双方开始洽谈", "intention": "双方达成意向",
    "contract": "双方已签约", "filed": "合同已备案",
})  # fmt: skip
"""Steps that are nobody's alone."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Told:
    """A message in words, with where to go on; `fresh`: it was not there at the last look."""

    at: str
    text: str
    address: str
    fresh: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class MessagesPage(Page):
    """消息, the latest first."""

    TEMPLATE: ClassVar[str] = "messages.html"

    items: tuple[Told, ...]
    more: str
    first: bool


class MessagesAsk(BaseModel):
    """The address of the list: what came before which message."""

    before: After = ""


@router.get("/messages")
def messages(visit: VisitDep, asked: Annotated[MessagesAsk, Query()]) -> Any:
    """A page of them; whoever looks has read all there are."""
    store, person, mine = visit.desk.matcher.store.messages, visit.person, visit.mine
    held = store.page(person, mine, before=asked.before, limit=SHOWN + 1)
    last = store.until(person, mine)
    store.look(person, mine)
    more = f"/messages?{urlencode({'before': held[SHOWN - 1].id})}" if len(held) > SHOWN else ""
    return rendered(MessagesPage(
        frame=visit.frame("消息"), more=more, first=not asked.before,
        items=tuple(_told(visit, one, one.id > last) for one in held[:SHOWN]),
    ))  # fmt: skip


def _told(visit: Visit, one: Message, fresh: bool) -> Told:
    say = WORDS.get(one.event)
    text, address = say(visit, one.data) if say else ("", "")
    return Told(at=day_of(one.made_at), text=text, address=address, fresh=fresh)


def _of_lead(visit: Visit, data: Mapping[str, Any]) -> tuple[str, str]:
    """A match that was pushed, or a step of it."""
    try:
        lead = visit.desk.matcher.store.leads.lead(str(data["match_id"]))
    except UnknownId:
        return "一项对接有新进展(这项对接已不在)", ""
    told = told_lead(visit.desk, visit.caller, lead)
    need = getattr(told.need, "title", None) or GONE
    patent = getattr(told.patent, "title", None) or GONE
    stage: Stage = data["stage"]
    done = JOINT[stage] if stage in JOINT else f"{SIDES.get(data['side'], '')}{STAGES[stage]}"
    return f"{done}:需求“{need}”与专利“{patent}”", f"/lead?{urlencode({'id': lead.id})}"


def _of_news(visit: Visit, data: Mapping[str, Any]) -> tuple[str, str]:
    """Patents that are new for a need."""
    id = str(data["need_id"])
    try:
        shown = record_told(visit.caller, *visible(visit.desk, visit.caller, "needs", id))
    except UnknownId:
        return "您关注的一条需求有新的专利(这条需求已撤回)", ""
    count = len(data["patent_ids"])
    return f"您关注的需求“{shown.title or GONE}”有 {count} 件新的专利", need_address(id)


def _of_job(_: Visit, data: Mapping[str, Any]) -> tuple[str, str]:
    """Work that ended."""
    kind, state = KINDS[data["kind"]], STATES[data["state"]]
    return f"任务“{kind}”{state}", f"/job?{urlencode({'id': data['job_id']})}"


WORDS: Mapping[Event, Callable[[Visit, Mapping[str, Any]], tuple[str, str]]] = MappingProxyType({
    "match.pushed": _of_lead, "match.step": _of_lead, "match.news": _of_news,
    "job.ended": _of_job,
})  # fmt: skip
