"""Build the shipped sample from `source/`: `python data/sample/build_sample.py [FOLDER]`.

Same source, same files: every choice comes from a seed, nothing from the clock."""

import csv
import io
import json
import sys
from collections.abc import Iterable, Mapping
from datetime import date, datetime
from pathlib import Path
from typing import Any

from cases import LAPSED, LICENSED, NEVER_GRADED, NUMBERLESS, OLD, PLEDGED, Case, cases, read
from invented import COMPANIES, PARKS, PARTNERS, credit_code, dice, filing_number
from patent_rows import (
    FOOTER,
    GAZETTE,
    INCOPAT,
    NO_TITLE,
    PATSNAP,
    SECRET,
    TRANSFER,
    Cell,
    Rows,
    full_width,
    gazette,
    incopat,
    patsnap,
    stranger,
    transfer,
    wrong_check,
)

HERE = Path(__file__).parent
GAZETTE_ONLY = 46
INCOPAT_CASES = 86
SHARED = 10
TWICE = 2
TRANSFERS = 40
FORM = [
    "需求编号", "需求名称", "主要问题", "技术关键(主要指标)", "预期目标", "关键字1", "关键字2",
    "关键字3", "关键字4", "关键字5", "需求时限", "拟投入资金(万元)", "合作方式", "所属领域",
    "应用行业", "企业名称", "统一社会信用代码", "所在园区", "所属区域", "联系人", "联系电话",
]  # fmt: skip
_SPECIAL = PLEDGED | LICENSED | set(LAPSED) | set(OLD) | set(PARTNERS)
_TO_PATSNAP = {"b22", "c50", "c33", "b38", "c41"}


class Shelves:
    """Which case stands in which file.  The gazette, which has no abstracts, gets those that no
    need asks for most; everything else stands in incoPat or PatSnap, `SHARED` in both."""

    def __init__(self, all_cases: Mapping[str, Case]) -> None:
        best: dict[str, int] = dict.fromkeys(all_cases, 0)
        for pair in read("pairs"):
            best[pair["patent"]] = max(best[pair["patent"]], pair["grade"])
        free = set(all_cases) - _SPECIAL - {*NEVER_GRADED, NUMBERLESS}
        order = sorted(free, key=lambda key: (best[key], dice("gazette", key).random()))
        self.gazette = sorted(order[:GAZETTE_ONLY])
        rest = [key for key in all_cases if key not in self.gazette and key != NUMBERLESS]
        keys = sorted(rest, key=lambda key: dice("vendor", key).random())
        first = [key for key in keys if key in _SPECIAL - _TO_PATSNAP]
        second = [key for key in keys if key not in first and key not in _TO_PATSNAP]
        chosen = [*first, *second][:INCOPAT_CASES]
        granted = [k for k in chosen if k not in _SPECIAL and all_cases[k].latest.endswith("B")]
        self.shared = granted[:SHARED]
        self.incopat = sorted(chosen)
        self.patsnap = sorted({*keys} - {*chosen} | {*self.shared})
        self.twice = [k for k in self.gazette if all_cases[k].latest.endswith("B")][:TWICE]
        known = [k for k in sorted({*chosen, *self.patsnap}) if all_cases[k].text["trl"]]
        mixed = sorted(known, key=lambda key: dice("transfer-row", key).random())
        some = [k for k in self.gazette if all_cases[k].granted and k not in self.twice][:3]
        self.transfer = sorted([*mixed[: TRANSFERS - 4], *some, NUMBERLESS])


# ------------------------------------------------------------------------------------ the rows
def gazette_rows(known: Mapping[str, Case], shelves: Shelves) -> Rows:
    rows = [gazette(known[key], first=True) for key in shelves.twice]
    pending = [key for key in shelves.gazette if known[key].granted is None]
    for key in (*shelves.gazette, *NEVER_GRADED):
        rows.append(gazette(known[key], repeats=key in pending[:4] or key in NEVER_GRADED))
    rows.sort(key=lambda row: (str(row[1]), str(row[0])))
    rows[4][3] = f"{rows[4][3]}  "
    rows[9][6] = f" {rows[9][6]}　"
    rows.insert(12, list(NO_TITLE))
    rows.insert(20, list(rows[17]))
    rows.insert(26, [None] * len(GAZETTE))
    rows.insert(33, list(GAZETTE))
    return [list(GAZETTE), *rows, [FOOTER]]


def incopat_rows(known: Mapping[str, Case], shelves: Shelves) -> Rows:
    rows = [incopat(known[key], at) for at, key in enumerate(shelves.incopat, 1)]
    number = INCOPAT.index("申请号")
    rows[6][number] = full_width(str(rows[6][number]))
    rows[30][number] = f"{rows[30][number]}  "
    bare = known[NUMBERLESS]
    rows += [
        stranger(**{"标题 (中文)": "一种果蔬清洗用微气泡发生管路", "申请人": "嵩岚理工大学",
                    "申请号": wrong_check(filing_number(2022, "1", 990001)),
                    "公开（公告）号": "CN199990002A"}),
        stranger(**{"标题 (中文)": "一种带余热回收的热泵烘干机组", "申请人": "汉澜工业大学",
                    "申请号": "2.02E+12"}),
        stranger(**{"标题 (中文)": bare.title, "摘要 (中文)": bare.text["abstract"],
                    "申请人": bare.university.name}),
    ]  # fmt: skip
    rows.insert(40, [None] * len(INCOPAT))
    rows.insert(60, list(INCOPAT))
    title: list[Cell] = ["incoPat专利数据导出（样例，全部虚构）"]
    notice: list[Cell] = ["导出条件：申请人类型=大专院校；共导出89件；空白栏为数据库未收录"]
    return [title, notice, list(INCOPAT), *rows, [FOOTER]]


def patsnap_rows(known: Mapping[str, Case], shelves: Shelves) -> tuple[Rows, Rows]:
    rows = [
        patsnap(known[key], at, first=key in shelves.shared)
        for at, key in enumerate(shelves.patsnap, 1)
    ]
    damaged = list(rows[10])
    damaged[PATSNAP.index("申请号")] = 2.02e12
    rows.append(damaged)
    half = 50
    return [list(PATSNAP), *rows[:half]], [list(PATSNAP), *rows[half:]]


def transfer_rows(known: Mapping[str, Case], shelves: Shelves) -> Rows:
    title: list[Cell] = ["高校存量专利盘点登记表（样例，八所高校均为虚构）"]
    rows = [transfer(known[key], at) for at, key in enumerate(shelves.transfer, 1)]
    return [title, list(TRANSFER), *rows, list(SECRET)]


def need_ids(needs: Iterable[Mapping[str, Any]]) -> tuple[list[str], list[str], dict[str, str]]:
    """Keys on the form (by park) and in the JSONL (every fourth), and the number of each."""
    keys = [str(need["key"]) for need in needs]
    plain = [key for key in keys if int(key[2:]) % 4 == 0]
    form = sorted((key for key in keys if key not in plain), key=lambda k: (COMPANIES[k][0], k))
    return form, plain, {key: f"XQ2026-{at:03d}" for at, key in enumerate([*form, *plain], 1)}


def form_row(need: Mapping[str, Any], number: str) -> list[Cell]:
    key = str(need["key"])
    at, company = COMPANIES[key]
    park, roll = PARKS[at], dice("contact", key)
    words = [*need["keywords"], "", "", "", ""][:5]
    budget = need["budget"]
    return [
        number, need["title"], need["main_problem"], need["key_technology"], need["expected_goal"],
        *words, _date(need["deadline"]), int(budget) if budget.isdigit() else budget,
        "、".join(need["modes"]), need["field"], need["industry"], company,
        credit_code(park.code, int(number[-3:])), park.written, park.region,
        f"{roll.choice('阚邸郦亓佘鄢')}{roll.choice(('工', '经理', '主任'))}",
        f"{park.phone}-0000{roll.randrange(10000):04d}",
    ]  # fmt: skip


def _date(text: str) -> Cell:
    try:
        return date.fromisoformat(text)
    except ValueError:
        return text


def plain_need(need: Mapping[str, Any], number: str) -> dict[str, str]:
    """Title and marked text, under English or Chinese keys in turn."""
    at, company = COMPANIES[str(need["key"])]
    park = PARKS[at]
    english = int(number[-3:]) % 2 == 0
    heads = (
        ("主要问题", "技术关键", "预期目标")
        if english
        else ("需求内容", "主要技术指标", "预期目标")
    )
    texts = (need["main_problem"], need["key_technology"], need["expected_goal"])
    content = "\n".join(f"{head}：\n{text}" for head, text in zip(heads, texts, strict=True))
    values = (number, need["title"], content, company, park.written, park.region)
    names = ("id", "title", "content", "company", "park", "region")
    chinese = ("需求编号", "需求名称", "需求内容", "企业名称", "所在园区", "所属区域")
    return dict(zip(names if english else chinese, values, strict=True))


def pairs(known: Mapping[str, Case], shelves: Shelves, ids: Mapping[str, str]) -> list[Any]:
    """Graded pairs under the ids that importing the files in their order gives."""

    def patent_id(key: str) -> str:
        case = known[key]
        if key in shelves.gazette:
            return case.early if key in shelves.twice else case.latest
        return case.number

    rows = [
        {
            "need_id": ids[pair["need"]],
            "patent_id": patent_id(pair["patent"]),
            "grade": pair["grade"],
        }
        for pair in read("pairs")
    ]
    return sorted(rows, key=lambda row: (row["need_id"], -int(row["grade"]), row["patent_id"]))


# ------------------------------------------------------------------------------------ the files
def write_csv(path: Path, rows: Rows) -> None:
    text = io.StringIO()
    csv.writer(text, lineterminator="\r\n").writerows(rows)
    path.write_bytes(text.getvalue().encode("gb18030"))


def write_xlsx(path: Path, sheets: Mapping[str, Rows], *, merges: Iterable[str] = ()) -> None:
    """Dates as real dates; the ranges of `merges` (``A1:C1``) of the first sheet are merged."""
    import xlsxwriter

    with xlsxwriter.Workbook(str(path)) as book:
        book.set_properties({"created": datetime(2026, 11, 23)})
        day = book.add_format({"num_format": "yyyy-mm-dd"})
        for name, rows in sheets.items():
            sheet = book.add_worksheet(name)
            for y, row in enumerate(rows):
                for x, cell in enumerate(row):
                    if isinstance(cell, date):
                        sheet.write_datetime(y, x, datetime(cell.year, cell.month, cell.day), day)
                    elif isinstance(cell, (int, float)):
                        sheet.write_number(y, x, cell)
                    elif cell:
                        sheet.write_string(y, x, cell)
        first = book.worksheets()[0]
        rows = next(iter(sheets.values()))
        for area in merges:
            top, left, bottom, right = _corners(area)
            first.merge_range(top, left, bottom, right, rows[top][left])


def _corners(area: str) -> tuple[int, int, int, int]:
    top, left, bottom, right = map(int, area.split(":"))
    return top, left, bottom, right


def write_xls(path: Path, rows: Rows) -> None:
    import xlwt

    book = xlwt.Workbook(encoding="utf-8")
    sheet = book.add_sheet("盘点表")
    sheet.write_merge(0, 0, 0, len(TRANSFER) - 1, rows[0][0])
    for y, row in enumerate(rows[1:], 1):
        for x, cell in enumerate(row):
            if cell not in (None, ""):
                sheet.write(y, x, cell)
    book.save(str(path))


def write_jsonl(path: Path, rows: Iterable[Mapping[str, Any]]) -> None:
    lines = [json.dumps(row, ensure_ascii=False) + "\n" for row in rows]
    path.write_text("".join(lines), "utf-8")


def form_merges(rows: Rows) -> list[str]:
    """The title over all columns, and 所在园区 and 所属区域 once for neighbours of one park."""
    found = [f"0:0:0:{len(FORM) - 1}"]
    column = FORM.index("所在园区")
    start = 2
    for at in range(3, len(rows) + 1):
        if at == len(rows) or rows[at][column] != rows[start][column]:
            if at - start > 1:
                found += [f"{start}:{x}:{at - 1}:{x}" for x in (column, column + 1)]
            start = at
    return found


def build(folder: Path) -> None:
    """Write all files of the sample into a folder."""
    known = cases()
    shelves = Shelves(known)
    needs = {str(need["key"]): need for need in read("needs")}
    form, plain, ids = need_ids(needs.values())
    write_csv(folder / "gazette_patents.csv", gazette_rows(known, shelves))
    write_xlsx(folder / "incopat_export.xlsx", {"incoPat": incopat_rows(known, shelves)},
               merges=[f"0:0:0:{len(INCOPAT) - 1}"])  # fmt: skip
    one, two = patsnap_rows(known, shelves)
    write_xlsx(folder / "patsnap_export.xlsx", {"专利列表(1)": one, "专利列表(2)": two})
    write_xls(folder / "transfer_sheet.xls", transfer_rows(known, shelves))
    title: list[Cell] = ["企业技术需求征集表（样例，企业均为虚构）"]
    rows: Rows = [title, list(FORM), *(form_row(needs[key], ids[key]) for key in form)]
    write_xlsx(folder / "needs_form.xlsx", {"需求征集表": rows}, merges=form_merges(rows))
    write_jsonl(folder / "needs_more.jsonl", (plain_need(needs[k], ids[k]) for k in plain))
    write_jsonl(folder / "pairs.jsonl", pairs(known, shelves, ids))


if __name__ == "__main__":
    build(Path(sys.argv[1]) if len(sys.argv) > 1 else HERE)
