"""The process that does jobs: `patmatch worker`."""

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
from matcher.store.sql import SqlStore, address
from matcher.web.desk import Desk
from matcher.web.outgoing import EVERY, Outgoing
from matcher.web.ticking import Ticking
from matcher.web.uploads import KEPT_DAYS, incoming

LOOKS = 2  # within the silence after which a worker counts as gone
BESIDE = "PATMATCH_BESIDE"  # set by who starts a worker beside itself, and holds its input open


class Worker:
    """One job at a time, each with a matcher of its own, so that nothing is held between jobs."""

    def __init__(self, home: Path, settings: Settings) -> None:
        self._home, self._settings = home, settings
        self._store = SqlStore.open(address(home, settings.database))
        self._queue = Queue(home, settings.database, self.work)

    def run(self) -> None:
        """Until it is told to stop."""
        every = self._settings.service.silence / LOOKS
        out = Outgoing(self._store, self._settings)
        with Ticking("look", every, self.look), Ticking("outgoing", EVERY, out.deliver):
            self._queue.consume()
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
        self._look_for_news()
        there = incoming(self._home)
        for name in self._store.jobs.spent([path.name for path in there.glob("*")]):
            shutil.rmtree(there / name, ignore_errors=True)
        oldest = time.time() - KEPT_DAYS * 86400
        for path in (*there.glob("*"), *(self._home / "exports").glob("*")):
            if path.stat().st_mtime < oldest:
                shutil.rmtree(path, ignore_errors=True) if path.is_dir() else path.unlink()

    def _look_for_news(self) -> None:
        """A job of it when records came since the last, which is long enough ago, and somebody
        watches."""
        snapshot, at = self._store.watches.last
        now, pause = int(time.time()), self._settings.mail.digest_minutes * 60
        if now - at < pause or not self._store.watches.any() or snapshot == self._store.snapshot():
            return
        job = self._store.jobs.add_alone("news", now=now)
        if job is not None:
            self._queue.ring(job.id)


def work_here(home: Path, settings: Settings) -> None:
    """Do jobs until told to stop; beside a service, until that is gone."""
    if os.environ.get(BESIDE):
        threading.Thread(target=_watch, name="watch", daemon=True).start()
    Worker(home, settings).run()


def _watch() -> None:
    """Who started this process holds its standard input open; when it is gone, so are we."""
    while os.read(sys.stdin.fileno(), 1):  # not by the buffer: its lock would outlive the process
        pass
    os.kill(os.getpid(), signal.SIGTERM)
