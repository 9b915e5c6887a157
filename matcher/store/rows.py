"""Rows of patents and needs put and taken inside a write transaction, and the checksum of all."""

from collections.abc import Callable, Sequence
from typing import Any, TypeVar

from sqlalchemy import ColumnElement, Connection, Engine, Table, delete, func, insert, select

from matcher.records import Need, Patent
from matcher.store.bulk import insert_columns, is_empty
from matcher.store.changes import note
from matcher.store.mapping import keys_in, storable
from matcher.store.tables import facts, patent_keys, patents

CHUNK = 500
BLOCK = 2000
MODULUS = 1 << 64
Noun = TypeVar("Noun", Patent, Need)


def drop(connection: Connection, table: Table, ids: Sequence[str]) -> int:
    """Remove rows with the keys they list; the sum of their digests."""
    if is_empty(connection, table):
        return 0
    note(connection, table, ids)
    total = 0
    for start in range(0, len(ids), CHUNK):
        where = table.c.id.in_([storable(name) for name in ids[start : start + CHUNK]])
        old = connection.execute(select(table.c.digest, table.c.more).where(where)).all()
        if not old:
            continue
        total += sum(digest for digest, _ in old)
        if table is patents:
            held = [key for _, more in old for key in keys_in(more)]
            for first in range(0, len(held), CHUNK):
                keys = held[first : first + CHUNK]
                connection.execute(delete(patent_keys).where(patent_keys.c.key.in_(keys)))
        connection.execute(delete(table).where(where))
    return total


def add(
    connection: Connection,
    table: Table,
    items: Sequence[Noun],
    columns: Callable[[Sequence[Noun]], list[Sequence[Any]]],
) -> int:
    """Insert records, a block at a time, so that no second copy of a large import is made; the
    sum of their digests, which stand last."""
    total = 0
    note(connection, table, [item.id for item in items])
    for start in range(0, len(items), BLOCK):
        block = columns(items[start : start + BLOCK])
        insert_columns(connection, table, block)
        total += sum(block[-1])
    return total


def checksum(connection: Connection) -> int:
    """The order-independent checksum of all records."""
    value = connection.execute(select(facts.c.value).where(facts.c.name == "checksum")).scalar()
    return int(value) if value else 0


def carry(connection: Connection, change: int) -> None:
    """Add to the checksum of all records."""
    total = (checksum(connection) + change) % MODULUS
    connection.execute(delete(facts).where(facts.c.name == "checksum"))
    connection.execute(insert(facts).values(name="checksum", value=str(total)))


def counted(engine: Engine, column: ColumnElement[Any]) -> dict[str, int]:
    """The values of a column as text, "" for none -> how many rows have each."""
    query = select(column, func.count()).group_by(column)
    found: dict[str, int] = {}
    with engine.connect() as connection:
        for value, count in connection.execute(query):
            name = str(value or "")
            found[name] = found.get(name, 0) + int(count)
    return found
