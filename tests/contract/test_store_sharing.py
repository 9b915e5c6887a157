"""`protocols.Store` over time: snapshots, several writers, newer versions; on every database."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import date
from itertools import permutations

import pytest
from sqlalchemy import create_engine, text

from matcher.errors import StoreBroken
from matcher.records import Need, Party, Patent, Terms
from matcher.store.sql import SqlStore
from matcher.store.tables import HEAD

Open = Callable[[], SqlStore]

FULL = Patent(
    id="CN201220249767.4",
    keys=("a:CN201220249767.4", "p:CN202634345U"),
    title="一种铝合金成形方法",
    application_date=date(2012, 5, 30),
    applicants=(Party("云岭理工大学", "高校"),),
    inventors=("王一", "李二"),
    terms=Terms(trl=6, licence_modes=("开放许可",)),
)
BARE = Patent(id="N-0123456789abcdef", keys=("t:0123456789abcdef",), title="")
NEED = Need(id="X-1", title="提高隔膜耐热性", keywords=("隔膜", "耐热"))


def numbered(count: int) -> list[Patent]:
    return [Patent(id=f"CN{n:04d}", keys=(f"a:{n}",), title=f"专利{n}") for n in range(count)]


def test_the_snapshot_changes_whenever_a_record_does(store: SqlStore) -> None:
    seen = [store.snapshot()]
    for put in (
        lambda: store.put_patents([FULL]),
        lambda: store.put_patents([replace(FULL, inventors=("王一",))]),
        lambda: store.put_patents([replace(FULL, terms=replace(FULL.terms, trl=7))]),
        lambda: store.put_patents([replace(FULL, application_date=date(2012, 5, 31))]),
        lambda: store.put_needs([NEED]),
        lambda: store.put_needs([replace(NEED, keywords=("隔膜",))]),
        lambda: store.put_patents([BARE], gone=[FULL.id]),
    ):
        put()
        seen.append(store.snapshot())
    assert len(set(seen)) == len(seen)


def test_the_snapshot_is_the_old_one_when_the_records_are(store: SqlStore) -> None:
    store.put_patents([FULL, BARE])
    before = store.snapshot()
    store.put_patents([replace(FULL, title="改")], gone=[BARE.id])
    assert store.snapshot() != before
    store.put_patents([FULL, BARE])
    assert store.snapshot() == before


def test_the_snapshot_does_not_depend_on_the_order_of_puts(url: str, opened: Open) -> None:
    records = [FULL, BARE, *numbered(2)]
    found = set()
    store = opened()
    for order in permutations(records):
        store.put_patents([], gone=[patent.id for patent in records])
        for patent in order:
            store.put_patents([patent])
        found.add(store.snapshot())
    store.put_patents([], gone=[patent.id for patent in records])
    store.put_patents(records)
    assert found == {store.snapshot()}


def test_writers_at_the_same_time_take_turns(opened: Open) -> None:
    stores = [opened() for _ in range(4)]
    patents = numbered(80)

    def put(worker: int) -> None:
        for patent in patents[worker::4]:
            stores[worker].put_patents([patent])

    with ThreadPoolExecutor(4) as pool:
        list(pool.map(put, range(4)))
    told = stores[0].snapshot()
    assert list(stores[0].each_patent()) == patents
    stores[0].put_patents([], gone=[patent.id for patent in patents])
    stores[0].put_patents(patents)
    assert stores[0].snapshot() == told


def test_a_new_database_can_be_opened_by_many_at_once(url: str) -> None:
    with ThreadPoolExecutor(4) as pool:
        stores = list(pool.map(SqlStore.open, [url] * 4))
    stores[0].put_patents([FULL])
    assert [list(store.each_patent()) for store in stores] == [[FULL]] * 4
    for store in stores:
        store.close()


def test_a_database_of_a_newer_version_is_refused(url: str, opened: Open) -> None:
    opened().put_patents([FULL])
    engine = create_engine(url)
    with engine.begin() as connection:
        connection.execute(text("UPDATE alembic_version SET version_num = '9999'"))
    with pytest.raises(StoreBroken, match=r"数据库的版本\(9999\)比本程序新.*请升级"):
        SqlStore.open(url)
    with engine.begin() as connection:
        connection.execute(text(f"UPDATE alembic_version SET version_num = '{HEAD}'"))
    engine.dispose()
    assert list(opened().each_patent()) == [FULL]
