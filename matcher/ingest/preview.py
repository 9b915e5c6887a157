"""The first rows of a list beside what its columns were taken for, for a person to look at."""

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from matcher.ingest.columns import Columns, recognise
from matcher.ingest.headers import ListKind, synonyms
from matcher.ingest.tables import Table, read_tables

SAMPLES = 3
MOST = 5  # tables


@dataclass(frozen=True, slots=True, kw_only=True)
class Column:
    """A header, the field that it was taken for ("" for none) with its label, and the first values
    below it that are not blank."""

    header: str
    field: str
    label: str
    samples: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Preview:
    """A table of a list.  `usable`: the columns that are needed are there."""

    sheet: str
    rows: int
    columns: tuple[Column, ...]
    usable: bool


def preview(path: Path, kind: ListKind, mapping: Mapping[str, str]) -> tuple[Preview, ...]:
    """At most five tables of a file, hidden ones left out.

    :raises UnreadableFile: see `read_tables`.  :raises BadInput: a target is not a field."""
    shown = [table for table in read_tables(path) if not table.hidden][:MOST]
    return tuple(_of(table, recognise(table, kind, mapping=mapping)) for table in shown)


def choices(kind: ListKind) -> tuple[tuple[str, str], ...]:
    """The fields that a column can be named as, and their labels."""
    return tuple((name, one.label) for name, one in synonyms(kind).fields.items())


def _of(table: Table, columns: Columns) -> Preview:
    known = synonyms(columns.kind).fields
    field_of = {at: name for name, groups in columns.fields.items()
                for group in groups for at in group}  # fmt: skip
    start = 0 if columns.header_row is None else columns.header_row - table.first + 1
    below = table.rows[max(start, 0) :]
    shown = []
    for at, header in enumerate(columns.headers):
        if not header.strip():
            continue
        name = field_of.get(at, "")
        cells = (row[at].strip() for row in below[:50] if at < len(row))
        shown.append(Column(
            header=header, field=name, label=known[name].label if name else "",
            samples=tuple(cell[:60] for cell in cells if cell)[:SAMPLES],
        ))  # fmt: skip
    return Preview(sheet=table.sheet, rows=len(below), columns=tuple(shown), usable=columns.usable)
