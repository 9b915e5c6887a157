"""A row of answers to a `Feedback` or a rejection, and what an answer teaches."""

from dataclasses import replace
from datetime import date
from typing import Any, get_args

import pytest
from hypothesis import given
from hypothesis import strategies as st

from matcher.normalise.feedback import feedback_of, training_grade
from matcher.normalise.pairing import Known
from matcher.records import Feedback, Problem, RefusalCode, Rejection, Row

TODAY = date(2026, 11, 23)
KNOWN = Known(
    needs={"XQ-1"}, patents={"P1"}, keys={}, need_titles={"隔膜": ["XQ-1"]}, patent_titles={}
)
PAIR = {"need_id": "XQ-1", "patent_id": "P1"}
ANSWER = Feedback(need_id="XQ-1", patent_id="P1", grade=3, source="表.csv")


def read(**fields: str) -> Feedback | Rejection | None:
    return feedback_of(Row("表.csv", "", 2, fields), KNOWN, today=TODAY)


def problems(**fields: str) -> list[tuple[str, str, str]]:
    found = read(**fields)
    assert isinstance(found, Rejection)
    return [(problem.code, problem.column, problem.reason) for problem in found.problems]


def test_a_full_row_is_read() -> None:
    assert read(
        need_title="隔膜", patent_id="P1", grade="较强相关", reply="否", refusal_code="价格太高",
        by=" 王 一 ", at="2026年11月20日", prospect="市场大", improvement="耐温\n≥200℃",
        willingness="愿意中试", note="先谈",
    ) == Feedback(
        need_id="XQ-1", patent_id="P1", by="王 一", at=date(2026, 11, 20), grade=3, reply="暂不",
        refusal_code="价格或许可方式不合", prospect="市场大", improvement="耐温 ≥200℃",
        willingness="愿意中试", note="价格太高;先谈", source="表.csv",
    )  # fmt: skip


@pytest.mark.parametrize(
    ("fields", "answer"),
    [
        ({"grade": "3"}, ANSWER),
        ({"reply": "愿意"}, replace(ANSWER, grade=None, reply="愿意对接")),
        (
            {"refusal_code": "方向不符"},
            replace(ANSWER, grade=None, refusal_code="方向不符"),
        ),
        (
            {"refusal_code": "领导不同意", "reply": "暂不"},
            replace(ANSWER, grade=None, reply="暂不", refusal_code="其他", note="领导不同意"),
        ),
        ({"grade": "3", "reply": "待定", "refusal_code": "无", "by": "-"}, ANSWER),
        (
            {"grade": "3", "reply": "愿意", "refusal_code": "不适用"},
            replace(ANSWER, reply="愿意对接"),
        ),
    ],
)
def test_one_of_grade_reply_and_refusal_is_enough(fields: dict[str, str], answer: Feedback) -> None:
    assert read(**PAIR, **fields) == answer


@pytest.mark.parametrize(
    "fields",
    [{}, {"grade": "未评"}, {"by": "王一", "at": "2026-11-20"}, {"reply": "--", "note": "无"}],
)
def test_a_row_that_nobody_answered_in_is_none_even_if_its_pair_is_unknown(
    fields: dict[str, str],
) -> None:
    assert read(**PAIR, **fields) is None
    assert read(need_id="?", **fields) is None


@pytest.mark.parametrize(
    ("fields", "problem"),
    [
        ({"grade": "7"}, ("bad_grade", "评分", "评分“7”认不出来")),
        ({"reply": "也许"}, ("bad_reply", "答复", "答复认不出来")),
        ({"grade": "3", "at": "去年"}, ("bad_date", "日期", "日期认不出来")),
        ({"grade": "3", "at": "2026-11-24"},
         ("bad_date", "日期", "日期“2026-11-24”不可能(在今天以后)")),
        ({"grade": "3", "at": "1926-11-24"}, ("bad_date", "日期", "日期“1926-11-24”不可能")),
        ({"prospect": "好"}, ("no_answer", "备注", "写了意见,却没有评分、答复或拒绝原因")),
        (
            {"reply": "愿意", "refusal_code": "太贵"},
            ("contradiction", "拒绝原因", "答复是愿意对接,却又写了拒绝原因"),
        ),
    ],
)  # fmt: skip
def test_an_answer_that_cannot_be_read_refuses_the_row(
    fields: dict[str, str], problem: tuple[str, str, str]
) -> None:
    assert problems(**PAIR, **fields) == [problem]


def test_every_problem_of_a_row_is_told() -> None:
    codes = [code for code, _, _ in problems(grade="9", reply="嗯", at="?", need_id="XQ-9")]
    assert codes == ["bad_grade", "bad_reply", "bad_date", "unknown_need", "no_patent"]


def test_names_of_people_are_in_no_problem() -> None:
    found = read(grade="诸葛亮", reply="诸葛亮", at="诸葛亮", by="诸葛亮", note="诸葛亮", **PAIR)
    assert isinstance(found, Rejection)
    assert "诸葛亮" not in repr(found.problems)


FIELDS = st.dictionaries(
    st.sampled_from(
        ["need_id", "need_title", "patent_id", "application_number", "publication_number",
         "patent_title", "grade", "reply", "refusal_code", "by", "at", "prospect", "note"]
    ),
    st.sampled_from(["XQ-1", "P1", "隔膜", "3", "愿意", "2026-1-1", "太贵"]) | st.text(max_size=6),
)  # fmt: skip


@given(FIELDS)
def test_any_row_is_read_refused_in_chinese_or_unanswered(fields: dict[str, str]) -> None:
    found = read(**fields)
    match found:
        case Feedback():
            assert (found.need_id, found.patent_id) == ("XQ-1", "P1")
        case Rejection():
            assert found.problems
            assert all(
                isinstance(problem, Problem) and problem.advice for problem in found.problems
            )
        case None:
            assert not any(fields.get(name, "").isdigit() for name in ("grade", "reply"))


# ------------------------------------------------------------------------------- training
@pytest.mark.parametrize(
    ("said", "grade"),
    [
        ({"grade": 1}, 1),
        ({"grade": 4}, 4),
        ({"grade": 2, "reply": "愿意对接"}, 2),
        ({"grade": 3, "refusal_code": "方向不符"}, 3),
        ({"reply": "愿意对接"}, 4),
        ({"reply": "暂不"}, None),
        ({"reply": "暂不", "refusal_code": "方向不符"}, 1),
        ({"refusal_code": "方向不符"}, 1),
        ({"refusal_code": "价格或许可方式不合"}, None),
        ({"refusal_code": "已有替代"}, None),
        ({"refusal_code": "技术太早期"}, None),
        ({"refusal_code": "商业路径不明"}, None),
        ({"refusal_code": "相对现有技术优势不明"}, None),
        ({"refusal_code": "描述不清"}, None),
        ({"refusal_code": "其他"}, None),
    ],
)
def test_an_answer_teaches_what_it_says_of_relevance_and_nothing_else(
    said: dict[str, Any], grade: int | None
) -> None:
    assert training_grade(Feedback(need_id="N", patent_id="P", **said)) == grade


def test_the_table_of_what_answers_teach_names_every_refusal() -> None:
    told = training_grade.__doc__ or ""
    assert [code for code in get_args(RefusalCode) if code not in told] == []
