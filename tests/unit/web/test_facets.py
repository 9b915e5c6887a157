"""The counts beside filters: each is what the search tells once it is narrowed so."""

from typing import Any

import pytest

from matcher.access.people import Caller
from matcher.web.facets import BOUNDS, LENGTHS, facets
from matcher.web.matching import found
from matcher.web.shapes import FilterIn, MatchIn

WHO = ("centre", "company", "agency", "garden")
BASES: tuple[dict[str, Any], ...] = (
    {}, {"legal_status": ["有效"]}, {"ipc": ["H01M"], "kind": ["发明"]}, {"trl_min": 5},
)  # fmt: skip


def caller_of(world: Any, who: str) -> Caller:
    store = world.matcher.store
    return Caller(person=store.accounts.person(f"{who}-reader"),
                  organisation=store.accounts.organisation(who), role="reader")  # fmt: skip


@pytest.mark.parametrize("who", WHO)
@pytest.mark.parametrize("base", BASES, ids=str)
def test_a_count_is_what_is_left_once_it_is_ticked(world: Any, who: str, base: Any) -> None:
    caller, tried = caller_of(world, who), 0
    told = facets(world.desk, caller, FilterIn(**base))
    assert set(told) == {*LENGTHS, *BOUNDS}
    for name, values in told.items():
        for one in values:
            chosen: Any = int(one.value) if name in BOUNDS else [one.value]
            asked = MatchIn(text="隔膜", filter=FilterIn(**{**base, name: chosen}))
            assert found(asked, world.desk, caller).passed == one.count, (name, one)
            tried += 1
    assert tried >= 5


def test_what_a_caller_may_not_find_by_a_value_is_not_counted_there(world: Any) -> None:
    def parks(who: str) -> dict[str, int]:
        told = facets(world.desk, caller_of(world, who), FilterIn())
        return {one.value: one.count for one in told["park"]}

    own, foreign = parks("centre")["云麓高新区"], parks("garden")["云麓高新区"]
    assert (own, foreign) == (4, 2)


def test_the_page_ticks_what_is_in_force_and_counts_beside(site: Any) -> None:
    page = site.shown("company reader", "/search?q=隔膜&kind=发明&trl_min=6")
    assert 'name="kind" value="发明" checked' in page and "专利类型:发明 ✕" in page
    assert '<option value="6" selected>TRL 6 以上(' in page
    typed = site.shown("company reader", "/search?q=隔膜&region=河南&region=")
    assert 'value="河南" checked' in typed and "地区:河南 ✕" in typed
    wrong = site.called("company reader").get("/search?q=隔膜&kind=不是类型")
    assert wrong.status_code == 422 and 'role="alert"' in wrong.text
