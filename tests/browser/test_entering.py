"""Signing in, a wrong password, a forgotten one: at the width of an office screen and of a phone,
with and without scripts."""

import re
import time
from typing import Any

import pytest

from matcher.access.people import Person
from matcher.store.secret import hashed
from matcher.store.sql import SqlStore, address

OLD = "铁马冰河入梦来-42"


@pytest.fixture(scope="module", autouse=True)
def _zhao(site: Any) -> None:
    store = SqlStore.open(address(site.home, ""))
    company = store.accounts.called("宁波沐锃卫浴有限公司")
    assert company is not None
    store.accounts.enrol(Person(id="p-zhao", email="zhao@example.com", name="赵三"), hashed(OLD))
    store.accounts.join("p-zhao", company.id, "editor")
    store.close()


def sign_in(walk: Any, password: str) -> None:
    walk.page.get_by_label("电子邮箱").fill("zhao@example.com")
    walk.page.get_by_label("密码").fill(password)
    walk.page.locator("main").get_by_role("button", name="登录").click()


@pytest.mark.slow
def test_who_asks_first_signs_in_and_comes_back_to_the_question(walk: Any) -> None:
    page = walk.page
    page.goto("/")
    walk.fit()
    page.get_by_role("textbox", name="技术难题").fill("铝合金压铸件气孔多,合格率低")
    walk.click("找专利")
    walk.fit()
    sign_in(walk, "不是这个密码呀")
    assert "电子邮箱或密码不对" in page.get_by_role("alert").inner_text()
    assert page.get_by_label("电子邮箱").input_value() == "zhao@example.com"
    sign_in(walk, OLD)
    assert page.locator("article.card").count() == 10
    assert "压铸" in page.locator("article.card").first.inner_text()
    walk.click("退出")
    assert page.get_by_role("link", name="登录").is_visible()


@pytest.mark.slow
def test_a_forgotten_password_is_set_anew_by_the_letter(walk: Any, site: Any) -> None:
    page = walk.page
    page.goto("/sign-in")
    walk.click("忘记密码")
    walk.fit()
    before = len(site.log.read_text("utf-8"))
    page.get_by_label("电子邮箱").fill("zhao@example.com")
    walk.click("发一封")
    assert "已经发出" in page.get_by_role("status").inner_text()
    found = None
    for _ in range(300):
        found = re.search(r"http://\S+/reset/\S+", site.log.read_text("utf-8")[before:])
        if found is not None:
            break
        time.sleep(0.1)
    assert found is not None
    page.goto(found.group())
    walk.fit()
    page.get_by_label("新密码").fill(OLD)  # the same again, for the next width
    walk.click("设为新密码")
    assert "新密码已设好" in page.get_by_role("status").inner_text()
    sign_in(walk, OLD)
    assert page.get_by_text("赵三").is_visible()
    walk.page.goto("/me")
    walk.fit()


@pytest.mark.slow
def test_what_was_typed_outlives_the_session(walk: Any) -> None:
    page = walk.page
    page.goto("/sign-in?next=/need/new")
    sign_in(walk, OLD)
    page.get_by_label("需求名称").fill(f"过期了也不丢({walk.name})")
    page.get_by_label("主要问题").fill("隔膜在高温下收缩")
    page.get_by_label("合作研发").check()
    page.context.clear_cookies()
    walk.click("登记需求")
    walk.see("登录已过期")
    walk.click("去登录")
    sign_in(walk, OLD)
    assert page.url.endswith("/need/new")
    if not walk.scripts:  # the browser's own memory
        return
    assert page.get_by_label("需求名称").input_value() == f"过期了也不丢({walk.name})"
    assert page.get_by_label("主要问题").input_value() == "隔膜在高温下收缩"
    assert page.get_by_label("合作研发").is_checked()
    walk.see("已填回您刚才写的内容")
    walk.click("登记需求")
    walk.see("需求已登记")
    page.goto("/need/new")
    assert page.get_by_label("需求名称").input_value() == "", "what was taken is forgotten"
    page.get_by_label("主要问题").fill("没有写完就退出")
    walk.click("退出")
    assert page.evaluate("sessionStorage.length") == 0, "nothing of it waits for the next person"
