"""A list file to rows, with every physical row accounted for."""

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from matcher.errors import BadInput, NothingUsable
from matcher.ingest.columns import Columns, recognise
from matcher.ingest.headers import ListKind, Synonyms, plain, synonyms
from matcher.ingest.laying import Reading, SkipReason, lay
from matcher.ingest.tables import Table, read_tables
from matcher.records import Rejection, Row


@dataclass(frozen=True, slots=True, kw_only=True)
class TableInfo:
    """What became of one table: `total` physical rows = `rows` read + `rejected` + all
    `skipped`."""

    source: str
    sheet: str
    columns: Columns
    total: int
    rows: int
    rejected: int
    skipped: Mapping[SkipReason, int]
    notes: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Listing:
    """The rows of all usable tables of a file; `rejections` are rows that cannot even be laid
    out in columns; `headers` maps (source, sheet) to original headers, for `write_rejects`;
    `notes` are Chinese sentences for the report."""

    source: str
    tables: tuple[TableInfo, ...]
    rows: tuple[Row, ...]
    rejections: tuple[Rejection, ...]
    headers: Mapping[tuple[str, str], tuple[str, ...]]
    notes: tuple[str, ...]


def read_rows(
    path: Path,
    kind: ListKind,
    *,
    mapping: Mapping[str, str] | None = None,
    remembered: Mapping[str, Mapping[str, str]] | None = None,
) -> Listing:
    """All usable tables of a list.  Hidden sheets and sheets without a known column are left
    out and named in `notes`.  `remembered` are earlier mappings by header fingerprint; one
    holds for a table that has just these headers, and `mapping` wins over it.

    :raises UnreadableFile: see `read_tables`.
    :raises NothingUsable: no table has the columns needed, or none has a row.
    :raises BadInput: a target of `mapping` is not a field."""
    tables = read_tables(path)
    said, known = mapping or {}, remembered or {}
    seen = [(table, _recalled(table, kind, said, known)) for table in tables]
    usable = [(table, columns) for table, columns in seen if columns.usable and not table.hidden]
    if not usable:
        raise _nothing(path.name, kind, seen)
    rows: list[Row] = []
    rejections: list[Rejection] = []
    infos: list[TableInfo] = []
    for table, columns in usable:
        reading = lay(table, columns)
        rows += reading.rows
        rejections += reading.rejections
        infos.append(_info(table, columns, reading))
    notes = tuple(note for info in infos for note in info.notes)
    if not rows and not rejections:
        raise NothingUsable(
            f"“{path.name}”里只有表头,没有数据行。{''.join(notes)}请确认导出时选中了记录。",
            path=path.name,
        )
    return Listing(
        source=path.name,
        tables=tuple(infos),
        rows=tuple(rows),
        rejections=tuple(rejections),
        headers={(i.source, i.sheet): i.columns.headers for i in infos},
        notes=(*_file_notes(seen, mapping or {}), *notes),
    )


def _recalled(
    table: Table,
    kind: ListKind,
    mapping: Mapping[str, str],
    remembered: Mapping[str, Mapping[str, str]],
) -> Columns:
    """The columns by `mapping`, helped by what was once said of a table with these headers.
    The header row of an unknown list is only found with the earlier mapping's help."""
    for fingerprint, earlier in remembered.items():
        try:
            columns = recognise(table, kind, mapping={**earlier, **mapping})
        except BadInput:
            continue
        if columns.fingerprint == fingerprint:
            return columns
    return recognise(table, kind, mapping=mapping)


def _info(table: Table, columns: Columns, reading: Reading) -> TableInfo:
    where = f"工作表“{table.sheet}”" if table.sheet else f"“{table.source}”"
    notes = [f"{where}:{note}" for note in (*table.notes, *columns.hints)]
    if reading.above:
        row = columns.header_row
        notes.append(
            f"{where}:表头在第 {row} 行,它上面有 {reading.above} 行像是记录,没有读取;"
            "如果是记录,请移到表头下面。"
        )
    if reading.footers:
        named = columns.kind != "feedback"  # a footer of answers may name a person
        shown = "、".join(
            f"第 {number} 行" + f"“{text}”" * named for number, text in reading.footers[:5]
        )
        notes.append(f"{where}:有 {len(reading.footers)} 行是表尾说明,没有当作记录:{shown}。")
    if count := reading.skipped["无内容"]:
        first = f"第一处是第 {reading.first_empty} 行"
        notes.append(f"{where}:有 {count} 行在认识的列里都没有内容,已略过({first})。")
    return TableInfo(
        source=table.source,
        sheet=table.sheet,
        columns=columns,
        total=table.first + len(table.rows) - 1,
        rows=len(reading.rows),
        rejected=len(reading.rejections),
        skipped=dict(sorted(reading.skipped.items())),
        notes=tuple(notes),
    )


Seen = list[tuple[Table, Columns]]
OTHERS: Mapping[ListKind, str] = {
    "feedback": "反馈清单", "need": "技术需求列表", "patent": "专利列表",
}  # fmt: skip


def _file_notes(seen: Seen, mapping: Mapping[str, str]) -> list[str]:
    notes: list[str] = []
    for table, columns in seen:
        if table.hidden:
            notes.append(f"隐藏的工作表“{table.sheet}”没有读取;需要的话请先取消隐藏。")
        elif not columns.usable:
            where = f"工作表“{table.sheet}”" if table.sheet else "有一个表"
            notes.append(f"{where}没有可用的列,没有读取({_found(columns)})。")
    present = {plain(header) for _, columns in seen for header in columns.headers}
    for header in mapping:
        if plain(header) not in present:
            notes.append(f"--map 里的列“{header}”在“{seen[0][0].source}”中没有找到。")
    return notes


def _nothing(name: str, kind: ListKind, seen: Seen) -> NothingUsable:
    """Says what was looked for, and what each sheet holds."""
    if not seen:
        return NothingUsable(f"“{name}”是空的,没有任何内容。", path=name)
    known = synonyms(kind)
    parts = [f"“{name}”里没有可用的列。需要的列:{_wanted(known)}。"]
    for table, columns in seen:
        where = f"工作表“{table.sheet}”" if table.sheet else "文件"
        hidden = "(隐藏)" if table.hidden else ""
        parts.append(f"{where}{hidden}里{_found(columns)}。")
        parts += columns.hints
    if lacking := _lacking(known, seen):
        parts.append(f"只差一列:{lacking}。请在表里补上这一列,再导入。")
    elif other := _other(kind, seen):
        parts.append(f"它看起来像{other}。")
    else:
        target = "评分" if kind == "feedback" else "标题"
        parts.append(
            f"如果列名不同,请用 --map 原列名={target} 指定;如果没有表头,请在第一行加上列名。"
        )
    found = {table.sheet: _names(columns) for table, columns in seen}
    needed = [name for group in known.needed for name in group]
    return NothingUsable("".join(parts), path=name, needed=needed, found=found)


def _wanted(known: Synonyms) -> str:
    """The columns needed: with examples where one will do, else one of each group."""
    if len(known.needed) > 1:
        return ";".join(_listed(known, group) for group in known.needed) + "(每样至少一列)"
    return "或".join(
        f"{known.fields[n].label}(如“{'”“'.join(_examples(known.fields[n].headers))}”)"
        for n in known.needed[0]
    )


def _lacking(known: Synonyms, seen: Seen) -> str:
    """The one group of columns that a table lacks, of several that are needed, or ""."""
    for _, columns in seen:
        missing = [g for g in known.needed if not any(name in columns.fields for name in g)]
        if len(missing) == 1 < len(known.needed):
            return _listed(known, missing[0])
    return ""


def _listed(known: Synonyms, group: tuple[str, ...]) -> str:
    return "或".join(known.fields[name].label for name in group)


def _other(kind: ListKind, seen: Seen) -> str:
    """What kind of list it seems to be instead, or ""."""
    for other, name in OTHERS.items():
        if other != kind and any(recognise(table, other).usable for table, _ in seen):
            return name
    return ""


def _names(columns: Columns) -> list[str]:
    """The first headers; none of answers without a header row, for then they may be persons."""
    if columns.kind == "feedback" and columns.header_row is None:
        return []
    return list(columns.headers[:8])


def _found(columns: Columns) -> str:
    if columns.headers and not _names(columns):
        return "第一行不是列名"
    names = [header[:20] for header in columns.headers if header][:8]
    if not names:
        return "没有内容"
    return "找到的是:" + "、".join(names)


def _examples(headers: tuple[str, ...]) -> list[str]:
    return [header for header in headers if not header.isascii()][:3]
