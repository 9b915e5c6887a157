"""workbook.svg: the first rows of the sheet of matches, drawn from a real exported workbook."""

import itertools
from pathlib import Path
from tempfile import TemporaryDirectory

import openpyxl
from ink import INK, PAPER, rect, sample, save, text
from openpyxl.cell.cell import Cell, MergedCell
from openpyxl.utils import get_column_letter
from openpyxl.worksheet.worksheet import Worksheet
from rich.text import Text

from matcher.cli.fold import fold
from matcher.records import Filter

SHEET, LINE, UNIT, ROWS, HEAD = "匹配结果", 15.5, 6.7, 6, 20.0


def main() -> None:
    """Export the sample, read the workbook back and draw what its first window shows."""
    with TemporaryDirectory() as folder:
        path = Path(folder) / "匹配结果.xlsx"
        with sample() as matcher:
            matcher.export(path, k=3, needs=Filter(park=("郑州",)))
        sheet = openpyxl.load_workbook(path)[SHEET]
        marks, size = draw(sheet)
    save("workbook", size, "导出的 XLSX:匹配结果", marks)


def draw(sheet: Worksheet) -> tuple[list[str], tuple[float, float]]:
    """The marks of the first rows, cells as the workbook styles them."""
    lefts = [24.0]
    for number in range(1, sheet.max_column + 1):
        width = sheet.column_dimensions[get_column_letter(number)].width
        lefts.append(lefts[-1] + width * UNIT + 5)
    marks, y = _letters(lefts), HEAD
    for number in range(1, ROWS + 1):
        height = (sheet.row_dimensions[number].height or 15.0) * 1.1
        marks.append(rect(0, y, 24, height, fill="#f1f3f4", stroke="#d5dade"))
        marks.append(text(12, y + height / 2 + 4, str(number), size=10, anchor="middle"))
        covered = 0
        for cell in sheet[number]:
            right = _right(sheet, cell)
            if right is not None and cell.column > covered:
                covered = right
                left = lefts[cell.column - 1]
                marks += _cell(cell, (left, y, lefts[right] - left, height))
        y += height
    return marks, (lefts[-1] + 1, y + 1)


def _letters(lefts: list[float]) -> list[str]:
    marks = [rect(0, 0, lefts[-1], HEAD, fill="#f1f3f4", stroke="#d5dade")]
    for number, (left, right) in enumerate(itertools.pairwise(lefts), 1):
        letter = get_column_letter(number)
        marks.append(text((left + right) / 2, 14, letter, size=10, anchor="middle"))
    return marks


def _right(sheet: Worksheet, cell: Cell | MergedCell) -> int | None:
    """The last column that the cell covers, by merging or because an unwrapped text runs over
    empty neighbours; None when a merged cell covers it."""
    for merged in sheet.merged_cells.ranges:
        if cell.coordinate in merged:
            first = (merged.min_row, merged.min_col) == (cell.row, cell.column)
            return merged.max_col if first else None
    last = int(cell.column)
    if cell.value is not None and not cell.alignment.wrap_text:
        while last < sheet.max_column and sheet.cell(cell.row, last + 1).value is None:
            last += 1
    return last


def _cell(cell: Cell, box: tuple[float, float, float, float]) -> list[str]:
    x, y, width, height = box
    fill = cell.fill.fgColor.rgb if cell.fill.fill_type == "solid" else None
    marks = [rect(*box, fill=_colour(fill) or PAPER, stroke="#dde3e6")]
    if cell.value is None:
        return marks
    size = float(cell.font.sz or 10) * 1.1
    shown = f"{cell.value:.1f}" if isinstance(cell.value, float) else str(cell.value)
    centred = cell.alignment.horizontal == "center"
    lines = fold(Text(shown), max(int((width - 10) / (size * 0.5)), 2))
    room = max(int((height - 4) / LINE), 1)
    vertical = cell.alignment.vertical
    top = y + (height - min(len(lines), room) * LINE) / 2 if vertical == "center" else y + 3
    for number, line in enumerate(lines[:room]):
        at = x + width / 2 if centred else x + 6
        marks.append(
            text(
                at,
                top + number * LINE + 12,
                line.plain,
                size=size,
                fill=_colour(cell.font.color.rgb if cell.font.color else None) or INK,
                weight="bold" if cell.font.b else None,
                anchor="middle" if centred else None,
            )
        )
    return marks


def _colour(argb: object) -> str | None:
    return f"#{argb[2:]}" if isinstance(argb, str) and len(argb) == 8 else None


if __name__ == "__main__":
    main()
