"""What must hold for any header and any grid."""

import csv
import io
from pathlib import Path

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from matcher.errors import BadInput
from matcher.ingest import ListKind, Table, read_rows, read_tables, recognise, write_rejects
from matcher.ingest.delimited import _ESCAPED, _SOME_ESCAPED
from matcher.ingest.headers import place_of, synonyms
from matcher.records import Problem, Rejection, Row

KNOWN = [
    (kind, header, spec.name)
    for kind in ("patent", "need", "feedback")
    for spec in synonyms(kind).fields.values()
    for header in spec.headers
]
NOISE = st.text(" \t\u3000\u200b\ufeff\xa0*【】「」\n", max_size=3)
WORDS = [*sorted({header for _, header, _ in KNOWN}), "合计", "-", "2.02E+12", "CN2012202497674"]
CELL = st.one_of(st.just(""), st.sampled_from(WORDS), st.text(max_size=8))
GRID = st.lists(st.lists(CELL, max_size=5), max_size=8)
SETTINGS = settings(
    max_examples=200,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture],
)


def _wide(text: str) -> str:
    """The full-width forms of ASCII."""
    return "".join(chr(ord(char) + 0xFEE0) if "!" <= char <= "~" else char for char in text)


@given(
    st.sampled_from(KNOWN), st.lists(NOISE, min_size=40, max_size=40), st.booleans(), st.booleans()
)
@SETTINGS
def test_a_header_maps_whatever_its_white_space_width_and_case(
    known: tuple[ListKind, str, str], noise: list[str], wide: bool, upper: bool
) -> None:
    kind, header, field = known
    text = header.upper() if upper else header
    text = _wide(text) if wide else text
    text = "".join(f"{gap}{char}" for gap, char in zip(noise, text, strict=False)) + text[40:]
    place = place_of(text, synonyms(kind))
    assert place is not None
    assert place.field == field


@given(GRID, st.sampled_from(["patent", "need", "feedback"]))
@SETTINGS
def test_any_grid_is_recognised_without_failing(grid: list[list[str]], kind: ListKind) -> None:
    columns = recognise(Table("a", "", [tuple(row) for row in grid]), kind)
    width = len(columns.headers)
    used = [i for groups in columns.fields.values() for group in groups for i in group]
    assert len(used) == len(set(used))
    assert all(0 <= i < width for i in used)


@given(
    GRID,
    st.sampled_from([",", "\t", ";"]),
    st.sampled_from(["utf-8", "utf-16", "gb18030"]),
    st.sampled_from(["patent", "feedback"]),
)
@SETTINGS
def test_of_any_list_every_row_is_accounted_for(
    tmp_path: Path, grid: list[list[str]], delimiter: str, encoding: str, kind: ListKind
) -> None:
    out = io.StringIO()
    csv.writer(out, delimiter=delimiter).writerows(grid)
    path = tmp_path / "a.csv"
    path.write_bytes(out.getvalue().encode(encoding, "replace"))
    try:
        listing = read_rows(path, kind)
    except BadInput as error:
        assert error.message.endswith("。")
        return
    for table in listing.tables:
        assert table.total == table.rows + table.rejected + sum(table.skipped.values())
    for row in listing.rows:
        assert set(row.fields) <= set(row.headers)
        assert all(value == value.strip() != "" for value in row.fields.values())


@given(st.binary(max_size=400))
@SETTINGS
def test_any_bytes_are_read_or_refused_in_chinese(tmp_path: Path, data: bytes) -> None:
    path = tmp_path / "a.xls"
    path.write_bytes(data)
    try:
        read_rows(path, "need")
    except BadInput as error:
        assert "“a.xls”" in error.message


TYPED = st.text(
    st.one_of(st.sampled_from("=+-@'\"\t\r\n,;|"), st.characters(exclude_categories=("Cc", "Cs"))),
    max_size=6,
)


@given(st.lists(st.lists(TYPED, min_size=3, max_size=3), min_size=1, max_size=4))
@SETTINGS
def test_rejected_cells_come_back_as_they_were(tmp_path: Path, grid: list[list[str]]) -> None:
    problem = Problem("x", "", "", "原因", "建议")
    rejections = [Rejection(Row("a", "", 2, {}, {}, tuple(row)), (problem,)) for row in grid]
    path = tmp_path / "r.csv"
    write_rejects(path, rejections, {("a", ""): ("标题", "申请号", "摘要")})
    back = read_tables(path)[0].rows[1:]
    assert [list(row[:3]) for row in back] == grid


@given(st.text("ab'=+-@\t\r\n,", max_size=30))
def test_a_text_with_an_escaped_cell_is_known_at_a_glance(text: str) -> None:
    assert bool(_SOME_ESCAPED.search(text)) == bool(_ESCAPED.search(text))
