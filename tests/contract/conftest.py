"""A store on each database, for the contract tests of `protocols.Store`."""

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from sqlalchemy import create_engine, text

from matcher.store.sql import SqlStore, sqlite_url

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
