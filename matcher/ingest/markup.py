"""Tables inside HTML, and the 2003 XML form of Excel: what many sites send out as `.xls`."""

from html.parser import HTMLParser

from matcher.errors import UnreadableFile
from matcher.ingest.tables import Table

_ROW = {"tr", "row"}
_CELL = {"td", "th", "cell"}
_TABLE = {"table"}
_SPAN_LIMIT = 1000


class _Reader(HTMLParser):
    """Collects rows.  A cell over several columns is followed by blanks, one over several rows
    is repeated below, as `sheets` does with merged cells."""

    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.tables: list[list[list[str]]] = []
        self._row: list[str] | None = None
        self._cell: list[str] | None = None
        self._spans: tuple[int, int] = (1, 1)
        self._down: dict[int, tuple[int, str]] = {}

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        tag = tag.rpartition(":")[2]
        if tag in _TABLE:
            self._end_row()
            self.tables.append([])
            self._down = {}
        elif tag in _ROW:
            self._end_row()
            self._row = []
        elif tag in _CELL and self._row is not None:
            self._end_cell()
            given = dict(attrs)
            self._spans = (_span(given.get("colspan")), _span(given.get("rowspan")))
            self._skip_to(given.get("ss:index"))
            self._cell = []
        elif tag == "br" and self._cell is not None:
            self._cell.append("\n")

    def handle_endtag(self, tag: str) -> None:
        tag = tag.rpartition(":")[2]
        if tag in _CELL:
            self._end_cell()
        elif tag in _ROW or tag in _TABLE:
            self._end_row()

    def handle_data(self, data: str) -> None:
        if self._cell is not None:
            self._cell.append(data)

    def close(self) -> None:
        super().close()
        self._end_row()

    def _skip_to(self, index: str | None) -> None:
        if self._row is not None and index and index.isdecimal():
            self._row.extend([""] * min(int(index) - 1 - len(self._row), _SPAN_LIMIT))

    def _end_cell(self) -> None:
        if self._row is None or self._cell is None:
            return
        self._fill()
        text, (across, down) = "".join(self._cell).strip(), self._spans
        if down > 1:
            self._down[len(self._row)] = (down - 1, text)
        self._row.extend([text, *[""] * (across - 1)])
        self._cell = None

    def _fill(self) -> None:
        while self._row is not None and (held := self._down.pop(len(self._row), None)):
            if held[0] > 1:
                self._down[len(self._row)] = (held[0] - 1, held[1])
            self._row.append(held[1])

    def _end_row(self) -> None:
        self._end_cell()
        if self._row is not None:
            self._fill()
            if not self.tables:
                self.tables.append([])
            self.tables[-1].append(self._row)
        self._row = None


def read_markup(text: str, name: str, notes: tuple[str, ...] = ()) -> list[Table]:
    """All tables with a row; row numbers count within each table.

    :raises UnreadableFile: markup without a table."""
    reader = _Reader()
    reader.feed(text)
    reader.close()
    found = [rows for rows in reader.tables if rows]
    if not found:
        raise UnreadableFile(
            f"“{name}”是网页或 XML 文件,里面没有表格。请在网站上重新导出 Excel 或 CSV 文件。",
            path=name,
        )
    tables: list[Table] = []
    for number, rows in enumerate(found, 1):
        width = max(map(len, rows))
        tables.append(
            Table(
                source=name,
                sheet=f"表{number}" if len(found) > 1 else "",
                rows=[tuple(row + [""] * (width - len(row))) for row in rows],
                notes=notes,
            )
        )
    return tables


def _span(value: str | None) -> int:
    return min(max(int(value), 1), _SPAN_LIMIT) if value and value.isdecimal() else 1
