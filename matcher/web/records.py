"""Patents and needs, each as far as the caller may see it."""

from hashlib import sha256
from typing import Annotated, Any

from fastapi import APIRouter, Query, Response
from pydantic import BaseModel

from matcher.access.people import Caller
from matcher.access.policy import Held, Side, acting, may_with, sight
from matcher.errors import UnknownId
from matcher.records import Need, Patent
from matcher.web.desk import Desk, DeskDep
from matcher.web.guard import CallerDep
from matcher.web.shapes import After, Id, NeedOut, Needs, PatentOut, Patents
from matcher.web.told import record_told

router = APIRouter(tags=["records"])
Limit = Annotated[int, Query(ge=1, le=100)]
NOUNS = {"patents": "专利", "needs": "需求"}


@router.get("/patents", response_model=Patents, response_model_exclude_unset=True)
def patents(
    desk: DeskDep, caller: CallerDep, after: After = "", limit: Limit = 20,
    owner: Id | None = None,
) -> Any:  # fmt: skip
    """By id, a page at a time; of one owner, if it may be known whose they are."""
    items, more = page(desk, caller, "patents", (after, limit), owner)
    return Patents(items=items, next=more)


@router.get("/patents/{id:path}", response_model=PatentOut, response_model_exclude_unset=True)
def patent(id: Id, desk: DeskDep, caller: CallerDep, answer: Response) -> Any:
    """One, by its exact id; `ETag` names its version."""
    return stamped(answer, record_told(caller, *visible(desk, caller, "patents", id)))


@router.get("/needs", response_model=Needs, response_model_exclude_unset=True)
def needs(
    desk: DeskDep, caller: CallerDep, after: After = "", limit: Limit = 20,
    owner: Id | None = None,
) -> Any:  # fmt: skip
    """By id, a page at a time; of one owner, if it may be known whose they are."""
    items, more = page(desk, caller, "needs", (after, limit), owner)
    return Needs(items=items, next=more)


@router.get("/needs/{id:path}", response_model=NeedOut, response_model_exclude_unset=True)
def need(id: Id, desk: DeskDep, caller: CallerDep, answer: Response) -> Any:
    """One, by its exact id; `ETag` names its version."""
    return stamped(answer, record_told(caller, *visible(desk, caller, "needs", id)))


def version_of(told: BaseModel) -> str:
    """The entity tag of a record as a caller sees it."""
    return f'"{sha256(told.model_dump_json().encode()).hexdigest()[:32]}"'


def stamped(answer: Response, told: Any) -> Any:
    """The same, its version in the answer's headers."""
    answer.headers["ETag"] = version_of(told)
    return told


def visible(desk: Desk, caller: Caller, side: Side, id: str) -> tuple[Patent | Need, Held]:
    """A record of which the caller may see something.

    :raises UnknownId: it is not there, or not for this caller: the two are told alike."""
    store = desk.matcher.store
    record = (store.patents if side == "patents" else store.needs)([id])[0]
    (held,) = store.owners.held([record], acting(caller))
    if sight(caller, held) == "nothing":
        raise UnknownId(f"没有编号为“{id}”的{NOUNS[side]}。请核对编号。", id=id)
    return record, held


def page(
    desk: Desk, caller: Caller, side: Side, place: tuple[str, int], owner: str | None
) -> tuple[list[Any], str | None]:
    """At most `limit` of what the caller may see after an id, and where the next page begins,
    if there is one.  Who asks for an owner's records gets those whose owner may be known."""
    after, limit = place
    wanted = "see" if owner is None else "read_details"
    kept: list[Any] = []
    while len(kept) <= limit:
        listed = desk.matcher.store.owners.page(
            side, after=after, limit=limit + 1, owner=owner, asker=acting(caller)
        )
        kept += [
            record_told(caller, record, held)
            for record, held in listed
            if may_with(caller, wanted, held)  # type: ignore[arg-type]
        ]
        if len(listed) <= limit:
            break
        after = listed[-1][0].id
    items = kept[:limit]
    return items, items[-1].id if len(kept) > limit else None
