"""Organisations, people and their roles, in the database."""

from collections.abc import Mapping, Sequence
from typing import Any

from sqlalchemy import ColumnElement, Connection, Engine, delete, insert, or_, select, update

from matcher.access.people import Membership, Organisation, Person, Role
from matcher.errors import BadInput, Taken, UnknownId
from matcher.store.mapping import storable
from matcher.store.opening import Writing
from matcher.store.tables import (
    api_keys,
    drafts,
    favourites,
    memberships,
    messages,
    messages_read,
    news_told,
    organisations,
    people,
    sessions,
    watches,
)


class Accounts:
    """What was put is read back equal; a name and an address are there once."""

    def __init__(self, engine: Engine) -> None:
        self._engine = engine

    def found(self, made: Organisation) -> None:
        """:raises Taken: the name is there.  :raises BadInput: `park_id` is no park."""
        with Writing(self._engine) as connection:
            if _one(connection, select(organisations).where(organisations.c.name == made.name)):
                raise Taken("已经有这个名称的机构。请核对名称,或换一个。")
            if made.park_id is not None:
                wanted = select(organisations).where(organisations.c.id == made.park_id)
                park = _one(connection, wanted)
                if park is None or park["kind"] != "park":
                    raise BadInput("没有这个园区。请核对园区的编号。")
            connection.execute(insert(organisations).values(
                id=made.id, kind=made.kind, name=made.name, park_id=made.park_id,
                state_owned=made.state_owned,
            ))  # fmt: skip

    def organisation(self, id: str) -> Organisation:
        """:raises UnknownId: it is not there."""
        with self._engine.connect() as connection:
            row = _one(connection, select(organisations).where(organisations.c.id == id))
        if row is None:
            raise UnknownId("没有这个机构。请核对编号。", id=id)
        return organisation_from(row)

    def called(self, text: str) -> Organisation | None:
        """The first by id that has this name or id."""
        wanted = storable(text)
        query = select(organisations).where(
            or_(organisations.c.id == wanted, organisations.c.name == wanted)
        )
        with self._engine.connect() as connection:
            row = _one(connection, query.order_by(organisations.c.id).limit(1))
        return None if row is None else organisation_from(row)

    def organisations(self, *, after: str = "", limit: int) -> list[Organisation]:
        """At most `limit` whose id comes after this, by id."""
        query = select(organisations).where(organisations.c.id > after)
        with self._engine.connect() as connection:
            rows = connection.execute(query.order_by(organisations.c.id).limit(limit)).mappings()
            return [organisation_from(dict(row)) for row in rows]

    def companies(self, park_id: str) -> dict[str, str]:
        """The names of a park's companies -> their ids."""
        query = select(organisations.c.name, organisations.c.id)
        with self._engine.connect() as connection:
            rows = connection.execute(query.where(organisations.c.park_id == park_id))
            return {name: id for name, id in rows}

    def enrol(self, person: Person, password: str) -> None:
        """A new account; `password` as `secret.hashed` made it.  :raises Taken: the address is
        there."""
        with Writing(self._engine) as connection:
            enrol(connection, person, password)

    def by_email(self, email: str) -> tuple[Person, str] | None:
        """The person of this address and the hashed password."""
        with self._engine.connect() as connection:
            row = _one(connection, select(people).where(people.c.email == email))
        return None if row is None else (person_from(row), str(row["password"]))

    def person(self, id: str) -> Person | None:
        """Who that is."""
        with self._engine.connect() as connection:
            row = _one(connection, select(people).where(people.c.id == id))
        return None if row is None else person_from(row)

    def set_password(self, person_id: str, password: str) -> None:
        """A newly hashed password; the sessions stay."""
        with Writing(self._engine) as connection:
            chosen = update(people).where(people.c.id == person_id)
            connection.execute(chosen.values(password=password))

    def members(self, organisation_id: str) -> list[tuple[Person, Role]]:
        """By id of the person."""
        query = (
            select(people, memberships.c.role)
            .join(memberships, memberships.c.person_id == people.c.id)
            .where(memberships.c.organisation_id == organisation_id)
            .order_by(people.c.id)
        )
        with self._engine.connect() as connection:
            rows = connection.execute(query).mappings()
            return [(person_from(dict(row)), row["role"]) for row in rows]

    def memberships(self, person_id: str) -> list[Membership]:
        """By id of the organisation."""
        query = (
            select(organisations, memberships.c.role)
            .join(memberships, memberships.c.organisation_id == organisations.c.id)
            .where(memberships.c.person_id == person_id)
            .order_by(organisations.c.id)
        )
        with self._engine.connect() as connection:
            rows = connection.execute(query).mappings()
            return [
                Membership(person_id, organisation_from(dict(row)), row["role"]) for row in rows
            ]

    def join(self, person_id: str, organisation_id: str, role: Role) -> None:
        """Give a role, or another one.  :raises BadInput: nobody would be left as admin."""
        with Writing(self._engine) as connection:
            join(connection, person_id, organisation_id, role)

    def rename(self, person_id: str, name: str) -> None:
        """What a person is called from now on."""
        with Writing(self._engine) as connection:
            mine = people.c.id == person_id
            connection.execute(update(people).where(mine).values(name=storable(name)))

    def leave(self, person_id: str, organisation_id: str) -> None:
        """Take the role away, with the person's sessions, keys, drafts, favourites and messages
        there.

        :raises UnknownId: no member.  :raises BadInput: nobody would be left as admin."""
        with Writing(self._engine) as connection:
            keep_an_admin(connection, organisation_id, person_id)
            gone = connection.execute(delete(memberships).where(
                memberships.c.person_id == person_id,
                memberships.c.organisation_id == organisation_id,
            ))  # fmt: skip
            if not gone.rowcount:
                raise UnknownId("这个人不是该机构的成员。请核对编号。", id=person_id)
            there = watches.c.organisation_id == organisation_id
            unwatch(connection, there & (watches.c.person_id == person_id))
            for table in (sessions, api_keys, drafts, favourites, messages, messages_read):
                connection.execute(delete(table).where(
                    table.c.person_id == person_id, table.c.organisation_id == organisation_id
                ))  # fmt: skip


def unwatch(connection: Connection, which: ColumnElement[bool]) -> None:
    """These watches end."""
    ids = select(watches.c.id).where(which)
    connection.execute(delete(news_told).where(news_told.c.watch_id.in_(ids)))
    connection.execute(delete(watches).where(which))


def enrol(connection: Connection, person: Person, password: str) -> None:
    """:raises Taken: the address is there."""
    if _one(connection, select(people).where(people.c.email == person.email)):
        raise Taken("这个电子邮箱已经注册。请直接登录,或换一个。")
    connection.execute(insert(people).values(
        id=person.id, email=person.email, name=person.name, operator=person.operator,
        password=password,
    ))  # fmt: skip


def join(connection: Connection, person_id: str, organisation_id: str, role: Role) -> None:
    """Give a role, or another one.  :raises BadInput: nobody would be left as admin."""
    if role != "admin":
        keep_an_admin(connection, organisation_id, person_id)
    connection.execute(delete(memberships).where(
        memberships.c.person_id == person_id, memberships.c.organisation_id == organisation_id
    ))  # fmt: skip
    connection.execute(insert(memberships).values(
        person_id=person_id, organisation_id=organisation_id, role=role
    ))  # fmt: skip


def organisation_from(row: Mapping[str, Any]) -> Organisation:
    """A row of `organisations`."""
    return Organisation(
        id=row["id"], kind=row["kind"], name=row["name"], park_id=row["park_id"],
        state_owned=bool(row["state_owned"]),
    )  # fmt: skip


def person_from(row: Mapping[str, Any]) -> Person:
    """A row of `people`, without the password."""
    return Person(
        id=row["id"], email=row["email"], name=row["name"], operator=bool(row["operator"])
    )


def keep_an_admin(connection: Connection, organisation_id: str, leaving: str) -> None:
    """:raises BadInput: the one who leaves is the last."""
    query = select(memberships.c.person_id).where(
        memberships.c.organisation_id == organisation_id, memberships.c.role == "admin"
    )
    admins: Sequence[str] = connection.execute(query).scalars().all()
    if list(admins) == [leaving]:
        raise BadInput("机构至少要有一位管理员。请先把另一位成员设为管理员。")


def _one(connection: Connection, query: Any) -> dict[str, Any] | None:
    row = connection.execute(query).mappings().first()
    return None if row is None else dict(row)
