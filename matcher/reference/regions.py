"""Regions (GB/T 2260): from addresses, columns and typed names to codes.

Old codes and names give the division in force. ``Region``, ``region`` and ``within`` come from
:mod:`matcher.reference.divisions`.
"""

import re
from dataclasses import dataclass
from functools import lru_cache

from matcher.records import quick
from matcher.reference.beginnings import SHORTEST, all_zones, beginnings, certain
from matcher.reference.divisions import (
    GENERIC,
    Names,
    Region,
    current,
    named,
    names_under,
    parent_of,
    region,
    stem,
    within,
)
from matcher.reference.tables import table

__all__ = [
    "Place",
    "Region",
    "is_mainland",
    "place_of",
    "region",
    "region_group",
    "region_named",
    "region_of",
    "region_of_fields",
    "within",
]

_LEAD = re.compile(r"^(\d{6})?\d*[\s,，、:：;；.·\-—()（）]*(?:中华人民共和国|中国)?")
_SPACE = re.compile(r"\s+")
_ROAD = re.compile(
    "[东南西北中新老]{0,2}[一二三四五六七八九十0-9]*(?:路|街|大道|大街|巷|桥|公路|高速)"
)
_PLACE = re.compile(
    "$|[ ,，(（]|经济|高新|高技术|工业|开发|科技|产业|出口|保税|农业|新城|新材料|滨海|循环|国家|"
    r"临港|化工|投资|现代|综合|食品|装备|创业|\w{1,3}(?:街道|镇|乡)"
)
_SCAN = 24
# Codes of the former province-code column of Chinese patents that GB/T 2260 writes otherwise.
_OFFICE_CODES = {"66": "460000", "85": "500000", "HK": "810000", "MO": "820000", "TW": "710000"}


@dataclass(frozen=True, slots=True)
class Place:
    """What an address says: its smallest division, the smallest it names in full, the rest.

    The rest starts after the division named in full (``anchor``): a name without its suffix
    (昆山 in 昆山高新区) and a zone stay in it, because they may be part of a park's name.
    """

    code: str | None
    anchor: str | None
    rest: str


_place = quick(Place)


def region_of(address: str) -> str | None:
    """Code of the smallest division that a Chinese address names; ``None`` abroad or unknown.

    The postcode in front counts only where the text itself names no division.
    """
    return place_of(address).code


def place_of(address: str) -> Place:
    """:func:`region_of` with what is left of the address, for finding a park in it."""
    postcode, text = _split(address)
    told = beginnings()
    for end in told.ends.get(text[:SHORTEST], ()):
        district = told.districts.get(text[:end])
        if district is not None:
            return _place(district, district, text[end:])
    code, used, sure = _longest(names_under(""), text)
    if code is None:
        code = _by_postcode(postcode) if postcode else None
        if code is None:
            return _place(None, None, text)
        sure = True
    anchor, kept = (code, used) if sure else (_above(code), 0)
    while code.endswith("00") and used < len(text):
        deeper, step, sure = _below(code, text[used:])
        if deeper is None:
            break
        code, used = deeper, used + step
        if sure:
            anchor, kept = code, used
    if kept == used and not code.endswith("00") and certain(text[:used]):
        told.learn(text[:used], code)
    return _place(code, anchor, text[kept:])


def _split(address: str) -> tuple[str | None, str]:
    """Postcode, and the address behind its lead, without white space."""
    address = address.strip()
    if address[:6].isdecimal() and "一" <= address[6:7] <= "鿿" and address[6] != "中":
        return address[:6], "".join(address[6:].split())  # as `_LEAD` would have it
    lead = _LEAD.match(address)
    if lead is None:
        return None, "".join(address.split())
    return lead[1], "".join(address[lead.end() :].split())


def _above(code: str) -> str:
    return code if code.endswith("00") else parent_of(code)


_Step = tuple[str | None, int, bool]  # code, characters taken, named in full
_NOWHERE: _Step = (None, 0, False)


def _longest(names: Names, text: str) -> _Step:
    lengths, sures = names.lengths, names.sure
    for end in lengths.get(text[:3]) or lengths.get(text[:2], ()):
        key = text[:end]
        code = sures.get(key)
        if code is not None:
            return code, end, True
        code = names.bare.get(key)
        if code is not None and _fits(code, text[end:]):
            return code, end, current()[code].level == "province"
    return _NOWHERE


def _fits(code: str, after: str) -> bool:
    """Whether a name without its suffix stands for the place, not for a road or a firm."""
    if _ROAD.match(after) is not None:
        return False
    if code.endswith("00"):
        return after[:1] not in ("区", "县", "旗")
    return _PLACE.match(after) is not None


def _below(code: str, rest: str) -> _Step:
    """The next division named after ``code``."""
    zones = all_zones().get(code)
    if zones is not None and (zone := _zone(zones, rest))[0] is not None:
        return zone
    names = names_under(code)
    step = _longest(names, rest)
    if step[0] is not None:
        return step
    skipped = _repeated(code, rest)
    if skipped:
        found, used, sure = _longest(names, rest[skipped:])
        if found is not None:
            return found, used + skipped, sure
    if not code.endswith("0000"):
        county = _county(code, rest)
        if county[0] is not None:
            return county
    return _scan(code, rest[:_SCAN])


def _county(city: str, rest: str) -> _Step:
    """A county with or without its suffix: of this city, or one put under the wrong city."""
    step = _longest(_counties(city[:2]), rest)
    if step[0] is not None:
        return step
    for end in (4, 3, 2):
        code = names_under(city).bare.get(rest[:end])
        if code and not current()[code].name.endswith("区") and not _ROAD.match(rest[end:]):
            return code, end, False
    return _NOWHERE


def _zone(zones: tuple[tuple[str, str], ...], rest: str) -> _Step:
    for spelling, district in zones:
        if rest.startswith(spelling) and not _ROAD.match(rest[len(spelling) :]):
            return district, len(spelling), False
    return _NOWHERE


def _repeated(code: str, rest: str) -> int:
    """Length of a repeated own name, of 市辖区, or of stray marks at the start of ``rest``."""
    name = current()[code].name
    for word in (name, "市辖区", stem(name), "省", "市", ",", "，", "(", "（"):
        if rest.startswith(word):
            return len(word)
    return 0


@lru_cache(maxsize=64)
def _counties(province: str) -> Names:
    """Counties and county cities of a province: an address may name the wrong city above one."""
    names = names_under(province + "0000").sure
    counties = {
        name: code
        for name, code in names.items()
        if not code.endswith("00") and name[-1] in "县市旗" and current()[code].name == name
    }
    return named(counties, {})


@lru_cache(maxsize=512)
def _scanned(code: str) -> Names:
    own = current()[code].name
    under = names_under(code).sure.items()
    return named({n: c for n, c in under if n != own and _scannable(n, c)}, {})


def _scannable(name: str, code: str) -> bool:
    return len(name) >= 3 and name not in GENERIC and current()[code].name == name


def _scan(code: str, rest: str) -> _Step:
    """The first name of a division anywhere in the text, of several at one place the longest.
    Looked up, not searched for by a pattern: to compile one a city took longer than its use."""
    names = _scanned(code)
    for start in range(len(rest) - 2):
        for length in names.lengths.get(rest[start : start + 3], ()):
            key = rest[start : start + length]
            found = names.sure.get(key)
            if found is not None:
                return found, start + len(key), False
    return _NOWHERE


@lru_cache(maxsize=1)
def _postcodes() -> dict[str, str]:
    return {start: code.ljust(6, "0") for start, code in table("postcodes.tsv")}


def _by_postcode(postcode: str) -> str | None:
    starts = _postcodes()
    return starts.get(postcode[:3]) or starts.get(postcode[:2])


@lru_cache(maxsize=16384)
def region_of_fields(province: str = "", city: str = "", district: str = "") -> str | None:
    """Code from an export's own columns (``江苏;32``, ``CN-32``, ``河南(41)``, ``41``, names).

    Names go before codes: old exports use province codes of their own (66 海南, 85 重庆).
    """
    fields = [_SPACE.sub("", field) for field in (province, city, district)]
    words = [re.sub(r"CN|[^一-鿿]", "", field) for field in fields]
    named = region_of("".join(words))
    coded = None
    for field in reversed(fields):
        coded = coded or _coded(field)
    if named is None:
        return coded
    return coded if coded is not None and within(coded, named) else named


def _coded(field: str) -> str | None:
    hit = re.search(r"(?<!\d)(\d{6}|\d{4}|\d{2})(?!\d)", field)
    if hit is None:
        return _OFFICE_CODES.get(field.upper().removeprefix("CN-"))
    found = region(hit.group())
    return found.code if found else _OFFICE_CODES.get(hit.group())


def region_named(text: str) -> list[str]:
    """Codes a person means by ``河南``, ``郑州市金水区;41`` …, in order, each once.

    A name that several districts share gives all of them; a name on several levels the highest.
    """
    return list(_named(text))


@lru_cache(maxsize=1024)
def _named(text: str) -> tuple[str, ...]:
    codes: dict[str, None] = {}
    for part in re.split(r"[;；,，、|/\s]+", text.strip()):
        for code in _typed(part) if part else ():
            codes[code] = None
    return tuple(codes)


def _typed(word: str) -> list[str]:
    if word.isdigit():
        found = region(word)
        return [found.code] if found else []
    exact = [c for c, r in current().items() if word in (r.name, r.full_name)]
    close = exact or [c for c, r in current().items() if word == stem(r.name)]
    if close:
        top = min(_depth(c) for c in close)
        return [c for c in close if _depth(c) == top]
    code, used, _ = _longest(names_under(""), word)
    while code is not None and used < len(word):
        deeper, step, _ = _longest(names_under(code), word[used:])
        if deeper is None:
            return []
        code, used = deeper, used + step
    return [code] if code is not None else []


def _depth(code: str) -> int:
    return 0 if code.endswith("0000") else 1 if code.endswith("00") else 2


@lru_cache(maxsize=256)
def region_group(name: str) -> tuple[str, ...] | None:
    """Codes (six digits) of a named group such as 长三角 or 中原城市群, else ``None``."""
    for group, others, codes in table("region_groups.tsv"):
        if name.strip() in (group, *others.split(";")):
            return tuple(code.ljust(6, "0") for code in codes.split(";"))
    return None


def is_mainland(address: str) -> bool:
    """Whether an address lies in the mainland: a region is found and it is not 71, 81 or 82."""
    code = region_of(address)
    return code is not None and code[:2] not in ("71", "81", "82")
