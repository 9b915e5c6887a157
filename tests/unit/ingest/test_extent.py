"""About how many rows a list has."""

import io
import zipfile

import pytest
from openpyxl import Workbook

from matcher.ingest.extent import lines


def book(rows: int, sheets: int = 1) -> bytes:
    made, packed = Workbook(), io.BytesIO()
    for number in range(sheets):
        sheet = made.active if number == 0 else made.create_sheet()
        assert sheet is not None
        for row in range(rows):
            sheet.append([row, "一种隔膜"])
    made.save(packed)
    return packed.getvalue()


@pytest.mark.parametrize(("rows", "sheets"), [(1, 1), (700, 1), (300, 2)])
def test_the_rows_of_all_sheets_are_counted(rows: int, sheets: int) -> None:
    assert lines(book(rows, sheets), enough=2000) == rows * sheets


def test_counting_ends_when_there_are_enough() -> None:
    assert 100 < lines(book(5000), enough=100) < 2000


def test_lines_of_text_are_counted() -> None:
    assert lines("标题\n甲\n乙\n".encode("gb18030"), enough=9) == 3


@pytest.mark.parametrize("content", [b"PK\x03\x04 broken", b"PK", b""])
def test_what_is_broken_has_none_and_is_left_to_who_reads_it(content: bytes) -> None:
    assert lines(content, enough=9) == 0


def test_a_damaged_sheet_is_left_to_who_reads_it() -> None:
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as file:
        file.writestr("xl/worksheets/sheet1.xml", b"<row r='1'>" * 5000)
    content = bytearray(packed.getvalue())
    content[60:70] = b"\xff" * 10
    assert lines(bytes(content), enough=2000) == 0


def test_an_old_workbook_is_told_by_its_size() -> None:
    assert lines(b"\xd0\xcf\x11\xe0" + b"x" * 500_000, enough=2000) > 2000
    assert lines(b"\xd0\xcf\x11\xe0" + b"x" * 20_000, enough=2000) < 2000
