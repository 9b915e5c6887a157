"""Invented patents with every filterable property now there, now missing."""

from collections.abc import Callable
from datetime import date, timedelta
from random import Random
from typing import TypeVar

import pytest

from matcher.records import Party, Patent, Terms

T = TypeVar("T")
NAMES = ["云岭理工大学", "云岭大学", "江海科技有限公司", "江海学院", "个人甲"]
REGIONS = ["410000", "410100", "410105", "410300", "320500", "320505", "110108"]
PARKS = ["郑州高新区", "苏州工业园区", "苏州高新区"]
IPC = ["A47G9/08", "A47G9/02", "A47J1/00", "H01M10/0525", "H01M2/16", "C22F1/053"]
INDUSTRIES = ["C", "C38", "C384", "C3841", "C39", "I65", "A01"]


def some(random: Random, values: list[str], most: int) -> tuple[str, ...]:
    return tuple(random.sample(values, random.randint(0, most)))


def maybe(random: Random, make: Callable[[], T]) -> T | None:
    return make() if random.random() < 0.75 else None


@pytest.fixture(scope="session")
def invent() -> Callable[[int, int], list[Patent]]:
    return lambda count, seed: [patent(Random(seed * 100_003 + n), n) for n in range(count)]


def patent(random: Random, number: int) -> Patent:
    terms = Terms(
        trl=maybe(random, lambda: random.randint(1, 9)),
        licence_modes=some(random, ["独占许可", "排他许可", "普通许可", "开放许可"], 2),  # type: ignore[arg-type]
        transfer_modes=some(random, ["转让", "许可", "作价入股"], 2),  # type: ignore[arg-type]
        price_min=maybe(random, lambda: random.choice([0.0, 5.0, 10.1, 33.3, 100.0])),
        price_max=maybe(random, lambda: random.choice([10.1, 50.0, 100.0])),
        pay_later=random.choice([True, False, None]),
    )
    return Patent(
        id=f"CN{(number * 7919) % 10_007:05d}",
        keys=(str(number),),
        title=f"专利{number}",
        kind=random.choice(["发明", "实用新型", "外观设计", None]),
        application_date=maybe(
            random, lambda: date(2010, 1, 1) + timedelta(random.randint(0, 3000))
        ),
        applicants=tuple(Party(name, "其他") for name in some(random, NAMES, 2)),
        owners=tuple(Party(name, "其他") for name in some(random, NAMES, 1)),
        region=maybe(random, lambda: random.choice(REGIONS)),
        park=maybe(random, lambda: random.choice(PARKS)),
        ipc=some(random, IPC, 3),
        industries=some(random, INDUSTRIES, 2),
        legal_status=random.choice(["有效", "审中", "失效", "未知"]),
        terms=terms,
    )
