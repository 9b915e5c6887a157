"""About how many rows a list has, told without reading it."""

import io
import zipfile
import zlib

_STEP = 1 << 16
_ROW = b"<row"
_XLS = b"\xd0\xcf\x11\xe0"
_XLS_ROW = 100  # bytes that a row of an old workbook takes at least


def lines(content: bytes, *, enough: int) -> int:
    """About the rows of a file's content, counted up to a little more than `enough`: the rows
    that the sheets of an XLSX hold, the size of an XLS, the lines of anything else."""
    if content.startswith(b"PK"):
        try:
            return _rows(content, enough)
        except (zipfile.BadZipFile, zlib.error, EOFError, NotImplementedError, RuntimeError):
            return 0  # who reads it says what is wrong with it
    if content.startswith(_XLS):
        return len(content) // _XLS_ROW
    return content.count(b"\n")


def _rows(content: bytes, enough: int) -> int:
    found = 0
    with zipfile.ZipFile(io.BytesIO(content)) as packed:
        for name in packed.namelist():
            if not name.startswith("xl/worksheets/"):
                continue
            with packed.open(name) as sheet:
                rest = b""
                while found <= enough and (part := sheet.read(_STEP)):
                    text = rest + part
                    found += text.count(_ROW + b" ") + text.count(_ROW + b">")
                    rest = text[-len(_ROW) :]
    return found
