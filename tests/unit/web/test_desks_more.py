"""The desks of parks, bureaus and those who manage, and one's own page."""

import re
from dataclasses import replace
from io import BytesIO
from typing import Any
from zipfile import ZipFile

import pytest
from docx import Document
from openpyxl import load_workbook

from matcher.access.people import Person
from matcher.jobs.running import run
from matcher.store.secret import hashed
from matcher.web.rules import PREFIX

WORD = "铁马冰河入梦来-42"


def test_figures_are_those_of_the_api_and_leave_as_a_workbook(site: Any) -> None:
    pair = {"need_id": "N-open", "patent_id": "P-open"}
    site.send("company editor", "/need/answer", **pair)
    (lead,) = re.findall(r'href="/lead\?id=([^"]+)"', site.shown("centre editor", "/leads"))
    site.send("centre editor", "/lead/step", id=lead, refusal_code="描述不清")
    page = site.shown("bureau reader", "/figures?by=park")
    assert re.findall(r"<strong>(\d+)</strong>", page) == ["1", "1", "0", "0", "0", "0"]
    assert "查看明细" not in page and "隔膜" not in page and "描述不清" in page
    row = [cell.strip() for cell in re.findall(r"<td>([^<]*)</td>", page)]
    assert row[-13:] == ["云麓高新区", "6", "7", "1", "1", "1", "0", "0", "0", "0", "0", "1", "0%"]
    assert "查看明细" in site.shown("centre reader", "/figures")
    assert site.shown("other reader", "/figures").count("<strong>0</strong>") == 6
    file = site.called("bureau reader").get("/figures/export")
    book = load_workbook(BytesIO(file.content))
    names = [f"按{word}" for word in ("月份", "地区", "园区", "行业", "企业", "高校")]
    assert book.sheetnames == [*names, "拒绝原因", "高校到园区"]
    assert [cell.value for cell in book["拒绝原因"][2]] == ["描述不清", 1]
    assert [cell.value for cell in book["高校到园区"][2]] == [
        "云麓理工大学技术转移中心", "云麓高新区", 1]  # fmt: skip


def test_an_admin_invites_changes_roles_and_makes_keys(site: Any) -> None:
    invited = site.send("company admin", "/manage/invite", email="new@example.com", role="reader")
    (link,) = re.findall(r"http://127\.0\.0\.1:8000(/invitation/[^<]+)</code>", invited.text)
    assert "邀请 new@example.com 加入" in site.called("anybody").get(link).text
    wrong = site.send("company admin", "/manage/invite", email="abc", role="reader")
    assert wrong.status_code == 422 and "不是一个电子邮箱" in wrong.text
    made = site.send("company admin", "/manage/key", name="企业网站", scopes=["read", "match"])
    (token,) = re.findall(r"密钥:<code[^>]*>([^<]+)</code>", made.text)
    client = site.called("anybody")
    client.headers["Authorization"] = f"Bearer {token}"
    assert client.get(f"{PREFIX}/needs").status_code == 200
    page = site.shown("company admin", "/manage")
    assert (token not in page and "企业网站" in page and "读、匹配" in page) or "匹配、读" in page
    (key,) = re.findall(r'name="key_id" value="([^"]+)"', page)
    site.send("company admin", "/manage/key", key_id=key)
    assert client.get(f"{PREFIX}/needs").status_code == 401
    site.send("company admin", "/manage/role", person_id="company-reader", role="editor")
    assert site.called("company reader").get("/need/new").status_code == 200
    site.send("company admin", "/manage/role", person_id="company-reader", role="remove")
    assert site.called("company reader").get("/needs", follow_redirects=False).status_code == 303
    last = site.send("company admin", "/manage/role", person_id="company-admin", role="reader")
    assert last.status_code == 422 and "至少要有一位管理员" in last.text
    audit = site.shown("company admin", "/manage/audit")
    assert "POST /manage/invite" in audit and "王" in audit


@pytest.mark.parametrize("who", ["centre admin", "company editor"])
def test_nobody_manages_another_organisation(site: Any, who: str) -> None:
    sent = {"organisation_id": "company", "email": "x@example.com", "role": "admin"}
    for address, more in (("invite", {}), ("role", {"person_id": "company-reader"}),
                          ("key", {"name": "a", "scopes": "read"})):  # fmt: skip
        answer = site.send(who, f"/manage/{address}", **sent, **more)
        assert answer.status_code == 403, address
    assert site.called(who).get("/manage?id=company").status_code == 403


def test_an_operator_founds_organisations_and_sees_how_the_index_is(site: Any) -> None:
    page = site.shown("operator", "/manage")
    assert "云麓理工大学技术转移中心" in page and "6 件" in page and "排序模型" in page
    made = site.send("operator", "/manage/found", name="新园区", kind="park")
    assert "已建立“新园区”" in made.text and "还没有成员" in made.text
    again = site.send("operator", "/manage/found", name="新园区", kind="park")
    assert again.status_code == 422 and "已经有这个名称" in again.text
    assert site.send("centre admin", "/manage/found", name="甲", kind="park").status_code == 403


def test_ones_own_page_changes_the_password_and_ends_the_account(site: Any) -> None:
    site.matcher.store.accounts.enrol(
        Person(id="zhao", email="zhao@example.com", name="赵三"), hashed(WORD)
    )
    site.matcher.store.accounts.join("zhao", "company", "editor")
    site.matcher.store.accounts.join("zhao", "park", "editor")
    client = site.called("anybody")
    client.post("/sign-in", data={"email": "zhao@example.com", "password": WORD})

    def post(address: str, **fields: str) -> Any:
        (token, *_) = re.findall(r'name="csrf_token" value="(\w+)"', client.get("/me").text)
        return client.post(address, data={"csrf_token": token, **fields}, follow_redirects=False)

    assert post("/me/organisation", id="park").status_code == 303
    assert "赵三</a> · 云麓高新区" in client.get("/me").text
    assert "密码不对" in post("/me/password", old="wrong", new="小楼一夜听春雨-17").text
    assert "新密码已设好" in post("/me/password", old=WORD, new="小楼一夜听春雨-17").text
    assert client.get("/me/data").json()["account"]["email"] == "zhao@example.com"
    assert post("/me/leave", sure="好").status_code == 422
    assert post("/me/leave", sure="注销").status_code == 303
    assert client.get("/me", follow_redirects=False).status_code == 303


@pytest.fixture
def worked(site: Any) -> Any:
    """A worker that does each job at once."""
    desk = replace(site.desk, ring=lambda id: run(site.app.state.desk, id))
    site.app.state.desk = desk
    return site


def batch(site: Any, needs: list[str], k: str) -> str:
    """Run one; its id."""
    begun = site.send("park editor", "/park/batch", needs=needs, k=k)
    job = site.shown("park editor", begun.headers["location"])
    assert f"{len(needs)} 条需求" in job
    (id,) = re.findall(r'href="/park/batch\?id=([^"]+)"', job)
    return str(id)


def ticks(page: str) -> list[str]:
    """The pairs of need and patent that can be ticked."""
    return [pair.replace("&#9;", "\t") for pair in re.findall(r'name="kept" value="([^"]+)"', page)]


def rows(site: Any, id: str) -> dict[str, list[str]]:
    """The table of the hand-out: need -> patents."""
    made = site.called("park reader").get(f"/park/handout?id={id}&format=xlsx")
    found: dict[str, list[str]] = {}
    for row in load_workbook(BytesIO(made.content))["对接手册"].iter_rows(min_row=2):
        found.setdefault(row[8].value, []).append(row[9].value)
    return found


def test_a_park_runs_a_batch_and_looks_through_it(worked: Any) -> None:
    desk = worked.shown("park editor", "/park")
    assert "青屿新能源有限公司" in desk and "还没有运行过匹配" in desk
    id = batch(worked, ["N-open", "N-masked"], "3")
    page = worked.shown("park reader", f"/park/batch?id={id}")
    assert len(ticks(page)) == 6 and page.count('class="look"') == 2
    assert "N-never" not in page and "隐嘉大学" not in page
    assert worked.called("garden reader").get(f"/park/batch?id={id}").status_code == 404
    assert worked.called("park reader").post("/park/keep", data={"id": id}).status_code == 403
    covered = worked.shown("park reader", "/park")
    assert "(未填行业)" in covered and "查看上次匹配结果" in covered
    alone = worked.send("park editor", "/park/batch", company="company")
    assert "3 条需求" in worked.shown("park editor", alone.headers["location"])
    empty = worked.send("park editor", "/park/batch", company="state")
    assert empty.status_code == 422 and "还没有需求" in empty.text
    wrong = worked.send("park editor", "/park/batch", region="没有这个地方")
    assert wrong.status_code == 422 and "没有这个地方" in wrong.text


def test_what_is_ticked_is_handed_out_and_pushed_once(worked: Any) -> None:
    id = batch(worked, ["N-open", "N-masked"], "3")
    page = worked.shown("park editor", f"/park/batch?id={id}")
    (one,) = [pair for pair in ticks(page) if pair == "N-open\tP-open"]
    sent = {"id": id, "shown": ["N-open", "N-masked"], "kept": one}
    saved = worked.send("park editor", "/park/keep", **sent)
    assert saved.text.count(" checked") == 1 and "已勾选 1 项" in saved.text
    assert rows(worked, id) == {"N-open": ["P-open"], "N-masked": [None]}
    packed = ZipFile(BytesIO(worked.called("park reader").get(f"/park/handout?id={id}").content))
    assert sorted(packed.namelist()) == [
        "企业/隐庄材料公司.docx", "企业/青屿新能源.docx", "高校/云麓理工大学.docx"]  # fmt: skip
    paper = Document(BytesIO(packed.read("企业/青屿新能源.docx")))
    words = "\n".join(line.text for line in paper.paragraphs)
    assert "青屿新能源:推荐专利" in words and "一种锂电池隔膜P-open" in words
    assert "13800001111" not in words
    pushed = worked.send("park editor", "/park/keep", action="push", **sent)
    assert "新推送 1 项" in pushed.text
    again = worked.send("park editor", "/park/keep", action="push", **sent)
    assert "1 项以前推送过" in again.text


def test_what_is_no_longer_to_be_seen_is_not_handed_out(worked: Any) -> None:
    id = batch(worked, ["N-open"], "5")
    kept = ticks(worked.shown("park editor", f"/park/batch?id={id}"))
    worked.send("park editor", "/park/keep", id=id, shown="N-open", kept=kept)
    (old,) = worked.matcher.store.patents(["P-open"])
    worked.matcher.store.put_patents([replace(old, level="授权可见")])
    left = rows(worked, id)["N-open"]
    assert "P-open" not in left and "P-free" in left
