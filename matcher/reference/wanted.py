"""Filter options as people type them to a `Filter` of codes."""

from collections.abc import Callable, Iterable, Mapping
from datetime import date, datetime
from typing import Any, get_args

from matcher.errors import BadFilter
from matcher.records import Filter, LegalStatus, LicenceMode, PatentKind, TransferMode
from matcher.reference.industries import industry, industry_named
from matcher.reference.regions import region_group, region_named

CHOICES: Mapping[str, tuple[str, ...]] = {
    "kind": get_args(PatentKind),
    "legal_status": get_args(LegalStatus),
    "licence_mode": get_args(LicenceMode),
    "transfer_mode": get_args(TransferMode),
}
LABELS = {
    "kind": "专利类型", "legal_status": "法律状态", "licence_mode": "许可方式",
    "transfer_mode": "转化方式",
}  # fmt: skip


def filter_from(given: Mapping[str, Any]) -> Filter:
    """:raises BadFilter: a name, code or date that does not exist, with what to write."""
    values: dict[str, Any] = {
        name: tuple(item.strip() for item in value) if isinstance(value, list) else value
        for name, value in given.items()
        if value not in (None, [])
    }
    for name in ("filed_from", "filed_to"):
        if name in values:
            values[name] = day(values[name])
    for name, allowed in CHOICES.items():
        for item in values.get(name, ()):
            if item not in allowed:
                listed = "、".join(allowed)
                raise BadFilter(f"没有“{item}”这种{LABELS[name]}。可选:{listed}。")
    if "industry" in values:
        values["industry"] = _all(values["industry"], industries, "行业", "C38 或 电池制造")
    if "region" in values:
        values["region"] = _all(values["region"], regions, "地区", "41、郑州市 或 长三角")
    if "ipc" in values:
        values["ipc"] = tuple(item.upper().replace(" ", "") for item in values["ipc"])
    return Filter(**values)


def day(text: str) -> date:
    """A date typed as 2018-01-01.  :raises BadFilter: it is none."""
    try:
        return datetime.strptime(text.strip().replace("/", "-"), "%Y-%m-%d").date()
    except ValueError:
        raise BadFilter(f"“{text}”不是日期。请写成 2018-01-01 的样子。") from None


def industries(text: str) -> list[str]:
    """Codes for a code or name of any level."""
    if len(text) == 1 and text.upper() in "ABCDEFGHIJKLMNOPQRST":
        return [text.upper()]
    found = industry(text)
    return [found.code] if found else list(industry_named(text))


def regions(text: str) -> list[str]:
    """Codes for a code, a name or a named group of regions."""
    return list(region_group(text) or region_named(text))


def _all(
    items: Iterable[str], read: Callable[[str], list[str]], noun: str, example: str
) -> tuple[str, ...]:
    codes: list[str] = []
    for item in items:
        found = read(item)
        if not found:
            raise BadFilter(f"没有找到名为“{item}”的{noun}。请写代码或名称,如 {example}。")
        codes += [code for code in found if code not in codes]
    return tuple(codes)
