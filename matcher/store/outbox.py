"""What is to be sent: letters and webhooks, each until it is taken or given up.

A parcel is claimed for a while by who sends it; one that was claimed and never told of is sent
again.  So each is sent at least once, and whoever receives webhooks can tell two by their id."""

import json
import secrets
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Literal

from sqlalchemy import Connection, Engine, delete, insert, select, update

from matcher.errors import UnknownId
from matcher.store.mapping import storable
from matcher.store.opening import Writing
from matcher.store.rows import counted
from matcher.store.tables import hooks, outbox

ParcelKind = Literal["reset", "news", "hook"]
ParcelState = Literal["waiting", "sent", "failed"]
Event = Literal["ping", "match.pushed", "match.step", "match.news", "job.ended"]
DELAYS = (30, 120, 600, 3600, 4 * 3600, 12 * 3600, 24 * 3600)  # seconds after each failed try
LEASE = 120  # seconds for which whoever claimed a parcel has it
KEPT = 30 * 86400


@dataclass(frozen=True, slots=True, kw_only=True)
class Parcel:
    """One thing to be sent: to a person, or to a webhook.  `body` is plain data, of which nothing
    is secret: what is shown is looked up when it is sent."""

    id: str
    kind: ParcelKind
    person_id: str | None
    hook_id: str | None
    body: Mapping[str, Any]
    state: ParcelState
    tries: int
    next_at: int
    made_at: int
    error: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Hook:
    """An address of an organisation's own that wants to be told of events."""

    id: str
    organisation_id: str
    url: str
    events: tuple[Event, ...]
    made_at: int


class Outbox:
    """Each step is one transaction."""

    def __init__(self, engine: Engine) -> None:
        self._engine = engine

    def put(self, kind: ParcelKind, person_id: str, body: Mapping[str, Any], *, now: int) -> None:
        """A letter to a person."""
        with Writing(self._engine) as connection:
            letter(connection, kind, person_id, body, now=now)

    def ping(self, hook: Hook, *, now: int) -> Parcel:
        """A first sign, for whoever sets the other side up."""
        with Writing(self._engine) as connection:
            body = {"type": "ping", "timestamp": now, "data": {}}
            id = _put(connection, "hook", (None, hook.id), body, now)
            row = connection.execute(select(outbox).where(outbox.c.id == id)).mappings().one()
            return _parcel(dict(row))

    def claim(self, *, now: int, most: int = 20) -> list[Parcel]:
        """Those that are due, which nobody else is given for a while; old ones are forgotten."""
        due = (outbox.c.state == "waiting") & (outbox.c.next_at <= now)
        with self._engine.connect() as connection:
            if connection.execute(select(outbox.c.id).where(due).limit(1)).first() is None:
                return []
        with Writing(self._engine) as connection:
            old = (outbox.c.state != "waiting") & (outbox.c.made_at < now - KEPT)
            connection.execute(delete(outbox).where(old))
            query = select(outbox).where(due).order_by(outbox.c.next_at, outbox.c.id).limit(most)
            found = [_parcel(dict(row)) for row in connection.execute(query).mappings()]
            ids = [parcel.id for parcel in found]
            connection.execute(
                update(outbox).where(outbox.c.id.in_(ids)).values(
                    next_at=now + LEASE, tries=outbox.c.tries + 1
                )
            )  # fmt: skip
        return found

    def sent(self, id: str) -> None:
        """It was taken."""
        self._now(id, {"state": "sent", "error": ""})

    def failed(self, parcel: Parcel, error: str, *, now: int, again: bool = True) -> None:
        """It was not taken; tried again later and later, `len(DELAYS)` times, unless that is of
        no use."""
        if again and parcel.tries < len(DELAYS):
            values: dict[str, Any] = {"next_at": now + DELAYS[parcel.tries]}
        else:
            values = {"state": "failed"}
        self._now(parcel.id, {**values, "error": error})

    def add_hook(self, hook: Hook) -> None:
        """Keep a webhook."""
        with Writing(self._engine) as connection:
            connection.execute(insert(hooks).values(
                id=hook.id, organisation_id=hook.organisation_id, url=hook.url,
                events=" ".join(hook.events), made_at=hook.made_at,
            ))  # fmt: skip

    def hooks(self, organisation_id: str) -> list[Hook]:
        """Those of an organisation, by id."""
        with self._engine.connect() as connection:
            return _hooks(connection, [organisation_id])

    def hook(self, id: str, organisation_id: str | None = None) -> Hook:
        """One; of this organisation, if one is named.  :raises UnknownId: it is not there."""
        query = select(hooks).where(hooks.c.id == storable(id))
        if organisation_id is not None:
            query = query.where(hooks.c.organisation_id == organisation_id)
        with self._engine.connect() as connection:
            row = connection.execute(query).mappings().first()
        if row is None:
            raise UnknownId("没有这个回调地址。请核对编号。", id=id)
        return _hook(dict(row))

    def drop_hook(self, id: str) -> None:
        """With what was to be sent there."""
        with Writing(self._engine) as connection:
            connection.execute(delete(outbox).where(outbox.c.hook_id == id))
            connection.execute(delete(hooks).where(hooks.c.id == id))

    def deliveries(self, hook_id: str, *, limit: int) -> list[Parcel]:
        """The last that went or were to go to a webhook, the latest first."""
        query = select(outbox).where(outbox.c.hook_id == hook_id)
        ordered = query.order_by(outbox.c.made_at.desc(), outbox.c.id).limit(limit)
        with self._engine.connect() as connection:
            return [_parcel(dict(row)) for row in connection.execute(ordered).mappings()]

    def counts(self) -> dict[str, int]:
        """The states -> how many parcels are in each."""
        return counted(self._engine, outbox.c.state)

    def _now(self, id: str, values: Mapping[str, Any]) -> None:
        with Writing(self._engine) as connection:
            connection.execute(update(outbox).where(outbox.c.id == id).values(**values))


def letter(
    connection: Connection, kind: ParcelKind, person_id: str, body: Mapping[str, Any], *, now: int
) -> None:
    """A letter to a person, inside a transaction."""
    _put(connection, kind, (person_id, None), body, now)


def tell(
    connection: Connection, organisation_ids: Sequence[str], event: Event,
    data: Mapping[str, Any], *, now: int,
) -> None:  # fmt: skip
    """To each webhook of these organisations that wants to hear of it, inside the transaction
    that makes it true."""
    body = {"type": event, "timestamp": now, "data": dict(data)}
    for hook in _hooks(connection, organisation_ids):
        if event in hook.events:
            _put(connection, "hook", (None, hook.id), body, now)


def _put(
    connection: Connection, kind: ParcelKind, to: tuple[str | None, str | None],
    body: Mapping[str, Any], now: int,
) -> str:  # fmt: skip
    id = f"d-{now:010x}-{secrets.token_hex(6)}"
    connection.execute(insert(outbox).values(
        id=id, kind=kind, person_id=to[0], hook_id=to[1],
        body=json.dumps(dict(body), ensure_ascii=False), state="waiting", tries=0, next_at=now,
        made_at=now, error="",
    ))  # fmt: skip
    return id


def _hooks(connection: Connection, organisation_ids: Sequence[str]) -> list[Hook]:
    query = select(hooks).where(hooks.c.organisation_id.in_(list(organisation_ids)))
    return [_hook(dict(row)) for row in connection.execute(query.order_by(hooks.c.id)).mappings()]


def _hook(row: dict[str, Any]) -> Hook:
    return Hook(**{**row, "events": tuple(row["events"].split())})


def _parcel(row: dict[str, Any]) -> Parcel:
    return Parcel(**{**row, "body": json.loads(row["body"])})
