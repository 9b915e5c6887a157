"""Filters as people type them."""

from datetime import date
from typing import Any

import pytest

from matcher.errors import BadFilter
from matcher.records import Filter
from matcher.reference.wanted import filter_from


@pytest.mark.parametrize(
    ("typed", "filter"),
    [
        ({}, Filter()),
        ({"industry": ["c38"]}, Filter(industry=("C38",))),
        ({"industry": ["C", "电池制造"]}, Filter(industry=("C", "C384"))),
        ({"region": ["41"]}, Filter(region=("410000",))),
        ({"region": ["郑州市"]}, Filter(region=("410100",))),
        ({"region": ["河南", "41"]}, Filter(region=("410000",))),
        ({"region": ["长三角"]}, Filter(region=("310000", "320000", "330000", "340000"))),
        ({"park": [" 高新 "], "applicant": ["大"]}, Filter(park=("高新",), applicant=("大",))),
        ({"kind": ["发明", "实用新型"]}, Filter(kind=("发明", "实用新型"))),
        ({"legal_status": ["有效"]}, Filter(legal_status=("有效",))),
        ({"ipc": ["h01m 10/05"]}, Filter(ipc=("H01M10/05",))),
        ({"licence_mode": ["开放许可"]}, Filter(licence_mode=("开放许可",))),
        ({"transfer_mode": ["作价入股"]}, Filter(transfer_mode=("作价入股",))),
        ({"pay_later": False}, Filter(pay_later=False)),
        ({"price_max": 0.0, "trl_max": 9}, Filter(price_max=0.0, trl_max=9)),
        ({"filed_from": "2018/1/2"}, Filter(filed_from=date(2018, 1, 2))),
        ({"filed_to": " 2023-12-31 "}, Filter(filed_to=date(2023, 12, 31))),
        ({"grade_min": 3, "region": []}, Filter(grade_min=3)),
    ],
)  # fmt: skip
def test_what_people_type_becomes_codes(typed: dict[str, Any], filter: Filter) -> None:
    assert filter_from(typed) == filter


@pytest.mark.parametrize(
    ("typed", "message"),
    [
        ({"industry": ["炼丹"]}, "没有找到名为“炼丹”的行业。请写代码或名称,如 C38 或 电池制造。"),
        (
            {"region": ["火星"]},
            "没有找到名为“火星”的地区。请写代码或名称,如 41、郑州市 或 长三角。",
        ),
        ({"kind": ["发名"]}, "没有“发名”这种专利类型。可选:发明、实用新型、外观设计。"),
        ({"legal_status": ["好"]}, "没有“好”这种法律状态。可选:有效、审中、失效、未知。"),
        (
            {"licence_mode": ["许可"]},
            "没有“许可”这种许可方式。可选:独占许可、排他许可、普通许可、开放许可。",
        ),
        ({"transfer_mode": ["送"]}, "没有“送”这种转化方式。可选:转让、许可、作价入股。"),
        ({"filed_from": "去年"}, "“去年”不是日期。请写成 2018-01-01 的样子。"),
    ],
)
def test_what_does_not_exist_is_named_with_what_to_write(
    typed: dict[str, Any], message: str
) -> None:
    with pytest.raises(BadFilter) as error:
        filter_from(typed)
    assert error.value.message == message
