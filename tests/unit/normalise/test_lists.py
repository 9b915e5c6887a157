import pytest
from hypothesis import given
from hypothesis import strategies as st

from matcher.normalise.lists import (
    cooperation_modes_of,
    count_of,
    keywords_of,
    level_of,
    licence_modes_of,
    payment_of,
    transfer_modes_of,
    trl_of,
    yes_no,
)
from matcher.normalise.money import Money, money_of


@pytest.mark.parametrize(
    ("text", "low", "high"),
    [
        ("30万元", 30, 30), ("30", 30, 30), ("50-80万", 50, 80), ("50万-80万元", 50, 80),
        ("10至30万元", 10, 30), ("不低于100万", 100, None), ("100万元以上", 100, None),
        ("≥50万", 50, None), ("不超过20万元", None, 20), ("50万以内", None, 50),
        ("1.5亿", 15000, 15000),
        ("200000元", 20, 20), ("200000", 20, 20), ("8000-12000元", 0.8, 1.2), ("20万", 20, 20),
        ("3千万", 3000, 3000), ("五十万", 50, 50), ("两百万元", 200, 200),
        ("约30万元左右", 30, 30),
        ("入门费5万+3%提成", 5, None), ("销售额3%提成", None, None), ("面议", None, None),
        ("3年共100万元", 100, 100), ("１０万", 10, 10), ("1,000万元", 1000, 1000),
        ("", None, None),
        ("一次性10万", 10, 10), ("9" * 400, None, None),
    ],
)  # fmt: skip
def test_amounts_are_ranges_in_ten_thousands(
    text: str, low: float | None, high: float | None
) -> None:
    assert money_of(text) == Money(low, high)


def test_a_column_in_yuan_sets_the_unit_of_bare_numbers() -> None:
    assert money_of("5000", unit="元") == Money(0.5, 0.5)
    assert money_of("5000") == Money(5000, 5000)


@given(st.text(alphabet="0123456789.,-~至万亿千百十元%一二两不低于超过以上内约 ", max_size=20))
def test_any_amount_is_an_ordered_range(text: str) -> None:
    money = money_of(text)
    if money.low is not None and money.high is not None:
        assert 0 <= money.low <= money.high


@pytest.mark.parametrize(
    ("text", "level"),
    [("TRL6", 6), ("trl 7级", 7), ("6", 6), ("6级", 6), ("六级", 6), ("4-6级", 4), ("小试", 4),
     ("中试阶段", 6), ("已产业化", 8), ("小批量试生产", 7), ("实验室阶段", 4), ("成熟应用", 9),
     ("10", None),
     ("高", None)],
)  # fmt: skip
def test_technology_readiness(text: str, level: int | None) -> None:
    assert trl_of(text) == level


def test_modes_of_licence_and_transfer() -> None:
    assert licence_modes_of("普通许可；独占") == ("独占许可", "普通许可")
    assert licence_modes_of("排它许可、开放许可") == ("排他许可", "开放许可")
    assert licence_modes_of("非独占") == ("普通许可",)
    assert licence_modes_of("不接受独占，普通许可") == ("普通许可",)
    assert licence_modes_of("面谈") == ()
    assert transfer_modes_of("转让/作价投资") == ("转让", "作价入股")
    assert transfer_modes_of("独占许可") == ("许可",)
    assert transfer_modes_of("均可") == ("转让", "许可", "作价入股")


@pytest.mark.parametrize(
    ("text", "modes"),
    [
        ("委托开发", ("委托研发",)),
        ("联合攻关、技术入股", ("合作研发", "技术入股")),
        ("购买专利；实施许可", ("技术转让", "技术许可")),
        ("技术咨询", ("其他",)),
        ("谈", ("其他",)),
        ("不限", ()),
        ("", ()),
    ],
)
def test_cooperation_modes_by_synonym(text: str, modes: tuple[str, ...]) -> None:
    assert cooperation_modes_of(text) == modes


def test_an_unknown_level_is_not_open() -> None:
    words = ("公开", "脱敏公开", "授权可见", "内部", "不入库", "涉密", "是", "否", "甲")
    levels = ["公开", "脱敏", "授权可见", "授权可见", "不入库", "不入库", "公开", "授权可见", None]
    assert [level_of(word) for word in words] == levels


def test_yes_no_counts_and_payment() -> None:
    assert [yes_no(word) for word in ("是", "同意", "√", "1", "否", "不支持", "×", "暂缓")] == [
        True, True, True, True, False, False, False, None,
    ]  # fmt: skip
    counts = [count_of(word) for word in ("3", "3次", "3.0", "无", "有", "多次")]
    assert counts == [3, 3, 3, 0, 1, None]
    ways = [payment_of(word) for word in ("一次性支付", "按销售额提成", "入门费5万+提成", "分三期")]
    assert ways == ["一次性", "提成", "入门费加提成", "分三期"]


def test_keywords_split_at_marks_or_spaces() -> None:
    assert keywords_of("锂电池；隔膜;耐热") == ("锂电池", "隔膜", "耐热")
    assert keywords_of("锂电池、隔膜，耐热") == ("锂电池", "隔膜", "耐热")
    assert keywords_of("锂电池 隔膜") == ("锂电池", "隔膜")
    assert keywords_of("deep learning") == ("deep learning",)
    assert keywords_of("") == ()
