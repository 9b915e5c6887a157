"""Every page there is, at both widths: no serious fault for axe, no wider than the window, nothing
on the console.  A page that is not reached here fails the test."""

import re
from typing import Any
from urllib.parse import urlsplit

import pytest

from matcher.web.rules import PAGES

# Whose page it is, and its address; {…} is the address of a link that stands on an earlier page.
VISITS = (
    ("company", "/"), ("company", "/search?q=铝合金压铸件气孔多"), ("company", "/why?"),
    ("company", "/needs"), ("company", "/need?"), ("company", "/need/edit?"),
    ("company", "/need/new?q=隔膜收缩"), ("company", "/leads"), ("company", "/lead?"),
    ("company", "/jobs"), ("company", "/figures"), ("company", "/manage"),
    ("company", "/manage/audit"), ("company", "/me"), ("company", "/upload/needs"),
    ("company", "/favourites"), ("company", "/messages"),
    ("centre", "/patents"), ("centre", "/patent?"), ("centre", "/upload/patents"),
    ("centre", "/upload/patents/"), ("centre", "/uploaded/patents/"), ("centre", "/leads"),
    ("park", "/park"), ("park", "/job?"), ("park", "/park/batch?"),
    ("bureau", "/figures?by=industry"), ("admin", "/manage"), ("admin", "/manage?"),
    ("nobody", "/sign-in"), ("nobody", "/forgotten"), ("nobody", "/invitation/"),
    ("nobody", "/reset/abc"),
)  # fmt: skip
PHONE = 375  # pixels
PARTS = {"/need/light", "/patent/light", "/job/state"}  # of pages, looked at where they stand
FILES = {"/assets/{name}", "/needs/export", "/patents/export", "/leads/export", "/park/handout",
         "/figures/export", "/me/data", "/rejects/{upload_id}"}  # fmt: skip
LIST = "名称,摘要,申请号\n一种看页面的隔膜,涂覆,2024100000043\n,没有名称,\n"


def linked(walk: Any, start: str) -> str:
    """The address of the first link on the page that begins so."""
    found = walk.page.locator(f'a[href^="{start}"]').first.get_attribute("href")
    assert found is not None, start
    return str(found)


def sent(walk: Any) -> None:
    """A list sent, looked at."""
    walk.page.goto("/upload/patents")
    file = {"name": "看.csv", "mimeType": "text/csv", "buffer": LIST.encode()}
    walk.page.locator("input[type=file]").set_input_files(file)
    walk.click("上传并核对")


def taken(walk: Any) -> None:
    """And taken."""
    sent(walk)
    walk.click("确认导入")


def matched(walk: Any) -> None:
    """A batch run."""
    walk.page.goto("/park")
    walk.click("运行匹配")
    walk.finished()


def invited(walk: Any) -> None:
    """Somebody asked to join."""
    walk.sign_in("company@example.com")
    walk.page.goto("/manage")
    walk.page.get_by_label("对方的邮箱").fill(f"{walk.name}@example.com")
    walk.click("邀请")
    link = walk.page.locator("code.once").inner_text()
    walk.click("退出")
    walk.page.goto(link)


def through(walk: Any, path: str) -> None:
    """To a page whose address is known only from another."""
    ways = {
        "/why?": ("/search?q=铝合金压铸件气孔多", "/why?"), "/need?": ("/needs", "/need?"),
        "/need/edit?": ("/need?id=XQ2026-023", "/need/edit?"), "/lead?": ("/leads", "/lead?"),
        "/patent?": ("/patents", "/patent?"), "/manage?": ("/manage", "/manage?id="),
    }  # fmt: skip
    works = {
        "/upload/patents/": sent, "/uploaded/patents/": taken, "/job?": matched,
        "/invitation/": invited,
    }  # fmt: skip
    if path in ways:
        start, link = ways[path]
        walk.page.goto(start)
        walk.page.goto(linked(walk, link))
    elif path == "/park/batch?":
        matched(walk)
        walk.click("查看匹配结果")
    elif path in works:
        works[path](walk)
    else:
        walk.page.goto(path)


@pytest.mark.slow
@pytest.mark.parametrize("walk", ["office"], indirect=True)  # axe needs scripts
@pytest.mark.parametrize("who", ["company", "centre", "park", "bureau", "admin", "nobody"])
def test_every_page_of_each_is_fit(walk: Any, who: str) -> None:
    if who != "nobody":
        walk.sign_in(f"{who}@example.com")
    for one, path in VISITS:
        if one == who:
            through(walk, path)
            walk.page.wait_for_load_state("networkidle")
            assert urlsplit(walk.page.url).path.startswith(path.partition("?")[0]), path
            walk.fit()
            walk.fit(PHONE)


def test_no_page_is_left_out() -> None:
    gone = set()
    for _, path in VISITS:
        gone.add(path.partition("?")[0])
    for rule in PAGES:
        method, _, route = rule.partition(" ")
        if method == "GET" and route not in FILES | PARTS:
            shape = re.escape(route).replace(r"\{side\}", "(patents|needs)")
            shape = re.sub(r"\\\{\w+\\\}", "[^/]*", shape)
            assert any(re.fullmatch(shape, path) for path in gone), route
