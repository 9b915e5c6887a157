"""The audit list, and what is kept of oneself."""

from typing import Annotated, Any

from fastapi import APIRouter, Query, Request, Response
from pydantic import BaseModel

from matcher.access.policy import acting
from matcher.web.desk import DeskDep
from matcher.web.guard import CallerDep, cookie_name

router = APIRouter(tags=["audit"])


class EntryOut(BaseModel):
    """Who did what: `action` is the call, `record` the ids that it named; who was erased is
    null."""

    number: int
    at: int
    action: str
    record: str
    status: int
    person_id: str | None
    address: str | None


class Entries(BaseModel):
    """A page, the latest first; `next` is what to send as `before`, null on the last one."""

    items: list[EntryOut]
    next: int | None


@router.get("/audit", response_model=Entries)
def entries(
    desk: DeskDep, caller: CallerDep, before: Annotated[int, Query(ge=1, le=2**53)] | None = None,
    limit: Annotated[int, Query(ge=1, le=500)] = 100,
) -> Any:  # fmt: skip
    """Of one's organisation; an operator's are those that belong to none."""
    found = desk.matcher.store.audit.page(acting(caller), before=before, limit=limit + 1)
    items = [
        EntryOut(
            number=one.number, at=one.at, action=one.action, record=one.record,
            status=one.status, person_id=one.person_id, address=one.address,
        )
        for one in found[:limit]
    ]  # fmt: skip
    return Entries(items=items, next=items[-1].number if len(found) > limit else None)


@router.get("/me/data", response_model=dict[str, Any])
def own_data(desk: DeskDep, caller: CallerDep) -> Any:
    """All that is kept of oneself."""
    assert caller.person is not None
    return desk.matcher.store.personal.of(caller.person.id)


@router.delete("/me", status_code=204)
def erase_oneself(desk: DeskDep, caller: CallerDep, request: Request, response: Response) -> None:
    """End one's account, and take oneself out of all that is kept; this cannot be undone."""
    assert caller.person is not None
    desk.matcher.store.personal.erase(caller.person.id)
    request.state.erased = True
    name = cookie_name(desk)
    response.delete_cookie(name, path="/", httponly=True, samesite="lax", secure=desk.production)
