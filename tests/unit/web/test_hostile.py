"""Texts that would run if they were not escaped, in every place where a person can write one, on
every page."""

from dataclasses import replace
from html.parser import HTMLParser
from typing import Any

import pytest

from matcher.access.people import Organisation, Person

EVIL = "<script>alert(1)</script>'\"><img src=x onerror=alert(2)>{{7*7}}"
PAGES = (
    ("company admin", "/needs"), ("company admin", "/need?id=N-open"),
    ("company admin", "/need/edit?id=N-open"), ("company admin", "/search?q=隔膜"),
    ("company admin", "/leads"), ("company admin", "/manage"), ("company admin", "/manage/audit"),
    ("company admin", "/me"), ("company admin", "/figures?by=company"),
    ("centre admin", "/patents"), ("centre admin", "/patent?id=P-open"), ("centre admin", "/leads"),
    ("park admin", "/park"), ("park admin", "/needs"), ("park admin", "/figures?by=centre"),
    ("operator", "/manage"), ("company admin", "/need/new?q=EVIL"),
    ("company admin", "/search?q=EVIL&park=EVIL&kind=EVIL"),
    ("company admin", "/needs?q=EVIL&done=EVIL&company=EVIL"), ("centre admin", "/patents?q=EVIL"),
    ("company admin", "/need?id=EVIL"), ("company admin", "/leads?after=EVIL"),
    ("company admin", "/sign-in?next=EVIL"), ("park admin", "/park/batch?id=EVIL&industry=EVIL"),
)  # fmt: skip


class Read(HTMLParser):
    """A page as a browser takes it: the tags and attributes that would run."""

    def __init__(self) -> None:
        super().__init__()
        self.wrong: list[str] = []
        self.tags = 0

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags += 1
        given = dict(attrs)
        mine = str(given.get("src", "")).startswith("/assets/")
        if tag in ("img", "iframe", "style") or (tag == "script" and not mine):
            self.wrong.append(tag)
        self.wrong += [name for name in given if name.startswith("on") or name == "style"]
        if str(given.get("href", "")).strip().lower().startswith("javascript:"):
            self.wrong.append("href")


@pytest.fixture
def evil(site: Any) -> Any:
    """Everything that has a name has this one."""
    store = site.matcher.store
    (need,), (patent,) = store.needs(["N-open"]), store.patents(["P-open"])
    store.put_needs([replace(need, title=f"隔膜{EVIL}", company=EVIL, keywords=(EVIL,),
                             main_problem=f"隔膜{EVIL}", contact=EVIL)])  # fmt: skip
    store.put_patents([replace(patent, title=f"隔膜{EVIL}", college=EVIL, abstract=f"隔膜{EVIL}",
                               terms=replace(patent.terms, scene=EVIL, contact=EVIL))])  # fmt: skip
    company = Organisation(id="evil", kind="company", name=EVIL[:100], park_id="park")
    store.accounts.found(company)
    store.accounts.enrol(Person(id="evil", email="evil@example.com", name=EVIL), "no password")
    store.accounts.join("evil", "company", "editor")
    site.matcher.catch_up()
    site.send("company editor", "/need/answer", need_id="N-open", patent_id="P-open")
    site.send("company admin", "/need/new", action="draft", title=EVIL)
    site.send("company admin", "/need/watch", need_id="N-open", watch_id="")
    return site


@pytest.mark.parametrize(("who", "address"), PAGES, ids=str)
def test_what_people_write_runs_on_no_page(evil: Any, who: str, address: str) -> None:
    text = evil.called(who).get(address.replace("EVIL", EVIL)).text
    read = Read()
    read.feed(text)
    assert read.wrong == [] and read.tags > 20


@pytest.mark.parametrize("name", [f"{EVIL}.csv", "../../../etc/passwd", "a\\b\\c.csv", "名" * 300])
def test_a_file_of_any_name_stays_in_its_folder(site: Any, name: str) -> None:
    content = "名称,摘要\n一种隔膜,涂覆\n".encode()
    client = site.called("centre editor")
    sent = client.post("/upload/patents", files={"file": (name, content)}, follow_redirects=False)
    assert sent.status_code == 303
    (folder,) = (site.matcher.home / "incoming").iterdir()
    assert len(list(folder.iterdir())) == 1
    page = site.shown("centre editor", sent.headers["location"])
    assert "新增 1 条" in page and "<script>" not in page
    done = site.send("centre editor", sent.headers["location"])
    assert done.status_code == 303 and "<script>" not in site.shown(
        "centre editor", done.headers["location"])  # fmt: skip
