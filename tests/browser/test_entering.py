"""Signing in, a wrong password, a forgotten one: at the width of an office screen and of a phone,
with and without scripts."""

import re
import time
from typing import Any

import pytest
from playwright.sync_api import expect

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
    walk.click("登录", walk.page.locator("main"))


@pytest.mark.slow
def test_who_asks_first_signs_in_and_comes_back_to_the_question(walk: Any) -> None:
    page = walk.page
    page.goto("/")
    walk.fit()
    page.get_by_role("textbox", name="技术难题").fill("铝合金压铸件气孔多,合格率低")
    walk.click("找专利")
    walk.fit()
    sign_in(walk, "不是这个密码呀")
    expect(page.get_by_role("alert")).to_contain_text("电子邮箱或密码不对")
    expect(page.get_by_label("电子邮箱")).to_have_value("zhao@example.com")
    sign_in(walk, OLD)
    expect(page.locator("article.card")).to_have_count(10)
    expect(page.locator("article.card").first).to_contain_text("压铸")
    walk.click("退出")
    expect(page.get_by_role("link", name="登录")).to_be_visible()


@pytest.mark.slow
def test_a_forgotten_password_is_set_anew_by_the_letter(walk: Any, site: Any) -> None:
    page = walk.page
    page.goto("/sign-in")
    walk.click("忘记密码")
    walk.fit()
    before = len(site.log.read_text("utf-8"))
    page.get_by_label("电子邮箱").fill("zhao@example.com")
    walk.click("发一封")
    expect(page.get_by_role("status")).to_contain_text("已经发出")
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
    expect(page.get_by_role("status")).to_contain_text("新密码已设好")
    sign_in(walk, OLD)
    expect(page.get_by_text("赵三")).to_be_visible()
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
    expect(page).to_have_url(re.compile("/need/new$"))
    if not walk.scripts:  # the browser's own memory
        return
    expect(page.get_by_label("需求名称")).to_have_value(f"过期了也不丢({walk.name})")
    expect(page.get_by_label("主要问题")).to_have_value("隔膜在高温下收缩")
    expect(page.get_by_label("合作研发")).to_be_checked()
    walk.see("已填回您刚才写的内容")
    walk.click("登记需求")
    walk.see("需求已登记")
    page.goto("/need/new")
    told = "what was taken is forgotten"
    expect(page.get_by_label("需求名称"), told).to_have_value("")
    page.get_by_label("主要问题").fill("没有写完就退出")
    walk.click("退出")
    assert page.evaluate("sessionStorage.length") == 0, "nothing of it waits for the next person"
