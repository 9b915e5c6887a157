"""Fifty people at work at once on one installation with all gazette patents: what each waits, that
nothing goes wrong or is lost, and what memory does.

    python tests/benchmarks/bench_load.py [--seconds 300] [--clients 50] [--think 5] [--write]

Each client asks, reads what came for `think` seconds (exponentially distributed, mean), asks again:
70 % matches, 20 % reads, 10 % writes.  `--think 0` asks without a pause: then it measures how much
goes through, not what somebody waits."""

import argparse
import json
import os
import random
import shutil
import socket
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from itertools import count
from pathlib import Path
from typing import Any

import home
import urllib3

from matcher.access.people import Organisation
from matcher.store.credentials import Key
from matcher.store.secret import KEY_PREFIX, digest
from matcher.store.sql import SqlStore, address
from matcher.web.desk import DEVELOPMENT_SECRET

CENTRE = Organisation(id="centre", kind="centre", name="测压大学技术转移中心")
PARK = Organisation(id="park", kind="park", name="测压高新区")
SIZE = max(home.SIZES)
API = "/api/v1"
SETTLED = 60.0  # seconds after which memory should not grow any more


@dataclass
class Tally:
    """What happened, from many threads."""

    taken: dict[str, list[float]] = field(
        default_factory=lambda: {"match": [], "read": [], "write": []}
    )
    faults: list[str] = field(default_factory=list)
    needs: dict[str, str] = field(default_factory=dict)
    leads: dict[str, str] = field(default_factory=dict)


class Person:
    """One client, with a connection of its own."""

    def __init__(self, port: int, key: str, texts: list[str], seed: int) -> None:
        self.pool = urllib3.HTTPConnectionPool(
            "127.0.0.1", port, maxsize=1, timeout=120.0, retries=False
        )
        self.head = {"Authorization": f"Bearer {key}", "Content-Type": "application/json"}
        self.draw, self.texts = random.Random(seed), texts
        self.seen: list[str] = []

    def ask(self, method: str, path: str, body: Any = None) -> tuple[int, Any]:
        data = None if body is None else json.dumps(body).encode()
        answer = self.pool.request(method, API + path, body=data, headers=self.head)
        return answer.status, json.loads(answer.data) if answer.data else None

    def match(self) -> tuple[int, Any]:
        filter = self.draw.choice([{}, {}, {"legal_status": ["有效"]}, {"industry": ["C"]}])
        found = self.ask("POST", "/match", {"text": self.draw.choice(self.texts), "filter": filter})
        if found[0] == 200:
            self.seen = [one["patent_id"] for one in found[1]["items"]] or self.seen
        return found

    def read(self) -> tuple[int, Any]:
        choices = ["/patents?limit=20", "/needs?limit=20", "/matches", "/regions?q=河", "/me"]
        choices += [f"/patents/{one}" for one in self.seen[:3]]
        return self.ask("GET", self.draw.choice(choices))

    def write(self, number: int, tally: Tally) -> tuple[int, Any]:
        title = f"第{number}号设备的{self.draw.choice(self.texts)[:60]}"
        found = self.ask(
            "POST", "/needs", {"title": title, "main_problem": title * 2, "company": "甲公司"}
        )
        if found[0] != 201:
            return found
        tally.needs[found[1]["id"]] = found[1]["title"]
        if self.seen and number % 3 == 0:
            need = found[1]["id"]
            patent = f"own-{number}"
            if patent in OWNED:
                found = self.ask("POST", "/matches", {"need_id": need, "patent_id": OWNED[patent]})
                if found[0] == 201:
                    tally.leads[found[1]["id"]] = need
        return found


OWNED: dict[str, str] = {}


def prepared(folder: Path, processes: int = 1) -> list[str]:
    """The home with organisations and one key each; the texts that people type."""
    home.home_of(SIZE).close()
    shutil.copytree(home.WORK / f"home-{SIZE}", folder)
    (folder / "patmatch.toml").write_text(f"[service]\nprocesses = {processes}\n", "utf-8")
    store, now = SqlStore.open(address(folder, "")), int(time.time())
    for one in (CENTRE, PARK):
        store.accounts.found(one)
        key = Key(id=f"k-{one.id}", organisation_id=one.id, person_id=None, name="load",
                  scopes=frozenset({"read", "match", "write"}), made_at=now,
                  expires_at=now + 86400)  # fmt: skip
        store.credentials.make_key(key, digest(DEVELOPMENT_SECRET, "key", KEY_PREFIX + one.id))
    ids = list(store.digests("patents"))[:3000]
    store.owners.own("patents", ids, CENTRE.id, level_stated=True)
    OWNED.update({f"own-{number}": id for number, id in enumerate(ids)})
    texts = [need.main_problem or need.title for need in store.each_need()]
    store.close()
    return [text[:200] for text in texts if len(text) >= 5]


@contextmanager
def served(folder: Path) -> Iterator[tuple[int, int]]:
    """The service over the home: its port and process."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    command = [sys.executable, "-c", "from matcher.cli.main import main; main()", "serve",
               "--home", str(folder), "--port", str(port)]  # fmt: skip
    with (folder / "log").open("w") as log:
        process = subprocess.Popen(command, stdout=log, stderr=log)
    try:
        pool = urllib3.HTTPConnectionPool("127.0.0.1", port, retries=False)
        for _ in range(1200):
            try:
                if pool.request("GET", f"{API}/health/ready").status == 200:
                    break
            except urllib3.exceptions.HTTPError:
                if process.poll() is not None:
                    sys.exit((folder / "log").read_text("utf-8"))
            time.sleep(0.25)
        yield port, process.pid
    finally:
        process.terminate()
        process.wait(60)


def memory_mb(pid: int) -> float:
    """What a process and its children hold, in MB, what they share counted once among them."""
    total = 0.0
    for one in (pid, *_children(pid)):
        try:
            lines = Path(f"/proc/{one}/smaps_rollup").read_text("ascii").splitlines()
        except OSError:  # it ended meanwhile
            continue
        total += next(int(line.split()[1]) for line in lines if line.startswith("Pss:")) / 1024
    return total


def _children(pid: int) -> list[int]:
    path = Path(f"/proc/{pid}/task/{pid}/children")
    found = [int(text) for text in path.read_text("ascii").split()] if path.exists() else []
    return [one for child in found for one in (child, *_children(child))]


def work(person: Person, tally: Tally, ends: float, think: float, numbers: Iterator[int]) -> None:
    """One client until the end."""
    time.sleep(person.draw.random() * think)
    while time.perf_counter() < ends:
        kind = person.draw.choices(("match", "read", "write"), (70, 20, 10))[0]
        start = time.perf_counter()
        try:
            if kind == "write":
                status, told = person.write(next(numbers), tally)
            else:
                status, told = getattr(person, kind)()
        except Exception as error:
            status, told = 0, type(error).__name__
        tally.taken[kind].append((time.perf_counter() - start) * 1e3)
        if status not in (200, 201):
            tally.faults.append(f"{kind}: {status} {told}")
        if think:
            time.sleep(
                min(person.draw.expovariate(1 / think), max(0.0, ends - time.perf_counter()))
            )


def of(values: list[float], share: float) -> float:
    ordered = sorted(values)
    return ordered[min(len(ordered) - 1, int(len(ordered) * share))] if ordered else float("nan")


def lost(person: Person, tally: Tally) -> list[str]:
    """Writes that were answered with 201 and cannot be read back as they were sent."""
    gone = []
    for id, title in tally.needs.items():
        status, told = person.ask("GET", f"/needs/{id}")
        if status != 200 or told["title"] != title:
            gone.append(id)
    for id, need in tally.leads.items():
        status, told = person.ask("GET", f"/matches/{id}")
        if status != 200 or told["need_id"] != need:
            gone.append(id)
    return gone


def measured(args: argparse.Namespace, folder: Path) -> str:
    """The whole run; a table and a sentence for each thing that must hold."""
    texts = prepared(folder, args.processes)
    tally, alone, numbers = Tally(), Tally(), count()
    with served(folder) as (port, pid):
        first = Person(port, KEY_PREFIX + PARK.id, texts, 0)
        for _ in range(20):
            first.match()
        for _ in range(args.alone):
            start = time.perf_counter()
            first.match()
            alone.taken["match"].append((time.perf_counter() - start) * 1e3)
        people = [Person(port, KEY_PREFIX + PARK.id, texts, seed) for seed in range(args.clients)]
        began = time.perf_counter()
        ends = began + args.seconds
        threads = [threading.Thread(target=work, args=(one, tally, ends, args.think, numbers))
                   for one in people]  # fmt: skip
        for thread in threads:
            thread.start()
        held: list[tuple[float, float]] = []
        while time.perf_counter() < ends:
            held.append((time.perf_counter() - began, memory_mb(pid)))
            time.sleep(2)
        for thread in threads:
            thread.join()
        took = time.perf_counter() - began
        gone = lost(first, tally)
    early = max(mb for at, mb in held if at <= max(SETTLED, held[0][0]))
    late = max((mb for at, mb in held if at > SETTLED), default=early)
    single, p95 = of(alone.taken["match"], 0.5), of(tally.taken["match"], 0.95)
    rows = [
        ("match, one user alone", len(alone.taken["match"]), single, of(alone.taken["match"], 0.95))
    ]
    rows += [
        (kind, len(values), of(values, 0.5), of(values, 0.95))
        for kind, values in tally.taken.items()
    ]
    asked = sum(map(len, tally.taken.values()))
    return (
        f"{args.clients} clients, {args.seconds} s, a pause of {args.think} s on average between"
        f" an answer and the next request, {SIZE:,} patents; {args.processes} web process(es)"
        " and a worker.\n\n"
        + home.table(("request", "count", "p50, ms", "p95, ms"), rows)
        + f"\n\n- p95 of match under load: {p95 / single:.1f} × the single user's p50 (wanted ≤ 6)."
        f"\n- {asked:,} requests, {asked / took:.1f} a second; faults: {len(tally.faults)}"
        f" {tally.faults[:3] if tally.faults else ''}"
        f"\n- {len(tally.needs)} needs and {len(tally.leads)} matches written, {len(gone)} lost."
        f"\n- Memory of all processes: {early:.0f} MB at most in the first minute, {late:.0f} MB"
        f" after it ({(late / early - 1) * 100:+.1f} %, wanted ≤ 5 %)."
    )


def main() -> None:
    """One run, or with `--write` two: with a pause, and without for how much goes through."""
    parser = argparse.ArgumentParser()
    parser.add_argument("--seconds", type=float, default=300)
    parser.add_argument("--clients", type=int, default=50)
    parser.add_argument("--think", type=float, default=5)
    parser.add_argument("--processes", type=int, default=os.cpu_count() or 1)
    parser.add_argument("--alone", type=int, default=200)
    parser.add_argument("--write", action="store_true")
    args = parser.parse_args()
    if home.absent():
        return
    with tempfile.TemporaryDirectory(prefix="patmatch-load-") as folder:
        body = measured(args, Path(folder) / "home")
    if args.write:
        home.write("load", "Fifty people at once", body)
    else:
        print(body)


if __name__ == "__main__":
    main()
