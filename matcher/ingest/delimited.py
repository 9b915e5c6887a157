"""CSV and its kin: the delimiter is found by trying, a stray quote cannot swallow the file."""

import csv
import io
import re
from collections import Counter
from collections.abc import Iterator

from matcher.ingest.tables import Table

DELIMITERS = (",", "\t", ";", "|")
_SAMPLE = 200
_STATED = re.compile(r'"?sep=(.)"?[\r\n]', re.IGNORECASE)
_AS_TEXT = re.compile(r'="([^"]*)"')
# Whether there is any in a text: found as soon, and sought ten times as fast without the `+`.
_SOME_ESCAPED = re.compile(r"'[=+\-@\t\r]")
_ESCAPED = re.compile(r"'+[=+\-@\t\r]")


def read_delimited(text: str, name: str, notes: tuple[str, ...] = ()) -> Table:
    """One table.  A cell written `'=…` (also before + - @ tab) loses that apostrophe: it is how
    spreadsheets, and our own rejects file, keep such a text from being taken for a formula.
    `="2012…"`, by which sites keep Excel from rounding a number, becomes what is quoted."""
    delimiter = sniff(text)
    rows, torn = _parse(text, delimiter)
    if torn:
        notes = (*notes, "文件里有不成对的引号,已改为逐行读取;跨行的单元格可能被拆开,请检查。")
    if _SOME_ESCAPED.search(text) or '="' in text:
        rows = [tuple(map(_unescape, row)) for row in rows]
    return Table(source=name, sheet="", rows=rows, notes=notes)


def sniff(text: str) -> str:
    """The delimiter under which most of the first rows have one width above 1; a comma if none.
    A first line `sep=;`, as Excel writes it, decides."""
    if stated := _STATED.match(text):
        return stated[1]
    best, chosen = (0.0, 0), ","
    for delimiter in DELIMITERS:
        widths = Counter(_widths(text, delimiter))
        total = sum(widths.values())
        widths.pop(1, None)
        if not widths:
            continue
        width, count = max(widths.items(), key=lambda item: (item[1], item[0]))
        if (score := (round(count / total, 2), width)) > best:
            best, chosen = score, delimiter
    return chosen


def _widths(text: str, delimiter: str) -> Iterator[int]:
    reader = csv.reader(io.StringIO(text[:200_000], newline=""), delimiter=delimiter)
    try:
        for _, row in zip(range(_SAMPLE), reader, strict=False):
            if row:
                yield len(row)
    except csv.Error:
        return


def _parse(text: str, delimiter: str) -> tuple[list[tuple[str, ...]], bool]:
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=delimiter)
    try:
        rows = list(map(tuple, reader))
    except csv.Error:
        return _by_line(text, delimiter), True
    if reader.line_num > len(rows) and _swallowed(rows, delimiter):
        return _by_line(text, delimiter), True
    return rows, False


def _swallowed(rows: list[tuple[str, ...]], delimiter: str) -> bool:
    """Whether a cell holds lines that are rows themselves: a quote was opened, never closed."""
    width = Counter(map(len, rows)).most_common(1)[0][0]
    for row in rows:
        for cell in row:
            if "\n" not in cell and "\r" not in cell:
                continue
            inner = cell.splitlines()
            if len(inner) > 500:
                return True
            if width > 3 and any(line.count(delimiter) == width - 1 for line in inner[1:]):
                return True
    return False


def _by_line(text: str, delimiter: str) -> list[tuple[str, ...]]:
    rows: list[tuple[str, ...]] = []
    for line in io.StringIO(text, newline=None):
        bare = line.rstrip("\n")
        if bare.count('"') % 2:
            rows.append(tuple(bare.split(delimiter)))
            continue
        try:
            rows.extend(map(tuple, csv.reader([bare], delimiter=delimiter)))
        except csv.Error:
            rows.append(tuple(bare.split(delimiter)))
    return rows


def _unescape(cell: str) -> str:
    if _ESCAPED.match(cell):
        return cell[1:]
    match = _AS_TEXT.fullmatch(cell.strip()) if cell.endswith('"') else None
    return match[1] if match else cell
