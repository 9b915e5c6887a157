"""Thousands of damaged copies of the sample's lists: whatever is in them, an import takes rows or
refuses in Chinese, writes all or nothing, and accounts for every physical row.

A mutant is made from its number alone (conftest.py), so that a failure can be looked at again."""

import csv
import re
import shutil
import traceback
from collections import Counter
from collections.abc import Callable, Iterator
from datetime import date
from pathlib import Path

import pytest

from matcher.errors import MatcherError
from matcher.imports import How, ImportReport, import_needs, import_patents
from matcher.ingest import write_rejects
from matcher.store.sql import SqlStore, sqlite_url

Mutant = Callable[[int], tuple[str, bytes]]
TODAY = date(2026, 11, 23)
HAN = re.compile("[一-鿿]")
AFRESH = 40


def accounted(report: ImportReport) -> None:
    """Every physical row is taken, rejected or skipped for a reason."""
    for table in report.tables:
        assert table.total == table.rows + table.rejected + sum(table.skipped.values()), table
    assert report.rows == sum(table.rows + table.rejected for table in report.tables)
    assert report.rows == sum(report.outcomes.values()) + len(report.rejections)
    assert sum(report.rejected.values()) == len(report.rejections)
    for rejection in report.rejections:
        assert all(HAN.search(p.reason) and HAN.search(p.advice) for p in rejection.problems)
        assert rejection.problems


def given_back(report: ImportReport, folder: Path, suffix: str) -> None:
    """The rejections can be written, one row each."""
    path = folder / f"退回{suffix}"
    assert write_rejects(path, report.rejections, report.headers) == len(report.rejections)
    if suffix == ".csv":
        csv.field_size_limit(10**7)
        with path.open(encoding="utf-8-sig", newline="") as lines:
            assert sum(1 for _ in csv.reader(lines)) == len(report.rejections) + 1


def endure(number: int, mutant: Mutant, store: SqlStore, folder: Path) -> str:
    """Import one mutant and hold it to the promises; what became of it."""
    suffix, data = mutant(number)
    path = folder / f"变异{number}{suffix}"
    path.write_bytes(data)
    take = import_patents if (number % 3 != 0) != (number % 50 == 7) else import_needs
    dry_run, before = number % 2 == 0, store.snapshot()
    try:
        report = take(store, path, How(mapping={}, dry_run=dry_run, today=TODAY))
    except MatcherError as error:
        assert HAN.search(error.message) and error.message.endswith("。"), error.message
        assert store.snapshot() == before
        return type(error).__name__
    finally:
        path.unlink()
    accounted(report)
    if report.rejections:
        given_back(report, folder, ".xlsx" if number % 5 == 0 else ".csv")
    changed = set(report.outcomes) & {"new", "updated", "merged"}
    assert (store.snapshot() == before) == (dry_run or not changed)
    return "taken"


def stores(folder: Path, numbers: range) -> Iterator[tuple[int, SqlStore]]:
    """A store for each number, a fresh one for every AFRESH of them."""
    SqlStore.open(sqlite_url(folder / "empty.db")).close()
    for start in range(numbers.start, numbers.stop, AFRESH):
        shutil.copy(folder / "empty.db", folder / "patmatch.db")
        store = SqlStore.open(sqlite_url(folder / "patmatch.db"))
        for number in range(start, min(start + AFRESH, numbers.stop)):
            yield number, store
        store.close()
        for left in folder.glob("patmatch.db*"):
            left.unlink()


def run(folder: Path, mutant: Mutant, numbers: range) -> Counter[str]:
    """What became of all these mutants; every failure is told by number."""
    ends: Counter[str] = Counter()
    failed = []
    for number, store in stores(folder, numbers):
        try:
            ends[endure(number, mutant, store, folder)] += 1
        except Exception:
            failed.append(f"mutant {number}: {traceback.format_exc(limit=-4)}")
    assert not failed, f"{len(failed)} failed\n" + "\n".join(failed[:20])
    return ends


def test_three_hundred_mutants_are_taken_or_refused(tmp_path: Path, mutant: Mutant) -> None:
    ends = run(tmp_path, mutant, range(300))
    assert ends["taken"] >= 150 and ends["NothingUsable"] >= 10 and ends["UnreadableFile"] >= 3


@pytest.mark.torture
@pytest.mark.parametrize("start", range(0, 5000, 500))
def test_five_thousand_mutants_are_taken_or_refused(
    tmp_path: Path, mutant: Mutant, start: int
) -> None:
    ends = run(tmp_path, mutant, range(start, start + 500))
    assert ends["taken"] >= 250
