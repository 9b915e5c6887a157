"""How a job runs and ends in its worker: signs of life, a cancelled one, one that breaks."""

import logging
import os
import time
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from matcher.access.people import Caller, Organisation
from matcher.config import ServiceSettings, Settings
from matcher.jobs.running import Pulse, Stopped, run
from matcher.jobs.worker import Worker
from matcher.standing import StandingMatcher
from matcher.store.jobs import Job
from matcher.store.queue import Queue
from matcher.web.desk import Desk

PARK = Organisation(id="o-1", kind="park", name="高新区")
ASKER = Caller(organisation=PARK, role="editor")
QUICK = Settings(service=ServiceSettings(secret="test-" * 8, silence=0.3))


@pytest.fixture
def desk(opened: Any, letters: Any) -> Any:
    """Of an empty installation with one park."""
    with opened(letters(), kind=StandingMatcher) as matcher:
        matcher.store.accounts.found(PARK)
        yield Desk(matcher, QUICK)


def made(desk: Desk, kind: Any, asked: Any) -> Job:
    return desk.matcher.store.jobs.add(kind, asked, ASKER, now=desk.now)


def test_signs_of_life_come_by_themselves_and_a_cancelled_job_stops(desk: Desk) -> None:
    jobs = desk.matcher.store.jobs
    job = made(desk, "export", {})
    jobs.claim(job.id, "w", now=desk.now - 100)
    with Pulse(desk, job, "w") as pulse:
        pulse.progress("匹配", 2, 5)
        time.sleep(0.3)
        assert (jobs.job(job.id).stage, jobs.job(job.id).done) == ("匹配", 2)
        assert jobs.lost(now=desk.now, silence=20) == []
        jobs.cancel(job.id, now=desk.now)
        time.sleep(0.3)
        with pytest.raises(Stopped):
            pulse.progress("匹配", 3, 5)
        assert pulse.word == "cancelled"


def test_what_breaks_inside_fails_the_job_and_tells_nothing_of_records(
    desk: Desk, caplog: pytest.LogCaptureFixture
) -> None:
    job = made(desk, "upload", {"kind": "need", "folder": "i-1", "name": "周经理.csv"})
    with caplog.at_level(logging.INFO):
        run(desk, job.id)  # what it was asked lacks fields: a fault of ours
    ended = desk.matcher.store.jobs.job(job.id)
    assert (ended.state, ended.error, ended.result) == ("failed", "internal", None)
    assert "服务暂时出错" in ended.message and "周经理" not in caplog.text + ended.message


def test_a_file_that_is_gone_fails_with_what_to_do(desk: Desk) -> None:
    asked = {"kind": "need", "folder": "i-1", "name": "a.csv", "map": [], "dry_run": False}
    job = made(desk, "upload", asked)
    run(desk, job.id)
    ended = desk.matcher.store.jobs.job(job.id)
    assert (ended.state, ended.error) == ("failed", "unreadable_file")
    assert "请重新上传" in ended.message


def test_a_job_is_done_once(desk: Desk) -> None:
    job = made(desk, "index", {})
    for _ in range(3):
        run(desk, job.id)
    ended = desk.matcher.store.jobs.job(job.id)
    assert (ended.state, ended.tries) == ("done", 1)


def test_a_worker_takes_away_what_one_that_was_killed_at_the_end_of_an_upload_left(
    desk: Desk,
) -> None:
    asked = {"kind": "need", "folder": "i-1", "name": "a.csv", "map": [], "dry_run": False}
    job = made(desk, "upload", asked)
    for name in ("i-1", "i-2"):
        (desk.matcher.home / "incoming" / name).mkdir(parents=True)
        (desk.matcher.home / "incoming" / name / "a.csv").write_bytes(b"x")
    made(desk, "upload", {**asked, "folder": "i-2"})
    worker = Worker(desk.matcher.home, replace(QUICK, database=""))
    worker.look()
    assert len(list((desk.matcher.home / "incoming").iterdir())) == 2
    jobs = desk.matcher.store.jobs
    jobs.claim(job.id, "w", now=desk.now)
    assert jobs.finish(job.id, "w", {}, now=desk.now)
    worker.look()
    assert [path.name for path in (desk.matcher.home / "incoming").iterdir()] == ["i-2"]


def test_a_worker_looks_for_lost_jobs_and_clears_old_files_away(desk: Desk, tmp_path: Path) -> None:
    home = desk.matcher.home
    for name in ("exports", "incoming/i-1"):
        (home / name).mkdir(parents=True)
    old, new = home / "exports" / "j-1.xlsx", home / "exports" / "j-2.xlsx"
    for path in (old, new, home / "incoming" / "i-1" / "a.csv"):
        path.write_bytes(b"x")
    past = time.time() - 8 * 86400
    for path in (old, home / "incoming" / "i-1"):
        os.utime(path, (past, past))
    job = made(desk, "index", {})
    worker = Worker(home, replace(QUICK, database=""))
    time.sleep(1.4)
    worker.look()
    assert not old.exists() and new.exists() and not (home / "incoming" / "i-1").exists()
    assert Queue(home, "").waiting == 1
    assert desk.matcher.store.jobs.job(job.id).state == "queued"
