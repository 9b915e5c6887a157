"""Deadlines of needs: the last day that the words allow."""

import re
from calendar import monthrange
from collections.abc import Callable
from datetime import date, timedelta

from matcher.normalise.cells import plain
from matcher.normalise.dates import date_of, years_after

_DIGITS = {"一": 1, "二": 2, "两": 2, "三": 3, "四": 4, "五": 5, "六": 6, "七": 7, "八": 8, "九": 9}
_NUMBER = r"(\d{1,4}(?:\.\d+)?|十?[一二两三四五六七八九十]|半)"
_FULL = re.compile(r"\d{4}\s*[-./年]\s*\d{1,2}\s*[-./月]\s*\d{1,2}\s*日?|(?<!\d)\d{8}(?!\d)")
_MONTH = re.compile(r"(\d{4})\s*(?:年|[-./])\s*(\d{1,2})\s*(?:月|(?!\d))")
_QUARTER = re.compile(r"(\d{4})\s*年?\s*第?([一二三四1-4])季度?|(\d{4})\s*年?\s*Q([1-4])")
_HALF = re.compile(r"(\d{4})\s*年?\s*(上半年|下半年|初|中|底|末)")
_YEAR = re.compile(r"(?<!\d)(20\d{2})\s*(?:年|$)")
_NEAR = re.compile(r"(今年|本年|明年|后年)?度?\s*(?:(\d{1,2})月|(年底|年末|底|末))")
_SPAN = re.compile(_NUMBER + r"\s*(?:个|.{0,2}?)\s*(半)?\s*(年半|年|个半月|月|周|星期|天|日|季度)")
_COMING = {"今年": 0, "本年": 0, "明年": 1, "后年": 2}


def deadline_of(text: str, *, today: date) -> date | None:
    """The day a need ends; `today` is what relative words (``6个月内``, ``明年底``) count from.

    A month means its last day, a year 31 December, of a range the end; 长期, 不限 and what
    cannot be read give None.  The words are kept by the caller."""
    bare = plain(text).strip()
    for read in _READERS:
        found = read(bare, today)
        if found is not None:
            return found
    return None


def _full(text: str, today: date) -> date | None:
    days = [date_of(match) for match in _FULL.findall(text)]
    real = [day for day in days if isinstance(day, date)]
    if real:
        return real[-1]
    whole = date_of(text)
    return whole if isinstance(whole, date) else None


def _month(text: str, today: date) -> date | None:
    ends = [_month_end(int(year), int(month)) for year, month in _MONTH.findall(text)]
    return next((day for day in reversed(ends) if day is not None), None)


def _quarter(text: str, today: date) -> date | None:
    match = _QUARTER.search(text)
    if match is None:
        return None
    sign = match[2] or match[4]
    return _month_end(int(match[1] or match[3]), 3 * (_DIGITS.get(sign) or int(sign)))


def _half(text: str, today: date) -> date | None:
    match = _HALF.search(text)
    if match is None:
        return None
    month = {"初": 3, "上半年": 6, "中": 6}.get(match[2], 12)
    return _month_end(int(match[1]), month)


def _year(text: str, today: date) -> date | None:
    years = _YEAR.findall(text)
    return date(int(years[-1]), 12, 31) if years else None


def _near(text: str, today: date) -> date | None:
    match = _NEAR.match(text)
    if match is None:
        return None
    year = today.year + _COMING.get(match[1] or "", 0)
    month = int(match[2]) if match[2] else 12
    if match[1] is None and month < today.month:
        year += 1
    return _month_end(year, month)


def _span(text: str, today: date) -> date | None:
    spans = _SPAN.findall(text)
    if not spans:
        return None
    count, half, unit = spans[-1]
    amount = _amount(count) + (0.5 if half or "半" in unit else 0.0)
    if "年" in unit or unit in ("季度",):
        return _months_after(today, round(amount * (12 if "年" in unit else 3)))
    if "月" in unit:
        return _months_after(today, round(amount))
    return today + timedelta(days=round(amount * (7 if unit in ("周", "星期") else 1)))


_READERS: tuple[Callable[[str, date], date | None], ...] = (
    _full, _quarter, _half, _month, _year, _near, _span,
)  # fmt: skip


def _amount(sign: str) -> float:
    if sign == "半":
        return 0.5
    if sign[0].isdigit():
        return float(sign)
    if sign.startswith("十"):
        return 10.0 + _DIGITS.get(sign[1:], 0)
    return float(_DIGITS[sign])


def _month_end(year: int, month: int) -> date | None:
    if not (1985 <= year <= 2199 and 1 <= month <= 12):
        return None
    return date(year, month, monthrange(year, month)[1])


def _months_after(day: date, months: int) -> date | None:
    if not 0 <= months <= 1200:
        return None
    years, month = divmod(day.month - 1 + months, 12)
    first = years_after(day.replace(day=1), years).replace(month=month + 1)
    return first.replace(day=min(day.day, monthrange(first.year, first.month)[1]))
