"""Pages in Debian's Chromium, at the width of an office screen and of a phone, with and without
scripts: a company's way from the question to the reason, and a forgotten password."""

import os
import re
import shutil
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from urllib.error import URLError
from urllib.request import urlopen

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, Page, sync_playwright

from matcher.access.people import Organisation, Person
from matcher.store.secret import hashed
from matcher.store.sql import SqlStore, address

ROOT = Path(__file__).parents[2]
SAMPLE = ROOT / "data" / "sample"
COMMAND = "from matcher.cli.main import main; main()"
OLD = "铁马冰河入梦来-42"
QUESTION = "铝合金压铸件气孔多,合格率低"


@dataclass(frozen=True)
class Site:
    """Where it is, and what it prints."""

    address: str
    log: Path


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Site]:
    """A service with the sample's patents, and 赵三 of a company."""
    folder = tmp_path_factory.mktemp("site")
    home = folder / "home"
    lists = [str(SAMPLE / name) for name in ("gazette_patents.csv", "incopat_export.xlsx",
                                             "patsnap_export.xlsx")]  # fmt: skip
    run = [sys.executable, "-c", COMMAND]
    subprocess.run([*run, "patents", "add", *lists, "--home", str(home)], check=True,
                   capture_output=True)  # fmt: skip
    store = SqlStore.open(address(home, ""))
    store.accounts.found(Organisation(id="o-1", kind="company", name="青屿新能源有限公司"))
    store.accounts.enrol(Person(id="p-1", email="zhao@example.com", name="赵三"), hashed(OLD))
    store.accounts.join("p-1", "o-1", "editor")
    store.close()
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    place = f"http://127.0.0.1:{port}"
    told = {"PATMATCH_SERVICE_WORKER": "none", "PATMATCH_SERVICE_ADDRESS": place}
    with (folder / "log").open("w") as log:
        served = subprocess.Popen(
            [*run, "serve", "--port", str(port), "--home", str(home)], env={**os.environ, **told},
            stdout=log, stderr=log,
        )  # fmt: skip
    try:
        for _ in range(300):
            try:
                with urlopen(f"{place}/api/v1/health/ready"):
                    break
            except URLError:
                assert served.poll() is None, (folder / "log").read_text("utf-8")
                time.sleep(0.2)
        yield Site(place, folder / "log")
    finally:
        served.terminate()
        served.wait(30)


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    """Debian's Chromium; skipped where it is not there, but never in continuous integration."""
    found = shutil.which("chromium")
    if found is None and os.environ.get("CI") != "true":
        pytest.skip("chromium is not installed")
    with sync_playwright() as playwright:
        opened = playwright.chromium.launch(executable_path=found, args=["--no-sandbox"])
        yield opened
        opened.close()


@pytest.fixture(params=[(1366, True), (375, True), (375, False)], ids=["office", "phone", "bare"])
def page(request: Any, browser: Browser, site: Site) -> Iterator[Page]:
    """A window in which nothing may go wrong and from which nothing leaves the machine."""
    width, scripts = request.param
    window = browser.new_context(
        viewport={"width": width, "height": 900}, locale="zh-CN", java_script_enabled=scripts,
        base_url=site.address,
    )  # fmt: skip
    said: list[str] = []
    opened = window.new_page()
    opened.on("console", lambda told: said.append(f"{told.type}: {told.text}"))
    opened.on("pageerror", lambda error: said.append(str(error)))
    opened.on("request", lambda one: said.append(one.url) if site.address not in one.url
              and not one.url.startswith("data:") else None)  # fmt: skip
    yield opened
    window.close()
    wrong = [one for one in said if "401" not in one]  # a browser tells of a wrong password too
    assert wrong == []


def fit(page: Page) -> None:
    """No page is wider than the window; where scripts run, axe finds no serious fault."""
    width = page.viewport_size
    assert width is not None
    body = page.locator("body").bounding_box()
    assert body is not None and body["width"] <= width["width"]
    if page.context._impl_obj._options.get("javaScriptEnabled", True):
        wide = page.evaluate("document.documentElement.scrollWidth")
        assert wide <= width["width"], page.url
        found = Axe().run(page).response["violations"]
        serious = [(one["id"], [node["target"] for node in one["nodes"]]) for one in found
                   if one["impact"] in ("serious", "critical")]  # fmt: skip
        assert serious == [], page.url


def sign_in(page: Page, password: str) -> None:
    page.get_by_label("电子邮箱").fill("zhao@example.com")
    page.get_by_label("密码").fill(password)
    page.get_by_role("button", name="登录").click()


def ask_as_nobody(page: Page) -> None:
    page.goto("/")
    fit(page)
    page.get_by_role("textbox", name="技术难题").fill(QUESTION)
    page.get_by_role("button", name="找专利").click()
    assert page.get_by_role("heading", name="登录").is_visible()
    fit(page)


@pytest.mark.slow
def test_a_company_asks_signs_in_reads_why_and_narrows(page: Page) -> None:
    ask_as_nobody(page)
    sign_in(page, "不是这个密码呀")
    assert "电子邮箱或密码不对" in page.get_by_role("alert").inner_text()
    assert page.get_by_label("电子邮箱").input_value() == "zhao@example.com"
    sign_in(page, OLD)
    cards = page.locator("article.card")
    assert cards.count() == 10
    assert "压铸" in cards.first.inner_text() and "较强相关" in cards.first.inner_text()
    fit(page)
    asked = page.url
    cards.first.get_by_role("link", name="为什么推荐").click()
    assert page.get_by_role("heading", name="为什么推荐").is_visible()
    assert page.locator(".picture svg").is_visible()
    fit(page)
    page.get_by_role("link", name="回到结果").click()
    assert page.url == asked
    page.get_by_label("法律状态").select_option("有效")
    page.get_by_role("button", name="筛选").click()
    assert "legal_status=" in page.url
    chip = page.get_by_role("link", name=re.compile("法律状态:有效"))
    assert chip.is_visible()
    fit(page)
    chip.click()
    assert page.url == asked
    page.get_by_role("button", name="退出").click()
    assert page.get_by_role("link", name="登录").is_visible()


@pytest.mark.slow
def test_a_forgotten_password_is_set_anew_by_the_letter(page: Page, site: Site) -> None:
    page.goto("/sign-in")
    page.get_by_role("link", name="忘记密码").click()
    fit(page)
    before = len(site.log.read_text("utf-8"))
    page.get_by_label("电子邮箱").fill("zhao@example.com")
    page.get_by_role("button", name="发一封").click()
    assert "已经发出" in page.get_by_role("status").inner_text()
    found = None
    for _ in range(100):
        found = re.search(r"http://\S+/reset/\S+", site.log.read_text("utf-8")[before:])
        if found is not None:
            break
        time.sleep(0.1)
    assert found is not None
    page.goto(found.group())
    fit(page)
    page.get_by_label("新密码").fill(OLD)  # the same again, for the next width
    page.get_by_role("button", name="设为新密码").click()
    assert "新密码已设好" in page.get_by_role("status").inner_text()
    sign_in(page, OLD)
    assert page.get_by_text("赵三 · 青屿新能源有限公司").is_visible()
