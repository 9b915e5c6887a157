"""Favourites, messages, orders of tables, what stands behind a figure, and changes taken back."""

import re
from io import BytesIO
from typing import Any

import pytest
from openpyxl import load_workbook

from matcher.access.people import Person
from matcher.web.ledger import TOLD
from matcher.web.outgoing import caller_of
from matcher.web.rules import PAGES

PAIR = {"need_id": "N-open", "patent_id": "P-open"}


def told(page: str) -> list[tuple[bool, str]]:
    """The messages of a page: whether fresh, and the text."""
    rows = re.findall(r'<li( class="fresh")?><span class="quiet">.*?</li>', page, re.DOTALL)
    texts = re.findall(r"<br>(?:<a[^>]*>)?([^<]+)(?:</a>)?</li>", page)
    return [(bool(fresh), text) for fresh, text in zip(rows, texts, strict=True)]


def unread(page: str) -> str:
    found = re.search(r'href="/messages"[^>]*>消息(?: <b>([^<]+)</b>)?', page)
    assert found, "no messages on top"
    return found.group(1) or ""


def test_a_record_is_kept_shown_as_kept_and_dropped_where_the_button_is(site: Any) -> None:
    page = site.shown("company reader", "/need?id=N-open")
    assert page.count("☆ 收藏") == 4 and "★" not in page, "the need and its three patents"
    back = "/need?id=N-open"
    kept = site.send("company reader", "/favourites", side="patents", id="P-open", keep="1",
                     back=back)  # fmt: skip
    assert kept.status_code == 303 and kept.headers["location"].startswith(f"{back}#star-")
    anchor = kept.headers["location"].partition("#")[2]
    page = site.shown("company reader", back)
    assert page.count("★ 已收藏") == 1 and f'id="{anchor}"' in page
    site.send("company reader", "/favourites", side="needs", id="N-open", keep="1", back=back)
    listed = site.shown("company reader", "/favourites")
    assert "一种锂电池隔膜P-open" in listed and "提高锂电池隔膜耐热性N-open" in listed
    assert "还没有收藏" in site.shown("company editor", "/favourites"), "one's own alone"
    part = site.called("company reader").post(
        "/favourites", data={"side": "patents", "id": "P-open", "back": back},
        headers={"HX-Request": "true"},
    )  # fmt: skip
    assert part.text.strip().startswith("<form") and "☆ 收藏" in part.text
    assert "P-open" not in site.shown("company reader", "/favourites")


@pytest.mark.parametrize(
    ("fields", "status"),
    [({"side": "patents", "id": "P-lone", "keep": "1"}, 404),
     ({"side": "patents", "id": "P-gone", "keep": "1"}, 404),
     ({"side": "x", "id": "P-open", "keep": "1"}, 422)],
)  # fmt: skip
def test_what_one_may_not_see_is_not_kept(site: Any, fields: Any, status: int) -> None:
    assert site.send("company editor", "/favourites", **fields).status_code == status
    assert "还没有收藏" in site.shown("company editor", "/favourites")


def test_a_favourite_that_is_withdrawn_says_so_and_tells_nothing_more(site: Any) -> None:
    for id in ("N-open", "N-free"):
        site.send("centre reader", "/favourites", side="needs", id=id, keep="1")
    site.send("company editor", "/need/withdraw", need_id="N-open")
    page = site.shown("centre reader", "/favourites")
    assert "已撤回,或不再对您公开" in page and "耐热性N-free" in page and "耐热性N-open" not in page
    evil = site.send("centre reader", "/favourites", side="needs", id="N-open", back="//evil.test")
    assert evil.headers["location"].startswith("/#star-")


def test_favourites_are_paged_the_latest_first(site: Any, monkeypatch: Any) -> None:
    monkeypatch.setattr("matcher.pages.favourites.SHOWN", 2)
    for id in ("P-free", "P-open", "P-masked"):
        site.send("company editor", "/favourites", side="patents", id=id, keep="1")
    first = site.shown("company editor", "/favourites")
    (more,) = re.findall(r'href="(/favourites\?at=2)"', first)
    rest = site.shown("company editor", more)
    assert (first.count("★"), rest.count("★")) == (2, 1) and "后面的" not in rest


def test_messages_tell_the_other_side_what_happened_until_they_are_read(site: Any) -> None:
    assert unread(site.shown("centre reader", "/")) == ""
    site.send("company editor", "/need/answer", **PAIR)
    assert unread(site.shown("company editor", "/")) == "", "one's own doing is no news"
    assert unread(site.shown("centre reader", "/")) == "2", "pushed, and willing"
    page = site.shown("centre reader", "/messages")
    assert [fresh for fresh, _ in told(page)] == [True, True]
    texts = {text for _, text in told(page)}
    assert texts == {
        "新的推送:需求“提高锂电池隔膜耐热性N-open”与专利“一种锂电池隔膜P-open”",
        "需求方愿意对接:需求“提高锂电池隔膜耐热性N-open”与专利“一种锂电池隔膜P-open”",
    }
    assert unread(page) == "" == unread(site.shown("centre reader", "/"))
    assert unread(site.shown("centre editor", "/")) == "2", "each reads for himself"
    assert all(not fresh for fresh, _ in told(site.shown("centre reader", "/messages")))
    (lead,) = set(re.findall(r'href="(/lead\?id=[^"]+)"', page))
    site.send("centre editor", "/lead/step", id=lead.partition("=")[2], refusal_code="描述不清")
    assert unread(site.shown("company reader", "/")) == "1"
    assert unread(site.shown("park admin", "/")) == "3", "of all that its company does and gets"
    page = site.shown("company reader", "/messages")
    assert told(page)[0][1].startswith("专利方拒绝:需求“提高")
    assert "没有消息" in site.shown("other reader", "/messages")
    assert 'href="/messages"' not in site.shown("bureau reader", "/")


def test_messages_are_paged_and_say_nothing_of_what_is_no_longer_to_be_seen(
    site: Any, monkeypatch: Any
) -> None:
    monkeypatch.setattr("matcher.pages.messages.SHOWN", 1)
    site.send("company editor", "/need/answer", **PAIR)
    first = site.shown("centre reader", "/messages")
    (more,) = re.findall(r'href="(/messages\?before=[^"]+)"', first)
    second = site.shown("centre reader", more)
    assert told(first)[0][1] != told(second)[0][1] and "更早的 →" not in second
    site.send("company editor", "/need/withdraw", need_id="N-open")
    page = site.shown("centre reader", "/messages")
    assert "(已撤回)" in page and "耐热性N-open" not in page


def test_work_tells_who_asked_for_it_that_it_ended(site: Any) -> None:
    store = site.matcher.store
    person = store.accounts.person("company-editor")
    caller = caller_of(store, person, "company")
    job = store.jobs.add("export", {"format": "csv"}, caller, now=site.desk.now).id
    store.jobs.claim(job, "w", now=site.desk.now)
    store.jobs.fail(job, "w", ("X", "不行"), now=site.desk.now)
    page = site.shown("company editor", "/messages")
    assert [text for _, text in told(page)] == ["任务“导出匹配结果”没有完成"]
    assert f"/job?id={job}" in page
    assert unread(site.shown("company admin", "/")) == "", "of another's work"


def test_tables_stand_in_the_order_asked_for_and_go_on_in_it(site: Any, monkeypatch: Any) -> None:
    monkeypatch.setattr("matcher.pages.patents.SHOWN", 2)
    rows = ("一种坩埚,202410000001X,2024-03-01", "铝合金熔炼,2024100000024,2024-05-01",
            "包覆方法,2024100000039,")  # fmt: skip
    content = "\n".join(["题名,申请号,申请日", *rows]).encode()
    client = site.called("other editor")
    place = client.post("/upload/patents", files={"file": ("a.csv", content)},
                        follow_redirects=False).headers["location"]  # fmt: skip
    site.send("other editor", place)

    def titles(order: str) -> list[str]:
        found, address = [], f"/patents?order={order}"
        while address:
            page = site.shown("other reader", address)
            found += re.findall(r'<td class="first"><a[^>]*>([^<]+)<', page)
            more = re.findall(r'href="(/patents\?[^"]*after=[^"]*)"', page)
            address = more[0].replace("&amp;", "&") if more else ""
        return found

    assert titles("title") == ["包覆方法", "铝合金熔炼", "一种坩埚"]
    assert titles("date") == ["铝合金熔炼", "一种坩埚", "包覆方法"]
    assert titles("id") == titles("nonsense") == ["一种坩埚", "铝合金熔炼", "包覆方法"]


def test_needs_stand_by_pinyin_and_leave_so(site: Any) -> None:
    for title in ("轴承寿命", "安全阀密封", "密封圈老化"):
        words = {"action": "publish", "title": title, "main_problem": "试验中发现的问题"}
        assert site.send("company editor", "/need/new", **words).status_code == 303
    page = site.shown("company reader", "/needs?order=title")
    found = re.findall(r'<td class="first"><a[^>]*>([^<]+)<', page)
    assert found[0] == "安全阀密封" and found.index("密封圈老化") < found.index("轴承寿命")
    assert found[-1] == "轴承寿命" and "order=title" in page


def test_a_change_of_many_is_taken_back_but_for_what_was_changed_since(site: Any) -> None:
    before = site.matcher.store.patents(["P-open", "P-masked"])
    said = {"ids": ["P-open", "P-masked"], "trl": "9"}
    done = site.send("centre editor", "/patents/terms", **said)
    (change,) = re.findall(r'name="change" value="([^"]+)"', done.text)
    site.send("centre editor", "/patents/terms", ids="P-masked", trl="8")
    assert site.send("other editor", "/patents/undo", change=change).status_code == 422
    back = site.send("centre editor", "/patents/undo", change=change)
    assert "已撤销:1 件专利恢复原样,1 件之后又改过,没有动" in back.text
    now = site.matcher.store.patents(["P-open", "P-masked"])
    assert now[0] == before[0] and now[1].terms.trl == 8
    again = site.send("centre editor", "/patents/undo", change=change)
    assert again.status_code == 422 and "已经撤销过" in again.text
    one = site.send("centre editor", "/patents/terms", ids="P-open", only="P-open", trl="3")
    assert "撤销这次修改" in one.text
    same = site.send("centre editor", "/patents/terms", ids="P-open", only="P-open", trl="3")
    assert "撤销这次修改" not in same.text, "nothing was changed"


def test_a_figure_opens_to_the_matches_that_it_counts(site: Any) -> None:
    site.send("company editor", "/need/answer", **PAIR)
    site.send("company editor", "/need/answer", need_id="N-masked", patent_id="P-open")
    page = site.shown("centre reader", "/figures?by=company")
    cells = re.findall(r'<td><a href="(/leads\?figure=[^"]+)">(\d+)</a></td>', page)
    assert cells, "figures with addresses"
    for address, count in cells:
        board = site.shown("centre reader", address.replace("&amp;", "&"))
        assert board.count('class="card lead"') == int(count), address
        assert "青屿新能源有限公司" in board and "只看曾到过这一步的" in board
    (lead,) = re.findall(r'href="(/lead\?id=[^"]+)">详情', board)[:1] or [""]
    site.send("centre editor", "/lead/step", id=lead.partition("=")[2], refusal_code="描述不清")
    why = site.shown("centre reader", "/leads?figure=refused&reason=描述不清")
    assert why.count('class="card lead"') == 1 and "拒绝 · 描述不清" in why
    assert site.shown("centre reader", "/leads?figure=refused&reason=其他").count("card lead") == 0
    assert "/leads?figure" not in site.shown("bureau reader", "/figures?by=company")
    assert site.shown("other reader", "/leads?figure=pushed").count("card lead") == 0


def test_what_is_behind_a_figure_is_paged(site: Any, monkeypatch: Any) -> None:
    monkeypatch.setattr("matcher.pages.leads.SHOWN", 1)
    site.send("company editor", "/need/answer", **PAIR)
    site.send("company editor", "/need/answer", need_id="N-masked", patent_id="P-open")
    first = site.shown("company reader", "/leads?figure=pushed")
    (more,) = re.findall(r'href="(/leads\?figure=pushed&amp;after=[^"]+)"', first)
    second = site.shown("company reader", more.replace("&amp;", "&"))
    assert first.count("card lead") == second.count("card lead") == 1 and first != second
    assert "后面的" not in second


def test_members_and_keys_are_paged(site: Any, monkeypatch: Any) -> None:
    monkeypatch.setattr("matcher.pages.managing.LISTED", 2)
    accounts = site.matcher.store.accounts
    for number in range(3):
        person = Person(id=f"x{number}", email=f"x{number}@example.com", name=f"人{number}")
        accounts.enrol(person, "hash")
        accounts.join(person.id, "company", "reader")
        site.send("company admin", "/manage/key", name=f"用途{number}", scopes="read")
    page, people, keys = site.shown("company admin", "/manage"), 0, 0
    assert "后面的密钥" in page
    address = "/manage"
    while address:
        page = site.shown("company admin", address)
        people += page.count('name="person_id"')
        more = re.findall(r'href="(/manage\?id=[^"]*people=\d+)"', page)
        address = more[0].replace("&amp;", "&") if more else ""
    keys = site.shown("company admin", "/manage?keys=2").count('name="key_id"')
    assert (people, keys) == (len(accounts.members("company")), 1)


def test_a_table_of_patents_names_the_company_that_waits_most(site: Any, monkeypatch: Any) -> None:
    monkeypatch.setattr("matcher.pages.patents.GOOD", 1)
    part = site.shown("centre reader", "/patent/light?id=P-open")
    assert re.search(r"<br>(青屿新能源|\(企业未公开\))</a>", part) and "隔膜" not in part
    assert "隐庄材料公司" not in part, "a masked need names no company"
    monkeypatch.setattr("matcher.pages.patents.GOOD", 5)
    part = site.shown("centre reader", "/patent/light?id=P-open")
    assert "没有较好的" in part and "青屿" not in part
    assert 'hx-get="/patent/light?id=P-open"' in site.shown("centre reader", "/patents")


def test_one_s_name_is_changed_and_kept_short(site: Any) -> None:
    done = site.send("company reader", "/me/name", name="  王  五 ")
    assert done.status_code == 303
    assert "姓名已改好" in site.shown("company reader", done.headers["location"])
    assert site.matcher.store.accounts.person("company-reader").name == "王  五"
    for wrong in ("", "长" * 51):
        assert site.send("company reader", "/me/name", name=wrong).status_code == 422
    assert site.send("anybody", "/me/name", name="x").status_code != 303


def test_more_of_what_was_found_is_asked_for_step_by_step(site: Any, monkeypatch: Any) -> None:
    monkeypatch.setattr("matcher.pages.finding.DEPTHS", (2, 3))
    for address in ("/search?q=隔膜&k=2", "/need?id=N-open&k=2"):
        first = site.shown("company reader", address)
        (more,) = re.findall(r'href="([^"]+k=3)" role="button"', first)
        second = site.shown("company reader", more.replace("&amp;", "&"))
        count = second.count('class="card"')
        assert (first.count('class="card"'), count, "再看一些" in second) == (2, 3, False)
    assert site.shown("company reader", "/search?q=隔膜&k=x").count('class="card"') == 2


def test_a_long_table_of_figures_is_paged(site: Any, monkeypatch: Any) -> None:
    monkeypatch.setattr("matcher.pages.figuring.ROWS", 1)
    site.send("company editor", "/need/answer", **PAIR)
    first = site.shown("bureau reader", "/figures?by=company")
    (more,) = re.findall(r'href="(/figures\?by=company&amp;at=1)#table"', first)
    second = site.shown("bureau reader", more.replace("&amp;", "&"))
    rows = [re.findall(r"<tr><td>([^<]+)</td><td>", page.partition('id="table"')[2])
            for page in (first, second)]  # fmt: skip
    assert rows[0] != rows[1] and len(rows[0]) == len(rows[1]) == 1


def test_the_board_leaves_as_it_is_filtered_with_nothing_that_is_not_to_be_seen(
    site: Any, monkeypatch: Any
) -> None:
    monkeypatch.setattr("matcher.pages.leads.SHOWN", 1)
    site.send("company editor", "/need/answer", **PAIR)
    site.send("company editor", "/need/answer", need_id="N-masked", patent_id="P-open")
    page = site.shown("centre reader", "/leads?waiting=true")
    (address,) = re.findall(r'href="(/leads/export\?[^"]+)"', page)
    answer = site.called("centre reader").get(address)
    (sheet,) = load_workbook(BytesIO(answer.content)).worksheets
    head, *rows = [[cell.value for cell in row] for row in sheet.iter_rows()]
    told = [dict(zip(head, row, strict=True)) for row in rows]
    assert {one["需求方的答复"] for one in told} == {"愿意对接"} and len(told) == 2
    assert {one["专利方的答复"] for one in told} == {"推送"}
    assert "隐庄材料公司" not in str(rows) and "吴工" not in str(rows)
    assert site.called("other reader").get("/leads").text.count("/leads/export") == 0


def test_every_file_that_a_page_hands_out_is_written_down(site: Any) -> None:
    files = {
        f"GET {address.partition('?')[0]}"
        for who, address in (
            ("company reader", "/needs/export"),
            ("centre reader", "/patents/export?q=x"),
            ("centre reader", "/leads/export"),
            ("bureau reader", "/figures/export"),
            ("company reader", "/me/data"),
        )
        if site.called(who).get(address).headers["content-disposition"].startswith("attachment")
    }
    assert len(files) == 5
    wrote = {one.action for id in ("company", "centre", "bureau")
             for one in site.matcher.store.audit.page(id, before=None, limit=50)}  # fmt: skip
    assert files <= wrote
    named = {rule for rule in PAGES if re.search(r"^GET .*(export|handout|rejects|data)", rule)}
    assert named <= TOLD, "a file that leaves unseen"
