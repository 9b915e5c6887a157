"""Bytes of every kind to tables of text."""

import csv
import gzip
import io
import json
from datetime import date, datetime
from pathlib import Path

import openpyxl
import pytest
import xlwt

from matcher.ingest import Fault, Table, read_tables

GRID = [("标题", "申请号", "摘要"), ("一种阀门,带锁", "201220249767.4", '第一行\n第二行“引”"x"')]


def _file(folder: Path, name: str, data: bytes) -> Path:
    path = folder / name
    path.write_bytes(data)
    return path


def _csv(rows: list[tuple[str, ...]], delimiter: str = ",") -> str:
    out = io.StringIO()
    csv.writer(out, delimiter=delimiter).writerows(rows)
    return out.getvalue()


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "gb18030", "gbk"])
@pytest.mark.parametrize("delimiter", [",", "\t", ";", "|"])
def test_every_encoding_and_delimiter_gives_the_same_cells(
    tmp_path: Path, encoding: str, delimiter: str
) -> None:
    path = _file(tmp_path, "a.csv", _csv(GRID, delimiter).encode(encoding))
    assert read_tables(path) == [Table("a.csv", "", GRID)]


@pytest.mark.parametrize("encoding", ["utf-16-le", "utf-16-be"])
def test_utf_16_without_a_mark_is_recognised(tmp_path: Path, encoding: str) -> None:
    path = _file(tmp_path, "a.txt", _csv(GRID, "\t").encode(encoding))
    assert read_tables(path)[0].rows == GRID


def test_one_line_of_utf_16_does_not_make_the_file_utf_16(tmp_path: Path) -> None:
    data = "标题,a\n阀门,b\n".encode("gb18030") + "abc,d".encode("utf-16-le") + b"\nx,y\n"
    assert read_tables(_file(tmp_path, "a.csv", data))[0].rows == [
        ("标题", "a"),
        ("阀门", "b"),
        ("abc", "d"),
        ("x", "y"),
    ]


def test_lines_in_two_encodings_are_each_read_in_their_own(tmp_path: Path) -> None:
    data = "标题,申请人\n阀门,某大学\n".encode() + "水泵,另一大学\n".encode("gb18030")
    table = read_tables(_file(tmp_path, "a.csv", data))[0]
    assert table.rows == [("标题", "申请人"), ("阀门", "某大学"), ("水泵", "另一大学")]
    assert table.notes == ("文件里混有不同的文字编码,已逐行识别,请留意是否有乱码。",)


def test_a_cut_character_damages_only_itself(tmp_path: Path) -> None:
    data = "标题,申请人\n一种很好的阀门及其制备方法".encode()[:-1] + ",某大学\n".encode()
    table = read_tables(_file(tmp_path, "a.csv", data))[0]
    assert table.rows[1] == ("一种很好的阀门及其制备方\ufffd", "某大学")
    assert table.notes[1] == "有 1 个字符无法识别,已用“\ufffd”代替。"


def test_nul_bytes_vanish(tmp_path: Path) -> None:
    path = _file(tmp_path, "a.csv", "标题,申\x00请人\n阀\x00门,某大学\n".encode())
    assert read_tables(path)[0].rows == [("标题", "申请人"), ("阀门", "某大学")]


def test_a_number_wrapped_against_excel_is_unwrapped_and_a_stated_delimiter_obeyed(
    tmp_path: Path,
) -> None:
    path = _file(tmp_path, "a.csv", 'sep=;\n标题;申请号\n一,二,三;="2012202497674"\n'.encode())
    assert read_tables(path)[0].rows == [
        ("sep=", ""),
        ("标题", "申请号"),
        ("一,二,三", "2012202497674"),
    ]


def test_a_quote_that_is_never_closed_does_not_swallow_the_file(tmp_path: Path) -> None:
    lines = ["标题,申请号,申请人,地址"] + [f"阀门{i},{i},某大学,某市" for i in range(5)]
    lines[2] = '"阀门1,1,某大学,某市'
    table = read_tables(_file(tmp_path, "a.csv", "\n".join(lines).encode()))[0]
    assert [len(row) for row in table.rows] == [4] * 6
    assert table.rows[2] == ('"阀门1', "1", "某大学", "某市")
    assert table.notes == ("文件里有不成对的引号,已改为逐行读取;跨行的单元格可能被拆开,请检查。",)


def test_a_gzipped_list_is_read_as_the_list_in_it(tmp_path: Path) -> None:
    path = _file(tmp_path, "a.csv.gz", gzip.compress(_csv(GRID).encode()))
    assert read_tables(path) == [Table("a.csv.gz", "", GRID)]


@pytest.mark.parametrize("data", [b"", b"\n\n  \n", b"\x00\x00"])
def test_an_empty_file_has_no_tables(tmp_path: Path, data: bytes) -> None:
    assert read_tables(_file(tmp_path, "a.csv", data)) == []


def test_a_workbook_comes_as_text(tmp_path: Path) -> None:
    book = openpyxl.Workbook()
    sheet = book.active
    sheet.title = "专利"
    sheet.append(["标题", "值"])
    for value in (2005, 2012202497674, 201220249767.4, 0.1 + 0.2, True, date(2019, 7, 9),
                  datetime(2019, 7, 9, 8, 30), 43655, "2.02E+12", 914101050001234567):  # fmt: skip
        sheet.append(["x", value])
    book.create_sheet("空")
    secret = book.create_sheet("隐藏")
    secret["A1"] = "标题"
    secret.sheet_state = "hidden"
    book.save(tmp_path / "a.xlsx")
    first, hidden = read_tables(tmp_path / "a.xlsx")
    assert [row[1] for row in first.rows] == [
        "值", "2005", "2012202497674", "201220249767.4", "0.3", "是", "2019-07-09",
        "2019-07-09", "43655", "2.02E+12", "9.14101050001235E+17",
    ]  # fmt: skip
    assert (first.sheet, first.first, first.hidden) == ("专利", 1, False)
    assert (hidden.sheet, hidden.hidden) == ("隐藏", True)


def test_cells_merged_over_rows_are_repeated_and_over_columns_are_not(tmp_path: Path) -> None:
    book = openpyxl.Workbook()
    sheet = book.active
    for row in (["某大学专利清单", None], ["学院", "标题"], ["机械", "a"], [None, "b"]):
        sheet.append(row)
    sheet.merge_cells("A1:B1")
    sheet.merge_cells("A3:A4")
    book.save(tmp_path / "a.xlsx")
    assert read_tables(tmp_path / "a.xlsx")[0].rows == [
        ("某大学专利清单", ""), ("学院", "标题"), ("机械", "a"), ("机械", "b"),
    ]  # fmt: skip


def test_an_old_workbook_is_read_under_any_suffix(tmp_path: Path) -> None:
    book = xlwt.Workbook()
    sheet = book.add_sheet("专利")
    for number, row in enumerate([("标题", "申请号"), ("阀门", 2012202497674)]):
        for column, value in enumerate(row):
            sheet.write(number, column, value)
    sheet.write(2, 0, date(2019, 7, 9), xlwt.easyxf(num_format_str="yyyy-mm-dd"))
    book.save(str(tmp_path / "a.csv"))
    assert read_tables(tmp_path / "a.csv")[0].rows == [
        ("标题", "申请号"), ("阀门", "2012202497674"), ("2019-07-09", ""),
    ]  # fmt: skip


def test_an_xls_that_is_a_web_page_is_read(tmp_path: Path) -> None:
    page = (
        '<html><head><meta charset="gb2312"></head><body><table><tr><th>标题<th>申请人'
        "<tr><td rowspan=2>阀&amp;门</td><td>某大学<br>二院</td></tr><tr><td>另一大学</td></tr>"
        "<tr><td colspan=2>合计</td></tr></table></body></html>"
    )
    assert read_tables(_file(tmp_path, "a.xls", page.encode("gb18030")))[0].rows == [
        ("标题", "申请人"), ("阀&门", "某大学\n二院"), ("阀&门", "另一大学"), ("合计", ""),
    ]  # fmt: skip


def test_an_xls_that_is_2003_xml_is_read(tmp_path: Path) -> None:
    page = (
        '<?xml version="1.0"?><Workbook xmlns:ss="urn:schemas-microsoft-com:office:spreadsheet">'
        '<Worksheet ss:Name="x"><Table><Row><Cell><Data ss:Type="String">标题</Data></Cell>'
        '<Cell><Data>摘要</Data></Cell></Row><Row><Cell ss:Index="2"><Data>好</Data></Cell></Row>'
        "</Table></Worksheet></Workbook>"
    )
    assert read_tables(_file(tmp_path, "a.xls", page.encode()))[0].rows == [
        ("标题", "摘要"), ("", "好"),
    ]  # fmt: skip


def test_an_xlsx_named_xls_and_a_csv_named_xlsx_are_read(tmp_path: Path) -> None:
    book = openpyxl.Workbook()
    book.active.append(["标题"])
    book.save(tmp_path / "a.xlsx")
    (tmp_path / "a.xlsx").rename(tmp_path / "a.xls")
    assert read_tables(tmp_path / "a.xls")[0].rows == [("标题",)]
    assert read_tables(_file(tmp_path, "b.xlsx", _csv(GRID).encode("gbk")))[0].rows == GRID


def test_json_lines_keep_their_line_numbers_and_name_broken_ones(tmp_path: Path) -> None:
    text = (
        '{"标题":"阀","发明人":["甲","乙"],"n":3.0}\n\n'
        '{"标题":"泵","x":null,"ok":true}\n{bad\n[1]\n'
    )
    table = read_tables(_file(tmp_path, "a.jsonl", text.encode()))[0]
    assert table.rows == [
        ("标题", "发明人", "n", "x", "ok"), ("阀", "甲; 乙", "3", "", ""), (),
        ("泵", "", "", "", "是"), (), (),
    ]  # fmt: skip
    assert table.first == 0
    assert table.faults == (
        Fault(4, "{bad", "不是合法的 JSON"), Fault(5, "[1]", "不是 JSON 对象({…})"),
    )  # fmt: skip


@pytest.mark.parametrize(
    "value",
    [
        [{"Title": "阀"}, {"Title": "泵"}],
        {"Status": "200", "Result": [{"Title": "阀"}, {"Title": "泵"}]},
    ],
)
def test_a_json_array_is_read_bare_or_wrapped(tmp_path: Path, value: object) -> None:
    path = _file(tmp_path, "a.json", json.dumps(value, indent=2).encode())
    assert read_tables(path)[0].rows == [("Title",), ("阀",), ("泵",)]


def test_half_a_surrogate_in_json_becomes_a_question_mark(tmp_path: Path) -> None:
    path = _file(tmp_path, "a.jsonl", b'{"title":"a\\ud800b\\u0000"}')
    assert read_tables(path)[0].rows == [("title",), ("a?b",)]


def test_cnki_and_disc_dumps_are_read_by_record(tmp_path: Path) -> None:
    cnki = (
        "SrcDatabase-来源库: 专利\nTitle-题名: 阀门\nAuthor-作者: 甲;乙\n"
        "Summary-摘要: 第一\n接着\n\n"
        "SrcDatabase-来源库: 专利\nTitle-题名: 水泵\n"
    )
    assert read_tables(_file(tmp_path, "a.txt", cnki.encode()))[0].rows == [
        ("SrcDatabase-来源库", "Title-题名", "Author-作者", "Summary-摘要"),
        ("专利", "阀门", "甲;乙", "第一\n接着"), ("专利", "水泵", "", ""),
    ]  # fmt: skip
    disc = "<REC>\n<申请号>=CN1\n<名称>=阀门\n<优先权>=a\n<优先权>=b\n<REC>\n<申请号>=CN2\n"
    assert read_tables(_file(tmp_path, "b.txt", disc.encode("gbk")))[0].rows == [
        ("申请号", "名称", "优先权"), ("CN1", "阀门", "a; b"), ("CN2", "", ""),
    ]  # fmt: skip
