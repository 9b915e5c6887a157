"""Rejections back to a file that a person corrects and imports again."""

import csv
import io
import os
import re
import tempfile
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any

from matcher.errors import BadInput
from matcher.ingest.headers import SURPLUS, plain, synonyms
from matcher.records import Problem, Rejection

REPORT = ("行号", "原因", "建议")
_WHERE = ("工作表", "来源文件")
Headers = Mapping[tuple[str, str], tuple[str, ...]]

_ACTIVE = re.compile(r"'*[=+\-@\t\r]")
_CELL_LIMIT = 32_767
_CUT = "…(超出单元格上限,已截断)"
_EPOCH = datetime(2000, 1, 1)


@dataclass(frozen=True, slots=True)
class _Line:
    """A rejection laid out: its cells, and which of them (0-based) are wrong."""

    cells: tuple[str, ...]
    wrong: frozenset[int]


@dataclass(frozen=True, slots=True)
class _Page:
    """Rejections of tables that share their headers."""

    name: str
    headers: tuple[str, ...]
    lines: tuple[_Line, ...]


def write_rejects(path: Path, rejections: Sequence[Rejection], headers: Headers) -> int:
    """Writes the rows to `.xlsx` or `.csv` (UTF-8 with BOM) and returns how many.

    The original columns come first, in their order, then 工作表 and 来源文件 when there are
    several, then 行号, 原因, 建议; importing the file again ignores those.  `headers` maps
    (source, sheet) to the original headers (`Listing.headers`).  Tables with different headers
    get a sheet each; in a CSV their columns are put side by side.  All cells are text.  In a CSV
    a cell that a spreadsheet would run as a formula (it begins with = + - @, tab or CR) gets an
    apostrophe in front, which `read_tables` takes off again.  The file appears whole or not at
    all.

    :raises BadInput: another suffix, or the folder cannot be written to."""
    match path.suffix.lower():
        case ".csv":
            data = _csv_bytes(_pages(rejections, headers))
        case ".xlsx":
            data = _xlsx_bytes(_pages(rejections, headers))
        case suffix:
            raise BadInput(
                f"不能写成“{suffix or '无后缀'}”文件:退回清单请用 .xlsx 或 .csv 作后缀。",
                path=str(path),
            )
    try:
        _replace(path, data)
    except OSError as error:
        raise BadInput(
            f"写不了“{path}”:{error.strerror or error}。"
            "请检查文件夹是否存在、是否有写入权限,或关闭正在打开它的程序。",
            path=str(path),
        ) from None
    return len(rejections)


def _pages(rejections: Sequence[Rejection], headers: Headers) -> list[_Page]:
    """One page for each set of headers, in order of first appearance."""
    several = len({(r.row.source, r.row.sheet) for r in rejections}) > 1
    files = len({r.row.source for r in rejections}) > 1
    grouped: dict[tuple[str, ...], list[Rejection]] = {}
    for rejection in rejections:
        key = (rejection.row.source, rejection.row.sheet)
        grouped.setdefault(headers.get(key, ()), []).append(rejection)
    extra = _WHERE if files else _WHERE[:1] if several else ()
    return [_page(group, own, extra) for own, group in grouped.items()] or [
        _page([], next(iter(headers.values()), ()), extra)
    ]


def _page(rejections: list[Rejection], headers: tuple[str, ...], extra: tuple[str, ...]) -> _Page:
    report = synonyms("patent").report
    keep = [i for i, header in enumerate(headers) if plain(header) not in report]
    beyond = max((len(r.row.cells) - len(headers) for r in rejections), default=0)
    shown = [headers[i] for i in keep]
    shown += [f"{SURPLUS}{number}" for number in range(1, beyond + 1)]
    keep += range(len(headers), len(headers) + max(beyond, 0))
    lines: list[_Line] = []
    for rejection in rejections:
        row = rejection.row
        cells = [row.cells[i] if i < len(row.cells) else "" for i in keep]
        cells += [{"工作表": row.sheet, "来源文件": row.source}[name] for name in extra]
        cells += [str(row.number), *_told(rejection.problems)]
        lines.append(_Line(tuple(cells), _wrong(rejection, shown)))
    sheet = rejections[0].row.sheet if rejections else ""
    return _Page(sheet, (*shown, *extra, *REPORT), tuple(lines))


def _told(problems: Sequence[Problem]) -> tuple[str, str]:
    reasons = [f"{p.column}:{p.reason}" if p.column else p.reason for p in problems]
    return ";".join(dict.fromkeys(reasons)), ";".join(dict.fromkeys(p.advice for p in problems))


def _wrong(rejection: Rejection, shown: Sequence[str]) -> frozenset[int]:
    """Columns named by a problem, by header or canonical field, and filled surplus ones."""
    names = {p.column for p in rejection.problems}
    names |= {rejection.row.headers.get(name, name) for name in names}
    return frozenset(
        i for i, header in enumerate(shown) if header in names or header.startswith(SURPLUS)
    )


def _csv_bytes(pages: Sequence[_Page]) -> bytes:
    if len(pages) > 1:
        pages = [_merged(pages)]
    out = io.StringIO(newline="")
    writer = csv.writer(out, lineterminator="\r\n")
    for page in pages:
        writer.writerow([_guarded(header) for header in page.headers])
        writer.writerows([[_guarded(cell) for cell in line.cells] for line in page.lines])
    return out.getvalue().encode("utf-8-sig", "replace")


def _guarded(cell: str) -> str:
    return f"'{cell}" if _ACTIVE.match(cell) else cell


def _merged(pages: Sequence[_Page]) -> _Page:
    """Pages with different headers as one, with the columns of all side by side."""
    keyed = [_keyed(page.headers) for page in pages]
    keys = list(dict.fromkeys(key for own in keyed for key in own))
    late = [(name, 0) for name in (*_WHERE, *REPORT) if (name, 0) in keys]
    keys = [key for key in keys if key not in late] + late
    lines: list[_Line] = []
    for page, own in zip(pages, keyed, strict=True):
        for line in page.lines:
            cells = dict(zip(own, line.cells, strict=True))
            lines.append(_Line(tuple([cells.get(key, "") for key in keys]), frozenset()))
    return _Page("", tuple(name for name, _ in keys), tuple(lines))


def _keyed(headers: Sequence[str]) -> list[tuple[str, int]]:
    """Headers with how often each came before, so that equal ones stay apart."""
    return [(header, headers[:i].count(header)) for i, header in enumerate(headers)]


def _xlsx_bytes(pages: Sequence[_Page]) -> bytes:
    import xlsxwriter

    out = io.BytesIO()
    book = xlsxwriter.Workbook(out, {"in_memory": True})
    book.set_properties({"created": _EPOCH})
    looks = {
        "head": book.add_format({"bold": True, "bg_color": "#D9E2F3", "text_wrap": True}),
        "cell": book.add_format({"num_format": "@"}),
        "wrong": book.add_format({"num_format": "@", "bg_color": "#FFC7CE"}),
        "told": book.add_format({"num_format": "@", "text_wrap": True, "font_color": "#9C0006"}),
    }
    taken: set[str] = set()
    for page in pages:
        _write_page(book.add_worksheet(_sheet_name(page.name, taken)), page, looks)
    book.close()
    return out.getvalue()


def _write_page(sheet: Any, page: _Page, looks: Mapping[str, Any]) -> None:
    last = len(page.headers) - 1
    sheet.freeze_panes(1, 0)
    sheet.set_column(0, last, 18)
    sheet.set_column(last - 1, last, 48)
    sheet.autofilter(0, 0, len(page.lines), last)
    for column, header in enumerate(page.headers):
        sheet.write_string(0, column, header, looks["head"])
    for number, line in enumerate(page.lines, 1):
        for column, cell in enumerate(line.cells):
            look = "wrong" if column in line.wrong else "told" if column >= last - 1 else "cell"
            sheet.write_string(number, column, _fitted(cell), looks[look])


def _fitted(cell: str) -> str:
    if len(cell) <= _CELL_LIMIT:
        return cell
    return cell[: _CELL_LIMIT - len(_CUT)] + _CUT


def _sheet_name(wanted: str, taken: set[str]) -> str:
    """A name Excel allows (31 characters, no []:*?/\\ ), different from all before."""
    base = re.sub(r"[\[\]:*?/\\\x00-\x1f]", " ", wanted).strip(" '")[:28] or "退回清单"
    name, number = base, 1
    while name.lower() in taken:
        number += 1
        name = f"{base}{number}"
    taken.add(name.lower())
    return name


def _replace(path: Path, data: bytes) -> None:
    """All or nothing: a finished file takes the place of the old one."""
    handle, draft = tempfile.mkstemp(dir=path.parent, prefix=f".{path.name}.")
    try:
        with os.fdopen(handle, "wb") as file:
            file.write(data)
        os.chmod(draft, 0o644)
        os.replace(draft, path)
    except BaseException:
        os.unlink(draft)
        raise
