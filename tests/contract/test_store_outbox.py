"""What is to be sent, watched needs and new passwords, on each database."""

from typing import Any

import pytest

from matcher.access.people import Organisation, Person
from matcher.errors import Taken, UnknownId
from matcher.store.outbox import DELAYS, LEASE, Hook
from matcher.store.sql import SqlStore
from matcher.store.watches import Watch

NOW = 1_900_000_000
ZHAO = Person(id="zhao", email="zhao@example.com", name="赵三")
PARK = Organisation(id="o-1", kind="park", name="高新区")


@pytest.fixture
def peopled(store: SqlStore) -> SqlStore:
    store.accounts.found(PARK)
    store.accounts.enrol(ZHAO, "hash")
    store.accounts.join("zhao", "o-1", "editor")
    store.accounts.enrol(Person(id="li", email="li@example.com", name="李四"), "hash")
    store.accounts.join("li", "o-1", "admin")
    return store


def watch(id: str = "w-1", need: str = "N-1") -> Watch:
    return Watch(id=id, person_id="zhao", organisation_id="o-1", need_id=need, made_at=NOW)


def test_a_parcel_is_claimed_put_off_and_given_up(peopled: SqlStore) -> None:
    outbox = peopled.outbox
    outbox.put("news", "zhao", {"news": {}}, now=NOW)
    assert outbox.claim(now=NOW - 1) == []
    at = NOW
    for tries, delay in enumerate(DELAYS):
        (parcel,) = outbox.claim(now=at)
        assert (parcel.tries, parcel.state, parcel.person_id) == (tries, "waiting", "zhao")
        assert outbox.claim(now=at + LEASE - 1) == []
        outbox.failed(parcel, "没有连上", now=at)
        at += delay
    (parcel,) = outbox.claim(now=at)
    outbox.failed(parcel, "没有连上", now=at)
    assert outbox.counts() == {"failed": 1}
    assert outbox.claim(now=at + 10**6) == []


def test_old_parcels_are_forgotten_and_waiting_ones_are_not(peopled: SqlStore) -> None:
    outbox = peopled.outbox
    for number in range(3):
        outbox.put("news", "zhao", {"news": {}}, now=NOW + number)
    first, second, _ = outbox.claim(now=NOW + 5)
    outbox.sent(first.id)
    outbox.failed(second, "x", now=NOW + 5, again=False)
    assert outbox.counts() == {"failed": 1, "sent": 1, "waiting": 1}
    assert len(outbox.claim(now=NOW + 40 * 86400)) == 1
    assert outbox.counts() == {"waiting": 1}


def test_a_webhook_goes_with_its_parcels(peopled: SqlStore) -> None:
    outbox = peopled.outbox
    hook = Hook(id="h-1", organisation_id="o-1", url="https://a.cn/", events=("match.step",),
                made_at=NOW)  # fmt: skip
    outbox.add_hook(hook)
    assert (outbox.hooks("o-1"), outbox.hook("h-1", "o-1")) == ([hook], hook)
    outbox.ping(hook, now=NOW)
    assert [one.body["type"] for one in outbox.deliveries("h-1", limit=5)] == ["ping"]
    outbox.drop_hook("h-1")
    assert outbox.counts() == {}
    with pytest.raises(UnknownId):
        outbox.hook("h-1")


def test_what_was_told_of_a_watched_need_is_no_news(peopled: SqlStore) -> None:
    watches = peopled.watches
    watches.add(watch(), ["P-1", "P-2"])
    with pytest.raises(Taken):
        watches.add(watch("w-2"), [])
    watches.tell("zhao", {watch(): ["P-2", "P-3"]}, now=NOW)
    assert watches.told("w-1") == {"P-1", "P-2", "P-3"}
    (parcel,) = peopled.outbox.claim(now=NOW)
    assert parcel.body == {"news": {"w-1": ["P-2", "P-3"]}}
    assert (watches.of("zhao", "o-1"), watches.of("zhao", "o-2")) == ([watch()], [])
    with pytest.raises(UnknownId):
        watches.drop("w-1", "li")
    watches.drop("w-1", "zhao")
    assert not watches.any() and watches.told("w-1") == set()


def test_the_snapshot_that_was_looked_through_is_kept(peopled: SqlStore) -> None:
    assert peopled.watches.last == ("", 0)
    peopled.watches.looked("p1-n1-00", now=NOW)
    peopled.watches.looked("p2-n1-00", now=NOW + 5)
    assert peopled.watches.last == ("p2-n1-00", NOW + 5)


@pytest.mark.parametrize("end", [
    lambda store: store.accounts.leave("zhao", "o-1"), lambda store: store.personal.erase("zhao"),
])  # fmt: skip
def test_who_leaves_or_is_erased_watches_nothing(end: Any, peopled: SqlStore) -> None:
    peopled.watches.add(watch(), ["P-1"])
    peopled.credentials.open_reset("r-1", "zhao", now=NOW, until=NOW + 60)
    end(peopled)
    assert not peopled.watches.any()


def test_all_that_is_kept_of_a_person_holds_watches_and_letters(peopled: SqlStore) -> None:
    peopled.watches.add(watch(), [])
    peopled.credentials.open_reset("r-1", "zhao", now=NOW, until=NOW + 60)
    told = peopled.personal.of("zhao")
    assert told["watches"] == [
        {"id": "w-1", "organisation_id": "o-1", "need_id": "N-1", "made_at": NOW}
    ]
    assert told["letters"] == [{"kind": "reset", "state": "waiting", "made_at": NOW}]
    peopled.personal.erase("zhao")
    assert peopled.outbox.counts() == {} and peopled.credentials.reset("r-1", now=NOW) is None


def test_a_new_password_ends_letters_and_sessions_but_one(peopled: SqlStore) -> None:
    held = peopled.credentials
    for digest in ("a", "b"):
        held.open_session(digest, "zhao", None, now=NOW, until=NOW + 60)
    held.open_reset("r-1", "zhao", now=NOW, until=NOW + 60)
    held.open_reset("r-2", "zhao", now=NOW, until=NOW + 60)
    assert held.reset("r-1", now=NOW) is None
    assert held.reset("r-2", now=NOW) == ("zhao", NOW)
    assert held.reset("r-2", now=NOW + 60) is None
    held.change_password("zhao", "new hash", staying="a")
    assert peopled.accounts.by_email("zhao@example.com") == (ZHAO, "new hash")
    assert (held.session("a", now=NOW) is None, held.session("b", now=NOW)) == (False, None)
    assert held.reset("r-2", now=NOW) is None
