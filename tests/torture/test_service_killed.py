"""`kill -9` of the service and its worker at any moment of uploads, single writes and exports asked
for by HTTP.  The client does what clients do: it asks again what was not answered.  In the end
everything is there once, as in an undisturbed run, and the audit list holds."""

import http.client
import json
import os
import random
import socket
import subprocess
import sys
import threading
import time
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import create_engine, text

from matcher.access.people import Organisation, Person
from matcher.store.credentials import Key
from matcher.store.secret import KEY_PREFIX, digest
from matcher.store.sql import SqlStore, address
from matcher.web.desk import DEVELOPMENT_SECRET

SEED = 6
SAMPLE = Path(__file__).parents[2] / "data" / "sample"
API = "/api/v1"
COMMAND = "from matcher.cli.main import main; main()"
CENTRE = Organisation(id="o-1", kind="centre", name="云麓理工大学技术转移中心")
PARK = Organisation(id="o-2", kind="park", name="云麓高新区")
NEEDS = 6
PATIENCE = 240.0


@dataclass
class Place:
    """A home, its database, and the processes over it."""

    home: Path
    database: str = ""
    port: int = 0
    processes: "list[subprocess.Popen[bytes]]" = field(default_factory=list)

    def store(self) -> SqlStore:
        return SqlStore.open(address(self.home, self.database))

    def open(self) -> None:
        """Two organisations, a key of each."""
        self.home.mkdir(parents=True)
        with socket.socket() as free:
            free.bind(("127.0.0.1", 0))
            self.port = free.getsockname()[1]
        store, now = self.store(), int(time.time())
        store.accounts.enrol(Person(id="p-0", email="o@b.cn", name="管", operator=True), "-")
        for made in (CENTRE, PARK):
            store.accounts.found(made)
            key = Key(id=f"k-{made.id}", organisation_id=made.id, person_id=None, name="k",
                      scopes=frozenset({"read", "match", "write"}), made_at=now,
                      expires_at=now + 86400)  # fmt: skip
            token = digest(DEVELOPMENT_SECRET, "key", KEY_PREFIX + made.id)
            store.credentials.make_key(key, token)
        store.close()

    def start(self) -> None:
        told = {"PATMATCH_SERVICE_SILENCE": "1.5", "PATMATCH_SERVICE_WORKER": "apart",
                "PATMATCH_DATABASE": self.database}  # fmt: skip
        for command in (["serve", "--port", str(self.port)], ["worker"]):
            self.processes.append(subprocess.Popen(
                [sys.executable, "-c", COMMAND, *command, "--home", str(self.home)],
                env={**os.environ, **told}, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL,
            ))  # fmt: skip

    def kill(self) -> None:
        for process in self.processes:
            process.kill()
        for process in self.processes:
            process.wait()
        self.processes.clear()


@dataclass
class Client:
    """Asks until it is answered; what was answered is kept."""

    port: int
    needs: list[str] = field(default_factory=list)
    told: Any = None
    failure: str = ""

    def ask(self, path: str, key: str, body: bytes | None = None, once: str = "") -> Any:
        head = {"Authorization": f"Bearer {KEY_PREFIX}{key}", "Content-Type": "application/json"}
        if once:
            head["Idempotency-Key"] = once
        ends = time.monotonic() + PATIENCE
        while time.monotonic() < ends:
            try:
                connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=30)
                method = "GET" if body is None else "POST"
                connection.request(method, API + path, body=body, headers=head)
                answer = connection.getresponse()
                status, read = answer.status, answer.read()
                connection.close()
            except (OSError, http.client.HTTPException):
                time.sleep(0.1)
                continue
            told = json.loads(read) if read[:1] in (b"{", b"[") else read
            if status == 409 and told["code"] == "conflict":
                time.sleep(1)
                continue
            if status == 409 and told["code"] == "taken":
                return told
            assert status < 300, (path, status, told)
            return told
        raise AssertionError(f"never answered: {path}")

    def work(self) -> None:
        """A centre's list, a park's list, single needs, a file of all matches."""
        for side, key, name in (("patents", "o-1", "patsnap_export.xlsx"),
                                ("needs", "o-2", "needs_form.xlsx")):  # fmt: skip
            self.ask(f"/uploads/{side}?name={name}", key, (SAMPLE / name).read_bytes())
            for number in range(NEEDS // 2):
                said = {"title": f"第{side}{number}号锂电池隔膜耐热性", "company": "甲公司"}
                made = self.ask("/needs", "o-2", json.dumps(said).encode(), f"{side}-{number}")
                self.needs.append(made.get("id", ""))
        asked = json.dumps({"format": "jsonl", "k": 3}).encode()
        self.told = self.finished(self.ask("/exports", "o-2", asked, "file")["id"])

    def finished(self, id: str) -> Any:
        ends = time.monotonic() + PATIENCE
        while time.monotonic() < ends:
            job = self.ask(f"/jobs/{id}", "o-2")
            if job["state"] not in ("queued", "running"):
                return job
            time.sleep(0.2)
        raise AssertionError("the file never came")

    def run(self) -> None:
        try:
            self.work()
        except BaseException as error:
            self.failure = f"{type(error).__name__}: {error}"


def whole(place: Place) -> tuple[Any, ...]:
    """The records and whose they are, jobs by state, and how many files there are."""
    store = place.store()
    found = (
        store.snapshot(), sorted(store.owners.ids_of("patents", "o-1")),
        sorted(store.owners.ids_of("needs", "o-2")), store.jobs.counts(),
        len(list((place.home / "exports").glob("*.jsonl"))),
    )  # fmt: skip
    store.close()
    return found


def walked(place: Place, moments: list[float]) -> tuple[Any, ...]:
    """A client's whole walk, in which everything is killed after so many seconds, each time."""
    place.open()
    client = Client(place.port)
    thread = threading.Thread(target=client.run)
    place.start()
    try:
        thread.start()
        for moment in moments:
            time.sleep(moment)
            place.kill()
            place.start()
        thread.join(PATIENCE)
        assert not thread.is_alive() and not client.failure, client.failure
        assert client.told["state"] == "done", client.told
        for id in filter(None, client.needs):
            assert client.ask(f"/needs/{id}", "o-2")["id"] == id
    finally:
        place.kill()
    verified = subprocess.run(
        [sys.executable, "-c", COMMAND, "audit", "verify", "--home", str(place.home)],
        env={**os.environ, "PATMATCH_DATABASE": place.database}, capture_output=True, text=True,
        check=False,
    )  # fmt: skip
    assert verified.returncode == 0, verified.stdout + verified.stderr
    return whole(place)


def emptied(database: str) -> None:
    engine = create_engine(database)
    with engine.begin() as connection:
        connection.execute(text("DROP SCHEMA public CASCADE"))
        connection.execute(text("CREATE SCHEMA public"))
    engine.dispose()


@pytest.fixture(scope="module")
def expected(tmp_path_factory: pytest.TempPathFactory) -> tuple[Any, ...]:
    found = walked(Place(tmp_path_factory.mktemp("calm") / "home"), [])
    assert (len(found[2]), found[3], found[4]) == (51, {"done": 1}, 1)
    return found


@pytest.mark.slow
def test_a_service_that_is_killed_loses_and_doubles_nothing(
    expected: tuple[Any, ...], tmp_path: Path
) -> None:
    assert walked(Place(tmp_path / "home"), [6.0]) == expected


@pytest.mark.torture
def test_twenty_five_kills_on_sqlite(expected: tuple[Any, ...], tmp_path: Path) -> None:
    chance = random.Random(SEED)
    for number in range(25):
        moment = chance.uniform(3.0, 10.0)
        assert walked(Place(tmp_path / f"{number}" / "home"), [moment]) == expected, moment


@pytest.mark.torture
def test_twenty_five_kills_on_postgresql(
    expected: tuple[Any, ...], tmp_path: Path, postgres: str
) -> None:
    chance = random.Random(SEED + 1)
    for number in range(25):
        emptied(postgres)
        moment = chance.uniform(3.0, 10.0)
        place = Place(tmp_path / f"{number}" / "home", postgres)
        assert walked(place, [moment]) == expected, moment
