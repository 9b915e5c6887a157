"""What happened, as the people of an organisation are told when they come by."""

import json
import secrets
import time
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from sqlalchemy import ColumnElement, Connection, Engine, delete, func, insert, or_, select

from matcher.store.mapping import storable
from matcher.store.opening import Writing
from matcher.store.outbox import KEPT, Event
from matcher.store.tables import messages, messages_read

COUNTED = 100  # how many unread ones are counted


@dataclass(frozen=True, slots=True, kw_only=True)
class Message:
    """`data` names records by id and says nothing that is secret: what is shown is looked up under
    the rights of who reads.  `made_at` in seconds since 1970."""

    id: str
    event: Event
    data: Mapping[str, Any]
    made_at: int


class Messages:
    """To all of an organisation or to one of its people; read up to a place by each."""

    def __init__(self, engine: Engine) -> None:
        self._engine = engine

    def page(
        self, person_id: str, organisation_id: str, *, before: str = "", limit: int
    ) -> list[Message]:
        """At most `limit` that came before this one, the latest first."""
        query = select(messages.c.id, messages.c.event, messages.c.data, messages.c.made_at)
        query = query.where(_to(person_id, organisation_id))
        if before:
            query = query.where(messages.c.id < storable(before))
        with self._engine.connect() as connection:
            rows = connection.execute(query.order_by(messages.c.id.desc()).limit(limit)).mappings()
            return [Message(**{**row, "data": json.loads(row["data"])}) for row in rows]

    def until(self, person_id: str, organisation_id: str) -> str:
        """The last that was there when the person last looked."""
        with self._engine.connect() as connection:
            return _until(connection, person_id, organisation_id)

    def unread(self, person_id: str, organisation_id: str) -> int:
        """How many came since the person last looked, at most `COUNTED`."""
        read = select(messages_read.c.until).where(_by(person_id, organisation_id))
        fresh = messages.c.id > func.coalesce(read.scalar_subquery(), "")
        mine = _to(person_id, organisation_id)
        some = select(messages.c.id).where(mine, fresh).limit(COUNTED).subquery()
        with self._engine.connect() as connection:
            query = select(func.count()).select_from(some)
            return int(connection.execute(query).scalar_one())

    def look(self, person_id: str, organisation_id: str) -> None:
        """All that are there now are read by the person."""
        with Writing(self._engine) as connection:
            query = select(func.max(messages.c.id)).where(_to(person_id, organisation_id))
            last = connection.execute(query).scalar()
            if last is None or last == _until(connection, person_id, organisation_id):
                return
            mine = _by(person_id, organisation_id)
            connection.execute(delete(messages_read).where(mine))
            connection.execute(insert(messages_read).values(
                person_id=person_id, organisation_id=organisation_id, until=last
            ))  # fmt: skip


def leave_word(
    connection: Connection, to: Mapping[str, str | None], event: Event, data: Mapping[str, Any],
    *, now: int,
) -> None:  # fmt: skip
    """A message to each organisation in `to`, or to the one person there that it names, inside the
    transaction that makes it true; their old ones are forgotten."""
    old = messages.c.organisation_id.in_(list(to)) & (messages.c.made_at < now - KEPT)
    connection.execute(delete(messages).where(old))
    told = json.dumps(dict(data), ensure_ascii=False)
    for organisation_id, person_id in sorted(to.items()):
        connection.execute(insert(messages).values(
            id=f"m-{time.time_ns():016x}-{secrets.token_hex(4)}", organisation_id=organisation_id,
            person_id=person_id, event=event, data=told, made_at=now,
        ))  # fmt: skip


def _to(person_id: str, organisation_id: str) -> ColumnElement[bool]:
    mine = or_(messages.c.person_id.is_(None), messages.c.person_id == person_id)
    return (messages.c.organisation_id == organisation_id) & mine


def _by(person_id: str, organisation_id: str) -> ColumnElement[bool]:
    mine = messages_read.c.person_id == person_id
    return mine & (messages_read.c.organisation_id == organisation_id)


def _until(connection: Connection, person_id: str, organisation_id: str) -> str:
    query = select(messages_read.c.until).where(_by(person_id, organisation_id))
    return str(connection.execute(query).scalar() or "")
