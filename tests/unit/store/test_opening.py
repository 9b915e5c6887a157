"""Opening what is not a database of ours, and opening again after a crash."""

import sqlite3
import subprocess
import sys
from contextlib import nullcontext
from pathlib import Path
from typing import Any

import pytest

from matcher.errors import BadSetting, StoreBroken
from matcher.records import Patent
from matcher.store import opening
from matcher.store.sql import SqlStore, sqlite_url

CRASHES = """
import os, sys
from pathlib import Path
from sqlalchemy import Engine, event
from matcher.store.sql import SqlStore, sqlite_url

folder, step = Path(sys.argv[1]), int(sys.argv[2])
for moment in range(1, 300, step):
    if not (child := os.fork()):
        left = iter(range(moment))
        @event.listens_for(Engine, "before_cursor_execute")
        def die(*_):
            if next(left, None) is None:
                os._exit(9)
        SqlStore.open(sqlite_url(folder / f"{moment}.db"))
        os._exit(0)
    if os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]) == 0:
        print(moment)
        break
"""


def tables(path: Path) -> list[tuple[str, ...]]:
    connection = sqlite3.connect(path)
    try:
        return connection.execute("SELECT name, sql FROM sqlite_master ORDER BY name").fetchall()
    finally:
        connection.close()


@pytest.mark.parametrize("step", [4, pytest.param(1, marks=pytest.mark.torture)])
def test_a_crash_at_a_statement_of_the_first_opening_leaves_all_or_nothing(
    tmp_path: Path, step: int
) -> None:
    """At every fourth statement here, at each one in `make torture`."""
    ran = subprocess.run(
        [sys.executable, "-c", CRASHES, str(tmp_path), str(step)], capture_output=True, text=True,
        check=True,
    )  # fmt: skip
    moments = int(ran.stdout)
    assert moments > 50
    whole = tables(tmp_path / f"{moments}.db")
    for moment in range(1, moments, step):
        path = tmp_path / f"{moment}.db"
        assert tables(path) in ([], whole)
        SqlStore.open(sqlite_url(path)).close()
        assert tables(path) == whole


@pytest.mark.parametrize("content", [b"not a database, just text" * 100, "文字".encode() * 999])
def test_a_text_file_is_refused_and_left_alone(tmp_path: Path, content: bytes) -> None:
    path = tmp_path / "patmatch.db"
    path.write_bytes(content)
    with pytest.raises(StoreBroken, match="数据库打不开"):
        SqlStore.open(sqlite_url(path))
    assert path.read_bytes() == content


def test_a_database_of_other_software_is_refused_and_left_alone(tmp_path: Path) -> None:
    path = tmp_path / "patmatch.db"
    with sqlite3.connect(path) as other:
        other.execute("CREATE TABLE songs (id INTEGER)")
    other.close()
    with pytest.raises(StoreBroken, match="属于别的软件"):
        SqlStore.open(sqlite_url(path))
    with sqlite3.connect(path) as other:
        tables = other.execute("SELECT name FROM sqlite_master").fetchall()
    other.close()
    assert tables == [("songs",)]


def test_a_folder_and_a_server_that_is_not_there_are_refused(tmp_path: Path) -> None:
    with pytest.raises(StoreBroken):
        SqlStore.open(sqlite_url(tmp_path))
    with pytest.raises(StoreBroken):
        SqlStore.open("postgresql+psycopg://nobody@127.0.0.1:9/none")


def test_an_address_that_is_none_is_a_bad_setting() -> None:
    for address in ("patmatch.db", "nonsense://x"):
        with pytest.raises(BadSetting, match="不是数据库地址"):
            SqlStore.open(address)


@pytest.mark.parametrize("fails", [False, True])
def test_filling_an_empty_store_leaves_its_index_as_it_was_also_when_it_fails(
    tmp_path: Path, fails: bool
) -> None:
    path = tmp_path / "store.db"
    store = SqlStore.open(sqlite_url(path))
    query = "SELECT name, sql FROM sqlite_master WHERE type = 'index' ORDER BY name"
    with sqlite3.connect(path) as connection:
        before = connection.execute(query).fetchall()
    title: Any = object() if fails else "题"
    with pytest.raises(StoreBroken) if fails else nullcontext():
        store.put_patents([Patent(id="1", keys=("k",), title=title)])
    assert store.snapshot().startswith("p0-" if fails else "p1-")
    store.close()
    with sqlite3.connect(path) as connection:
        assert connection.execute(query).fetchall() == before
        assert connection.execute("PRAGMA integrity_check").fetchall() == [("ok",)]
    assert any(name == "ix_patents_party" for name, _ in before)


class Busy:
    """A cursor that finds the database locked for the first tries of one pragma, with a code."""

    def __init__(self, times: int, code: int) -> None:
        self.times, self.code = times, code
        self.done: list[str] = []

    def execute(self, statement: str) -> None:
        if "journal_mode" in statement and self.times:
            self.times -= 1
            error = sqlite3.OperationalError("database is locked")
            error.sqlite_errorcode = self.code
            raise error
        self.done.append(statement)

    def cursor(self) -> "Busy":
        return self

    def close(self) -> None: ...


def test_a_new_database_that_another_turns_to_wal_is_waited_for() -> None:
    busy = Busy(3, sqlite3.SQLITE_BUSY)
    opening._tune_sqlite(busy, None)
    assert busy.done == [f"PRAGMA {pragma}" for pragma in opening._PRAGMAS]


def test_a_database_that_stays_locked_or_is_broken_is_not_waited_for_for_ever(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    broken = Busy(1, sqlite3.SQLITE_IOERR)
    with pytest.raises(sqlite3.OperationalError):
        opening._tune_sqlite(broken, None)
    monkeypatch.setattr(opening, "_PATIENCE", 0.05)
    locked = Busy(10**9, sqlite3.SQLITE_BUSY)
    with pytest.raises(sqlite3.OperationalError):
        opening._tune_sqlite(locked, None)
    assert 2 <= 10**9 - locked.times <= 10
