"""Plain tables as a workbook: a sheet each, a sticky head, filters, widths that fit."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from io import BytesIO
from unicodedata import east_asian_width

LONGEST = 32_767  # characters that a cell holds
WIDEST, LEAST = 48, 6  # columns, in widths of a digit
NAME = 31  # characters of a sheet's name


@dataclass(frozen=True, slots=True)
class Sheet:
    """Its name, the words over its columns, and its rows: texts and numbers."""

    name: str
    head: Sequence[str]
    rows: Iterable[Sequence[str | int | float]]


def workbook(sheets: Sequence[Sheet]) -> bytes:
    """An XLSX; the same input gives the same bytes.  A text is never taken as a formula."""
    from xlsxwriter import Workbook

    held = BytesIO()
    book = Workbook(held, {"in_memory": True, "strings_to_formulas": False,
                           "strings_to_urls": False, "strings_to_numbers": False})  # fmt: skip
    book.set_properties({"created": datetime(2000, 1, 1)})
    bold = book.add_format({"bold": True, "bg_color": "#E6F2F1", "border": 1, "text_wrap": True})
    plain = book.add_format({"text_wrap": True, "valign": "top"})
    for one in sheets:
        sheet = book.add_worksheet(_name(one.name))
        sheet.write_row(0, 0, one.head, bold)
        widths, count = [_width(word) for word in one.head], 0
        for count, row in enumerate(one.rows, 1):
            for column, cell in enumerate(row):
                shown = cell[:LONGEST] if isinstance(cell, str) else cell
                sheet.write(count, column, shown, plain)
                widths[column] = max(widths[column], _width(str(cell)))
        for column, width in enumerate(widths):
            sheet.set_column(column, column, min(max(width + 2, LEAST), WIDEST))
        sheet.freeze_panes(1, 0)
        sheet.autofilter(0, 0, max(count, 1), max(len(one.head) - 1, 0))
    book.close()
    return held.getvalue()


def _name(text: str) -> str:
    return "".join(" " if char in "[]:*?/\\'" else char for char in text)[:NAME] or "表"


def _width(text: str) -> int:
    return sum(2 if east_asian_width(char) in "WF" else 1 for char in text)
