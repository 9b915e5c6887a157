"""Files to rows, with every physical row accounted for."""

from pathlib import Path

import openpyxl
import pytest

from matcher.errors import BadInput, NothingUsable
from matcher.ingest import Listing, read_rows
from matcher.records import Problem, Rejection, Row


def _csv(folder: Path, *lines: str, name: str = "专利.csv") -> Path:
    path = folder / name
    path.write_text("\n".join(lines) + "\n", encoding="utf-8-sig")
    return path


def _balanced(listing: Listing) -> bool:
    return all(t.total == t.rows + t.rejected + sum(t.skipped.values()) for t in listing.tables)


def test_a_row_carries_its_fields_headers_and_original_cells(tmp_path: Path) -> None:
    path = _csv(tmp_path, "序号,申请号,标题,摘要", "1, CN201220249767.4 ,一种阀门,-")
    listing = read_rows(path, "patent")
    assert listing.rows == (
        Row(
            source="专利.csv",
            sheet="",
            number=2,
            fields={"application_number": "CN201220249767.4", "title": "一种阀门"},
            headers={"application_number": "申请号", "title": "标题", "abstract": "摘要"},
            cells=("1", " CN201220249767.4 ", "一种阀门", "-"),
        ),
    )
    assert listing.headers == {("专利.csv", ""): ("序号", "申请号", "标题", "摘要")}
    assert (listing.source, listing.rejections, listing.notes) == ("专利.csv", (), ())


def test_everything_that_is_no_record_is_counted(tmp_path: Path) -> None:
    path = _csv(
        tmp_path,
        "某大学专利清单,,",
        "",
        "序号,标题,申请人",
        "1,阀门,某大学",
        ",,",
        "序号,标题,申请人",
        "2,水泵,",
        "3,,",
        "合计,2,",
        "导出时间:2024-01-01,,",
    )
    listing = read_rows(path, "patent")
    (info,) = listing.tables
    assert [(row.number, row.fields["title"]) for row in listing.rows] == [(4, "阀门"), (7, "水泵")]
    assert info.skipped == {
        "表头以上": 1,
        "空行": 2,
        "表头": 1,
        "重复表头": 1,
        "无内容": 1,
        "脚注": 2,
    }
    assert (info.total, info.rows, info.rejected, _balanced(listing)) == (10, 2, 0, True)
    assert listing.notes == (
        "“专利.csv”:有 2 行是表尾说明,没有当作记录:"
        "第 9 行“合计 2”、第 10 行“导出时间:2024-01-01”。",
        "“专利.csv”:有 1 行在认识的列里都没有内容,已略过(第一处是第 8 行)。",
    )


def test_a_row_without_title_is_kept_for_the_next_stage_to_refuse(tmp_path: Path) -> None:
    path = _csv(tmp_path, "标题,申请人", ",某大学")
    assert [row.fields for row in read_rows(path, "patent").rows] == [{"applicants": "某大学"}]


def test_a_quoted_newline_does_not_shift_the_row_numbers(tmp_path: Path) -> None:
    path = _csv(tmp_path, "标题,摘要", '阀门,"一\n二"', "水泵,三")
    assert [row.number for row in read_rows(path, "patent").rows] == [2, 3]


def test_of_several_columns_the_first_that_is_filled_wins_in_each_row(tmp_path: Path) -> None:
    path = _csv(tmp_path, "标题,标题 (中文),申请号", "a,甲,1", "b,,2", "c,-,3")
    rows = read_rows(path, "patent").rows
    assert [(row.fields["title"], row.headers["title"]) for row in rows] == [
        ("甲", "标题 (中文)"),
        ("b", "标题"),
        ("c", "标题"),
    ]


def test_numbered_columns_are_joined_in_the_order_of_their_numbers(tmp_path: Path) -> None:
    path = _csv(tmp_path, "标题,发明人2,发明人1,发明人10", "a,乙,甲,癸", "b,,甲,")
    assert [row.fields["inventors"] for row in read_rows(path, "patent").rows] == [
        "甲; 乙; 癸",
        "甲",
    ]


def test_spreadsheet_errors_count_as_blank(tmp_path: Path) -> None:
    path = _csv(tmp_path, "标题,申请人,摘要", "阀门,#REF!,#N/A")
    (row,) = read_rows(path, "patent").rows
    assert row.fields == {"title": "阀门"}
    assert row.cells == ("阀门", "#REF!", "#N/A")


def test_a_short_row_is_filled_and_a_long_one_refused(tmp_path: Path) -> None:
    path = _csv(tmp_path, "标题,申请人,摘要", "阀门", "水泵,某大学,x,,", "一种阀,带锁,某大学,y")
    listing = read_rows(path, "patent")
    assert [row.cells for row in listing.rows] == [("阀门", "", ""), ("水泵", "某大学", "x")]
    assert listing.rejections == (
        Rejection(
            Row(
                "专利.csv",
                "",
                4,
                {"title": "一种阀", "applicants": "带锁", "abstract": "某大学"},
                {"title": "标题", "applicants": "申请人", "abstract": "摘要"},
                ("一种阀", "带锁", "某大学", "y"),
            ),
            (
                Problem(
                    code="too_many_cells",
                    column="",
                    value="y",
                    reason="这一行的单元格比表头多,多出“y”,后面的列可能都错位了",
                    advice="请检查这一行是否有没加引号的分隔符,把内容移回正确的列,并清空多出的单元格",
                ),
            ),
        ),
    )
    assert _balanced(listing)


def test_a_broken_json_line_is_rejected_with_its_number(tmp_path: Path) -> None:
    path = tmp_path / "a.jsonl"
    path.write_text('{"title": "阀门"}\n\n{oops\n{"title": "水泵"}\n{end', encoding="utf-8")
    listing = read_rows(path, "patent")
    assert [(row.number, row.fields["title"]) for row in listing.rows] == [(1, "阀门"), (4, "水泵")]
    assert [(r.row.number, r.row.cells, r.problems[0].reason) for r in listing.rejections] == [
        (3, ("", "{oops"), "这一行不是合法的 JSON"),
        (5, ("", "{end"), "这一行不是合法的 JSON"),
    ]
    assert listing.tables[0].skipped == {"空行": 1}
    assert _balanced(listing)


def _book(path: Path) -> Path:
    book = openpyxl.Workbook()
    book.active.title = "机械"
    book.active.append(["标题", "申请号"])
    book.active.append(["阀门", 2012202497674])
    second = book.create_sheet("电气")
    second.append(["专利名称", "申请人"])
    second.append(["电机", "某大学"])
    book.create_sheet("说明").append(["填表人", "日期"])
    hidden = book.create_sheet("旧表")
    hidden.append(["标题"])
    hidden.append(["旧"])
    hidden.sheet_state = "hidden"
    book.save(path)
    return path


def test_all_usable_sheets_are_read_and_the_others_named(tmp_path: Path) -> None:
    listing = read_rows(_book(tmp_path / "a.xlsx"), "patent")
    assert [(row.sheet, row.number, row.fields) for row in listing.rows] == [
        ("机械", 2, {"title": "阀门", "application_number": "2012202497674"}),
        ("电气", 2, {"title": "电机", "applicants": "某大学"}),
    ]
    assert listing.notes == (
        "工作表“说明”没有可用的列,没有读取(找到的是:填表人、日期)。",
        "隐藏的工作表“旧表”没有读取;需要的话请先取消隐藏。",
    )


def test_nothing_usable_says_what_was_looked_for_and_what_was_found(tmp_path: Path) -> None:
    path = _csv(tmp_path, "编码,价钱", "201220249767.4,1", "201220249768.9,2")
    with pytest.raises(NothingUsable) as caught:
        read_rows(path, "patent")
    assert caught.value.message == (
        "“专利.csv”里没有可用的列。需要的列:标题(如“标题(中文)”“专利名称”“发明名称”)。"
        "文件里找到的是:编码、价钱。"
        "第 1 列“编码”看起来是申请号,可用 --map 编码=申请号 指定。"
        "如果列名不同,请用 --map 原列名=标题 指定;如果没有表头,请在第一行加上列名。"
    )
    assert caught.value.details["found"] == {"": ["编码", "价钱"]}


def test_a_list_of_the_other_kind_is_named_as_such(tmp_path: Path) -> None:
    with pytest.raises(NothingUsable, match="它看起来像技术需求列表。"):
        read_rows(_csv(tmp_path, "需求名称,主要问题", "a,b"), "patent")


def test_an_empty_file_and_a_bare_header_have_nothing_usable(tmp_path: Path) -> None:
    (tmp_path / "a.csv").write_bytes(b"")
    with pytest.raises(NothingUsable, match=r"^“a\.csv”是空的,没有任何内容。$"):
        read_rows(tmp_path / "a.csv", "patent")
    with pytest.raises(NothingUsable, match="里只有表头,没有数据行。"):
        read_rows(_csv(tmp_path, "标题,申请号"), "patent")


def test_records_above_the_header_are_reported(tmp_path: Path) -> None:
    path = _csv(tmp_path, "阀门,1,某大学", "标题,申请号,申请人", "水泵,2,某大学")
    listing = read_rows(path, "patent")
    assert [row.fields["title"] for row in listing.rows] == ["水泵"]
    assert listing.notes == (
        "“专利.csv”:表头在第 2 行,它上面有 1 行像是记录,没有读取;如果是记录,请移到表头下面。",
    )


def test_a_map_makes_an_unknown_list_usable(tmp_path: Path) -> None:
    path = _csv(tmp_path, "专利题名,x", "阀门,1")
    listing = read_rows(path, "patent", mapping={"专利题名": "title", "没有的列": "摘要"})
    assert listing.rows[0].fields == {"title": "阀门"}
    assert listing.notes == ("--map 里的列“没有的列”在“专利.csv”中没有找到。",)
    with pytest.raises(BadInput, match="没有这个字段"):
        read_rows(path, "patent", mapping={"专利题名": "价钱"})


def test_a_remembered_map_holds_for_the_same_headers_only(tmp_path: Path) -> None:
    path = _csv(tmp_path, "题目,编码", "阀门,201220249767.4")
    mapping = {"题目": "标题", "编码": "申请号"}
    first = read_rows(path, "patent", mapping=mapping)
    remembered = {first.tables[0].columns.fingerprint: mapping}
    assert read_rows(path, "patent", remembered=remembered).rows == first.rows
    other = _csv(tmp_path, "题目,编码,新列", "阀门,201220249767.4,x", name="b.csv")
    with pytest.raises(NothingUsable):
        read_rows(other, "patent", remembered=remembered)
    said = read_rows(path, "patent", mapping={"编码": "忽略"}, remembered=remembered)
    assert said.rows[0].fields == {"title": "阀门"}
    gone = {"0" * 64: {"题目": "没有这个字段"}, **remembered}
    assert read_rows(path, "patent", remembered=gone).rows == first.rows


@pytest.mark.parametrize(
    "footer",
    ["数据来源：某数据库", "合计：12", "注：仅供参考", "共 12 条", "制表人：甲", "第 1 页"],
)
def test_a_footer_is_known_by_how_it_begins(tmp_path: Path, footer: str) -> None:
    listing = read_rows(_csv(tmp_path, "标题,申请号", "阀门,1", f"{footer},"), "patent")
    assert [row.fields["title"] for row in listing.rows] == ["阀门"]
    assert listing.tables[0].skipped == {"表头": 1, "脚注": 1}


@pytest.mark.parametrize(
    "title", ["合计算法", "说明书生成方法", "来源追溯系统", "共振装置", "第一页翻书器"]
)
def test_a_title_that_begins_like_a_footer_stays_a_record(tmp_path: Path, title: str) -> None:
    listing = read_rows(_csv(tmp_path, "标题,申请号", f"{title},"), "patent")
    assert [row.fields for row in listing.rows] == [{"title": title}]
