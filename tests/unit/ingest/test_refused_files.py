"""Files that cannot be read are told apart, and none takes the program down."""

import csv
import io
import random
import zipfile
from datetime import date, time, timedelta
from pathlib import Path

import openpyxl
import pytest
import xlwt

from matcher.errors import UnreadableFile
from matcher.ingest import Table, read_tables
from matcher.ingest.workbook import cell_text, read

GRID = [("标题", "申请号", "摘要"), ("一种阀门,带锁", "201220249767.4", '第一行\n第二行“引”"x"')]


def _file(folder: Path, name: str, data: bytes) -> Path:
    path = folder / name
    path.write_bytes(data)
    return path


def _csv(rows: list[tuple[str, ...]], delimiter: str = ",") -> str:
    out = io.StringIO()
    csv.writer(out, delimiter=delimiter).writerows(rows)
    return out.getvalue()


def _encrypted_xlsx() -> bytes:
    return b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(600) + "EncryptedPackage".encode("utf-16-le")


def _locked_xls() -> bytes:
    book = xlwt.Workbook()
    book.add_sheet("x").write(0, 0, "标题")
    out = io.BytesIO()
    book.save(out)
    bof = b"\x09\x08\x10\x00\x00\x06\x05\x00"
    at = out.getvalue().index(bof) + 20
    data = bytearray(out.getvalue())
    data[at : at + 2] = b"\x2f\x00"
    return bytes(data)


def _docx() -> bytes:

    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as archive:
        archive.writestr("word/document.xml", "<x/>")
    return out.getvalue()


def _half_xlsx() -> bytes:
    out = io.BytesIO()
    openpyxl.Workbook().save(out)
    return out.getvalue()[:2000]


@pytest.mark.parametrize(
    ("data", "told"),
    [
        (
            _encrypted_xlsx(),
            "“a.xlsx”设有打开密码,无法读取。请在 Excel 或 WPS 里去掉密码后另存,再导入。",
        ),
        (
            _locked_xls(),
            "“a.xlsx”设有打开密码,无法读取。请在 Excel 或 WPS 里去掉密码后另存,再导入。",
        ),
        (_docx(), "“a.xlsx”是 Word 文档,不是表格。请把其中的表格另存为 Excel 文件再导入。"),
        (
            _half_xlsx(),
            "“a.xlsx”读不出来:可能已损坏、没有下载完,或者在很远的行、列有多余的内容。"
            "请用 Excel 或 WPS 打开检查,另存为 .xlsx 再导入。",
        ),
        (
            b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\x07" * 900,
            "“a.xlsx”读不出来:可能已损坏、没有下载完,或者在很远的行、列有多余的内容。"
            "请用 Excel 或 WPS 打开检查,另存为 .xlsx 再导入。",
        ),
        (
            b"%PDF-1.7",
            "“a.xlsx”是 PDF 文件,不是可以导入的列表。请提供 Excel、CSV 或 JSONL 文件。",
        ),
        (
            bytes(range(1, 32)) * 30,
            "“a.xlsx”不是文本,也不是我们认识的表格文件。请提供 Excel、CSV 或 JSONL 文件。",
        ),
        (
            b"<html><p>login</p></html>",
            "“a.xlsx”是网页或 XML 文件,里面没有表格。请在网站上重新导出 Excel 或 CSV 文件。",
        ),
        (
            b'{"a": 1\n{"b"',
            "“a.xlsx”看起来是 JSON,但没有一行能读懂:第 1 行不是合法的 JSON。",
        ),
        (b"\x1f\x8bxxxx", "“a.xlsx”是损坏的 gzip 压缩文件,请重新下载。"),
    ],
)
def test_what_cannot_be_read_is_told_apart(tmp_path: Path, data: bytes, told: str) -> None:
    with pytest.raises(UnreadableFile) as caught:
        read_tables(_file(tmp_path, "a.xlsx", data))
    assert caught.value.message == told


def test_a_cell_at_the_far_corner_is_refused_and_does_not_take_all_memory(tmp_path: Path) -> None:
    book = openpyxl.Workbook()
    book.active["A1"] = "标题"
    book.active["XFD1048576"] = "x"
    book.save(tmp_path / "a.xlsx")
    with pytest.raises(UnreadableFile, match="在很远的行、列有多余的内容"):
        read_tables(tmp_path / "a.xlsx")


def test_damaged_workbooks_are_read_or_refused_and_print_nothing(
    tmp_path: Path, capfd: pytest.CaptureFixture[str]
) -> None:
    chance = random.Random(7)
    book = xlwt.Workbook()
    book.add_sheet("x").write(0, 0, "标题")
    book.save(str(tmp_path / "a.xls"))
    whole = (tmp_path / "a.xls").read_bytes()
    for _ in range(40):
        data = bytearray(whole)
        for _ in range(6):
            data[chance.randrange(len(data))] = chance.randrange(256)
        try:
            read_tables(_file(tmp_path, "b.xls", bytes(data[: chance.randrange(9, len(data))])))
        except UnreadableFile as error:
            assert "“b.xls”" in error.message
    assert capfd.readouterr() == ("", "")


def test_a_missing_file_and_a_folder_are_named(tmp_path: Path) -> None:
    with pytest.raises(UnreadableFile, match=r"找不到文件“.*没有\.csv”,请检查路径。"):
        read_tables(tmp_path / "没有.csv")
    with pytest.raises(UnreadableFile, match="是文件夹,请指定其中的文件。"):
        read_tables(tmp_path)


@pytest.mark.parametrize(
    ("value", "text"),
    [
        (None, ""), ("a\x00", "a"), (False, "否"), (7, "7"), (-2.5, "-2.5"), (1e14, "1" + "0" * 14),
        (1e15, "1E+15"), (float("inf"), "INF"), (float("nan"), "NAN"), (time(3, 4), "03:04:00"),
        (timedelta(hours=30), "1 day, 6:00:00"),
    ],
)  # fmt: skip
def test_a_cell_is_the_text_a_person_reads(value: object, text: str) -> None:
    assert cell_text(value) == text


def test_the_child_process_gives_what_the_reader_gives_here(tmp_path: Path) -> None:
    book = openpyxl.Workbook()
    for row in (["标题", "日期"], ["阀门", date(2019, 7, 9)], [None, 2012202497674]):
        book.active.append(row)
    book.active.merge_cells("A2:A3")
    book.create_sheet("空")
    book.create_chartsheet("图")
    book.save(tmp_path / "a.xlsx")
    rows = [("标题", "日期"), ("阀门", "2019-07-09"), ("阀门", "2012202497674")]
    assert read((tmp_path / "a.xlsx").read_bytes()) == [("Sheet", False, rows)]
    assert read_tables(tmp_path / "a.xlsx") == [Table("a.xlsx", "Sheet", rows)]


def _zip(*names: str) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as archive:
        for name in names:
            archive.writestr(name, "x")
    return out.getvalue()


@pytest.mark.parametrize(
    ("data", "told"),
    [
        (_zip("ppt/a.xml"), "是 PowerPoint 文档,不是表格。"),
        (
            _zip("content.xml"),
            "是 ODS 或 XLSB 表格,暂不支持。请用 Excel 或 WPS 另存为 .xlsx 再导入。",
        ),
        (_zip("a.csv"), "是压缩包,不是表格。请先解压,再导入里面的 Excel 或 CSV 文件。"),
        (_zip("xl/workbook.xml"), "读不出来:可能已损坏"),
        (
            b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + "WordDocument".encode("utf-16-le"),
            "是 Word 文档,不是表格。",
        ),
    ],
)
def test_other_containers_are_named(tmp_path: Path, data: bytes, told: str) -> None:
    with pytest.raises(UnreadableFile) as caught:
        read_tables(_file(tmp_path, "a.xlsx", data))
    assert told in caught.value.message
