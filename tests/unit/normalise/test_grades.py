"""What experts and companies write, read as grade, reply and refusal code."""

from typing import get_args

import pytest
from hypothesis import given
from hypothesis import strategies as st

from matcher.normalise.grades import grade_of, is_unsaid, quoted, refusal_of, reply_of
from matcher.records import Grade, Problem, RefusalCode


@pytest.mark.parametrize(
    ("text", "grade"),
    [
        ("1", 1), ("4", 4), ("3.0", 3), (" ３ ", 3), ("②", 2), ("4分", 4), ("2.0 分", 2),
        ("3/4", 3),
        ("强相关", 4), ("较强相关", 3), ("弱相关", 2), ("无相关", 1), ("不相关", 1),
        ("十分相关", 4),
        ("●●●○", 3), ("●○○○", 1), ("●●●●", 4), ("★★☆☆", 2), ("★★★", 3), ("4星", 4),
        ("3 较强相关", 3), ("4-强相关", 4), ("弱相关（2）", 2), ("3、较强相关", 3),
        ("2分：弱相关", 2),
    ],
)  # fmt: skip
def test_a_grade_is_read_however_it_is_written(text: str, grade: int) -> None:
    assert grade_of(text) == grade


@pytest.mark.parametrize(
    ("text", "quote"),
    [
        ("0", "“0”"), ("5", "“5”"), ("3.5", "“3.5”"), ("-1", "“-1”"), ("85%", "“85%”"),
        ("1-4", "“1-4”"), ("1/2", "“1/2”"), ("2,5", "“2,5”"), ("无", "“无”"), ("好", "“好”"),
        ("B", "“B”"), ("一级", "“一级”"), ("○○○○", "“○○○○”"), ("★★★☆☆", "“★★★☆☆”"), ("03", "“03”"),
        ("4 弱相关", ""), ("张三", ""), ("John", ""), ("13812345678", ""), ("不好说", ""),
        ("٣", ""),
    ],
)  # fmt: skip
def test_what_is_no_grade_is_refused_and_quoted_only_when_it_can_be_no_name(
    text: str, quote: str
) -> None:
    assert grade_of(text) == Problem(
        "bad_grade", "", "", f"评分{quote}认不出来",
        "请写 4(强相关)、3(较强相关)、2(弱相关)或 1(无相关)后再导入",
    )  # fmt: skip


@given(st.text(max_size=8))
def test_any_text_is_a_grade_or_refused_and_its_letters_are_not_told(text: str) -> None:
    found = grade_of(text)
    if isinstance(found, Problem):
        assert len(found.reason) <= 30 and found.code == "bad_grade"
    else:
        assert found in get_args(Grade)


@pytest.mark.parametrize(
    ("text", "reply"),
    [
        ("愿意对接", "愿意对接"), ("愿意", "愿意对接"), ("是", "愿意对接"), ("√", "愿意对接"),
        ("Yes", "愿意对接"), ("感兴趣。", "愿意对接"), ("有意向", "愿意对接"), ("TRUE", "愿意对接"),
        ("暂不", "暂不"), ("暂不考虑", "暂不"), ("否", "暂不"), ("不 愿意", "暂不"), ("×", "暂不"),
        ("NO", "暂不"), ("不感兴趣", "暂不"),
    ],
)  # fmt: skip
def test_a_reply_is_read_however_it_is_written(text: str, reply: str) -> None:
    assert reply_of(text) == reply


@pytest.mark.parametrize("text", ["没有", "再看看", "也许", "3", "李四"])
def test_what_is_no_reply_is_refused(text: str) -> None:
    found = reply_of(text)
    assert isinstance(found, Problem) and found.code == "bad_reply"
    assert "李四" not in found.reason + found.value


@pytest.mark.parametrize(
    ("text", "code"),
    [
        *((code, code) for code in get_args(RefusalCode)),
        ("太早期", "技术太早期"), ("技术不成熟", "技术太早期"), ("成熟度太低", "技术太早期"),
        ("价格太高", "价格或许可方式不合"), ("太贵", "价格或许可方式不合"),
        ("只接受独占，许可方式不行", "价格或许可方式不合"),
        ("与现有技术差别不大", "相对现有技术优势不明"),
        ("没有明显优势", "相对现有技术优势不明"), ("商业模式不清楚", "商业路径不明"),
        ("市场太小", "商业路径不明"), ("说明不够具体", "描述不清"), ("看不懂", "描述不清"),
        ("已有供应商", "已有替代"), ("我们已自主研发", "已有替代"),
        ("与我们的需求不一致", "方向不符"),
        ("领域不同", "方向不符"), ("技术不成熟，价格也高", "技术太早期"), ("价格高，技术不成熟",
        "价格或许可方式不合"), ("领导不同意", "其他"), ("此项无关紧要", "其他"), ("3", "其他"),
    ],
)  # fmt: skip
def test_a_reason_is_folded_to_the_code_named_first(text: str, code: str) -> None:
    assert refusal_of(text) == code


@pytest.mark.parametrize("text", ["", "无", "-", "没有", "不适用", "未拒绝", "未填"])
def test_a_cell_that_says_nothing_was_refused_has_no_code(text: str) -> None:
    assert refusal_of(text) is None


@pytest.mark.parametrize("text", ["", " ", "--", "未评", "待打分", "待定", "( )"])
def test_a_cell_may_say_that_nobody_answered_yet(text: str) -> None:
    assert is_unsaid(text)


@pytest.mark.parametrize("text", ["无", "没有", "0", "不", "●"])
def test_what_may_be_an_answer_is_not_taken_for_none(text: str) -> None:
    assert not is_unsaid(text)


def test_a_quoted_text_is_no_name_and_no_telephone_number() -> None:
    assert [quoted(text) for text in ("2026-13-01", "2026年13月1日", "欧阳", "138-1234-5678")] == [
        "“2026-13-01”", "“2026年13月1日”", "", "",
    ]  # fmt: skip
