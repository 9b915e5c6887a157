"""Parks and development zones (园区 / 开发区): recognised in addresses and applicants' names."""

import re
from functools import lru_cache

from matcher.reference.divisions import current, names_under, parent_of, stem
from matcher.reference.regions import Place, place_of
from matcher.reference.tables import table

# What follows the word for a park when it only lends its name to a road, a stop, an estate.
_NO_ROAD = (
    "(?!(?:[东南西北中]?(?:路|街(?!道)|大道|大街|巷|支路)|大厦|大桥|小区|社区|村|派出所|地铁|站))"
    "(?!(?<=园)[东南西北中]{0,2}[一二三四五六七八九十0-9]+(?:路|街|道))"
)
# Kinds in order of weight: canonical ending, how it is written.
_KINDS = (
    (
        "高新技术产业开发区",
        "(?:国家级?|省级)?高新(?:技术)?(?:产业)?(?:开发)?园?区|高新(?:技术)?(?:产业)?(?:工业)?园区?"
        "|(?:国家级?)?高技术(?:产业)?开发区",
    ),
    (
        "经济技术开发区",
        "(?:国家级?|省级)?经济(?:技术|科技)(?:产业)?开发[新园]?区|经开发?区|经济技术区",
    ),
    ("经济开发区", "(?:省级)?经济(?:产业)?开发[新园]?区"),
    ("综合保税区", "综合保税[园港]?区|综保区"),
    ("保税港区", "保税港区"),
    ("保税区", "保税物流园区|保税区"),
    ("出口加工区", "出口加工区"),
    ("国家大学科技园", "国家大学科[技学]园区?"),
    ("大学科技园", "大学科[技学]园区?"),
    ("台商投资区", "台商投资区"),
    ("软件园", "软件(?:产业)?园区?|软件产业基地"),
    ("产业集聚区", "产业[集聚]{2}区"),
    ("工业集中区", "工业集中[区园]"),
    ("工业集聚区", "工业集聚区"),
    ("中小企业园区", "中小企业园区?"),
    ("民营经济园区", "民营经济园区?"),
    ("产业园区", "产业化?(?:园区?|基地)"),
    ("工业园区", "工业(?:示范)?园区?|工业小区|工业新区"),
    ("化工园区", "化工园区?"),
    ("循环经济园区", "循环经济(?:示范|产业)?园区?"),
    ("高教园区", "高教园区?"),
    ("科教园区", "科教(?:创新)?园区?"),
    ("科技园区", "科技产?业?园区?|科学园区?|科技工业园区?"),
    ("创业园", "(?:科技)?创业园区?|科创园区?|孵化园|创意园区?"),
    ("创新园", "(?:科技)?创新园区?"),
    ("物流园区", "物流园区?"),
    ("开发区", "新?技术开发区|新兴技术开发区|开发区"),
)
# How a kind can begin; looked at first, or all 27 would be tried at each character.
_STARTS = "(?=[国省高经综保出大台软产工中民化循科创孵物新技开])"
_KIND = re.compile(
    _STARTS
    + "(?:"
    + "|".join(f"(?P<k{i}>{words})" for i, (_, words) in enumerate(_KINDS))
    + ")"
    + _NO_ROAD
)
_AFTER = re.compile(_NO_ROAD)
_HINT = re.compile("区|园|基地|新城|光谷|麓谷|松山湖|大亚湾|科学城|知识城|科技城|蓝谷|生态城")
# Where the name of a park cannot reach across.
_EDGE = re.compile(
    "街道办事处|办事处|街道|街办|管理区|大道|交叉口|交汇处|路口|交口|位于|[路街号镇乡村县市区省栋楼幢层室组队旁侧内巷弄段]"
    "|[^一-鿿]"
)
# Zones that a city runs, whichever of its districts they lie in.
_CITY_ZONES = (
    "高新技术产业开发区",
    "经济技术开发区",
    "综合保税区",
    "保税",
    "出口加工区",
    "国家大学科技园",
)
_NAME_LIMIT = 10


def park_of(text: str) -> str | None:
    """Canonical name of the outermost park that an address or an applicant's name contains.

    ``郑州市高新区`` gives ``郑州高新技术产业开发区``. A road named after a park is none. The place
    in front is the city for zones that cities run, else the county or district.
    """
    return park_at(place_of(text), text) if _HINT.search(text) else None


def park_at(place: Place, text: str) -> str | None:
    """`park_of` a text whose place is known."""
    rest = place.rest
    if _telling().search(rest) is None or _HINT.search(text) is None:
        return None
    hit = _KIND.search(rest)
    named = _named(place.code or "", rest, hit.end() if hit else len(rest))
    if named is not None or hit is None:
        return named
    kind = _KINDS[int((hit.lastgroup or "k0")[1:])][0]
    name = _name_before(rest[: hit.start()], place.code)
    if place.code is None or place.anchor is None:
        return name + kind if len(name) >= 2 else None
    title = _titled(place.code, place.anchor, name, kind)
    own = _official(place.code, name + kind) if name else None
    return _official(place.code, title) or own or title


@lru_cache(maxsize=1)
def _telling() -> re.Pattern[str]:
    """What the rest of an address must have to hold a park at all: a word of `_HINT`, which every
    kind and nearly every name has, or one of the names without.  The 区 that made the whole
    address hopeful is mostly its district's, and then the long search for a kind is saved."""
    spellings = {word for rows in _own_names().values() for word, _ in rows}
    bare = sorted(word for word in spellings if _HINT.search(word) is None)
    return re.compile("|".join((_HINT.pattern, *map(re.escape, bare))))


def _scopes(code: str) -> tuple[str, ...]:
    return (code[:4], code[:2]) if code else ("",)


def _named(code: str, rest: str, limit: int) -> str | None:
    """The park with a name of its own that ends first, not after ``limit``."""
    if _spelt(code[:4]).search(rest) is None:
        return None
    best, park = limit + 1, None
    for scope in _scopes(code):
        for spelling, title in _own_names().get(scope, ()):
            at = rest.find(spelling)
            if at < 0:
                continue
            end = at + len(spelling)
            if end >= best or (at and len(spelling) < 4):
                continue
            if spelling == "工业园区" and (at or not code.endswith("00")):
                continue
            if _AFTER.match(rest, end):
                best, park = end, title
    return park


@lru_cache(maxsize=512)
def _spelt(city: str) -> re.Pattern[str]:
    """Any of the names that `_named` looks for in a city one by one: most addresses have none."""
    words = {word for scope in _scopes(city) for word, _ in _own_names().get(scope, ())}
    return re.compile("|".join(map(re.escape, sorted(words))) or "(?!)")


def known_parks() -> tuple[tuple[str, str], ...]:
    """Parks with names or boundaries of their own: (name, region code of 2, 4 or 6 digits)."""
    return tuple((park, scope) for park, scope, _ in table("parks_named.tsv"))


@lru_cache(maxsize=1)
def _own_names() -> dict[str, tuple[tuple[str, str], ...]]:
    found: dict[str, dict[str, str]] = {}
    for park, scope, spellings in table("parks_named.tsv"):
        for spelling in (park, *spellings.split(";")):
            for place in (scope, "") if len(spelling) > 4 else (scope,):
                found.setdefault(place, {}).setdefault(spelling, park)
    return {
        scope: tuple(sorted(rows.items(), key=lambda row: (-len(row[0]), row)))
        for scope, rows in found.items()
    }


@lru_cache(maxsize=8192)
def _official(code: str, title: str) -> str | None:
    """The official name for a name of its own or one that the general rule made."""
    for scope in _scopes(code):
        for spelling, park in _own_names().get(scope, ()):
            if spelling == title:
                return park
    return None


def _name_before(text: str, code: str | None) -> str:
    """The park's own name: the characters right before its kind, back to the last edge.

    A place at the start is kept whole (镇江, 宁乡).
    """
    place = stem(current()[code].name) if code else ""
    edges = list(_EDGE.finditer(text, len(place) if text.startswith(place) else 0))
    name = text[edges[-1].end() :] if edges else text
    return name if len(name) <= _NAME_LIMIT else ""


def _titled(code: str, anchor: str, name: str, kind: str) -> str:
    place = current()[anchor]
    city = current()[parent_of(anchor) if place.level == "district" else anchor]
    if not name:
        ward = place.level == "district" and place.name.endswith("区") and city.level == "city"
        owner = stem((city if ward and kind.startswith(_CITY_ZONES) else place).name)
        return owner + _full_kind(owner, kind)
    if _is_place(code, name):
        return name + _full_kind(name, kind)
    if name.startswith(tuple(stem(current()[c].name) for c in (code, anchor, city.code))):
        return name + kind
    return stem(place.name) + name + kind


def _full_kind(owner: str, kind: str) -> str:
    """``开发区`` and ``经济开发区`` of a place written out: national where it has such a zone."""
    if kind not in ("开发区", "经济开发区"):
        return kind
    return "经济技术开发区" if owner in _national() else "经济开发区"


@lru_cache(maxsize=1)
def _national() -> frozenset[str]:
    return frozenset(name for _, names in table("parks_national.tsv") for name in names.split(";"))


def _is_place(code: str, name: str) -> bool:
    """Whether a park's own name is that of a division of the same province (昆山 in 江苏苏州)."""
    if name in (stem(current()[code].name), stem(current()[parent_of(code) or code].name)):
        return True
    above, city = names_under(code[:2] + "0000").bare, names_under(code[:4] + "00").bare
    return name in above or name in city
