"""An address is read alike whether or not one with the same beginning was read before."""

import random

import pytest

from matcher.reference.beginnings import beginnings, certain
from matcher.reference.divisions import current
from matcher.reference.regions import Place, place_of
from matcher.reference.tables import table

TAILS = ("", "高新区1号", "星火路1号", "新区", "区中山路", "市辖区", "县城关镇", "经济技术开发区",
         "  南街道", "沙市路", "中国", "镇政府")  # fmt: skip


def addresses(seed: int) -> list[str]:
    """Of every division, with its parents and without, cut, run on and mixed with others."""
    chance = random.Random(seed)
    names = [found.full_name for found in current().values()]
    zones = [word for _, _, words in table("region_zones.tsv") for word in words.split(";")]
    told: list[str] = []
    for name in names:
        cut = name[: chance.randrange(2, len(name) + 1)]
        other = chance.choice((chance.choice(names), chance.choice(zones), ""))
        postcode = chance.choice(("", "450001"))
        told += [postcode + name + chance.choice(TAILS), cut + other + chance.choice(TAILS)]
    chance.shuffle(told)
    return told


def afresh(address: str) -> Place:
    beginnings.cache_clear()
    return place_of(address)


@pytest.mark.parametrize("seed", range(2))
def test_what_was_read_before_changes_nothing(seed: int) -> None:
    told = addresses(seed)
    wanted = [afresh(address) for address in told]
    beginnings.cache_clear()
    assert [place_of(address) for address in told] == wanted
    assert len(beginnings().districts) > 1000
    assert [place_of(address) for address in reversed(told)] == wanted[::-1]


def test_a_beginning_is_certain_only_if_nothing_behind_it_counts() -> None:
    assert certain("河南省郑州市金水区")
    assert not certain("河南省郑州市")  # a district may follow
    assert not certain("河北省邢台市任县")  # too short to tell from longer names
    assert not certain("郑州金水区")  # not named in full
    assert not certain("")
