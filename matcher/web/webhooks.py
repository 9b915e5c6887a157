"""Webhooks of an organisation: where its own programs want to be told of what happens."""

from typing import Annotated, Literal, get_args

from fastapi import APIRouter
from pydantic import BaseModel, Field, StringConstraints

from matcher.errors import BadInput
from matcher.store.outbox import Event, Hook, Parcel, ParcelState
from matcher.store.secret import new_id
from matcher.web.desk import DeskDep
from matcher.web.hooks import LONGEST, check_url, secret_told
from matcher.web.shapes import Asked, Id

router = APIRouter(prefix="/organisations/{organisation_id}/webhooks", tags=["webhooks"])
MOST = 10
SHOWN = 50
Wanted = Literal["match.pushed", "match.step", "match.news", "job.ended"]
EVENTS: tuple[Wanted, ...] = get_args(Wanted)


class HookIn(Asked):
    """An address, and of what it wants to be told: of everything, unless it is said."""

    url: Annotated[str, StringConstraints(min_length=1, max_length=LONGEST)]
    events: Annotated[list[Wanted], Field(min_length=1, max_length=len(EVENTS))] = [*EVENTS]  # noqa: RUF012


class HookOut(BaseModel):
    """A webhook; times are seconds since 1970."""

    id: str
    url: str
    events: list[Event]
    made_at: int


class NewHook(HookOut):
    """`secret` is told once, here: with it the receiver checks what comes, as
    https://www.standardwebhooks.com says."""

    secret: str


class DeliveryOut(BaseModel):
    """One event on its way, or what became of it."""

    id: str
    event: Event
    state: ParcelState
    tries: int
    made_at: int
    next_at: int | None
    error: str


@router.get("")
def webhooks(organisation_id: Id, desk: DeskDep) -> list[HookOut]:
    """All of them."""
    return [_told(hook) for hook in desk.matcher.store.outbox.hooks(organisation_id)]


@router.post("", status_code=201)
def make_webhook(organisation_id: Id, asked: HookIn, desk: DeskDep) -> NewHook:
    """One more."""
    outbox = desk.matcher.store.outbox
    check_url(asked.url, desk.settings.service.hooks)
    if len(outbox.hooks(organisation_id)) >= MOST:
        raise BadInput(f"一个机构最多 {MOST} 个回调地址。请先删去不用的。")
    hook = Hook(
        id=new_id("h"), organisation_id=organisation_id, url=asked.url,
        events=tuple(dict.fromkeys(asked.events)), made_at=desk.now,
    )  # fmt: skip
    outbox.add_hook(hook)
    return NewHook(secret=secret_told(desk.digest("hook", hook.id)), **_told(hook).model_dump())


@router.delete("/{hook_id}", status_code=204)
def drop_webhook(organisation_id: Id, hook_id: Id, desk: DeskDep) -> None:
    """Nothing goes there any more."""
    outbox = desk.matcher.store.outbox
    outbox.drop_hook(outbox.hook(hook_id, organisation_id).id)


@router.post("/{hook_id}/ping", status_code=202)
def ping_webhook(organisation_id: Id, hook_id: Id, desk: DeskDep) -> DeliveryOut:
    """Send an event that says nothing, to try the other side."""
    outbox = desk.matcher.store.outbox
    return _delivery(outbox.ping(outbox.hook(hook_id, organisation_id), now=desk.now))


@router.get("/{hook_id}/deliveries")
def deliveries(organisation_id: Id, hook_id: Id, desk: DeskDep) -> list[DeliveryOut]:
    """The last that went or are to go there, the latest first."""
    outbox = desk.matcher.store.outbox
    found = outbox.deliveries(outbox.hook(hook_id, organisation_id).id, limit=SHOWN)
    return [_delivery(parcel) for parcel in found]


def _told(hook: Hook) -> HookOut:
    return HookOut(id=hook.id, url=hook.url, events=list(hook.events), made_at=hook.made_at)


def _delivery(parcel: Parcel) -> DeliveryOut:
    return DeliveryOut(
        id=parcel.id, event=parcel.body["type"], state=parcel.state, tries=parcel.tries,
        made_at=parcel.made_at, next_at=parcel.next_at if parcel.state == "waiting" else None,
        error=parcel.error,
    )  # fmt: skip
