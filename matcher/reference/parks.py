"""Parks and development zones (园区 / 开发区): recognised in addresses and applicants' names."""

import re
from functools import lru_cache

from matcher.reference.divisions import current, names_under, parent_of, stem
from matcher.reference.regions import located
from matcher.reference.tables import table

# What may follow the word for a park when it is only part of a road, a stop or a housing estate.
_ROAD = "(?!(?:[东南西北中]{0,2}[一二三四五六七八九十0-9]*(?:环?路|街|大道|大街|巷|支路|线)|大厦|大桥|小区|社区|村|派出所|医院|小学|地铁站|站))"
_KINDS = (
    ("高新技术产业开发区", "国?家?级?高新(?:技术)?(?:产业)?(?:开发)?园?区|高新(?:技术)?(?:产业)?开发区|高新技术(?:产业|工业)园区?|高技术产业开发区"),
    ("经济技术开发区", "国?家?级?经济(?:技术|科技)(?:产业)?开发区|经开区|经济技术区"),
    ("经济开发区", "经济开发区|经济技?术?开发新?区"),
    ("综合保税区", "综合保税[园港]?区|综保区"),
    ("保税港区", "保税港区"),
    ("保税区", "保税物流园区|保税区"),
    ("出口加工区", "出口加工区"),
    ("大学科技园", "国?家?大学科[技学]园区?"),
    ("软件园", "软件(?:产业)?园区?|软件(?:产业)?基地"),
    ("产业集聚区", "产业[集聚]{2}区|先进制造业开发区"),
    ("工业集中区", "工业集中[区园]"),
    ("产业园区", "产业园区?|产业化?基地"),
    ("工业园区", "工业园区?|工业小区|工业新区"),
    ("科技园区", "科技产?业?园区?|科学园区?|科技工业园区?|科创园|科技创[业新]园"),
    ("创业园", "创业园区?|创新园区?|孵化园|创意园区?"),
    ("物流园区", "物流园区?"),
    ("示范区", "农业高新技术产业示范区|自主创新示范区"),
    ("开发区", "新?技术开发区|新兴技术开发区|开发区"),
)
_KIND = re.compile("(?:" + "|".join(f"(?P<k{i}>{words})" for i, (_, words) in enumerate(_KINDS)) + ")" + _ROAD)
_EDGE = re.compile(
    "街道办事处|办事处|街道|管理区|[路街号镇乡村县市区省州盟旗道栋楼层室座组队旁侧内、，,。;；:：与及和]|位于|[^一-鿿]"
)
_CITY_ZONES = frozenset({"高新技术产业开发区", "经济技术开发区", "综合保税区", "保税区", "出口加工区", "保税港区"})
_SHORT = {"工业园区": "工业园", "产业园区": "产业园", "科技园区": "科技园"}


@lru_cache(maxsize=65536)
def park_of(text: str) -> str | None:
    """Canonical name of the outermost park named in an address or an applicant's name, else None.

    ``郑州市高新区`` gives ``郑州高新技术产业开发区``. A road named after a park is none. The place in
    front is the city for zones that cities run, else the county or district.
    """
    if not _HINT.search(text):
        return None
    code, rest = located(text)
    if code is None:
        rest = text
    named = _named(code or "", rest)
    hit = _KIND.search(rest)
    if named is not None and (hit is None or named[1] <= hit.end()):
        return named[0]
    if hit is None:
        return named[0] if named else None
    kind = _KINDS[int((hit.lastgroup or "k0")[1:])][0]
    name = _name_before(rest[: hit.start()])
    return _titled(code, name, kind)


_HINT = re.compile("区|园|基地|新城|光谷|麓谷|松山湖|大亚湾|科学城|知识城|科技城|蓝谷|东湖")


def _named(code: str, rest: str) -> tuple[str, int] | None:
    """Canonical name and end of the first park with a name of its own."""
    best: tuple[str, int] | None = None
    for scope in {code[:2], code[:4], ""}:
        for spelling, park in _own_names().get(scope, ()):
            at = rest.find(spelling)
            if at < 0 or (at and len(spelling) < 4):
                continue
            end = at + len(spelling)
            if _AFTER.match(rest, end) and (best is None or end < best[1]):
                best = (park, end)
    return best


_AFTER = re.compile(_ROAD)


@lru_cache(maxsize=1)
def _own_names() -> dict[str, tuple[tuple[str, str], ...]]:
    found: dict[str, list[tuple[str, str]]] = {}
    for park, scope, spellings in table("parks_named.tsv"):
        for spelling in spellings.split(";"):
            found.setdefault(scope, []).append((spelling, park))
    return {scope: tuple(sorted(rows, key=lambda r: (-len(r[0]), r))) for scope, rows in found.items()}


def _name_before(text: str) -> str:
    """The park's own name: the characters right before its kind, back to the last edge."""
    edges = list(_EDGE.finditer(text))
    name = text[edges[-1].end() :] if edges else text
    return name if len(name) <= 10 else ""


def _titled(code: str | None, name: str, kind: str) -> str | None:
    if code is None:
        return name + kind if len(name) >= 2 else None
    place = current()[code]
    city = parent_of(code) if place.level == "district" else code
    if not name:
        ward = place.level == "district" and place.name.endswith("区") and city[2:] != "0000"
        owner = current()[city].name if ward and kind in _CITY_ZONES else place.name
        return stem(owner) + kind
    if name.startswith((stem(place.name), stem(current()[city].name))) or _is_place(code, name):
        return name + kind
    return stem(place.name) + name + kind


def _is_place(code: str, name: str) -> bool:
    """Whether a park's own name is that of a division of the same province (昆山 in 江苏苏州)."""
    above = code[:2] + "0000"
    city = code[:4] + "00"
    known = names_under(above).bare.get(name) or names_under(city).bare.get(name)
    return known is not None
