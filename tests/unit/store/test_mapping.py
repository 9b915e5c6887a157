"""Records to rows: no field is forgotten, when a record grows one either."""

import json
from collections.abc import Sequence
from dataclasses import fields, replace
from datetime import date
from hashlib import blake2b
from typing import Any, get_type_hints

import pytest
from hypothesis import given
from hypothesis import strategies as st

from matcher.records import Feedback, Flag, Need, Party, Patent, Terms
from matcher.store.mapping import (
    FEEDBACK_COLUMNS,
    NEED_COLUMNS,
    PATENT_COLUMNS,
    feedback_from,
    feedback_values,
    need_from,
    need_values,
    patent_columns,
    patent_from,
    patent_values,
    storable,
)
from matcher.store.tables import feedback, needs, patents

PATENT = Patent(id="1", keys=("k",), title="题")
DAYS = ("application_date", "publication_date", "grant_date", "expiry_date", "deadline")
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


def as_read(columns: Sequence[str], values: tuple[Any, ...]) -> dict[str, Any]:
    """A written row as the database gives it back: days go in as ISO text and come out as days."""
    row = dict(zip(columns, values, strict=True))
    for name in columns:
        if name in DAYS and row[name] is not None:
            row[name] = date.fromisoformat(row[name])
    return row


def names(kind: type[Any]) -> list[str]:
    return [item.name for item in fields(kind)]


@pytest.mark.parametrize("name", names(Patent))
def test_every_field_of_a_patent_is_read_back_and_all_but_seen_change_the_digest(name: str) -> None:
    changed = replace(PATENT, **{name: other(PATENT, name)})
    assert changed != PATENT
    row = as_read(PATENT_COLUMNS, patent_values(changed))
    assert patent_from(row) == changed
    assert (row["digest"] == patent_values(PATENT)[-1]) is (name == "seen")


@pytest.mark.parametrize("name", names(Terms))
def test_every_term_is_read_back_and_changes_the_digest(name: str) -> None:
    changed = replace(PATENT, terms=replace(Terms(), **{name: other(Terms(), name)}))
    row = as_read(PATENT_COLUMNS, patent_values(changed))
    assert patent_from(row) == changed
    assert row["digest"] != patent_values(PATENT)[-1]


@pytest.mark.parametrize("name", names(Need))
def test_every_field_of_a_need_is_read_back_and_all_but_seen_change_the_digest(name: str) -> None:
    changed = replace(NEED, **{name: other(NEED, name)})
    assert changed != NEED
    row = as_read(NEED_COLUMNS, need_values(changed))
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


def test_patents_laid_out_together_are_what_each_is_alone() -> None:
    """Also when one of them has what no database holds, a price, or the marks of its rows."""
    plain = [replace(PATENT, **{name: other(PATENT, name)}) for name in names(Patent)]
    usual = [item for item in plain if item.seen == () and item.terms == Terms()]
    odd = [
        replace(PATENT, title="甲\x00乙"),
        replace(PATENT, abstract="\ud800", college="\x00"),
        replace(PATENT, inventors=("\udfff",), seen=("a", "b")),
        replace(PATENT, keys=("\x00",), terms=Terms(price_min=0.1)),
    ]
    for items in (usual, plain, *([*usual, one] for one in odd), odd, [PATENT, *odd, *plain]):
        rows = list(zip(*patent_columns(items), strict=True))
        assert rows == [patent_values(item) for item in items]


@given(st.lists(st.builds(Patent, id=st.text(), keys=st.tuples(st.text()), title=st.text(),
                          region=st.none() | st.text(), park=st.none() | st.text(),
                          pledges=st.integers(0, 9), seen=st.just(()) | st.tuples(st.text())),
                min_size=1, max_size=6))  # fmt: skip
def test_the_digest_is_made_of_what_is_written(items: list[Patent]) -> None:
    for item, row in zip(items, zip(*patent_columns(items), strict=True), strict=True):
        *values, more, digest = row
        if item.seen:
            more = patent_values(replace(item, seen=()))[-2]
        told = "\x1f".join(map(str, (*values, more))).encode()
        assert digest == int.from_bytes(blake2b(told, digest_size=8).digest(), "big") >> 1
        assert not any("\x00" in text for text in (*values, more) if isinstance(text, str))


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


WORDS = st.text(st.characters(exclude_categories=()), max_size=8)
LISTS = st.lists(WORDS, max_size=3).map(tuple)


def parties() -> st.SearchStrategy[tuple[Party, ...]]:
    return st.lists(st.builds(Party, WORDS, st.just("企业")), max_size=2).map(tuple)


@given(
    patent=st.builds(
        Patent,
        id=WORDS,
        title=WORDS,
        keys=LISTS,
        publication_numbers=LISTS,
        applicants=parties(),
        owners=parties(),
        inventors=LISTS,
        ipc=LISTS,
        flags=st.lists(st.builds(Flag, st.just("no_number"), WORDS), max_size=2).map(tuple),
        terms=st.builds(Terms, price_min=st.none() | st.floats(0, 1e20), scene=WORDS),
        application_date=st.none() | st.dates(),
        pledges=st.integers(0, 99),
    )
)
def test_document_and_digest_are_those_of_stores_filled_with_json_and_str(patent: Patent) -> None:
    *values, more, digest = patent_values(patent)
    document = json.loads(more)
    plain = json.dumps(document, ensure_ascii=False, separators=(",", ":"))
    assert more == plain
    joined = "\x1f".join(storable(str(value)) for value in (*values, more))
    raw = blake2b(joined.encode(), digest_size=8).digest()
    assert digest == int.from_bytes(raw, "big") >> 1


def test_the_digest_of_a_known_record_is_as_it_always_was() -> None:
    filled = replace(
        PATENT,
        application_date=date(2018, 2, 3),
        applicants=(Party("甲“大学”", "高校"),),
        ipc=("H01M10/0525",),
        flags=(Flag("unread_value", "行业\n\x00\ud800"),),
        terms=Terms(price_min=0.00001, price_max=1e16),
    )
    assert patent_values(filled)[-2:] == (
        '{"keys":["k"],"applicants":[["甲“大学”","高校"]],"owners":[],"ipc":["H01M10/0525"],'
        '"flags":[["unread_value","行业\\n\\u0000\ufffd"]],"terms":{"trl":null,"licence_modes":[],'
        '"transfer_modes":[],"price_min":1e-05,"price_max":1e+16,"price_text":"","payment":"",'
        '"pay_later":null,"funded":null,"implementation":"","self_rating":"","scene":"",'
        '"contact":""}}',
        2449113104344809380,
    )
    assert patent_values(PATENT)[-1] == 2362383366131090236
