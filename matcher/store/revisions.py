"""Single records made, changed and withdrawn by people: each one transaction, in which it is
checked that nobody else changed the record meanwhile."""

from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy import ColumnElement, Connection, Engine, Table, delete, insert, select, update

from matcher.access.policy import Side
from matcher.errors import Changed, Taken, WrongStep
from matcher.records import Need, Patent
from matcher.store.bulk import put_keys
from matcher.store.mapping import (
    need_columns,
    need_from,
    patent_columns,
    patent_from,
    storable,
    storable_pairs,
)
from matcher.store.opening import Writing
from matcher.store.owners import name
from matcher.store.rows import add, carry, drop
from matcher.store.tables import leads, named, needs, owners, patent_keys, patents

NUMBERS = ("A:", "P:")
CHANGED = "这条记录刚刚被别人改过或撤回,没有改动。请重新打开后再改。"


@dataclass(frozen=True, slots=True, kw_only=True)
class Standing:
    """What stands beside a record: whether its level was chosen by its owner's admin, and the
    organisations that it names; None leaves them as they are."""

    level_stated: bool | None = None
    named: Sequence[str] | None = None


class Revisions:
    """One record at a time, or several withdrawn together."""

    def __init__(self, engine: Engine) -> None:
        self._engine = engine

    def create(self, record: Patent | Need, owner: str, standing: Standing) -> None:
        """A new one that belongs to an organisation.

        :raises Taken: its id, or one of its numbers, is there already; `id` says whose."""
        side = _side(record)
        with Writing(self._engine) as connection:
            there = _read(connection, side, record.id)
            if there is None and isinstance(record, Patent):
                there = _holding(connection, record)
            if there is not None:
                raise Taken("已有这条记录,没有再建。要改它,请打开原来那一条。", id=there.id)
            carry(connection, _add(connection, record))
            _forget_owner(connection, side, record.id)
            connection.execute(insert(owners).values(
                side=side, record_id=record.id, organisation_id=owner,
                level_stated=bool(standing.level_stated),
            ))  # fmt: skip
            name(connection, side, record.id, standing.named or ())

    def change(self, before: Patent | Need, after: Patent | Need, standing: Standing) -> None:
        """Replace a record of the same id.

        :raises Changed: it is no longer as it was read.  :raises Taken: a number of the new one
        is another patent's; `id` names it."""
        side = _side(before)
        with Writing(self._engine) as connection:
            _same(connection, before)
            removed = drop(connection, _table(side), [before.id])
            if isinstance(after, Patent):
                other = _holding(connection, after)
                if other is not None:
                    raise Taken("这个号码属于另一件专利,没有改动。请核对号码。", id=other.id)
            carry(connection, _add(connection, after) - removed)
            if standing.level_stated is not None:
                mine = _about(owners, side, before.id)
                stated = update(owners).where(mine).values(level_stated=standing.level_stated)
                connection.execute(stated)
            if standing.named is not None:
                name(connection, side, before.id, standing.named)

    def withdraw(self, records: Sequence[Patent | Need]) -> None:
        """Take these out, all or none; what was agreed about them stays, with their ids.

        :raises Changed: one is no longer as it was read.  :raises WrongStep: the two sides of a
        match with one are talking."""
        with Writing(self._engine) as connection:
            for record in records:
                side = _side(record)
                _same(connection, record)
                about = leads.c.patent_id if side == "patents" else leads.c.need_id
                busy = select(leads.c.id).where(about == record.id, leads.c.joint.is_not(None))
                if connection.execute(busy.limit(1)).first() is not None:
                    raise WrongStep(
                        f"“{record.title}”有正在进行的对接,没有撤回。请先结束那些对接。",
                        id=record.id,
                    )
                carry(connection, -drop(connection, _table(side), [record.id]))
                _forget_owner(connection, side, record.id)


def _side(record: Patent | Need) -> Side:
    return "patents" if isinstance(record, Patent) else "needs"


def _table(side: Side) -> Table:
    return patents if side == "patents" else needs


def _read(connection: Connection, side: Side, id: str) -> Patent | Need | None:
    table = _table(side)
    query = select(table).where(table.c.id == storable(id))
    row = connection.execute(query).mappings().first()
    if row is None:
        return None
    return patent_from(dict(row)) if side == "patents" else need_from(dict(row))


def _same(connection: Connection, record: Patent | Need) -> None:
    if _read(connection, _side(record), record.id) != record:
        raise Changed(CHANGED, id=record.id)


def _holding(connection: Connection, patent: Patent) -> Patent | None:
    """Another patent that bears one of these numbers."""
    keys = [storable(key) for key in patent.keys if key.startswith(NUMBERS)]
    query = select(patent_keys.c.patent_id).where(patent_keys.c.key.in_(keys))
    for id in connection.execute(query.order_by(patent_keys.c.key)).scalars():
        if id != patent.id:
            found = _read(connection, "patents", id)
            assert found is None or isinstance(found, Patent)
            return found
    return None


def _add(connection: Connection, record: Patent | Need) -> int:
    if isinstance(record, Need):
        return add(connection, needs, [record], need_columns)
    put_keys(connection, storable_pairs(dict.fromkeys(record.keys, record.id)))
    return add(connection, patents, [record], patent_columns)


def _about(table: Table, side: Side, id: str) -> ColumnElement[bool]:
    return (table.c.side == side) & (table.c.record_id == storable(id))


def _forget_owner(connection: Connection, side: Side, id: str) -> None:
    for table in (owners, named):
        connection.execute(delete(table).where(_about(table, side, id)))
