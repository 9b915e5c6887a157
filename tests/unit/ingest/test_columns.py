"""Headers of every dialect to fields."""

import re
from collections.abc import Sequence
from pathlib import Path

import pytest

from matcher.errors import BadInput
from matcher.ingest import Columns, ListKind, Table, fingerprint, labels, recognise
from matcher.ingest.headers import is_unused, place_of, plain, synonyms

REFERENCE = Path("/work/shared/data/reference/export_headers.md")

PATENT_FIELDS = (
    "application_number publication_number grant_number patent_number title abstract first_claim "
    "applicants owners inventors address province city district credit_code ipc ipc_main "
    "application_date publication_date grant_date expiry_date kind kind_code publication_stage "
    "legal_status industry emerging_industry college transfer_count licence_count pledge_count "
    "trl licence_mode transfer_mode price payment pay_later open_licence funded implementation "
    "self_rating scene contact level park source_id"
)
NEED_FIELDS = (
    "source_id title main_problem key_technology expected_goal content keywords deadline budget "
    "modes field industry company credit_code park region province city district address contact "
    "level"
)


FEEDBACK_FIELDS = (
    "need_id need_title patent_id application_number patent_number publication_number grant_number "
    "patent_title grade reply refusal_code by at prospect improvement willingness note"
)


def _table(*rows: Sequence[str], first: int = 1) -> Table:
    return Table("a.csv", "", [tuple(row) for row in rows], first=first)


def _fields(columns: Columns) -> dict[str, list[list[str]]]:
    return {
        name: [[columns.headers[i] for i in group] for group in groups]
        for name, groups in columns.fields.items()
    }


def test_the_table_holds_exactly_the_canonical_fields() -> None:
    assert sorted(labels("patent")) == sorted(PATENT_FIELDS.split())
    assert sorted(labels("need")) == sorted(NEED_FIELDS.split())
    assert sorted(labels("feedback")) == sorted(FEEDBACK_FIELDS.split())


@pytest.mark.parametrize("kind", ["patent", "need", "feedback"])
def test_no_header_stands_for_two_fields_or_is_both_used_and_unused(kind: ListKind) -> None:
    known = synonyms(kind)
    headers = [header for spec in known.fields.values() for header in spec.headers]
    assert sorted(headers) == sorted(set(headers))
    assert set(headers) & (known.unused | known.report) == set()


@pytest.mark.skipif(not REFERENCE.exists(), reason="the reference headers are not on this machine")
def test_every_header_of_the_reference_is_known() -> None:
    known = synonyms("patent")
    lines = [line for line in REFERENCE.read_text(encoding="utf-8").splitlines() if " | " in line]
    lines = [
        line for line in lines if not line.startswith(("Multi", "简单法律", "法律状态/事件 v"))
    ]
    headers = [part.strip(" `") for line in lines for part in line.split(" | ")]
    headers = [re.sub(r"^.*[::]\s", "", header) for header in headers]
    headers = [header.removesuffix("(发明公布…)") for header in headers]
    unknown = [h for h in headers if not place_of(h, known) and not is_unused(h, known)]
    assert unknown == []


INCOPAT = [
    "序号",
    "标题 (中文)",
    "摘要 (中文)",
    "申请人",
    "公开（公告）号",
    "公开（公告）日",
    "申请号",
    "申请日",
    "公开类型",
    "首项权利要求",
    "IPC主分类-小类",
    "IPC",
    "国民经济行业(主)",
    "新兴产业(主)",
    "预估到期日",
    "当前专利权人",
    "专利有效性",
    "当前法律状态",
    "发明人",
    "中国申请人地市",
    "中国申请人区县",
    "工商统一社会信用代码",
    "质押次数",
]


def test_an_incopat_export_is_recognised_in_full() -> None:
    columns = recognise(_table(INCOPAT), "patent")
    assert columns.dialect == "incoPat 合享"
    assert _fields(columns) == {
        "application_number": [["申请号"]],
        "publication_number": [["公开（公告）号"]],
        "title": [["标题 (中文)"]],
        "abstract": [["摘要 (中文)"]],
        "first_claim": [["首项权利要求"]],
        "applicants": [["申请人"]],
        "owners": [["当前专利权人"]],
        "inventors": [["发明人"]],
        "city": [["中国申请人地市"]],
        "district": [["中国申请人区县"]],
        "credit_code": [["工商统一社会信用代码"]],
        "ipc": [["IPC"]],
        "ipc_main": [["IPC主分类-小类"]],
        "application_date": [["申请日"]],
        "publication_date": [["公开（公告）日"]],
        "expiry_date": [["预估到期日"]],
        "publication_stage": [["公开类型"]],
        "legal_status": [["专利有效性"], ["当前法律状态"]],
        "industry": [["国民经济行业(主)"]],
        "emerging_industry": [["新兴产业(主)"]],
        "pledge_count": [["质押次数"]],
    }
    assert (columns.unknown, columns.unused, columns.usable) == ((), ("序号",), True)


@pytest.mark.parametrize(
    ("dialect", "headers"),
    [
        (
            "CNIPA/CNIPR 著录项目导出",
            "申请号 公开（公告）号 名称 主分类号 申请（专利权）人 颁证日 光盘号",
        ),
        (
            "国家知识产权局公报",
            "公开（公告）号 公开（公告）日 申请日 名称 专利类型 公告类型 申请（专利权）人",
        ),
        ("公报抓取(英文列名)", "item name authorization_notice_id filing_id patentee Int.Cl."),
        ("incoPat 合享", "标题 申请人 公开(公告)号 链接到incoPat IPC主分类 合享价值度"),
        ("智慧芽 PatSnap", "公开(公告)号 标题 受理局 简单法律状态 [标]当前申请(专利权)人"),
        ("万方", "专利名称 申请日期 分类号_万方 申请（专利权）人 国别省市代码"),
        ("知网 CNKI", "SrcDatabase-来源库 Title-题名 Author-作者 Organ-单位 Summary-摘要"),
        ("知网 CNKI", "title author com public sql quote ChDiv_summary claim_text"),
        ("企查查", "ApplicationNumber Title LegalStatusDesc KindCodeDesc IPCList"),
        ("专利总表", "专利名称 授权名称 申请摘要 国省代码 第一权利人"),
        ("高校专利盘点表", "专利名称 实施状态 转化方式 技术成熟度 应用场景 先使用后付费"),
        ("高校资产表", "专利名称 学院 发明人1 工号1 授权日"),
        ("", "标题 摘要"),
    ],
)
def test_each_dialect_is_named(dialect: str, headers: str) -> None:
    columns = recognise(_table(headers.split(" ")), "patent")
    assert (columns.dialect, columns.usable, columns.unknown) == (dialect, True, ())


def test_the_official_need_form_is_recognised() -> None:
    headers = [
        "序号",
        "*需求名称（必填）",
        "主要问题(500字以内)",
        "3、技术关键（主要指标）",
        "预期目标",
        "关键字1",
        "关键字2",
        "关键字 3",
        "需求时限",
        "拟投入资金（万元）",
        "合作方式(可多选)",
        "所属领域",
        "应用行业",
        "企业名称",
        "所属园区",
        "所属区域",
        "联系人",
        "联系电话",
    ]
    columns = recognise(_table(headers), "need")
    assert columns.dialect == "技术需求表(官方格式)"
    assert _fields(columns) == {
        "title": [["*需求名称（必填）"]],
        "main_problem": [["主要问题(500字以内)"]],
        "key_technology": [["3、技术关键（主要指标）"]],
        "expected_goal": [["预期目标"]],
        "keywords": [["关键字1", "关键字2", "关键字 3"]],
        "deadline": [["需求时限"]],
        "budget": [["拟投入资金（万元）"]],
        "modes": [["合作方式(可多选)"]],
        "field": [["所属领域"]],
        "industry": [["应用行业"]],
        "company": [["企业名称"]],
        "park": [["所属园区"]],
        "region": [["所属区域"]],
        "contact": [["联系人", "联系电话"]],
    }
    assert columns.unknown == ()


def test_other_languages_do_not_stand_in_for_the_title() -> None:
    columns = recognise(_table(["标题(英文)", "标题", "标题(翻译)"]), "patent")
    assert _fields(columns) == {"title": [["标题"]]}


def test_the_header_is_found_under_titles_notes_and_blank_lines() -> None:
    table = _table(
        ["某大学专利清单", "", ""],
        ["", "", ""],
        ["导出时间:2024-01-01", "", ""],
        ["申请号", "标题", "其他"],
        ["2012202497674", "一种标题生成方法", "名称"],
    )
    columns = recognise(table, "patent")
    assert (columns.header_row, columns.headers) == (4, ("申请号", "标题", "其他"))


def test_a_title_spread_over_all_columns_is_no_header() -> None:
    table = _table(["标题", "标题", "标题"], ["申请号", "标题", "摘要"])
    assert recognise(table, "patent").header_row == 2


def test_a_header_of_two_rows_is_taken_together() -> None:
    table = _table(
        ["序号", "专利名称", "申请人", "", "发明人", ""],
        ["", "", "名称", "地址", "第一", "其他"],
        ["1", "阀门", "某大学", "某市", "甲", "乙"],
    )
    columns = recognise(table, "patent")
    assert columns.header_row == 2
    assert columns.headers == (
        "序号",
        "专利名称",
        "申请人名称",
        "申请人地址",
        "发明人",
        "发明人其他",
    )
    assert columns.fields["applicants"] == ((2,),)
    assert columns.fields["address"] == ((3,),)


def test_a_row_of_data_is_never_taken_for_a_second_header(tmp_path: Path) -> None:
    table = _table(["标题", "甲", "乙"], ["阀门", "状态", "机械"], ["水泵", "x", "y"])
    assert recognise(table, "patent").header_row == 1


def test_a_form_that_stands_upright_is_named_and_not_read_as_a_list() -> None:
    form = _table(["企业技术需求表", ""], ["主要问题", "a"], ["预期目标", "b"], ["企业名称", "c"])
    columns = recognise(form, "need")
    assert (columns.usable, columns.hints) == (
        False,
        ("这张表的列名像是竖着排的(第一列是列名);请转置成一行一条记录、第一行是列名,再导入。",),
    )


def test_a_map_wins_over_the_table_and_takes_chinese_names() -> None:
    table = _table(["专利题名", "名称", "编码"], ["阀门", "x", "201220249767.4"])
    columns = recognise(
        table, "patent", mapping={"专利题名 ": "标题", "编码": "申请号", "名称": "忽略"}
    )
    assert _fields(columns) == {"title": [["专利题名"]], "application_number": [["编码"]]}
    assert columns.unused == ("名称",)


def test_a_map_to_no_field_names_those_there_are() -> None:
    with pytest.raises(BadInput) as caught:
        recognise(_table(["a"]), "need", mapping={"a": "价钱"})
    assert caught.value.message.startswith(
        "列“a”不能对应到“价钱”:没有这个字段。可用的字段有:source_id(需求编号)、title(需求名称)、"
    )


def test_the_fingerprint_forgets_order_case_and_spaces_and_nothing_else() -> None:
    assert fingerprint(["标题 ", "IPC", ""]) == fingerprint(["ipc", "【标题】"])
    assert fingerprint(["标题", "IPC"]) != fingerprint(["标题"])
    assert recognise(_table(["IPC", "标题"]), "patent").fingerprint == fingerprint(["标题", "IPC"])


def test_an_unknown_column_is_suggested_by_its_values() -> None:
    table = _table(
        ["标题", "摘要", "编号"], ["阀", "x", "201220249767.4"], ["泵", "y", "CN201220249767.4"]
    )
    assert recognise(table, "patent").hints == (
        "第 3 列“编号”看起来是申请号,可用 --map 编号=申请号 指定。",
    )


def test_a_table_without_a_title_or_a_header_is_not_usable() -> None:
    assert not recognise(_table(["申请号", "摘要"], ["1", "2"]), "patent").usable
    bare = recognise(_table(["", ""], ["阀门", "水泵"]), "patent")
    assert (bare.usable, bare.header_row, bare.headers) == (False, None, ("阀门", "水泵"))
    assert not recognise(_table(), "patent").usable


def test_keys_of_json_are_the_only_header_looked_at() -> None:
    columns = recognise(_table(["a", "b"], ["标题", "摘要"], first=0), "patent")
    assert not columns.usable


@pytest.mark.parametrize(
    ("header", "key"),
    [
        ("公开（公告）号", "公开(公告)号"),
        (" 标题 (中文)", "标题(中文)"),
        ("【专利】名称*", "专利名称"),
        ("ＩＰＣ", "ipc"),
        ("申请号：", "申请号"),
        ("需求名称（必填）", "需求名称"),
        ("\ufeffID\u200b", "id"),
    ],
)
def test_headers_are_compared_in_their_plain_form(header: str, key: str) -> None:
    assert plain(header) == key
