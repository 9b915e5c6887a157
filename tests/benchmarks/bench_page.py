"""The search page against the API's answer to the same question, alternately, over 56,875 patents,
and what a first visit takes over the wire (docs/results/page.md).

    python tests/benchmarks/bench_page.py [--write]"""

import argparse
import json
import re
import sys
import tempfile
import time
from pathlib import Path
from urllib.parse import quote

import bench_load
import home
import urllib3

from matcher.access.people import Organisation, Person
from matcher.store.secret import KEY_PREFIX, digest
from matcher.store.sql import SqlStore, address
from matcher.web.desk import DEVELOPMENT_SECRET

ASKED = 120
COMPANY = Organisation(id="o-page", kind="company", name="看网页的企业")
PERSON = Person(id="p-page", email="page@example.com", name="王")
COOKIE = {"Cookie": "patmatch=page"}


def signed_in(folder: Path) -> None:
    """A person of a company, with a session."""
    store, now = SqlStore.open(address(folder, "")), int(time.time())
    store.accounts.found(COMPANY)
    store.accounts.enrol(PERSON, "no password fits")
    store.accounts.join(PERSON.id, COMPANY.id, "editor")
    token = digest(DEVELOPMENT_SECRET, "session", "page")
    store.credentials.open_session(token, PERSON.id, COMPANY.id, now=now, until=now + 86400)
    store.close()


def measured(folder: Path) -> str:
    """The tables."""
    texts = bench_load.prepared(folder)[:ASKED]
    signed_in(folder)
    taken: dict[str, list[float]] = {"page": [], "filtered": [], "api": [], "api filtered": []}
    with bench_load.served(folder) as (port, _):
        pool = urllib3.HTTPConnectionPool("127.0.0.1", port, retries=False)
        key = {"Authorization": f"Bearer {KEY_PREFIX}{bench_load.PARK.id}"}

        def page(text: str, more: str = "") -> bytes:
            answer = pool.request("GET", f"/search?q={quote(text)}{more}", headers=COOKIE)
            assert answer.status == 200, answer.data[:300]
            return answer.data

        def api(text: str, wanted: dict[str, list[str]]) -> None:
            body = json.dumps({"text": text, "k": 10, "filter": wanted})
            sent = {**key, "Content-Type": "application/json"}
            answer = pool.request("POST", f"{bench_load.API}/match", body=body, headers=sent)
            assert answer.status == 200, answer.data[:300]

        for text in texts[:5]:
            page(text)
            api(text, {})
        for number, text in enumerate(texts):
            calls = [
                ("page", lambda text=text: page(text)),
                ("api", lambda text=text: api(text, {})),
                ("filtered", lambda text=text: page(text, "&region=410000&kind=" + quote("发明"))),
                ("api filtered", lambda text=text: api(
                    text, {"region": ["410000"], "kind": ["发明"]})),
            ]  # fmt: skip
            for name, call in calls if number % 2 else reversed(calls):
                start = time.perf_counter()
                call()
                taken[name].append((time.perf_counter() - start) * 1e3)
        rows, ratios = [], []
        for name in ("page", "api", "filtered", "api filtered"):
            rows.append((name, f"{bench_load.of(taken[name], 0.5):.0f}",
                         f"{bench_load.of(taken[name], 0.95):.0f}"))  # fmt: skip
        for over, under in (("page", "api"), ("filtered", "api filtered")):
            share = sorted(a / b for a, b in zip(taken[over], taken[under], strict=True))
            ratios.append((f"{over} / {under}", f"{bench_load.of(share, 0.5):.2f}",
                           f"{bench_load.of(share, 0.95):.2f}"))  # fmt: skip
        wire = _wire(pool, page(texts[0]))
    return (
        home.table(("request", "p50, ms", "p95, ms"), rows)
        + "\nOf the same question, asked one after the other:\n\n"
        + home.table(("ratio", "median", "p95"), ratios)
        + "\nA first visit to a list of results, over the wire:\n\n"
        + home.table(("file", "bytes"), wire)
    )


def _wire(pool: urllib3.HTTPConnectionPool, page: bytes) -> list[tuple[str, str]]:
    rows, total = [("the page", f"{len(page):,}")], len(page)
    for name in dict.fromkeys(re.findall(r'"(/assets/[^"]+)"', page.decode())):
        answer = pool.request("GET", name, headers={"Accept-Encoding": "gzip"},
                              decode_content=False)  # fmt: skip
        rows.append((name.partition("?")[0], f"{len(answer.data):,}"))
        total += len(answer.data)
    return [*rows, ("together", f"{total:,}")]


def main() -> None:
    """Measure, print, and with --write keep."""
    asked = argparse.ArgumentParser(description=__doc__)
    asked.add_argument("--write", action="store_true")
    write = asked.parse_args().write
    if home.absent():
        sys.exit(0)
    with tempfile.TemporaryDirectory() as folder:
        body = measured(Path(folder) / "home")
    if write:
        home.write("page", "The search page against the API", body)
    else:
        print(body)


if __name__ == "__main__":
    main()
