"""Which records were written, in order, on each database."""

from matcher.records import Need, Patent
from matcher.store.changes import KEPT, MANY
from matcher.store.sql import SqlStore


def need(id: str, title: str = "隔膜") -> Need:
    return Need(id=id, title=title)


def test_what_is_written_and_removed_is_told_in_order(store: SqlStore) -> None:
    nothing: dict[str, set[str]] = {"patents": set(), "needs": set()}
    assert (store.changes.last, store.changes.since(0)) == (0, (0, nothing))
    store.put_needs([need("N1"), need("N2")])
    at, told = store.changes.since(0)
    assert told == {"patents": set(), "needs": {"N1", "N2"}}
    store.put_patents([Patent(id="P1", keys=("k",), title="隔膜")])
    store.put_needs([need("N2", "阀门")])
    later, told = store.changes.since(at)
    assert told == {"patents": {"P1"}, "needs": {"N2"}}
    store.put_patents([], gone=["P1"])
    assert store.changes.since(later)[1] == {"patents": {"P1"}, "needs": set()}
    assert store.changes.since(store.changes.last)[1] == {"patents": set(), "needs": set()}


def test_digests_are_those_of_the_whole(store: SqlStore) -> None:
    store.put_needs([need("N1"), need("N2")])
    every = store.digests("needs")
    assert store.changes.digests("needs", ["N1", "nothing"]) == {"N1": every["N1"]}


def test_many_at_once_and_what_is_long_ago_is_not_told_one_by_one(store: SqlStore) -> None:
    store.put_needs([need("N1")])
    first = store.changes.last
    store.put_needs([need(f"M{number}") for number in range(MANY + 1)])
    assert store.changes.since(first)[1] is None
    for block in range(KEPT // MANY + 2):
        store.put_needs([need(f"M{number}", f"阀门{block}") for number in range(MANY)])
    latest, told = store.changes.since(first)
    assert told is None and latest == store.changes.last
