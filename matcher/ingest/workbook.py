"""The child process that opens a workbook.

A damaged workbook can make the reader panic, take all memory or abort the whole process, so it
runs apart from ours (about 20 ms).  Run as a script: argv[1] is the folder of python_calamine,
stdin the file, stdout the answer by `marshal`: a list of (sheet, hidden, rows of text), or the
name of a failure.  Imports nothing of `matcher`."""

import io
import marshal
import sys
from datetime import date, datetime, time, timedelta
from typing import Any

MEMORY = 6 * 2**30

Sheet = tuple[str, bool, list[tuple[str, ...]]]


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
    if not abs(value) < 1e15:
        return format(value, ".15G")
    if value == int(value):
        return str(int(value))
    return format(value, ".15g")


def read(data: bytes) -> list[Sheet]:
    """All worksheets with at least one cell; a cell merged over several rows is repeated in
    each.  Raises whatever calamine does."""
    import python_calamine as calamine

    book = calamine.load_workbook(io.BytesIO(data))
    sheets: list[Sheet] = []
    for meta in book.sheets_metadata:
        if meta.typ is not calamine.SheetTypeEnum.WorkSheet:
            continue
        sheet = book.get_sheet_by_name(meta.name)
        if sheet.end is None:
            continue
        grid = sheet.to_python(skip_empty_area=False)
        for (top, left), (bottom, _) in sheet.merged_cell_ranges or ():
            if top < len(grid) and left < len(grid[0]):
                for row in grid[top + 1 : bottom + 1]:
                    row[left] = grid[top][left]
        hidden = meta.visible is not calamine.SheetVisibleEnum.Visible
        sheets.append((meta.name, hidden, [_texts(row) for row in grid]))
    return sheets


def _texts(row: list[Any]) -> tuple[str, ...]:
    return tuple([v if type(v) is str and "\x00" not in v else cell_text(v) for v in row])


def _limit_memory() -> None:
    try:
        import resource
    except ImportError:
        return
    resource.setrlimit(resource.RLIMIT_AS, (MEMORY, MEMORY))


def _main() -> None:
    sys.path.append(sys.argv[1])
    _limit_memory()
    answer: list[Sheet] | str
    try:
        answer = read(sys.stdin.buffer.read())
    except BaseException as error:
        answer = type(error).__name__
    sys.stdout.buffer.write(marshal.dumps(answer))


if __name__ == "__main__":
    _main()
