"""Matches that were pushed, on every database."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import date

import pytest

from matcher.access.life import Lead, Stage, Step
from matcher.access.people import Organisation
from matcher.access.policy import Held, Side
from matcher.errors import Taken, UnknownId, WrongStep
from matcher.records import Feedback, Need, Patent
from matcher.store.sql import SqlStore

Open = Callable[[], SqlStore]
PARK = Organisation(id="o-1", kind="park", name="高新区")
COMPANY = Organisation(id="o-2", kind="company", name="青屿", park_id="o-1")
CENTRE = Organisation(id="o-3", kind="centre", name="云麓理工大学技术转移中心")
OTHER = Organisation(id="o-4", kind="company", name="江陵")
NEED = Need(id="N1", title="提高隔膜耐热性", level="脱敏")
PATENT = Patent(id="P1", keys=("t:1",), title="一种隔膜", level="脱敏")
NOON = 1_800_000_000


def step(stage: Stage, side: Side | None, at: int = NOON, **more: object) -> Step:
    by = {"needs": "o-2", "patents": "o-3", None: "o-1"}[side]
    return Step(stage=stage, side=side, organisation_id=by, person_id="p-1", at=at, **more)  # type: ignore[arg-type]


LEAD = Lead(
    id="m-1", need_id="N1", patent_id="P1", need_owner="o-2", patent_owner="o-3",
    steps=(step("pushed", "patents", note="请看"),),
)  # fmt: skip


@pytest.fixture
def full(store: SqlStore) -> SqlStore:
    """A company's need, a centre's patent, brought together by the centre."""
    for made in (PARK, COMPANY, CENTRE, OTHER):
        store.accounts.found(made)
    store.put_needs([NEED])
    store.put_patents([PATENT])
    store.owners.own("needs", ["N1"], "o-2", level_stated=False)
    store.owners.own("patents", ["P1"], "o-3", level_stated=False)
    store.leads.push(LEAD)
    return store


def both_willing(store: SqlStore) -> Lead:
    store.leads.step("m-1", step("willing", "needs", NOON + 1))
    return store.leads.step("m-1", step("willing", "patents", NOON + 2))


def test_what_was_pushed_is_read_back_equal(full: SqlStore, opened: Open) -> None:
    for store in (full, opened()):
        assert store.leads.lead("m-1") == LEAD
    with pytest.raises(UnknownId, match="没有这项对接"):
        full.leads.lead("m-\x00")


def test_every_step_is_kept_in_its_order(full: SqlStore, opened: Open) -> None:
    taken = both_willing(full)
    assert taken.agreed and taken.stage == "willing"
    assert opened().leads.lead("m-1") == taken
    assert [(one.stage, one.side, one.at - NOON) for one in taken.steps] == [
        ("pushed", "patents", 0), ("willing", "needs", 1), ("willing", "patents", 2),
    ]  # fmt: skip


def test_a_wrong_step_changes_nothing(full: SqlStore) -> None:
    with pytest.raises(WrongStep):
        full.leads.step("m-1", step("contract", "needs"))
    assert full.leads.lead("m-1") == LEAD


def test_two_records_are_brought_together_once(full: SqlStore) -> None:
    with pytest.raises(Taken, match="已经推送过") as caught:
        full.leads.push(replace(LEAD, id="m-2"))
    assert caught.value.details == {"id": "m-1"}
    with pytest.raises(UnknownId):
        full.leads.lead("m-2")


def test_of_steps_at_the_same_time_one_counts(full: SqlStore, opened: Open) -> None:
    stores = [opened() for _ in range(4)]

    def take(store: SqlStore) -> bool:
        try:
            store.leads.step("m-1", step("read", "needs"))
        except WrongStep:
            return False
        return True

    with ThreadPoolExecutor(4) as pool:
        assert sorted(pool.map(take, stores)) == [False, False, False, True]
    assert len(full.leads.lead("m-1").steps) == 2


def test_pages_hold_what_concerns_an_organisation(full: SqlStore) -> None:
    full.put_patents([replace(PATENT, id="P2", keys=("t:2",))])
    second = replace(
        LEAD, id="m-2", patent_id="P2", need_owner="o-4", steps=(step("pushed", None),)
    )
    full.leads.push(second)
    read = full.leads.step("m-1", step("read", "needs"))
    everybody = {"o-1": [read, second], "o-2": [read], "o-3": [read, second], "o-4": [second]}
    for organisation, leads in everybody.items():
        assert full.leads.page(organisation, after="", limit=9) == leads
    assert full.leads.page("o-3", after="m-1", limit=9) == [second]
    assert full.leads.page("o-3", after="", limit=1) == [read]
    assert full.leads.page("o-3", after="", limit=9, stage="read") == [read]
    assert full.leads.page("o-3", after="", limit=9, about=("N1", "P2")) == [second]
    assert full.leads.page("o-3", after="", limit=9, about=(None, "P\x009")) == []


def test_what_the_company_answers_is_feedback_and_changes_with_its_mind(full: SqlStore) -> None:
    full.leads.step("m-1", step("willing", "patents"))
    assert list(full.each_feedback()) == []
    full.leads.step("m-1", step("refused", "needs", refusal_code="方向不符", note="我们做的是正极"))
    refused = Feedback(
        need_id="N1", patent_id="P1", by="o-2", at=date(2027, 1, 15), reply="暂不",
        refusal_code="方向不符", note="我们做的是正极", source="对接",
    )  # fmt: skip
    assert list(full.each_feedback()) == [refused]
    full.leads.step("m-1", step("willing", "needs"))
    (now,) = list(full.each_feedback())
    assert now == replace(refused, reply="愿意对接", refusal_code=None, note="")


def test_both_sides_and_the_company_s_park_see_everything_once_both_agreed(full: SqlStore) -> None:
    need = Held(side="needs", level="脱敏", owner=COMPANY)
    patent = Held(side="patents", level="脱敏", owner=CENTRE)

    def seen(asker: str | None) -> tuple[bool, bool]:
        (of_need,) = full.owners.held([NEED], asker)
        (of_patent,) = full.owners.held([PATENT], asker)
        assert (replace(of_need, agreed=False), replace(of_patent, agreed=False)) == (need, patent)
        return of_need.agreed, of_patent.agreed

    full.leads.step("m-1", step("willing", "needs"))
    assert {seen(one) for one in ("o-1", "o-2", "o-3", "o-4", None)} == {(False, False)}
    full.leads.step("m-1", step("willing", "patents"))
    assert seen("o-3") == (True, False)
    assert seen("o-2") == seen("o-1") == (False, True)
    assert seen("o-4") == seen(None) == (False, False)
    assert full.owners.page("needs", after="", limit=1, asker="o-3")[0][1].agreed
    full.leads.step("m-1", step("refused", "needs", refusal_code="其他"))
    assert {seen(one) for one in ("o-1", "o-2", "o-3", "o-4", None)} == {(False, False)}


def test_an_agreement_is_not_one_with_the_next_owner(full: SqlStore) -> None:
    both_willing(full)
    full.owners.own("needs", ["N1"], "o-4", level_stated=False)
    assert full.owners.held([NEED], "o-3") == [Held(side="needs", level="脱敏", owner=OTHER)]


def test_a_lead_follows_its_patent_into_another(full: SqlStore) -> None:
    joined = replace(PATENT, id="P9", keys=("a:9", "t:1"))
    full.put_patents([joined], gone=["P1"])
    assert full.leads.lead("m-1") == replace(LEAD, patent_id="P9")
    both_willing(full)
    assert full.owners.held([joined], "o-2")[0].agreed
