"""The real lists of /work/shared/data, where they are present."""

from pathlib import Path
from typing import NamedTuple

import pytest

from matcher.ingest import ListKind, read_rows

DATA = Path("/work/shared/data")


class Expected(NamedTuple):
    name: str
    kind: ListKind
    rows: int
    dialect: str
    fields: str
    unknown: tuple[str, ...] = ()


GAZETTE = (
    "publication_number publication_date application_date title kind publication_stage "
    "applicants address ipc"
)
LISTS = [
    Expected(
        "supply/gazette_2019-07_universities.csv", "patent", 10_064, "国家知识产权局公报", GAZETTE
    ),
    Expected(
        "supply/gazette_2019-07_enterprises.csv.gz", "patent", 46_811, "国家知识产权局公报", GAZETTE
    ),
    Expected("demand/needs.jsonl", "need", 371, "标题加正文", "source_id title content"),
    Expected(
        "supply/patents_with_abstract.jsonl",
        "patent",
        3_874,
        "",
        "source_id title abstract applicants",
        ("technical_class", "class_source"),
    ),
    Expected(
        "supply/sipo_export.xlsx",
        "patent",
        138,
        "CNIPA/CNIPR 著录项目导出",
        "application_number patent_number publication_number title abstract first_claim "
        "applicants inventors address ipc ipc_main application_date publication_date grant_date",
    ),
]


def _need(name: str) -> Path:
    path = DATA / name
    if not path.exists():
        pytest.skip(f"{path} is not on this machine")
    return path


@pytest.mark.parametrize("expected", LISTS, ids=lambda expected: expected.name)
def test_every_row_of_a_real_list_is_read(expected: Expected) -> None:
    listing = read_rows(_need(expected.name), expected.kind)
    (table,) = listing.tables
    assert (len(listing.rows), listing.rejections, listing.notes) == (expected.rows, (), ())
    assert table.columns.dialect == expected.dialect
    assert table.columns.unknown == expected.unknown
    assert sorted(table.columns.fields) == sorted(expected.fields.split())
    assert all(row.fields["title"] for row in listing.rows)


def test_the_real_export_has_all_25_columns_known() -> None:
    listing = read_rows(_need("supply/sipo_export.xlsx"), "patent")
    columns = listing.tables[0].columns
    assert len(columns.headers) == 25
    assert len(columns.fields) + len(columns.unused) == 25
