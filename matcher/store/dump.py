"""All tables as lines of JSON and back, the same from and to every database.

A line is one row: the values of its columns in their order.  Rows come by primary key, so that
equal contents give equal bytes."""

from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date
from typing import Any

import orjson
from sqlalchemy import Connection, Date, Engine, MetaData, Table, func, insert, inspect, select

from matcher.errors import BadInput
from matcher.store.opening import Writing, connected
from matcher.store.tables import HEAD, metadata
from matcher.store.upgrade import upgrade, version_of

BLOCK = 1000
STRANGE = "这份备份里有它那个版本没有的表 {name},没有恢复。请用另一份备份。"
TAKEN = "这个数据文件夹(或数据库)里已有数据,没有恢复。请换一个空的。"


@dataclass(frozen=True, slots=True)
class Moment:
    """One moment of a database, whatever others write meanwhile."""

    connection: Connection

    def tables(self) -> Iterator[tuple[str, Iterator[bytes]]]:
        """The name of each table, behind those that it refers to, and its lines."""
        for table in metadata.sorted_tables:
            yield table.name, self._lines(table)

    def _lines(self, table: Table) -> Iterator[bytes]:
        query = select(table).order_by(*table.primary_key).execution_options(yield_per=BLOCK)
        for row in self.connection.execute(query):
            yield orjson.dumps(list(row)) + b"\n"


class Dump:
    """Reads a database as a whole."""

    def __init__(self, engine: Engine) -> None:
        self._engine = engine

    @contextmanager
    def moment(self) -> Iterator[Moment]:
        """The database as it is now."""
        if self._engine.dialect.name == "sqlite":
            with self._engine.connect() as connection:
                connection.exec_driver_sql("BEGIN")
                yield Moment(connection)
            return
        still = self._engine.execution_options(isolation_level="REPEATABLE READ")
        with still.connect() as connection:
            yield Moment(connection)


def restored(url: str, schema: str, told: Iterable[tuple[str, Iterator[bytes]]]) -> None:
    """Put the lines of each table into an empty database, all or none, in the schema that they
    had, and bring that up to date.

    :raises BadInput: the database is not empty, the schema is newer than ours, or a table is not of
    that schema."""
    if schema > HEAD:
        raise BadInput("这份备份来自更新的版本,没有恢复。请先升级本软件。")
    engine = connected(url)
    try:
        with engine.connect() as connection:
            version = version_of(connection)
            bare = version in (None, schema) and _is_bare(connection)
        if not bare:
            raise BadInput(TAKEN)
        upgrade(engine, schema)
        there = MetaData()
        there.reflect(engine)
        with Writing(engine) as connection:
            for name, rows in told:
                if name not in there.tables:
                    raise BadInput(STRANGE.format(name=name))
                _put(connection, there.tables[name], rows)
        upgrade(engine)
    finally:
        engine.dispose()


def _is_bare(connection: Connection) -> bool:
    there = set(inspect(connection).get_table_names())
    return all(
        connection.execute(select(func.count()).select_from(table)).scalar_one() == 0
        for table in metadata.sorted_tables
        if table.name in there
    )


def _put(connection: Connection, table: Table, rows: Iterator[bytes]) -> None:
    names = [column.name for column in table.columns]
    dates = [at for at, column in enumerate(table.columns) if isinstance(column.type, Date)]
    later: list[dict[str, Any]] = []  # rows that refer to others of their own table
    block: list[dict[str, Any]] = []
    for line in rows:
        values = orjson.loads(line)
        for at in dates:
            values[at] = None if values[at] is None else date.fromisoformat(values[at])
        row = dict(zip(names, values, strict=True))
        (later if row.get("park_id") else block).append(row)
        if len(block) == BLOCK:
            connection.execute(insert(table), block)
            block = []
    for part in (block, later):
        if part:
            connection.execute(insert(table), part)
