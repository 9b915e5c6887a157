"""Our own exports, filled in by an expert, and damaged lists: every row accounted for."""

import csv
import json
import random
from collections.abc import Callable, Iterator
from datetime import date
from pathlib import Path

import pytest
from openpyxl import load_workbook

from matcher.errors import MatcherError, NothingUsable
from matcher.export.rows import COLUMNS
from matcher.export.sheets import MATCH_HEADS
from matcher.export.write import write
from matcher.imports import How, ImportReport, import_feedback
from matcher.ingest.headers import is_unused, place_of, synonyms
from matcher.matches import Answer, Match, Provenance
from matcher.records import Need, Patent
from matcher.store.sql import SqlStore, sqlite_url

TODAY = date(2026, 11, 23)
FILM, ALLOY = "CN202219001622.8", "CN202219031053.1"
PATENTS = [
    Patent(id=id, keys=(f"A:{id}",), title=title, application_number=id)
    for id, title in ((FILM, "一种隔膜"), (ALLOY, "一种合金"))
]
NEEDS = [
    Need(id="XQ-1", title="隔膜耐热"),
    Need(id="XQ-2", title="压铸"),
    Need(id="XQ-3", title="压铸"),
]


@pytest.fixture
def store(tmp_path: Path) -> Iterator[SqlStore]:
    opened = SqlStore.open(sqlite_url(tmp_path / "patmatch.db"))
    opened.put_patents(PATENTS)
    opened.put_needs(NEEDS)
    yield opened
    opened.close()


def take(store: SqlStore, path: Path, dry_run: bool = False) -> ImportReport:
    return import_feedback(store, path, How(mapping={}, dry_run=dry_run, today=TODAY))


def exported(path: Path) -> Path:
    matches = tuple(
        Match(need_id="", patent_id=patent.id, rank=rank, score=50.0 / rank, parts=())
        for rank, patent in enumerate(PATENTS, 1)
    )
    results = [(need, Answer(matches=matches, total=2, passed=2)) for need in NEEDS]
    by_id = {patent.id: patent for patent in PATENTS}
    origin = Provenance("s", "e", "flat", "sum", {}, "0.1.0", "2026-11-23T00:00:00+08:00")
    write(path, results, lambda ids: [by_id[id] for id in ids], origin)
    return path


GRADES = {("XQ-1", FILM): "4", ("XQ-2", ALLOY): "弱相关", ("XQ-3", ALLOY): "1"}


def fill_csv(path: Path) -> None:
    with path.open(encoding="utf-8-sig", newline="") as stream:
        head, *body = list(csv.reader(stream))
    need, patent = head.index("需求编号"), head.index("专利编号")
    rows = [[*head, "评分"], *([*row, GRADES.get((row[need], row[patent]), "")] for row in body)]
    with path.open("w", encoding="utf-8-sig", newline="") as stream:
        csv.writer(stream).writerows(rows)


def fill_xlsx(path: Path) -> None:
    book = load_workbook(path, rich_text=True)
    sheet = book["匹配结果"]
    heads = [cell.value for cell in sheet[1]]
    need, patent, at = heads.index("需求编号"), heads.index("专利编号"), len(heads) + 1
    sheet.cell(1, at, "评分")
    for row in sheet.iter_rows(min_row=2):
        grade = GRADES.get((row[need].value, row[patent].value), "")
        sheet.cell(row[0].row, at, int(grade) if grade.isdigit() else grade or None)
    book.save(path)


def fill_jsonl(path: Path) -> None:
    lines = [json.loads(line) for line in path.read_text("utf-8").splitlines()]
    for line in lines[1:]:
        for match in line["matches"]:
            pair = line["need"]["need_id"], match["patent"]["patent_id"]
            if pair in GRADES:
                match["评分"] = GRADES[pair]
    path.write_text("\n".join(json.dumps(line, ensure_ascii=False) for line in lines), "utf-8")


@pytest.mark.parametrize(
    ("suffix", "fill"), [(".csv", fill_csv), (".xlsx", fill_xlsx), (".jsonl", fill_jsonl)]
)
def test_a_hand_out_with_a_column_of_grades_is_imported_as_it_is(
    store: SqlStore, tmp_path: Path, suffix: str, fill: Callable[[Path], None]
) -> None:
    path = exported(tmp_path / f"匹配结果{suffix}")
    fill(path)
    report = take(store, path)
    assert (report.outcomes, report.rejections) == ({"new": 3, "unanswered": 3}, ())
    assert [(item.need_id, item.patent_id, item.grade) for item in store.each_feedback()] == [
        ("XQ-1", FILM, 4), ("XQ-2", ALLOY, 2), ("XQ-3", ALLOY, 1),
    ]  # fmt: skip
    (table,) = report.tables
    assert (table.columns.dialect, table.columns.unknown) == ("本系统导出的匹配结果", ())
    assert take(store, path).outcomes == {"unchanged": 3, "unanswered": 3}


@pytest.mark.parametrize("suffix", [".csv", ".xlsx"])
def test_a_hand_out_that_nobody_filled_in_says_what_it_lacks(
    store: SqlStore, tmp_path: Path, suffix: str
) -> None:
    path = exported(tmp_path / f"匹配结果{suffix}")
    with pytest.raises(NothingUsable, match="只差一列:评分或答复或拒绝原因。请在表里补上这一列"):
        take(store, path)


def test_every_column_of_our_exports_is_known_to_a_list_of_answers() -> None:
    known = synonyms("feedback")
    names = [name for column in COLUMNS for name in (column.name, column.label)]
    names += [name for name, _ in MATCH_HEADS]
    assert [n for n in names if not place_of(n, known) and not is_unused(n, known)] == []


# ------------------------------------------------------------------------------- damage
ODD = ("", " ", "-", "无", "#REF!", "=1+1", "2.02E+12", "\x00", "\ufeff", "𠮷", '"', "；",
       "9999-99-99", "45678", "CN", "强相关", "暂不", "●●", "XQ-1", FILM, "压铸", "[1,2", "\n", ",",
       "日期")  # fmt: skip


LISTS = {
    ".csv": "\n".join([
        "需求编号,专利号,评分,答复,拒绝原因,评价人,日期",
        "XQ-1,ZL202219001622.8,强相关,愿意,,王一,2026-11-20",
        "XQ-2,CN202219031053.1,●○○○,,领域不同,王一,2026-11-20",
        "XQ-1,2022190310531,,暂不,价格太高,李二,",
        "XQ-3,CN202219031053.1,3,,,,2026/11/2",
    ]),
    ".jsonl": "\n".join([
        '{"need_id": "XQ-1", "patent_id": "CN202219001622.8", "grade": 4, "by": "王一"}',
        '{"need_title": "隔膜耐热", "patent_title": "一种合金", "refusal_code": "太贵"}',
        '{"need_id": "XQ-3", "patent_title": "一种合金", "reply": "愿意", "at": "2026-11-02"}',
    ]),
}  # fmt: skip


def damaged(text: str, draw: random.Random) -> str:
    """The text with cuts, insertions, doubled and swapped lines."""
    for _ in range(draw.randint(1, 6)):
        at = draw.randint(0, len(text))
        match draw.randrange(4):
            case 0:
                text = text[:at] + draw.choice(ODD) + text[at:]
            case 1:
                text = text[:at] + text[at + draw.randint(1, 5) :]
            case 2:
                lines = text.splitlines(keepends=True) or [""]
                lines.insert(draw.randint(0, len(lines)), draw.choice(lines))
                text = "".join(lines)
            case _:
                lines = text.splitlines(keepends=True)
                draw.shuffle(lines)
                text = "".join(lines)
    return text


@pytest.mark.parametrize("suffix", [".csv", ".jsonl", "-发放.csv", "-发放.jsonl"])
def test_of_damaged_files_no_row_is_lost(store: SqlStore, tmp_path: Path, suffix: str) -> None:
    path = tmp_path / f"反馈{suffix}"
    if "发放" in suffix:
        (fill_csv if path.suffix == ".csv" else fill_jsonl)(exported(path))
    else:
        path.write_text(LISTS[path.suffix], "utf-8")
    whole, ends = path.read_text("utf-8"), []
    for seed in range(150):
        path.write_text(damaged(whole, random.Random(seed)), "utf-8")
        before = store.feedback_snapshot()
        try:
            report = take(store, path, dry_run=seed % 2 == 0)
        except MatcherError as error:
            assert error.message.endswith("。") and store.feedback_snapshot() == before
            continue
        for table in report.tables:
            assert table.total == table.rows + table.rejected + sum(table.skipped.values())
        assert report.rows == sum(table.rows + table.rejected for table in report.tables)
        assert report.rows == sum(report.outcomes.values()) + len(report.rejections)
        changed = set(report.outcomes) & {"new", "updated"}
        assert (store.feedback_snapshot() == before) == (seed % 2 == 0 or not changed)
        ends.append(seed)
    assert len(ends) > 75
