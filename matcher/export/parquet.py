"""Parquet: the flat rows with their types, Chinese headings and provenance in the metadata."""

import json
from collections.abc import Iterable, Iterator
from itertools import islice
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq

from matcher.export.release import Shown
from matcher.export.rows import COLUMNS, Cell, Column, flat_rows
from matcher.export.tables import FORMAT, provenance_data
from matcher.matches import Provenance

TYPES = {
    "text": pa.string(),
    "count": pa.int32(),
    "number": pa.float64(),
    "date": pa.date32(),
    "truth": pa.bool_(),
}
GROUP = 8192


def write_parquet(file: Path, answers: Iterable[Shown], provenance: Provenance) -> None:
    """One row a match; column names in English, each with its Chinese heading as metadata
    `label`; provenance as JSON under the key `patmatch` of the schema."""
    told = json.dumps(
        {"format": FORMAT, "provenance": provenance_data(provenance)},
        ensure_ascii=False,
        sort_keys=True,
    )
    schema = pa.schema([_field(column) for column in COLUMNS], metadata={"patmatch": told})
    rows = _rows(answers)
    with pq.ParquetWriter(file, schema, compression="zstd") as out:
        while group := list(islice(rows, GROUP)):
            out.write_table(pa.Table.from_pylist(group, schema=schema))


def _field(column: Column) -> pa.Field:
    return pa.field(column.name, TYPES[column.kind], metadata={"label": column.label})


def _rows(answers: Iterable[Shown]) -> Iterator[dict[str, Cell]]:
    for shown in answers:
        yield from flat_rows(shown)
