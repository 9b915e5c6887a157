"""Where a party sits: region, park, credit code.  What the list says in columns of its own wins
over what its address shows, and that over what the name shows."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from functools import lru_cache

from matcher.normalise.cells import Notes, is_blank, pieces, tidy
from matcher.records import quick
from matcher.reference.divisions import within
from matcher.reference.organisations import credit_code
from matcher.reference.parks import park_at, park_of
from matcher.reference.regions import place_of as place_of_address
from matcher.reference.regions import region_named, region_of, region_of_fields

OWN_COLUMNS = ("region", "province", "city", "district")
_ABROAD = re.compile(
    r"\s*(?:日本|韩国|大韩民国|朝鲜|美国|加拿大|墨西哥|巴西|德国|法国|英国|荷兰|瑞士|瑞典|意大利|西班牙|芬兰"
    "|丹麦|挪威|比利时|奥地利|爱尔兰|卢森堡|以色列|印度|新加坡|马来西亚|泰国|越南|俄罗斯|澳大利亚|新西兰"
    "|开曼|英属|百慕大|土耳其|波兰|捷克|匈牙利|葡萄牙|希腊|沙特|阿联酋|南非|巴巴多斯|塞浦路斯|列支敦士登)"
)
_CHINESE = re.compile(r"\d{6}|.*[省市县区镇乡村]")


@dataclass(frozen=True, slots=True)
class Place:
    """A region is a six-digit GB/T 2260 code."""

    address: str
    region: str | None
    park: str | None
    credit_code: str | None


_place = quick(Place)


def place_of(fields: Mapping[str, str], notes: Notes, *, party: str = "applicants") -> Place:
    """Read the place columns; `party` is the field with the name of the applicant or company."""
    get = fields.get
    columns = [get(name, "") for name in OWN_COLUMNS]
    cells = get("address", ""), get(party, "") or get("owners", ""), get("park", "")
    place, strange = located(*cells, columns)
    if strange:
        lost(strange, notes)
    code = code_in(fields, notes)
    return place if code is None else replace(place, credit_code=code)


def located(
    address: str, party: str, park: str, columns: Sequence[str | None]
) -> tuple[Place, str]:
    """The place without credit code that the cells for an address, a party and a park and those
    of `OWN_COLUMNS` give, and the address when it is one of China and no region was found."""
    lead, name = _lead(address), _lead(party)
    there = place_of_address(lead)
    region = _region(_own(columns) if any(columns) else None, there.code, lead, name)
    inside = _park(park) or park_at(there, lead) or park_of(name)
    strange = region is None and lead and not _abroad(lead) and _CHINESE.match(lead)
    return _place(tidy(address), region, inside, None), tidy(lead) if strange else ""


def lost(address: str, notes: Notes) -> None:
    """Flag an address without region, as `located` gives it."""
    notes.flag("unknown_region", f"地址“{address}”未识别出行政区划")


def _lead(text: str) -> str:
    """The first of several values: the first applicant's."""
    several = "|" in text or ";" in text or "；" in text
    return next(iter(pieces(text)), "") if several else text


def _own(columns: Sequence[str | None]) -> str | None:
    return _from_columns(*((cell or "").partition("|")[0].strip() for cell in columns))


@lru_cache(maxsize=16384)
def _from_columns(region: str, province: str, city: str, district: str) -> str | None:
    if region and not is_blank(region):
        codes = region_named(region)
        found = codes[0] if len(codes) == 1 else region_of(region) or region_of_fields(region)
        if found is not None:
            return found
    if not (province or city or district):
        return None
    parts = ["" if is_blank(text) else text for text in (province, city, district)]
    return region_of_fields(*parts)


def _region(own: str | None, found: str | None, address: str, name: str) -> str | None:
    """The columns' region, made finer by that of an address that lies in it."""
    if own is not None:
        return found if found is not None and within(found, own) else own
    if found is not None or not name or (address and _abroad(address)):
        return found
    return region_of(name)


def _park(column: str) -> str | None:
    return park_of(column) or tidy(column) if column and not is_blank(column) else None


def _abroad(address: str) -> bool:
    return _ABROAD.match(address) is not None


def code_in(fields: Mapping[str, str], notes: Notes) -> str | None:
    """The unified social credit code of a row."""
    text = fields.get("credit_code")
    if not text or is_blank(text):
        return None
    found = credit_code(text)
    if found is None:
        notes.unread("credit_code", text)
    return found
