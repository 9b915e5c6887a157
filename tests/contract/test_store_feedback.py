"""The promises of `protocols.Store` about answers to matches, on every database."""

import traceback
from collections.abc import Callable
from dataclasses import replace
from datetime import date
from itertools import permutations

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from matcher.errors import StoreBroken
from matcher.records import Feedback, Need, Patent
from matcher.store.sql import SqlStore

Open = Callable[[], SqlStore]

FULL = Feedback(
    need_id="X-1",
    patent_id="CN201220249767.4",
    by="王一",
    at=date(2026, 11, 20),
    grade=3,
    reply="暂不",
    refusal_code="价格或许可方式不合",
    prospect="市场大,𠮷",
    improvement="耐温 ≥200℃",
    willingness="愿意中试",
    note="价格太高",
    source="反馈.xlsx",
    seen=("a" * 24, "b" * 24),
)
BARE = Feedback(need_id="X-0", patent_id="N-1", refusal_code="方向不符")
EMPTY = "f0-0000000000000000"


def everything(store: SqlStore) -> tuple[list[Feedback], str]:
    return list(store.each_feedback()), store.feedback_snapshot()


def graded(count: int) -> list[Feedback]:
    return [
        Feedback(need_id=f"X-{n // 3:04d}", patent_id=f"P{n % 3}", grade=(1, 2, 3, 4)[n % 4])
        for n in range(count)
    ]  # fmt: skip


def test_an_answer_is_read_back_equal(store: SqlStore, opened: Open) -> None:
    store.put_feedback([FULL, BARE])
    for reader in (store, opened()):
        assert list(reader.each_feedback()) == [BARE, FULL]
        assert reader.feedback_of(["X-1"]) == [FULL]
        assert reader.feedback_of(["X-1", "X-0", "X-9", "X-1"]) == [BARE, FULL]


def test_a_store_without_answers_says_so(store: SqlStore) -> None:
    assert everything(store) == ([], EMPTY)
    assert store.feedback_of([]) == store.feedback_of(["X-1"]) == []
    store.put_feedback([])
    assert everything(store) == ([], EMPTY)


def test_an_answer_put_again_changes_nothing(store: SqlStore) -> None:
    store.put_feedback([FULL, BARE])
    before = everything(store)
    store.put_feedback([BARE, FULL, BARE])
    assert everything(store) == before


def test_one_person_has_one_answer_to_a_match_and_the_last_counts(store: SqlStore) -> None:
    other = replace(FULL, by="李二", grade=1)
    later = replace(FULL, grade=4, seen=())
    store.put_feedback([FULL, other])
    store.put_feedback([BARE, replace(FULL, grade=2), later])
    assert list(store.each_feedback()) == [BARE, other, later]


@pytest.mark.parametrize("count", [1, 2, 499, 500, 501, 1203])
def test_answers_of_any_number_are_put_and_found(store: SqlStore, count: int) -> None:
    answers = graded(count)
    store.put_feedback(answers[: count // 2])
    store.put_feedback(answers)
    assert list(store.each_feedback()) == answers
    assert store.feedback_of([answer.need_id for answer in reversed(answers)]) == answers


def test_a_broken_answer_in_the_middle_leaves_all_as_it_was(store: SqlStore) -> None:
    store.put_feedback([FULL])
    before = everything(store)
    broken = replace(BARE, by="王一", prospect=None)  # type: ignore[arg-type]
    with pytest.raises(StoreBroken, match="未改动任何内容") as told:
        store.put_feedback([replace(FULL, grade=1), *graded(700), broken])
    assert everything(store) == before
    assert "王一" not in "".join(traceback.format_exception(told.value))


def test_answers_and_records_have_snapshots_of_their_own(store: SqlStore) -> None:
    records = store.snapshot()
    seen = [store.feedback_snapshot()]
    for put in (FULL, replace(FULL, grade=1), replace(FULL, note="贵"), BARE):
        store.put_feedback([put])
        seen.append(store.feedback_snapshot())
    assert len(set(seen)) == len(seen)
    store.put_feedback([replace(BARE, seen=("c" * 24,))])
    assert store.feedback_snapshot() == seen[-1]
    assert store.snapshot() == records
    store.put_needs([Need(id="X-1", title="隔膜")])
    assert store.feedback_snapshot() == seen[-1]


def test_the_snapshot_of_answers_does_not_depend_on_their_order(opened: Open) -> None:
    answers, found = [FULL, BARE, replace(FULL, by="")], set()
    store = opened()
    for order in permutations(answers):
        for answer in order:
            store.put_feedback([replace(answer, grade=1)])
        for answer in reversed(order):
            store.put_feedback([answer])
        found.add(store.feedback_snapshot())
    assert len(found) == 1


def test_answers_follow_a_patent_that_becomes_part_of_another(store: SqlStore) -> None:
    old = Patent(id="N-1", keys=("N:1", "T:1"), title="隔膜")
    alone = Patent(id="N-2", keys=("N:2",), title="阀门")
    store.put_patents([old, alone])
    kept = Feedback(need_id="X-3", patent_id="N-2", grade=1)
    answers = [
        Feedback(need_id="X-1", patent_id="N-1", by="王一", grade=4, at=date(2026, 5, 2)),
        Feedback(need_id="X-2", patent_id="N-1", by="王一", grade=3, at=date(2026, 5, 1)),
        Feedback(need_id="X-2", patent_id="N-1", by="李二", grade=2, at=date(2026, 5, 3)),
    ]
    joined = Patent(id="CN1", keys=("A:1", "N:1", "T:1"), title="隔膜")
    there = [
        Feedback(need_id="X-2", patent_id="CN1", by="王一", grade=1, at=date(2026, 5, 2)),
        Feedback(need_id="X-2", patent_id="CN1", by="李二", grade=1, at=date(2026, 5, 2)),
    ]
    store.put_feedback([*answers, *there, kept])
    store.put_patents([joined], gone=["N-1"])
    assert list(store.each_feedback()) == [
        replace(answers[0], patent_id="CN1"),
        replace(answers[2], patent_id="CN1"),
        there[0],
        kept,
    ]
    store.put_patents([], gone=["N-2"])
    assert kept in list(store.each_feedback())


def test_records_are_named_by_title_or_id(store: SqlStore) -> None:
    same = [Need(id=id, title="隔膜") for id in ("X-2", "X-1")]
    store.put_needs([*same, Need(id="X-3", title="阀门")])
    store.put_patents([Patent(id="P1", keys=("k",), title="隔膜")])
    assert store.named("needs", "title", ["隔膜", "没有"]) == {"隔膜": ["X-1", "X-2"]}
    assert store.named("needs", "id", ["X-3", "X-9"]) == {"X-3": ["X-3"]}
    assert store.named("patents", "title", ["隔膜"]) == {"隔膜": ["P1"]}
    assert store.named("patents", "id", []) == {}


def test_answers_are_counted_by_grade_reply_and_refusal(store: SqlStore) -> None:
    store.put_feedback([FULL, BARE, replace(FULL, by="", grade=2)])
    assert store.count_by("feedback", "grade") == [("", 1), ("2", 1), ("3", 1)]
    assert store.count_by("feedback", "reply") == [("暂不", 2), ("", 1)]


def test_a_database_from_before_answers_is_brought_up_to_date(
    taken_back: Callable[[str, set[str]], None], opened: Open
) -> None:
    patent = Patent(id="P1", keys=("k",), title="隔膜", inventors=("王一",))
    need = Need(id="X-1", title="耐热")
    first = opened()
    first.put_patents([patent])
    first.put_needs([need])
    first.remember_columns("f1", {"甲": "title"})
    snapshot = first.snapshot()
    taken_back("0001", {"patents", "patent_keys", "needs", "column_maps", "facts"})
    later = opened()
    assert (list(later.each_patent()), list(later.each_need())) == ([patent], [need])
    assert (later.snapshot(), later.column_maps()) == (snapshot, {"f1": {"甲": "title"}})
    assert later.owners_of(["k"]) == {"k": "P1"}
    assert everything(later) == ([], EMPTY)
    later.put_feedback([FULL])
    assert list(opened().each_feedback()) == [FULL]


@settings(
    max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(
    texts=st.tuples(*[st.text(max_size=30)] * 8),
    day=st.none() | st.dates(),
    grade=st.sampled_from([1, 2, 3, 4]),
)  # fmt: skip
def test_any_text_and_day_of_an_answer_is_read_back_equal(
    store: SqlStore, texts: tuple[str, ...], day: date | None, grade: int
) -> None:
    need, patent, by, *told = (text.replace("\x00", "") for text in texts)
    answer = Feedback(
        need_id=need, patent_id=patent, by=by, at=day, grade=grade,  # type: ignore[arg-type]
        prospect=told[0], improvement=told[1], willingness=told[2], note=told[3], source=told[4],
    )  # fmt: skip
    store.put_feedback([answer])
    assert [item for item in store.feedback_of([need]) if item.patent_id == patent
            and item.by == by] == [answer]  # fmt: skip


def test_what_no_database_can_hold_becomes_a_replacement_mark_in_answers(store: SqlStore) -> None:
    dirty = replace(FULL, need_id="a\x00", by="\ud800", note="坏\x00")
    clean = replace(FULL, need_id="a�", by="�", note="坏�")
    store.put_feedback([dirty])
    before = store.feedback_snapshot()
    store.put_feedback([dirty, clean])
    assert (list(store.each_feedback()), store.feedback_snapshot()) == ([clean], before)
    assert store.feedback_of(["a\x00"]) == [clean]
