"""Lists into the store: one transaction a file, every row told of, nothing changed by trying."""

import gc
import json
from collections.abc import Callable, Iterator
from datetime import date
from pathlib import Path

import pytest

from matcher.errors import BadInput, NothingUsable, UnreadableFile
from matcher.imports import How, ImportReport, import_needs, import_patents
from matcher.records import Flag
from matcher.store.sql import SqlStore, sqlite_url

TODAY = date(2026, 11, 23)
Give = Callable[..., ImportReport]
HEAD = "申请号,标题,摘要,申请人,IPC"
SEPARATOR = "CN202219001622.8,一种陶瓷隔膜,耐热的隔膜,嵩岚理工大学,H01M50/446"
ALLOY = "CN202219031053.1,一种压铸铝合金,免热处理的铝合金,汉澜工业大学,C22C21/02"
ABSTRACT = "本发明公开了一种带有双层陶瓷涂覆结构的锂离子电池隔膜，涂层由氧化铝和勃姆石组成。"


@pytest.fixture
def store(tmp_path: Path) -> Iterator[SqlStore]:
    opened = SqlStore.open(sqlite_url(tmp_path / "patmatch.db"))
    yield opened
    opened.close()


@pytest.fixture
def patents(store: SqlStore, tmp_path: Path) -> Give:
    """Imports lines of a CSV as a list of patents."""

    def give(
        *lines: str,
        name: str = "表.csv",
        mapping: dict[str, str] | None = None,
        dry_run: bool = False,
    ) -> ImportReport:
        path = tmp_path / name
        path.write_text("\n".join(lines), "utf-8")
        return import_patents(store, path, How(mapping=mapping or {}, dry_run=dry_run, today=TODAY))

    return give


@pytest.fixture
def needs(store: SqlStore, tmp_path: Path) -> Give:
    """Imports objects as a list of needs."""

    def give(
        *rows: dict[str, str], name: str = "需求.jsonl", dry_run: bool = False
    ) -> ImportReport:
        path = tmp_path / name
        path.write_text("\n".join(json.dumps(row) for row in rows), "utf-8")
        return import_needs(store, path, How(mapping={}, dry_run=dry_run, today=TODAY))

    return give


# ------------------------------------------------------------------------------- reports
def test_a_report_tells_what_became_of_every_row(patents: Give, store: SqlStore) -> None:
    report = patents(
        HEAD,
        SEPARATOR,
        "CN202219001622.9,校验位不对,,嵩岚理工大学,",
        "",
        SEPARATOR,
        ",没有号码的一种装置,,嵩岚理工大学,",
        "CN202219031053.1,,没有标题,汉澜工业大学,",
    )
    (table,) = report.tables
    assert (table.total, table.rows, table.rejected) == (7, 5, 0)
    assert dict(table.skipped) == {"表头": 1, "空行": 1}
    assert (report.source, report.kind, report.dry_run, report.rows) == (
        "表.csv", "patent", False, 5,
    )  # fmt: skip
    assert report.outcomes == {"new": 2, "merged": 1}
    assert report.flagged == {"no_number": 1}
    assert report.rejected == {"wrong_check_digit": 1, "no_title": 1}
    assert [one.row.number for one in report.rejections] == [3, 7]
    assert report.headers == {("表.csv", ""): ("申请号", "标题", "摘要", "申请人", "IPC")}
    assert store.snapshot().startswith("p2-n0-")


def test_trying_tells_the_same_and_changes_nothing(patents: Give, store: SqlStore) -> None:
    before = store.snapshot()
    tried = patents(
        "怪题,申请号", "一种隔膜,CN202219001622.8", mapping={"怪题": "title"}, dry_run=True
    )
    assert (store.snapshot(), store.column_maps()) == (before, {})
    done = patents("怪题,申请号", "一种隔膜,CN202219001622.8", mapping={"怪题": "title"})
    assert (tried.dry_run, done.dry_run) == (True, False)
    assert (tried.outcomes, tried.tables) == (done.outcomes, done.tables) == (
        {"new": 1}, done.tables,
    )  # fmt: skip


def test_the_same_list_again_changes_nothing(patents: Give, store: SqlStore) -> None:
    patents(HEAD, SEPARATOR, ALLOY)
    before = store.snapshot()
    assert patents(HEAD, SEPARATOR, ALLOY).outcomes == {"unchanged": 2}
    assert patents(HEAD, SEPARATOR, ALLOY, name="副本.csv").outcomes == {"unchanged": 2}
    assert store.snapshot() == before


def test_two_lists_that_differ_do_not_turn_a_record_to_and_fro(
    patents: Give, store: SqlStore, tmp_path: Path
) -> None:
    theirs = SEPARATOR.replace("耐热的隔膜", "隔膜耐热")
    assert patents(HEAD, SEPARATOR, name="甲.csv").outcomes == {"new": 1}
    assert patents(HEAD, theirs, name="乙.csv").outcomes == {"updated": 1}
    before = store.snapshot()
    for _ in range(2):
        assert patents(HEAD, SEPARATOR, name="甲.csv").outcomes == {"unchanged": 1}
        assert patents(HEAD, theirs, name="乙.csv").outcomes == {"unchanged": 1}
    store.close()
    reopened = SqlStore.open(sqlite_url(tmp_path / "patmatch.db"))
    again = import_patents(
        reopened, tmp_path / "甲.csv", How(mapping={}, dry_run=False, today=TODAY)
    )
    assert (again.outcomes, reopened.snapshot()) == ({"unchanged": 1}, before)
    assert [patent.abstract for patent in reopened.each_patent()] == ["隔膜耐热"]
    reopened.close()


def test_a_list_that_changed_counts_and_so_does_its_way_back(
    patents: Give, store: SqlStore
) -> None:
    def abstract() -> str:
        (patent,) = store.each_patent()
        return patent.abstract

    changed = SEPARATOR.replace("耐热的隔膜", "更耐热的隔膜")
    patents(HEAD, SEPARATOR, name="甲.csv")
    patents(HEAD, SEPARATOR.replace("耐热的隔膜", "隔膜耐热"), name="乙.csv")
    assert patents(HEAD, changed, name="甲.csv").outcomes == {"updated": 1}
    assert abstract() == "更耐热的隔膜"
    assert patents(HEAD, SEPARATOR, name="甲.csv").outcomes == {"updated": 1}
    assert abstract() == "耐热的隔膜"


def test_a_list_with_nothing_new_is_remembered_and_the_snapshot_stays(
    patents: Give, store: SqlStore
) -> None:
    head = "申请号,标题,申请人,摘要"
    less = (head, "CN202219001622.8,一种陶瓷隔膜,嵩岚理工大学,耐热的隔膜")
    other = (head, "CN202219001622.8,一种陶瓷隔膜,嵩岚理工大学,隔膜耐热")
    patents(HEAD, SEPARATOR, name="甲.csv")
    before = store.snapshot()
    assert patents(*less, name="乙.csv").outcomes == {"unchanged": 1}
    assert store.snapshot() == before
    assert patents(*other, name="丙.csv").outcomes == {"updated": 1}
    assert patents(*less, name="乙.csv").outcomes == {"unchanged": 1}
    assert [patent.abstract for patent in store.each_patent()] == ["隔膜耐热"]


def test_of_rows_of_one_list_the_last_counts_when_an_earlier_one_changed(
    patents: Give, store: SqlStore
) -> None:
    second = SEPARATOR.replace("耐热的隔膜", "隔膜耐热")
    patents(HEAD, SEPARATOR, second)
    report = patents(HEAD, SEPARATOR.replace("耐热的隔膜", "更耐热的隔膜"), second)
    assert report.outcomes == {"unchanged": 2}
    assert [patent.abstract for patent in store.each_patent()] == ["隔膜耐热"]


@pytest.mark.parametrize(
    ("lines", "error"),
    [
        (["甲,乙,丙", "1,2,3"], NothingUsable),
        ([HEAD], NothingUsable),
        ([""], NothingUsable),
        (["%PDF-1.4"], UnreadableFile),
    ],
)
def test_a_list_that_cannot_be_used_changes_nothing(
    patents: Give, store: SqlStore, lines: list[str], error: type[Exception]
) -> None:
    patents(HEAD, SEPARATOR)
    before = store.snapshot()
    with pytest.raises(error, match=r"“坏\.csv”"):
        patents(*lines, name="坏.csv")
    assert store.snapshot() == before
    assert gc.isenabled()


def test_a_list_of_bad_rows_only_is_told_of_and_changes_nothing(
    patents: Give, store: SqlStore
) -> None:
    report = patents(HEAD, "CN202219001622.9,校验位不对,,嵩岚理工大学,")
    assert (report.outcomes, report.rejected) == ({}, {"wrong_check_digit": 1})
    assert store.snapshot() == "p0-n0-0000000000000000"


# ------------------------------------------------------------------------------- one patent
def test_a_number_that_comes_later_finds_the_record_without_one(
    patents: Give, store: SqlStore
) -> None:
    patents("标题,摘要,申请人", f"一种陶瓷隔膜,{ABSTRACT},嵩岚理工大学")
    (alone,) = store.each_patent()
    assert (alone.id[:2], [flag.code for flag in alone.flags]) == ("N-", ["no_number"])
    report = patents(HEAD, f"CN202219001622.8,一种陶瓷隔膜,{ABSTRACT},嵩岚理工大学,H01M50/446")
    assert report.outcomes == {"merged": 1}
    (joined,) = store.each_patent()
    assert (joined.id, joined.application_number) == (alone.id, "CN202219001622.8")
    assert (joined.flags, joined.ipc) == ((), ("H01M50/446",))


def test_two_records_that_prove_to_be_one_become_one(patents: Give, store: SqlStore) -> None:
    patents("公开号,标题,申请人", "CN190001588B,一种陶瓷隔膜,嵩岚理工大学")
    patents(HEAD, SEPARATOR.replace("一种陶瓷隔膜", "陶瓷隔膜"))
    assert [patent.id for patent in store.each_patent()] == ["CN190001588B", "CN202219001622.8"]
    report = patents(
        "申请号,公开号,标题,申请人", "CN202219001622.8,CN190001588B,一种陶瓷隔膜,嵩岚理工大学"
    )
    assert report.outcomes == {"merged": 1}
    (joined,) = store.each_patent()
    keys = ["A:CN202219001622.8", "P:CN190001588"]
    assert store.owners_of(keys) == dict.fromkeys(keys, joined.id)
    assert joined.abstract == "耐热的隔膜"


def test_near_identical_texts_of_one_applicant_are_flagged_on_both_sides(
    patents: Give, store: SqlStore
) -> None:
    patents(HEAD, f"CN202219001622.8,一种陶瓷隔膜,{ABSTRACT},嵩岚理工大学,")
    report = patents(HEAD, f"CN202219031053.1,一种陶瓷隔膜,{ABSTRACT}厚,嵩岚理工大学,")
    assert report.outcomes == {"new": 1}
    flags = {patent.id: patent.flags for patent in store.each_patent()}
    assert {id: [flag.code for flag in found] for id, found in flags.items()} == {
        "CN202219001622.8": ["near_duplicate"],
        "CN202219031053.1": ["near_duplicate"],
    }
    assert all(isinstance(flag, Flag) and flag.note for found in flags.values() for flag in found)


# ------------------------------------------------------------------------------- needs
def test_a_need_that_comes_again_replaces_the_old_one(needs: Give, store: SqlStore) -> None:
    needs({"id": "XQ-1", "title": "隔膜", "content": "要耐热"})
    assert needs({"id": "XQ-1", "title": "隔膜", "content": "要更耐热"}).outcomes == {"updated": 1}
    (need,) = store.each_need()
    assert need.content == "要更耐热"


def test_a_need_listed_twice_is_one_and_the_list_again_changes_nothing(
    needs: Give, store: SqlStore
) -> None:
    rows = [{"id": "XQ-1", "title": "隔膜", "content": text} for text in ("要耐热", "要更耐热")]
    assert needs(*rows).outcomes == {"new": 1, "merged": 1}
    before = store.snapshot()
    assert needs(*rows).outcomes == {"unchanged": 2}
    assert (store.snapshot(), [need.content for need in store.each_need()]) == (
        before,
        ["要更耐热"],
    )


def test_two_lists_of_needs_that_differ_do_not_take_turns(needs: Give, store: SqlStore) -> None:
    mine, theirs = ({"id": "XQ-1", "title": "隔膜", "content": text} for text in ("热", "耐热"))
    needs(mine, name="甲.jsonl")
    assert needs(theirs, name="乙.jsonl").outcomes == {"updated": 1}
    assert needs(mine, name="甲.jsonl").outcomes == {"unchanged": 1}
    assert needs(theirs, name="乙.jsonl").outcomes == {"unchanged": 1}
    assert [need.content for need in store.each_need()] == ["耐热"]


def test_trying_a_list_of_needs_changes_nothing(needs: Give, store: SqlStore) -> None:
    row = {"id": "XQ-1", "title": "隔膜", "content": "要耐热"}
    assert needs(row, dry_run=True).outcomes == {"new": 1}
    assert store.snapshot() == "p0-n0-0000000000000000"


# ------------------------------------------------------------------------------- strange columns
def test_what_is_said_of_strange_columns_adds_up(patents: Give, store: SqlStore) -> None:
    lines = ("怪题,怪号,怪文", "一种隔膜,CN202219001622.8,耐热")
    patents(*lines, mapping={"怪题": "title"})
    patents(*lines, mapping={"怪号": "application_number"})
    patents(*lines, mapping={"怪文": "abstract"})
    assert list(store.column_maps().values()) == [
        {"怪号": "application_number", "怪文": "abstract", "怪题": "title"}
    ]
    assert patents(*lines).outcomes == {"unchanged": 1}
    assert {patent.abstract for patent in store.each_patent()} == {"耐热"}


def test_a_column_is_remembered_however_its_name_was_typed(patents: Give, store: SqlStore) -> None:
    lines = ("怪题（中文）,申请号", "一种隔膜,CN202219001622.8")
    patents(*lines, mapping={"怪题 (中文)": "title"})
    assert patents(*lines).outcomes == {"unchanged": 1}


def test_what_is_said_last_of_a_column_counts(patents: Give, store: SqlStore) -> None:
    lines = ("怪题,怪文,申请号", "一种隔膜,耐热,CN202219001622.8")
    patents(*lines, mapping={"怪题": "title", "怪文": "first_claim"})
    patents(*lines, mapping={"怪文": "abstract"})
    assert list(store.column_maps().values()) == [{"怪文": "abstract", "怪题": "title"}]


def test_a_column_that_is_not_there_is_told_and_not_remembered(
    patents: Give, store: SqlStore
) -> None:
    report = patents(HEAD, SEPARATOR, mapping={"没有的": "title"})
    assert report.notes == ("--map 里的列“没有的”在“表.csv”中没有找到。",)
    assert store.column_maps() == {}


def test_a_field_that_is_not_there_is_refused_with_those_that_are(
    patents: Give, store: SqlStore
) -> None:
    with pytest.raises(BadInput, match=r"没有这个字段。可用的字段有:.*title\(标题\)"):
        patents(HEAD, SEPARATOR, mapping={"标题": "titel"})
    assert store.snapshot() == "p0-n0-0000000000000000"


class Enough(Exception):
    """Somebody asked to stop."""


@pytest.mark.parametrize("at", ["读取", "识别", "比对", "写入"])
@pytest.mark.parametrize("kind", ["patents", "needs"])
def test_each_stage_is_told_and_stopping_there_changes_nothing(
    kind: str, at: str, store: SqlStore, tmp_path: Path
) -> None:
    path = tmp_path / "表.csv"
    lines = [HEAD, SEPARATOR, ALLOY] if kind == "patents" else ["title", "隔膜收缩", "阀门漏气"]
    path.write_text("\n".join(lines), "utf-8")
    told: list[tuple[str, int, int]] = []

    def progress(stage: str, done: int, total: int) -> None:
        told.append((stage, done, total))
        if stage == at:
            raise Enough

    take = import_patents if kind == "patents" else import_needs
    before = store.snapshot()
    with pytest.raises(Enough):
        take(store, path, How(mapping={}, dry_run=False, today=TODAY, progress=progress))
    assert store.snapshot() == before and store.column_maps() == {}
    assert told[-1] == (at, 0, 0 if at == "读取" else 2)
    at = "nowhere"
    report = take(store, path, How(mapping={}, dry_run=False, today=TODAY, progress=progress))
    assert report.outcomes == {"new": 2}
    assert [stage for stage, _, _ in told[-4:]] == ["读取", "识别", "比对", "写入"]
