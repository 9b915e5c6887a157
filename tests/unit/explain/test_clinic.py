"""What a need lacks: held on sentences whose answer is plain to a person."""

from types import SimpleNamespace
from typing import Any

import pytest

from matcher.explain.clinic import Advice, advice


def asked(
    text: str, title: str = "", keywords: tuple[str, ...] = (), weights: Any = None
) -> Advice:
    return advice({"title": title, "content": text}, keywords, weights)


@pytest.mark.parametrize(
    ("text", "missing"),
    [
        ("铝合金压铸件气孔多,合格率低", ("产品", "应用")),
        ("锂电池隔膜在 150℃ 高温环境下收缩,想通过表面涂覆陶瓷提高耐热性", ()),
        ("想做智能化升级", ("材料", "方法", "功效", "产品", "应用")),
        ("开发报税软件的自动识别算法,在办税大厅现场应用,提高效率", ()),  # software has no material
        ("含铬废水的吸附处理", ("功效", "产品", "应用")),
        ("", ("材料", "方法", "功效", "产品", "应用")),
    ],
)
def test_the_elements_that_are_not_named(text: str, missing: tuple[str, ...]) -> None:
    assert asked(text).missing == missing


def test_what_a_company_says_of_itself_names_no_element() -> None:
    told = asked("我公司年产钢材10万吨,拥有先进焊接设备。想降低噪声。")
    assert "材料" in told.missing and "产品" in told.missing and "功效" in told.named


@pytest.mark.parametrize(
    ("text", "vague"),
    [
        ("要提高耐热性,降低能耗。", ("提高耐热性", "降低能耗")),
        ("把合格率提高到 95% 以上。", ()),
        ("降低生产成本;废品率降到 3% 以下。", ("降低生产成本",)),
        ("高精度、低噪声的减速器。", ("高精度", "低噪声")),
    ],
)
def test_aims_without_a_figure(text: str, vague: tuple[str, ...]) -> None:
    assert asked(text).vague == vague


def test_figures_are_read_as_explaining_reads_them() -> None:
    assert asked("预期目标:热收缩率≤5%,闭孔温度不低于135℃。").figures == (
        "热收缩率≤5%", "闭孔温度不低于135℃")  # fmt: skip


def test_words_that_are_everywhere_are_broad() -> None:
    assert asked("隔膜", keywords=("隔膜", "技术、系统", "人工智能")).broad == (
        "技术", "系统", "人工智能")  # fmt: skip


def test_with_a_corpus_common_words_are_broad_and_so_is_a_title_of_such_alone() -> None:
    common = {"控制": 0.5, "方法": 0.2, "隔膜": 6.0}
    weights = SimpleNamespace(
        rarest=10.0, holds=common.__contains__, word_weight=common.__getitem__,
        segmenter=SimpleNamespace(
            words=lambda text: [text[:2], text[2:]],
            spans=lambda text: [(text[:2], 0, 2)],
        ),
    )  # fmt: skip
    assert asked("", "控制方法", ("隔膜",), weights).broad == ("控制", "方法")
    assert asked("", "隔膜方法", ("控制",), weights).broad == ("控制",)


def test_a_need_that_says_all_is_fine() -> None:
    text = (
        "锂电池用聚乙烯隔膜在 150℃ 高温条件下收缩严重,容易短路。现用勃姆石涂覆工艺,涂层容易掉粉,"
        "希望改进粘结剂配方,使热收缩率≤5%,剥离强度≥40N/m。"
    )
    told = asked(text, "提高锂电池隔膜耐热性", ("隔膜",))
    assert told.fine and not told.short
