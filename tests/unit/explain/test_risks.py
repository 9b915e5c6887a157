from datetime import date

import pytest

from matcher.explain.risks import expiry, risks
from matcher.matches import Risk
from matcher.records import LegalStatus, Party, Patent, PatentKind

TODAY = date(2026, 11, 23)
PARTIES = (Party("东海理工大学", "高校"), Party("长桥泵业有限公司", "企业"))


def patent(
    status: LegalStatus = "有效",
    kind: PatentKind = "发明",
    *,
    filed: date | None = date(2020, 5, 6),
    ends: date | None = None,
    pledges: int = 0,
) -> Patent:
    return Patent(
        id="CN202010000001.0",
        keys=(),
        title="一种离心泵",
        kind=kind,
        application_date=filed,
        expiry_date=ends,
        legal_status=status,
        legal_status_raw="未缴年费终止" if status == "失效" else "",
        owners=PARTIES[:1],
        pledges=pledges,
    )


def test_a_patent_in_force_with_one_owner_has_no_risks() -> None:
    assert risks(patent(), today=TODAY) == ()


@pytest.mark.parametrize(
    ("status", "risk"),
    [
        (
            "失效",
            Risk(
                "lapsed",
                "专利权已失效（原始记录：未缴年费终止），技术可自由使用，但不能再转让或许可。",
            ),
        ),
        ("未知", Risk("unknown_status", "法律状态未知，洽谈前请到国家知识产权局核实。")),
        ("审中", Risk("pending", "仍在审查，尚未授权，能否授权及保护范围均未确定。")),
    ],
)
def test_each_status_but_in_force_is_a_risk(status: LegalStatus, risk: Risk) -> None:
    assert risks(patent(status), today=TODAY) == (risk,)


def test_the_end_is_counted_by_kind_and_a_recorded_end_wins() -> None:
    assert expiry(patent(filed=date(2008, 2, 29))) == date(2028, 2, 29)
    assert expiry(patent(kind="实用新型", filed=date(2016, 2, 29))) == date(2026, 2, 28)
    assert expiry(patent(kind="外观设计", filed=date(2021, 5, 31))) == date(2031, 5, 31)
    assert expiry(patent(kind="外观设计", filed=date(2021, 6, 1))) == date(2036, 6, 1)
    assert expiry(patent(ends=date(2030, 1, 1))) == date(2030, 1, 1)
    assert expiry(patent(filed=None)) is None


@pytest.mark.parametrize(
    ("ends", "found"),
    [
        (date(2028, 11, 24), ()),
        (
            date(2028, 11, 23),
            (Risk("expiring", "保护期将于2028年11月23日届满，剩余约24个月。"),),
        ),
        (
            date(2026, 12, 1),
            (Risk("expiring", "保护期将于2026年12月1日届满，剩余不足1个月。"),),
        ),
        (
            date(2026, 11, 23),
            (Risk("lapsed", "保护期登记已于2026年11月23日届满，请先核实法律状态。"),),
        ),
    ],
)
def test_an_end_within_24_months_is_a_risk_and_a_past_one_a_lapse(
    ends: date, found: tuple[Risk, ...]
) -> None:
    assert risks(patent(ends=ends), today=TODAY) == found


def test_a_past_end_counts_whatever_the_status_says() -> None:
    old = patent("未知", "实用新型", filed=date(2010, 1, 2))
    assert risks(old, today=TODAY) == (
        Risk("lapsed", "保护期按申请日推算已于2020年1月2日届满，请先核实法律状态。"),
    )


def test_co_owners_and_pledges_come_last() -> None:
    shared = Patent(
        id="N-1", keys=(), title="泵", applicants=PARTIES, legal_status="审中", pledges=2
    )
    assert risks(shared, today=TODAY) == (
        Risk("pending", "仍在审查，尚未授权，能否授权及保护范围均未确定。"),
        Risk(
            "co_owned",
            "由2方共有（东海理工大学、长桥泵业有限公司），转让和独占许可须经全体同意。",
        ),
        Risk("pledged", "有2次质押记录，质押期内转让或许可须经质权人同意，请核实是否已解除。"),
    )
