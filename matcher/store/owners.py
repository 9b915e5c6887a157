"""Whose each record is, and whom it names; beside the records, which know nothing of it."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Literal

from sqlalchemy import Connection, Engine, Select, Table, delete, insert, select, update

from matcher.access.people import Organisation
from matcher.access.policy import Held, Side, level_of
from matcher.errors import UnknownId
from matcher.records import Level, Need, Patent
from matcher.store.accounts import organisation_from
from matcher.store.favourites import inherit_kept
from matcher.store.leads import agreed_with, inherit, with_companies
from matcher.store.mapping import keys_in, need_from, patent_from, storable
from matcher.store.opening import Writing
from matcher.store.tables import named, needs, organisations, owners, patent_keys, patents
from matcher.text.pinyin import pinyin

CHUNK = 500
GUARDED: tuple[Level, ...] = ("脱敏", "授权可见", "不入库")
Make = Callable[[Mapping[str, Any]], Patent | Need]
TABLES: Mapping[Side, tuple[Table, Make, str]] = {
    "patents": (patents, patent_from, "专利"),
    "needs": (needs, need_from, "需求"),
}
Listed = tuple[Patent | Need, Held]
Order = Literal["id", "title", "date"]
"""By id; by title as in China; or patents by application date, the latest first, and needs by
deadline, the soonest first, with those that have none at the end."""


@dataclass(frozen=True, slots=True)
class Wanted:
    """Which records of an organisation `of` and its companies: of one `owner` among these, whose
    title holds `words`; in which order."""

    of: str
    owner: str | None = None
    words: str = ""
    order: Order = "id"


class Owners:
    """Owned once; named by any number."""

    def __init__(self, engine: Engine) -> None:
        self._engine = engine

    def own(
        self, side: Side, ids: Sequence[str], organisation_id: str, *, level_stated: bool
    ) -> None:
        """Make these records the organisation's, all or none; `level_stated` says that their
        level was chosen by it, so that no default changes it.

        :raises UnknownId: names the first record that is not there."""
        table, _, noun = TABLES[side]
        with Writing(self._engine) as connection:
            for id in ids:
                if connection.execute(select(table.c.id).where(table.c.id == id)).first() is None:
                    raise UnknownId(f"没有编号为“{id}”的{noun}。请核对编号。", id=id)
                mine = (owners.c.side == side) & (owners.c.record_id == id)
                connection.execute(delete(owners).where(mine))
                connection.execute(insert(owners).values(
                    side=side, record_id=id, organisation_id=organisation_id,
                    level_stated=level_stated,
                ))  # fmt: skip

    def name(self, side: Side, id: str, organisation_ids: Sequence[str]) -> None:
        """These organisations, and no others, are named by the record."""
        with Writing(self._engine) as connection:
            name(connection, side, id, organisation_ids)

    def held(self, records: Sequence[Patent | Need], asker: str | None = None) -> list[Held]:
        """What decides over each of these records of one side, in their order, when this
        organisation asks."""
        with self._engine.connect() as connection:
            return _held(connection, records, asker)

    def guarded(self, side: Side, asker: str | None = None) -> list[tuple[str, Held]]:
        """The ids of all records of one side that not everybody may see in full, with what
        decides over each when `asker` asks."""
        table, _, _ = TABLES[side]
        quiet = (
            select(owners.c.record_id)
            .join(organisations, owners.c.organisation_id == organisations.c.id)
            .where(owners.c.side == side, organisations.c.state_owned, ~owners.c.level_stated)
        )
        query = select(table.c.id, table.c.level)
        with self._engine.connect() as connection:
            kept = connection.execute(query.where(table.c.level.in_(GUARDED))).all()
            told: dict[str, Level] = {id: level for id, level in kept}
            more = connection.execute(quiet).scalars().all()
            for start in range(0, len(more), CHUNK):
                chunk = query.where(table.c.id.in_(more[start : start + CHUNK]))
                told.update((id, level) for id, level in connection.execute(chunk))
            return list(zip(told, _decided(connection, side, told, asker), strict=True))

    def foreign(self, side: Side, ids: Sequence[str], organisation_id: str) -> set[str]:
        """Those of these records that belong to others than this organisation and, when it is a
        park, its companies."""
        mine = with_companies(organisation_id)
        found: set[str] = set()
        with self._engine.connect() as connection:
            for start in range(0, len(ids), CHUNK):
                found.update(connection.execute(select(owners.c.record_id).where(
                    owners.c.side == side, owners.c.record_id.in_(ids[start : start + CHUNK]),
                    owners.c.organisation_id.not_in(mine),
                )).scalars())  # fmt: skip
        return found

    def ids_of(self, side: Side, organisation_id: str) -> set[str]:
        """The records of one side that belong to an organisation and, when it is a park, to its
        companies."""
        query = select(owners.c.record_id).where(
            owners.c.side == side, owners.c.organisation_id.in_(with_companies(organisation_id))
        )
        with self._engine.connect() as connection:
            return set(connection.execute(query).scalars())

    def of(self, side: Side, id: str) -> Organisation | None:
        """Whose a record is."""
        query = (
            select(organisations)
            .join(owners, owners.c.organisation_id == organisations.c.id)
            .where(owners.c.side == side, owners.c.record_id == id)
        )
        with self._engine.connect() as connection:
            row = connection.execute(query).mappings().first()
        return None if row is None else organisation_from(dict(row))

    def page(
        self, side: Side, *, after: str, limit: int, owner: str | None = None,
        asker: str | None = None,
    ) -> list[Listed]:  # fmt: skip
        """At most `limit` records whose id comes after this, by id, with what decides over each
        when `asker` asks; of one owner if asked."""
        table = TABLES[side][0]
        query = select(table).where(table.c.id > after)
        if owner is not None:
            owned = select(owners.c.record_id).where(
                owners.c.side == side, owners.c.organisation_id == owner
            )
            query = query.where(table.c.id.in_(owned))
        return self._listed(side, query.order_by(table.c.id).limit(limit), asker)

    def desk(self, side: Side, wanted: Wanted, *, after: str = "", limit: int) -> list[Listed]:
        """At most `limit` of the records of an organisation and, when it is a park, of its
        companies, that come after this one in the order asked for; when that one is gone, from
        the first on."""
        if wanted.order == "id":
            table = TABLES[side][0]
            later = self._wanted(select(table), side, wanted).where(table.c.id > storable(after))
            return self._listed(side, later.order_by(table.c.id).limit(limit), wanted.of)
        ids = self._ordered(side, wanted)
        start = ids.index(after) + 1 if after in ids else 0
        return self._these(side, ids[start : start + limit], wanted.of)

    def each(self, side: Side, wanted: Wanted) -> Iterator[Listed]:
        """All that `desk` lists, some at a time."""
        if wanted.order != "id":
            ids = self._ordered(side, wanted)
            for start in range(0, len(ids), CHUNK):
                yield from self._these(side, ids[start : start + CHUNK], wanted.of)
            return
        after = ""
        while listed := self.desk(side, wanted, after=after, limit=CHUNK):
            yield from listed
            after = listed[-1][0].id

    def _wanted(self, query: Select[Any], side: Side, wanted: Wanted) -> Select[Any]:
        table = TABLES[side][0]
        mine = select(owners.c.record_id).where(
            owners.c.side == side, owners.c.organisation_id.in_(with_companies(wanted.of))
        )
        if wanted.owner is not None:
            mine = mine.where(owners.c.organisation_id == storable(wanted.owner))
        query = query.where(table.c.id.in_(mine))
        if wanted.words:
            held = table.c.title.contains(storable(wanted.words), autoescape=True)
            query = query.where(held)
        return query

    def _ordered(self, side: Side, wanted: Wanted) -> list[str]:
        """The ids of all that are wanted, in order: no database sorts by pinyin."""
        table = TABLES[side][0]
        day = patents.c.application_date if side == "patents" else needs.c.deadline
        query = self._wanted(select(table.c.id, table.c.title, day), side, wanted)
        with self._engine.connect() as connection:
            rows = connection.execute(query.order_by(table.c.id)).all()
        if wanted.order == "title":
            return [row[0] for row in sorted(rows, key=lambda row: pinyin(row[1]))]
        dated = [row for row in rows if row[2] is not None]
        dated.sort(key=lambda row: row[2], reverse=side == "patents")
        return [row[0] for row in dated] + [row[0] for row in rows if row[2] is None]

    def _these(self, side: Side, ids: Sequence[str], asker: str) -> list[Listed]:
        table = TABLES[side][0]
        listed = self._listed(side, select(table).where(table.c.id.in_(ids)), asker)
        held = {record.id: (record, about) for record, about in listed}
        return [held[id] for id in ids if id in held]

    def _listed(self, side: Side, query: Select[Any], asker: str | None) -> list[Listed]:
        make = TABLES[side][1]
        with self._engine.connect() as connection:
            rows = connection.execute(query).mappings()
            records = [make(dict(row)) for row in rows]
            return list(zip(records, _held(connection, records, asker), strict=True))


def name(connection: Connection, side: Side, id: str, organisation_ids: Sequence[str]) -> None:
    """These organisations, and no others, are named by the record."""
    about = (named.c.side == side) & (named.c.record_id == id)
    connection.execute(delete(named).where(about))
    for one in sorted(set(organisation_ids)):
        connection.execute(insert(named).values(side=side, record_id=id, organisation_id=one))


def claim(connection: Connection, side: Side, claims: Mapping[str, str]) -> None:
    """Give records (id -> organisation) that nobody owns to who brought them."""
    ids = sorted(claims)
    for start in range(0, len(ids), CHUNK):
        chunk = ids[start : start + CHUNK]
        query = select(owners.c.record_id).where(
            owners.c.side == side, owners.c.record_id.in_(chunk)
        )
        there = set(connection.execute(query).scalars())
        fresh = [
            {"side": side, "record_id": id, "organisation_id": claims[id], "level_stated": False}
            for id in chunk
            if id not in there
        ]
        if fresh:
            connection.execute(insert(owners), fresh)


def owned(connection: Connection, gone: Sequence[str]) -> dict[str, list[str]]:
    """Those of the patents about to leave that somebody owns -> their keys."""
    found: dict[str, list[str]] = {}
    for start in range(0, len(gone), CHUNK):
        chunk = gone[start : start + CHUNK]
        held = select(owners.c.record_id).where(
            owners.c.side == "patents", owners.c.record_id.in_(chunk)
        )
        query = select(patents.c.id, patents.c.more).where(patents.c.id.in_(held))
        found.update((id, keys_in(more)) for id, more in connection.execute(query))
    return found


def pass_on(connection: Connection, left: Mapping[str, Sequence[str]]) -> None:
    """Give what was owned (id -> keys) to the patent that holds its keys now, with those it
    named, unless that one has an owner."""
    for gone, keys in sorted(left.items()):
        held = select(patent_keys.c.patent_id).where(patent_keys.c.key.in_(keys))
        heir = connection.execute(held.order_by(patent_keys.c.key).limit(1)).scalar()
        if heir is not None:
            inherit(connection, gone, heir)
            inherit_kept(connection, gone, heir)
        taken = heir is None or _owner_of(connection, heir)
        for table in (owners, named):
            about = (table.c.side == "patents") & (table.c.record_id == gone)
            if taken:
                connection.execute(delete(table).where(about))
            else:
                connection.execute(update(table).where(about).values(record_id=heir))


def _owner_of(connection: Connection, id: str) -> bool:
    query = select(owners.c.record_id).where(owners.c.side == "patents", owners.c.record_id == id)
    return connection.execute(query).first() is not None


def _held(
    connection: Connection, records: Sequence[Patent | Need], asker: str | None
) -> list[Held]:
    if not records:
        return []
    side: Side = "patents" if isinstance(records[0], Patent) else "needs"
    levels = {record.id: record.level for record in records}
    told = dict(zip(levels, _decided(connection, side, levels, asker), strict=True))
    return [told[record.id] for record in records]


def _decided(
    connection: Connection, side: Side, levels: Mapping[str, Level], asker: str | None
) -> list[Held]:
    """What decides over the records of these ids and levels, in their order."""
    belongs: dict[str, tuple[Organisation, bool]] = {}
    names: dict[str, set[str]] = {}
    ids = list(levels)
    for start in range(0, len(ids), CHUNK):
        chunk = ids[start : start + CHUNK]
        query = (
            select(organisations, owners.c.record_id, owners.c.level_stated)
            .join(owners, owners.c.organisation_id == organisations.c.id)
            .where(owners.c.side == side, owners.c.record_id.in_(chunk))
        )
        for row in connection.execute(query).mappings():
            told: dict[str, Any] = dict(row)
            belongs[told["record_id"]] = (organisation_from(told), bool(told["level_stated"]))
        query = select(named.c.record_id, named.c.organisation_id).where(
            named.c.side == side, named.c.record_id.in_(chunk)
        )
        for id, organisation in connection.execute(query):
            names.setdefault(id, set()).add(organisation)
    agreed = agreed_with(connection, side, ids, asker) if asker else set()
    found = []
    for id, said in levels.items():
        owner, stated = belongs.get(id, (None, False))
        level = level_of(said, owner, stated=stated)
        told_names = frozenset(names.get(id, ()))
        both = owner is not None and (id, owner.id) in agreed
        found.append(Held(side=side, level=level, owner=owner, named=told_names, agreed=both))
    return found
