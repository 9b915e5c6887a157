"""Answers into the store: every format, every row told of, the later answer counts."""

import csv
import json
from collections.abc import Callable, Iterator
from datetime import date
from pathlib import Path

import pytest
import xlsxwriter
import xlwt
from openpyxl import load_workbook

from matcher.errors import NothingUsable
from matcher.imports import How, ImportReport, import_feedback, import_patents
from matcher.ingest import write_rejects
from matcher.records import Feedback, Need, Patent
from matcher.store.sql import SqlStore, sqlite_url

TODAY = date(2026, 11, 23)
FILM, ALLOY = "CN202219001622.8", "CN202219031053.1"
PATENTS = [
    Patent(id=FILM, keys=(f"A:{FILM}", "P:CN190001588"), title="一种隔膜", application_number=FILM),
    Patent(id=ALLOY, keys=(f"A:{ALLOY}",), title="一种合金", application_number=ALLOY),
]
NEEDS = [
    Need(id="XQ-1", title="隔膜耐热"),
    Need(id="XQ-2", title="压铸"),
    Need(id="XQ-3", title="压铸"),
]
HEAD = ["需求编号", "专利号", "评分", "答复", "拒绝原因", "评价人", "日期"]
LINES = [
    ["XQ-1", "ZL202219001622.8", "强相关", "愿意", "", "王一", "2026-11-20"],
    ["XQ-2", "CN202219031053.1", "●○○○", "", "领域不同", "王一", "2026-11-20"],
    ["XQ-1", "2022190310531", "", "暂不", "价格太高", "李二", ""],
]
ANSWERS = [
    Feedback(need_id="XQ-1", patent_id=FILM, by="王一", at=date(2026, 11, 20), grade=4,
             reply="愿意对接"),
    Feedback(need_id="XQ-1", patent_id=ALLOY, by="李二", reply="暂不",
             refusal_code="价格或许可方式不合", note="价格太高"),
    Feedback(need_id="XQ-2", patent_id=ALLOY, by="王一", at=date(2026, 11, 20), grade=1,
             refusal_code="方向不符", note="领域不同"),
]  # fmt: skip
Give = Callable[..., ImportReport]


@pytest.fixture
def store(tmp_path: Path) -> Iterator[SqlStore]:
    opened = SqlStore.open(sqlite_url(tmp_path / "patmatch.db"))
    opened.put_patents(PATENTS)
    opened.put_needs(NEEDS)
    yield opened
    opened.close()


def take(store: SqlStore, path: Path, dry_run: bool = False, **mapping: str) -> ImportReport:
    return import_feedback(store, path, How(mapping=mapping, dry_run=dry_run, today=TODAY))


@pytest.fixture
def give(store: SqlStore, tmp_path: Path) -> Give:
    """Imports lines of a CSV as a list of answers."""

    def given(
        *lines: str, name: str = "反馈.csv", dry_run: bool = False, **mapping: str
    ) -> ImportReport:
        path = tmp_path / name
        path.write_text("\n".join(lines), "utf-8")
        return take(store, path, dry_run, **mapping)

    return given


def told(store: SqlStore) -> list[Feedback]:
    """All answers without where they were read."""
    return [
        Feedback(**{name: getattr(item, name) for name in (
            "need_id", "patent_id", "by", "at", "grade", "reply", "refusal_code", "note",
        )})
        for item in store.each_feedback()
    ]  # fmt: skip


# ------------------------------------------------------------------------------- formats
def delimited(path: Path, rows: list[list[str]]) -> None:
    with path.open("w", encoding="utf-8", newline="") as stream:
        csv.writer(stream, delimiter="\t" if path.suffix == ".tsv" else ",").writerows(rows)


def jsonl(path: Path, rows: list[list[str]]) -> None:
    lines = [json.dumps(dict(zip(rows[0], row, strict=True))) for row in rows[1:]]
    path.write_text("\n".join(lines), "utf-8")


def xlsx(path: Path, rows: list[list[str]]) -> None:
    with xlsxwriter.Workbook(path) as book:
        sheet = book.add_worksheet()
        for number, row in enumerate(rows):
            sheet.write_row(number, 0, row)


def xls(path: Path, rows: list[list[str]]) -> None:
    book = xlwt.Workbook()
    sheet = book.add_sheet("反馈")
    for number, row in enumerate(rows):
        for column, cell in enumerate(row):
            sheet.write(number, column, cell)
    book.save(str(path))


@pytest.mark.parametrize(
    ("suffix", "save"),
    [(".csv", delimited), (".tsv", delimited), (".jsonl", jsonl), (".xlsx", xlsx), (".xls", xls)],
)
def test_every_format_gives_the_same_answers_and_again_nothing_new(
    store: SqlStore, tmp_path: Path, suffix: str, save: Callable[[Path, list[list[str]]], None]
) -> None:
    path = tmp_path / f"反馈{suffix}"
    save(path, [HEAD, *LINES])
    records = store.snapshot()
    report = take(store, path)
    assert (report.kind, report.rows, report.outcomes, report.rejections) == (
        "feedback", 3, {"new": 3}, (),
    )  # fmt: skip
    assert told(store) == ANSWERS
    before = store.feedback_snapshot()
    assert take(store, path).outcomes == {"unchanged": 3}
    assert (store.feedback_snapshot(), store.snapshot()) == (before, records)


# ------------------------------------------------------------------------------- pairs and reports
def test_good_rows_are_taken_and_bad_ones_come_back_with_their_reasons(
    give: Give, store: SqlStore
) -> None:
    report = give(
        "需求名称,专利名称,评分,专家",
        "隔膜耐热,一种隔膜,4,王一",
        "压铸,一种合金,3,王一",
        "隔膜耐热,一种阀门,3,王一",
        "隔膜耐热,一种合金,9,王一",
        "隔膜耐热,一种合金,,王一",
        "XQ-2,CN190001588B,2,",
    )
    assert (report.rows, report.outcomes) == (6, {"new": 2, "unanswered": 1})
    assert report.rejected == {"ambiguous_need": 1, "unknown_patent": 1, "bad_grade": 1}
    problems = [(item.row.number, item.problems[0].reason) for item in report.rejections]
    assert problems == [
        (3, "名为“压铸”的需求不止一条:XQ-2、XQ-3"),
        (4, "库里没有“一种阀门”这件专利"),
        (5, "评分“9”认不出来"),
    ]
    assert [(item.need_id, item.patent_id) for item in told(store)] == [
        ("XQ-1", FILM), ("XQ-2", FILM),
    ]  # fmt: skip


def test_trying_tells_the_same_and_changes_nothing(give: Give, store: SqlStore) -> None:
    lines = ("甲,专利号,评分", f"XQ-1,{FILM},4")
    tried = give(*lines, dry_run=True, 甲="need_id")
    assert (told(store), store.column_maps()) == ([], {})
    done = give(*lines, 甲="need_id")
    assert (
        (tried.outcomes, tried.tables) == (done.outcomes, done.tables) == ({"new": 1}, done.tables)
    )
    assert give(*lines).outcomes == {"unchanged": 1}


def test_refused_rows_are_mended_and_imported(give: Give, store: SqlStore, tmp_path: Path) -> None:
    report = give("需求编号,申请号,评分,专家", f"XQ-1,{FILM},4,王一", f"XQ-1,{ALLOY},六,李二")
    path = tmp_path / "退回.xlsx"
    assert write_rejects(path, report.rejections, report.headers) == 1
    book = load_workbook(path)
    sheet = book.worksheets[0]
    assert [cell.value for cell in sheet[2]][:4] == ["XQ-1", ALLOY, "六", "李二"]
    sheet["C2"] = "2"
    book.save(path)
    assert take(store, path).outcomes == {"new": 1}
    assert [(item.by, item.grade) for item in told(store)] == [("王一", 4), ("李二", 2)]


def test_a_newer_answer_replaces_the_older_of_the_same_person_alone(
    give: Give, store: SqlStore
) -> None:
    head = "需求编号,申请号,评分,专家,日期"
    give(head, f"XQ-1,{FILM},4,王一,2026-11-20", f"XQ-1,{FILM},3,李二,2026-11-20")
    report = give(
        head, f"XQ-1,{FILM},2,王一,2026-11-21", f"XQ-1,{FILM},1,李二,2026-11-19", name="乙.csv"
    )
    assert report.outcomes == {"updated": 1, "outdated": 1}
    assert [(item.by, item.grade) for item in told(store)] == [("李二", 3), ("王一", 2)]
    assert give(head, f"XQ-1,{FILM},4,王一,2026-11-20").outcomes == {"outdated": 1}


def test_answers_stay_when_their_patent_proves_to_be_part_of_another(
    give: Give, store: SqlStore, tmp_path: Path
) -> None:
    path = tmp_path / "专利.csv"
    path.write_text("公开号,标题\nCN190002222B,一种阀门\n", "utf-8")
    import_patents(store, path, How(mapping={}, dry_run=False, today=TODAY))
    give("需求编号,公开号,评分", "XQ-1,CN190002222B,3")
    path.write_text(f"申请号,公开号,标题\n{FILM},CN190002222B,一种隔膜\n", "utf-8")
    import_patents(store, path, How(mapping={}, dry_run=False, today=TODAY))
    (kept,) = store.each_feedback()
    (patent,) = [patent for patent in store.each_patent() if f"A:{FILM}" in patent.keys]
    assert kept.patent_id == patent.id
    assert give("需求编号,公开号,评分", "XQ-1,CN190002222B,3").outcomes == {"unchanged": 1}


def test_a_list_without_a_column_for_one_side_is_refused(give: Give, store: SqlStore) -> None:
    with pytest.raises(NothingUsable) as error:
        give("需求编号,评分", "XQ-1,3")
    assert error.value.message == (
        "“反馈.csv”里没有可用的列。需要的列:需求编号或需求名称;专利编号或申请号或专利号或公开(公告)号或"
        "授权公告号或专利名称;评分或答复或拒绝原因(每样至少一列)。文件里找到的是:需求编号、评分。"
        "只差一列:专利编号或申请号或专利号或公开(公告)号或授权公告号或专利名称。请在表里补上这一列,再导入。"
    )
    with pytest.raises(NothingUsable, match=r"请用 --map 原列名=评分 指定") as error:
        give("赵钱孙,李周吴", "1,2")
    assert "赵钱孙" not in error.value.message + repr(error.value.details)


def test_what_may_name_a_person_is_in_no_message(give: Give) -> None:
    report = give(
        "需求编号,申请号,评分,专家",
        f"XQ-1,{FILM},赵钱孙,",
        f"XQ-1,{FILM},3,,赵钱孙",
        "审核人:赵钱孙,,,",
        f"XQ-1,{FILM},2,赵钱孙",
    )
    assert report.outcomes == {"new": 1}
    said = [*report.notes, *(p.reason + p.advice for r in report.rejections for p in r.problems)]
    assert len(said) == 3
    assert "赵钱孙" not in "".join(said)
