"""Needs and patents made, changed and withdrawn one by one, and several withdrawn together."""

import hmac
from collections.abc import Sequence
from datetime import date
from typing import Annotated, Any

from fastapi import APIRouter, Depends, Header, Response

from matcher.access.people import Caller
from matcher.access.policy import Held, Side, acting, may_with
from matcher.entering import (
    ask_about_secrets,
    need_changed,
    need_said,
    patent_changed,
    patent_said,
)
from matcher.errors import BadInput, Changed, NotAllowed, VersionNeeded
from matcher.records import Need, Patent
from matcher.store.revisions import CHANGED, Standing
from matcher.web.desk import Desk, DeskDep
from matcher.web.entering_shapes import NeedIn, PatentIn, RecordIn, WithdrawIn, WithdrawOut
from matcher.web.guard import CallerDep
from matcher.web.once import OnceRoute, once
from matcher.web.records import stamped, version_of, visible
from matcher.web.shapes import Id, NeedOut, PatentOut
from matcher.web.told import record_told

router = APIRouter(tags=["records"], route_class=OnceRoute, dependencies=[Depends(once)])
MINUTES = 10
OTHERS = "这条记录不归您的机构,没有改动。"
Version = Annotated[str | None, Header(alias="If-Match", max_length=200)]


def version_meant(id: Id, version: Version = None) -> tuple[str, str | None]:
    """The record of the address, and the version of it that is meant."""
    return id, version


Meant = Annotated[tuple[str, str | None], Depends(version_meant)]


@router.post(
    "/patents", response_model=PatentOut, response_model_exclude_unset=True, status_code=201
)
def make_patent(asked: PatentIn, desk: DeskDep, caller: CallerDep, answer: Response) -> Any:
    """A new one for one's centre."""
    return _made(desk, caller, asked, answer)


@router.put("/patents/{id:path}", response_model=PatentOut, response_model_exclude_unset=True)
def change_patent(
    meant: Meant, asked: PatentIn, desk: DeskDep, caller: CallerDep, answer: Response
) -> Any:  # fmt: skip
    """All that is said of one, anew; `If-Match` says which version is meant."""
    return _changed(desk, caller, meant, asked, answer)


@router.delete("/patents/{id:path}", status_code=204)
def withdraw_patent(meant: Meant, desk: DeskDep, caller: CallerDep) -> None:
    """Take one out; `If-Match` says which version is meant."""
    desk.matcher.store.revisions.withdraw([_meant(desk, caller, "patents", meant)])


@router.post("/patents/withdraw", response_model=WithdrawOut)
def withdraw_patents(asked: WithdrawIn, desk: DeskDep, caller: CallerDep) -> Any:
    """Take several out: all or none."""
    return _withdrawn(desk, caller, "patents", asked)


@router.post("/needs", response_model=NeedOut, response_model_exclude_unset=True, status_code=201)
def make_need(asked: NeedIn, desk: DeskDep, caller: CallerDep, answer: Response) -> Any:
    """A new one for one's company, or for a company of one's park."""
    return _made(desk, caller, asked, answer)


@router.put("/needs/{id:path}", response_model=NeedOut, response_model_exclude_unset=True)
def change_need(
    meant: Meant, asked: NeedIn, desk: DeskDep, caller: CallerDep, answer: Response
) -> Any:  # fmt: skip
    """All that is said of one, anew; `If-Match` says which version is meant."""
    return _changed(desk, caller, meant, asked, answer)


@router.delete("/needs/{id:path}", status_code=204)
def withdraw_need(meant: Meant, desk: DeskDep, caller: CallerDep) -> None:
    """Take one out; `If-Match` says which version is meant."""
    desk.matcher.store.revisions.withdraw([_meant(desk, caller, "needs", meant)])


@router.post("/needs/withdraw", response_model=WithdrawOut)
def withdraw_needs(asked: WithdrawIn, desk: DeskDep, caller: CallerDep) -> Any:
    """Take several out: all or none."""
    return _withdrawn(desk, caller, "needs", asked)


def _made(desk: Desk, caller: Caller, asked: NeedIn | PatentIn, answer: Response) -> Any:
    store = desk.matcher.store
    owner = _owner(desk, caller, asked)
    said = _said(desk, asked, owner)
    made: Need | Patent
    if isinstance(asked, PatentIn):
        made = patent_said(said, store, today=date.today())
        held = Held(side="patents", level=made.level, owner=store.accounts.organisation(owner))
    else:
        made = need_said(said, today=date.today())
        held = Held(side="needs", level=made.level, owner=store.accounts.organisation(owner))
    chosen = may_with(caller, "set_level", held) and asked.level is not None
    if asked.named is not None and not may_with(caller, "set_level", held):
        raise NotAllowed("只有机构管理员能指定授权给谁看。")
    named = _named(desk, asked, made.level)
    store.revisions.create(made, owner, Standing(level_stated=chosen, named=named))
    return _told(desk, caller, held.side, made.id, answer)


def _changed(
    desk: Desk, caller: Caller, meant: tuple[str, str | None], asked: NeedIn | PatentIn,
    answer: Response,
) -> Any:  # fmt: skip
    side: Side = "patents" if isinstance(asked, PatentIn) else "needs"
    before = _meant(desk, caller, side, meant, "edit")
    (held,) = desk.matcher.store.owners.held([before], acting(caller))
    settles = asked.named is not None or asked.level not in (None, before.level)
    if settles and not may_with(caller, "set_level", held):
        raise NotAllowed("密级和授权对象只能由归属机构的管理员改,没有改动。")
    assert held.owner is not None
    said = {"level": before.level} | _said(desk, asked, held.owner.id)
    after: Need | Patent
    if isinstance(before, Patent):
        after = patent_changed(before, said, today=date.today())
    else:
        after = need_changed(before, said, today=date.today())
    standing = Standing(
        level_stated=True if asked.level is not None and settles else None,
        named=_named(desk, asked, after.level),
    )
    desk.matcher.store.revisions.change(before, after, standing)
    return _told(desk, caller, side, after.id, answer)


def _withdrawn(desk: Desk, caller: Caller, side: Side, asked: WithdrawIn) -> WithdrawOut:
    """:raises BadInput: the token is not for these records as they are, or too old."""
    ids = sorted(set(asked.ids))
    records = [_meant(desk, caller, side, (id, "*")) for id in ids]
    if asked.token is None:
        until = desk.now + MINUTES * 60
        token = f"{until}.{_withdrawal(desk, caller, records, until)}"
        return WithdrawOut(count=len(ids), withdrawn=False, token=token)
    until_text, _, told = asked.token.partition(".")
    until = int(until_text) if until_text.isdecimal() and len(until_text) < 12 else 0
    right = _withdrawal(desk, caller, records, until)
    if until < desk.now or not hmac.compare_digest(told.encode(), right.encode()):
        raise BadInput("确认码不对或已过期,没有撤回。请重新取一个确认码。")
    desk.matcher.store.revisions.withdraw(records)
    return WithdrawOut(count=len(ids), withdrawn=True)


def _withdrawal(desk: Desk, caller: Caller, records: Sequence[Need | Patent], until: int) -> str:
    """Stands for these records as they are, this organisation, and a time."""
    return desk.digest("withdrawal", repr((acting(caller), until, list(records))))


def _meant(
    desk: Desk, caller: Caller, side: Side, meant: tuple[str, str | None],
    action: Any = "withdraw",
) -> Need | Patent:  # fmt: skip
    """The record, if it is still the version that is meant and the caller may do this with it.

    :raises UnknownId: it is not there, or not for this caller.  :raises NotAllowed: it belongs
    to others.  :raises VersionNeeded, Changed: ..."""
    id, version = meant
    record, held = visible(desk, caller, side, id)
    if not may_with(caller, action, held):
        raise NotAllowed(OTHERS)
    if version is None:
        raise VersionNeeded("请在 If-Match 中写明要改的是哪一版(读取时的 ETag),没有改动。", id=id)
    if version.strip() not in ("*", version_of(record_told(caller, record, held))):
        raise Changed(CHANGED, id=id)
    return record


def _owner(desk: Desk, caller: Caller, asked: RecordIn) -> str:
    """For whom a record is made."""
    mine = acting(caller)
    assert mine is not None
    wanted = asked.owner_id if isinstance(asked, NeedIn) else None
    if wanted in (None, mine):
        return mine
    if wanted not in desk.matcher.store.accounts.companies(mine).values():
        raise NotAllowed("只能为本机构,或本园区的企业登记。")
    return str(wanted)


def _said(desk: Desk, asked: NeedIn | PatentIn, owner: str) -> dict[str, str]:
    said = asked.said()
    if not asked.confirmed:
        ask_about_secrets(said, "patents" if isinstance(asked, PatentIn) else "needs")
    if isinstance(asked, NeedIn) and not asked.company:
        organisation = desk.matcher.store.accounts.organisation(owner)
        if organisation.kind == "company":
            said["company"] = organisation.name
    return said


def _named(desk: Desk, asked: RecordIn, level: str) -> list[str] | None:
    """:raises UnknownId: there is no such organisation."""
    if asked.named is None:
        return None
    if asked.named and level != "授权可见":
        raise BadInput("只有密级为授权可见的记录才指定授权对象。请改密级或不写授权对象。")
    return [desk.matcher.store.accounts.organisation(id).id for id in asked.named]


def _told(desk: Desk, caller: Caller, side: Side, id: str, answer: Response) -> Any:
    return stamped(answer, record_told(caller, *visible(desk, caller, side, id)))
