"""Who did what to which record, when, from where: a list that only grows, each entry holding the
digest of the one before it.

Who it was (a person, an address) stands beside the chain: an entry holds a salted digest of it,
and the chain rests on that alone.  So a person can be erased, and the chain still holds."""

import secrets
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from hashlib import sha256
from typing import Any

import orjson
from sqlalchemy import Connection, Engine, func, insert, select, update

from matcher.store.mapping import storable
from matcher.store.opening import Writing
from matcher.store.tables import audit

FIRST = "0" * 64
BLOCK = 2000


@dataclass(frozen=True, slots=True, kw_only=True)
class Entry:
    """`action` in the words of the policy, `record` the ids that were named, `status` as HTTP has
    it; `person_id` and `address` are None where the person was erased."""

    number: int
    at: int
    action: str
    organisation_id: str | None
    record: str
    status: int
    person_id: str | None
    address: str | None


@dataclass(frozen=True, slots=True)
class Verdict:
    """How many entries hold, the digest of the last of them, and the number of the first that does
    not hold, None when all do."""

    count: int
    digest: str
    broken: int | None


class Audit:
    """Appended to, read, and checked; nothing is ever changed but that people are erased."""

    def __init__(self, engine: Engine) -> None:
        self._engine = engine

    def append(
        self, action: str, who: tuple[str | None, str | None, str], done: tuple[str, int],
        *, now: int,
    ) -> None:  # fmt: skip
        """One entry: `who` is an organisation, a person and an address, `done` the ids that were
        named and the status."""
        organisation_id, person_id, address = who
        record, status = done
        salt = secrets.token_hex(16)
        values: dict[str, Any] = {
            "at": now, "action": action, "organisation_id": organisation_id,
            "record": storable(record), "status": status,
            "who": _who(salt, person_id, storable(address)),
        }  # fmt: skip
        aside = {"person_id": person_id, "address": storable(address), "salt": salt}
        with Writing(self._engine) as connection:
            last = _last(connection)
            values |= {"number": last[0] + 1, "previous": last[1]}
            connection.execute(insert(audit).values(**values, **aside, digest=_digest(values)))

    def page(self, organisation_id: str | None, *, before: int | None, limit: int) -> list[Entry]:
        """At most `limit` entries of an organisation (None: of nobody's), the latest first."""
        mine = audit.c.organisation_id == organisation_id
        query = select(audit).where(mine if organisation_id else audit.c.organisation_id.is_(None))
        if before is not None:
            query = query.where(audit.c.number < before)
        with self._engine.connect() as connection:
            rows = connection.execute(query.order_by(audit.c.number.desc()).limit(limit))
            return [_entry(dict(row)) for row in rows.mappings()]

    def of(self, person_id: str) -> list[Entry]:
        """All entries of a person."""
        query = select(audit).where(audit.c.person_id == person_id).order_by(audit.c.number)
        with self._engine.connect() as connection:
            return [_entry(dict(row)) for row in connection.execute(query).mappings()]

    def verify(self) -> Verdict:
        """Go through the whole chain."""
        count, previous = 0, FIRST
        with self._engine.connect() as connection:
            while rows := _after(connection, count):
                for row in rows:
                    if not _holds(row, count + 1, previous):
                        return Verdict(count, previous, count + 1)
                    count, previous = count + 1, str(row["digest"])
        return Verdict(count, previous, None)


def erase(connection: Connection, person_id: str) -> None:
    """What an entry says of who it was goes; the entry stays."""
    mine = audit.c.person_id == person_id
    connection.execute(update(audit).where(mine).values(person_id=None, address=None, salt=None))


def _last(connection: Connection) -> tuple[int, str]:
    query = select(audit.c.number, audit.c.digest)
    newest = select(func.max(audit.c.number)).scalar_subquery()
    row = connection.execute(query.where(audit.c.number == newest)).first()
    return (0, FIRST) if row is None else (int(row[0]), str(row[1]))


def _after(connection: Connection, number: int) -> Sequence[Mapping[str, Any]]:
    query = select(audit).where(audit.c.number > number).order_by(audit.c.number).limit(BLOCK)
    return [dict(row) for row in connection.execute(query).mappings()]


def _holds(row: Mapping[str, Any], number: int, previous: str) -> bool:
    if row["number"] != number or row["previous"] != previous or row["digest"] != _digest(row):
        return False
    if row["salt"] is None:
        return row["person_id"] is None and row["address"] is None
    return bool(row["who"] == _who(row["salt"], row["person_id"], row["address"]))


def _who(salt: str, person_id: str | None, address: str) -> str:
    return sha256(orjson.dumps([salt, person_id, address])).hexdigest()


def _digest(row: Mapping[str, Any]) -> str:
    told = [
        row["previous"], row["number"], row["at"], row["action"], row["organisation_id"],
        row["record"], row["status"], row["who"],
    ]  # fmt: skip
    return sha256(orjson.dumps(told)).hexdigest()


def _entry(row: Mapping[str, Any]) -> Entry:
    return Entry(**{name: row[name] for name in Entry.__slots__})
