"""上传向导: a list is sent, looked at, put right by choosing, taken, and can be taken back."""

import hmac
import shutil
import time
from dataclasses import dataclass
from pathlib import Path
from typing import Annotated, Any, ClassVar

from fastapi import APIRouter, Depends, Query, Request, Response
from fastapi.responses import RedirectResponse
from pydantic import BaseModel
from starlette.concurrency import run_in_threadpool
from starlette.datastructures import UploadFile

from matcher.access.policy import Side, acting, may
from matcher.errors import MatcherError, NotAllowed, NothingUsable, UnknownId
from matcher.ingest.headers import ListKind
from matcher.ingest.preview import Preview, choices, preview
from matcher.pages.forms import WRONG, FormDep, said
from matcher.pages.frame import LIVE, Page, Visit, VisitDep, rendered
from matcher.store.secret import new_id
from matcher.text.labels import FLAGS
from matcher.web.guard import NOT_YOURS
from matcher.web.shapes import Id, Line
from matcher.web.undoing import undo
from matcher.web.upload_shapes import UploadAsk, UploadOut
from matcher.web.uploads import incoming, is_long, kept_file, later, mapping_of, plain_name, take

router = APIRouter(include_in_schema=False)
KINDS: dict[Side, ListKind] = {"patents": "patent", "needs": "need"}
NOUNS: dict[Side, str] = {"patents": "专利清单", "needs": "需求表"}
DESKS: dict[Side, str] = {"patents": "/patents", "needs": "/needs"}
OUTCOMES = {"new": "新增", "updated": "更新", "unchanged": "没有变化", "merged": "合并"}
DAY = 86400
GONE = "这份清单已不在了(只保留一天),请重新上传。"
CHOOSE = "没有认出必需的列。请在下面选择哪一列是名称(标题),再点“按选择重新核对”。"
NOTHING = "没有选择文件。请选择一个 Excel、CSV 或 JSONL 文件。"


@dataclass(frozen=True, slots=True, kw_only=True)
class Report:
    """What became, or would become, of a list, in words."""

    file: str
    rows: int
    outcomes: tuple[tuple[str, int], ...]
    rejected: int
    faults: tuple[tuple[str, str, str, str], ...]
    flagged: tuple[tuple[str, int], ...]
    notes: tuple[str, ...]
    suspects: tuple[tuple[str, str, str], ...]
    rejects: str


@dataclass(frozen=True, slots=True, kw_only=True)
class UploadPage(Page):
    """The first step."""

    TEMPLATE: ClassVar[str] = "upload.html"

    noun: str


@dataclass(frozen=True, slots=True, kw_only=True)
class PreviewPage(Page):
    """The second step: columns, first rows, and what would become of it."""

    TEMPLATE: ClassVar[str] = "preview.html"

    side: str
    noun: str
    name: str
    tables: tuple[Preview, ...]
    fields: tuple[tuple[str, str], ...]
    chosen: tuple[str, ...]
    report: Report | None


@dataclass(frozen=True, slots=True, kw_only=True)
class TakenPage(Page):
    """The third: what became of it, the rows to be corrected, and taking it back."""

    TEMPLATE: ClassVar[str] = "taken.html"

    side: str
    noun: str
    desk: str
    report: Report
    undo: str


class PreviewAsk(BaseModel):
    """The address of the second step: columns named by choosing (`列名=field`)."""

    map: Annotated[list[str], Query(max_length=60)] = []


def bringing(visit: VisitDep, side: Side) -> Side:
    """What is brought, if the caller may bring that.  :raises NotAllowed: it may not."""
    if not may(visit.caller, "upload_patents" if side == "patents" else "upload_needs"):
        raise NotAllowed(NOT_YOURS)
    return side


SideDep = Annotated[Side, Depends(bringing)]


@router.get("/upload/{side}")
def start(visit: VisitDep, side: SideDep) -> Any:
    """The form."""
    return rendered(_start(visit, side))


@router.post("/upload/{side}")
async def send(visit: VisitDep, side: SideDep, request: Request) -> Any:
    """Keep the file for a day and go on to look at it."""
    file = (await request.form()).get("file")
    if not isinstance(file, UploadFile) or not file.filename:
        return rendered(_start(visit, side, NOTHING), 422)
    content = await file.read()
    return await run_in_threadpool(_kept, visit, side, (file.filename, content))


@router.get("/upload/{side}/{ticket}")
def look(visit: VisitDep, side: SideDep, ticket: Id, asked: Annotated[PreviewAsk, Query()]) -> Any:
    """What its columns were taken for, and what would become of it."""
    return _looked(visit, side, ticket, tuple(one for one in asked.map if one))


@router.post("/upload/{side}/{ticket}")
def confirm(visit: VisitDep, side: SideDep, ticket: Id, form: FormDep) -> Any:
    """Take it, now or, where it is long, in the background."""
    path = _waiting(visit, ticket)
    chosen = form.all("map")
    try:
        done = _taken(visit, side, path, chosen)
    except WRONG as error:
        return _looked(visit, side, ticket, chosen, notice=said(error))
    if isinstance(done, str):
        return RedirectResponse(f"/job?id={done}", 303)
    shutil.rmtree(path.parent, ignore_errors=True)
    return RedirectResponse(f"/uploaded/{side}/{done.id}", 303)


@router.get("/uploaded/{side}/{upload_id}")
def taken(visit: VisitDep, side: SideDep, upload_id: Line) -> Any:
    """What became of it."""
    return rendered(_taken_page(visit, side, upload_id))


@router.post("/uploaded/{side}/{upload_id}")
def take_back(visit: VisitDep, side: SideDep, upload_id: Line) -> Any:
    """Undo it."""
    path = kept_file(visit.desk, visit.caller, upload_id, "undo")
    try:
        told = undo(visit.desk, visit.caller, path)
    except MatcherError as error:
        return rendered(_taken_page(visit, side, upload_id, notice=said(error)), 409)
    left = f";{told.left} 条因合并了已有的记录、后来有改动或正在对接,没有动" if told.left else ""
    done = f"已撤销:去掉新增的 {told.gone} 条,恢复原样 {told.restored} 条{left}。"
    return rendered(_taken_page(visit, side, upload_id, done=done))


def report_of(told: UploadOut, rejects: str) -> Report:
    """A report in words; `rejects` is where the rows to be corrected are, "" where there are
    none."""
    return Report(
        file=told.file, rows=told.rows, rejected=told.rejected_rows, rejects=rejects,
        outcomes=tuple((OUTCOMES.get(name, name), count)
                       for name, count in told.outcomes.items() if count),
        faults=tuple(
            (f"{one.sheet} 第 {one.row} 行".strip(), one.column, one.reason, one.advice)
            for one in told.faults
        ),
        flagged=tuple((FLAGS[code], count) for code, count in told.flagged.items()),
        notes=tuple(told.notes),
        suspects=tuple((f"{one.sheet} 第 {one.row} 行".strip(), one.column, one.told)
                       for one in told.suspects),
    )  # fmt: skip


def _start(visit: Visit, side: Side, notice: str = "") -> UploadPage:
    frame = visit.frame(f"上传{NOUNS[side]}", notice=notice, scripts=LIVE)
    return UploadPage(frame=frame, noun=NOUNS[side])


def _kept(visit: Visit, side: Side, sent: tuple[str, bytes]) -> Any:
    name, content = sent
    if not content:
        return rendered(_start(visit, side, f"“{name}”是空的,没有内容。请换一个文件。"), 422)
    home = incoming(visit.desk.matcher.home)
    _sweep(home)
    id = new_id("p")
    folder = home / id
    folder.mkdir(parents=True)
    (folder / plain_name(name)).write_bytes(content)
    return RedirectResponse(f"/upload/{side}/{id}.{_signed(visit, id)}", 303)


def _sweep(home: Path) -> None:
    """What nobody went on with for a day goes."""
    for folder in home.glob("p-*"):
        if folder.stat().st_mtime < time.time() - DAY:
            shutil.rmtree(folder, ignore_errors=True)


def _signed(visit: Visit, id: str) -> str:
    """Says that this organisation sent the list."""
    return visit.desk.digest("upload", f"{acting(visit.caller)} {id}")[:32]


def _waiting(visit: Visit, ticket: str) -> Path:
    """The file of a ticket.  :raises UnknownId: it is gone, or another organisation's."""
    id, _, signature = ticket.partition(".")
    if not hmac.compare_digest(signature.encode(), _signed(visit, id).encode()):
        raise UnknownId(GONE)
    found = sorted((incoming(visit.desk.matcher.home) / id).glob("*"))
    if not found:
        raise UnknownId(GONE)
    return found[0]


def _looked(
    visit: Visit, side: Side, ticket: str, chosen: tuple[str, ...], *, notice: str = ""
) -> Any:
    path, report = _waiting(visit, ticket), None
    tables: tuple[Preview, ...] = ()
    kind = KINDS[side]
    try:
        asked = UploadAsk(name=path.name[-120:], map=list(chosen), dry_run=True)
        tables = preview(path, kind, mapping_of(chosen))
        report = report_of(take(visit.desk, visit.caller, kind, (asked, path)), "")
    except WRONG as error:
        told = CHOOSE if isinstance(error, NothingUsable) and tables else said(error)
        notice = notice or told
    page = PreviewPage(
        frame=visit.frame(f"核对{NOUNS[side]}", notice=notice, scripts=LIVE), side=side,
        noun=NOUNS[side], name=path.name, tables=tables, fields=choices(kind),
        chosen=chosen, report=report,
    )  # fmt: skip
    return rendered(page)


def _taken(visit: Visit, side: Side, path: Path, chosen: tuple[str, ...]) -> UploadOut | str:
    """The report, or the id of the job that takes it."""
    kind, desk = KINDS[side], visit.desk
    asked = UploadAsk(name=path.name[-120:], map=list(chosen))
    if is_long(desk, path.read_bytes()):
        if plain_name(asked.name) != path.name:
            path = path.rename(path.with_name(plain_name(asked.name)))
        return later(desk, visit.caller, kind, (asked, path.parent), Response()).id
    return take(desk, visit.caller, kind, (asked, path))


def _taken_page(
    visit: Visit, side: Side, upload_id: str, *, notice: str = "", done: str = ""
) -> TakenPage:
    path = kept_file(visit.desk, visit.caller, upload_id, "json")
    if path is None:
        raise UnknownId("没有这次导入的结果,或已过保存期(7 天)。")
    told = UploadOut.model_validate_json(path.read_bytes())
    rejects = f"/rejects/{upload_id}" if told.rejects else ""
    left = path.with_suffix(".undo").is_file()
    return TakenPage(
        frame=visit.frame(f"{NOUNS[side]}已导入", notice=notice, done=done, scripts=LIVE),
        side=side, noun=NOUNS[side], desk=DESKS[side], report=report_of(told, rejects),
        undo=f"/uploaded/{side}/{upload_id}" if left else "",
    )  # fmt: skip
