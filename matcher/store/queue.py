"""Wakes workers: a queue of job ids in a file of the home or, with PostgreSQL, in the database.

An id that is lost or comes twice does no harm: `Jobs` decides who does what."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

from matcher.errors import MissingExtra

NAME = "patmatch"


class Queue:
    """`work` does the job of an id, in a worker; elsewhere nothing is done, only rung."""

    def __init__(
        self, home: Path, database: str, work: Callable[[str], None] | None = None
    ) -> None:
        """:raises MissingExtra: the library is not installed."""
        self._huey = _opened(home, database)

        def doing(job_id: str) -> None:  # of this module, whoever rings: that is part of its name
            if work is not None:
                work(job_id)

        self._task = self._huey.task(name="work")(doing)

    def ring(self, job_id: str) -> None:
        """Somebody is to look at this job."""
        self._task(job_id)

    @property
    def waiting(self) -> int:
        """How many ids nobody has taken yet."""
        return int(self._huey.pending_count())

    def consume(self, *, poll: float = 0.5) -> None:
        """Do what comes until the process is told to stop (SIGTERM, SIGINT)."""
        self._huey.create_consumer(
            workers=1, periodic=False, initial_delay=0.05, max_delay=poll, backoff=1.3
        ).run()

    def close(self) -> None:
        """Give back the connection."""
        self._huey.storage.close()


def _opened(home: Path, database: str) -> Any:
    try:
        from huey import PostgresHuey, SqliteHuey
    except ModuleNotFoundError as error:
        raise MissingExtra(
            '后台任务需要的库还没有安装。请运行 pip install "patent-matcher[service]"。',
            module=str(error.name),
        ) from error
    if database.startswith("postgresql"):
        dsn = database.replace("postgresql+psycopg:", "postgresql:", 1)
        return PostgresHuey(NAME, dsn=dsn, results=False)
    return SqliteHuey(NAME, filename=str(home / "queue.db"), results=False)
