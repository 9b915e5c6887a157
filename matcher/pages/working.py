"""Work in the background as people follow it: how far it is, what came of it, stopping it."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Annotated, Any, ClassVar

from fastapi import APIRouter, Query
from fastapi.responses import RedirectResponse
from pydantic import BaseModel

from matcher.pages.forms import WRONG, FormDep, day_of, said
from matcher.pages.frame import LIVE, Page, Visit, VisitDep, rendered
from matcher.pages.uploading import Report, report_of
from matcher.store.jobs import JobKind, JobState
from matcher.web.job_shapes import JobOut
from matcher.web.jobs import cancel, job, jobs
from matcher.web.shapes import After, Id, Line
from matcher.web.uploads import rejects

router = APIRouter(include_in_schema=False)
KINDS: Mapping[JobKind, str] = {
    "upload": "导入清单", "export": "导出匹配结果", "index": "更新索引", "train": "训练排序模型",
    "news": "关注提醒", "batch": "园区批量匹配",
}  # fmt: skip
STATES: Mapping[JobState, str] = {
    "queued": "排队中", "running": "进行中", "cancelling": "正在停止", "done": "已完成",
    "failed": "没有完成", "cancelled": "已停止",
}  # fmt: skip
GOING: tuple[JobState, ...] = ("queued", "running", "cancelling")


@dataclass(frozen=True, slots=True, kw_only=True)
class Work:
    """A job in words.  `undo`: where an import can be taken back; `look`: where a
    batch is looked through."""

    id: str
    kind: str
    state: str
    going: bool
    failed: bool
    stage: str
    done: int
    total: int
    at: str
    error: str
    counts: str
    file: str
    file_name: str
    report: Report | None
    undo: str
    look: str


@dataclass(frozen=True, slots=True, kw_only=True)
class JobsPage(Page):
    """任务."""

    TEMPLATE: ClassVar[str] = "jobs.html"

    items: tuple[Work, ...]
    more: str


@dataclass(frozen=True, slots=True, kw_only=True)
class JobPage(Page):
    """One of them."""

    TEMPLATE: ClassVar[str] = "job.html"

    work: Work


@dataclass(frozen=True, slots=True, kw_only=True)
class StatePage(Page):
    """What changes of it while it goes on."""

    TEMPLATE: ClassVar[str] = "state.html"

    work: Work


class JobsAsk(BaseModel):
    """The address of the list."""

    after: After = ""


@router.get("/jobs")
def listed(visit: VisitDep, asked: Annotated[JobsAsk, Query()]) -> Any:
    """The latest first."""
    found = jobs(visit.desk, visit.caller, asked.after)
    return rendered(JobsPage(
        frame=visit.frame("任务"), items=tuple(_work(one) for one in found.items),
        more=f"/jobs?after={found.next}" if found.next else "",
    ))  # fmt: skip


@router.get("/job")
def one(visit: VisitDep, id: Id) -> Any:
    """One of them."""
    return _shown(visit, job(id, visit.desk, visit.caller))


@router.get("/job/state")
def state(visit: VisitDep, id: Id) -> Any:
    """What changes of it."""
    work = _work(job(id, visit.desk, visit.caller))
    return rendered(StatePage(frame=visit.part, work=work))


@router.post("/job/stop")
def stop(visit: VisitDep, form: FormDep) -> Any:
    """Stop it."""
    id = form.one("id")
    try:
        cancel(id, visit.desk, visit.caller)
    except WRONG as error:
        return _shown(visit, job(id, visit.desk, visit.caller), notice=said(error))
    return RedirectResponse(f"/job?id={id}", 303)


@router.get("/rejects/{upload_id}")
def rows(visit: VisitDep, upload_id: Line) -> Any:
    """The rows to be corrected, as a file."""
    return rejects(upload_id, visit.desk, visit.caller)


def _shown(visit: Visit, told: JobOut, *, notice: str = "") -> Any:
    work = _work(told)
    page = JobPage(frame=visit.frame(work.kind, notice=notice, scripts=LIVE), work=work)
    return rendered(page, 409 if notice else 200)


def _work(told: JobOut) -> Work:
    upload, made, report, undo, batch = told.upload, told.export, None, "", told.batch
    if upload is not None:
        side = "patents" if upload.kind == "patent" else "needs"
        report = report_of(upload, f"/rejects/{upload.id}" if upload.rejects else "")
        undo = f"/uploaded/{side}/{upload.id}"
    counts = (
        f"{made.needs} 条需求,{made.matches} 项匹配,{made.unmatched} 条没有合适的" if made else ""
    )
    if batch is not None:
        counts = f"{batch.needs} 条需求,{batch.served} 条有较好的专利,共 {batch.matches} 项"
    return Work(
        id=told.id, kind=KINDS[told.kind], state=STATES[told.state], going=told.state in GOING,
        failed=told.state == "failed", stage=told.stage, done=told.done, total=told.total,
        at=day_of(told.made_at), error=told.error.detail if told.error else "", counts=counts,
        file=told.file.url if told.file else "", file_name=told.file.name if told.file else "",
        report=report, undo=undo,
        look=f"/park/batch?id={told.id}" if batch is not None else "",
    )  # fmt: skip
