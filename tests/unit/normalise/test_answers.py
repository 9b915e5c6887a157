"""Which of several answers of one person to one match counts."""

from dataclasses import replace
from datetime import date
from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from matcher.normalise.answers import Key, key_of, settle
from matcher.records import Feedback


def answer(grade: int, day: int | None = None, **other: Any) -> Feedback:
    given = {"need_id": "N", "patent_id": "P", "source": "甲.csv", **other}
    return Feedback(
        grade=grade, at=None if day is None else date(2026, 5, day), **given  # type: ignore[arg-type]
    )  # fmt: skip


def known(*items: Feedback) -> dict[Key, Feedback]:
    return {key_of(item): item for item in items}


def bare(items: list[Feedback]) -> list[Feedback]:
    return [replace(item, seen=()) for item in items]


def test_answers_of_several_people_and_matches_stand_side_by_side() -> None:
    rows = [answer(1), answer(2, by="王"), answer(3, need_id="M"), answer(4, patent_id="Q")]
    found = settle(rows, {})
    assert (found.put, found.outcomes) == (rows, ["new"] * 4)


def test_of_undated_rows_the_last_counts() -> None:
    found = settle([answer(1), answer(2), answer(3)], {})
    assert bare(found.put) == [answer(3)]
    assert found.outcomes == ["merged", "merged", "new"]


def test_of_dated_rows_the_latest_counts_wherever_it_stands() -> None:
    found = settle([answer(1, 7), answer(2, 9), answer(3, 8)], {})
    assert bare(found.put) == [answer(2, 9)]
    assert found.outcomes == ["outdated", "new", "outdated"]


def test_a_later_answer_replaces_a_stored_one_and_an_earlier_does_not() -> None:
    there = known(answer(2, 5))
    newer, older = answer(3, 6, source="乙.csv"), answer(1, 4, source="乙.csv")
    assert settle([newer], there).outcomes == ["updated"]
    assert bare(settle([newer], there).put) == [newer]
    late = settle([older], there)
    assert late.outcomes == ["outdated"]
    assert bare(late.put) == [answer(2, 5)]
    assert settle([answer(4, 5, source="乙.csv")], there).outcomes == ["updated"]


def test_an_undated_answer_counts_by_when_it_is_imported() -> None:
    found = settle([answer(1, source="乙.csv")], known(answer(2, 5)))
    assert (bare(found.put), found.outcomes) == ([answer(1, source="乙.csv")], ["updated"])


def test_what_another_list_said_already_is_no_news() -> None:
    found = settle([answer(2, source="乙.csv")], known(answer(2)))
    assert (found.put, found.outcomes) == ([], ["unchanged"])


def test_two_lists_that_differ_do_not_take_turns() -> None:
    mine, theirs = answer(1), answer(2, source="乙.csv")
    (first,) = settle([mine], {}).put
    (second,) = settle([theirs], known(first)).put
    assert settle([mine], known(second)).put == []
    assert settle([theirs], known(second)).outcomes == ["unchanged"]
    changed = settle([answer(3)], known(second))
    assert (bare(changed.put), changed.outcomes) == ([answer(3)], ["updated"])


def test_an_earlier_answer_that_was_heard_does_not_come_back_later() -> None:
    early, now = answer(1, 3, source="乙.csv"), answer(2, 5)
    (there,) = settle([early], known(now)).put
    (there,) = settle([answer(4, source="丙.csv")], known(there)).put
    assert settle([early], known(there)).put == []


def test_an_answer_that_moved_to_another_patent_is_still_the_old_one() -> None:
    (there,) = settle([answer(1), answer(2)], {}).put
    moved = replace(there, patent_id="Q")
    rows = [answer(1, patent_id="Q"), answer(2, patent_id="Q")]
    assert settle(rows, known(moved)).outcomes == ["unchanged"] * 2


ROWS = st.lists(
    st.builds(
        answer,
        st.sampled_from([1, 2, 3, 4]),
        st.none() | st.integers(1, 4),
        by=st.sampled_from(["", "王"]),
        patent_id=st.sampled_from(["P", "Q"]),
    ),
    max_size=8,
)


@given(st.lists(ROWS, max_size=4))
def test_the_same_files_again_change_nothing_whatever_came_between(
    files: list[list[Feedback]],
) -> None:
    there: dict[Key, Feedback] = {}
    for number, rows in enumerate(files):
        named = [replace(row, source=f"{number}.csv") for row in rows]
        found = settle(named, there)
        assert len(found.outcomes) == len(rows)
        there |= known(*found.put)
    for number, rows in enumerate(files):
        found = settle([replace(row, source=f"{number}.csv") for row in rows], there)
        assert found.put == []
        assert set(found.outcomes) <= {"unchanged", "outdated"}


@given(ROWS)
def test_no_answer_is_kept_that_a_later_dated_row_of_its_file_overrules(
    rows: list[Feedback],
) -> None:
    for kept in settle(rows, {}).put:
        group = [row for row in rows if key_of(row) == key_of(kept)]
        assert replace(kept, seen=()) in group
        if all(row.at for row in group):
            assert kept.at == max(row.at for row in group if row.at)
