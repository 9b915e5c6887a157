"""Ink and paper of the workbook: its formats, and writing that never guesses.

A text is written as a text, whatever it begins with; it is clipped to what a cell holds."""

import math
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from xlsxwriter.format import Format
from xlsxwriter.workbook import Workbook
from xlsxwriter.worksheet import Worksheet

from matcher.export.rows import Cell

TEAL = "#0f766e"
PALE = "#e3f1ee"
GREY = "#5b6470"
RULE = "#c9d1d6"
FONT = "微软雅黑"
LINE = 15.0
CELL_LIMIT = 32767
LINK_LIMIT = 65530
ROW_LIMIT = 1048576
Fragment = tuple[str, Format | None]


@dataclass(frozen=True, slots=True)
class Styles:
    """The formats of one workbook."""

    title: Format
    section: Format
    term: Format
    plain: Format
    head: Format
    band: Format
    band_number: Format
    band_faint: Format
    body: Format
    faint: Format
    count: Format
    points: Format
    date: Format
    link: Format
    alert: Format
    run: Format
    mark: Format
    label: Format
    strong: Format
    soft: Format


def styles(book: Workbook) -> Styles:
    """Every format that the sheets use, in one place."""

    def made(**wanted: Any) -> Format:
        return book.add_format({"font_name": FONT, "font_size": 10, "valign": "top", **wanted})

    cell = {"text_wrap": True, "bottom": 1, "bottom_color": RULE}
    band = {"bg_color": PALE, "valign": "vcenter"}
    centre = {**cell, "align": "center"}
    return Styles(
        title=made(font_size=20, bold=True, font_color=TEAL, valign="vcenter"),
        section=made(font_size=12, bold=True, font_color=TEAL, bottom=2, bottom_color=TEAL),
        term=made(bold=True, text_wrap=True, align="left"),
        plain=made(text_wrap=True, align="left"),
        head=made(
            bold=True, font_color="#ffffff", bg_color=TEAL, text_wrap=True,
            align="center", valign="vcenter", border=1, border_color="#ffffff",
        ),
        band=made(**band),
        band_number=made(bold=True, align="center", font_color=TEAL, **band),
        band_faint=made(align="center", font_color="#9fc4be", **band),
        body=made(align="left", indent=1, **cell),
        faint=made(font_color="#8a939c", **centre),
        count=made(num_format="0", **centre),
        points=made(num_format="0.0", bold=True, **centre),
        date=made(num_format="yyyy-mm-dd", **centre),
        link=made(font_color=TEAL, underline=1, align="left", indent=1, **cell),
        alert=made(font_color="#9a3412", align="left", indent=1, **cell),
        run=made(),
        mark=made(bold=True, font_color=TEAL),
        label=made(bold=True, font_color=GREY),
        strong=made(bold=True, font_size=11),
        soft=made(font_color=GREY),
    )  # fmt: skip


def put(sheet: Worksheet, place: tuple[int, int], value: Cell, style: Format) -> None:
    """One value by its type; a truth value as 是 or 否, nothing as an empty cell."""
    row, column = place
    if value is None or value == "":
        sheet.write_blank(row, column, None, style)
    elif isinstance(value, bool):
        sheet.write_string(row, column, "是" if value else "否", style)
    elif isinstance(value, str):
        sheet.write_string(row, column, clip(value), style)
    elif isinstance(value, date):
        _put_date(sheet, place, value, style)
    else:
        sheet.write_number(row, column, value, style)


def _put_date(sheet: Worksheet, place: tuple[int, int], value: date, style: Format) -> None:
    """A real date, or its text where Excel has none (before 1900-03-01 its days are off)."""
    if value < date(1900, 3, 1):
        sheet.write_string(*place, value.isoformat(), style)
    else:
        sheet.write_datetime(*place, value, style)


def put_rich(
    sheet: Worksheet, place: tuple[int, int], fragments: Iterable[Fragment], style: Format
) -> None:
    """Texts of several formats in one cell; what does not fit into a cell is cut off."""
    kept = _fitting(fragments)
    if len(kept) < 2:
        put(sheet, place, "".join(text for text, _ in kept), style)
        return
    tokens: list[str | Format] = []
    for text, ink in kept:
        if ink is not None:
            tokens.append(ink)
        tokens.append(text)
    sheet.write_rich_string(*place, *tokens, style)


def put_link(
    sheet: Worksheet, place: tuple[int, int], link: tuple[str, str], style: Format
) -> None:
    """A text that leads to a place in the workbook: (text, `'专利'!A5`)."""
    text, target = link
    sheet.write_url(*place, f"internal:{target}", style, clip(text))


def _fitting(fragments: Iterable[Fragment]) -> list[Fragment]:
    kept: list[Fragment] = []
    left = CELL_LIMIT
    for text, ink in fragments:
        piece = clip(text, left)
        if piece:
            kept.append((piece, ink))
        left -= units(piece)
        if left <= 0 or piece != text:
            break
    return kept


def units(text: str) -> int:
    """Length as Excel counts: UTF-16 units, an emoji is two."""
    return len(text) + sum(character > "\uffff" for character in text)


def clip(text: str, limit: int = CELL_LIMIT) -> str:
    """The text, cut to `limit` UTF-16 units with 「…」 at the end if it was longer."""
    if limit <= 0:
        return ""
    if units(text) <= limit:
        return text
    cut = text.encode("utf-16-le", "replace")[: (limit - 1) * 2]
    return cut.decode("utf-16-le", "ignore") + "…"


def height(cells: Iterable[tuple[str, float]], *, most: int = 24) -> float:
    """Points of height that show every (text, column width) whole, at most `most` lines.

    Set by us, since only Excel itself fits heights on opening: a Chinese character of the body
    font is 13.4 pixels wide, others about 7.3; a column of width w has 7 w + 5 pixels, of which
    the indent and the margins take 17."""
    lines = max((_lines(text, width) for text, width in cells), default=1)
    return LINE * min(max(lines, 1), most) + 4


def _lines(text: str, width: float) -> int:
    room = max(7 * width - 12, 14)
    total = 0
    for paragraph in text.split("\n"):
        pixels = sum(13.4 if character > "\u2e7f" else 7.3 for character in paragraph)
        total += max(1, math.ceil(pixels * 1.03 / room))
    return total


def header(sheet: Worksheet, columns: Sequence[tuple[str, float]], style: Format) -> None:
    """The heading row with the widths of its columns, frozen and repeated on every page."""
    for place, (label, width) in enumerate(columns):
        sheet.set_column(place, place, width)
        sheet.write_string(0, place, label, style)
    sheet.set_row(0, 32)
    sheet.freeze_panes(1, 0)
    sheet.repeat_rows(0)


def page(sheet: Worksheet, *, wide: int = 1) -> None:
    """A4 landscape, `wide` pages across, with page numbers."""
    sheet.set_landscape()
    sheet.set_paper(9)
    sheet.set_margins(left=0.4, right=0.4, top=0.45, bottom=0.6)
    sheet.fit_to_pages(wide, 0)
    sheet.hide_gridlines(2)
    sheet.set_footer("&L&9&A&R&9第 &P 页,共 &N 页")
