"""Filters against a predicate over records, written here without looking at columns."""

from collections.abc import Callable
from dataclasses import fields, replace
from datetime import date, timedelta
from random import Random
from typing import Any

import numpy as np
import pytest

from matcher.errors import BadFilter
from matcher.matches import Removal
from matcher.records import Filter, Need, Patent
from matcher.retrieve.facets import need_columns, patent_columns
from matcher.retrieve.filters import describe, region_prefix, screen, used

Invent = Callable[[int, int], list[Patent]]
VALUES: dict[str, list[Any]] = {
    "industry": ["C", "C3", "C38", "C384", "I", "B", "C3841"],
    "region": ["41", "4101", "410105", "410000", "410100", "320000", "11", "99"],
    "park": ["郑州高新区", "高新区", "苏州", "无此区"],
    "applicant": ["云岭", "大学", "江海科技有限公司", "无此人"],
    "kind": ["发明", "实用新型", "外观设计"],
    "legal_status": ["有效", "审中", "失效", "未知"],
    "ipc": ["A", "A47", "A47G", "A47G9/08", "H01M10", "B"],
    "licence_mode": ["独占许可", "排他许可", "普通许可", "开放许可"],
    "transfer_mode": ["转让", "许可", "作价入股"],
    "pay_later": [True, False],
    "price_max": [0.0, 5.0, 10.1, 10.09, 99.9, 1e9],
    "trl_min": [1, 4, 9],
    "trl_max": [1, 4, 9],
    "filed_from": [date(2010, 1, 1) + timedelta(days) for days in (0, 1000, 2900)],
    "filed_to": [date(2010, 1, 1) + timedelta(days) for days in (0, 1000, 2900)],
}
MANY = [field for field, kind in Filter.__annotations__.items() if "tuple" in str(kind)]


def passes(patent: Patent, name: str, value: Any) -> bool:
    """Whether a record passes one field of a filter, as `records.Filter` promises it."""
    terms = patent.terms
    price = terms.price_max if terms.price_min is None else terms.price_min
    match name:
        case "industry":
            return any(own.startswith(v) for own in patent.industries for v in value)
        case "region":
            inside = [v.removesuffix("00").removesuffix("00") if len(v) == 6 else v for v in value]
            return patent.region is not None and any(patent.region.startswith(v) for v in inside)
        case "park":
            return patent.park is not None and any(v in patent.park for v in value)
        case "applicant":
            own_names = [party.name for party in patent.applicants + patent.owners]
            return any(v in name for name in own_names for v in value)
        case "kind":
            return patent.kind in value
        case "legal_status":
            return patent.legal_status in value
        case "ipc":
            return any(own.startswith(v) for own in patent.ipc for v in value)
        case "licence_mode":
            return bool(set(terms.licence_modes) & set(value))
        case "transfer_mode":
            return bool(set(terms.transfer_modes) & set(value))
        case "pay_later":
            return terms.pay_later is value
        case "price_max":
            return price is not None and price <= value
        case "trl_min":
            return terms.trl is not None and terms.trl >= value
        case "trl_max":
            return terms.trl is not None and terms.trl <= value
        case "filed_from":
            return patent.application_date is not None and patent.application_date >= value
        case "filed_to":
            return patent.application_date is not None and patent.application_date <= value
    raise AssertionError(name)


def random_filter(random: Random) -> Filter:
    """One to four fields, each with one to three values."""
    given: dict[str, Any] = {}
    for name in random.sample(sorted(VALUES), random.randint(1, 4)):
        values = VALUES[name]
        if name in MANY:
            given[name] = tuple(random.sample(values, random.randint(1, min(3, len(values)))))
        else:
            given[name] = random.choice(values)
    return Filter(**given)


def told(patents: list[Patent], wanted: Filter) -> tuple[list[int], tuple[Removal, ...]]:
    """The rows that pass and what each field removes, by walking over the records."""
    asked = [
        (name, getattr(wanted, name)) for name in VALUES if getattr(wanted, name) not in ((), None)
    ]
    failed = [
        {name for name, value in asked if not passes(patent, name, value)} for patent in patents
    ]
    removals = tuple(
        Removal(
            name,
            sum(name in names for names in failed),
            sum(names == {name} for names in failed),
        )
        for name, _ in asked
    )
    return [row for row, names in enumerate(failed) if not names], removals


def test_a_thousand_random_filters_equal_a_walk_over_the_records(invent: Invent) -> None:
    patents = invent(250, 7)
    columns = patent_columns(patents)
    random, sizes = Random(11), []
    for _ in range(1000):
        wanted = random_filter(random)
        rows, removals = told(patents, wanted)
        view = screen(columns, wanted)
        assert view.allowed is not None
        assert np.flatnonzero(view.allowed).tolist() == rows, wanted
        assert (view.total, view.passed) == (250, len(rows))
        assert view.removals == removals, wanted
        sizes.append(len(rows))
    assert sum(size == 0 for size in sizes) > 50
    assert sum(size > 20 for size in sizes) > 200


def test_every_field_of_a_filter_but_the_grade_is_tried_above() -> None:
    assert {item.name for item in fields(Filter)} - {"grade_min"} == set(VALUES)


def test_no_filter_lets_everything_pass(invent: Invent) -> None:
    view = screen(patent_columns(invent(3, 1)), Filter())
    assert (view.allowed, view.total, view.passed) == (None, 3, 3)
    assert (view.removals, view.relax) == ((), "")


def test_a_bound_on_the_grade_is_no_property_of_a_record(invent: Invent) -> None:
    assert screen(patent_columns(invent(3, 1)), Filter(grade_min=3)).allowed is None


@pytest.mark.parametrize("count", [0, 1, 2])
def test_tiny_corpora_are_screened(count: int) -> None:
    patents = [Patent(id=str(n), keys=(), title="", region="410105") for n in range(count)]
    view = screen(patent_columns(patents), Filter(region=("41",), kind=("发明",)))
    assert (view.total, view.passed) == (count, 0)
    assert view.removals == (Removal("region", 0, 0), Removal("kind", count, count))


def test_removals_tell_what_each_field_does_alone_and_which_to_relax() -> None:
    base = Patent(id="", keys=(), title="", kind="发明", region="410105", park="甲区")
    patents = [
        base,
        replace(base, kind="实用新型"),
        replace(base, kind=None),
        replace(base, region="320500"),
        replace(base, region="320500", kind="实用新型"),
    ]
    view = screen(patent_columns(patents), Filter(region=("41",), park=("甲",), kind=("发明",)))
    assert view.allowed is not None
    assert view.allowed.tolist() == [True, False, False, False, False]
    assert view.removals == (Removal("region", 2, 1), Removal("park", 0, 0), Removal("kind", 3, 2))
    assert view.relax == "kind"


def test_where_no_field_alone_is_to_blame_the_one_that_removes_most_is_named() -> None:
    base = Patent(id="", keys=(), title="")
    patents = [base, base, replace(base, kind="发明")]
    view = screen(patent_columns(patents), Filter(kind=("发明",), region=("41",), trl_min=3))
    assert view.removals == (
        Removal("region", 3, 0),
        Removal("kind", 2, 0),
        Removal("trl_min", 3, 0),
    )
    assert (view.passed, view.relax) == (0, "trl_min")


def test_where_enough_are_left_nothing_is_to_be_relaxed() -> None:
    patents = [Patent(id=str(n), keys=(), title="", kind="发明") for n in range(5)]
    patents.append(Patent(id="5", keys=(), title=""))
    columns = patent_columns(patents)
    assert screen(columns, Filter(kind=("发明",))).relax == ""
    assert screen(patent_columns(patents[1:]), Filter(kind=("发明",))).relax == "kind"


def test_prices_and_days_are_compared_to_the_last_digit() -> None:
    base = Patent(id="", keys=(), title="", application_date=date(2020, 2, 29))
    dear = replace(base, terms=replace(base.terms, price_min=16_777_217.0))
    columns = patent_columns([dear])
    assert screen(columns, Filter(price_max=16_777_216.0)).passed == 0
    assert screen(columns, Filter(price_max=16_777_217.0)).passed == 1
    assert screen(columns, Filter(filed_from=date(2020, 2, 29), filed_to=date(2020, 2, 29))).passed
    assert screen(columns, Filter(filed_from=date(2020, 3, 1))).passed == 0


@pytest.mark.parametrize("name", sorted(set(VALUES) - {"industry", "region", "park", "applicant"}))
def test_needs_refuse_what_only_patents_have(name: str) -> None:
    value = VALUES[name][0]
    wanted = Filter(**{name: (value,) if name in MANY else value})
    with pytest.raises(BadFilter, match="只适用于专利,不适用于需求"):
        screen(need_columns([Need(id="1", title="")]), wanted)


def test_needs_are_screened_by_industry_region_park_and_company() -> None:
    need = Need(
        id="1", title="", industries=("C384",), region="410105", park="甲区", company="乙厂"
    )
    columns = need_columns([need, Need(id="2", title="")])
    wanted = Filter(industry=("C38",), region=("410000",), park=("甲",), applicant=("乙",))
    view = screen(columns, wanted)
    assert view.allowed is not None
    assert view.allowed.tolist() == [True, False]


@pytest.mark.parametrize(
    ("code", "prefix"),
    [
        ("410000", "41"),
        ("410100", "4101"),
        ("410105", "410105"),
        ("41", "41"),
        ("4101", "4101"),
        ("419001", "419001"),
        ("4100", "41"),
    ],
)
def test_a_region_code_of_any_level_becomes_what_codes_inside_begin_with(
    code: str, prefix: str
) -> None:
    assert region_prefix(code) == prefix


def test_a_filter_is_told_in_chinese_and_in_full() -> None:
    wanted = Filter(
        industry=("C38", "C39"),
        pay_later=False,
        price_max=1_234_567.0,
        trl_min=4,
        filed_from=date(2020, 2, 29),
        grade_min=3,
    )
    assert used(wanted) == [
        "industry", "pay_later", "price_max", "trl_min", "filed_from", "grade_min"
    ]  # fmt: skip
    assert list(describe(wanted).values()) == [
        "C38、C39", "否", "1234567", "4", "2020-02-29", "3"
    ]  # fmt: skip
    assert list(describe(wanted))[:4] == ["行业", "先使用后付费", "价格上限", "成熟度下限"]
    assert (used(Filter()), describe(Filter())) == ([], {})
