"""Calendar dates as exports write them."""

import re
from datetime import date, timedelta
from functools import lru_cache

from matcher.normalise.cells import plain
from matcher.records import Problem

EARLIEST = date(1985, 4, 1)  # the Patent Law of China came into force
_YMD = re.compile(r"(\d{4})\s*[-./年]\s*(\d{1,2})\s*[-./月]\s*(\d{1,2})\s*日?(?!\d)")
_COMPACT = re.compile(r"(\d{4})(\d{2})(\d{2})(?:\.0+)?")
_SERIAL = re.compile(r"(\d{5})(?:\.\d+)?")
_TIME = re.compile(
    r"[T\s]*(?:\d{1,2}[:时]\d{1,2}(?:[:分](?:\d{1,2}(?:\.\d+)?秒?)?)?)?\s*(?:Z|[+-]\d.*)?"
)
_EPOCH = date(1899, 12, 30)  # Excel's 1900 system, its false 29 February 1900 counted


@lru_cache(maxsize=65536)
def date_of(text: str) -> date | Problem:
    """``2013.01.02``, ``2013-1-2``, ``2013/1/2``, ``20130102``, ``2013年1月2日``, each also with
    a time of day, and Excel serial numbers (``41276``, ``41276.0``).

    Problem code: ``bad_date``.  Ranges are the caller's business (`in_range`)."""
    bare = plain(text).strip()
    match = _YMD.match(bare)
    if match is not None and _TIME.fullmatch(bare, match.end()) is None:
        match = None
    match = match or _COMPACT.fullmatch(bare)
    if match is None:
        serial = _SERIAL.fullmatch(bare)
        if serial is None or not 25000 <= int(serial[1]) <= 75000:
            return _bad(text)
        return _EPOCH + timedelta(days=int(serial[1]))
    try:
        return date(int(match[1]), int(match[2]), int(match[3]))
    except ValueError:
        return _bad(text)


def in_range(day: date, *, latest: date) -> bool:
    """Whether a Chinese patent can bear this date: from 1985-04-01 to `latest`, inclusive."""
    return EARLIEST <= day <= latest


def years_after(day: date, years: int) -> date:
    """The same day `years` later; 29 February becomes the 28th where there is none."""
    try:
        return day.replace(year=day.year + years)
    except ValueError:
        return day.replace(year=day.year + years, day=28)


def _bad(text: str) -> Problem:
    return Problem(
        "bad_date", "", text, f"日期“{text}”认不出来", "请写成 2013-01-02 这样的形式后再导入"
    )
