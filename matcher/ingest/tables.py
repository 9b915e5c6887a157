"""Any list file to tables of text cells, recognised by content and not by suffix."""

import gzip
import re
import zlib
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from matcher.errors import UnreadableFile

MAX_BYTES = 2**31
_SOMETHING = re.compile(rb"[^\x00 \t\r\n]")


@dataclass(frozen=True, slots=True)
class Fault:
    """A physical line that is not even a row, e.g. broken JSON.  `number` as in `Table`."""

    number: int
    text: str
    reason: str


@dataclass(frozen=True, slots=True)
class Table:
    """One sheet (or file) as text cells.

    `rows[i]` is row `first + i` as a person counts: the row in the sheet, the row a spreadsheet
    program shows for a CSV, the line of a JSONL, the element of a JSON array, the record of a
    text dump (for these three the keys are row 0).  Rows may differ in length."""

    source: str
    sheet: str
    rows: Sequence[tuple[str, ...]]
    first: int = 1
    hidden: bool = False
    notes: tuple[str, ...] = ()
    faults: tuple[Fault, ...] = ()


def read_tables(path: Path) -> list[Table]:
    """All tables of a list file: CSV/TSV in any usual encoding, XLSX, XLS (also when HTML, CSV
    or XLSX is inside), JSONL or a JSON array, CNKI's `Key-中文: value` export, the `<REC>` text
    of the gazette disc; each also gzipped.  An empty file has no tables.

    :raises UnreadableFile: missing, damaged, protected by a password, or of another kind."""
    data = _load(path)
    if data[:2] == b"\x1f\x8b":
        data = _gunzip(data, path.name)
    if _SOMETHING.search(data) is None:
        return []
    _refuse(data, path.name)
    if data[:4] == b"PK\x03\x04" or data[:4] == b"\xd0\xcf\x11\xe0":
        from matcher.ingest.sheets import read_workbook

        return read_workbook(data, path.name)
    from matcher.ingest.texts import read_text

    return read_text(data, path.name)


def _load(path: Path) -> bytes:
    try:
        return path.read_bytes()
    except FileNotFoundError:
        raise UnreadableFile(f"找不到文件“{path}”,请检查路径。", path=str(path)) from None
    except IsADirectoryError:
        raise UnreadableFile(f"“{path}”是文件夹,请指定其中的文件。", path=str(path)) from None
    except PermissionError:
        raise UnreadableFile(
            f"没有权限读取“{path}”,请检查文件权限,或关闭正在使用它的程序。", path=str(path)
        ) from None
    except (OSError, ValueError) as error:
        raise UnreadableFile(f"读取“{path}”失败:{error}。", path=str(path)) from None


def _gunzip(data: bytes, name: str) -> bytes:
    inflater = zlib.decompressobj(31)
    try:
        plain = inflater.decompress(data, MAX_BYTES)
        if inflater.unconsumed_tail:
            raise UnreadableFile(f"“{name}”解压后超过 2 GB,请拆成几个文件再导入。", path=name)
        return plain if inflater.eof and not inflater.unused_data else gzip.decompress(data)
    except (OSError, EOFError, zlib.error):
        raise UnreadableFile(f"“{name}”是损坏的 gzip 压缩文件,请重新下载。", path=name) from None


_OTHER = (
    (b"%PDF", " PDF 文件"),
    (b"{\\rtf", " RTF 文档"),
    (b"Rar!", " RAR 压缩包"),
    (b"7z\xbc\xaf", " 7z 压缩包"),
    (b"\x89PNG", "图片"),
    (b"\xff\xd8\xff", "图片"),
    (b"SQLite format 3", " SQLite 数据库"),
    (b"PAR1", " Parquet 文件"),
)


def _refuse(data: bytes, name: str) -> None:
    for magic, what in _OTHER:
        if data.startswith(magic):
            raise UnreadableFile(
                f"“{name}”是{what},不是可以导入的列表。请提供 Excel、CSV 或 JSONL 文件。", path=name
            )
