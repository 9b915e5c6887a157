"""The desks: who may open which, and what is done on them is done as by the API."""

import re
from io import BytesIO
from typing import Any

import pytest
from openpyxl import load_workbook

from matcher.web.rules import PREFIX

LIST = (
    "成果题目,摘要,申请号,申请人\n一种氧化铝隔膜,涂覆陶瓷,202410000001X,青岚工业大学\n"
    ",没有名称,2024100000023,青岚工业大学\n"
)
# Who may open what: centre, park, company, bureau, agency; a(dmin) e(ditor) r(eader).
OPENED = """
page                        centre  park  company  bureau  agency
/                           aer     aer   aer      aer     aer
/search?q=隔膜              aer     aer   aer      -       aer
/needs                      -       aer   aer      -       -
/need?id=N-free             aer     aer   aer      -       aer
/need/light?id=N-free       aer     aer   aer      -       aer
/need/new                   -       ae    ae       -       -
/need/edit?id=N-open        -       ae    ae       -       -
/needs/export               -       aer   aer      -       -
/patents                    aer     -     -        -       -
/patents/export             aer     -     -        -       -
/patent?id=P-free           aer     aer   aer      -       aer
/patent/light?id=P-open     aer     -     -        -       -
/leads                      aer     aer   aer      -       aer
/leads/export               aer     aer   aer      -       aer
/favourites                 aer     aer   aer      -       aer
/messages                   aer     aer   aer      -       aer
/jobs                       aer     aer   aer      -       aer
/park                       -       aer   -        -       -
/figures                    aer     aer   aer      aer     aer
/figures/export             aer     aer   aer      aer     aer
/manage                     a       a     a        a       a
/manage/audit               a       a     a        a       a
/me                         aer     aer   aer      aer     aer
/me/data                    aer     aer   aer      aer     aer
/upload/patents             ae      -     -        -       -
/upload/needs               -       ae    ae       -       -
"""
KINDS = ("centre", "park", "company", "bureau", "agency")
ROLES = {"a": "admin", "e": "editor", "r": "reader"}


def table() -> list[tuple[str, str, str]]:
    _, *lines = OPENED.strip().splitlines()
    return [(row.split()[0], kind, who) for row in lines
            for kind, who in zip(KINDS, row.split()[1:], strict=True)]  # fmt: skip


def test_who_may_open_which_page(site: Any) -> None:
    wrong = []
    for address, kind, who in table():
        for letter, role in ROLES.items():
            status = site.called(f"{kind} {role}").get(address).status_code
            if status != (200 if letter in who else 403):
                wrong.append((address, kind, role, status))
    assert wrong == []
    for address, _, _ in table():
        answer = site.called("anybody").get(address, follow_redirects=False)
        assert answer.status_code == (200 if address == "/" else 303), address


def test_the_links_on_top_are_those_that_open(site: Any) -> None:
    found = {kind: re.findall(r'<li><a href="(/\w+)"', site.shown(f"{kind} reader", "/"))
             for kind in KINDS}  # fmt: skip
    assert (
        found["company"][:3] == ["/messages", "/search", "/needs"] and "/patents" in found["centre"]
    )
    for kind, addresses in found.items():
        for address in addresses:
            assert site.called(f"{kind} reader").get(address).status_code == 200, (kind, address)


def test_a_need_is_written_with_advice_kept_as_a_draft_and_registered(site: Any) -> None:
    words = {"title": "提高隔膜耐热性", "main_problem": "隔膜高温收缩", "keywords": "隔膜、技术",
             "modes": ["合作研发", "技术许可"]}  # fmt: skip
    advice = site.send("company editor", "/need/advice", **words).text
    assert "<html" not in advice and "“技术”" in advice and "○ 方法" in advice
    blank = site.send("company editor", "/need/new", action="draft")
    assert blank.status_code == 422 and "还没有写内容" in blank.text
    kept = site.send("company editor", "/need/new", action="draft", **words)
    assert kept.status_code == 303
    (draft,) = re.findall(
        r'href="(/need/new\?draft=[^"]+)"', site.shown("company editor", "/needs")
    )
    assert "draft=" not in site.shown("company admin", "/needs"), "a draft is one's own"
    form = site.shown("company editor", draft)
    assert 'value="提高隔膜耐热性"' in form and form.count(" checked") == 2
    id = draft.partition("=")[2]
    made = site.send("company editor", "/need/new", action="publish", draft=id, **words)
    assert made.status_code == 303, made.text
    page = site.shown("company editor", made.headers["location"])
    assert "需求已登记" in page and "隔膜、技术" in page and "合作研发、技术许可" in page
    assert "draft=" not in site.shown("company editor", "/needs")


def test_what_looks_like_a_secret_is_asked_about_before_it_is_registered(site: Any) -> None:
    words = {"action": "publish", "title": "提高耐热性", "main_problem": "请打 13800001111"}
    asked = site.send("company editor", "/need/new", **words)
    assert asked.status_code == 422 and "“主要问题”里有电话号码" in asked.text
    assert 'name="confirmed"' in asked.text and "请打 13800001111" in asked.text
    made = site.send("company editor", "/need/new", confirmed="yes", **words)
    assert made.status_code == 303


def test_a_need_is_changed_as_it_was_read_and_withdrawn(site: Any) -> None:
    form = site.shown("company editor", "/need/edit?id=N-open")
    (version,) = re.findall(r'name="version" value="([^"]+)"', form)
    words = {"action": "publish", "id": "N-open", "title": "新的名称", "content": "隔膜收缩"}
    version = version.replace("&#34;", '"')
    done = site.send("company editor", "/need/new", version=version, **words)
    assert done.status_code == 303
    assert "新的名称" in site.shown("company editor", "/need?id=N-open")
    again = site.send("company editor", "/need/new", version=version, **words)
    assert again.status_code == 412 and "刚刚被别人改过" in again.text
    gone = site.send("company editor", "/need/withdraw", need_id="N-open")
    assert gone.status_code == 303
    assert site.called("company editor").get("/need?id=N-open").status_code == 404


def test_a_match_is_answered_in_one_click_and_refused_in_two(site: Any) -> None:
    page = site.shown("company editor", "/need?id=N-open")
    assert page.count("愿意对接</button>") == 3 and page.count("技术太早期</button>") == 3
    pair = {"need_id": "N-open", "patent_id": "P-open"}
    yes = site.send("company editor", "/need/answer", **pair)
    assert "已答复愿意对接" in yes.text and "对接:已读" in yes.text
    no = site.send("company editor", "/need/answer", need_id="N-open", patent_id="P-masked",
              refusal_code="技术太早期")  # fmt: skip
    assert "已记下“暂不”" in no.text and "已答复暂不:技术太早期" in no.text
    lost = site.send("company editor", "/need/answer", need_id="N-open", patent_id="P-free")
    assert lost.status_code == 422 and "没有归属机构" in lost.text
    assert "愿意对接</button>" not in site.shown("company reader", "/need?id=N-open")
    assert 'class="card lead"' not in site.shown("company editor", "/leads?waiting=true")
    waiting = site.shown("centre editor", "/leads?waiting=true")
    assert re.search(r"待我答复 <span[^>]*>1<", waiting)
    (lead,) = re.findall(r'href="(/lead\?id=[^"]+)"', waiting)
    before = site.shown("centre editor", lead)
    assert "吴工" not in before and "双方都答复" in before
    agreed = site.send("centre editor", "/lead/step", id=lead.partition("=")[2], stage="willing")
    assert "已记为“愿意对接”" in agreed.text and "吴工 13900002222" in agreed.text
    assert "周经理 13800001111" in site.shown("company reader", lead)
    wrong = site.send("centre editor", "/lead/step", id=lead.partition("=")[2], stage="filed")
    assert wrong.status_code == 409 and "您现在可以选的是" in wrong.text
    board = site.shown("centre editor", "/leads?stage=willing")
    assert "愿意对接 <span" in board and board.count('class="card lead"') == 1
    assert site.called("other admin").get(lead).status_code == 404


def test_a_centre_sees_who_needs_a_patent_and_asks(site: Any) -> None:
    page = site.shown("centre editor", "/patent?id=P-open")
    assert "哪些企业需要它" in page and "N-open" in page
    yes = site.send("centre editor", "/patent/answer", need_id="N-open", patent_id="P-open")
    assert "已答复愿意对接" in yes.text
    (why,) = re.findall(r'href="(/why\?need_id=N-open[^"]+of=patent)"', yes.text)
    reason = site.shown("centre editor", why.replace("&amp;", "&"))
    assert "<svg" in reason and "← 回到结果" in reason


def test_what_is_said_for_transfer_is_said_of_all_that_are_ticked(site: Any) -> None:
    table = site.shown("centre editor", "/patents")
    assert table.count('name="ids"') == 3 and "P-free" not in table and "P-never" not in table
    said = {"ids": ["P-open", "P-masked"], "price": "50-80万元", "licence_mode": "普通许可"}
    done = site.send("centre editor", "/patents/terms", **said)
    assert "2 件专利的转化信息已改好" in done.text
    for id in ("P-open", "P-masked"):
        terms = site.matcher.store.patents([id])[0].terms
        assert (terms.price_min, terms.price_max, terms.trl) == (50.0, 80.0, 6)
        assert terms.licence_modes == ("普通许可",) and terms.contact == "周经理 13800001111"
    for fields, words in (
        ({"price": "3万"}, "没有勾选专利"), ({"ids": "P-open"}, "没有填要改的内容"),
        ({"ids": "P-open", "trl": "很成熟"}, "未能识别"),
        ({"ids": ["P-open", "P-free"], "trl": "7"}, "不归您的机构"),
    ):  # fmt: skip
        wrong = site.send("centre editor", "/patents/terms", **fields)
        assert wrong.status_code == 422 and words in wrong.text
    assert site.matcher.store.patents(["P-open"])[0].terms.trl == 6


def upload(site: Any, who: str, content: bytes, name: str = "我的<清单>.csv") -> Any:
    client = site.called(who)
    return client.post("/upload/patents", files={"file": (name, content)}, follow_redirects=False)


def test_a_list_is_looked_at_put_right_taken_and_taken_back(site: Any) -> None:
    sent = upload(site, "centre editor", LIST.encode())
    assert sent.status_code == 303, sent.text
    place = sent.headers["location"]
    first = site.shown("centre editor", place)
    assert "没有认出必需的列" in first and "确认导入" not in first and "一种氧化铝隔膜" in first
    chosen = f"{place}?map=成果题目%3Dtitle&map="
    second = site.shown("centre editor", chosen)
    assert "新增 1 条,退回 1 行" in second and "我的&lt;清单&gt;.csv" in second
    assert site.called("other editor").get(place).status_code == 404, "another's list"
    before = site.matcher.store.snapshot()
    done = site.send("centre editor", place, map="成果题目=title")
    assert done.status_code == 303 and site.matcher.store.snapshot() != before
    result = site.shown("centre editor", done.headers["location"])
    assert "下载待修正表" in result and "第 3 行" in result
    (rows,) = re.findall(r'href="(/rejects/[^"]+)"', result)
    file = site.called("centre editor").get(rows)
    assert file.status_code == 200 and file.content[:2] == b"PK"
    assert site.called("other editor").get(rows).status_code == 404
    assert site.called("other editor").get(done.headers["location"]).status_code == 404
    back = site.send("centre editor", done.headers["location"])
    assert "去掉新增的 1 条,恢复原样 0 条" in back.text
    assert site.matcher.store.snapshot() == before
    twice = site.send("centre editor", done.headers["location"])
    assert twice.status_code == 409 and "已经撤销过" in twice.text
    assert site.called("centre editor").get(place).status_code == 404


def test_what_was_changed_since_an_import_is_left_when_that_is_taken_back(site: Any) -> None:
    head = "题名,摘要,申请号,申请人\n"
    one, two = "一种甲,甲甲,202410000001X,云麓\n", "一种乙,乙乙,2024100000024,云麓\n"
    place = upload(site, "centre editor", (head + one).encode()).headers["location"]
    site.send("centre editor", place)
    newer = head + one.replace("甲甲", "甲甲甲") + two
    place = upload(site, "centre editor", newer.encode()).headers["location"]
    done = site.send("centre editor", place).headers["location"]
    site.send("centre editor", "/patents/terms", ids="CN202410000002.4", trl="7")
    back = site.send("centre editor", done)
    assert "去掉新增的 0 条,恢复原样 1 条;1 条因合并了已有的记录、后来有改动" in back.text
    first, second = site.matcher.store.patents(["CN202410000001.X", "CN202410000002.4"])
    assert (first.abstract, second.terms.trl) == ("甲甲", 7)


@pytest.mark.parametrize(("content", "words"), [(b"", "空的"), (b"\x89PNG\r\n", "")])
def test_a_file_that_is_no_list_says_so(site: Any, content: bytes, words: str) -> None:
    sent = upload(site, "centre editor", content, "图.png")
    if sent.status_code == 303:
        sent = site.called("centre editor").get(sent.headers["location"])
        assert "确认导入" not in sent.text and 'role="alert"' in sent.text
    assert words in sent.text


def test_a_form_of_another_kind_needs_its_token_too(site: Any) -> None:
    client = site.called("centre editor")
    del client.headers["X-CSRF-Token"]
    sent = client.post("/upload/patents", files={"file": ("a.csv", b"x")})
    assert sent.status_code == 403 and "缺少防伪标记" in sent.text


def test_a_list_of_who_is_not_signed_in_is_not_even_read(site: Any) -> None:
    large = {"file": ("a.csv", b"x" * (20 * 1024 * 1024))}
    sent = site.called("anybody").post("/upload/patents", files=large)
    assert sent.status_code == 401 and "登录已过期" in sent.text
    assert site.called("centre editor").post("/upload/patents", files=large).status_code == 413


def test_a_need_is_watched_once_and_no_more(site: Any) -> None:
    site.send("company editor", "/need/watch", need_id="N-open", watch_id="")
    page = site.shown("company editor", "/need?id=N-open")
    (watch,) = re.findall(r'name="watch_id" value="([^"]+)"', page)
    assert "不再关注" in page
    site.send("company editor", "/need/watch", need_id="N-open", watch_id="")
    site.send("company editor", "/need/watch", need_id="N-open", watch_id=watch)
    assert "有新专利时告诉我" in site.shown("company editor", "/need?id=N-open")
    assert site.called("company editor").get(f"{PREFIX}/me/watches").json() == []


def test_tables_leave_as_they_are_filtered(site: Any) -> None:
    def sheet(who: str, address: str) -> list[list[Any]]:
        answer = site.called(who).get(address)
        assert answer.status_code == 200
        (found,) = load_workbook(BytesIO(answer.content)).worksheets
        return [[cell.value for cell in row] for row in found.iter_rows()]

    head, *rows = sheet("centre reader", "/patents/export")
    assert [row[0] for row in rows] == ["P-masked", "P-named", "P-open"]
    told = dict(zip(head, rows[2], strict=True))
    assert (told["技术成熟度"], told["许可费"], told["完整"]) == ("TRL 6", "30 万元起", "4/7")
    assert [row[0] for row in sheet("centre reader", "/patents/export?q=masked")[1:]] == [
        "P-masked"
    ]
    head, *rows = sheet("park reader", "/needs/export?company=company")
    assert [row[0] for row in rows] == ["N-masked", "N-named", "N-open"]
    assert "吴工" not in str(rows) and rows[2][2] == "青屿新能源"
    assert sheet("garden reader", "/needs/export")[1:] == []


def test_what_took_up_another_record_stays_when_its_import_is_taken_back(site: Any) -> None:
    head = "题名,摘要,申请号,公开号,申请人\n"
    apart = "一种甲,说甲,202410000001X,,云麓\n一种甲的方法,说乙,,CN190000001A,云麓\n"
    place = upload(site, "centre editor", (head + apart).encode()).headers["location"]
    site.send("centre editor", place)
    before = len(site.matcher.store.digests("patents"))
    both = head + "一种甲,说甲说乙,202410000001X,CN190000001A,云麓\n"
    place = upload(site, "centre editor", both.encode()).headers["location"]
    done = site.send("centre editor", place).headers["location"]
    assert len(site.matcher.store.digests("patents")) == before - 1, "one went into the other"
    (merged,) = site.matcher.store.patents(["CN202410000001.X"])
    back = site.send("centre editor", done)
    assert "去掉新增的 0 条,恢复原样 0 条;1 条因合并了已有的记录" in back.text
    assert site.matcher.store.patents(["CN202410000001.X"]) == [merged]
    assert "CN190000001A" in merged.publication_numbers
