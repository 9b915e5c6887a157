"""Jobs on every database: claimed by one worker, claimed anew when it goes silent, ended once."""

import threading
from collections.abc import Callable

import pytest

from matcher.access.people import Caller, Organisation
from matcher.errors import UnknownId, WrongStep
from matcher.store.jobs import MOST_TRIES
from matcher.store.sql import SqlStore

Open = Callable[[], SqlStore]
PARK = Organisation(id="o-1", kind="park", name="高新区")
ASKER = Caller(organisation=PARK, role="editor")
NOW, SILENCE = 1_800_000_000, 20.0


@pytest.fixture
def full(store: SqlStore) -> SqlStore:
    """With one organisation."""
    store.accounts.found(PARK)
    return store


def test_a_job_is_read_back_as_it_was_asked(full: SqlStore, opened: Open) -> None:
    made = full.jobs.add("export", {"k": 3, "名": "值"}, ASKER, now=NOW)
    for store in (full, opened()):
        read = store.jobs.job(made.id)
        assert (read.state, read.asked, read.organisation_id) == (
            "queued",
            {"k": 3, "名": "值"},
            "o-1",
        )
        assert (read.made_at, read.tries, read.result, read.error) == (NOW, 0, None, "")
    with pytest.raises(UnknownId):
        full.jobs.job("j-nothing")


def test_of_many_workers_one_has_it(full: SqlStore, opened: Open) -> None:
    id = full.jobs.add("export", {}, ASKER, now=NOW).id
    stores, won = [opened() for _ in range(4)], []

    def claim(number: int) -> None:
        if stores[number].jobs.claim(id, f"w{number}", now=NOW + 1) is not None:
            won.append(number)

    threads = [threading.Thread(target=claim, args=(n,)) for n in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(won) == 1
    (number,) = won
    assert full.jobs.finish(id, f"w{number}", {"files": 1}, now=NOW + 9)
    assert not full.jobs.finish(id, f"w{number}", {"files": 2}, now=NOW + 9)
    ended = full.jobs.job(id)
    assert (ended.state, ended.result, ended.tries) == ("done", {"files": 1}, 1)
    assert (ended.started_at, ended.ended_at) == (NOW + 1, NOW + 9)


def test_a_silent_worker_loses_its_job_and_cannot_end_it(full: SqlStore) -> None:
    jobs = full.jobs
    id = jobs.add("export", {}, ASKER, now=NOW).id
    assert jobs.claim(id, "a", now=NOW) is not None
    assert jobs.beat(id, "a", ("匹配", 3, 9), now=NOW + 10) == "go on"
    assert (jobs.job(id).stage, jobs.job(id).done, jobs.job(id).total) == ("匹配", 3, 9)
    assert jobs.lost(now=NOW + 30, silence=SILENCE) == []
    assert jobs.lost(now=NOW + 31, silence=SILENCE) == [id]
    assert jobs.beat(id, "a", ("匹配", 4, 9), now=NOW + 32) == "lost"
    assert jobs.claim(id, "b", now=NOW + 33) is not None
    assert not jobs.finish(id, "a", {}, now=NOW + 34)
    assert jobs.finish(id, "b", {}, now=NOW + 35)
    assert jobs.job(id).tries == 2


def test_what_is_tried_too_often_fails_visibly(full: SqlStore) -> None:
    jobs, now = full.jobs, NOW
    id = jobs.add("upload", {}, ASKER, now=now).id
    for number in range(MOST_TRIES):
        assert jobs.claim(id, f"w{number}", now=now) is not None
        now += 21
        assert jobs.lost(now=now, silence=SILENCE) == ([id] if number < MOST_TRIES - 1 else [])
    ended = jobs.job(id)
    assert (ended.state, ended.error, ended.tries) == ("failed", "worker_lost", MOST_TRIES)
    assert "没有完成" in ended.message


def test_a_job_that_nobody_was_told_of_is_rung_for(full: SqlStore) -> None:
    id = full.jobs.add("export", {}, ASKER, now=NOW).id
    assert full.jobs.lost(now=NOW + 20, silence=SILENCE) == []
    assert full.jobs.lost(now=NOW + 21, silence=SILENCE) == [id]


def test_cancelling_is_heard_by_the_worker(full: SqlStore) -> None:
    jobs = full.jobs
    id = jobs.add("export", {}, ASKER, now=NOW).id
    jobs.claim(id, "a", now=NOW)
    assert jobs.cancel(id, now=NOW).state == "cancelling"
    assert jobs.beat(id, "a", ("", 0, 0), now=NOW) == "cancelled"
    assert jobs.stop(id, "a", now=NOW + 1)
    assert jobs.job(id).state == "cancelled"
    with pytest.raises(WrongStep):
        jobs.cancel(id, now=NOW)
    other = jobs.add("export", {}, ASKER, now=NOW).id
    jobs.claim(other, "a", now=NOW)
    jobs.cancel(other, now=NOW)
    assert jobs.lost(now=NOW + 21, silence=SILENCE) == []  # its worker died before it heard
    assert jobs.job(other).state == "cancelled"


def test_pages_are_an_organisation_s_the_latest_first(full: SqlStore) -> None:
    mine = [full.jobs.add("export", {}, ASKER, now=NOW + n).id for n in range(3)]
    own = full.jobs.add("index", {}, None, now=NOW).id
    assert [job.id for job in full.jobs.page("o-1", after="", limit=2)] == mine[:0:-1]
    assert [job.id for job in full.jobs.page("o-1", after=mine[1], limit=2)] == [mine[0]]
    assert [job.id for job in full.jobs.page(None, after="", limit=9)] == [own]
