import pytest

from matcher.explain.requirements import absent, quantities, technical


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("堆积密度≥1.80克/立方厘米", ["堆积密度≥1.80克/立方厘米"]),
        (
            "产品收率提高3%以上，质量分数达到99.5%以上",
            ["产品收率提高3%以上", "质量分数达到99.5%以上"],
        ),
        ("工作温度为-20~60℃以内", ["20~60℃以内"]),
        ("误差± 2.5 mm", ["误差±2.5mm"]),
        ("销售收入达到500万元，厂房超过1200平方米，不少于30人", []),
        ("2019年完成第3项", []),
        ("不低于0.5MPa；不低于0.5MPa", ["不低于0.5MPa"]),
        ("", []),
    ],
)
def test_quantities_are_what_the_text_demands_in_numbers(text: str, found: list[str]) -> None:
    assert quantities(text) == found


def test_what_a_company_says_of_itself_is_not_technical() -> None:
    text = "需要耐热隔膜。我公司占地80亩，员工300人；热收缩率小于3%。"
    assert technical(text) == "需要耐热隔膜。\n热收缩率小于3%。"


def test_words_come_first_then_at_most_two_numbers() -> None:
    words = ["隔膜", "耐热", "收缩", "透气", "孔隙"]
    numbers = ["≥1%", "≥2%", "≥3%"]
    assert absent(words, numbers, "", most=5) == ["隔膜", "耐热", "收缩", "≥1%", "≥2%"]
    assert absent(words, numbers, "隔膜耐热1%", most=5) == ["收缩", "透气", "孔隙", "≥2%", "≥3%"]


def test_a_part_of_a_named_word_and_a_compound_said_in_halves_are_left_out() -> None:
    assert absent(["瓦斯抽采", "瓦斯"], [], "", most=5) == ["瓦斯抽采"]
    assert absent(["瓦斯抽采"], [], "抽采煤层中的瓦斯", most=5) == []


def test_a_number_is_mentioned_only_as_a_figure_of_its_own() -> None:
    assert absent([], ["≥20%"], "温度为120℃", most=5) == ["≥20%"]
    assert absent([], ["20~60℃以内"], "在20℃至60℃之间", most=5) == []


def test_the_subject_of_a_quantity_is_without_the_words_that_lead_to_it() -> None:
    assert quantities("；将其耐磨性提高3倍以上") == ["耐磨性提高3倍以上"]
    assert quantities("\n在保证硬度达到60HRC以上") == ["硬度达到60HRC以上"]
