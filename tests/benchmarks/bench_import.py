"""Import without encoding beside pandas reading the same file and writing it to SQLite.

Each figure comes from a fresh process, the sides in turn: a process that has imported once has
its caches of names, places and classes filled, which a user's first import has not."""

import json
import subprocess
import sys
import tempfile
import time
from datetime import date
from pathlib import Path
from statistics import median

ROUNDS = 5
ROWS = 56_875


def ours(path: Path, folder: Path) -> dict[str, float]:
    """Seconds to recognise, read, normalise, resolve and store every row."""
    from matcher.imports import How, import_patents
    from matcher.store.sql import SqlStore, sqlite_url

    store = SqlStore.open(sqlite_url(folder / "ours.db"))
    start, busy = time.perf_counter(), time.process_time()
    report = import_patents(store, path, How(mapping={}, dry_run=False, today=date.today()))
    taken = {"work": time.perf_counter() - start, "busy": time.process_time() - busy}
    store.close()
    if report.rows != ROWS:
        raise SystemExit(f"{report.rows} rows instead of {ROWS}")
    return taken


def theirs(path: Path, folder: Path) -> dict[str, float]:
    """Seconds of `read_csv` and `to_sql` through SQLAlchemy."""
    import pandas
    from sqlalchemy import create_engine

    engine = create_engine(f"sqlite:///{folder / 'theirs.db'}")
    start, busy = time.perf_counter(), time.process_time()
    pandas.read_csv(path).to_sql("patents", engine, index=False)
    taken = {"work": time.perf_counter() - start, "busy": time.process_time() - busy}
    engine.dispose()
    return taken


def fresh(side: str, path: Path) -> dict[str, float]:
    """One side in a process of its own; `whole` are the seconds from its start to its end."""
    with tempfile.TemporaryDirectory() as folder:
        start = time.perf_counter()
        done = subprocess.run(
            [sys.executable, __file__, side, str(path), folder],
            capture_output=True, text=True, check=True,
        )  # fmt: skip
        whole = time.perf_counter() - start
    taken: dict[str, float] = json.loads(done.stdout)
    return {**taken, "whole": whole}


def main() -> None:
    """Both sides in turn, the median of each."""
    import home

    if home.absent():
        return
    path = home.list_of(ROWS)
    pairs = [(fresh("theirs", path), fresh("ours", path)) for _ in range(ROUNDS)]
    rows = []
    for name, told in (
        ("work", "work alone: modules loaded, no cache filled"),
        ("busy", "of it processor time"),
        ("whole", "whole process: start, imports, schema, work"),
    ):
        other, mine = (median(side[name] for side in sides) for sides in zip(*pairs, strict=True))
        ratios = sorted(mine[name] / other[name] for other, mine in pairs)
        spread = f"{ratios[0]:.2f}–{ratios[-1]:.2f}"
        rows.append((told, other, mine, mine / other, spread))
    head = (
        f"{ROWS:,} gazette rows", "pandas read_csv + to_sql, s", "import without encoding, s",
        "ratio", "ratios of single rounds",
    )  # fmt: skip
    told = (
        f"\n\nMedians of {ROUNDS} fresh processes a side, in turn.  Wanted: ratio ≤ 3 for the work "
        "alone. pandas copies nine text columns; the import also verifies numbers, parses dates "
        "and classes, tells regions, parks, industries and kinds of applicant, resolves "
        "identities and near-duplicates, and writes 25 columns and two identity keys a row."
    )
    home.write("import", "Import beside pandas", home.table(head, rows) + told)


if __name__ == "__main__":
    if len(sys.argv) == 4:
        side, path, folder = sys.argv[1:]
        chosen = {"ours": ours, "theirs": theirs}[side]
        print(json.dumps(chosen(Path(path), Path(folder))))
    else:
        main()
