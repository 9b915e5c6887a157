from datetime import date

from hypothesis import given, settings
from hypothesis import strategies as st

from matcher.normalise.needs import need_of
from matcher.normalise.sections import Sections, lead_of, sections_of, title_from
from matcher.records import Flag, Need, Problem, Rejection, Row

TODAY = date(2026, 11, 23)
FIELDS = (
    "source_id title main_problem key_technology expected_goal content keywords deadline budget"
    " modes field industry company credit_code park region province city address contact level"
)


def read(headers: dict[str, str] | None = None, **fields: str) -> Need | Rejection:
    return need_of(Row("需求.xlsx", "", 3, fields, headers or {}), today=TODAY)


def taken(**fields: str) -> Need:
    found = read(**fields)
    assert isinstance(found, Need), found
    return found


def test_the_official_form_becomes_a_whole_record() -> None:
    found = taken(
        source_id="XQ-2026-01",
        title="提高隔膜耐热性",
        main_problem="隔膜在 150℃ 收缩",
        key_technology="150℃ 收缩率 ≤3%",
        expected_goal="批量生产",
        keywords="锂电池；隔膜",
        deadline="2027年6月前",
        budget="50-80",
        modes="联合攻关、购买专利",
        field="新材料",
        industry="C38 电气机械和器材制造业",
        company="某某新能源有限公司",
        province="河南",
        city="郑州",
        contact="张经理 0371-00000000",
        level="脱敏",
    )
    assert found == Need(
        id="XQ-2026-01",
        title="提高隔膜耐热性",
        main_problem="隔膜在 150℃ 收缩",
        key_technology="150℃ 收缩率 ≤3%",
        expected_goal="批量生产",
        keywords=("锂电池", "隔膜"),
        deadline=date(2027, 6, 30),
        deadline_text="2027年6月前",
        budget_min=50.0,
        budget_max=80.0,
        budget_text="50-80",
        modes=("合作研发", "技术转让"),
        field="新材料",
        industries=("C38",),
        company="某某新能源有限公司",
        region="410100",
        contact="张经理 0371-00000000",
        level="脱敏",
        source="需求.xlsx",
    )


def test_marked_sections_fill_the_form_and_the_text_stays_whole() -> None:
    text = "需求内容：\n    提高韧性。\n预期目标：\n  ≥67%。\n现有工作基础：\n  1、厂房3栋。"
    found = taken(title="甲", content=text)
    assert (found.main_problem, found.key_technology, found.expected_goal) == (
        "提高韧性。",
        "",
        "≥67%。",
    )
    assert (
        found.content == "需求内容：\n提高韧性。\n预期目标：\n≥67%。\n现有工作基础：\n1、厂房3栋。"
    )


def test_a_column_of_its_own_wins_over_a_marked_section() -> None:
    found = taken(title="甲", content="预期目标：乙", expected_goal="丙")
    assert found.expected_goal == "丙"


def test_numbered_headings_are_sections_too() -> None:
    text = "（一）技术研发的目标：\n1.电阻合格；\n（二）技术研发的内容：配方。\n二、技术指标\n≤3%"
    assert sections_of(text) == Sections(
        main_problem="", key_technology="配方。\n≤3%", expected_goal="1.电阻合格；"
    )


def test_a_heading_inside_a_line_counts_behind_a_sentence() -> None:
    found = sections_of("需求内容：研制轴承。预期目标：寿命翻番。现有基础：有产线。")
    assert found == Sections(main_problem="研制轴承。", expected_goal="寿命翻番。")


def test_plain_text_has_no_sections() -> None:
    assert sections_of("本项目的目标是研制轴承，解决磨损问题。") == Sections()


def test_what_stands_before_the_first_heading_is_the_problem_when_none_is_marked() -> None:
    text = "研制满足公司需求的水务设备管理系统；预期目标：1、故障率降低 30%。现有工作基础：有机房。"
    found = taken(title="甲", content=text)
    assert (found.main_problem, found.key_technology, found.expected_goal) == (
        "研制满足公司需求的水务设备管理系统；",
        "",
        "1、故障率降低 30%。",
    )
    assert found.content == text


def test_a_marked_problem_counts_over_what_stands_before_it() -> None:
    found = taken(title="甲", content="先说几句。\n需求内容：研制轴承。\n预期目标：寿命翻番。")
    assert (found.main_problem, found.expected_goal) == ("研制轴承。", "寿命翻番。")


def test_a_text_beside_columns_of_goals_is_the_problem() -> None:
    found = taken(title="甲", content="窑炉能耗高。", expected_goal="降低 10%")
    assert (found.main_problem, found.expected_goal) == ("窑炉能耗高。", "降低 10%")


def test_a_text_with_no_section_but_former_work_stays_running_text() -> None:
    found = taken(title="甲", content="窑炉能耗高。\n现有工作基础：有两条产线。")
    assert (found.main_problem, found.key_technology, found.expected_goal) == ("", "", "")


def test_who_the_company_is_and_what_it_spends_is_no_problem() -> None:
    text = (
        "某某机械有限公司成立于1998年，现有员工300人。公司主营轴承。我公司急需降低轴承磨损。\n"
        "项目总投资200万元。\n预期目标：寿命翻番。"
    )
    assert lead_of(text) == "我公司急需降低轴承磨损。"
    assert lead_of("公司简介：专业厂。\n预期目标：寿命翻番。") == ""
    assert lead_of("主要研发内容及问题如下：\n技术参数：5 kW") == ""


def test_difficulties_and_budget_under_one_heading_are_the_problem() -> None:
    found = sections_of("希望解决的技术难题和预算\n磨损快。\n预算：\n200万元")
    assert found == Sections(main_problem="磨损快。")


def test_a_missing_title_is_the_first_clause() -> None:
    found = taken(content="需求内容：\n降低石灰窑能耗，减少排放。")
    assert found.title == "降低石灰窑能耗"
    assert title_from("锂电池，安全隐患问题突出。") == "锂电池，安全隐患问题突出"
    assert len(title_from("长" * 100)) == 40


def test_neither_title_nor_text_is_refused() -> None:
    found = read({"title": "需求名称"}, company="某公司", title="无")
    assert isinstance(found, Rejection)
    assert found.problems == (
        Problem(
            "no_content",
            "需求名称",
            "",
            "没有需求名称，也没有需求内容",
            "请至少填写需求名称或需求内容后再导入",
        ),
    )


def test_a_need_not_to_be_stored_is_refused() -> None:
    found = read(title="甲", level="不入库")
    assert isinstance(found, Rejection)
    assert [problem.code for problem in found.problems] == ["secret_level"]


def test_an_id_that_counts_rows_is_not_used() -> None:
    found = taken(source_id="7", title="甲", company="乙", content="丙")
    assert found.id == taken(title="甲", company="乙", content="丙").id
    assert found.id.startswith("X-") and len(found.id) == 18
    assert found.id != taken(title="甲", company="丁", content="丙").id


def test_unread_values_are_kept_as_words_and_flagged() -> None:
    found = taken(title="甲", deadline="看情况", budget="很多", industry="某行业", modes="谈")
    assert (found.deadline, found.deadline_text, found.budget_text) == (None, "看情况", "很多")
    assert (found.field, found.industries, found.modes) == ("某行业", (), ("其他",))
    assert found.flags == (
        Flag("unread_value", "国民经济行业“某行业”不是国民经济行业名称，按领域文字保留"),
        Flag("unread_value", "拟投入资金“很多”未能识别"),
        Flag("unread_value", "需求时限“看情况”未能识别"),
    )


def test_open_words_are_no_flags() -> None:
    assert taken(title="甲", deadline="长期", budget="面议", modes="不限").flags == ()


def test_a_budget_column_in_yuan_is_read_as_such() -> None:
    found = read({"budget": "预算（元）"}, title="甲", budget="5000")
    assert isinstance(found, Need)
    assert (found.budget_min, found.budget_max) == (0.5, 0.5)


@settings(max_examples=300, deadline=None)
@given(st.dictionaries(st.sampled_from(FIELDS.split()), st.text(max_size=40)))
def test_any_row_becomes_a_need_or_a_rejection_with_reasons(fields: dict[str, str]) -> None:
    row = Row("f", "", 1, fields)
    found = need_of(row, today=TODAY)
    assert need_of(row, today=TODAY) == found
    if isinstance(found, Rejection):
        assert found.problems and found.row is row
    else:
        assert found.id and found.title
        repr(found).encode()
