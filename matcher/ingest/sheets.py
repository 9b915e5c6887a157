"""Workbooks, XLSX and XLS: told apart from other containers, then read by a child process."""

import io
import marshal
import os
import subprocess
import sys
import zipfile
from importlib.util import find_spec
from pathlib import Path

from matcher.errors import UnreadableFile
from matcher.ingest.tables import MAX_BYTES, Table
from matcher.ingest.workbook import Sheet

_MARKERS = {"word/": "Word 文档", "ppt/": "PowerPoint 文档"}
_PATIENCE_S = 900


def read_workbook(data: bytes, name: str) -> list[Table]:
    """All worksheets with at least one cell, hidden ones marked.

    :raises UnreadableFile: damaged, protected by a password, or another kind of container."""
    if data[:2] == b"PK":
        _check_zip(data, name)
    else:
        _check_ole(data, name)
    return [
        Table(source=name, sheet=sheet, rows=rows, hidden=hidden)
        for sheet, hidden, rows in _ask_child(data, name)
    ]


def _ask_child(data: bytes, name: str) -> list[Sheet]:
    spec = find_spec("python_calamine")
    folder = str(Path(spec.origin).parent.parent) if spec and spec.origin else ""
    script = str(Path(__file__).with_name("workbook.py"))
    try:
        child = subprocess.run(
            [sys.executable, "-I", "-S", script, folder],
            input=data,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            timeout=_PATIENCE_S,
            env=os.environ | {"RUST_BACKTRACE": "0"},
        )
        answer: list[Sheet] | str = marshal.loads(child.stdout)
    except (subprocess.TimeoutExpired, EOFError, ValueError, TypeError):
        raise _damaged(name) from None
    except OSError as error:
        raise UnreadableFile(f"读取“{name}”失败:{error}。", path=name) from None
    if answer == "PasswordError":
        raise _protected(name)
    if isinstance(answer, str):
        raise _damaged(name)
    return answer


def _check_zip(data: bytes, name: str) -> None:
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            entries = archive.infolist()
    except (zipfile.BadZipFile, ValueError, OSError, NotImplementedError, EOFError):
        raise _damaged(name) from None
    for start, what in _MARKERS.items():
        if any(entry.filename.startswith(start) for entry in entries):
            raise UnreadableFile(
                f"“{name}”是 {what},不是表格。请把其中的表格另存为 Excel 文件再导入。", path=name
            )
    if sum(entry.file_size for entry in entries) > MAX_BYTES:
        raise UnreadableFile(f"“{name}”解开后超过 2 GB,请拆成几个文件再导入。", path=name)
    if any(entry.filename in ("content.xml", "xl/workbook.bin") for entry in entries):
        raise UnreadableFile(
            f"“{name}”是 ODS 或 XLSB 表格,暂不支持。请用 Excel 或 WPS 另存为 .xlsx 再导入。",
            path=name,
        )
    if not any(entry.filename.startswith("xl/") for entry in entries):
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
        f"“{name}”读不出来:可能已损坏、没有下载完,或者在很远的行、列有多余的内容。"
        "请用 Excel 或 WPS 打开检查,另存为 .xlsx 再导入。",
        path=name,
        reason="damaged",
    )
