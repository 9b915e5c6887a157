"""`SqlStore`: the Store over SQLAlchemy Core, the same code on SQLite and PostgreSQL."""

import json
from collections.abc import Callable, Iterator, Mapping, Sequence
from pathlib import Path
from types import MappingProxyType
from typing import Any, Self, TypeVar

from sqlalchemy import (
    Engine,
    Table,
    bindparam,
    delete,
    func,
    insert,
    select,
)

from matcher.errors import StoreBroken, UnknownId
from matcher.records import Feedback, Need, Patent
from matcher.store.accounts import Accounts
from matcher.store.answers import answered, answers_of, follow, put_answers
from matcher.store.audit import Audit
from matcher.store.bulk import indexed_after, is_empty, put_keys
from matcher.store.changes import Changes
from matcher.store.credentials import Credentials
from matcher.store.drafts import Drafts
from matcher.store.dump import Dump
from matcher.store.favourites import Favourites
from matcher.store.figures import Figures
from matcher.store.jobs import Jobs
from matcher.store.leads import Leads
from matcher.store.mapping import (
    feedback_from,
    need_columns,
    need_from,
    patent_columns,
    patent_from,
    storable_pairs,
)
from matcher.store.messages import Messages
from matcher.store.once import Once
from matcher.store.opening import Writing, opened
from matcher.store.outbox import Outbox
from matcher.store.owners import Owners, claim, owned, pass_on
from matcher.store.personal import Personal
from matcher.store.revisions import Revisions
from matcher.store.rows import MODULUS, add, carry, checksum, counted, drop
from matcher.store.tables import column_maps, feedback, needs, patent_keys, patents
from matcher.store.watches import Watches

CHUNK = 500
# Made once: SQLAlchemy remembers what it compiled by the statement, and looks at a new one anew.
_SOME = {
    table: select(table).where(table.c.id.in_(bindparam("ids", expanding=True)))
    for table in (patents, needs)
}
NOBODY: Mapping[str, str] = MappingProxyType({})
Record = TypeVar("Record")
Noun = TypeVar("Noun", Patent, Need)


def sqlite_url(path: Path) -> str:
    """The address of a SQLite file."""
    return f"sqlite:///{path}"


def address(home: Path, database: str) -> str:
    """Of a home's records: the database that the settings name, else a file in the home."""
    return database or sqlite_url(home / "patmatch.db")


class SqlStore:
    """Promises of `protocols.Store`; a put is one transaction."""

    def __init__(self, engine: Engine) -> None:
        self._engine = engine
        self.accounts = Accounts(engine)
        self.credentials = Credentials(engine)
        self.owners = Owners(engine)
        self.leads = Leads(engine)
        self.revisions = Revisions(engine)
        self.once = Once(engine)
        self.jobs = Jobs(engine)
        self.audit = Audit(engine)
        self.dump = Dump(engine)
        self.personal = Personal(engine)
        self.outbox = Outbox(engine)
        self.watches = Watches(engine)
        self.figures = Figures(engine)
        self.changes = Changes(engine)
        self.drafts = Drafts(engine)
        self.favourites = Favourites(engine)
        self.messages = Messages(engine)

    @classmethod
    def open(cls, url: str) -> Self:
        """Connect and bring the schema up to date.

        :raises StoreBroken: not our database, damaged, or written by a newer version."""
        return cls(opened(url))

    def close(self) -> None:
        """Give back all connections."""
        self._engine.dispose()

    def put_patents(
        self,
        items: Sequence[Patent],
        *,
        gone: Sequence[str] = (),
        claims: Mapping[str, str] = NOBODY,
    ) -> None:
        """Insert or replace by id, with their identity keys, and remove the ids in `gone`, all
        in one transaction.  A key that another patent held passes to the newcomer, and so do
        answers about a patent that is gone.  `claims`: ids -> the organisation that owns them
        from now on, if nobody does."""
        fresh = _by_id(items)
        owners = storable_pairs({key: item.id for item in items for key in item.keys})
        with self._begin() as connection:
            left, lost = answered(connection, gone), owned(connection, gone)
            removed = drop(connection, patents, [*(item.id for item in fresh), *gone])
            with indexed_after(connection, patents):
                added = add(connection, patents, fresh, patent_columns)
            put_keys(connection, owners)
            follow(connection, left)
            pass_on(connection, lost)
            claim(connection, "patents", claims)
            carry(connection, added - removed)

    def put_needs(self, items: Sequence[Need], *, claims: Mapping[str, str] = NOBODY) -> None:
        """Insert or replace by id in one transaction; `claims` as of patents."""
        fresh = _by_id(items)
        with self._begin() as connection:
            removed = drop(connection, needs, [item.id for item in fresh])
            added = add(connection, needs, fresh, need_columns)
            claim(connection, "needs", claims)
            carry(connection, added - removed)

    def put_feedback(self, items: Sequence[Feedback]) -> None:
        """Insert or replace by need, patent and person in one transaction."""
        try:
            with self._begin() as connection:
                put_answers(connection, items)
        except StoreBroken as error:
            raise error from None  # the database may quote a whole row, and so a name

    def patents(self, ids: Sequence[str]) -> list[Patent]:
        """In the order asked.  :raises UnknownId: names the first that is not there."""
        return self._named(patents, ids, patent_from, "专利")

    def needs(self, ids: Sequence[str]) -> list[Need]:
        """In the order asked.  :raises UnknownId: names the first that is not there."""
        return self._named(needs, ids, need_from, "需求")

    def each_patent(self) -> Iterator[Patent]:
        """All, by id."""
        return self._each(patents, patent_from)

    def each_need(self) -> Iterator[Need]:
        """All, by id."""
        return self._each(needs, need_from)

    def each_feedback(self) -> Iterator[Feedback]:
        """All, by need, patent and person."""
        return self._each(feedback, feedback_from)

    def feedback_of(self, need_ids: Sequence[str]) -> list[Feedback]:
        """All answers for these needs, by need, patent and person."""
        with self._engine.connect() as connection:
            return answers_of(connection, need_ids)

    def owners_of(self, keys: Sequence[str]) -> Mapping[str, str]:
        """Identity keys that are known -> the id of the patent that holds each."""
        found: dict[str, str] = {}
        with self._engine.connect() as connection:
            if is_empty(connection, patent_keys):
                return found
            for chunk in _chunks(sorted(keys)):
                query = select(patent_keys.c.key, patent_keys.c.patent_id)
                rows = connection.execute(query.where(patent_keys.c.key.in_(chunk)))
                found.update((key, owner) for key, owner in rows)
        return found

    def patents_by(self, parties: Sequence[str]) -> list[Patent]:
        """All patents whose first applicant is one of `parties`, by id."""
        found: list[Patent] = []
        with self._engine.connect() as connection:
            if is_empty(connection, patents):
                return found
            for chunk in _chunks(parties):
                query = select(patents).where(patents.c.party.in_(chunk))
                found += [patent_from(dict(row)) for row in connection.execute(query).mappings()]
        return sorted(found, key=lambda patent: patent.id)

    def known_patents(self, ids: Sequence[str]) -> dict[str, Patent]:
        """The patents among `ids` that are there."""
        return self._some(patents, ids, patent_from)

    def known_needs(self, ids: Sequence[str]) -> dict[str, Need]:
        """The needs among `ids` that are there."""
        return self._some(needs, ids, need_from)

    def named(self, table: str, column: str, values: Sequence[str]) -> dict[str, list[str]]:
        """Those of `values` that patents or needs have in `column` -> the ids of these, sorted."""
        source = {"patents": patents, "needs": needs}[table]
        found: dict[str, list[str]] = {}
        with self._engine.connect() as connection:
            for chunk in _chunks(values):
                query = select(source.c[column], source.c.id).where(source.c[column].in_(chunk))
                for value, id in connection.execute(query):
                    found.setdefault(value, []).append(id)
        return {value: sorted(ids) for value, ids in found.items()}

    def snapshot(self) -> str:
        """Counts and an order-independent checksum of all records."""
        with self._engine.connect() as connection:
            counts = [
                connection.execute(select(func.count()).select_from(table)).scalar_one()
                for table in (patents, needs)
            ]
            return f"p{counts[0]}-n{counts[1]}-{checksum(connection):016x}"

    def digests(self, table: str) -> dict[str, int]:
        """The ids of all patents or needs -> a number that changes when the record does."""
        source = {"patents": patents, "needs": needs}[table]
        with self._engine.connect() as connection:
            rows = connection.execute(select(source.c.id, source.c.digest)).all()
        return {id: digest for id, digest in rows}

    def feedback_snapshot(self) -> str:
        """Count and order-independent checksum of all answers; `snapshot` does not know them."""
        with self._engine.connect() as connection:
            digests = connection.execute(select(feedback.c.digest)).scalars().all()
        return f"f{len(digests)}-{sum(digests) % MODULUS:016x}"

    def column_maps(self) -> dict[str, dict[str, str]]:
        """All that users said of unknown columns, by header fingerprint."""
        query = select(column_maps).order_by(column_maps.c.fingerprint)
        with self._engine.connect() as connection:
            rows = connection.execute(query).all()
        return {fingerprint: dict(json.loads(text)) for fingerprint, text in rows}

    def remember_columns(self, fingerprint: str, mapping: Mapping[str, str]) -> None:
        """Keep the user's choice of columns for this header fingerprint."""
        text = json.dumps(dict(sorted(mapping.items())), ensure_ascii=False)
        with self._begin() as connection:
            connection.execute(delete(column_maps).where(column_maps.c.fingerprint == fingerprint))
            connection.execute(insert(column_maps).values(fingerprint=fingerprint, mapping=text))

    def count_by(self, table: str, column: str) -> list[tuple[str, int]]:
        """How many records have each value of a column, most first, then by value."""
        source = {"patents": patents, "needs": needs, "feedback": feedback}[table]
        rows = counted(self._engine, source.c[column]).items()
        return sorted(rows, key=lambda pair: (-pair[1], pair[0]))

    def _named(
        self,
        table: Table,
        ids: Sequence[str],
        make: Callable[[Any], Record],
        noun: str,
    ) -> list[Record]:
        found = self._some(table, ids, make)
        for name in ids:
            if name not in found:
                raise UnknownId(f"没有编号为“{name}”的{noun}。请核对编号。", id=name)
        return [found[name] for name in ids]

    def _some(
        self, table: Table, ids: Sequence[str], make: Callable[[Any], Record]
    ) -> dict[str, Record]:
        found: dict[str, Record] = {}
        with self._engine.connect() as connection:
            for chunk in _chunks(ids):
                result = connection.execute(_SOME[table], {"ids": chunk})
                names = result.keys()
                for row in result:
                    record = dict(zip(names, row, strict=True))
                    found[record["id"]] = make(record)
        return found

    def _each(self, table: Table, make: Callable[[Any], Record]) -> Iterator[Record]:
        with self._engine.connect() as connection:
            result = connection.execution_options(yield_per=CHUNK * 4).execute(
                select(table).order_by(*table.primary_key)
            )
            for row in result.mappings():
                yield make(row)

    def _begin(self) -> Writing:
        return Writing(self._engine)


def _by_id(items: Sequence[Noun]) -> list[Noun]:
    """Each id once, the last of equal ones, sorted."""
    last = {item.id: item for item in items}
    return [last[name] for name in sorted(last)]


def _chunks(items: Sequence[str]) -> Iterator[Sequence[str]]:
    for start in range(0, len(items), CHUNK):
        yield items[start : start + CHUNK]
