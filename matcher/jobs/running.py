"""One job done: claimed, kept alive while it runs, and ended in one of the ways there are."""

import logging
import os
import secrets
from collections.abc import Callable
from contextlib import suppress

from matcher.errors import Conflict, MatcherError
from matcher.jobs.kinds import KINDS, over, told_error
from matcher.store.jobs import Job
from matcher.web.desk import Desk
from matcher.web.problems import INSIDE
from matcher.web.ticking import Ticking

SIGNS = 6  # within the silence after which a worker counts as gone
WORKER = "worker"  # where it is done, in the audit list
log = logging.getLogger(__name__)


class Stopped(Exception):
    """Somebody asked for that, or another worker took the job over."""


class Pulse(Ticking):
    """Signs of life of a job, from a thread of its own; `progress` is what the work calls."""

    def __init__(self, desk: Desk, job: Job, worker: str) -> None:
        self._desk, self._job, self._worker = desk, job, worker
        self._told = ("", 0, 0)
        self._word = "go on"
        super().__init__("pulse", desk.settings.service.silence / SIGNS, self.beat)

    @property
    def word(self) -> str:
        """What was said at the last sign: go on, cancelled, lost."""
        return self._word

    def progress(self, stage: str, done: int, total: int) -> None:
        """:raises Stopped: not to go on."""
        self._told = (stage, done, total)
        if self._word != "go on":
            raise Stopped

    def beat(self) -> None:
        """One sign; where another writes for long the next one will do."""
        jobs = self._desk.matcher.store.jobs
        with suppress(Conflict):
            self._word = jobs.beat(self._job.id, self._worker, self._told, now=self._desk.now)


def run(desk: Desk, job_id: str) -> None:
    """Do a job, if it is to be had."""
    worker = f"{os.getpid()}-{secrets.token_hex(4)}"
    jobs = desk.matcher.store.jobs
    job = jobs.claim(job_id, worker, now=desk.now)
    if job is None:
        return
    log.info("job %s %s, try %d", job.id, job.kind, job.tries)
    with Pulse(desk, job, worker) as pulse:
        end = _main(desk, job, pulse)
    if end(worker):
        over(desk, job)
        state = jobs.job(job.id).state
        who, status = (job.organisation_id, job.person_id, WORKER), 200 if state == "done" else 409
        desk.matcher.store.audit.append(f"job {job.kind}", who, (job.id, status), now=desk.now)
        log.info("job %s ended", job.id)


def _main(desk: Desk, job: Job, pulse: Pulse) -> Callable[[str], bool]:
    """How the job ends; whatever goes wrong in it, the worker goes on."""
    jobs = desk.matcher.store.jobs
    try:
        result = KINDS[job.kind](desk, job, pulse.progress)
        return lambda worker: jobs.finish(job.id, worker, result, now=desk.now)
    except Stopped:
        return lambda worker: jobs.stop(job.id, worker, now=desk.now)
    except MatcherError as error:
        told = told_error(error)
    except Exception as error:  # what it says may hold records
        log.error("job %s %s: %s", job.id, job.kind, type(error).__name__)
        told = ("internal", INSIDE)
    return lambda worker: jobs.fail(job.id, worker, told, now=desk.now)
