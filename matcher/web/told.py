"""Nouns of ours to what answers hold, under the policy."""

from dataclasses import fields
from typing import Any

from matcher.access.hiding import hidden_names, shown, shown_names
from matcher.access.people import Caller, Membership, Organisation, Person
from matcher.access.policy import Held, sight
from matcher.export.release import tidy
from matcher.records import Need, Patent
from matcher.store.credentials import Key
from matcher.web.shapes import (
    KeyOut,
    MembershipOut,
    NeedOut,
    OrganisationOut,
    PatentOut,
    PersonOut,
)


def organisation_told(made: Organisation) -> OrganisationOut:
    """All of it."""
    return OrganisationOut(
        id=made.id, kind=made.kind, name=made.name, park_id=made.park_id,
        state_owned=made.state_owned,
    )  # fmt: skip


def person_told(person: Person) -> PersonOut:
    """All but whether it is an operator."""
    return PersonOut(id=person.id, email=person.email, name=person.name)


def membership_told(held: Membership) -> MembershipOut:
    """The organisation and the role."""
    return MembershipOut(organisation=organisation_told(held.organisation), role=held.role)


def key_told(key: Key) -> KeyOut:
    """Without its secret, which we do not have."""
    return KeyOut(
        id=key.id, name=key.name, scopes=sorted(key.scopes), made_at=key.made_at,
        expires_at=key.expires_at, revoked_at=key.revoked_at,
    )  # fmt: skip


def record_told(caller: Caller, record: Patent | Need, held: Held) -> Any:
    """A `PatentOut` or `NeedOut` of what this caller may see, with the level that holds; whose
    telephone numbers and addresses are starred out of texts unless the contact may be seen.
    Never for a record of which nothing may be seen."""
    depth = sight(caller, record=held)
    side = held.side
    bare = shown(record, depth)
    told = bare if depth == "everything" else tidy(bare)
    seen = shown_names(side, depth)
    values = {item.name: getattr(told, item.name) for item in fields(told) if item.name in seen}
    values["level"] = held.level
    values["hidden"] = hidden_names(record, depth)
    if depth in ("details", "everything") and held.owner is not None:
        values["owner"] = organisation_told(held.owner)
    shape = PatentOut if side == "patents" else NeedOut
    return shape(**values)
