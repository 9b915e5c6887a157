"""Work in the background: asked for, followed, stopped; and the files that come of it."""

import hmac
from pathlib import Path
from typing import Annotated, Any

from fastapi import APIRouter, Depends, Query, Response
from fastapi.responses import FileResponse

from matcher.access.people import Caller
from matcher.access.policy import acting
from matcher.errors import BadInput, UnknownId
from matcher.store.jobs import Job, JobKind
from matcher.web.desk import Desk, DeskDep
from matcher.web.guard import CallerDep
from matcher.web.job_shapes import ErrorOut, ExportIn, FileOut, JobOut, JobsOut, MaintainIn
from matcher.web.once import OnceRoute, once
from matcher.web.rules import PREFIX
from matcher.web.shapes import After, Id

router = APIRouter(tags=["jobs"], route_class=OnceRoute, dependencies=[Depends(once)])
LINK_MINUTES = 15
MEDIA = {
    "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    "csv": "text/csv; charset=utf-8",
    "jsonl": "application/x-ndjson",
    "parquet": "application/vnd.apache.parquet",
    "zip": "application/zip",
    "json": "application/json",
}
GONE = "没有这个文件,或链接已过期。请重新打开这项任务取新的链接。"


@router.post("/exports", response_model=JobOut, status_code=202)
def export(asked: ExportIn, desk: DeskDep, caller: CallerDep, answer: Response) -> Any:
    """A file of matches, made in the background."""
    desk.check_filter(asked.filter)
    return begun(desk, caller, "export", asked.model_dump(mode="json"), answer)


@router.get("/jobs", response_model=JobsOut)
def jobs(
    desk: DeskDep, caller: CallerDep, after: After = "",
    limit: Annotated[int, Query(ge=1, le=100)] = 20,
) -> Any:  # fmt: skip
    """One's organisation's, the latest first; an operator's are the installation's."""
    found = desk.matcher.store.jobs.page(acting(caller), after=after, limit=limit + 1)
    items = [told(desk, one) for one in found[:limit]]
    return JobsOut(items=items, next=items[-1].id if len(found) > limit else None)


@router.post("/jobs", response_model=JobOut, status_code=202)
def maintain(asked: MaintainIn, desk: DeskDep, answer: Response) -> Any:
    """Index or ranker of the installation."""
    return begun(desk, None, asked.kind, {}, answer)


@router.get("/jobs/{job_id}", response_model=JobOut)
def job(job_id: Id, desk: DeskDep, caller: CallerDep) -> Any:
    """One of them."""
    return told(desk, _mine(desk, caller, job_id))


@router.post("/jobs/{job_id}/cancel", response_model=JobOut)
def cancel(job_id: Id, desk: DeskDep, caller: CallerDep) -> Any:
    """Stop it: at once where it waits, soon where it runs."""
    mine = _mine(desk, caller, job_id)
    return told(desk, desk.matcher.store.jobs.cancel(mine.id, now=desk.now))


@router.get("/files/{job_id}", response_class=FileResponse)
def file(job_id: Id, until: Annotated[int, Query(ge=0)], signature: Id, desk: DeskDep) -> Any:
    """The file of an export, for who has the signed address before it expires."""
    right = hmac.compare_digest(signature.encode(), _signature(desk, job_id, until).encode())
    if not right or until < desk.now:
        raise UnknownId(GONE, id=job_id)
    made = desk.matcher.store.jobs.job(job_id)
    path = place(desk.matcher.home, made)
    if made.state != "done" or not path.is_file():
        raise UnknownId(GONE, id=job_id)
    return FileResponse(path, media_type=MEDIA[path.suffix[1:]], filename=_name(made))


def begun(
    desk: Desk, caller: Caller | None, kind: JobKind, asked: dict[str, Any], answer: Response
) -> JobOut:
    """A job that waits, and a worker that is told."""
    if desk.ring is None:
        raise BadInput("这里没有后台处理程序(service.worker = none),不能做这件事。")
    job = desk.matcher.store.jobs.add(kind, asked, caller, now=desk.now)
    desk.ring(job.id)
    answer.headers["Location"] = f"{PREFIX}/jobs/{job.id}"
    return told(desk, job)


def place(home: Path, job: Job) -> Path:
    """Where the file of an export lies."""
    return home / "exports" / f"{job.id}.{job.asked.get('format', 'xlsx')}"


def told(desk: Desk, job: Job) -> JobOut:
    """A job as its organisation reads it."""
    result, made = job.result or {}, None
    if job.kind == "export" and job.state == "done" and place(desk.matcher.home, job).is_file():
        until = desk.now + LINK_MINUTES * 60
        address = f"{PREFIX}/files/{job.id}?until={until}&signature="
        made = FileOut(
            name=_name(job), url=address + _signature(desk, job.id, until), expires_at=until
        )
    return JobOut(
        id=job.id, kind=job.kind, state=job.state, stage=job.stage, done=job.done,
        total=job.total, tries=job.tries, made_at=job.made_at, started_at=job.started_at,
        ended_at=job.ended_at, upload=result.get("upload"), export=result.get("export"),
        batch=result.get("batch"),
        error=ErrorOut(code=job.error, detail=job.message) if job.error else None, file=made,
    )  # fmt: skip


def _mine(desk: Desk, caller: Caller, id: str) -> Job:
    """One that the caller's organisation asked for.  :raises UnknownId: it is not there, or is
    another's: the two are told alike."""
    job = desk.matcher.store.jobs.job(id)
    if job.organisation_id != acting(caller):
        raise UnknownId("没有这项任务。请核对编号。", id=id)
    return job


def _name(job: Job) -> str:
    return f"匹配结果.{job.asked.get('format', 'xlsx')}"


def _signature(desk: Desk, id: str, until: int) -> str:
    return desk.digest("file", f"{id} {until}")
