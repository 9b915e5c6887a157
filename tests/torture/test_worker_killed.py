"""`kill -9` of the worker at any moment of uploads and exports: after the next start every job is
done once or has failed visibly, and what there is equals an undisturbed run."""

import json
import os
import random
import shutil
import subprocess
import sys
import time
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import create_engine, text

from matcher.access.people import Caller, Organisation, Person
from matcher.store.jobs import Job
from matcher.store.queue import Queue
from matcher.store.sql import SqlStore, sqlite_url

SEED = 4
SAMPLE = Path(__file__).parents[2] / "data" / "sample"
LISTS = (("patent", "patsnap_export.xlsx"), ("need", "needs_form.xlsx"))
CENTRE = Organisation(id="o-1", kind="centre", name="云麓理工大学技术转移中心")
PARK = Organisation(id="o-2", kind="park", name="云麓高新区")
PEOPLE = {"patent": Person(id="p-1", email="a@b.cn", name="王"),
          "need": Person(id="p-2", email="c@d.cn", name="李")}  # fmt: skip
SILENCE = 1.5
COMMAND = "from matcher.cli.main import main; main()"


@dataclass(frozen=True)
class Place:
    """A home and its database."""

    home: Path
    database: str

    @property
    def store(self) -> SqlStore:
        return SqlStore.open(self.database or sqlite_url(self.home / "patmatch.db"))

    def worker(self) -> "subprocess.Popen[bytes]":
        told = {"PATMATCH_SERVICE_SILENCE": str(SILENCE), "PATMATCH_DATABASE": self.database}
        return subprocess.Popen(
            [sys.executable, "-c", COMMAND, "--home", str(self.home), "worker"],
            env={**os.environ, **told}, stderr=subprocess.DEVNULL,
        )  # fmt: skip


def ask(place: Place) -> list[str]:
    """Two lists, and a file of all matches."""
    store, now = place.store, int(time.time())
    queue = Queue(place.home, place.database)
    made: list[Job] = []
    for number, (kind, name) in enumerate(LISTS):
        folder = place.home / "incoming" / f"i-{number}"
        folder.mkdir(parents=True)
        shutil.copy(SAMPLE / name, folder / name)
        asked = {"kind": kind, "folder": folder.name, "name": name, "map": [], "dry_run": False}
        mine = CENTRE if kind == "patent" else PARK
        caller = Caller(person=PEOPLE[kind], organisation=mine, role="editor")
        made.append(store.jobs.add("upload", asked, caller, now=now))
    asker = Caller(person=PEOPLE["need"], organisation=PARK, role="editor")
    made.append(store.jobs.add("export", {"format": "jsonl", "k": 3}, asker, now=now))
    for job in made:
        queue.ring(job.id)
    queue.close()
    store.close()
    return [job.id for job in made]


def open_home(place: Place) -> None:
    """A home with two organisations and an editor of each."""
    place.home.mkdir(parents=True, exist_ok=True)
    store = place.store
    for kind, made in (("patent", CENTRE), ("need", PARK)):
        store.accounts.found(made)
        store.accounts.enrol(PEOPLE[kind], "no password fits")
        store.accounts.join(PEOPLE[kind].id, made.id, "editor")
    store.close()


def states(place: Place, ids: list[str]) -> list[Job]:
    store = place.store
    found = [store.jobs.job(id) for id in ids]
    store.close()
    return found


def finished(place: Place, ids: list[str], *, limit: float = 120) -> list[Job]:
    ends = time.monotonic() + limit
    while time.monotonic() < ends:
        found = states(place, ids)
        if all(job.state in ("done", "failed") for job in found):
            return found
        time.sleep(0.2)
    raise AssertionError([(job.kind, job.state, job.tries) for job in states(place, ids)])


def whole(place: Place, ids: list[str]) -> tuple[str, dict[str, Any], list[Any]]:
    """The records, whose they are, and the matches in the file."""
    store = place.store
    owners = {
        side: sorted(store.owners.ids_of(side, id))  # type: ignore[arg-type]
        for side, id in (("patents", "o-1"), ("needs", "o-2"))
    }
    snapshot = store.snapshot()
    store.close()
    lines = (place.home / "exports" / f"{ids[-1]}.jsonl").read_text("utf-8").splitlines()
    return snapshot, owners, [json.loads(line) for line in lines[1:]]


def again(place: Place, ids: list[str]) -> list[str]:
    """The export anew, for it may have been made before the lists were taken."""
    store = place.store
    asker = Caller(person=PEOPLE["need"], organisation=PARK, role="editor")
    job = store.jobs.add("export", {"format": "jsonl", "k": 3}, asker, now=int(time.time()))
    store.close()
    queue = Queue(place.home, place.database)
    queue.ring(job.id)
    queue.close()
    return [*ids[:-1], job.id]


def undisturbed(place: Place) -> tuple[str, dict[str, Any], list[Any]]:
    open_home(place)
    ids = ask(place)
    worker = place.worker()
    try:
        assert [job.state for job in finished(place, ids)] == ["done"] * 3
    finally:
        worker.kill()
        worker.wait()
    return whole(place, ids)


def killed(place: Place, expected: tuple[str, dict[str, Any], list[Any]], moment: float) -> None:
    """One run in which the worker is killed after so many seconds, and started again."""
    open_home(place)
    ids = ask(place)
    worker = place.worker()
    time.sleep(moment)
    worker.kill()
    worker.wait()
    worker = place.worker()
    try:
        found = finished(place, ids)
        assert [job.state for job in found] == ["done"] * 3, [job.message for job in found]
        assert all(job.tries <= 2 for job in found)
        ids = again(place, ids)
        finished(place, ids)
    finally:
        worker.kill()
        worker.wait()
    snapshot, owners, matches = whole(place, ids)
    assert (snapshot, owners) == expected[:2]
    assert rounded(matches) == rounded(expected[2])
    assert list((place.home / "incoming").iterdir()) == []
    assert [path.name for path in (place.home / "exports").iterdir() if ".part" in path.name] == []


def rounded(matches: list[Any]) -> Any:
    """Scores to four places: a vector may differ in its last bit by what it was encoded with."""
    told = json.dumps(matches, ensure_ascii=False, sort_keys=True)
    return json.loads(told, parse_float=lambda text: round(float(text), 4))


def emptied(database: str) -> None:
    engine = create_engine(database)
    with engine.begin() as connection:
        connection.execute(text("DROP SCHEMA public CASCADE"))
        connection.execute(text("CREATE SCHEMA public"))
    engine.dispose()


@pytest.fixture(scope="module")
def expected(tmp_path_factory: pytest.TempPathFactory) -> tuple[str, dict[str, Any], list[Any]]:
    return undisturbed(Place(tmp_path_factory.mktemp("whole") / "home", ""))


@pytest.mark.slow
@pytest.mark.parametrize("moment", [3.0])
def test_a_worker_that_is_killed_loses_and_doubles_nothing(
    moment: float, expected: Any, tmp_path: Path
) -> None:
    killed(Place(tmp_path / "home", ""), expected, moment)


@pytest.mark.torture
def test_twenty_five_kills_on_sqlite(expected: Any, tmp_path: Path) -> None:
    chance = random.Random(SEED)
    for number in range(25):
        killed(Place(tmp_path / f"{number}" / "home", ""), expected, chance.uniform(1.0, 6.0))


@pytest.mark.torture
def test_twenty_five_kills_on_postgresql(expected: Any, tmp_path: Path, postgres: str) -> None:
    chance = random.Random(SEED + 1)
    for number in range(25):
        emptied(postgres)
        place = Place(tmp_path / f"{number}" / "home", postgres)
        killed(place, expected, chance.uniform(1.0, 6.0))
