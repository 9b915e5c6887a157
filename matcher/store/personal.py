"""All that is kept of one person: told to that person, and erased when asked for."""

from typing import Any

from sqlalchemy import Connection, Engine, delete, func, select, update

from matcher.errors import BadInput, UnknownId
from matcher.store import audit as chain
from matcher.store.accounts import keep_an_admin, unwatch
from matcher.store.opening import Writing
from matcher.store.tables import (
    api_keys,
    audit,
    drafts,
    favourites,
    invitations,
    jobs,
    lead_steps,
    memberships,
    messages,
    messages_read,
    organisations,
    outbox,
    people,
    resets,
    sessions,
    watches,
)

GONE = "(已注销)"


class Personal:
    """By the person's id."""

    def __init__(self, engine: Engine) -> None:
        self._engine = engine

    def of(self, person_id: str) -> dict[str, Any]:
        """The account, roles, keys, sessions, steps taken, jobs asked for and entries in the audit
        list, as plain data; never a password or what stands for one.

        :raises UnknownId: nobody has this id."""
        with self._engine.connect() as connection:
            columns = (people.c.id, people.c.email, people.c.name, people.c.operator)
            account = _rows(connection, select(*columns).where(people.c.id == person_id))
            if not account:
                raise UnknownId("没有这个账号。", id=person_id)
            return {
                "account": account[0],
                "roles": _rows(connection, select(
                    organisations.c.id, organisations.c.name, memberships.c.role
                ).join(organisations, organisations.c.id == memberships.c.organisation_id)
                 .where(memberships.c.person_id == person_id)),
                "keys": _rows(connection, select(
                    api_keys.c.id, api_keys.c.name, api_keys.c.scopes, api_keys.c.made_at,
                    api_keys.c.expires_at, api_keys.c.revoked_at,
                ).where(api_keys.c.person_id == person_id)),
                "sessions": _rows(connection, select(
                    sessions.c.made_at, sessions.c.expires_at
                ).where(sessions.c.person_id == person_id)),
                "steps": _rows(connection, select(
                    lead_steps.c.lead_id, lead_steps.c.stage, lead_steps.c.at, lead_steps.c.note
                ).where(lead_steps.c.person_id == person_id)),
                "jobs": _rows(connection, select(
                    jobs.c.id, jobs.c.kind, jobs.c.state, jobs.c.made_at
                ).where(jobs.c.person_id == person_id)),
                "watches": _rows(connection, select(
                    watches.c.id, watches.c.organisation_id, watches.c.need_id, watches.c.made_at
                ).where(watches.c.person_id == person_id)),
                "drafts": _rows(connection, select(
                    drafts.c.id, drafts.c.organisation_id, drafts.c.content, drafts.c.changed_at
                ).where(drafts.c.person_id == person_id)),
                "favourites": _rows(connection, select(
                    favourites.c.organisation_id, favourites.c.side, favourites.c.record_id,
                    favourites.c.made_at,
                ).where(favourites.c.person_id == person_id)),
                "messages": _rows(connection, select(
                    messages.c.organisation_id, messages.c.event, messages.c.made_at
                ).where(messages.c.person_id == person_id)),
                "letters": _rows(connection, select(
                    outbox.c.kind, outbox.c.state, outbox.c.made_at
                ).where(outbox.c.person_id == person_id)),
                "audit": _rows(connection, select(
                    audit.c.number, audit.c.at, audit.c.action, audit.c.record, audit.c.status,
                    audit.c.address,
                ).where(audit.c.person_id == person_id)),
            }  # fmt: skip

    def erase(self, person_id: str) -> None:
        """The account cannot be used any more, and nothing says whose it was; what the person did
        for an organisation stays, by nobody.

        :raises UnknownId: nobody has this id.  :raises BadInput: the last admin of an
        organisation, or the last operator."""
        with Writing(self._engine) as connection:
            query = select(people.c.email, people.c.operator).where(people.c.id == person_id)
            row = connection.execute(query).first()
            if row is None:
                raise UnknownId("没有这个账号。", id=person_id)
            email, operator = row
            _keep_an_operator(connection, operator)
            mine = memberships.c.person_id == person_id
            held = select(memberships.c.organisation_id).where(mine)
            for organisation_id in connection.execute(held).scalars().all():
                keep_an_admin(connection, organisation_id, person_id)
            unwatch(connection, watches.c.person_id == person_id)
            for table in (sessions, api_keys, memberships, resets, outbox, drafts, favourites,
                          messages, messages_read):  # fmt: skip
                connection.execute(delete(table).where(table.c.person_id == person_id))
            connection.execute(delete(invitations).where(invitations.c.email == email))
            for kept in (lead_steps, jobs):
                about = kept.c.person_id == person_id
                connection.execute(update(kept).where(about).values(person_id=None))
            chain.erase(connection, person_id)
            connection.execute(
                update(people).where(people.c.id == person_id).values(
                    email=f"erased-{person_id}", name=GONE, password="", operator=False
                )
            )  # fmt: skip


def _keep_an_operator(connection: Connection, leaving: bool) -> None:
    count = select(func.count()).select_from(people).where(people.c.operator)
    if leaving and connection.execute(count).scalar_one() < 2:
        raise BadInput("这是最后一位系统管理员,不能注销。请先建立另一位。")


def _rows(connection: Connection, query: Any) -> list[dict[str, Any]]:
    return [dict(row) for row in connection.execute(query).mappings()]
