"""The real lists go in: what must hold of them, measured on every row."""

from collections.abc import Iterator
from datetime import date
from pathlib import Path

import pytest

from matcher.imports import How, ImportReport, import_needs, import_patents
from matcher.records import Need, Patent
from matcher.reference.regions import is_mainland
from matcher.store.sql import SqlStore, sqlite_url

DATA = Path(__file__).parents[3] / "shared" / "data"
LISTS = ("gazette_2019-07_universities.csv", "sipo_export.xlsx", "patents_with_abstract.jsonl")
TODAY = date(2026, 11, 23)

pytestmark = pytest.mark.skipif(
    not (DATA / "supply").is_dir(), reason=f"the real lists are not in {DATA}"
)


@pytest.fixture(scope="module")
def store(tmp_path_factory: pytest.TempPathFactory) -> Iterator[SqlStore]:
    opened = SqlStore.open(sqlite_url(tmp_path_factory.mktemp("real") / "real.db"))
    yield opened
    opened.close()


def take(store: SqlStore) -> list[ImportReport]:
    reports = [
        import_patents(store, DATA / "supply" / name, How(mapping={}, dry_run=False, today=TODAY))
        for name in LISTS
    ]
    needs = DATA / "demand" / "needs.jsonl"
    return [*reports, import_needs(store, needs, How(mapping={}, dry_run=False, today=TODAY))]


@pytest.fixture(scope="module")
def first(store: SqlStore) -> list[ImportReport]:
    return take(store)


@pytest.fixture(scope="module")
def patents(store: SqlStore, first: list[ImportReport]) -> list[Patent]:
    return list(store.each_patent())


def test_every_row_is_read(first: list[ImportReport]) -> None:
    assert [report.rows for report in first] == [10064, 138, 3874, 371]


def test_at_least_995_of_1000_rows_are_accepted(first: list[ImportReport]) -> None:
    for report in first:
        assert len(report.rejections) <= 0.005 * report.rows, report.rejected


def test_mainland_addresses_get_a_region(patents: list[Patent]) -> None:
    inside = [patent for patent in patents if patent.address and is_mainland(patent.address)]
    assert len(inside) > 9_000
    assert sum(patent.region is not None for patent in inside) >= 0.95 * len(inside)


def test_classes_get_an_industry(patents: list[Patent]) -> None:
    classed = [patent for patent in patents if patent.ipc]
    assert len(classed) > 10_000
    assert sum(bool(patent.industries) for patent in classed) >= 0.99 * len(classed)


def test_needs_keep_their_text(store: SqlStore, first: list[ImportReport]) -> None:
    needs: list[Need] = list(store.each_need())
    assert len(needs) == 371
    assert all(need.title for need in needs)
    assert sum(bool(need.content) for need in needs) == 365  # six have a title alone


def test_the_same_files_again_bring_nothing_new(store: SqlStore, first: list[ImportReport]) -> None:
    before = store.snapshot()
    again = take(store)
    assert [report.outcomes["new"] for report in again] == [0, 0, 0, 0]
    assert [report.outcomes["updated"] for report in again] == [0, 0, 0, 0]
    assert store.snapshot() == before
