"""A small list of each vendor, in each kind of file, gives the same fields."""

import csv
import io
import json
from collections.abc import Callable
from pathlib import Path

import openpyxl
import pytest
import xlwt

from matcher.ingest import read_rows

Grid = list[list[str]]


def _csv(encoding: str, delimiter: str = ",") -> Callable[[Path, Grid], None]:
    def write(path: Path, grid: Grid) -> None:
        out = io.StringIO()
        csv.writer(out, delimiter=delimiter).writerows(grid)
        path.write_bytes(out.getvalue().encode(encoding))

    return write


def _xlsx(path: Path, grid: Grid) -> None:
    book = openpyxl.Workbook()
    for row in [["专利检索结果导出"], [], *grid]:
        book.active.append(row)
    book.active.merge_cells(start_row=1, end_row=1, start_column=1, end_column=len(grid[0]))
    book.save(path)


def _xls(path: Path, grid: Grid) -> None:
    book = xlwt.Workbook()
    sheet = book.add_sheet("专利")
    for number, row in enumerate(grid):
        for column, value in enumerate(row):
            sheet.write(number, column, value)
    book.save(str(path))


def _html(path: Path, grid: Grid) -> None:
    rows = "".join("<tr>" + "".join(f"<td>{c}</td>" for c in row) + "</tr>" for row in grid)
    path.write_bytes(f"<table border=1>{rows}</table>".encode("gb18030"))


def _jsonl(path: Path, grid: Grid) -> None:
    lines = [json.dumps(dict(zip(grid[0], row, strict=True))) for row in grid[1:]]
    path.write_text("\n".join(lines), encoding="utf-8")


WRITERS: dict[str, Callable[[Path, Grid], None]] = {
    "utf8": _csv("utf-8"),
    "utf8bom": _csv("utf-8-sig"),
    "gbk": _csv("gbk"),
    "utf16tab": _csv("utf-16", "\t"),
    "xlsx": _xlsx,
    "xls": _xls,
    "html": _html,
    "jsonl": _jsonl,
}

# header, value, field (or "" for a column that is not needed)
Spec = list[tuple[str, str, str]]
DIALECTS: dict[str, Spec] = {
    "CNIPA/CNIPR 著录项目导出": [
        ("申请号", "CN201220249767.4", "application_number"),
        ("公开（公告）号", "CN202644312U", "publication_number"),
        ("公开（公告）日", "2013.01.02", "publication_date"),
        ("申请日", "2012.05.31", "application_date"),
        ("名称", "一种闸阀", "title"),
        ("主分类号", "F16K3/02(2006.01)I", "ipc_main"),
        ("分类号", "F16K3/02(2006.01)I;F16K3/30(2006.01)I", "ipc"),
        ("申请（专利权）人", "甲大学;乙公司", "applicants"),
        ("发明（设计）人", "丙;丁", "inventors"),
        ("地址", "100000 北京市海淀区某路1号", "address"),
        ("专利代理机构", "某代理 11111", ""),
        ("主权项", "一种闸阀,其特征在于。", "first_claim"),
        ("光盘号", "D1301", ""),
    ],
    "公报抓取(英文列名)": [
        ("item", "1", ""),
        ("name", "一种闸阀", "title"),
        ("authorization_notice_id", "CN202644312U", "grant_number"),
        ("authorized_announcement_date", "2013.01.02", "grant_date"),
        ("filing_id", "2.02E+12", "application_number"),
        ("filing_date", "2012.05.31", "application_date"),
        ("patentee", "甲大学", "owners"),
        ("designer", "丙", "inventors"),
        ("address", "北京市", "address"),
        ("Int.Cl.", "F16K3/02", "ipc"),
    ],
    "智慧芽 PatSnap": [
        ("序号", "1", ""),
        ("公开(公告)号", "CN202644312U", "publication_number"),
        ("标题", "一种闸阀", "title"),
        ("[标]当前申请(专利权)人", "甲大学 | 乙公司", "owners"),
        ("原始申请(专利权)人", "甲大学", "applicants"),
        ("简单法律状态", "有效", "legal_status"),
        ("授权日", "2013-01-02", "grant_date"),
        ("失效日", "2022-05-31", "expiry_date"),
        ("IPC分类号", "F16K3/02", "ipc"),
        ("战略新兴产业分类", "高端装备", "emerging_industry"),
        ("许可次数", "2", "licence_count"),
        ("受理局", "中国", ""),
    ],
    "万方": [
        ("专利名称", "一种闸阀", "title"),
        ("申请日期", "2012年5月31日", "application_date"),
        ("分类号_万方", "TH", ""),
        ("国别省市代码", "北京;11", "province"),
        ("申请（专利权）人", "甲大学", "applicants"),
        ("审定号", "CN1", "grant_number"),
    ],
    "企查查": [
        ("ApplicationNumber", "CN201220249767.4", "application_number"),
        ("PublicationNumber", "CN202644312U", "publication_number"),
        ("LegalStatusDesc", "授权", "legal_status"),
        ("Title", "一种闸阀", "title"),
        ("KindCodeDesc", "实用新型", "kind"),
        ("AssigneestringList", "甲大学", "applicants"),
        ("IPCList", "F16K3/02", "ipc"),
    ],
    "高校专利盘点表": [
        ("专利号", "ZL201220249767.4", "patent_number"),
        ("专利名称", "一种闸阀", "title"),
        ("学院", "机械学院", "college"),
        ("是否财政资助项目形成", "是", "funded"),
        ("实施状态", "未实施", "implementation"),
        ("转化方式", "许可", "transfer_mode"),
        ("许可方式", "普通许可", "licence_mode"),
        ("技术成熟度(TRL 1-9)", "6", "trl"),
        ("自评", "A", "self_rating"),
        ("应用场景", "供水管网", "scene"),
        ("许可费（万元）", "5", "price"),
        ("支付方式", "一次性", "payment"),
        ("先使用后付费", "是", "pay_later"),
        ("是否开放许可", "否", "open_licence"),
        ("密级", "公开", "level"),
        ("联系人", "戊", "contact"),
    ],
}


@pytest.mark.parametrize("form", WRITERS)
@pytest.mark.parametrize("dialect", DIALECTS)
def test_each_dialect_in_each_form_gives_the_same_row(
    tmp_path: Path, dialect: str, form: str
) -> None:
    spec = DIALECTS[dialect]
    path = tmp_path / "专利.dat"
    WRITERS[form](path, [[header for header, _, _ in spec], [value for _, value, _ in spec]])
    listing = read_rows(path, "patent")
    (row,) = listing.rows
    assert row.fields == {field: value for _, value, field in spec if field}
    assert row.headers == {field: header for header, _, field in spec if field}
    assert row.cells == tuple(value for _, value, _ in spec)
    assert row.number == {"xlsx": 4, "jsonl": 1}.get(form, 2)
    assert listing.tables[0].columns.dialect == dialect
    assert listing.tables[0].columns.unknown == ()
    assert listing.notes == ()
