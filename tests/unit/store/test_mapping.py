"""Records to rows: no field is forgotten, when a record grows one either."""

from dataclasses import fields, replace
from datetime import date
from typing import Any, get_type_hints

import pytest

from matcher.records import Feedback, Flag, Need, Party, Patent, Terms
from matcher.store.mapping import (
    FEEDBACK_COLUMNS,
    NEED_COLUMNS,
    PATENT_COLUMNS,
    feedback_from,
    feedback_values,
    need_from,
    need_values,
    patent_from,
    patent_values,
    storable,
)
from matcher.store.tables import feedback, needs, patents

PATENT = Patent(id="1", keys=("k",), title="题")
NEED = Need(id="1", title="题")
ANSWER = Feedback(need_id="1", patent_id="2", grade=1)
OTHERS: dict[str, Any] = {
    "kind": "发明",
    "legal_status": "有效",
    "level": "脱敏",
    "applicants": (Party("甲", "高校"),),
    "owners": (Party("乙", "企业"),),
    "flags": (Flag("no_number", "注"),),
    "terms": Terms(trl=3),
    "modes": ("合作研发",),
    "grade": 4,
    "reply": "暂不",
    "refusal_code": "方向不符",
    "licence_modes": ("开放许可",),
    "transfer_modes": ("许可",),
}


def other(record: object, name: str) -> Any:
    """A value for one field that is not the one in `record`."""
    if name in OTHERS:
        return OTHERS[name]
    kind = str(get_type_hints(type(record))[name])
    for word, value in (
        ("tuple", ("甲", "乙")),
        ("date", date(2020, 2, 29)),
        ("bool", False),
        ("float", 1.5),
        ("int", 7),
    ):
        if word in kind:
            return value
    return "另"


def names(kind: type[Any]) -> list[str]:
    return [item.name for item in fields(kind)]


@pytest.mark.parametrize("name", names(Patent))
def test_every_field_of_a_patent_is_read_back_and_all_but_seen_change_the_digest(name: str) -> None:
    changed = replace(PATENT, **{name: other(PATENT, name)})
    assert changed != PATENT
    row = dict(zip(PATENT_COLUMNS, patent_values(changed), strict=True))
    assert patent_from(row) == changed
    assert (row["digest"] == patent_values(PATENT)[-1]) is (name == "seen")


@pytest.mark.parametrize("name", names(Terms))
def test_every_term_is_read_back_and_changes_the_digest(name: str) -> None:
    changed = replace(PATENT, terms=replace(Terms(), **{name: other(Terms(), name)}))
    row = dict(zip(PATENT_COLUMNS, patent_values(changed), strict=True))
    assert patent_from(row) == changed
    assert row["digest"] != patent_values(PATENT)[-1]


@pytest.mark.parametrize("name", names(Need))
def test_every_field_of_a_need_is_read_back_and_all_but_seen_change_the_digest(name: str) -> None:
    changed = replace(NEED, **{name: other(NEED, name)})
    assert changed != NEED
    row = dict(zip(NEED_COLUMNS, need_values(changed), strict=True))
    assert need_from(row) == changed
    assert (row["digest"] == need_values(NEED)[-1]) is (name == "seen")


@pytest.mark.parametrize("name", names(Feedback))
def test_every_field_of_an_answer_is_read_back_and_all_but_seen_change_the_digest(
    name: str,
) -> None:
    changed = replace(ANSWER, **{name: other(ANSWER, name)})
    assert changed != ANSWER
    row = dict(zip(FEEDBACK_COLUMNS, feedback_values(changed), strict=True))
    assert feedback_from(row) == changed
    assert (row["digest"] == feedback_values(ANSWER)[-1]) is (name == "seen")


def test_rows_are_in_the_order_of_the_tables() -> None:
    assert tuple(patents.columns.keys()) == PATENT_COLUMNS
    assert tuple(needs.columns.keys()) == NEED_COLUMNS
    assert tuple(feedback.columns.keys()) == FEEDBACK_COLUMNS


def test_a_digest_fits_a_signed_column_of_eight_bytes() -> None:
    for n in range(200):
        assert 0 <= patent_values(replace(PATENT, title=str(n)))[-1] < 1 << 63


@pytest.mark.parametrize(
    ("text", "kept"),
    [("无", "无"), ("a\x00b", "a�b"), ("\ud800x\udfff", "�x�"), ("𠮷\n\t", "𠮷\n\t"), ("", "")],
)
def test_text_is_kept_but_for_what_no_database_can_hold(text: str, kept: str) -> None:
    assert storable(text) == kept
