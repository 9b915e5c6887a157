"""Damaged copies of the sample's lists, each made from its number alone."""

import csv
import gzip
import io
import json
import random
from collections.abc import Callable
from datetime import date
from pathlib import Path

import pytest
import xlsxwriter
import xlwt

from matcher.ingest import read_tables

SAMPLE = Path(__file__).parents[2] / "data" / "sample"
PATENTS = (
    "gazette_patents.csv",
    "incopat_export.xlsx",
    "patsnap_export.xlsx",
    "transfer_sheet.xls",
)
NEEDS = ("needs_form.xlsx", "needs_more.jsonl")

Grid = list[list[str]]
Book = list[tuple[str, Grid]]


# ------------------------------------------------------------------------------- damage to cells
ODD = (
    "", " ", "\u3000", "-", "无", "null", "None", "NaN", "#REF!", "#N/A", "=1+1", "=HYPERLINK(1)",
    "@SUM(A1)", "+86", "2.02E+12", "2.02012E+11", "1e308", "-1", "0", "99999999999999999999",
    "\x00", "a\x00b", "\x0b\x1f", "\ufeff", "\ufffe", "\u200b", "\u202e反", "𠮷野家", "é́́", "\r\n",
    '"', "'", '""",', "；；；", "|", ";", "，", "9999-99-99", "0000-00-00", "1899-12-31",
    "2019.02.30", "45678", "45678.5", "CN", "CN0", "ZL", "CN999999999999999A", "发明", "有效",
    "不入库", "面议", "1-2-3万元", "-5万", "TRL99", "C99", "999999", "H01M", "(((", "[1,2",
    "\\", "%s", "{}", "true",
)  # fmt: skip


def spot(grid: Grid, draw: random.Random) -> tuple[int, int] | None:
    rows = [number for number, row in enumerate(grid) if row]
    if not rows:
        return None
    row = draw.choice(rows)
    return row, draw.randrange(len(grid[row]))


def change(grid: Grid, draw: random.Random, make: Callable[[str], str], share: float) -> None:
    """Put `make(cell)` into a share of all cells, at least one."""
    count = max(1, int(share * sum(map(len, grid))))
    for _ in range(count):
        place = spot(grid, draw)
        if place:
            grid[place[0]][place[1]] = make(grid[place[0]][place[1]])


def cut_cells(grid: Grid, draw: random.Random) -> None:
    change(grid, draw, lambda cell: cell[: draw.randint(0, len(cell))], draw.choice((0, 0.05, 0.5)))


def odd_cells(grid: Grid, draw: random.Random) -> None:
    change(grid, draw, lambda cell: draw.choice(ODD), draw.choice((0, 0.02, 0.2)))


def dirty_cells(grid: Grid, draw: random.Random) -> None:
    def dirty(cell: str) -> str:
        at = draw.randint(0, len(cell))
        return cell[:at] + draw.choice(ODD) + cell[at:]

    change(grid, draw, dirty, draw.choice((0, 0.05)))


def huge_cell(grid: Grid, draw: random.Random) -> None:
    size = draw.choice((32_767, 40_000, 150_000))
    change(grid, draw, lambda cell: ((cell or "长") * size)[:size], 0)


def swap_columns(grid: Grid, draw: random.Random) -> None:
    width = max((len(row) for row in grid), default=0)
    if width > 1:
        one, other = draw.sample(range(width), 2)
        for row in grid[draw.choice((0, 1)) :]:
            if max(one, other) < len(row):
                row[one], row[other] = row[other], row[one]


def swap_cells(grid: Grid, draw: random.Random) -> None:
    one, other = spot(grid, draw), spot(grid, draw)
    if one and other:
        (a, b), (c, d) = one, other
        grid[a][b], grid[c][d] = grid[c][d], grid[a][b]


def alter_header(grid: Grid, draw: random.Random) -> None:
    for row in grid[:3]:
        for at in range(len(row)):
            if draw.random() < 0.15:
                cell = row[at]
                row[at] = draw.choice(
                    (
                        cell[1:],
                        cell[:-1],
                        cell + "1",
                        f" {cell}\n",
                        "",
                        draw.choice(row),
                        "(" + cell,
                    )
                )


def ragged(grid: Grid, draw: random.Random) -> None:
    for row in grid:
        if draw.random() < 0.1:
            if draw.random() < 0.5:
                del row[draw.randint(0, len(row)) :]
            else:
                row.extend(draw.choice(ODD) for _ in range(draw.randint(1, 4)))


def shuffle_rows(grid: Grid, draw: random.Random) -> None:
    draw.shuffle(grid)


def repeat_rows(grid: Grid, draw: random.Random) -> None:
    if grid:
        at = draw.randrange(len(grid))
        grid[at:at] = [list(grid[draw.randrange(len(grid))]) for _ in range(draw.randint(1, 5))]


def drop_rows(grid: Grid, draw: random.Random) -> None:
    if grid:
        at = draw.choice((0, draw.randrange(len(grid))))
        del grid[at : at + draw.randint(1, 6)]


def blank_rows(grid: Grid, draw: random.Random) -> None:
    for _ in range(draw.randint(1, 4)):
        at = draw.randint(0, len(grid))
        grid.insert(at, draw.choice(([], [""] * 5, ["标题行"], ["合计", "3"])))


def empty_sheet(grid: Grid, draw: random.Random) -> None:
    if draw.random() < 0.3:
        grid.clear()


def drop_column(grid: Grid, draw: random.Random) -> None:
    at = draw.randrange(max((len(row) for row in grid), default=0) or 1)
    for row in grid:
        del row[at : at + 1]


CELLS = (
    cut_cells, odd_cells, dirty_cells, huge_cell, swap_columns, swap_cells, alter_header, ragged,
    shuffle_rows, repeat_rows, drop_rows, blank_rows, empty_sheet, drop_column,
)  # fmt: skip


# ------------------------------------------------------------------------------- files
def as_text(book: Book, draw: random.Random) -> bytes:
    """CSV or TSV of the first sheet, in one encoding or in several line by line."""
    out = io.StringIO(newline="")
    quoting = draw.choice((csv.QUOTE_MINIMAL, csv.QUOTE_ALL))
    writer = csv.writer(out, delimiter=draw.choice(",,\t;|"), quoting=quoting)
    writer.writerows(book[0][1])
    text = out.getvalue()
    names = ("utf-8", "utf-8-sig", "gb18030", "utf-16", "gbk", "big5")
    if draw.random() < 0.25:
        lines = text.splitlines(keepends=True)
        return b"".join(line.encode(draw.choice(names), "replace") for line in lines)
    return text.encode(draw.choice(names), "replace")


def as_json(book: Book, draw: random.Random) -> bytes:
    """JSON lines or an array, some values of other types, some lines broken."""
    head = next((row for row in book[0][1] if sum(map(bool, row)) > 3), ["标题"])
    others = (None, 3, 1.5e300, True, [], ["甲", 1], {"甲": {"乙": []}}, float("nan"), 10**30)
    rows = []
    for cells in book[0][1]:
        row = dict(zip(head, cells, strict=False))
        rows.append({k: draw.choice(others) if draw.random() < 0.03 else v for k, v in row.items()})
    if draw.random() < 0.3:
        return json.dumps(rows, ensure_ascii=draw.random() < 0.5).encode()
    lines = [json.dumps(row, ensure_ascii=draw.random() < 0.5) for row in rows]
    broken = ("", "{", "[]", "3", '"甲"', "null", "[" * 2000, '{"a":', "not json", "{}")
    lines = [draw.choice(broken) if draw.random() < 0.05 else line for line in lines]
    return "\n".join(lines).encode("utf-8", "replace")


def as_xlsx(book: Book, draw: random.Random) -> bytes:
    """Text, numbers, dates, formulas, errors and merged cells."""
    out = io.BytesIO()
    with xlsxwriter.Workbook(out, {"in_memory": True, "strings_to_urls": False}) as made:
        dated = made.add_format({"num_format": "yyyy-mm-dd"})
        for number, (_, grid) in enumerate(book):
            sheet = made.add_worksheet(f"表{number}")
            for at, row in enumerate(grid):
                for column, cell in enumerate(row):
                    text, luck = cell[:32_767], draw.random()
                    if luck < 0.01:
                        sheet.write_formula(at, column, f"=A{at + 1}&1", None, text)
                    elif luck < 0.02:
                        sheet.write_number(at, column, draw.uniform(-1e13, 1e13))
                    elif luck < 0.03:
                        sheet.write_datetime(at, column, date(2019, 2, draw.randint(1, 28)), dated)
                    elif luck < 0.035:
                        sheet.write_boolean(at, column, True)
                    else:
                        sheet.write_string(at, column, text)
            for _ in range(draw.choice((0, 0, 3))):
                top, left = draw.randrange(9), draw.randrange(6)
                try:
                    sheet.merge_range(top, left, top + draw.randint(1, 4), left + 1, "并")
                except xlsxwriter.exceptions.OverlappingRange:
                    continue
            if draw.random() < 0.05 and number:
                sheet.hide()
    return out.getvalue()


def as_xls(book: Book, draw: random.Random) -> bytes:
    made = xlwt.Workbook(encoding="utf-8")
    for number, (_, grid) in enumerate(book):
        sheet = made.add_sheet(f"表{number}")
        for at, row in enumerate(grid):
            for column, cell in enumerate(row[:250]):
                value = draw.uniform(0, 1e13) if draw.random() < 0.01 else cell[:32_000]
                sheet.write(at, column, value)
    out = io.BytesIO()
    made.save(out)
    return out.getvalue()


def bruised(data: bytes, draw: random.Random) -> bytes:
    """Bytes flipped, cut off, zeroed or doubled."""
    made = bytearray(data)
    match draw.choice(("flip", "flip", "cut", "zero", "double", "head")):
        case "flip":
            for _ in range(draw.choice((1, 5, 50))):
                if made:
                    made[draw.randrange(len(made))] ^= 1 << draw.randrange(8)
        case "cut":
            del made[draw.randint(0, len(made)) :]
        case "zero":
            at = draw.randint(0, len(made))
            made[at : at + 512] = bytes(len(made[at : at + 512]))
        case "double":
            made += data
        case _:
            del made[: draw.randint(0, 64)]
    return bytes(made)


FORMATS: tuple[tuple[str, Callable[[Book, random.Random], bytes]], ...] = (
    (".csv", as_text), (".csv", as_text), (".tsv", as_text), (".jsonl", as_json),
    (".json", as_json), (".xlsx", as_xlsx), (".xlsx", as_xlsx), (".xls", as_xls),
)  # fmt: skip


def mutated(number: int, books: dict[str, Book]) -> tuple[str, bytes]:
    """Suffix and content of a mutant: a slice of a list, damaged up to four times."""
    draw = random.Random(number)
    name = (PATENTS if number % 3 else NEEDS)[draw.randrange(4 if number % 3 else 2)]
    if draw.random() < 0.15:
        return Path(name).suffix, bruised((SAMPLE / name).read_bytes(), draw)
    book: Book = []
    for sheet, rows in books[name]:
        start = draw.randrange(4, max(5, len(rows)))
        kept = rows if draw.random() < 0.05 else rows[:3] + rows[start : start + 20]
        book.append((sheet, [list(row) for row in kept]))
    for _ in range(draw.randint(1, 4)):
        draw.choice(CELLS)(draw.choice(book)[1], draw)
    suffix, write = draw.choice(FORMATS)
    data = write(book, draw)
    if draw.random() < 0.15:
        data = bruised(data, draw)
    if draw.random() < 0.03:
        data, suffix = gzip.compress(data), suffix + ".gz"
    if draw.random() < 0.05:
        suffix = draw.choice((".csv", ".xls", ".xlsx", ".jsonl", ".txt", ""))
    return suffix, data


@pytest.fixture(scope="session")
def mutant() -> Callable[[int], tuple[str, bytes]]:
    """Suffix and content of the mutant with a number; every third is a list of needs."""
    books: dict[str, Book] = {}
    for name in (*PATENTS, *NEEDS):
        tables = read_tables(SAMPLE / name)
        books[name] = [(table.sheet, [list(row) for row in table.rows]) for table in tables]
    return lambda number: mutated(number, books)
