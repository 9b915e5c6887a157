"""Favourites and messages: a person's own in one organisation, gone with the person."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from matcher.access.people import Organisation, Person
from matcher.errors import BadInput
from matcher.records import Patent
from matcher.store import favourites, messages
from matcher.store.favourites import Favourite
from matcher.store.messages import leave_word
from matcher.store.opening import Writing
from matcher.store.sql import SqlStore, sqlite_url

DAY = 86400


@pytest.fixture
def store(tmp_path: Path) -> Iterator[SqlStore]:
    opened = SqlStore.open(sqlite_url(tmp_path / "a.db"))
    for number in (1, 2):
        opened.accounts.found(Organisation(id=f"o-{number}", kind="centre", name=f"中心{number}"))
    for number in (1, 2):
        person = Person(id=f"p-{number}", email=f"{number}@example.com", name="王")
        opened.accounts.enrol(person, "hash")
        opened.accounts.join(person.id, "o-1", "admin")
    opened.accounts.join("p-1", "o-2", "admin")
    yield opened
    opened.close()


def star(id: str, at: int = 0, side: Any = "patents") -> Favourite:
    return Favourite(side=side, record_id=id, made_at=at)


def word(store: SqlStore, to: dict[str, str | None], now: int = 0, **data: Any) -> None:
    with Writing(store._engine) as connection:
        leave_word(connection, to, "match.step", data, now=now)


def test_what_is_kept_is_read_back_the_latest_first(store: SqlStore) -> None:
    for one in (star("a", 1), star("b", 3), star("a", 2, "needs"), star("a", 9)):
        store.favourites.keep("p-1", "o-1", one)
    held = store.favourites.of("p-1", "o-1", limit=9)
    assert held == [star("b", 3), star("a", 2, "needs"), star("a", 1)], "kept twice is kept once"
    assert store.favourites.of("p-1", "o-1", at=1, limit=1) == [star("a", 2, "needs")]
    assert store.favourites.of("p-1", "o-2", limit=9) == []
    assert store.favourites.of("p-2", "o-1", limit=9) == []
    assert store.favourites.kept("p-1", "o-1", "patents", ["a", "c"]) == {"a"}
    store.favourites.drop("p-2", "o-1", "patents", "a")
    store.favourites.drop("p-1", "o-1", "patents", "a")
    assert store.favourites.kept("p-1", "o-1", "patents", ["a", "b"]) == {"b"}


def test_there_are_not_too_many(store: SqlStore, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(favourites, "MOST", 2)
    store.favourites.keep("p-1", "o-1", star("a"))
    store.favourites.keep("p-1", "o-1", star("b"))
    store.favourites.keep("p-1", "o-1", star("b"))
    with pytest.raises(BadInput, match="最多收藏 2 条"):
        store.favourites.keep("p-1", "o-1", star("c"))
    store.favourites.keep("p-1", "o-2", star("c"))


def test_who_kept_a_patent_that_went_into_another_keeps_that_one(store: SqlStore) -> None:
    old = [Patent(id=f"T:{n}", keys=(f"T:{n}", f"P:{n}"), title=f"甲{n}") for n in (1, 2)]
    store.put_patents(old, claims={one.id: "o-1" for one in old})
    store.favourites.keep("p-1", "o-1", star("T:1"))
    store.favourites.keep("p-2", "o-1", star("T:1"))
    store.favourites.keep("p-2", "o-1", star("A:1", 5))
    heir = Patent(id="A:1", keys=("A:1", "T:1", "P:1"), title="甲")
    store.put_patents([heir], gone=["T:1"], claims={"A:1": "o-1"})
    assert store.favourites.of("p-1", "o-1", limit=9) == [star("A:1")]
    assert store.favourites.of("p-2", "o-1", limit=9) == [star("A:1", 5)]


def test_messages_are_read_by_each_person_and_counted_up_to_a_bound(
    store: SqlStore, monkeypatch: pytest.MonkeyPatch
) -> None:
    word(store, {"o-1": None, "o-2": None}, n=1)
    word(store, {"o-1": "p-2"}, n=2)
    assert [one.data["n"] for one in store.messages.page("p-2", "o-1", limit=9)] == [2, 1]
    assert [one.data["n"] for one in store.messages.page("p-1", "o-1", limit=9)] == [1]
    first = store.messages.page("p-2", "o-1", limit=1)
    rest = store.messages.page("p-2", "o-1", before=first[0].id, limit=9)
    assert [one.data["n"] for one in (*first, *rest)] == [2, 1]
    assert (store.messages.unread("p-1", "o-1"), store.messages.unread("p-2", "o-1")) == (1, 2)
    store.messages.look("p-2", "o-1")
    store.messages.look("p-2", "o-1")
    assert (store.messages.unread("p-1", "o-1"), store.messages.unread("p-2", "o-1")) == (1, 0)
    word(store, {"o-1": None}, n=3)
    assert store.messages.unread("p-2", "o-1") == 1 == store.messages.unread("p-1", "o-2")
    monkeypatch.setattr(messages, "COUNTED", 1)
    assert store.messages.unread("p-1", "o-1") == 1


def test_old_messages_are_forgotten_when_new_ones_come(store: SqlStore) -> None:
    word(store, {"o-1": None}, now=0, n=1)
    word(store, {"o-2": None}, now=0, n=2)
    word(store, {"o-1": None}, now=31 * DAY, n=3)
    assert [one.data["n"] for one in store.messages.page("p-1", "o-1", limit=9)] == [3]
    assert [one.data["n"] for one in store.messages.page("p-1", "o-2", limit=9)] == [2]


@pytest.mark.parametrize("how", ["leaves", "is erased"])
def test_they_go_with_the_person(store: SqlStore, how: str) -> None:
    store.favourites.keep("p-1", "o-2", star("a"))
    store.accounts.join("p-2", "o-2", "admin")
    word(store, {"o-2": "p-1"}, n=1)
    store.messages.look("p-1", "o-2")
    assert len(store.personal.of("p-1")["favourites"]) == 1
    assert len(store.personal.of("p-1")["messages"]) == 1
    if how == "leaves":
        store.accounts.leave("p-1", "o-2")
    else:
        store.personal.erase("p-1")
    assert store.favourites.of("p-1", "o-2", limit=9) == []
    assert store.messages.page("p-1", "o-2", limit=9) == []
    assert store.messages.until("p-1", "o-2") == ""
