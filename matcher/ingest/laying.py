"""Rows of a table laid out in fields; what is no record is counted, never lost."""

import re
from collections import Counter
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from operator import itemgetter
from types import MappingProxyType
from typing import Literal

from matcher.ingest.columns import Columns
from matcher.ingest.headers import synonyms
from matcher.ingest.tables import Fault, Table
from matcher.records import Problem, Rejection, Row, quick

SkipReason = Literal["表头以上", "表头", "空行", "无内容", "重复表头", "脚注"]

_FOOTER = re.compile(
    r"(?:合计|总计|小计|共计|总数)(?:[:：\s\d].*)?$"
    r"|(?:数据)?来源\s*[:：]|(?:数据)?(?:导出|下载|检索|打印|制表|统计)(?:时间|日期|人|式)\s*[:：]"
    r"|(?:制表|填表|审核|负责)人\s*[:：]|(?:注|备注|说明|注意|声明)\s*\d*\s*[:：]"
    r"|共\s*\d+\s*[条件项页行]|第\s*\d+\s*页|以上数据|版权所有|本表",
)
_FOOTER_CELLS = 3


@dataclass(slots=True)
class Reading:
    """What one table gave: rows, rejections, how many rows were skipped and why; `above` are
    rows over the header that are filled like records."""

    rows: list[Row] = field(default_factory=list)
    rejections: list[Rejection] = field(default_factory=list)
    skipped: Counter[SkipReason] = field(default_factory=Counter)
    footers: list[tuple[int, str]] = field(default_factory=list)
    first_empty: int = 0
    above: int = 0


_row = quick(Row)
Cells = tuple[str, ...]
Pick = Callable[[Cells, dict[str, str]], Mapping[str, str]]


def lay(table: Table, columns: Columns) -> Reading:
    """Every row below the header as a `Row`, a rejection or a count in `skipped`."""
    reading = Reading()
    known = synonyms(columns.kind)
    start = 0 if columns.header_row is None else columns.header_row - table.first + 1
    width = len(columns.headers)
    key = next(name for group in known.needed for name in group if name in columns.fields)
    title = columns.headers[columns.fields[key][0][0]]
    fields_of = _reader(columns, known.blank)
    pick = _picker(columns, known.blank)
    faulty = frozenset(fault.number for fault in table.faults)
    source, sheet, take = table.source, table.sheet, reading.rows.append
    for number, cells in enumerate(table.rows[start:], table.first + start):
        if len(cells) != width:
            if number in faulty:
                continue
            cells = cells + ("",) * (width - len(cells))
        fields = fields_of(cells)
        headers = pick(cells, fields)
        row = _row(source, sheet, number, fields, headers, cells)
        if len(cells) > width or columns.surplus:
            trimmed = _trimmed(row, columns, reading)
            if trimmed is not None and not _skip(trimmed, columns, reading):
                take(trimmed)
        elif (len(fields) > 2 and fields.get(key) != title) or not _skip(row, columns, reading):
            take(row)
    _count_above(table, start, reading)
    reading.rejections += [_broken(table, fault, width) for fault in table.faults]
    reading.skipped = +reading.skipped
    return reading


def _reader(columns: Columns, blank: frozenset[str]) -> Callable[[Cells], dict[str, str]]:
    """Reads the fields that one column holds."""
    single = [(name, groups[0][0]) for name, groups in columns.fields.items()
              if len(groups) == 1 and len(groups[0]) == 1]  # fmt: skip
    names, places = [name for name, _ in single], [place for _, place in single]
    picked: Callable[[Cells], Cells] = (
        itemgetter(*places) if len(places) > 1 else lambda cells: tuple(cells[i] for i in places)
    )

    def read(cells: Cells) -> dict[str, str]:
        values = list(map(str.strip, picked(cells)))
        if blank.isdisjoint(values):
            return dict(zip(names, values, strict=True))
        return {name: v for name, v in zip(names, values, strict=True) if v not in blank}

    return read


def _picker(columns: Columns, blank: frozenset[str]) -> Pick:
    """Fills in the fields that several columns hold, and tells which header each came from."""
    names = columns.headers
    several = [
        (name, groups) for name, groups in columns.fields.items()
        if len(groups) > 1 or len(groups[0]) > 1
    ]  # fmt: skip
    usual = {name: names[groups[0][0]] for name, groups in columns.fields.items()}
    alike = MappingProxyType(usual)
    shared: dict[tuple[int, ...], Mapping[str, str]] = {(): alike}
    if not several:
        return lambda cells, fields: alike

    def pick(cells: Cells, fields: dict[str, str]) -> Mapping[str, str]:
        choice: list[int] = []
        for name, groups in several:
            chosen = 0
            for number, group in enumerate(groups):
                values = [v for i in group if (v := cells[i].strip()) not in blank]
                if values:
                    fields[name] = values[0] if len(values) == 1 else "; ".join(values)
                    chosen = number
                    break
            choice.append(chosen)
        taken = tuple(choice)
        if taken not in shared:
            differing = {
                name: names[groups[number][0]]
                for (name, groups), number in zip(several, taken, strict=True)
            }
            shared[taken] = MappingProxyType(usual | differing)
        return shared[taken]

    return pick


def _trimmed(row: Row, columns: Columns, reading: Reading) -> Row | None:
    """The row without blank cells beyond the headers; None, and a rejection, if they are not."""
    width = len(columns.headers)
    beyond = [*row.cells[width:], *(row.cells[i] for i in columns.surplus)]
    if not any(map(str.strip, beyond)):
        return Row(row.source, row.sheet, row.number, row.fields, row.headers, row.cells[:width])
    extra = "、".join(cell.strip() for cell in beyond if cell.strip())
    told = "" if columns.kind == "feedback" else f",多出“{extra[:50]}”"  # may name a person
    problem = Problem(
        code="too_many_cells",
        column="",
        value=extra[:200],
        reason=f"这一行的单元格比表头多{told},后面的列可能都错位了",
        advice="请检查这一行是否有没加引号的分隔符,把内容移回正确的列,并清空多出的单元格",
    )
    reading.rejections.append(Rejection(row, (problem,)))
    return None


def _skip(row: Row, columns: Columns, reading: Reading) -> bool:
    """Whether a row is no record; if so it is counted."""
    cells = [cell.strip() for cell in row.cells]
    filled = [cell for cell in cells if cell not in synonyms(columns.kind).blank]
    if not filled:
        reading.skipped["空行"] += 1
        return True
    names = [name for name in columns.headers if name]
    same = sum(cell == name != "" for cell, name in zip(cells, columns.headers, strict=False))
    if same * 5 >= len(names) * 4:
        reading.skipped["重复表头"] += 1
        return True
    if len(filled) <= _FOOTER_CELLS and _FOOTER.match(filled[0]):
        reading.skipped["脚注"] += 1
        reading.footers.append((row.number, " ".join(filled)[:60]))
        return True
    if not row.fields:
        reading.first_empty = reading.first_empty or row.number
        reading.skipped["无内容"] += 1
        return True
    return False


def _count_above(table: Table, start: int, reading: Reading) -> None:
    """Counts the header and what stands above it (JSON has none: its keys are row 0)."""
    if start == 0 or table.first == 0:
        return
    filled = [sum(map(bool, map(str.strip, row))) for row in table.rows[: start - 1]]
    wanted = max(3, sum(map(bool, map(str.strip, table.rows[start - 1]))) // 2)
    reading.above = sum(count >= wanted for count in filled)
    reading.skipped["表头"] += 1
    reading.skipped["表头以上"] += sum(map(bool, filled))
    reading.skipped["空行"] += filled.count(0)


def _broken(table: Table, fault: Fault, width: int) -> Rejection:
    """The line's text stands behind the columns, so that no field is read from it again."""
    cells = ("",) * width + (fault.text,)
    row = Row(table.source, table.sheet, fault.number, {}, MappingProxyType({}), cells)
    problem = Problem(
        code="broken_line",
        column="",
        value=fault.text,
        reason=f"这一行{fault.reason}",
        advice="请重新导出文件,或改正这一行的格式",
    )
    return Rejection(row, (problem,))
