"""Import without encoding beside pandas reading the same file and writing it to SQLite."""

import tempfile
import time
from datetime import date
from pathlib import Path

import home
import pandas
from sqlalchemy import create_engine

from matcher.imports import import_patents
from matcher.store.sql import SqlStore, sqlite_url

ROUNDS = 3


def ours(path: Path, folder: Path) -> float:
    """Seconds to recognise, read, normalise, resolve and store every row."""
    store = SqlStore.open(sqlite_url(folder / "ours.db"))
    start = time.perf_counter()
    import_patents(store, path, mapping={}, dry_run=False, today=date.today())
    taken = time.perf_counter() - start
    store.close()
    return taken


def theirs(path: Path, folder: Path) -> float:
    """Seconds of `read_csv` and `to_sql` through SQLAlchemy."""
    engine = create_engine(sqlite_url(folder / "theirs.db"))
    start = time.perf_counter()
    pandas.read_csv(path).to_sql("patents", engine, index=False)
    taken = time.perf_counter() - start
    engine.dispose()
    return taken


def main() -> None:
    """Both sides in turn, the best of each."""
    if home.absent():
        return
    path = home.list_of(max(home.SIZES))
    mine, other = [], []
    for _ in range(ROUNDS):
        with tempfile.TemporaryDirectory() as folder:
            other.append(theirs(path, Path(folder)))
            mine.append(ours(path, Path(folder)))
    rows = [
        ("pandas read_csv + to_sql", min(other), 1.0),
        ("import (without encoding)", min(mine), min(mine) / min(other)),
    ]
    body = home.table(("56,875 gazette rows", "seconds, best of 3", "ratio"), rows)
    told = (
        "\n\nWanted: ratio ≤ 3. pandas copies nine text columns; the import also verifies numbers, "
        "parses dates and classes, tells regions, parks, industries and kinds of applicant, "
        "resolves identities and near-duplicates, and writes 25 columns and two identity keys "
        "a row."
    )
    home.write("import", "Import beside pandas", body + told)


if __name__ == "__main__":
    main()
