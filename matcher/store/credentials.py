"""Sessions, API keys, invitations and counted tries: by their digests, each with its end."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Connection, Engine, Select, and_, delete, insert, or_, select, update

from matcher.access.people import SCOPES, Caller, Organisation, Person, Role, Scope
from matcher.errors import UnknownId
from matcher.store.accounts import enrol, join, organisation_from, person_from
from matcher.store.mapping import storable
from matcher.store.opening import Writing
from matcher.store.outbox import letter
from matcher.store.tables import (
    api_keys,
    attempts,
    invitations,
    memberships,
    organisations,
    people,
    resets,
    sessions,
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Key:
    """An API key without its secret.  It acts for `person_id`, with a role no higher than the
    person's, or, without one, for the organisation."""

    id: str
    organisation_id: str
    person_id: str | None
    name: str
    scopes: frozenset[Scope]
    made_at: int
    expires_at: int
    revoked_at: int | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Invitation:
    """To take a role in an organisation, for whoever has this address."""

    organisation: Organisation
    email: str
    role: Role
    made_at: int
    expires_at: int


class Credentials:
    """Every call says what time it is; what has ended is as if it were not there."""

    def __init__(self, engine: Engine) -> None:
        self._engine = engine

    def open_session(
        self, digest: str, person_id: str, organisation_id: str | None, *, now: int, until: int
    ) -> None:
        """Keep a session, and forget those that have ended."""
        with Writing(self._engine) as connection:
            connection.execute(delete(sessions).where(sessions.c.expires_at <= now))
            connection.execute(insert(sessions).values(
                digest=digest, person_id=person_id, organisation_id=organisation_id,
                made_at=now, expires_at=until,
            ))  # fmt: skip

    def session(self, digest: str, *, now: int) -> Caller | None:
        """Who that is, with the role held now."""
        query = _with_role(
            select(people, *_ORGANISATION, memberships.c.role)
            .select_from(sessions)
            .join(people, people.c.id == sessions.c.person_id)
            .where(sessions.c.digest == digest, sessions.c.expires_at > now),
            sessions,
        )
        with self._engine.connect() as connection:
            row = connection.execute(query).mappings().first()
        if row is None:
            return None
        told = dict(row)
        role = told["role"]
        return Caller(
            person=person_from(told), organisation=_organisation(told) if role else None, role=role
        )

    def close_session(self, digest: str) -> None:
        """End it, if it is there."""
        with Writing(self._engine) as connection:
            connection.execute(delete(sessions).where(sessions.c.digest == digest))

    def make_key(self, key: Key, digest: str) -> None:
        """Keep a key."""
        with Writing(self._engine) as connection:
            connection.execute(insert(api_keys).values(
                id=key.id, digest=digest, organisation_id=key.organisation_id,
                person_id=key.person_id, name=key.name, scopes=" ".join(sorted(key.scopes)),
                made_at=key.made_at, expires_at=key.expires_at, revoked_at=key.revoked_at,
            ))  # fmt: skip

    def key(self, digest: str, *, now: int) -> Caller | None:
        """Who acts by this key: an editor where it may write, else a reader, and never more than
        its person is now."""
        query = _with_role(
            select(
                api_keys.c.person_id, api_keys.c.scopes, people.c.id, people.c.email,
                people.c.name, people.c.operator, *_ORGANISATION, memberships.c.role,
            )
            .select_from(api_keys)
            .outerjoin(people, people.c.id == api_keys.c.person_id)
            .where(
                api_keys.c.digest == digest,
                api_keys.c.expires_at > now,
                api_keys.c.revoked_at.is_(None),
            ),
            api_keys,
        )  # fmt: skip
        with self._engine.connect() as connection:
            row = connection.execute(query).mappings().first()
        if row is None or (row["person_id"] is not None and row["role"] is None):
            return None
        told = dict(row)
        scopes = _scopes(told["scopes"])
        role: Role = "editor" if "write" in scopes and told["role"] != "reader" else "reader"
        return Caller(
            person=None if told["person_id"] is None else person_from(told),
            organisation=_organisation(told), role=role, scopes=scopes,
        )  # fmt: skip

    def keys(self, organisation_id: str, person_id: str | None) -> list[Key]:
        """Those of an organisation itself, or of a person there, by id."""
        query = select(api_keys).where(
            api_keys.c.organisation_id == organisation_id, api_keys.c.person_id == person_id
        )
        with self._engine.connect() as connection:
            rows = connection.execute(query.order_by(api_keys.c.id)).mappings()
            return [_key(dict(row)) for row in rows]

    def revoke_key(self, id: str, organisation_id: str, person_id: str | None, *, now: int) -> None:
        """End a key of this organisation or person.  :raises UnknownId: they have none such."""
        with Writing(self._engine) as connection:
            held = and_(
                api_keys.c.id == id,
                api_keys.c.organisation_id == organisation_id,
                api_keys.c.person_id == person_id,
            )
            if connection.execute(select(api_keys.c.id).where(held)).first() is None:
                raise UnknownId("没有这个密钥。请核对编号。", id=id)
            live = and_(held, api_keys.c.revoked_at.is_(None))
            connection.execute(update(api_keys).where(live).values(revoked_at=now))

    def invite(self, digest: str, invitation: Invitation) -> None:
        """Keep an invitation; an earlier one of the same address there ends."""
        there = invitation.organisation.id
        with Writing(self._engine) as connection:
            connection.execute(delete(invitations).where(or_(
                invitations.c.expires_at <= invitation.made_at,
                and_(
                    invitations.c.email == invitation.email,
                    invitations.c.organisation_id == there,
                ),
            )))  # fmt: skip
            connection.execute(insert(invitations).values(
                digest=digest, organisation_id=there, email=invitation.email,
                role=invitation.role, made_at=invitation.made_at,
                expires_at=invitation.expires_at,
            ))  # fmt: skip

    def invitation(self, digest: str, *, now: int) -> Invitation | None:
        """What somebody was invited to."""
        with self._engine.connect() as connection:
            return _invited(connection, digest, now)

    def accept(self, digest: str, newcomer: Person | None, password: str, *, now: int) -> Person:
        """Take the role, once: as `newcomer`, or, with None, as the person who has the address.

        :raises UnknownId: no such invitation, or no longer.  :raises Taken: the newcomer's
            address is there already."""
        with Writing(self._engine) as connection:
            invited = _invited(connection, digest, now)
            if invited is None:
                raise UnknownId("邀请不存在或已过期。请向机构管理员要一份新的。")
            connection.execute(delete(invitations).where(invitations.c.digest == digest))
            if newcomer is not None:
                enrol(connection, newcomer, password)
            query = select(people).where(people.c.email == invited.email)
            person = person_from(dict(connection.execute(query).mappings().one()))
            join(connection, person.id, invited.organisation.id, invited.role)
            return person

    def open_reset(self, id: str, person_id: str, *, now: int, until: int) -> None:
        """Let a person choose a new password once, and write to them; an earlier letter ends."""
        with Writing(self._engine) as connection:
            mine = resets.c.person_id == person_id
            connection.execute(delete(resets).where(mine | (resets.c.expires_at <= now)))
            connection.execute(insert(resets).values(
                id=id, person_id=person_id, made_at=now, expires_at=until
            ))  # fmt: skip
            letter(connection, "reset", person_id, {"reset": id}, now=now)

    def reset(self, id: str, *, now: int) -> tuple[str, int] | None:
        """Whose it is and when it was made, while it holds."""
        query = select(resets.c.person_id, resets.c.made_at).where(
            resets.c.id == storable(id), resets.c.expires_at > now
        )
        with self._engine.connect() as connection:
            row = connection.execute(query).first()
        return None if row is None else (str(row[0]), int(row[1]))

    def change_password(self, person_id: str, password: str, *, staying: str = "") -> None:
        """Another one, hashed: letters and sessions end, but for the session `staying`."""
        with Writing(self._engine) as connection:
            connection.execute(
                update(people).where(people.c.id == person_id).values(password=password)
            )
            connection.execute(delete(resets).where(resets.c.person_id == person_id))
            mine = (sessions.c.person_id == person_id) & (sessions.c.digest != staying)
            connection.execute(delete(sessions).where(mine))

    def tries(self, subject: str, *, since: int) -> tuple[int, int]:
        """How many tries failed in a row, the last after `since`, and when that was."""
        query = select(attempts.c.failures, attempts.c.last_at).where(
            attempts.c.subject == subject, attempts.c.last_at > since
        )
        with self._engine.connect() as connection:
            row = connection.execute(query).first()
        return (0, 0) if row is None else (int(row[0]), int(row[1]))

    def count_try(self, subject: str, *, since: int, now: int) -> None:
        """One more failed; those that ended before `since` are forgotten."""
        with Writing(self._engine) as connection:
            connection.execute(delete(attempts).where(attempts.c.last_at <= since))
            mine = attempts.c.subject == subject
            failed = connection.execute(select(attempts.c.failures).where(mine)).scalar() or 0
            connection.execute(delete(attempts).where(mine))
            connection.execute(insert(attempts).values(
                subject=subject, failures=failed + 1, last_at=now
            ))  # fmt: skip

    def forget_tries(self, subject: str) -> None:
        """One succeeded."""
        with Writing(self._engine) as connection:
            connection.execute(delete(attempts).where(attempts.c.subject == subject))


_ORGANISATION = tuple(column.label(f"of_{column.name}") for column in organisations.c)


def _with_role(query: Select[Any], held: Any) -> Select[Any]:
    """Joined with the organisation of `held` and the role that its person has there."""
    there = and_(
        memberships.c.person_id == held.c.person_id,
        memberships.c.organisation_id == held.c.organisation_id,
    )
    return query.outerjoin(organisations, organisations.c.id == held.c.organisation_id).outerjoin(
        memberships, there
    )


def _organisation(row: Mapping[str, Any]) -> Organisation:
    return organisation_from({one.name: row[f"of_{one.name}"] for one in organisations.c})


def _invited(connection: Connection, digest: str, now: int) -> Invitation | None:
    query = (
        select(invitations, *_ORGANISATION)
        .join(organisations, organisations.c.id == invitations.c.organisation_id)
        .where(invitations.c.digest == digest, invitations.c.expires_at > now)
    )
    row = connection.execute(query).mappings().first()
    if row is None:
        return None
    told = dict(row)
    return Invitation(
        organisation=_organisation(told), email=told["email"], role=told["role"],
        made_at=told["made_at"], expires_at=told["expires_at"],
    )  # fmt: skip


def _key(row: Mapping[str, Any]) -> Key:
    names = ("id", "organisation_id", "person_id", "name", "made_at", "expires_at", "revoked_at")
    return Key(scopes=_scopes(row["scopes"]), **{name: row[name] for name in names})


def _scopes(text: str) -> frozenset[Scope]:
    held = text.split()
    return frozenset(scope for scope in SCOPES if scope in held)
