"""The cache's SQLite file: 32-byte keys to float32 rows, for one encoder among several."""

import sqlite3
from collections.abc import Callable, Sequence
from pathlib import Path
from threading import Lock
from typing import TypeVar

import numpy as np
import numpy.typing as npt

from matcher.errors import Conflict, StoreBroken
from matcher.protocols import BoolArray, FloatArray

# "pmvc": marks the file as a vector cache of this layout.
MARK = 0x706D7663
VERSION = 1
WAIT_SECONDS = 30.0
# Keys looked up at once; bounds memory.
READ_KEYS = 8192

_TABLES = """
CREATE TABLE encoder (id INTEGER PRIMARY KEY, fingerprint TEXT NOT NULL UNIQUE);
CREATE TABLE vector (
    id INTEGER PRIMARY KEY, encoder INTEGER NOT NULL, key BLOB NOT NULL, value BLOB NOT NULL
);
CREATE UNIQUE INDEX vector_key ON vector (encoder, key);
"""
_FIND = """
SELECT wanted.place, vector.value FROM encoder
CROSS JOIN wanted JOIN vector ON vector.encoder = encoder.id AND vector.key = wanted.key
WHERE encoder.fingerprint = ? ORDER BY vector.id
"""
_NAME = "INSERT OR IGNORE INTO encoder (fingerprint) VALUES (?)"
_NUMBER = "SELECT id FROM encoder WHERE fingerprint = ?"
_PUT = "INSERT OR REPLACE INTO vector (encoder, key, value) VALUES (?, ?, ?)"

Answer = TypeVar("Answer")


class Shelf:
    """All of it can be encoded again: a torn or foreign file is set aside and a new one begun."""

    def __init__(self, path: Path, fingerprint: str, dim: int) -> None:
        """:raises StoreBroken: the file cannot be made or written.
        :raises Conflict: another process has held the file for half a minute."""
        self._path, self._fingerprint, self._dim = path, fingerprint, dim
        self._lock = Lock()
        self._base: sqlite3.Connection | None = None
        self._guarded(lambda base: None)

    def read(self, keys: Sequence[bytes]) -> tuple[BoolArray, FloatArray]:
        """Which of the (n,) keys are there, and (n, dim) their rows, zeros for the others."""
        return self._guarded(lambda base: self._read(base, keys))

    def write(self, keys: Sequence[bytes], rows: FloatArray) -> None:
        """All (n,) keys with their (n, dim) rows, or none of them."""
        self._guarded(lambda base: self._write(base, keys, rows))

    def close(self) -> None:
        """The file is whole at any time; this only lets go of it."""
        with self._lock:
            if self._base is not None:
                self._base.close()
                self._base = None

    def _read(
        self, base: sqlite3.Connection, keys: Sequence[bytes]
    ) -> tuple[BoolArray, FloatArray]:
        there = np.zeros(len(keys), dtype=np.bool_)
        rows = np.zeros((len(keys), self._dim), dtype=np.float32)
        for start in range(0, len(keys), READ_KEYS):
            part = keys[start : start + READ_KEYS]
            base.executemany("INSERT INTO wanted VALUES (?, ?)", enumerate(part, start))
            found = base.execute(_FIND, (self._fingerprint,)).fetchall()
            base.rollback()
            whole = [(place, value) for place, value in found if len(value) == 4 * self._dim]
            flat = np.frombuffer(b"".join(value for _, value in whole), dtype="<f4")
            values = flat.reshape(len(whole), self._dim)
            sound = _sound(values)
            places = np.array([place for place, _ in whole], dtype=np.int64)[sound]
            there[places] = True
            rows[places] = values[sound]
        return there, rows

    def _write(self, base: sqlite3.Connection, keys: Sequence[bytes], rows: FloatArray) -> None:
        values = np.ascontiguousarray(rows, dtype="<f4")
        with base:
            base.execute(_NAME, (self._fingerprint,))
            [number] = base.execute(_NUMBER, (self._fingerprint,)).fetchone()
            base.executemany(
                _PUT,
                ((number, key, row.tobytes()) for key, row in zip(keys, values, strict=True)),
            )

    def _guarded(self, act: Callable[[sqlite3.Connection], Answer]) -> Answer:
        """Act on the open file; once more on a new one if it proves to be broken."""
        with self._lock:
            try:
                try:
                    return act(self._opened())
                except sqlite3.DatabaseError as error:
                    if not _broken(error):
                        raise
                    self._set_aside()
                    return act(self._opened())
            except (sqlite3.Error, OSError) as error:
                raise _translated(error, self._path) from error

    def _opened(self) -> sqlite3.Connection:
        if self._base is None:
            self._path.parent.mkdir(parents=True, exist_ok=True)
            self._base = sqlite3.connect(self._path, timeout=WAIT_SECONDS, check_same_thread=False)
            _prepare(self._base)
        return self._base

    def _set_aside(self) -> None:
        """The file keeps its content under another name; what hangs on it goes."""
        if self._base is not None:
            self._base.close()
            self._base = None
        self._path.replace(self._path.with_name(self._path.name + ".broken"))
        for tail in ("-wal", "-shm"):
            self._path.with_name(self._path.name + tail).unlink(missing_ok=True)


class _Foreign(sqlite3.DatabaseError):
    """A sound database, but not ours."""


def _prepare(base: sqlite3.Connection) -> None:
    """Make the tables in an empty file, check the mark of any other."""
    base.execute("PRAGMA page_size = 8192")
    base.execute("PRAGMA journal_mode = WAL")
    base.execute("PRAGMA synchronous = NORMAL")
    base.execute("PRAGMA temp_store = MEMORY")
    base.execute("BEGIN IMMEDIATE")
    [mark] = base.execute("PRAGMA application_id").fetchone()
    [version] = base.execute("PRAGMA user_version").fetchone()
    [tables] = base.execute("SELECT count(*) FROM sqlite_master").fetchone()
    if not tables:
        for statement in _TABLES.split(";")[:-1]:
            base.execute(statement)
        base.execute(f"PRAGMA application_id = {MARK}")
        base.execute(f"PRAGMA user_version = {VERSION}")
    elif (mark, version) != (MARK, VERSION):
        base.rollback()
        raise _Foreign("not a vector cache of this version")
    base.commit()
    base.execute("CREATE TEMP TABLE wanted (place INTEGER PRIMARY KEY, key BLOB NOT NULL)")
    base.commit()


def _broken(error: sqlite3.DatabaseError) -> bool:
    if isinstance(error, _Foreign):
        return True
    code = getattr(error, "sqlite_errorcode", 0) & 0xFF
    return code in (sqlite3.SQLITE_CORRUPT, sqlite3.SQLITE_NOTADB)


def _sound(rows: npt.NDArray[np.float32]) -> BoolArray:
    """Which rows are unit or zero; a damaged page shows here."""
    with np.errstate(all="ignore"):
        length = np.einsum("ij,ij->i", rows, rows)
        sound: BoolArray = (length == 0) | (np.abs(length - 1) < 1e-3)
    return sound


def _translated(error: Exception, path: Path) -> StoreBroken | Conflict:
    if getattr(error, "sqlite_errorcode", 0) & 0xFF in (sqlite3.SQLITE_BUSY, sqlite3.SQLITE_LOCKED):
        return Conflict(
            f"向量缓存 {path} 正被另一个进程占用。已有数据没有受影响;请等它结束后再试。",
            file=str(path),
        )
    return StoreBroken(
        f"向量缓存 {path} 无法读写({error})。已有数据没有受影响;"
        "请检查磁盘空间和文件夹权限,或删除这个文件后再试,软件会重新生成它。",
        file=str(path),
    )
