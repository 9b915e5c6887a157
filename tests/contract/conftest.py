"""A store on each database, for the contract tests of `protocols.Store`."""

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from sqlalchemy import create_engine, text

from matcher.store.sql import SqlStore, sqlite_url
from matcher.store.tables import metadata

Open = Callable[[], SqlStore]


@pytest.fixture(params=["sqlite", "postgresql"])
def url(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[str]:
    """The address of an empty database."""
    if request.param == "sqlite":
        yield sqlite_url(tmp_path / "patmatch.db")
        return
    address = request.getfixturevalue("postgres")
    engine = create_engine(address)
    with engine.begin() as connection:
        connection.execute(text("DROP SCHEMA public CASCADE"))
        connection.execute(text("CREATE SCHEMA public"))
    engine.dispose()
    yield address


@pytest.fixture
def taken_back(url: str) -> Callable[[str, set[str]], None]:
    """Makes the database what an older version had left, with no other tables than these."""

    def take(version: str, kept: set[str]) -> None:
        engine = create_engine(url)
        with engine.begin() as connection:
            for table in reversed(metadata.sorted_tables):
                if table.name not in kept:
                    connection.execute(text(f"DROP TABLE {table.name}"))
            connection.execute(text("DROP INDEX IF EXISTS ix_patents_level"))  # of 0007
            connection.execute(text(f"UPDATE alembic_version SET version_num = '{version}'"))
        engine.dispose()

    return take


@pytest.fixture
def opened(url: str) -> Iterator[Open]:
    """Opens the one database, as often as asked, and closes all at the end."""
    stores: list[SqlStore] = []

    def open_again() -> SqlStore:
        stores.append(SqlStore.open(url))
        return stores[-1]

    yield open_again
    for store in stores:
        store.close()


@pytest.fixture
def store(opened: Open) -> SqlStore:
    return opened()
