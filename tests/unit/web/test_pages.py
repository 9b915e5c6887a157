"""Pages: what their templates use, who may open them, what they do to what people typed."""

import re
from dataclasses import fields, replace
from typing import Any

import pytest
from fastapi.routing import iter_route_contexts
from jinja2 import meta, nodes

from matcher.access.people import Person
from matcher.pages.cards import marked
from matcher.pages.entering import local
from matcher.pages.frame import POLICY, Page, environment
from matcher.store.secret import hashed
from matcher.web.outgoing import Outgoing
from matcher.web.rules import PAGES, PREFIX

WORD = "铁马冰河入梦来-42"
HOSTILE = "<script>alert(1)</script>\"'><img src=x onerror=alert(2)>"


def kinds(kind: type[Page] = Page) -> list[type[Page]]:
    return [one for child in kind.__subclasses__() for one in (child, *kinds(child))]


@pytest.fixture
def site(site: Any) -> Any:
    """With 赵三 of the company, who knows a password."""
    accounts = site.matcher.store.accounts
    accounts.enrol(Person(id="zhao", email="zhao@example.com", name="赵三"), hashed(WORD))
    accounts.join("zhao", "company", "editor")
    return site


def signed_in(site: Any, password: str = WORD, **more: str) -> Any:
    client = site.called("anybody")
    sent = {"email": "zhao@example.com", "password": password, **more}
    return client, client.post("/sign-in", data=sent, follow_redirects=False)


@pytest.mark.parametrize("kind", kinds(), ids=lambda kind: kind.__name__)
def test_a_template_uses_the_fields_of_its_page_and_nothing_else(kind: type[Page]) -> None:
    loader = environment().loader
    assert loader is not None
    source, _, _ = loader.get_source(environment(), kind.TEMPLATE)
    parsed = environment().parse(source)
    parts = {name for node in parsed.find_all(nodes.FromImport) for name in node.names}
    used = meta.find_undeclared_variables(parsed) - parts | {"frame"}
    assert used == {item.name for item in fields(kind)}


def test_who_sends_a_form_after_the_end_of_a_session_is_told_and_led_back(site: Any) -> None:
    for address, after in (
        ("/need/new?id=N-open", "%2Fneed%2Fnew%3Fid%3DN-open"), ("/need/answer", "%2F"),
    ):  # fmt: skip
        answer = site.called("anybody").post(address, data={"title": "x"}, follow_redirects=False)
        assert answer.status_code == 401 and "登录已过期" in answer.text
        assert f'href="/sign-in?next={after}"' in answer.text
    going = site.called("company editor").get("/need/new?id=N-open", follow_redirects=False)
    assert going.headers["location"] == "/need/edit?id=N-open"


def test_the_frame_of_every_page_uses_the_frame_alone() -> None:
    loader = environment().loader
    assert loader is not None
    source, _, _ = loader.get_source(environment(), "base.html")
    assert meta.find_undeclared_variables(environment().parse(source)) == {"frame"}


def test_no_template_holds_a_script_or_a_style_of_its_own() -> None:
    for name in environment().list_templates():
        assert environment().loader is not None
        source, _, _ = environment().loader.get_source(environment(), name)  # type: ignore[union-attr]
        assert not re.search(r"<style|<script(?! src)|\sstyle=|\son\w+=|javascript:", source), name
        assert "|safe" not in source.replace(" ", ""), name
    assert "unsafe" not in POLICY


def test_every_page_has_a_rule_and_every_rule_a_page(site: Any) -> None:
    found = {
        f"{method} {context.path}"
        for context in iter_route_contexts(site.app.routes)
        for method in context.methods or {"?"}
        if method != "HEAD" and not context.path.startswith(PREFIX)
    }
    assert found == set(PAGES)


def test_who_is_not_signed_in_is_asked_to_and_comes_back_to_where_they_were(site: Any) -> None:
    client = site.called("anybody")
    asked = client.get("/search", params={"q": "隔膜"}, follow_redirects=False)
    assert asked.status_code == 303
    form = client.get(asked.headers["location"])
    (going,) = re.findall(r'name="next" value="([^"]+)"', form.text)
    _, answer = signed_in(site, next=going.replace("&amp;", "&"))
    assert (answer.status_code, answer.headers["location"]) == (303, "/search?q=%E9%9A%94%E8%86%9C")


def test_a_wrong_password_says_so_and_keeps_the_address(site: Any) -> None:
    client, answer = signed_in(site, "wrong")
    assert answer.status_code == 401 and "电子邮箱或密码不对" in answer.text
    assert 'value="zhao@example.com"' in answer.text and "wrong" not in answer.text
    assert client.get("/search?q=隔膜", follow_redirects=False).status_code == 303


def test_a_list_and_the_reason_for_one_of_it(site: Any) -> None:
    client, _ = signed_in(site)
    page = client.get("/search", params={"q": "提高锂电池隔膜耐热性"})
    assert page.status_code == 200 and page.headers["content-security-policy"] == POLICY
    assert page.text.count('<article class="card">') == 3, "what the company may see"
    assert "赵三</a> · 青屿新能源有限公司" in page.text
    assert "(申请人未公开)" in page.text and "隐嘉大学" not in page.text
    (first, *_) = re.findall(r'href="(/why[^"]+)"', page.text)
    why = client.get(first.replace("&amp;", "&"))
    assert why.status_code == 200 and "<svg" in why.text and "等级由这些项相加而成" in why.text
    assert "相近的专利" in why.text and "P-never" not in why.text
    (back,) = re.findall(r'href="(/search[^"]+)">← 回到结果', why.text)
    assert client.get(back.replace("&amp;", "&")).text == page.text


def test_terms_are_marked_the_longest_first_and_nothing_is_lost() -> None:
    pieces = marked("提高锂电池隔膜的耐热性,PE隔膜", ["电池", "锂电池", "隔膜", "pe", ""])
    assert "".join(text for text, _ in pieces) == "提高锂电池隔膜的耐热性,PE隔膜"
    assert [text for text, hit in pieces if hit] == ["锂电池", "隔膜", "PE", "隔膜"]
    assert marked("没有", ["隔膜"]) == marked("没有", []) == (("没有", False),)


def test_a_filter_stands_in_the_address_and_can_be_taken_off(site: Any) -> None:
    client, _ = signed_in(site)
    page = client.get("/search", params={"q": "隔膜", "legal_status": "有效", "park": ""})
    assert 'aria-label="已用的筛选"' in page.text and "法律状态:有效 ✕" in page.text
    (off,) = re.findall(r'href="([^"]+)">法律状态', page.text)
    assert off == "/search?q=%E9%9A%94%E8%86%9C"
    wrong = client.get("/search", params={"q": "隔膜", "region": "没有这个地方"})
    assert wrong.status_code == 422 and "没有这个地方" in wrong.text and "隔膜" in wrong.text


def test_what_people_typed_is_shown_as_they_typed_it_and_runs_nowhere(site: Any) -> None:
    store = site.matcher.store
    (old,) = store.patents(["P-open"])
    store.put_patents([replace(old, title=f"隔膜{HOSTILE}", college=HOSTILE)])
    site.matcher.catch_up()
    client, _ = signed_in(site)
    for address in ("/search", "/"):
        text = client.get(address, params={"q": f"隔膜{HOSTILE}", "park": HOSTILE[:90]}).text
        assert "<script>" not in text and "<img" not in text
    found = client.get("/search", params={"q": "隔膜"}).text
    assert "&lt;script&gt;alert(1)" in found and "<script>" not in found
    page = client.post("/sign-in", data={"email": HOSTILE, "password": "x", "next": HOSTILE})
    assert "<script>" not in page.text and "&lt;script&gt;" in page.text


@pytest.mark.parametrize("address", ["//evil.cn", "/\\evil.cn", "https://evil.cn", "", "/a\nb"])
def test_nobody_is_sent_to_another_site(address: str, site: Any) -> None:
    assert local(address) == "/"
    _, answer = signed_in(site, next=address)
    assert answer.headers["location"] == "/"


def test_signing_out_needs_the_form_of_the_page(site: Any) -> None:
    client, _ = signed_in(site)
    bare = client.post("/sign-out", data={}, follow_redirects=False)
    assert bare.status_code == 403 and "缺少防伪标记" in bare.text
    (token,) = re.findall(r'name="csrf_token" value="(\w+)"', client.get("/").text)
    wrong = client.post("/sign-out", data={"csrf_token": "0" * 64}, follow_redirects=False)
    assert wrong.status_code == 403
    done = client.post("/sign-out", data={"csrf_token": token}, follow_redirects=False)
    assert (done.status_code, done.headers["location"]) == (303, "/")
    assert client.get("/search?q=隔膜", follow_redirects=False).status_code == 303


def test_a_forgotten_password_is_set_anew_by_the_letter(
    site: Any, capsys: pytest.CaptureFixture[str]
) -> None:
    client = site.called("anybody")
    asked = client.post("/forgotten", data={"email": "zhao@example.com"})
    same = client.post("/forgotten", data={"email": "nobody@example.com"})
    assert asked.status_code == 200 and asked.text == same.text and "已经发出" in asked.text
    assert "不是一个电子邮箱" in client.post("/forgotten", data={"email": "abc"}).text
    Outgoing(site.matcher.store, site.desk.settings).deliver()
    (address,) = re.findall(r"http://127\.0\.0\.1:8000(/reset/\S+)", capsys.readouterr().err)
    assert "新密码" in client.get(address).text
    short = client.post(address, data={"password": "short"})
    assert short.status_code == 422 and "至少 10 个字符" in short.text
    done = client.post(address, data={"password": "小楼一夜听春雨-17"})
    assert "新密码已设好" in done.text
    _, answer = signed_in(site, "小楼一夜听春雨-17")
    assert answer.status_code == 303
    again = client.post(address, data={"password": "小楼一夜听春雨-18"})
    assert again.status_code == 422 and "已用过或已过期" in again.text


def test_an_invitation_is_taken_up(site: Any) -> None:
    admin = site.called("centre admin")
    asked = {"email": "new@example.com", "role": "reader"}
    answer = admin.post(f"{PREFIX}/organisations/centre/invitations", json=asked)
    assert answer.status_code == 201, answer.text
    made = answer.json()
    client, address = site.called("anybody"), f"/invitation/{made['token']}"
    assert made["link"] == f"http://127.0.0.1:8000{address}"
    assert "“云麓理工大学技术转移中心”邀请 new@example.com 加入" in client.get(address).text
    bad = client.post(address, data={"name": "钱四", "password": "short"})
    assert bad.status_code == 422 and 'value="钱四"' in bad.text
    sent = {"name": "钱四", "password": WORD}
    assert client.post(address, data=sent, follow_redirects=False).status_code == 303
    assert "钱四</a> · 云麓理工大学技术转移中心" in client.get("/").text
    gone = client.get(address)
    assert gone.status_code == 404 and "邀请不存在或已过期" in gone.text


def test_errors_are_pages_for_people_and_problems_for_programs(site: Any) -> None:
    client, _ = signed_in(site)
    for address, status, words in (
        ("/nowhere", 404, "没有这个页面"), ("/assets/nothing.css", 404, "没有这个页面"),
        ("/why?q=隔膜&patent_id=nothing", 404, "不在这个问题的结果里"),
        ("/why?q=隔膜", 422, "没有完成"),
    ):  # fmt: skip
        answer = client.get(address)
        assert answer.status_code == status and words in answer.text, address
        assert answer.headers["content-type"].startswith("text/html")
        assert answer.headers["content-security-policy"] == POLICY
    problem = client.get(f"{PREFIX}/nowhere")
    assert problem.headers["content-type"] == "application/problem+json"


def test_files_of_pages_are_kept_by_browsers_and_sent_packed(site: Any) -> None:
    client = site.called("anybody")
    page = client.get("/").text
    names = re.findall(r'"(/assets/[^"]+)"', page)
    assert len(names) == 4
    total = len(page.encode())
    for name in names:
        answer = client.get(name, headers={"Accept-Encoding": "gzip"})
        assert answer.headers["cache-control"] == "public, max-age=31536000, immutable"
        assert answer.headers["content-encoding"] == "gzip"
        total += int(answer.headers["content-length"])
    assert total < 120 * 1024, "what a first visit takes over the wire"


def test_who_signs_in_on_a_page_is_written_down(site: Any) -> None:
    signed_in(site)
    signed_in(site, "wrong")
    audit = site.matcher.store.audit
    told = [one for of in ("company", None) for one in audit.page(of, before=None, limit=100)]
    calls = [(one.action, one.status) for one in told if one.action == "POST /sign-in"]
    assert sorted(calls) == [("POST /sign-in", 303), ("POST /sign-in", 401)]
