"""Workbooks: XLSX, XLS, XLSB and ODS by calamine, every cell as the text a person reads."""

import io
import zipfile
from datetime import date, datetime, time, timedelta
from typing import Any

import python_calamine as calamine

from matcher.errors import UnreadableFile
from matcher.ingest.tables import MAX_BYTES, Table

_MARKERS = {"word/": "Word 文档", "ppt/": "PowerPoint 文档"}


def read_workbook(data: bytes, name: str) -> list[Table]:
    """All worksheets with at least one cell.

    :raises UnreadableFile: damaged, protected by a password, or another kind of container."""
    if data[:2] == b"PK":
        _check_zip(data, name)
    else:
        _check_ole(data, name)
    try:
        book = calamine.load_workbook(io.BytesIO(data))
        sheets = [
            (meta, book.get_sheet_by_name(meta.name))
            for meta in book.sheets_metadata
            if meta.typ is calamine.SheetTypeEnum.WorkSheet
        ]
        tables = [_table(meta, sheet, name) for meta, sheet in sheets if sheet.end is not None]
    except calamine.PasswordError:
        raise _protected(name) from None
    except BaseException as error:
        if isinstance(error, (KeyboardInterrupt, SystemExit, GeneratorExit, MemoryError)):
            raise
        raise _damaged(name) from error
    return tables


def cell_text(value: Any) -> str:
    """A cell as text: whole numbers without `.0`, all 15 digits that a spreadsheet keeps (more
    were lost already, so the number is given with an exponent and can be seen to be damaged),
    a date as YYYY-MM-DD, true and false as 是 and 否."""
    match value:
        case str():
            return value.replace("\x00", "") if "\x00" in value else value
        case bool():
            return "是" if value else "否"
        case int() | float():
            return _number(float(value))
        case datetime() | date():
            return f"{value.year:04d}-{value.month:02d}-{value.day:02d}"
        case time():
            return value.isoformat()
        case timedelta():
            return str(value)
        case _:
            return "" if value is None else str(value)


def _number(value: float) -> str:
    if abs(value) >= 1e15:
        return format(value, ".15G")
    if value == int(value):
        return str(int(value))
    return format(value, ".15g")


def _table(meta: Any, sheet: Any, name: str) -> Table:
    grid: list[list[Any]] = sheet.to_python(skip_empty_area=False)
    for (top, left), (bottom, _) in sheet.merged_cell_ranges or ():
        if left < len(grid[0]) and top < len(grid):
            for row in grid[top + 1 : bottom + 1]:
                row[left] = grid[top][left]
    return Table(
        source=name,
        sheet=meta.name,
        rows=[
            tuple([v if type(v) is str and "\x00" not in v else cell_text(v) for v in row])
            for row in grid
        ],
        hidden=meta.visible is not calamine.SheetVisibleEnum.Visible,
    )


def _check_zip(data: bytes, name: str) -> None:
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            entries = archive.infolist()
    except (zipfile.BadZipFile, ValueError, OSError, NotImplementedError, EOFError):
        raise _damaged(name) from None
    for start, what in _MARKERS.items():
        if any(entry.filename.startswith(start) for entry in entries):
            raise UnreadableFile(
                f"“{name}”是{what},不是表格。请把其中的表格另存为 Excel 文件再导入。", path=name
            )
    if sum(entry.file_size for entry in entries) > MAX_BYTES:
        raise UnreadableFile(f"“{name}”解开后超过 2 GB,请拆成几个文件再导入。", path=name)
    if not any(entry.filename.startswith(("xl/", "content.xml")) for entry in entries):
        raise UnreadableFile(
            f"“{name}”是压缩包,不是表格。请先解压,再导入里面的 Excel 或 CSV 文件。", path=name
        )


def _check_ole(data: bytes, name: str) -> None:
    if "EncryptedPackage".encode("utf-16-le") in data or _has_filepass(data):
        raise _protected(name)
    if "WordDocument".encode("utf-16-le") in data:
        raise UnreadableFile(
            f"“{name}”是 Word 文档,不是表格。请把其中的表格另存为 Excel 文件再导入。", path=name
        )


def _has_filepass(data: bytes) -> bool:
    """Whether the BIFF stream starts with a FILEPASS record (0x002F), i.e. is encrypted."""
    at = data.find(b"\x09\x08\x10\x00\x00\x06\x05\x00")
    for _ in range(12):
        if at < 0 or at + 4 > len(data):
            return False
        kind = int.from_bytes(data[at : at + 2], "little")
        if kind == 0x2F:
            return True
        if kind == 0x0A:
            return False
        at += 4 + int.from_bytes(data[at + 2 : at + 4], "little")
    return False


def _protected(name: str) -> UnreadableFile:
    return UnreadableFile(
        f"“{name}”设有打开密码,无法读取。请在 Excel 或 WPS 里去掉密码后另存,再导入。",
        path=name,
        reason="password",
    )


def _damaged(name: str) -> UnreadableFile:
    return UnreadableFile(
        f"“{name}”不是完整的 Excel 文件,可能已损坏或没有下载完。"
        "请用 Excel 或 WPS 打开后另存为 .xlsx,再导入。",
        path=name,
        reason="damaged",
    )
