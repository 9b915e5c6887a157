"""Many rows at once, in the order of the table's columns, and as fast as the driver allows."""

import sqlite3
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from itertools import islice
from typing import Any

import orjson
from sqlalchemy import Connection, Table, insert, literal, select, text
from sqlalchemy.exc import DatabaseError

Values = tuple[Any, ...]
_TAKE_OVER = " ON CONFLICT (key) DO UPDATE SET patent_id = excluded.patent_id"
_PUT_KEY = "INSERT INTO patent_keys (key, patent_id) VALUES (:key, :patent_id)" + _TAKE_OVER
# One statement for many keys: SQLite reads a document faster than the driver binds its values.
_PUT_KEYS = (
    "INSERT INTO patent_keys (key, patent_id) SELECT key, value FROM json_each(?) WHERE true"
    + _TAKE_OVER
)
_KEYS = 250_000


def insert_rows(connection: Connection, table: Table, rows: Iterable[Values]) -> None:
    """Insert rows whose ids are new."""
    columns = list(zip(*rows, strict=True))
    if columns:
        insert_columns(connection, table, columns)


def insert_columns(connection: Connection, table: Table, columns: Sequence[Sequence[Any]]) -> None:
    """Insert at least one row, given column by column.  What is empty in all rows is written into
    the statement for SQLite, whose driver takes its time for each value."""
    if connection.dialect.name != "sqlite":
        names = [column.name for column in table.columns]
        given = [dict(zip(names, row, strict=True)) for row in zip(*columns, strict=True)]
        connection.execute(insert(table), given)
        return
    words = ["?", *map(_word, columns[1:])]
    told = [column for column, word in zip(columns, words, strict=True) if word == "?"]
    statement = f"INSERT INTO {table.name} VALUES ({', '.join(words)})"
    _many(connection, statement, zip(*told, strict=True))


def _word(column: Sequence[Any]) -> str:
    """What a column is in a statement: a literal where all its values are one of these."""
    for value, word in ((None, "NULL"), ("", "''"), (0, "0")):
        if column[0] == value and column.count(value) == len(column):
            return word
    return "?"


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
    """Key -> patent id; a key that another patent held passes to the newcomer.  Sorted, for a
    tree filled in order is filled faster."""
    if connection.dialect.name == "sqlite":
        rest = iter(owners.items())
        while owned := dict(islice(rest, _KEYS)):
            told = orjson.dumps(owned, option=orjson.OPT_SORT_KEYS).decode()
            connection.exec_driver_sql(_PUT_KEYS, (told,))
    elif owners:
        given = [{"key": key, "patent_id": owners[key]} for key in sorted(owners)]
        connection.execute(text(_PUT_KEY), given)


def _many(connection: Connection, statement: str, rows: Iterable[Values]) -> None:
    cursor = connection.connection.cursor()
    try:
        cursor.executemany(statement, rows)  # type: ignore[arg-type]
    except sqlite3.Error as error:
        raise DatabaseError(statement, None, error) from error
    finally:
        cursor.close()
