"""The process that does jobs: `patmatch worker`."""

import logging
import os
import shutil
import signal
import sys
import threading
import time
from pathlib import Path

from matcher.config import Settings
from matcher.jobs.running import run
from matcher.standing import StandingMatcher
from matcher.store.queue import Queue
from matcher.store.sql import SqlStore, sqlite_url
from matcher.web.desk import Desk
from matcher.web.uploads import incoming

KEPT_DAYS = 7
LOOKS = 2  # within the silence after which a worker counts as gone
BESIDE = "PATMATCH_BESIDE"  # set by who starts a worker beside itself, and holds its input open
log = logging.getLogger(__name__)


class Worker:
    """One job at a time, each with a matcher of its own, so that nothing is held between jobs."""

    def __init__(self, home: Path, settings: Settings) -> None:
        self._home, self._settings = home, settings
        self._store = SqlStore.open(settings.database or sqlite_url(home / "patmatch.db"))
        self._queue = Queue(home, settings.database, self.work)

    def run(self) -> None:
        """Until it is told to stop."""
        over = threading.Event()
        every = self._settings.service.silence / LOOKS
        looking = threading.Thread(target=_main, args=(self, over, every), name="look", daemon=True)
        looking.start()
        self._queue.consume()
        over.set()
        looking.join()
        self._queue.close()
        self._store.close()

    def work(self, job_id: str) -> None:
        """Do one job."""
        with StandingMatcher.open(self._home, self._settings) as matcher:
            run(Desk(matcher, self._settings, self._queue.ring), job_id)

    def look(self) -> None:
        """Ring for jobs that wait too long or whose worker went silent; clear away old files."""
        silence = self._settings.service.silence
        for id in self._store.jobs.lost(now=int(time.time()), silence=silence):
            self._queue.ring(id)
        oldest = time.time() - KEPT_DAYS * 86400
        for path in (*incoming(self._home).glob("*"), *(self._home / "exports").glob("*")):
            if path.stat().st_mtime < oldest:
                shutil.rmtree(path, ignore_errors=True) if path.is_dir() else path.unlink()


def work_here(home: Path, settings: Settings) -> None:
    """Do jobs until told to stop; beside a service, until that is gone."""
    if os.environ.get(BESIDE):
        threading.Thread(target=_watch, name="watch", daemon=True).start()
    Worker(home, settings).run()


def _main(worker: Worker, over: threading.Event, every: float) -> None:
    """The looking thread's own frame."""
    while not over.wait(every):
        try:
            worker.look()
        except Exception as error:  # the next look may do better; it must not end the thread
            log.warning("could not look: %s", type(error).__name__)


def _watch() -> None:
    """Who started this process holds its standard input open; when it is gone, so are we."""
    sys.stdin.buffer.read()
    os.kill(os.getpid(), signal.SIGTERM)
