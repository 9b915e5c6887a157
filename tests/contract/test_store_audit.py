"""The audit list on every database: it holds until somebody changes it, also when people are
erased."""

import threading
from collections.abc import Callable

import pytest
from sqlalchemy import create_engine, text

from matcher.access.people import Organisation, Person
from matcher.errors import BadInput, UnknownId
from matcher.store.audit import FIRST
from matcher.store.sql import SqlStore

Open = Callable[[], SqlStore]
NOW = 1_800_000_000


def write(store: SqlStore, count: int, person: str = "p-1") -> None:
    for number in range(count):
        who = ("o-1", person, "10.0.0.9")
        store.audit.append("PUT /needs/{id:path}", who, (f"N-{number} 需求", 200), now=NOW + number)


def changed(url: str, statement: str) -> None:
    engine = create_engine(url)
    with engine.begin() as connection:
        connection.execute(text(statement))
    engine.dispose()


def test_an_empty_list_holds(store: SqlStore) -> None:
    verdict = store.audit.verify()
    assert (verdict.count, verdict.digest, verdict.broken) == (0, FIRST, None)


def test_entries_are_read_back_the_latest_first(store: SqlStore) -> None:
    write(store, 3)
    found = store.audit.page("o-1", before=None, limit=2)
    assert [(one.number, one.record, one.at) for one in found] == [
        (3, "N-2 需求", NOW + 2), (2, "N-1 需求", NOW + 1),
    ]  # fmt: skip
    assert [one.number for one in store.audit.page("o-1", before=2, limit=9)] == [1]
    assert store.audit.page(None, before=None, limit=9) == []
    assert store.audit.verify().count == 3


@pytest.mark.parametrize(
    ("statement", "broken"),
    [
        ("UPDATE audit SET record = 'N-9' WHERE number = 3", 3),
        ("UPDATE audit SET status = 403 WHERE number = 1", 1),
        ("UPDATE audit SET at = at + 1 WHERE number = 5", 5),
        ("UPDATE audit SET person_id = 'p-9' WHERE number = 4", 4),
        ("UPDATE audit SET address = '10.0.0.1' WHERE number = 4", 4),
        ("UPDATE audit SET salt = NULL WHERE number = 2", 2),
        ("DELETE FROM audit WHERE number = 3", 3),
        ("DELETE FROM audit WHERE number = 1", 1),
    ],
)
def test_whatever_is_changed_is_found(
    statement: str, broken: int, store: SqlStore, url: str
) -> None:
    write(store, 6)
    changed(url, statement)
    verdict = store.audit.verify()
    assert (verdict.broken, verdict.count) == (broken, broken - 1)


def test_a_cut_end_shows_in_the_last_digest(store: SqlStore, url: str) -> None:
    write(store, 6)
    before = store.audit.verify()
    changed(url, "DELETE FROM audit WHERE number > 4")
    after = store.audit.verify()
    assert (after.broken, after.count) == (None, 4) and after.digest != before.digest


def test_many_at_once_make_one_chain(store: SqlStore, opened: Open) -> None:
    stores = [opened() for _ in range(4)]
    threads = [threading.Thread(target=write, args=(one, 10)) for one in stores]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    verdict = store.audit.verify()
    assert (verdict.count, verdict.broken) == (40, None)


def test_a_person_is_told_everything_and_then_erased_and_the_chain_holds(store: SqlStore) -> None:
    for id in ("p-1", "p-2"):
        store.accounts.enrol(Person(id=id, email=f"{id}@example.com", name=f"王{id}"), "hash")
    store.accounts.found(Organisation(id="o-1", kind="park", name="高新区"))
    store.accounts.join("p-1", "o-1", "admin")
    store.credentials.open_session("digest", "p-1", "o-1", now=NOW, until=NOW + 9)
    write(store, 4)
    write(store, 2, "p-2")
    told = store.personal.of("p-1")
    assert told["account"]["email"] == "p-1@example.com" and "hash" not in str(told)
    assert told["roles"] == [{"id": "o-1", "name": "高新区", "role": "admin"}]
    assert [one["number"] for one in told["audit"]] == [1, 2, 3, 4]
    assert (len(told["sessions"]), told["audit"][0]["address"]) == (1, "10.0.0.9")
    with pytest.raises(BadInput, match="管理员"):
        store.personal.erase("p-1")
    store.accounts.join("p-2", "o-1", "admin")
    store.personal.erase("p-1")
    assert store.accounts.by_email("p-1@example.com") is None
    assert store.credentials.session("digest", now=NOW) is None
    gone = store.personal.of("p-1")
    assert (gone["account"]["name"], gone["roles"], gone["audit"]) == ("(已注销)", [], [])
    entries = store.audit.page("o-1", before=None, limit=9)
    assert [one.person_id for one in entries] == ["p-2", "p-2", None, None, None, None]
    verdict = store.audit.verify()
    assert (verdict.count, verdict.broken) == (6, None)
    with pytest.raises(UnknownId):
        store.personal.erase("nobody")


def test_the_last_operator_stays(store: SqlStore) -> None:
    store.accounts.enrol(Person(id="p-1", email="a@b.cn", name="王", operator=True), "hash")
    with pytest.raises(BadInput, match="最后一位系统管理员"):
        store.personal.erase("p-1")
    assert store.accounts.by_email("a@b.cn") is not None
