from math import inf

import pytest

from matcher.explain.checks import Checker, check, statements
from matcher.explain.demands import demands
from matcher.explain.properties import Named, agree, plain
from matcher.matches import Check, CheckVerdict
from matcher.records import TextField
from matcher.text.words import Segmenter

SEGMENTER = Segmenter()
NEED: dict[TextField, str] = {
    "title": "耐高温锂电池隔膜",
    "expected_goal": "180℃下热收缩率≤5%，闭孔温度≥135℃；厚度不大于20μm。",
}
PATENT: dict[TextField, str] = {
    "title": "一种陶瓷涂覆聚烯烃隔膜及其制备方法",
    "abstract": "涂层使隔膜在180 ℃下热收缩率低于3%，干燥温度为60℃，隔膜厚度为25μm。",
}


def verdict(
    asked: str, told: str, *, title: str = "陶瓷涂层隔膜", about: str = "陶瓷涂层隔膜"
) -> CheckVerdict:
    need = demands({"title": title, "expected_goal": asked})
    (one,) = check(need, statements({"title": about, "abstract": told}), SEGMENTER)
    return one.verdict


def test_each_demand_is_quoted_and_answered_with_a_quotation() -> None:
    goal, abstract = NEED["expected_goal"], PATENT["abstract"]
    found = Checker(SEGMENTER).checks(NEED, PATENT)
    assert [(one.demand, one.verdict, one.found) for one in found] == [
        ("热收缩率≤5%", "satisfied", "热收缩率低于3%"),
        ("闭孔温度≥135℃", "not_stated", ""),
        ("厚度不大于20μm", "not_satisfied", "隔膜厚度为25μm"),
    ]
    for one in found:
        assert goal[one.start : one.end] == one.demand
        assert one.field == "expected_goal"
        if one.found:
            assert one.found_field == "abstract"
            assert abstract[one.found_start : one.found_end] == one.found
    assert found[1] == Check("闭孔温度≥135℃", 13, 22, "expected_goal", "not_stated")


@pytest.mark.parametrize(
    ("asked", "told", "expected"),
    [
        ("孔隙率≥40%", "孔隙率为45%", "satisfied"),
        ("孔隙率≥40%", "孔隙率为35%", "not_satisfied"),
        ("孔隙率≥40%", "孔隙率为35-45%", "not_stated"),
        ("孔隙率≥40%", "孔隙率≥35%", "not_stated"),
        ("孔隙率≥40%", "孔隙率≥42%", "satisfied"),
        ("孔隙率≥40%", "孔隙率小于40%", "not_satisfied"),
        ("孔隙率>40%", "孔隙率为40%", "not_satisfied"),
        ("孔隙率>40%", "孔隙率≥40%", "not_stated"),
        ("孔隙率达到40%", "孔隙率可达45%", "satisfied"),
        ("粒径小于50μm", "粒径为0.03毫米", "satisfied"),
        ("粒径小于50μm", "粒度小于50微米", "satisfied"),
        ("粒径小于50μm", "粒径不大于50μm", "not_stated"),
        ("粒径小于50μm", "长度为10μm", "not_stated"),
        ("抗拉强度≥60MPa", "抗压强度为80MPa", "not_stated"),
        ("抗拉强度≥60MPa", "拉伸强度为80MPa", "satisfied"),
        ("抗拉强度≥60MPa", "室温抗拉强度为80MPa", "satisfied"),
        ("横向抗拉强度≥60MPa", "纵向抗拉强度为80MPa", "not_stated"),
        ("涂层总厚度≤4μm", "单面涂层厚度为2μm", "not_stated"),
        ("抗拉强度≥60MPa", "抗拉强度为80%", "not_stated"),
        ("抗拉强度提高20%以上", "抗拉强度提高了25%", "satisfied"),
        ("抗拉强度提高20%以上", "抗拉强度降低了25%", "not_stated"),
        ("抗拉强度提高20%以上", "抗拉强度为25%", "not_stated"),
        ("误差±2mm", "误差为±1mm", "satisfied"),
        ("误差±2mm", "误差小于1mm", "satisfied"),
        ("误差不超过2mm", "误差为±3mm", "not_stated"),
        ("工作温度-40~85℃", "工作温度为-50~120℃", "satisfied"),
        ("工作温度-40~85℃", "工作温度为0~60℃", "not_stated"),
        ("150℃下热收缩率≤3%", "120℃下热收缩率为1%", "not_stated"),
        ("150℃下热收缩率≤3%", "热收缩率为1%", "not_stated"),
        ("热收缩率≤3%", "150℃下热收缩率为1%", "satisfied"),
        ("热收缩率≤3%", "现有技术的热收缩率为8%，本发明的热收缩率为1%", "not_stated"),
        ("热收缩率≤3%", "热收缩率为8%，优选热收缩率为1%", "not_stated"),
        ("反应温度≥100℃", "温度为150℃", "not_stated"),
        ("设备降噪至40dB", "设备噪声为35dB", "not_stated"),
    ],
)
def test_only_what_is_clear_is_called_satisfied_or_not(
    asked: str, told: str, expected: CheckVerdict
) -> None:
    assert verdict(asked, told) == expected


def test_a_patent_about_something_else_states_nothing() -> None:
    assert verdict("孔隙率≥40%", "孔隙率为45%", about="一种水泥砖") == "not_stated"


def test_a_qualified_property_may_be_another_than_a_bare_one() -> None:
    owner = Named("隔膜厚度", "隔膜厚度", "陶瓷隔膜")
    bare = Named("厚度", "厚度", "一种陶瓷隔膜")
    other = Named("集流体厚度", "集流体厚度", "一种陶瓷隔膜")
    assert agree(bare, owner, SEGMENTER) == 1
    assert agree(owner, bare, SEGMENTER) == 0
    assert agree(owner, other, SEGMENTER) == 0
    assert agree(bare, other, SEGMENTER) == 0
    assert agree(Named("温度", "", "隔膜"), Named("温度", "", "隔膜"), SEGMENTER) == 0


def test_a_property_is_known_by_its_usual_word() -> None:
    assert plain("产品的平均噪音") == "噪声"
    assert plain("抗拉强度Rm") == "抗拉强度"
    assert plain("延伸率") == "断裂伸长率"


@pytest.mark.parametrize(
    "text",
    [
        "公司年产值3亿元，占地50亩，员工200人",
        "我公司成立于2011年，年产量达到5万吨",
        "现有工作基础：设备精度达到0.01mm",
        "目前热收缩率达到8%",
        "据统计，市场占有率超过30%",
        "项目工期不超过24个月",
        "厚度为20μm",
        "切口宽度通常大于0.1毫米",
        "硅烷偶联剂≥5份",
    ],
)
def test_what_is_no_technical_demand_is_none(text: str) -> None:
    assert demands({"title": "隔膜", "content": text}) == ()


def test_a_demand_says_from_where_to_where_a_figure_would_do() -> None:
    text = "精度达到0.01mm，纯度达到99%，成本降低20%，噪声降至40dB，耐热60度，耐寒-15℃"
    found = demands({"expected_goal": text})
    assert [(one.text, one.low, one.high) for one in found] == [
        ("精度达到0.01mm", -inf, 1e-5),
        ("纯度达到99%", 0.99, inf),
        ("成本降低20%", 0.2, inf),
        ("噪声降至40dB", -inf, 40.0),
        ("耐热60度", 60.0, inf),
        ("耐寒-15℃", -inf, -15.0),
    ]


def test_under_a_heading_of_what_there_is_nothing_is_demanded_until_the_next_heading() -> None:
    text = "现有工作基础：\n孔隙率达到40%\n预期目标：\n孔隙率达到50%"
    assert [one.low for one in demands({"content": text})] == [0.5]


def test_a_reading_is_kept_by_key_only_while_its_texts_stay_the_same() -> None:
    checker = Checker(SEGMENTER)
    first = checker.checks(NEED, PATENT, keys=("D", "P"))
    assert checker.checks(NEED, PATENT, keys=("D", "P")) == first
    assert checker.checks(NEED, {"title": "隔膜"}, keys=("D", "P"))[0].verdict == "not_stated"
    for number in range(1100):
        checker.checks(NEED, {"title": "隔膜"}, keys=("D", f"P{number}"))
    assert checker.checks(NEED, PATENT, keys=("D", "P")) == first


def test_a_need_without_figures_has_no_checks() -> None:
    assert Checker(SEGMENTER).checks({"title": "隔膜"}, PATENT) == ()
