"""Figures with a unit in running text: `3-5mm`, `100±5℃`, `1×10⁻³ S/cm`, `5万次`, `-40℃~150℃`.

Numbers of parts, codes, dates and money have no unit of ours behind them and are passed over."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache

from matcher.explain.units import Unit, pattern, unit

_NUMBER = r"(?:\d{1,3}(?:,\d{3})+(?!\d)|\d+)(?:\.\d+)?"
_RAISED_BY = r"\s?\^\s?[({]?(?P<hat%d>[-+]?\d{1,2})[)}]?|(?P<high%d>[⁻⁺]?[⁰¹²³⁴⁵⁶⁷⁸⁹]+)"
_SIGN = r"[-+—]|负|零下"
_VALUE = re.compile(
    rf"(?P<sign>{_SIGN})?\s?10(?:{_RAISED_BY % (1, 1)})(?![\d.])"
    rf"|(?P<minus>{_SIGN})?\s?(?P<number>{_NUMBER})"
    rf"(?:\s?[×xX*·]\s?10(?:{_RAISED_BY % (2, 2)}|(?P<low>-\d{{1,2}}|[3-9]|1\d))(?![\d.]))?"
    r"(?:\s?(?P<times>[万亿千百])(?![元块美斤升米克瓦帕伏卡赫安欧焦])[余多]?|[余多](?![元孔层种样]))?"
)
_BEGIN = re.compile(r"(?<![A-Za-z\d_.])\d|(?<=[φΦØ])\d|(?<=(?<![A-Za-z])R[az])\d")
_BETWEEN = re.compile(r"\s?(?:[-~—–―]{1,3}|至|到|\.{2,3}|…)\s?[φΦØ]?")
_AROUND = re.compile(r"\s?(?:±|\+/-)\s?")
_SPREAD = re.compile(r"(?:±|\+/-)\s?$")
_SIZES = re.compile(r"[×xX*]\s?$")
_YEAR = re.compile(r"(?:19|20)\d\d$")
_RAISED = str.maketrans("⁻⁺⁰¹²³⁴⁵⁶⁷⁸⁹", "-+0123456789")
_TIMES = {"百": 1e2, "千": 1e3, "万": 1e4, "亿": 1e8}
_POWERS = ("hat1", "high1", "hat2", "high2", "low")
_SHARPEST = 19


@dataclass(frozen=True, slots=True)
class Figure:
    """`text[start:end]` says `low` to `high` in the base of the unit's dimension; `spread` when
    it is only `±t`, a tolerance without its middle."""

    start: int
    end: int
    low: float
    high: float
    unit: str
    dimension: str
    spread: bool = False


@dataclass(frozen=True, slots=True)
class _Value:
    """`lost`: a power whose raised figures came down (`1×1016`), or a size (`20×105mm`)."""

    number: float
    end: int
    unit: Unit | None
    spelling: str
    lost: bool = False
    times: float = 1.0


@lru_cache(maxsize=1)
def _units() -> re.Pattern[str]:
    return re.compile(r"\s{0,2}(" + pattern() + ")")


def figures(text: str) -> Iterator[Figure]:
    """Every figure of a narrow text, in order; none overlap."""
    at = 0
    while begin := _BEGIN.search(text, at):
        found = _figure(text, _signed(text, begin.start(), at))
        if found is None or _numeral(text, found):
            at = _past(text, begin.start())
            continue
        yield found
        at = found.end


def _numeral(text: str, found: Figure) -> bool:
    """`凸部(44A)`: the mark of a part in a drawing."""
    around = text[found.start - 1 : found.start] + text[found.end : found.end + 1]
    return (
        around in ("()", "（）")
        and len(found.unit) == 1
        and found.unit.isascii()
        and found.unit.isalpha()
    )


def _past(text: str, start: int) -> int:
    match = re.compile(r"[\d.,]*\d").match(text, start)
    return match.end() if match else start + 1


def _signed(text: str, digit: int, floor: int) -> int:
    """Where the figure begins: at its sign, unless that joins it to what stands before."""
    for sign in ("零下", "负", "-", "+", "—"):
        start = digit - len(sign)
        if start >= floor and text.startswith(sign, start):
            before = text[start - 1 : start]
            joined = before.isascii() and re.match(r"[\w)\]]", before) is not None
            return digit if joined or (sign == "—" and before in ("—", "")) else start
    return digit


def _figure(text: str, start: int) -> Figure | None:
    if _SIZES.search(text, 0, start):
        return None
    before = text[start - 1 : start]
    if before == "第":
        return None
    if before in ("-", "~") and re.match(r"\w", text[start - 2 : start - 1]):
        return None  # `IL-6`, `V3~6%`: the figure of a code
    mark = _SPREAD.search(text, max(0, start - 3), start)
    if mark:
        return _single(mark.start(), _value(text, start), spread=True)
    first = _value(text, start)
    if first is None or re.compile(r"\s?[×xX*]\s?\d").match(text, first.end):
        return None
    between = _AROUND.match(text, first.end) or _BETWEEN.match(text, first.end)
    second = _value(text, between.end()) if between else None
    if between is None or second is None or not (second.unit or first.unit):
        return _single(start, first)
    if "±" in between[0] or "/" in between[0]:
        return _around(start, first, second)
    return _range(text, start, first, second)


def _single(start: int, value: _Value | None, *, spread: bool = False) -> Figure | None:
    if value is None or value.unit is None or (value.lost and value.unit.dimension == "m"):
        return None
    number = _based(value.number, value.unit)
    if spread:
        number = _round(abs(value.number) * value.unit.factor)
        end, dimension = value.end, value.unit.dimension
        return Figure(start, end, -number, number, value.spelling, dimension, spread=True)
    return _told(start, value, number, number)


def _around(start: int, first: _Value, second: _Value) -> Figure | None:
    of = second.unit or first.unit
    if of is None:
        return None
    held = first.unit or of
    middle = first.number * held.factor + held.offset
    width = abs(second.number) * of.factor
    if of.dimension == "1" and held.dimension != "1":
        width = abs(middle * second.number * of.factor)
        return _told(start, first, middle - width, middle + width, end=second.end)
    if of.dimension != held.dimension:
        return None
    return _told(start, _named(first, second), middle - width, middle + width, end=second.end)


def _range(text: str, start: int, first: _Value, second: _Value) -> Figure | None:
    """A range; `10-6 Pa` is a power that lost its raised figure; a falling range is none."""
    of = second.unit or first.unit
    if of is None:
        return None
    lower = first.unit or of
    if lower.dimension != of.dimension:
        return _single(start, first)
    small = first.number * second.times if first.times == 1.0 else first.number
    least = small if small < second.number else first.number  # `8-10万次`
    low, high = _based(least, lower), _based(second.number, of)
    if high < low:
        plain = text[start : first.end] == "10" and second.number == int(second.number)
        if plain and "kg" in of.dimension and second.number <= _SHARPEST and first.unit is None:
            low = high = _based(float(f"1e-{int(second.number)}"), of)
            return _told(start, second, low, high)
        negative = _based(-second.number, of)
        return (
            _told(start, second, negative, low)
            if negative > low
            else (_told(start, _named(first, second), high, low, end=second.end))
        )
    return _told(start, _named(first, second), low, high, end=second.end)


def _named(first: _Value, second: _Value) -> _Value:
    return second if second.unit else first


def _told(start: int, value: _Value, low: float, high: float, *, end: int = 0) -> Figure | None:
    if value.unit is None:
        return None
    return Figure(
        start, end or value.end, _round(low), _round(high), value.spelling, value.unit.dimension
    )


def _value(text: str, start: int) -> _Value | None:
    match = _VALUE.match(text, start)
    if match is None:
        return None
    signed = match["sign"] or match["minus"]
    number = float((match["number"] or "1").replace(",", ""))
    raised = next((match[name] for name in _POWERS if match[name]), "")
    power = int(raised.translate(_RAISED)) if raised else 0
    if abs(power) > _SHARPEST:
        return None
    number = float(f"{number!r}e{power}") if "e" not in repr(number) else number * 10.0**power
    times = _TIMES.get(match["times"] or "", 1.0)
    number *= times
    if signed and signed != "+":
        number = -number
    named = _units().match(text, match.end())
    if named is None or (named[1] == "年" and _YEAR.search(match["number"] or "")):
        return _Value(number, match.end(), None, "", times=times)
    lost = (match["low"] or "-").isdecimal()
    return _Value(number, named.end(), unit(named[1]), named[1], lost, times)


def _based(number: float, of: Unit) -> float:
    return _round(number * of.factor + of.offset)


def _round(number: float) -> float:
    """Twelve figures: `0.03` whatever it was counted from."""
    return float(f"{number:.12g}") + 0.0
