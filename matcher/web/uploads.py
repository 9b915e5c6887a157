"""Lists of patents and needs, brought by an organisation, and the rows that it gets back."""

import re
import time
from collections.abc import Sequence
from dataclasses import asdict, replace
from pathlib import Path, PurePosixPath
from tempfile import TemporaryDirectory
from typing import Annotated, Any

from fastapi import APIRouter, Depends, Query, Request, Response
from fastapi.responses import FileResponse, JSONResponse

from matcher.access.people import Caller
from matcher.access.policy import acting
from matcher.errors import BadInput, UnknownId
from matcher.imports import Bringer, ImportReport
from matcher.ingest.extent import lines
from matcher.ingest.headers import ListKind, synonyms
from matcher.ingest.listing import TableInfo
from matcher.ingest.rejects import write_rejects
from matcher.library import Progress, silent
from matcher.store.secret import new_id
from matcher.text.private import SECRETS
from matcher.web.desk import Desk, DeskDep
from matcher.web.guard import CallerDep
from matcher.web.job_shapes import JobOut
from matcher.web.jobs import begun
from matcher.web.once import OnceRoute, once
from matcher.web.rules import PREFIX
from matcher.web.shapes import Line
from matcher.web.undoing import Taking
from matcher.web.upload_shapes import (
    ColumnOut,
    FaultOut,
    SuspectOut,
    TableOut,
    UploadAsk,
    UploadOut,
)

router = APIRouter(
    prefix="/uploads", tags=["uploads"], route_class=OnceRoute, dependencies=[Depends(once)]
)
KEPT_DAYS = 7
MANY = 2000  # rows that a request may take
LATER: dict[int | str, dict[str, Any]] = {202: {"model": JobOut}}
FIRST = 20
XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
_ID = re.compile(r"u-[0-9a-f]{16}")
_BODY = {
    "requestBody": {
        "required": True,
        "description": "The file itself: CSV, TSV, XLSX, XLS or JSONL.",
        "content": {"application/octet-stream": {"schema": {"type": "string", "format": "binary"}}},
    }
}


async def sent(request: Request) -> bytes:
    """The body.  :raises BadInput: there is none."""
    body = await request.body()
    if not body:
        raise BadInput("没有收到文件内容。请把清单文件作为请求的正文发来。")
    return body


Body = Annotated[bytes, Depends(sent)]
Ask = Annotated[UploadAsk, Query()]


@router.post("/patents", response_model=UploadOut, openapi_extra=_BODY, responses=LATER)
def patents(asked: Ask, body: Body, desk: DeskDep, caller: CallerDep) -> Any:
    """Import a patent list for one's centre; with `dry_run` say what would become of it.  A long
    list is taken in the background: 202 and a job."""
    return _taken(desk, caller, "patent", asked, body)


@router.post("/needs", response_model=UploadOut, openapi_extra=_BODY, responses=LATER)
def needs(asked: Ask, body: Body, desk: DeskDep, caller: CallerDep) -> Any:
    """As for patents; the needs of a park's companies become these companies' own."""
    return _taken(desk, caller, "need", asked, body)


@router.get("/{upload_id}/rejects", response_class=FileResponse)
def rejects(upload_id: Line, desk: DeskDep, caller: CallerDep) -> Any:
    """The rows that were not taken, with what to do about each; corrected, they can be uploaded
    as they are."""
    path = kept_file(desk, caller, upload_id, "xlsx")
    if path is None:
        raise UnknownId("没有这份待修正表,或已过保存期。请重新上传。", id=upload_id)
    return FileResponse(path, media_type=XLSX, filename="待修正.xlsx")


def take(
    desk: Desk, caller: Caller, kind: ListKind, sent: tuple[UploadAsk, Path],
    progress: Progress = silent,
) -> UploadOut:  # fmt: skip
    """What becomes of a file, and how far it is.

    :raises UnreadableFile, NothingUsable: the file.  :raises Conflict: another import or build
    takes too long."""
    asked, path = sent
    matcher, mapping = desk.matcher, mapping_of(asked.map)
    add = matcher.add_patents if kind == "patent" else matcher.add_needs
    taken = Taking(matcher.store, kind)
    bringer = replace(_bringer(desk, caller), keep=taken.keep)
    (report,) = add(
        [path], mapping=mapping, dry_run=asked.dry_run, bringer=bringer, progress=progress
    )
    id, folder = new_id("u"), returned(desk, caller)
    if not asked.dry_run:
        taken.save(folder / f"{id}.undo")
    told = _told(report, id, back=_give_back(folder, id, report))
    if not asked.dry_run:
        folder.mkdir(parents=True, exist_ok=True)
        (folder / f"{id}.json").write_text(told.model_dump_json(), "utf-8")
    return told


def _taken(desk: Desk, caller: Caller, kind: ListKind, asked: UploadAsk, body: bytes) -> Any:
    """At once, or a job where the list is long."""
    mapping_of(asked.map)
    if is_long(desk, body):
        folder = incoming(desk.matcher.home) / new_id("i")
        folder.mkdir(parents=True)
        (folder / plain_name(asked.name)).write_bytes(body)
        answer = Response()
        job = later(desk, caller, kind, (asked, folder), answer)
        return JSONResponse(job.model_dump(mode="json"), 202, dict(answer.headers))
    with TemporaryDirectory(prefix="patmatch-") as place:
        path = Path(place) / plain_name(asked.name)
        path.write_bytes(body)
        return take(desk, caller, kind, (asked, path))


def is_long(desk: Desk, body: bytes) -> bool:
    """Whether a list is to be taken in the background, where there are workers."""
    return desk.ring is not None and lines(body, enough=MANY) > MANY


def later(
    desk: Desk, caller: Caller, kind: ListKind, sent: tuple[UploadAsk, Path], answer: Response
) -> JobOut:
    """A job that takes the list which waits in a folder of `incoming` under its plain name."""
    asked, folder = sent
    told = {"kind": kind, "folder": folder.name, **asked.model_dump()}
    return begun(desk, caller, "upload", told, answer)


def kept_file(desk: Desk, caller: Caller, upload_id: str, suffix: str) -> Path | None:
    """What is kept of an upload of the caller's organisation, None where it is not there."""
    path = returned(desk, caller) / f"{upload_id}.{suffix}"
    return path if _ID.fullmatch(upload_id) and path.is_file() else None


def incoming(home: Path) -> Path:
    """Where files wait for the worker that takes them, each in a folder of its own."""
    return home / "incoming"


def plain_name(name: str) -> str:
    """A file's name without folders, short enough for any disk."""
    last = PurePosixPath(name.replace("\\", "/")).name or "清单"
    suffix = PurePosixPath(last).suffix[:10]
    stem = last.removesuffix(suffix).encode()[: 200 - len(suffix.encode())].decode(errors="ignore")
    return f"{stem or '清单'}{suffix}"


def mapping_of(pairs: Sequence[str]) -> dict[str, str]:
    """Columns and their fields.  :raises BadInput: one is not `column=field`."""
    said = {}
    for pair in pairs:
        column, _, field = pair.rpartition("=")
        if not column.strip() or not field.strip():
            raise BadInput(f"看不懂的列对应“{pair}”。请写成 列名=字段,例如 专利题名=title。")
        said[column.strip()] = field.strip()
    return said


def _bringer(desk: Desk, caller: Caller) -> Bringer:
    mine = caller.organisation
    assert mine is not None
    companies = desk.matcher.store.accounts.companies(mine.id) if mine.kind == "park" else {}
    return Bringer(organisation_id=mine.id, companies=companies)


def returned(desk: Desk, caller: Caller) -> Path:
    """Where an organisation's rejected rows are kept, what became of its imports, and what takes
    them back, apart from those of others."""
    mine = acting(caller)
    assert mine is not None
    return desk.matcher.home / "returned" / mine


def _give_back(folder: Path, id: str, report: ImportReport) -> bool:
    """Keep the rejected rows as a file, if there are any, and drop those that are too old."""
    oldest = time.time() - KEPT_DAYS * 86400
    for path in folder.glob("u-*"):
        if path.stat().st_mtime < oldest:
            path.unlink(missing_ok=True)
    if not report.rejections:
        return False
    folder.mkdir(parents=True, exist_ok=True)
    write_rejects(folder / f"{id}.xlsx", report.rejections, report.headers)
    return True


def _told(report: ImportReport, id: str, *, back: bool) -> UploadOut:
    faults = [
        FaultOut(
            sheet=one.row.sheet, row=one.row.number, column=problem.column, code=problem.code,
            reason=problem.reason, advice=problem.advice,
        )
        for one in report.rejections[:FIRST]
        for problem in one.problems
    ]  # fmt: skip
    return UploadOut(
        id=id, kind=report.kind, file=report.source, dry_run=report.dry_run, rows=report.rows,
        outcomes=dict(report.outcomes), flagged=dict(report.flagged),
        rejected=dict(report.rejected), rejected_rows=len(report.rejections), faults=faults,
        tables=[_table(report.kind, table) for table in report.tables], notes=list(report.notes),
        suspects=[
            SuspectOut(**asdict(one), told=SECRETS[one.kind]) for one in report.suspects[:FIRST]
        ],
        suspect_cells=len(report.suspects),
        rejects=f"{PREFIX}/uploads/{id}/rejects" if back else None,
    )  # fmt: skip


def _table(kind: ListKind, table: TableInfo) -> TableOut:
    columns, known = table.columns, synonyms(kind).fields
    read = [
        ColumnOut(
            field=field, label=known[field].label,
            headers=[columns.headers[at] for group in groups for at in group],
        )
        for field, groups in columns.fields.items()
    ]  # fmt: skip
    return TableOut(
        sheet=table.sheet, dialect=columns.dialect, header_row=columns.header_row,
        rows=table.rows, columns=read, unknown=list(columns.unknown), hints=list(columns.hints),
    )  # fmt: skip
