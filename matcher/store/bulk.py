"""Many rows at once, in the order of the table's columns, and as fast as the driver allows."""

import sqlite3
from collections.abc import Iterable, Iterator, Sequence
from typing import Any

from sqlalchemy import Connection, Date, Table, insert, text
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
        statement = f"INSERT INTO {table.name} VALUES ({', '.join('?' * len(names))})"
        dated = [i for i, column in enumerate(table.columns) if isinstance(column.type, Date)]
        _many(connection, statement, _plain(rows, dated))
        return
    given = [dict(zip(names, row, strict=True)) for row in rows]
    if given:
        connection.execute(insert(table), given)


def put_keys(connection: Connection, owned: Sequence[tuple[str, str]]) -> None:
    """(key, patent id) pairs; a key that another patent held passes to the newcomer.  Sorted
    first: a tree filled in order is filled faster."""
    if connection.dialect.name == "sqlite":
        _many(connection, _PUT_KEY.format("?", "?"), sorted(owned))
    elif owned:
        columns = [column.name for column in patent_keys.columns]
        given = [dict(zip(columns, pair, strict=True)) for pair in sorted(owned)]
        connection.execute(text(_PUT_KEY.format(":key", ":patent_id")), given)


def _plain(rows: Iterable[Values], dated: Sequence[int]) -> Iterator[Values]:
    """Dates as ISO text, the form in which SQLAlchemy reads them back."""
    for row in rows:
        cells = list(row)
        for i in dated:
            if cells[i] is not None:
                cells[i] = cells[i].isoformat()
        yield tuple(cells)


def _many(connection: Connection, statement: str, rows: Iterable[Values]) -> None:
    cursor = connection.connection.cursor()
    try:
        cursor.executemany(statement, rows)  # type: ignore[arg-type]
    except sqlite3.Error as error:
        raise DatabaseError(statement, None, error) from error
    finally:
        cursor.close()
