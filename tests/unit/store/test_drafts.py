"""Drafts: a person's own in one organisation."""

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from matcher.access.people import Organisation, Person
from matcher.errors import BadInput, UnknownId
from matcher.store.drafts import MOST, Draft
from matcher.store.sql import SqlStore, sqlite_url

DRAFT = Draft(id="d-1", person_id="p-1", organisation_id="o-1", content={"title": ["甲\x00乙"]},
              changed_at=5)  # fmt: skip


@pytest.fixture
def store(tmp_path: Path) -> Iterator[SqlStore]:
    opened = SqlStore.open(sqlite_url(tmp_path / "a.db"))
    for number in (1, 2):
        opened.accounts.found(Organisation(id=f"o-{number}", kind="company", name=f"企业{number}"))
        person = Person(id=f"p-{number}", email=f"{number}@example.com", name="王")
        opened.accounts.enrol(person, "hash")
        opened.accounts.join(person.id, "o-1", "admin")
    yield opened
    opened.close()


def test_what_was_kept_is_read_back_by_its_person_alone(store: SqlStore) -> None:
    store.drafts.keep(DRAFT)
    newer = replace(DRAFT, content={"title": ["丙"], "modes": ["合作研发", "其他"]}, changed_at=9)
    store.drafts.keep(newer)
    assert store.drafts.of("p-1", "o-1") == [newer]
    assert store.drafts.of("p-2", "o-1") == store.drafts.of("p-1", "o-2") == []
    assert store.drafts.one("d-1", "p-1", "o-1") == newer
    for person, organisation in (("p-2", "o-1"), ("p-1", "o-2")):
        with pytest.raises(UnknownId):
            store.drafts.one("d-1", person, organisation)
        with pytest.raises(UnknownId):
            store.drafts.keep(replace(DRAFT, person_id=person, organisation_id=organisation))
    store.drafts.drop("d-1", "p-2")
    assert store.drafts.of("p-1", "o-1") == [newer]
    store.drafts.drop("d-1", "p-1")
    assert store.drafts.of("p-1", "o-1") == []


def test_the_latest_stand_first_and_there_are_not_too_many(store: SqlStore) -> None:
    for number in range(MOST):
        store.drafts.keep(replace(DRAFT, id=f"d-{number}", changed_at=number))
    assert [one.changed_at for one in store.drafts.of("p-1", "o-1")][:2] == [MOST - 1, MOST - 2]
    with pytest.raises(BadInput, match="最多"):
        store.drafts.keep(replace(DRAFT, id="d-x"))
    store.drafts.keep(replace(DRAFT, id="d-3", changed_at=99))


def test_they_go_with_the_membership_and_with_the_person(store: SqlStore) -> None:
    store.drafts.keep(DRAFT)
    store.drafts.keep(replace(DRAFT, id="d-2", person_id="p-2"))
    assert store.personal.of("p-1")["drafts"][0]["id"] == "d-1"
    store.accounts.leave("p-1", "o-1")
    assert store.drafts.of("p-1", "o-1") == []
    store.accounts.join("p-1", "o-1", "admin")
    store.personal.erase("p-2")
    assert store.drafts.of("p-2", "o-1") == []
