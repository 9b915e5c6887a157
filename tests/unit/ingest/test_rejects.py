"""Rejected rows to a file, corrected, and in again."""

import csv
from pathlib import Path

import openpyxl
import pytest

from matcher.errors import BadInput
from matcher.ingest import read_rows, read_tables, write_rejects
from matcher.records import Problem, Rejection, Row

HEADERS = {("a.csv", ""): ("标题", "申请号", "备注")}
BAD_NUMBER = Problem(
    code="damaged_number",
    column="申请号",
    value="2.02E+12",
    reason="号码被 Excel 改成了科学计数法",
    advice="请把这一列设为文本后重新导出",
)
NO_TITLE = Problem("no_title", "标题", "", "没有标题", "请补上标题")


def _row(number: int, *cells: str, source: str = "a.csv", sheet: str = "") -> Row:
    return Row(source, sheet, number, {}, {"title": "标题", "application_number": "申请号"}, cells)


def _sheet(path: Path) -> list[list[str | None]]:
    return [[cell.value for cell in row] for row in openpyxl.load_workbook(path).active]


REJECTIONS = (
    Rejection(_row(3, "阀门", "2.02E+12", "=1+1"), (BAD_NUMBER,)),
    Rejection(_row(7, "", "2.02E+12", "-"), (NO_TITLE, BAD_NUMBER)),
)
REPORTED = [
    ["标题", "申请号", "备注", "行号", "原因", "建议"],
    ["阀门", "2.02E+12", "=1+1", "3", "申请号:号码被 Excel 改成了科学计数法",
     "请把这一列设为文本后重新导出"],
    ["", "2.02E+12", "-", "7", "标题:没有标题;申请号:号码被 Excel 改成了科学计数法",
     "请补上标题;请把这一列设为文本后重新导出"],
]  # fmt: skip


def test_the_workbook_has_the_original_columns_then_what_is_wrong(tmp_path: Path) -> None:
    path = tmp_path / "r.xlsx"
    assert write_rejects(path, REJECTIONS, HEADERS) == 2
    assert [[value or "" for value in row] for row in _sheet(path)] == REPORTED


def test_wrong_cells_are_marked_the_header_frozen_and_no_cell_is_a_formula(tmp_path: Path) -> None:
    path = tmp_path / "r.xlsx"
    write_rejects(path, REJECTIONS, HEADERS)
    sheet = openpyxl.load_workbook(path).active
    marked = [cell.coordinate for row in sheet for cell in row
              if cell.fill.fgColor.rgb == "FFFFC7CE"]  # fmt: skip
    assert marked == ["B2", "A3", "B3"]
    assert sheet.freeze_panes == "A2"
    assert {cell.data_type for row in sheet for cell in row if cell.value} == {"s"}


def test_the_csv_guards_formulas_and_gives_them_back(tmp_path: Path) -> None:
    path = tmp_path / "r.csv"
    write_rejects(path, REJECTIONS, HEADERS)
    assert path.read_bytes().startswith(b"\xef\xbb\xbf")
    with path.open(encoding="utf-8-sig", newline="") as file:
        assert [row[2] for row in csv.reader(file)] == ["备注", "'=1+1", "'-"]
    assert read_tables(path)[0].rows == [tuple(row) for row in REPORTED]


@pytest.mark.parametrize("suffix", [".xlsx", ".csv"])
@pytest.mark.parametrize(
    "cell",
    ["=1", "'=1", "''=1", "+86", "-5", "@x", "\tx", "'", "'x", "_x0041_", "a\nb", '"', "1,2"],
)
def test_any_cell_survives_the_way_out_and_in(tmp_path: Path, suffix: str, cell: str) -> None:
    path = tmp_path / f"r{suffix}"
    write_rejects(path, [Rejection(_row(2, "阀门", cell, "x"), (BAD_NUMBER,))], HEADERS)
    assert read_tables(path)[0].rows[1][1] == cell


@pytest.mark.parametrize("suffix", [".xlsx", ".csv"])
def test_a_corrected_file_is_imported_as_if_it_had_never_been_wrong(
    tmp_path: Path, suffix: str
) -> None:
    source = tmp_path / "a.csv"
    source.write_text(
        "标题,申请号,备注\n阀门,2.02E+12,=1\n水泵,1,\n一种,锁,x,y\n", encoding="utf-8"
    )
    listing = read_rows(source, "patent")
    rejects = tmp_path / f"r{suffix}"
    wrong = [Rejection(listing.rows[0], (BAD_NUMBER,)), *listing.rejections]
    write_rejects(rejects, wrong, listing.headers)
    again = read_rows(rejects, "patent")
    assert again.tables[0].columns.unknown == ()
    assert [(r.fields, r.cells[:3]) for r in again.rows] == [
        ({"title": "阀门", "application_number": "2.02E+12"}, ("阀门", "2.02E+12", "=1"))
    ]
    assert [r.problems[0].value for r in again.rejections] == ["y"]

    rows = [list(row) for row in read_tables(rejects)[0].rows]
    assert rows[0] == ["标题", "申请号", "备注", "多出的内容1", "行号", "原因", "建议"]
    rows[1][1] = "201220249767.4"
    rows[2][:4] = ["一种,锁", "x", "y", ""]
    with rejects.with_suffix(".csv").open("w", encoding="utf-8", newline="") as file:
        csv.writer(file).writerows(rows)
    fixed = read_rows(rejects.with_suffix(".csv"), "patent")
    assert [row.fields for row in fixed.rows] == [
        {"title": "阀门", "application_number": "201220249767.4"},
        {"title": "一种,锁", "application_number": "x"},
    ]
    assert fixed.rejections == ()


def test_rejected_twice_the_report_columns_do_not_pile_up(tmp_path: Path) -> None:
    first, second = tmp_path / "r.xlsx", tmp_path / "s.xlsx"
    write_rejects(first, REJECTIONS, HEADERS)
    listing = read_rows(first, "patent")
    write_rejects(second, [Rejection(listing.rows[0], (BAD_NUMBER,))], listing.headers)
    assert _sheet(second)[0] == REPORTED[0]
    assert _sheet(second)[1] == [*REPORTED[1][:3], "2", *REPORTED[1][4:]]


def test_sheets_of_one_form_share_a_page_and_others_get_their_own(tmp_path: Path) -> None:
    headers = {
        ("a.xlsx", "机械"): ("标题",),
        ("a.xlsx", "电气"): ("标题",),
        ("b.csv", ""): ("名称", "名称"),
    }
    rejections = [
        Rejection(_row(2, "甲", source="a.xlsx", sheet="机械"), (NO_TITLE,)),
        Rejection(_row(3, "乙", source="a.xlsx", sheet="电气"), (NO_TITLE,)),
        Rejection(_row(4, "丙", "丁", source="b.csv"), (NO_TITLE,)),
    ]
    write_rejects(tmp_path / "r.xlsx", rejections, headers)
    told = ["标题:没有标题", "请补上标题"]
    assert [(t.sheet, t.rows) for t in read_tables(tmp_path / "r.xlsx")] == [
        ("机械", [
            ("标题", "工作表", "来源文件", "行号", "原因", "建议"),
            ("甲", "机械", "a.xlsx", "2", *told), ("乙", "电气", "a.xlsx", "3", *told),
        ]),
        ("退回清单", [
            ("名称", "名称", "工作表", "来源文件", "行号", "原因", "建议"),
            ("丙", "丁", "", "b.csv", "4", *told),
        ]),
    ]  # fmt: skip
    write_rejects(tmp_path / "r.csv", rejections, headers)
    assert read_tables(tmp_path / "r.csv")[0].rows == [
        ("标题", "名称", "名称", "工作表", "来源文件", "行号", "原因", "建议"),
        ("甲", "", "", "机械", "a.xlsx", "2", *told),
        ("乙", "", "", "电气", "a.xlsx", "3", *told),
        ("", "丙", "丁", "", "b.csv", "4", *told),
    ]


def test_the_same_rejections_give_the_same_bytes(tmp_path: Path) -> None:
    for suffix in (".xlsx", ".csv"):
        one, two = tmp_path / f"one{suffix}", tmp_path / f"two{suffix}"
        write_rejects(one, REJECTIONS, HEADERS)
        write_rejects(two, REJECTIONS, HEADERS)
        assert one.read_bytes() == two.read_bytes()


def test_a_cell_longer_than_excel_allows_is_cut_and_says_so(tmp_path: Path) -> None:
    path = tmp_path / "r.xlsx"
    write_rejects(path, [Rejection(_row(2, "字" * 40_000), (NO_TITLE,))], HEADERS)
    cell = read_tables(path)[0].rows[1][0]
    assert (len(cell), cell[-15:]) == (32_767, "字字…(超出单元格上限,已截断)"[-15:])


def test_another_suffix_or_a_missing_folder_is_refused_and_leaves_nothing(tmp_path: Path) -> None:
    with pytest.raises(BadInput, match=r"退回清单请用 \.xlsx 或 \.csv 作后缀。"):
        write_rejects(tmp_path / "r.txt", REJECTIONS, HEADERS)
    with pytest.raises(BadInput, match="请检查文件夹是否存在"):
        write_rejects(tmp_path / "没有" / "r.csv", REJECTIONS, HEADERS)
    assert list(tmp_path.iterdir()) == []
