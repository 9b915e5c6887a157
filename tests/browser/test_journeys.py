"""The four people's ways through the pages, step by step as docs/walkthrough.md has them; each
thing that stands there in quotation marks is clicked, seen or written."""

import re
from io import BytesIO
from pathlib import Path
from typing import Any
from zipfile import ZipFile

import pytest
from openpyxl import load_workbook
from playwright.sync_api import expect

NUMBERS = {"office": "202410000001X", "phone": "2024100000024", "bare": "2024100000039"}
PRICES = {"office": "50-80万元", "phone": "50-81万元", "bare": "50-82万元"}


def download(walk: Any, words: str) -> bytes:
    with walk.page.expect_download() as kept:
        walk.click(words)
    return Path(kept.value.path()).read_bytes()


def keys(walk: Any) -> None:
    """Arrows go through cards, "/" to the question."""
    if walk.scripts:
        walk.page.locator("body").press("ArrowDown")
        expect(walk.page.locator("article.card").first.locator(":focus")).to_have_count(1)
        walk.page.keyboard.press("/")
        expect(walk.page.locator("[data-question]:focus")).to_have_count(1)


@pytest.mark.slow
def test_a_company_asks_understands_registers_and_answers(walk: Any, steps: Any) -> None:
    page = walk.page
    walk.sign_in("company@example.com")
    walk.see("说说您的技术难题")
    page.get_by_role("textbox", name="技术难题").fill("铝合金压铸件气孔多,合格率低")
    walk.click("找专利", page.locator("[role=search]"))
    expect(page.locator("article.card")).to_have_count(10)
    expect(page.locator("article.card").first).to_contain_text("较强相关")
    walk.fit()
    asked = page.url
    keys(walk)
    filtered(walk, asked)
    walk.click("☆ 收藏")
    expect(page.locator("article.card").first.get_by_text("★ 已收藏")).to_be_visible()
    walk.click("为什么推荐")
    lit(walk)
    expect(page.locator(".picture svg")).to_be_visible()
    walk.fit()
    walk.click("← 回到结果")
    expect(page).to_have_url(asked)
    registered(walk)
    walk.done.add("登录")
    assert steps("企业") <= walk.done, steps("企业") - walk.done


def filtered(walk: Any, asked: str) -> None:
    """One kind of patent alone, and all again."""
    page = walk.page
    if walk.name == "phone":
        drawer(walk)
    walk.click("专利类型", page.locator("#filters"))
    page.get_by_role("checkbox", name=re.compile("^发明 ")).click()
    if not walk.scripts:
        walk.click("筛选", page.locator("#filters"))
    page.wait_for_url(re.compile("kind="))
    walk.done.add("专利类型:发明")
    walk.fit()
    walk.click("专利类型:发明 ✕")
    page.wait_for_url(asked)


def drawer(walk: Any) -> None:
    """On a phone the filters come when they are asked for; Escape sends them away."""
    filters = walk.page.locator("#filters")
    expect(filters).to_be_hidden()
    walk.click("筛选")
    assert filters.get_by_role("button", name="关闭").evaluate(
        "(one) => one === document.activeElement"
    )
    walk.fit()
    walk.page.keyboard.press("Escape")
    expect(filters).to_be_hidden()
    walk.click("筛选")


def lit(walk: Any) -> None:
    """What answers lights up with what was asked, at a touch of the mouse or the keyboard."""
    if walk.scripts:
        answer, question = walk.page.locator("p.side-by").first, walk.page.locator("div.side-by")
        expect(walk.page.locator(".lit")).to_have_count(0)
        answer.hover()
        expect(question.first).to_have_class(re.compile("lit"))
        walk.page.mouse.move(0, 0)
        expect(walk.page.locator(".lit")).to_have_count(0)
        question.first.focus()
        expect(answer).to_have_class(re.compile("lit"))


def drafted(walk: Any, title: str) -> None:
    """The advice read, the form kept and opened again."""
    page = walk.page
    if walk.scripts:  # the advice follows what is typed
        page.locator("#advice").get_by_text("孔隙率≤2%").wait_for()
    else:
        walk.click("看看建议")
        expect(page.locator("#advice")).to_contain_text("孔隙率≤2%")
    walk.click("存为草稿")
    walk.see("草稿已保存")
    walk.fit()
    walk.click("需求", page.locator(".desks"))
    walk.click(title)


def registered(walk: Any) -> None:
    """From the search to a need, and its matches answered."""
    page = walk.page
    walk.click("登记成需求")
    expect(page.get_by_label("主要问题")).to_have_value("铝合金压铸件气孔多,合格率低")
    walk.fit()
    title = f"压铸件气孔改善({walk.name})"
    walk.write("需求名称", title)
    page.get_by_label("技术关键").fill("孔隙率≤2%,合格率不低于 95%")
    walk.done.add("技术关键")
    drafted(walk, title)
    walk.click("登记需求")
    walk.see("需求已登记")
    walk.click("愿意对接")
    expect(page.get_by_role("status")).to_contain_text("已答复愿意对接")
    walk.click("暂不")
    page.locator("details[open]").get_by_role("button", name="技术太早期").click()
    expect(page.get_by_role("status")).to_contain_text("已记下“暂不”")
    walk.fit()
    walk.click("对接", page.locator(".desks"))
    walk.see(title)
    walk.fit()
    walk.click("收藏", page.locator(".desks"))
    expect(page.locator("table.list tbody tr")).to_have_count(1)
    walk.click("★ 已收藏")
    page.get_by_role("button", name="☆ 收藏").or_(page.get_by_text("还没有收藏")).wait_for()
    walk.click("消息", page.locator(".top"))
    expect(page.get_by_role("heading", name="消息")).to_be_visible()


@pytest.mark.slow
def test_a_centre_uploads_corrects_takes_back_and_calls(
    walk: Any, steps: Any, tmp_path: Path
) -> None:
    page = walk.page
    path = tmp_path / "我的清单.csv"
    path.write_text(
        f"成果题目,摘要,申请号,申请人,{walk.name}\n"  # a mapping is remembered for equal headers
        f"一种测试隔膜,涂覆陶瓷,{NUMBERS[walk.name]},嵩岚理工大学,\n,没有名称,,嵩岚理工大学,\n",
        "utf-8",
    )
    walk.sign_in("centre@example.com")
    walk.click("专利", page.locator(".desks"))
    walk.fit()
    walk.click("上传专利清单")
    walk.fit()
    page.locator("input[type=file]").set_input_files(path)
    walk.click("上传并核对")
    expect(page.get_by_role("alert")).to_contain_text("没有认出必需的列")
    walk.see("认作")
    page.get_by_label("成果题目 认作").select_option(label="标题")
    walk.done |= {"成果题目", "标题"}
    walk.click("按选择重新核对")
    walk.see("确认后会怎样")
    walk.see("新增 1 条,退回 1 行")
    walk.fit()
    walk.click("确认导入")
    walk.fit()
    assert download(walk, "下载待修正表")[:2] == b"PK"
    walk.click("撤销这次导入")
    walk.click("确认撤销")
    expect(page.get_by_role("status")).to_contain_text("去掉新增的 1 条")
    completed(walk)
    assert steps("高校") <= walk.done, steps("高校") - walk.done


def completed(walk: Any) -> None:
    """Transfer data for several patents, and a company asked."""
    page = walk.page
    walk.click("专利", page.locator(".desks"))
    for box in page.get_by_role("checkbox", name="勾选").all()[:2]:
        box.check()
    walk.click("批量补充勾选专利的转化信息")
    walk.write("许可费", PRICES[walk.name])
    walk.click("保存到勾选的专利")
    expect(page.get_by_role("status")).to_contain_text("2 件专利的转化信息已改好")
    walk.click("撤销这次修改")
    expect(page.get_by_role("status")).to_contain_text("已撤销:2 件专利恢复原样")
    walk.click("名称拼音")
    page.wait_for_url(re.compile("order=title"))
    walk.fit()
    page.locator("table a").nth(5).click()
    walk.see("哪些企业需要它")
    walk.fit()
    walk.click("愿意对接")
    expect(page.get_by_role("status")).to_be_visible()
    walk.click("对接", page.locator(".desks"))
    walk.fit()
    walk.click("意向", page.locator(".tabs"))
    walk.click("详情与联系方式")
    walk.see("联系方式")
    walk.fit()


@pytest.mark.slow
def test_a_park_matches_looks_through_hands_out_and_pushes(walk: Any, steps: Any) -> None:
    page = walk.page
    walk.sign_in("park@example.com")
    walk.click("园区工作台")
    walk.fit()
    walk.click("运行匹配")
    walk.finished()
    walk.click("任务", page.locator(".desks"))
    walk.fit()
    page.locator("table a").first.click()
    walk.click("查看匹配结果")
    walk.fit()
    kept = page.get_by_role("checkbox", checked=True).count()
    assert kept >= 1
    page.get_by_role("checkbox", checked=False).first.check()
    walk.click("保存勾选")
    expect(page.get_by_role("checkbox", checked=True)).to_have_count(kept + 1)
    page.get_by_role("checkbox", checked=True).nth(1).uncheck()
    walk.click("保存勾选")
    packed = ZipFile(BytesIO(download(walk, "下载对接手册(Word)")))
    assert "企业/宁波沐锃卫浴有限公司.docx" in packed.namelist()
    table = load_workbook(BytesIO(download(walk, "下载表格")))["对接手册"]
    assert table.max_row >= 9
    walk.click("保存,并推送全部已勾选的")
    expect(page.get_by_role("status")).to_contain_text("项")
    walk.click("对接", page.locator(".desks"))
    walk.click("园区工作台")
    walk.click("按行业看")
    walk.see("没有较好的")
    walk.fit()
    assert steps("园区") <= walk.done, steps("园区") - walk.done


def ordered(walk: Any) -> None:
    """The table of figures, by a click on a head; twice for the other way round."""
    if walk.scripts:
        table = walk.page.locator("table[data-sort]").last
        for turned in (True, False):
            table.get_by_role("button", name="需求").click()
            told = [
                int(text) for text in table.locator("tbody tr td:nth-child(3)").all_inner_texts()
            ]
            assert told == sorted(told, reverse=turned) and len(set(told)) > 1


@pytest.mark.slow
def test_a_bureau_reads_the_figures(walk: Any, steps: Any) -> None:
    page = walk.page
    walk.sign_in("bureau@example.com")
    walk.click("数据")
    if walk.scripts:
        page.locator(".chart svg").nth(4).wait_for()
    walk.fit()
    walk.click("同样的数字,用表格看")
    walk.click("按园区")
    walk.see("宁波经济技术开发区")
    walk.see("按园区看")
    ordered(walk)
    book = load_workbook(BytesIO(download(walk, "导出全部(Excel)")))
    assert "按园区" in book.sheetnames
    walk.click("管理", page.locator(".desks"))
    walk.fit()
    walk.click("操作记录")
    walk.fit()
    walk.done |= {"登录", "按…看"}
    assert steps("主管部门") <= walk.done, steps("主管部门") - walk.done
