"""Databases of earlier versions, full of records, opened by this one; and no way back."""

from collections.abc import Callable
from datetime import date
from pathlib import Path

import pytest
from alembic import command
from alembic.config import Config
from sqlalchemy import MetaData, create_engine, inspect, select, text

import matcher.store
from matcher.errors import StoreBroken
from matcher.imports import How, import_needs, import_patents
from matcher.store.opening import connected
from matcher.store.sql import SqlStore, sqlite_url
from matcher.store.tables import HEAD, metadata
from matcher.store.upgrade import upgrade, version_of

MIGRATIONS = Path(matcher.store.__file__).parent / "migrations"
VERSIONS = sorted(path.name[:4] for path in (MIGRATIONS / "versions").glob("*.py"))
SAMPLE = Path(__file__).parents[2] / "data" / "sample"
Open = Callable[[], SqlStore]


@pytest.fixture(scope="session")
def source(tmp_path_factory: pytest.TempPathFactory) -> str:
    """The sample's lists in a database of today."""
    url = sqlite_url(tmp_path_factory.mktemp("source") / "patmatch.db")
    store, how = SqlStore.open(url), How(mapping={}, dry_run=False, today=date(2026, 11, 26))
    for name in ("gazette_patents.csv", "incopat_export.xlsx"):
        import_patents(store, SAMPLE / name, how)
    import_needs(store, SAMPLE / "needs_form.xlsx", how)
    store.close()
    return url


def as_of(version: str, url: str, source: str) -> int:
    """Make the database what this version had left: its own schema, and what fits it of the
    source.  How many rows that are."""
    engine, full = connected(url), create_engine(source)
    upgrade(engine, to=version)
    there = MetaData()
    there.reflect(engine)
    count = 0
    with full.connect() as giving, engine.begin() as taking:
        for table in metadata.sorted_tables:
            if table.name not in there.tables:
                continue
            old = there.tables[table.name]
            kept = [column for column in table.c if column.name in old.c]
            rows = [dict(row) for row in giving.execute(select(*kept)).mappings()]
            if rows:
                taking.execute(old.insert(), rows)
            count += len(rows)
    engine.dispose()
    full.dispose()
    return count


@pytest.mark.parametrize("version", VERSIONS)
def test_every_version_with_its_records_is_brought_up_to_date(
    version: str, url: str, source: str, opened: Open
) -> None:
    assert as_of(version, url, source) > 250
    now, then = opened(), SqlStore.open(source)
    try:
        assert list(now.each_patent()) == list(then.each_patent())
        assert list(now.each_need()) == list(then.each_need())
        assert (now.snapshot(), now.column_maps()) == (then.snapshot(), then.column_maps())
        keys = [key for patent in then.each_patent() for key in patent.keys]
        assert now.owners_of(keys) == then.owners_of(keys)
    finally:
        then.close()
    engine = create_engine(url)
    with engine.connect() as connection:
        assert version_of(connection) == HEAD
    assert set(metadata.tables) <= set(inspect(engine).get_table_names())
    engine.dispose()


@pytest.mark.parametrize("to", ["-1", "0001", "base"])
def test_there_is_no_way_back_and_nothing_is_lost_by_trying(
    to: str, url: str, source: str, opened: Open
) -> None:
    as_of(HEAD, url, source)
    before = opened().snapshot()
    engine = create_engine(url)
    config = Config()
    config.set_main_option("script_location", str(MIGRATIONS))
    with pytest.raises(StoreBroken, match=r"不能退回.*restore"), engine.begin() as connection:
        config.attributes["connection"] = connection
        command.downgrade(config, to)
    with engine.connect() as connection:
        assert version_of(connection) == HEAD
        assert connection.execute(text("SELECT count(*) FROM patents")).scalar_one() > 100
    engine.dispose()
    assert opened().snapshot() == before
