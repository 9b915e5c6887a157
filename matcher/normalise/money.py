"""Amounts of money in words, as ranges in 万元."""

import re
from dataclasses import dataclass
from functools import lru_cache

from matcher.normalise.cells import plain

_UNITS = {
    "亿": 10000.0, "千万": 1000.0, "百万": 100.0, "十万": 10.0, "万": 1.0, "千": 0.1, "元": 0.0001,
}  # fmt: skip
_NUMBER = re.compile(
    r"(\d[\d,]*(?:\.\d+)?|[一二两三四五六七八九十百千]+)"
    r"\s*(亿|千万|百万|十万|万|千(?=元)|元)?\s*元?(\s*%)?"
)
_CHINESE = {sign: value for value, sign in enumerate("一二三四五六七八九", 1)} | {"两": 2}
_PLACES = {"十": 10, "百": 100, "千": 1000}
_AT_LEAST = re.compile(
    r"不低于|不少于|不小于|至少|(?<!不)(?:大于|高于|超过)|≥|>|以上|起(?!步价)|及以上|\+"
)
_AT_MOST = re.compile(
    r"不超过|不高于|不大于|至多|最多|最高|上限|(?<!不)(?:小于|低于|少于)|≤|<|以内|以下|之内|内$"
)
_RANGE = re.compile(r"\s*(?:[-~—–−―至到]|--)\s*")
_ROYALTY = re.compile(r"提成|分成|%|销售额")
_MOST = 1e12  # beyond, it is no amount
_PLAIN_YUAN = 10000.0  # a bare number from here on cannot be 万元


@dataclass(frozen=True, slots=True)
class Money:
    """A range in 万元; either end may be open (None).  Both None: no amount was named."""

    low: float | None
    high: float | None


NONE = Money(None, None)


@lru_cache(maxsize=8192)
def money_of(text: str, *, unit: str = "万") -> Money:
    """``30万元``, ``50-80万``, ``不低于100万``, ``1.5亿``, ``200000元``, ``五十万``, ``面议``.

    `unit` (``万`` or ``元``) is what a bare number means, by its column; a bare number of 10,000
    or more is read as 元 all the same.  Percentages are no amounts; where a royalty comes on top
    (``入门费5万+3%提成``) the amount is the lower end."""
    bare = plain(text).replace("--", "-")
    found = [_amount(match, unit) for match in _NUMBER.finditer(bare)]
    amounts = [(value, known) for value, known in found if value is not None]
    if not amounts:
        return NONE
    spans = [match.span() for match in _NUMBER.finditer(bare) if not match[3]]
    low, known_low = amounts[0]
    if len(amounts) > 1 and _RANGE.fullmatch(bare[spans[0][1] : spans[1][0]]):
        high, known_high = amounts[1]
        if known_high and not known_low:
            low = low / _scale(unit, low) * _written(bare, spans[1])
        return Money(min(low, high), max(low, high))
    if not known_low:
        low = next((value for value, known in amounts if known), low)
    not_more = _AT_MOST.search(bare)
    if _ROYALTY.search(bare) or (not not_more and _AT_LEAST.search(bare)):
        return Money(low, None)
    return Money(None, low) if not_more else Money(low, low)


def _amount(match: re.Match[str], unit: str) -> tuple[float | None, bool]:
    """Value in 万元 and whether a unit was written; None for percentages and bare words."""
    digits, word, percent = match.groups()
    if percent or (not digits[0].isdigit() and not word):
        return None, False
    number = float(digits.replace(",", "")) if digits[0].isdigit() else float(_chinese(digits))
    if number > _MOST:
        return None, False
    if word:
        return round(number * _UNITS[word], 6), True
    return round(number * _scale(unit, number), 6), False


def _scale(unit: str, number: float) -> float:
    return _UNITS["元"] if unit == "元" or number >= _PLAIN_YUAN else 1.0


def _written(text: str, span: tuple[int, int]) -> float:
    match = _NUMBER.match(text, span[0])
    return _UNITS[match[2]] if match and match[2] else 1.0


def _chinese(sign: str) -> int:
    """``五十`` → 50, ``一百二`` → 102 (positions are written out in amounts)."""
    total, digit = 0, 0
    for letter in sign:
        if letter in _PLACES:
            total += (digit or 1) * _PLACES[letter]
            digit = 0
        else:
            digit = _CHINESE[letter]
    return total + digit
