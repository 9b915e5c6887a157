"""`make pages` as a newcomer starts it, and windows of Debian's Chromium in which nothing may go
wrong and from which nothing leaves the machine."""

import os
import re
import shutil
import socket
import subprocess
import time
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any
from urllib.error import URLError
from urllib.request import urlopen

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, Locator, Page, expect, sync_playwright

ROOT = Path(__file__).parents[2]
expect.set_options(timeout=60_000)
WINDOWS = {"office": (1366, True), "phone": (375, True), "bare": (375, False)}


@dataclass(frozen=True)
class Site:
    """Where it is, what it prints, its home, and the password of all its people."""

    address: str
    log: Path
    home: Path
    password: str


@pytest.fixture(scope="session")
def site(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Site]:
    """The sample with its people, served by the script that `make pages` calls."""
    folder = tmp_path_factory.mktemp("site")
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    place = f"http://127.0.0.1:{port}"
    with (folder / "log").open("w") as log:
        served = subprocess.Popen(
            [ROOT / ".ci" / "serve", "pages", "--people", "--port", str(port)], cwd=folder,
            env={**os.environ, "PATMATCH_SERVICE_ADDRESS": place}, stdout=log, stderr=log,
        )  # fmt: skip
    try:
        for _ in range(900):
            try:
                with urlopen(f"{place}/api/v1/health/ready"):
                    break
            except URLError:
                assert served.poll() is None, (folder / "log").read_text("utf-8")
                time.sleep(0.2)
        password = (folder / "pages" / "password").read_text("utf-8").strip()
        yield Site(place, folder / "log", folder / "pages" / "home", password)
    finally:
        served.terminate()
        served.wait(30)


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    """Debian's Chromium; skipped where it is not there, but never in continuous integration."""
    found = shutil.which("chromium")
    if found is None and os.environ.get("CI") != "true":
        pytest.skip("chromium is not installed")
    with sync_playwright() as playwright:
        opened = playwright.chromium.launch(executable_path=found, args=["--no-sandbox"])
        yield opened
        opened.close()


@dataclass
class Walk:
    """A person before a window, who clicks what is written, and remembers what was clicked and
    seen."""

    page: Page
    name: str
    password: str
    done: set[str] = field(default_factory=set)

    @property
    def scripts(self) -> bool:
        """Whether scripts run here."""
        return WINDOWS[self.name][1]

    def sign_in(self, email: str) -> None:
        """From the first page on."""
        self.page.goto("/")
        self.click("登录")
        self.page.get_by_label("电子邮箱").fill(email)
        self.page.get_by_label("密码").fill(self.password)
        self.click("登录", self.page.locator("main"))

    def click(self, words: str, within: Locator | None = None) -> None:
        """The first button, link, box or fold that is so called; the page it leads to is then
        there whole (a click waits for its first bytes alone)."""
        self.done.add(words)
        place = within or self.page
        found = place.get_by_role("button", name=words).or_(place.get_by_role("link", name=words))
        found = found.or_(place.locator("summary", has_text=words)).or_(
            place.get_by_role("checkbox", name=words))  # fmt: skip
        found = found.locator("visible=true")
        found.first.wait_for()
        whole = place.get_by_role("link", name=words, exact=True).locator("visible=true")
        (whole if whole.count() else found).first.click()
        self.page.wait_for_load_state()

    def see(self, words: str) -> None:
        """That this is written, in sight."""
        self.done.add(words)
        self.page.get_by_text(words).locator("visible=true").first.wait_for()

    def write(self, label: str, words: str) -> None:
        """Into the field of this label."""
        self.done |= {label, words}
        self.page.get_by_label(label).locator("visible=true").first.fill(words)

    def fit(self, narrowed: int | None = None) -> None:
        """No page is wider than the window (of this width, for a moment); where scripts run, axe
        finds no serious fault."""
        page, (width, scripts) = self.page, WINDOWS[self.name]
        if narrowed is not None:
            page.set_viewport_size({"width": narrowed, "height": 900})
            width = narrowed
        body = page.locator("body").bounding_box()
        assert body is not None and body["width"] <= width
        if scripts:
            wide = page.evaluate("document.documentElement.scrollWidth")
            assert wide <= width, page.url
            found = Axe().run(page).response["violations"]
            serious = [(one["id"], [node["target"] for node in one["nodes"]]) for one in found
                       if one["impact"] in ("serious", "critical")]  # fmt: skip
            assert serious == [], page.url
        if narrowed is not None:
            page.set_viewport_size({"width": WINDOWS[self.name][0], "height": 900})

    def finished(self) -> None:
        """Wait for the work in the background: the page looks by itself where scripts run."""
        for _ in range(240):
            if self.page.get_by_role("progress").count() == 0 and not self.page.locator(
                "progress").count():  # fmt: skip
                return
            self.page.wait_for_timeout(250)
            if not self.scripts:
                self.click("刷新")
        raise AssertionError("the job did not end")


@pytest.fixture(params=WINDOWS)
def walk(request: Any, browser: Browser, site: Site) -> Iterator[Walk]:
    """A fresh window."""
    width, scripts = WINDOWS[request.param]
    window = browser.new_context(
        viewport={"width": width, "height": 900}, locale="zh-CN", java_script_enabled=scripts,
        base_url=site.address, accept_downloads=True,
    )  # fmt: skip
    window.set_default_timeout(60_000)
    said: list[str] = []
    opened = window.new_page()
    opened.on("console", lambda told: said.append(f"{told.type}: {told.text}"))
    opened.on("pageerror", lambda error: said.append(str(error)))
    opened.on("request", lambda one: said.append(one.url) if site.address not in one.url
              and not one.url.startswith("data:") else None)  # fmt: skip
    yield Walk(opened, request.param, site.password)
    window.close()
    wrong = [one for one in said if "401" not in one]  # a browser tells of a wrong password too
    assert wrong == []


def steps_of(part: str) -> set[str]:
    """What a part of the walkthrough puts in quotation marks: what is clicked, seen or written."""
    text = (ROOT / "docs" / "walkthrough.md").read_text("utf-8")
    (section,) = [one for one in text.split("\n## ")[1:] if one.startswith(part)]
    return set(re.findall("“([^”]+)”", section))


@pytest.fixture
def steps() -> Any:
    """`steps_of`."""
    return steps_of
