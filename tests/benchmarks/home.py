"""What the benchmarks share: the real lists, homes of several sizes, clocks and tables."""

import csv
import gzip
import os
import platform
import sys
import time
from collections.abc import Callable, Sequence
from datetime import date
from pathlib import Path

from matcher.engine import Matcher

DATA = Path(os.environ.get("PATMATCH_SHARED_DATA", "/work/shared/data"))
RESULTS = Path(__file__).parents[2] / "docs" / "results"
WORK = Path(os.environ.get("PATMATCH_BENCH_HOME", "/tmp/patmatch-bench"))
THREADS = int(os.environ.get("OMP_NUM_THREADS", os.cpu_count() or 1))
SIZES = (5_000, 10_000, 20_000, 56_875)


def absent() -> bool:
    """Says so and is true where the real lists are not there."""
    if (DATA / "supply").is_dir():
        return False
    print(f"skipped: no real lists in {DATA} (set PATMATCH_SHARED_DATA)")
    return True


def gazette() -> list[list[str]]:
    """Header and the 56,875 rows of both gazettes, universities first."""
    with (DATA / "supply/gazette_2019-07_universities.csv").open(
        encoding="gb18030", newline=""
    ) as lines:
        rows = list(csv.reader(lines))
    with gzip.open(
        DATA / "supply/gazette_2019-07_enterprises.csv.gz", "rt", encoding="utf-8-sig", newline=""
    ) as lines:
        rows += list(csv.reader(lines))[1:]
    return rows


def list_of(size: int) -> Path:
    """A CSV of the first `size` gazette rows."""
    WORK.mkdir(parents=True, exist_ok=True)
    path = WORK / f"gazette-{size}.csv"
    if not path.exists():
        with path.open("w", encoding="utf-8", newline="") as out:
            csv.writer(out).writerows(gazette()[: size + 1])
    return path


def home_of(size: int) -> Matcher:
    """A home with the first `size` gazette patents and all needs, encoded once and kept."""
    folder = WORK / f"home-{size}"
    matcher = Matcher.open(folder)
    if not matcher.store.count_by("needs", "level"):
        if size != max(SIZES):
            home_of(max(SIZES)).close()
            (folder / "vectors.db").write_bytes(
                (WORK / f"home-{max(SIZES)}/vectors.db").read_bytes()
            )
            matcher.close()
            matcher = Matcher.open(folder)
        matcher.add_patents([list_of(size)])
        matcher.add_needs([DATA / "demand/needs.jsonl"])
    matcher.refresh()
    return matcher


def milliseconds(act: Callable[[str], object], items: Sequence[str]) -> tuple[float, float]:
    """p50 and p95 of one call for each item, in ms, after three to warm up."""
    for item in items[:3]:
        act(item)
    taken = []
    for item in items:
        start = time.perf_counter()
        act(item)
        taken.append((time.perf_counter() - start) * 1e3)
    taken.sort()
    return taken[len(taken) // 2], taken[int(len(taken) * 0.95)]


def peak_mb() -> float:
    """The most memory this process ever held, in MB.  Not `ru_maxrss`: that of a child begins with
    what its parent held."""
    status = Path("/proc/self/status").read_text("ascii")
    (line,) = (line for line in status.splitlines() if line.startswith("VmHWM:"))
    return int(line.split()[1]) / 1024


def table(head: Sequence[str], rows: Sequence[Sequence[object]]) -> str:
    """A markdown table; floats with two decimals."""
    told = [[f"{c:.2f}" if isinstance(c, float) else str(c) for c in row] for row in rows]
    lines = ["| " + " | ".join(head) + " |", "|" + " --- |" * len(head)]
    return "\n".join(lines + ["| " + " | ".join(row) + " |" for row in told])


def write(name: str, title: str, body: str) -> None:
    """Print the result and write it to docs/results/NAME.md with its origin."""
    text = (
        f"# {title}\n\nCommand: `python tests/benchmarks/bench_{name}.py`, {date.today()}, "
        f"Python {platform.python_version()}, {os.cpu_count()} cores, "
        f"load {os.getloadavg()[0]:.1f} at the end.\n\n{body}\n"
    )
    RESULTS.mkdir(parents=True, exist_ok=True)
    (RESULTS / f"{name}.md").write_text(text, "utf-8")
    sys.stdout.write(text)
