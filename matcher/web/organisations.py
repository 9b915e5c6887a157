"""Organisations, their members, invitations and keys."""

from typing import Annotated

from fastapi import APIRouter, Query

from matcher.access.people import Organisation, email_of
from matcher.errors import UnknownId
from matcher.store.credentials import Invitation
from matcher.store.secret import new_id, new_token
from matcher.web.desk import DeskDep
from matcher.web.guard import CallerDep
from matcher.web.session import DAY, make_key
from matcher.web.shapes import (
    After,
    Id,
    InvitationIn,
    InvitationOut,
    KeyIn,
    KeyOut,
    MemberOut,
    NewKey,
    OrganisationIn,
    OrganisationOut,
    Organisations,
    RoleIn,
)
from matcher.web.told import key_told, organisation_told

router = APIRouter(prefix="/organisations", tags=["organisations"])
INVITED_DAYS = 7
Limit = Annotated[int, Query(ge=1, le=100)]


@router.get("")
def organisations(desk: DeskDep, after: After = "", limit: Limit = 20) -> Organisations:
    """All, by id, a page at a time."""
    found = desk.matcher.store.accounts.organisations(after=after, limit=limit + 1)
    items = [organisation_told(one) for one in found[:limit]]
    return Organisations(items=items, next=items[-1].id if len(found) > limit else None)


@router.post("", status_code=201)
def found(asked: OrganisationIn, desk: DeskDep) -> OrganisationOut:
    """A new one, still without members."""
    made = Organisation(
        id=new_id("o"), kind=asked.kind, name=asked.name.strip(), park_id=asked.park_id,
        state_owned=asked.state_owned,
    )  # fmt: skip
    desk.matcher.store.accounts.found(made)
    return organisation_told(made)


@router.get("/{organisation_id}")
def organisation(organisation_id: Id, desk: DeskDep) -> OrganisationOut:
    """One of them."""
    return organisation_told(desk.matcher.store.accounts.organisation(organisation_id))


@router.get("/{organisation_id}/members")
def members(organisation_id: Id, desk: DeskDep) -> list[MemberOut]:
    """Who is in it, and as what."""
    return [
        MemberOut(id=person.id, email=person.email, name=person.name, role=role)
        for person, role in desk.matcher.store.accounts.members(organisation_id)
    ]


@router.put("/{organisation_id}/members/{person_id}", status_code=204)
def change_role(organisation_id: Id, person_id: Id, asked: RoleIn, desk: DeskDep) -> None:
    """Another role for a member.  Whoever is none comes by an invitation."""
    accounts = desk.matcher.store.accounts
    if person_id not in {person.id for person, _ in accounts.members(organisation_id)}:
        raise UnknownId("这个人不是该机构的成员。请核对编号,或发一份邀请。", id=person_id)
    accounts.join(person_id, organisation_id, asked.role)


@router.delete("/{organisation_id}/members/{person_id}", status_code=204)
def remove(organisation_id: Id, person_id: Id, desk: DeskDep) -> None:
    """End a membership, with its sessions and keys."""
    desk.matcher.store.accounts.leave(person_id, organisation_id)


@router.post("/{organisation_id}/invitations", status_code=201)
def invite(organisation_id: Id, asked: InvitationIn, desk: DeskDep) -> InvitationOut:
    """An invitation, whose token is to be handed to the person; it ends after a week."""
    token, now = new_token(), desk.now
    invited = Invitation(
        organisation=desk.matcher.store.accounts.organisation(organisation_id),
        email=email_of(asked.email), role=asked.role, made_at=now,
        expires_at=now + INVITED_DAYS * DAY,
    )  # fmt: skip
    desk.matcher.store.credentials.invite(desk.digest("invitation", token), invited)
    return InvitationOut(
        organisation_id=organisation_id, email=invited.email, role=invited.role,
        expires_at=invited.expires_at, token=token,
        link=f"{desk.settings.service.address.rstrip('/')}/invitation/{token}",
    )  # fmt: skip


@router.get("/{organisation_id}/keys")
def keys(organisation_id: Id, desk: DeskDep) -> list[KeyOut]:
    """The keys that act for the organisation."""
    return [key_told(key) for key in desk.matcher.store.credentials.keys(organisation_id, None)]


@router.post("/{organisation_id}/keys", status_code=201)
def make(organisation_id: Id, asked: KeyIn, desk: DeskDep) -> NewKey:
    """A key that acts for the organisation, whoever comes and goes."""
    return make_key(desk, asked, organisation_id, None)


@router.delete("/{organisation_id}/keys/{key_id}", status_code=204)
def revoke(organisation_id: Id, key_id: Id, desk: DeskDep, caller: CallerDep) -> None:
    """End one of the organisation's keys."""
    desk.matcher.store.credentials.revoke_key(key_id, organisation_id, None, now=desk.now)
