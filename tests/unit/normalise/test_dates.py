from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from matcher.normalise.dates import date_of, in_range, years_after
from matcher.normalise.deadlines import deadline_of
from matcher.records import Problem

TODAY = date(2026, 11, 23)
DAYS = st.dates(date(1985, 4, 1), date(2060, 1, 1))


@given(DAYS)
def test_every_written_form_of_a_day_is_the_same_day(day: date) -> None:
    y, m, d = day.year, day.month, day.day
    serial = (day - date(1899, 12, 30)).days
    for text in (
        f"{y}.{m:02}.{d:02}",
        f"{y}-{m:02}-{d:02}",
        f"{y}/{m}/{d}",
        f"{y}{m:02}{d:02}",
        f"{y}年{m}月{d}日",
        f"{y}-{m:02}-{d:02} 00:00:00",
        f"{y}-{m:02}-{d:02}T08:30:00.000Z",
        f"{y}/{m}/{d} 8:30",
        f" {y} 年 {m} 月 {d} 日 ",
        f"{serial}",
        f"{serial}.0",
        f"{serial}.354",
    ):
        assert date_of(text) == day, text


@given(st.text(max_size=20))
def test_any_text_is_a_day_or_a_problem(text: str) -> None:
    found = date_of(text)
    assert isinstance(found, date | Problem)
    deadline_of(text, today=TODAY)


@given(st.text(alphabet="0123456789年月日底前内个半上下季度Q-./~至 一二十", max_size=14))
def test_any_deadline_is_a_day_or_none(text: str) -> None:
    assert isinstance(deadline_of(text, today=TODAY), date | None)


@pytest.mark.parametrize("text", ["2013.13.01", "2013-02-30", "13.1.2", "2013", "abc", "20131301"])
def test_what_is_no_day_is_explained(text: str) -> None:
    assert date_of(text) == Problem(
        "bad_date", "", text, f"日期“{text}”认不出来", "请写成 2013-01-02 这样的形式后再导入"
    )


def test_the_range_begins_with_the_patent_law() -> None:
    assert not in_range(date(1985, 3, 31), latest=TODAY)
    assert in_range(date(1985, 4, 1), latest=TODAY)
    assert in_range(TODAY, latest=TODAY)
    assert not in_range(TODAY + timedelta(days=1), latest=TODAY)


def test_a_leap_day_ends_on_the_28th() -> None:
    assert years_after(date(2020, 2, 29), 10) == date(2030, 2, 28)
    assert years_after(date(2020, 2, 29), 20) == date(2040, 2, 29)


@pytest.mark.parametrize(
    ("text", "day"),
    [
        ("2026年12月前", date(2026, 12, 31)),
        ("2027年2月", date(2027, 2, 28)),
        ("2026年底", date(2026, 12, 31)),
        ("2027年上半年", date(2027, 6, 30)),
        ("2027年第三季度", date(2027, 9, 30)),
        ("2027Q1", date(2027, 3, 31)),
        ("2027年", date(2027, 12, 31)),
        ("2027-06", date(2027, 6, 30)),
        ("2027年5月20日前", date(2027, 5, 20)),
        ("2026.1.1-2027.6.30", date(2027, 6, 30)),
        ("2026年1月至2027年6月", date(2027, 6, 30)),
        ("20270630", date(2027, 6, 30)),
        ("46568", date(2027, 6, 30)),
        ("1年", date(2027, 11, 23)),
        ("一年内", date(2027, 11, 23)),
        ("两年", date(2028, 11, 23)),
        ("1.5年", date(2028, 5, 23)),
        ("一年半", date(2028, 5, 23)),
        ("6个月内", date(2027, 5, 23)),
        ("十八个月", date(2028, 5, 23)),
        ("半年", date(2027, 5, 23)),
        ("3-6个月", date(2027, 5, 23)),
        ("90天", date(2027, 2, 21)),
        ("2周", date(2026, 12, 7)),
        ("年底前", date(2026, 12, 31)),
        ("明年6月", date(2027, 6, 30)),
        ("长期", None),
        ("长期有效", None),
        ("面议", None),
        ("", None),
    ],
)
def test_deadlines_are_the_last_day_the_words_allow(text: str, day: date | None) -> None:
    assert deadline_of(text, today=TODAY) == day


def test_months_count_to_the_last_day_of_a_shorter_month() -> None:
    assert deadline_of("1个月", today=date(2027, 1, 31)) == date(2027, 2, 28)
