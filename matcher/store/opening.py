"""A database opened, its schema brought up to date; and one write transaction at a time in it."""

import sqlite3
from time import monotonic, sleep
from typing import Any

from sqlalchemy import Connection, Engine, create_engine, event
from sqlalchemy.exc import ArgumentError, DatabaseError, OperationalError

from matcher.errors import BadSetting, Conflict, MissingExtra, StoreBroken
from matcher.store.tables import HEAD
from matcher.store.upgrade import upgrade, version_of

_TURN = {"sqlite": "BEGIN IMMEDIATE", "postgresql": "LOCK TABLE facts IN EXCLUSIVE MODE"}

_PATIENCE, _PAUSE = 10.0, 0.01  # seconds

# The first holds for a database that is made now: a record takes half a kilobyte, and pages of
# 16 are filled, logged and copied in four fifths of the time that pages of 4 take.
_PRAGMAS = (
    "page_size=16384", "busy_timeout=10000", "journal_mode=WAL", "synchronous=FULL",
    "foreign_keys=ON",
)  # fmt: skip


def opened(url: str) -> Engine:
    """Connect and bring the schema up to date.

    :raises StoreBroken: not our database, damaged, or written by a newer version."""
    engine = connected(url)
    try:
        _prepare(engine)
    except BaseException:
        engine.dispose()
        raise
    return engine


def connected(url: str) -> Engine:
    """An engine over a database as it is."""
    engine = _engine(url)
    if engine.dialect.name == "sqlite":
        event.listen(engine, "connect", _tune_sqlite)
    return engine


class Writing:
    """A write transaction, one at a time a database, whose errors are told in our words."""

    def __init__(self, engine: Engine) -> None:
        self._context = engine.begin()
        self._turn = _TURN[engine.dialect.name]

    def __enter__(self) -> Connection:
        connection = self._context.__enter__()
        try:
            connection.exec_driver_sql(self._turn)
        except OperationalError as error:
            self._context.__exit__(type(error), error, error.__traceback__)
            raise Conflict("另一个程序正在写入数据库,未改动任何内容。请等它结束后再试。") from error
        return connection

    def __exit__(self, kind: Any, error: Any, trace: Any) -> None:
        self._context.__exit__(kind, error, trace)
        if isinstance(error, DatabaseError):
            raise StoreBroken(
                f"写入数据库时出错({type(error).__name__}),未改动任何内容。"
                "请检查磁盘空间和数据库,然后再试。"
            ) from error


def _tune_sqlite(connection: Any, _record: object) -> None:
    cursor = connection.cursor()
    ends = monotonic() + _PATIENCE
    for pragma in _PRAGMAS:
        while not _taken(cursor, pragma, last=monotonic() > ends):
            sleep(_PAUSE)
    cursor.close()


def _taken(cursor: Any, pragma: str, *, last: bool) -> bool:
    """Whether it was carried out.  Of several that open a new database at once, one turns it to
    WAL; the others are told at once that it is locked, whatever the busy timeout is."""
    try:
        cursor.execute(f"PRAGMA {pragma}")
    except sqlite3.OperationalError as error:
        if last or error.sqlite_errorcode & 0xFF != sqlite3.SQLITE_BUSY:
            raise
        return False
    return True


def _prepare(engine: Engine) -> None:
    """Bring the schema up to date.  :raises StoreBroken: see `SqlStore.open`."""
    try:
        with engine.connect() as connection:
            version = version_of(connection)
        if version != HEAD:
            upgrade(engine)
    except (DatabaseError, UnicodeDecodeError) as error:
        raise StoreBroken(
            f"数据库打不开({type(error).__name__})。文件可能已损坏或不是本系统的数据库;"
            "请用备份恢复,或换一个数据文件夹(--home)。"
        ) from error


def _engine(url: str) -> Engine:
    try:
        return create_engine(url, hide_parameters=True)
    except ModuleNotFoundError as error:
        raise MissingExtra(
            f"连接这个数据库需要 {error.name},还没有安装。"
            '请运行 pip install "patent-matcher[postgres]"。',
            module=str(error.name),
        ) from error
    except ArgumentError as error:
        raise BadSetting(
            "设置 database 不是数据库地址。"
            "例如:postgresql+psycopg://用户:密码@主机/库名;留空则用数据文件夹里的 SQLite 文件。"
        ) from error
