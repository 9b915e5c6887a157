"""A home saved while others write, and put back elsewhere, on either database."""

import json
import shutil
import threading
import zipfile
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import create_engine, inspect, text

from matcher.access.people import Caller, Organisation, Person
from matcher.backup import content_of, restore, save
from matcher.errors import BadInput, UnreadableFile
from matcher.records import Need, Party, Patent, Terms
from matcher.store.sql import SqlStore, sqlite_url
from matcher.store.tables import HEAD
from matcher.store.upgrade import upgrade

PARK = Organisation(id="o-9", kind="park", name="高新区")
COMPANY = Organisation(id="o-1", kind="company", name="青屿", park_id="o-9", state_owned=True)
WANG = Person(id="p-1", email="wang@example.com", name="王一")


def patent(number: int) -> Patent:
    return Patent(
        id=f"CN{number:05d}", keys=(f"A:{number}",), title=f"一种隔膜{number}",
        applicants=(Party("云麓理工大学", "高校"),), terms=Terms(trl=6, price_min=0.1),
    )  # fmt: skip


def full(home: Path) -> SqlStore:
    """Something in every kind of table, and files."""
    home.mkdir(parents=True, exist_ok=True)
    store = SqlStore.open(sqlite_url(home / "patmatch.db"))
    for made in (PARK, COMPANY):
        store.accounts.found(made)
    store.accounts.enrol(WANG, "hash")
    store.accounts.join("p-1", "o-1", "admin")
    store.put_patents([patent(n) for n in range(1500)], claims={"CN00001": "o-1"})
    store.put_needs([Need(id="N-1", title="提高耐热性", budget_min=12.5, keywords=("隔膜",))])
    store.owners.name("needs", "N-1", ["o-9"])
    store.jobs.add("export", {"k": 3}, Caller(person=WANG, organisation=COMPANY), now=9)
    store.audit.append("POST /needs", ("o-1", "p-1", "::1"), ("N-1", 201), now=9)
    store.remember_columns("f", {"甲": "title"})
    for name in ("rankers/CURRENT", "incoming/i-1/清单.csv", "returned/o-1/u-1.xlsx"):
        (home / name).parent.mkdir(parents=True, exist_ok=True)
        (home / name).write_bytes(name.encode() * 1000)
    return store


@pytest.fixture
def saved(tmp_path: Path) -> tuple[Path, Path, Any]:
    """A full home, a backup of it, and what it says of itself."""
    home, path = tmp_path / "home", tmp_path / "备份.zip"
    store = full(home)
    manifest = save(store, home, path)
    store.close()
    return home, path, manifest


@pytest.mark.parametrize("kind", ["sqlite", "postgresql"])
def test_what_is_put_back_is_what_was_saved(
    kind: str, saved: Any, tmp_path: Path, request: pytest.FixtureRequest
) -> None:
    home, path, manifest = saved
    there, database = tmp_path / "there", ""
    if kind == "postgresql":
        database = request.getfixturevalue("postgres")
        engine = create_engine(database)
        with engine.begin() as connection:
            connection.execute(text("DROP SCHEMA public CASCADE"))
            connection.execute(text("CREATE SCHEMA public"))
        engine.dispose()
    assert restore(path, there, database) == manifest
    url = database or sqlite_url(there / "patmatch.db")
    assert content_of(url) == content_of(sqlite_url(home / "patmatch.db")) == manifest.content
    store = SqlStore.open(url)
    assert store.patents(["CN00007"]) == [patent(7)]
    assert store.needs(["N-1"])[0].budget_min == 12.5
    assert store.accounts.organisation("o-1") == COMPANY
    assert store.audit.verify().broken is None
    before = SqlStore.open(sqlite_url(home / "patmatch.db"))
    assert store.snapshot() == before.snapshot()
    for one in (store, before):
        one.close()
    for name in ("rankers/CURRENT", "incoming/i-1/清单.csv", "returned/o-1/u-1.xlsx"):
        assert (there / name).read_bytes() == (home / name).read_bytes()
    assert path.stat().st_mode & 0o077 == 0


def test_a_backup_under_writing_is_one_moment(tmp_path: Path) -> None:
    home = tmp_path / "home"
    store, over = full(home), threading.Event()
    writer = SqlStore.open(sqlite_url(home / "patmatch.db"))

    def write() -> None:
        number = 10_000
        while not over.is_set():
            ids = (number, number + 1)
            writer.put_patents([patent(n) for n in ids], claims={f"CN{ids[0]:05d}": "o-1"})
            number += 2

    thread = threading.Thread(target=write)
    thread.start()
    try:
        for number in range(5):
            manifest = save(store, home, tmp_path / f"{number}.zip")
            there = tmp_path / f"there-{number}"
            restore(tmp_path / f"{number}.zip", there, "")
            again = SqlStore.open(sqlite_url(there / "patmatch.db"))
            count, snapshot = manifest.parts["tables/patents.jsonl"].lines, again.snapshot()
            assert count % 2 == 0 and snapshot.startswith(f"p{count}-n1-")
            claimed = manifest.parts["tables/owners.jsonl"].lines
            assert claimed == 1 + (count - 1500) // 2
            sums = sum(again.digests("patents").values()) + sum(again.digests("needs").values())
            assert snapshot.endswith(f"{sums % (1 << 64):016x}")
            again.close()
    finally:
        over.set()
        thread.join()
        for one in (store, writer):
            one.close()


def spoilt(path: Path, change: Callable[[str, bytes], bytes | None], out: Path) -> Path:
    with zipfile.ZipFile(path) as old, zipfile.ZipFile(out, "w") as new:
        for name in old.namelist():
            content = change(name, old.read(name))
            if content is not None:
                new.writestr(name, content)
    return out


@pytest.mark.parametrize(
    "change",
    [
        lambda name, old: old.replace(b"CN00007", b"CN00008") if "patents.jsonl" in name else old,
        lambda name, old: None if name == "tables/needs.jsonl" else old,
        lambda name, old: None if name == "manifest.json" else old,
        lambda name, old: b"{}" if name == "manifest.json" else old,
        lambda name, old: old + b"x" if name == "home/rankers/CURRENT" else old,
    ],
)
def test_a_damaged_backup_is_refused_and_changes_nothing(
    change: Any, saved: Any, tmp_path: Path
) -> None:
    path = spoilt(saved[1], change, tmp_path / "spoilt.zip")
    with pytest.raises(UnreadableFile, match="没有恢复"):
        restore(path, tmp_path / "there", "")
    assert not (tmp_path / "there" / "patmatch.db").exists()


@pytest.mark.parametrize("content", [b"", b"text", None])
def test_what_is_no_backup_is_refused(content: bytes | None, tmp_path: Path) -> None:
    path = tmp_path / "a.zip"
    if content is not None:
        path.write_bytes(content)
    with pytest.raises(UnreadableFile, match="没有恢复"):
        restore(path, tmp_path / "there", "")


def test_a_name_that_leads_out_is_refused(saved: Any, tmp_path: Path) -> None:
    with zipfile.ZipFile(saved[1]) as old:
        told = json.loads(old.read("manifest.json"))
    told["parts"]["home/rankers/../../../evil"] = told["parts"].pop("home/rankers/CURRENT")

    def change(name: str, content: bytes) -> bytes | None:
        if name == "manifest.json":
            return json.dumps(told).encode()
        return None if name == "home/rankers/CURRENT" else content

    path = spoilt(saved[1], change, tmp_path / "evil.zip")
    with zipfile.ZipFile(path, "a") as more:
        more.writestr("home/rankers/../../../evil", b"rankers/CURRENT" * 1000)
    with pytest.raises(UnreadableFile):
        restore(path, tmp_path / "deep" / "er" / "there", "")
    assert list(tmp_path.rglob("evil")) == []


def test_a_home_with_records_is_left_alone(saved: Any, tmp_path: Path) -> None:
    home, path, _ = saved
    before = content_of(sqlite_url(home / "patmatch.db"))
    with pytest.raises(BadInput, match="已有数据"):
        restore(path, home, "")
    other = tmp_path / "other"
    other.mkdir()
    shutil.copy(home / "patmatch.db", other)
    with pytest.raises(BadInput, match="已有数据"):
        restore(path, other, "")
    assert content_of(sqlite_url(home / "patmatch.db")) == before


def test_a_backup_of_a_newer_version_is_refused(saved: Any, tmp_path: Path) -> None:
    with zipfile.ZipFile(saved[1]) as old:
        told = json.loads(old.read("manifest.json"))
    told["schema"] = f"{int(HEAD) + 1:04d}"
    newer = json.dumps(told).encode()
    path = spoilt(saved[1], lambda n, o: newer if n == "manifest.json" else o, tmp_path / "n.zip")
    with pytest.raises(UnreadableFile, match="更新的版本"):
        restore(path, tmp_path / "there", "")


def test_a_backup_of_an_older_schema_is_brought_up_to_date(saved: Any, tmp_path: Path) -> None:
    """What was saved before there was an audit list (0007), or any table that came later."""
    engine = create_engine(sqlite_url(tmp_path / "0007.db"))
    upgrade(engine, "0007")
    known = {f"tables/{name}.jsonl" for name in inspect(engine).get_table_names()}
    engine.dispose()
    with zipfile.ZipFile(saved[1]) as old:
        told = json.loads(old.read("manifest.json"))
    later = {name for name in told["parts"] if name.startswith("tables/")} - known
    assert "tables/audit.jsonl" in later
    told["schema"] = "0007"
    told["parts"] = {name: part for name, part in told["parts"].items() if name not in later}
    older = json.dumps(told).encode()

    def change(name: str, content: bytes) -> bytes | None:
        if name in later:
            return None
        return older if name == "manifest.json" else content

    path = spoilt(saved[1], change, tmp_path / "o.zip")
    restore(path, tmp_path / "there", "")
    store = SqlStore.open(sqlite_url(tmp_path / "there" / "patmatch.db"))
    assert store.patents(["CN00007"]) == [patent(7)]
    assert store.audit.verify().count == 0
    store.put_needs([replace(store.needs(["N-1"])[0], title="新")])
    store.close()


def test_a_table_that_its_schema_never_had_is_refused(saved: Any, tmp_path: Path) -> None:
    with zipfile.ZipFile(saved[1]) as old:
        told = json.loads(old.read("manifest.json"))
    older = json.dumps(told | {"schema": "0007"}).encode()

    def change(name: str, content: bytes) -> bytes | None:
        return older if name == "manifest.json" else content

    path = spoilt(saved[1], change, tmp_path / "o.zip")
    with pytest.raises(BadInput, match="没有的表 audit"):
        restore(path, tmp_path / "there", "")
