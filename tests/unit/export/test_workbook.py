"""The workbook, read back with openpyxl."""

import re
import zipfile
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from openpyxl import load_workbook
from openpyxl.cell.rich_text import CellRichText, TextBlock

from matcher.export.paper import clip, height, units
from matcher.export.release import legible
from matcher.export.sheets import window
from matcher.export.unmatched import Verdict, verdict
from matcher.export.write import write
from matcher.matches import Answer, Match, Removal
from matcher.text.private import discreet

HOSTILE = (
    "=cmd|' /C calc'!A0",
    "<script>alert(1)</script>&\"'",
    "🔋" * 40000,
    "电池\x00隔\x1b膜\ud800\ufffe",
    "http://example.com/隔膜",
    "_x000D_隔膜",
    "  ",
    "\u202e反向\u2028行",
)


@pytest.fixture
def book(case: Any, tmp_path: Path) -> Any:
    out = tmp_path / "out.xlsx"
    poor = replace(case.results[0][1], matches=(case.second,), no_match=True)
    results = (*case.results, (replace(case.need, id="D-3"), poor))
    write(out, results, case.patents, case.origin)
    return load_workbook(out, rich_text=True)


def row(sheet: Any, number: int) -> list[Any]:
    return [None if cell.value is None else str_or(cell.value) for cell in sheet[number]]


def str_or(value: Any) -> Any:
    return str(value) if isinstance(value, CellRichText) else value


def test_the_matches_stand_under_their_need(book: Any) -> None:
    sheet = book["匹配结果"]
    assert row(sheet, 1) == [
        "序号", "名次", "推荐等级", "得分项", "专利名称", "专利编号", "申请人", "类型与状态",
        "转化条件", "专利中的依据", "指标核对", "未涉及", "风险提示", "需求编号",
    ]  # fmt: skip
    where = "豫北电气装备有限公司 · 郑州高新技术产业开发区 · 河南省郑州市"
    assert row(sheet, 2) == [1, f"提高锂电池隔膜的耐热性    {where}", *[None] * 12]
    assert row(sheet, 3)[1] == (
        "主要问题  隔膜在150℃收缩过大。联系人:***,电话***********,*****************"
    )
    assert row(sheet, 4) == [
        1,
        1,
        "●●●○\n较强相关\n很可能(76%)",
        "起点 −2.5\n意思相近 +2.2\n共同术语 +1.6\n历史评价 −0.2",
        "一种陶瓷涂覆聚烯烃隔膜及其制备方法",
        "CN201810123456.7",
        "南岭理工大学\n南岭新材料有限公司",
        "发明 · 有效\n至 2038-02-07",
        "成熟度 TRL 6\n许可、普通许可、开放许可\n20–50 万元\n可先使用后付费",
        "主要问题、技术关键  涂层使隔膜在180℃下热收缩率低于3%",
        "热收缩率≤5% ✔ 满足(热收缩率低于3%)\n闭孔温度≥135℃ ？ 未提及",
        "成本",
        "共有\n质押 1 次",
        "D-1",
    ]
    assert row(sheet, 5)[:6] == [
        1, 2, "●●○○\n弱相关\n不太可能(8%)", "起点 −2.5", "隔膜耐热改性方法", "N-0123456789abcdef",
    ]  # fmt: skip
    assert [cell.value for cell in sheet["N"]][5:] == [None, None, "D-3"]


def test_shared_terms_are_bold_and_teal_and_nothing_else_is(book: Any) -> None:
    runs = book["匹配结果"]["J4"].value
    assert [
        run.text for run in runs if isinstance(run, TextBlock) and run.font.color
        and run.font.color.rgb == "FF0F766E" and run.font.b
    ] == ["隔膜", "180℃", "热收缩率"]  # fmt: skip


def test_a_number_leads_to_its_row_among_the_patents(book: Any) -> None:
    sheet, patents = book["匹配结果"], book["专利"]
    for cell in (sheet["F4"], sheet["F5"]):
        place = re.fullmatch(r"'专利'!A(\d+)", cell.hyperlink.location)
        assert place is not None
        assert patents.cell(int(place.group(1)), 1).value == cell.value


def test_the_patents_sheet_has_every_field_once_a_patent(book: Any) -> None:
    sheet = book["专利"]
    heads = row(sheet, 1)
    assert heads[:5] == ["专利编号", "专利名称", "回答需求数", "最大可能性", "申请号"]
    assert heads[-2:] == ["数据提示", "摘要"]
    assert row(sheet, 3)[:4] == ["CN201810123456.7", "一种陶瓷涂覆聚烯烃隔膜及其制备方法", 1, "76%"]
    assert [sheet.cell(number, 1).value for number in (3, 2, 4)] == [
        "CN201810123456.7", "N-0123456789abcdef", None,
    ]  # fmt: skip
    told = dict(zip(heads, row(sheet, 3), strict=True))
    assert (told["先使用后付费"], told["财政资助项目形成"]) == ("是", "否")
    assert told["届满日"].isoformat() == "2038-02-07T00:00:00"


def test_needs_without_a_good_match_are_listed_with_reason_and_advice(book: Any) -> None:
    sheet = book["未匹配需求"]
    assert row(sheet, 3)[0] == "D-3"
    assert row(sheet, 3)[6:] == [
        "8%", "很可能没有合适的专利：最接近的一项，专家评为较强相关以上的可能性只有 8%。",
        "「匹配结果」中的几项仅供参考。请把主要问题和技术指标写得更具体，或导入更多专利后再试。",
    ]  # fmt: skip
    assert row(sheet, 2) == [
        "D-2", "杨梅保鲜运输", None, None, None, None, None,
        "筛选条件排除了全部 10 项专利：园区排除 9 项、法律状态排除 3 项。",
        "放宽“园区”可多看到 7 项专利。",
    ]  # fmt: skip


def test_the_cover_names_counts_filters_and_provenance(book: Any) -> None:
    told = {line[1]: line[2] for line in book["封面"].iter_rows(values_only=True) if line[2]}
    wanted = {
        "需求": "3 项，其中 2 项找到了专利",
        "匹配": "3 条，涉及 2 项专利",
        "未匹配需求": "1 项",
        "没有合适的": "1 项需求很可能没有合适的专利，所列仅供参考",
        "法律状态": "有效",
        "数据快照": "s-1",
        "文本模型": "e5 8f3a",
        "索引": "flat",
        "得分方法": "sum",
        "软件版本": "patent-matcher 0.1.0",
        "导出时间": "2025-06-01T10:20:30+08:00",
    }
    assert {name: told[name] for name in wanted} == wanted


def test_every_sheet_prints_on_a4_landscape_with_its_header_on_each_page(book: Any) -> None:
    assert book.sheetnames == ["封面", "匹配结果", "专利", "未匹配需求"]
    for sheet in book:
        assert (sheet.page_setup.orientation, str(sheet.page_setup.paperSize)) == ("landscape", "9")
    assert [book[name].print_title_rows for name in book.sheetnames[1:]] == ["$1:$1"] * 3
    assert "$M$" in book["匹配结果"].print_area
    assert [book[name].freeze_panes for name in book.sheetnames[1:]] == ["A2", "C2", "A2"]
    assert all(book[name].auto_filter.ref for name in book.sheetnames[1:])


@pytest.mark.parametrize("title", HOSTILE, ids=range(len(HOSTILE)))
def test_hostile_texts_stay_texts(title: str, case: Any, tmp_path: Path) -> None:
    out = tmp_path / "out.xlsx"
    need = replace(case.need, title=title, company=title, main_problem=title)
    patent = replace(case.full, title=title, abstract=title, park=title)
    proof = replace(case.match.evidence[0], sentence=title, marks=((0, 1),))
    match = replace(case.match, evidence=(proof,), missing=(title,))
    write(out, [(need, Answer((match,), 1, 1))], lambda _: [patent], case.origin)
    book = load_workbook(out, rich_text=True)
    shown = clip(legible(title))
    assert book["专利"]["B2"].value == (shown or None)
    assert book["匹配结果"]["L4"].value == (shown or None)
    cells = [cell for sheet in book for line in sheet.iter_rows() for cell in line]
    assert {cell.data_type for cell in cells} <= {"s", "n", "d"}
    with zipfile.ZipFile(out) as archive:
        names = [name for name in archive.namelist() if name.startswith("xl/worksheets")]
        assert not any("<f>" in archive.read(name).decode() for name in names)


def test_a_need_with_other_answers_is_explained() -> None:
    high = Match("D-1", "P", 1, 1.0, ())
    assert verdict(Answer((high,), 5, 5)) is None
    assert verdict(Answer((), 0, 0)) == Verdict(
        None, "库中还没有专利。", "请先导入专利清单，再重新匹配。"
    )
    few = Answer((), 9, 4, (Removal("grade_min", 4, 4),))
    assert verdict(few) == Verdict(
        None,
        "可选的 4 项专利，都没有达到设定的等级下限。",
        "请降低等级下限，或把主要问题和技术指标写得更具体。",
    )
    assert verdict(Answer((), 9, 9)) == Verdict(
        None,
        "可选的 9 项专利中，没有与它内容相近的。",
        "请把主要问题和技术指标写得更具体，或导入更多专利后再试。",
    )
    both = Answer((), 9, 0, (Removal("park", 9, 0), Removal("ipc", 9, 0)), "park")
    told = verdict(both)
    assert told is not None
    assert told.advice == "请同时放宽几项筛选条件，先从“园区”开始。"


def test_private_marks_are_starred_and_technical_figures_are_not() -> None:
    told = "电话:0371-12345678 或 138 1234 5678,微信:abc_12345,QQ:123456,a.b@c.com.cn"
    starred = discreet(told)
    assert len(starred) == len(told)
    assert re.sub(r"\*+", "*", starred) == "电话:* 或 *,微信:*,QQ:*,*"
    for kept in (
        "2018101234567", "CN201810123456.7", "耐压13800Pa,转速1500r/min", "91410100MA3X13800138000",
        "0.13812345678mm", "7075-T6 与 010-1234", "联系人类文明",
    ):  # fmt: skip
        assert discreet(kept) == kept


def test_a_long_sentence_is_shown_around_its_first_mark() -> None:
    sentence = "甲" * 300 + "隔膜" + "乙" * 300
    shown, marks = window(sentence, [(300, 302)], 50)
    assert shown == "…" + "甲" * 10 + "隔膜" + "乙" * 38 + "…"
    assert [shown[start:end] for start, end in marks] == ["隔膜"]
    assert window("隔膜", [(0, 2)], 50) == ("隔膜", [(0, 2)])


def test_a_clipped_text_counts_an_emoji_twice() -> None:
    assert clip("🔋🔋🔋", 6) == "🔋🔋🔋"
    assert clip("🔋🔋🔋", 5) == "🔋🔋…"
    assert clip("🔋🔋🔋", 4) == "🔋…"
    assert units(clip("🔋" * 99999)) <= 32767


def test_a_row_is_as_high_as_its_longest_cell() -> None:
    assert height([]) == 19.0
    assert height([("隔膜", 10.0)]) == 19.0
    assert height([("隔膜" * 10, 10.0), ("a\nb", 10.0)]) == 15.0 * 5 + 4
    assert height([("隔膜" * 9999, 10.0)]) == 15.0 * 24 + 4
