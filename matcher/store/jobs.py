"""Work in the background: what is asked, who is at it, how far it is, what became of it.

This table is the truth; the queue (`matcher/store/queue.py`) only wakes workers.  A job is claimed
by one worker, which must go on saying that it lives; one whose worker went silent is claimed
anew, `MOST_TRIES` times in all.  Every kind of work can be done again without harm."""

import json
import secrets
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from typing import Any, Literal

from sqlalchemy import Connection, Engine, func, insert, select, update

from matcher.access.people import Caller
from matcher.access.policy import acting
from matcher.errors import UnknownId, WrongStep
from matcher.store.mapping import storable
from matcher.store.messages import leave_word
from matcher.store.opening import Writing
from matcher.store.outbox import tell
from matcher.store.rows import counted
from matcher.store.tables import jobs

JobKind = Literal["upload", "export", "index", "train", "news", "batch"]
JobState = Literal["queued", "running", "cancelling", "done", "failed", "cancelled"]
OPEN: tuple[JobState, ...] = ("queued", "running", "cancelling")
MOST_TRIES = 3
LOST = f"处理程序中断了 {MOST_TRIES} 次,没有完成。请重试;若一直这样,请告诉管理员。"


@dataclass(frozen=True, slots=True, kw_only=True)
class Job:
    """`asked` and `result` are plain data of the kind; of `total` steps of a `stage` so many are
    `done`; `error` is a stable code and `message` Chinese; times are seconds since 1970."""

    id: str
    kind: JobKind
    state: JobState
    organisation_id: str | None
    person_id: str | None
    asked: Mapping[str, Any]
    stage: str
    done: int
    total: int
    result: Mapping[str, Any] | None
    error: str
    message: str
    made_at: int
    started_at: int | None
    ended_at: int | None
    tries: int


class Jobs:
    """Each step is one transaction."""

    def __init__(self, engine: Engine) -> None:
        self._engine = engine

    def add(
        self, kind: JobKind, asked: Mapping[str, Any], caller: Caller | None, *, now: int
    ) -> Job:
        """One more to be done, for the caller's organisation or, for nobody's, the installation."""
        id = f"j-{now:010x}-{secrets.token_hex(6)}"
        with Writing(self._engine) as connection:
            _insert(connection, (id, kind), asked, caller, now)
            return _one(connection, id)

    def add_alone(self, kind: JobKind, *, now: int) -> Job | None:
        """One of the installation's own, unless one of this kind is waiting; None then."""
        id = f"j-{now:010x}-{secrets.token_hex(6)}"
        waits = (jobs.c.kind == kind) & (jobs.c.state.in_(("queued", "running")))
        with Writing(self._engine) as connection:
            if connection.execute(select(jobs.c.id).where(waits).limit(1)).first() is not None:
                return None
            _insert(connection, (id, kind), {}, None, now)
            return _one(connection, id)

    def job(self, id: str) -> Job:
        """:raises UnknownId: it is not there."""
        with self._engine.connect() as connection:
            return _one(connection, id)

    def page(self, organisation_id: str | None, *, after: str, limit: int) -> list[Job]:
        """At most `limit`, the latest first, of an organisation (None: of the installation),
        before the one with the id `after`."""
        mine = jobs.c.organisation_id == organisation_id
        query = select(jobs).where(mine if organisation_id else jobs.c.organisation_id.is_(None))
        if after:
            query = query.where(jobs.c.id < storable(after))
        with self._engine.connect() as connection:
            rows = connection.execute(query.order_by(jobs.c.id.desc()).limit(limit)).mappings()
            return [_job(dict(row)) for row in rows]

    def claim(self, id: str, worker: str, *, now: int) -> Job | None:
        """It is this worker's now; None when it is not to be had."""
        free = (jobs.c.id == storable(id)) & (jobs.c.state == "queued")
        with Writing(self._engine) as connection:
            claimed = connection.execute(
                update(jobs).where(free).values(
                    state="running", worker=worker, tries=jobs.c.tries + 1, beat_at=now,
                    started_at=func.coalesce(jobs.c.started_at, now), stage="", done=0, total=0,
                )
            )  # fmt: skip
            return _one(connection, id) if claimed.rowcount == 1 else None

    def beat(
        self, id: str, worker: str, told: tuple[str, int, int], *, now: int
    ) -> Literal["go on", "cancelled", "lost"]:
        """The worker lives, and so far it is; whether it is to go on."""
        stage, done, total = told
        mine = (jobs.c.id == id) & (jobs.c.worker == worker)
        with Writing(self._engine) as connection:
            state = connection.execute(select(jobs.c.state).where(mine)).scalar()
            if state not in ("running", "cancelling"):
                return "lost"
            connection.execute(
                update(jobs).where(mine).values(beat_at=now, stage=stage, done=done, total=total)
            )
        return "go on" if state == "running" else "cancelled"

    def finish(self, id: str, worker: str, result: Mapping[str, Any], *, now: int) -> bool:
        """It is done; False when another worker took it over."""
        text = json.dumps(dict(result), ensure_ascii=False)
        return self._end(id, worker, {"state": "done", "result": text, "ended_at": now})

    def fail(self, id: str, worker: str, error: tuple[str, str], *, now: int) -> bool:
        """It cannot be done: a code and why, for people."""
        code, message = error
        values = {"state": "failed", "error": code, "message": message, "ended_at": now}
        return self._end(id, worker, values)

    def stop(self, id: str, worker: str, *, now: int) -> bool:
        """It was stopped because somebody asked for that."""
        return self._end(id, worker, {"state": "cancelled", "ended_at": now})

    def cancel(self, id: str, *, now: int) -> Job:
        """A waiting one is cancelled at once, a running one when its worker hears of it.

        :raises WrongStep: it has ended."""
        with Writing(self._engine) as connection:
            state = _one(connection, id).state
            if state not in OPEN:
                raise WrongStep("这项任务已经结束,不能取消。", id=id)
            if state == "queued":
                values: dict[str, Any] = {"state": "cancelled", "ended_at": now}
            else:
                values = {"state": "cancelling"}
            connection.execute(update(jobs).where(jobs.c.id == id).values(**values))
            return _one(connection, id)

    def lost(self, *, now: int, silence: float) -> list[str]:
        """The jobs for which a worker must be rung: those that wait for longer than `silence`
        seconds, and those whose worker said nothing for so long, which wait again.  One that was
        tried too often fails."""
        silent = jobs.c.beat_at < now - silence
        with Writing(self._engine) as connection:
            connection.execute(
                update(jobs).where(jobs.c.state == "cancelling", silent)
                .values(state="cancelled", ended_at=now)
            )  # fmt: skip
            gone = silent & (jobs.c.state == "running")
            connection.execute(
                update(jobs).where(gone, jobs.c.tries >= MOST_TRIES).values(
                    state="failed", error="worker_lost", ended_at=now,
                    message=LOST,
                )
            )  # fmt: skip
            connection.execute(update(jobs).where(gone).values(state="queued", worker=None))
            waits = (jobs.c.state == "queued") & silent
            found = connection.execute(select(jobs.c.id).where(waits).order_by(jobs.c.id))
            return list(found.scalars())

    def counts(self) -> dict[str, int]:
        """The states -> how many jobs are in each."""
        return counted(self._engine, jobs.c.state)

    def spent(self, folders: Collection[str]) -> list[str]:
        """Which of these folders an upload waited in that has ended since: a worker that was killed
        at its very end left them."""
        if not folders:
            return []
        ended = jobs.c.ended_at.is_not(None)
        query = select(jobs.c.asked).where(jobs.c.kind == "upload", ended)
        with self._engine.connect() as connection:
            asked = map(json.loads, connection.execute(query).scalars())
            return sorted({told["folder"] for told in asked} & set(folders))

    def _end(self, id: str, worker: str, values: Mapping[str, Any]) -> bool:
        mine = (jobs.c.id == id) & (jobs.c.worker == worker)
        held = jobs.c.state.in_(("running", "cancelling"))
        with Writing(self._engine) as connection:
            ended = connection.execute(update(jobs).where(mine, held).values(**values))
            if ended.rowcount == 1:
                _tell_end(connection, id, values)
        return ended.rowcount == 1


def _tell_end(connection: Connection, id: str, values: Mapping[str, Any]) -> None:
    """To webhooks of whose it is, and to the person who asked for it."""
    query = select(jobs.c.organisation_id, jobs.c.kind, jobs.c.person_id).where(jobs.c.id == id)
    organisation_id, kind, person_id = connection.execute(query).one()
    if organisation_id is not None:
        told = {"job_id": id, "kind": kind, "state": values["state"]}
        tell(connection, [organisation_id], "job.ended", told, now=values["ended_at"])
        if person_id is not None:
            to = {organisation_id: person_id}
            leave_word(connection, to, "job.ended", told, now=values["ended_at"])


def _insert(
    connection: Connection, named: tuple[str, JobKind], asked: Mapping[str, Any],
    caller: Caller | None, now: int,
) -> None:  # fmt: skip
    id, kind = named
    connection.execute(insert(jobs).values(
        id=id, kind=kind, state="queued", organisation_id=acting(caller) if caller else None,
        person_id=caller.person.id if caller and caller.person else None,
        asked=json.dumps(dict(asked), ensure_ascii=False), stage="", done=0, total=0, error="",
        message="", made_at=now, beat_at=now, tries=0,
    ))  # fmt: skip


def _one(connection: Connection, id: str) -> Job:
    row = connection.execute(select(jobs).where(jobs.c.id == storable(id))).mappings().first()
    if row is None:
        raise UnknownId("没有这项任务。请核对编号。", id=id)
    return _job(dict(row))


def _job(row: dict[str, Any]) -> Job:
    row["asked"] = json.loads(row["asked"])
    row["result"] = None if row["result"] is None else json.loads(row["result"])
    return Job(**{name: value for name, value in row.items() if name not in ("worker", "beat_at")})
