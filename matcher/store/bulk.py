"""Many rows at once, in the order of the table's columns, and as fast as the driver allows."""

import sqlite3
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from typing import Any

from sqlalchemy import Connection, Table, insert, literal, select, text
from sqlalchemy.exc import DatabaseError

from matcher.store.tables import patent_keys

Values = tuple[Any, ...]
_PUT_KEY = (
    "INSERT INTO patent_keys (key, patent_id) VALUES ({}, {}) "
    "ON CONFLICT (key) DO UPDATE SET patent_id = excluded.patent_id"
)


def insert_rows(connection: Connection, table: Table, rows: Iterable[Values]) -> None:
    """Insert rows whose ids are new.  SQLite takes them one by one from the iterator, so that
    no second copy of a large import is made."""
    names = [column.name for column in table.columns]
    if connection.dialect.name == "sqlite":
        _many(connection, f"INSERT INTO {table.name} VALUES ({', '.join('?' * len(names))})", rows)
        return
    given = [dict(zip(names, row, strict=True)) for row in rows]
    if given:
        connection.execute(insert(table), given)


def is_empty(connection: Connection, table: Table) -> bool:
    """Whether a table has no row."""
    return connection.execute(select(literal(1)).select_from(table).limit(1)).first() is None


@contextmanager
def indexed_after(connection: Connection, table: Table) -> Iterator[None]:
    """An empty table of SQLite is filled first and indexed then, in the same transaction: a tree
    made of sorted entries costs a third of one that grows in the order of the rows."""
    late = connection.dialect.name == "sqlite" and is_empty(connection, table)
    indexes = table.indexes if late else ()
    for index in indexes:
        index.drop(connection)
    yield
    for index in indexes:
        index.create(connection)


def put_keys(connection: Connection, owners: Mapping[str, str]) -> None:
    """Key -> patent id; a key that another patent held passes to the newcomer.  Sorted first: a
    tree filled in order is filled faster."""
    owned = [(key, owners[key]) for key in sorted(owners)]
    if connection.dialect.name == "sqlite":
        _many(connection, _PUT_KEY.format("?", "?"), owned)
    elif owned:
        columns = [column.name for column in patent_keys.columns]
        given = [dict(zip(columns, pair, strict=True)) for pair in owned]
        connection.execute(text(_PUT_KEY.format(":key", ":patent_id")), given)


def _many(connection: Connection, statement: str, rows: Iterable[Values]) -> None:
    cursor = connection.connection.cursor()
    try:
        cursor.executemany(statement, rows)  # type: ignore[arg-type]
    except sqlite3.Error as error:
        raise DatabaseError(statement, None, error) from error
    finally:
        cursor.close()
