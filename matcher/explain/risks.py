"""What is known of a patent that speaks against or complicates a transfer."""

from datetime import date
from typing import assert_never

from matcher.matches import Risk
from matcher.records import Patent, PatentKind

_SOON = 2
_LONGER_DESIGNS = date(2021, 6, 1)


def risks(patent: Patent, *, today: date) -> tuple[Risk, ...]:
    """The risks known on `today`, gravest first: the right itself (at most one of lapsed,
    unknown, pending), its end within 24 months, then co-owners and pledges."""
    found = [_right(patent, today), _ending(patent, today), _owners(patent), _pledges(patent)]
    return tuple(risk for risk in found if risk is not None)


def expiry(patent: Patent) -> date | None:
    """The day the protection ends: as recorded, or counted from the filing date by article 42
    of the Patent Law (inventions 20 years, utility models 10, designs 15, or 10 when filed
    before 1 June 2021); None when neither is known."""
    if patent.expiry_date is not None:
        return patent.expiry_date
    if patent.kind is None or patent.application_date is None:
        return None
    return _later(patent.application_date, _years(patent.kind, patent.application_date))


def _right(patent: Patent, today: date) -> Risk | None:
    end = expiry(patent)
    if patent.legal_status != "失效" and end is not None and end <= today:
        how = "登记" if patent.expiry_date is not None else "按申请日推算"
        return Risk("lapsed", f"保护期{how}已于{_day(end)}届满，请先核实法律状态。")
    match patent.legal_status:
        case "失效":
            raw = f"（原始记录：{patent.legal_status_raw}）" if patent.legal_status_raw else ""
            return Risk("lapsed", f"专利权已失效{raw}，技术可自由使用，但不能再转让或许可。")
        case "未知":
            return Risk("unknown_status", "法律状态未知，洽谈前请到国家知识产权局核实。")
        case "审中":
            return Risk("pending", "仍在审查，尚未授权，能否授权及保护范围均未确定。")
        case "有效":
            return None
        case _:
            assert_never(patent.legal_status)


def _ending(patent: Patent, today: date) -> Risk | None:
    end = expiry(patent)
    if patent.legal_status == "失效" or end is None or not today < end <= _later(today, _SOON):
        return None
    months = (end.year - today.year) * 12 + end.month - today.month - (end.day < today.day)
    left = f"剩余约{months}个月" if months else "剩余不足1个月"
    return Risk("expiring", f"保护期将于{_day(end)}届满，{left}。")


def _owners(patent: Patent) -> Risk | None:
    owners = patent.owners or patent.applicants
    if len(owners) < 2:
        return None
    names = "、".join(owner.name for owner in owners)
    return Risk("co_owned", f"由{len(owners)}方共有（{names}），转让和独占许可须经全体同意。")


def _pledges(patent: Patent) -> Risk | None:
    if patent.pledges <= 0:
        return None
    times = f"有{patent.pledges}次质押记录"
    return Risk("pledged", f"{times}，质押期内转让或许可须经质权人同意，请核实是否已解除。")


def _years(kind: PatentKind, filed: date) -> int:
    match kind:
        case "发明":
            return 20
        case "实用新型":
            return 10
        case "外观设计":
            return 15 if filed >= _LONGER_DESIGNS else 10
        case _:
            assert_never(kind)


def _later(day: date, years: int) -> date:
    """The same day `years` later; 29 February becomes the 28th where there is none."""
    try:
        return day.replace(year=day.year + years)
    except ValueError:
        return day.replace(year=day.year + years, day=28)


def _day(day: date) -> str:
    return f"{day.year}年{day.month}月{day.day}日"
