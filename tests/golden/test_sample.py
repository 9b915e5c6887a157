"""The shipped sample is what its script makes of its source, is invented, and has just the dirt
that data/sample/README.md says."""

import csv
import json
import subprocess
import sys
from collections import Counter
from dataclasses import fields
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from python_calamine import CalamineWorkbook

from matcher.imports import How, ImportReport, import_needs, import_patents
from matcher.records import Need, Patent, Terms
from matcher.store.sql import SqlStore, sqlite_url

SAMPLE = Path(__file__).parents[2] / "data" / "sample"
REAL = Path(__file__).parents[3] / "shared" / "data"
TODAY = date(2026, 11, 23)
PATENT_FILES = (
    "gazette_patents.csv",
    "incopat_export.xlsx",
    "patsnap_export.xlsx",
    "transfer_sheet.xls",
)
NEED_FILES = ("needs_form.xlsx", "needs_more.jsonl")


def source(name: str) -> list[dict[str, Any]]:
    return [
        json.loads(line)
        for writer in "abc"
        for line in (SAMPLE / "source" / f"{writer}_{name}.jsonl").read_text("utf-8").splitlines()
    ]


def pairs() -> list[dict[str, Any]]:
    return [json.loads(line) for line in (SAMPLE / "pairs.jsonl").read_text("utf-8").splitlines()]


class Imported:
    """The sample in a fresh store, with the reports by file."""

    def __init__(self, folder: Path, patent_files: tuple[str, ...]) -> None:
        store = SqlStore.open(sqlite_url(folder / "patmatch.db"))
        self.reports: dict[str, ImportReport] = {}
        for name in patent_files:
            self.reports[name] = import_patents(
                store, SAMPLE / name, How(mapping={}, dry_run=False, today=TODAY)
            )
        for name in NEED_FILES:
            self.reports[name] = import_needs(
                store, SAMPLE / name, How(mapping={}, dry_run=False, today=TODAY)
            )
        self.patents: dict[str, Patent] = {patent.id: patent for patent in store.each_patent()}
        self.needs: dict[str, Need] = {need.id: need for need in store.each_need()}
        self.snapshot = store.snapshot()
        store.close()


@pytest.fixture(scope="module")
def imported(tmp_path_factory: pytest.TempPathFactory) -> Imported:
    return Imported(tmp_path_factory.mktemp("home"), PATENT_FILES)


def rejections(report: ImportReport) -> list[tuple[str, int, list[str]]]:
    return [
        (item.row.sheet, item.row.number, [problem.code for problem in item.problems])
        for item in report.rejections
    ]


def skipped(report: ImportReport) -> list[dict[str, int]]:
    return [{str(why): n for why, n in table.skipped.items()} for table in report.tables]


# ------------------------------------------------------------------------------- the files
def cells(path: Path) -> object:
    if path.suffix in (".xlsx", ".xls"):
        book = CalamineWorkbook.from_path(path)
        return {name: book.get_sheet_by_name(name).to_python() for name in book.sheet_names}
    return path.read_bytes()


def test_the_shipped_files_are_what_the_script_makes_of_the_source(tmp_path: Path) -> None:
    subprocess.run([sys.executable, str(SAMPLE / "build_sample.py"), str(tmp_path)], check=True)
    made = sorted(path.name for path in tmp_path.iterdir())
    assert made == sorted((*PATENT_FILES, *NEED_FILES, "pairs.jsonl"))
    for name in made:
        assert cells(tmp_path / name) == cells(SAMPLE / name), name


def test_the_source_has_the_promised_size_and_all_sections() -> None:
    patents = source("patents")
    assert (len(patents), len(source("needs")), len(source("pairs"))) == (210, 60, 405)
    assert {symbol[0] for patent in patents for symbol in patent["ipc"]} == set("ABCDEFGH")
    assert {patent["kind"] for patent in patents} == {"发明", "实用新型", "外观设计"}
    sections: dict[int, set[str]] = {}
    for patent in patents:
        sections.setdefault(patent["university"], set()).add(patent["ipc"][0][0])
    assert sorted(sections) == list(range(8))
    assert min(map(len, sections.values())) >= 4


def test_every_abstract_has_150_to_350_characters() -> None:
    wrong = [p["key"] for p in source("patents") if not 150 <= len(p["abstract"]) <= 350]
    assert wrong == []


def test_no_text_of_the_sample_stands_in_it_twice() -> None:
    for field in ("title", "abstract"):
        counts = Counter(patent[field] for patent in source("patents"))
        assert [text for text, count in counts.items() if count > 1] == []


def test_the_graded_pairs_cover_every_need_and_all_grades() -> None:
    found = pairs()
    keys = Counter((pair["need_id"], pair["patent_id"]) for pair in found)
    assert len(found) == len(keys) == 405
    assert {pair["need_id"] for pair in found} == {f"XQ2026-{at:03d}" for at in range(1, 61)}
    assert Counter(p["grade"] for p in found) == Counter(p["grade"] for p in source("pairs"))
    best: dict[str, int] = {}
    for pair in found:
        best[pair["need_id"]] = max(best.get(pair["need_id"], 0), pair["grade"])
    assert Counter(best.values()) == {4: 36, 2: 15, 1: 9}


def test_the_dictionary_names_every_field_of_a_record() -> None:
    text = (SAMPLE.parent / "README.md").read_text("utf-8")
    names = {field.name for record in (Patent, Need, Terms) for field in fields(record)}
    assert sorted(name for name in names if f"`{name}`" not in text) == []


def test_no_real_university_company_or_patent_is_named(imported: Imported) -> None:
    if not REAL.is_dir():
        pytest.skip("the real lists (../shared/data) are not here to compare with")
    with (REAL / "reference" / "cn_universities_2022.csv").open(encoding="utf-8-sig") as lines:
        schools = {row["school"] for row in csv.DictReader(lines)}
    text = "".join(map(repr, (*imported.patents.values(), *imported.needs.values())))
    assert [school for school in sorted(schools) if school in text] == []
    gazette = REAL / "supply" / "gazette_2019-07_universities.csv"
    real = gazette.read_bytes().decode("gb18030")
    names = {party.name for patent in imported.patents.values() for party in patent.owners}
    names |= {need.company for need in imported.needs.values()}
    assert [name for name in sorted(names) if name in real] == []
    assert [p.id for p in imported.patents.values() if f",{p.title}," in real] == []


def test_all_numbers_lie_in_ranges_that_were_never_given(imported: Imported) -> None:
    for patent in imported.patents.values():
        assert patent.application_number is None or patent.application_number[7] == "9"
        assert all(number[3] == "9" for number in patent.publication_numbers)


# ------------------------------------------------------------------------------- the import
def test_just_the_documented_rows_are_refused(imported: Imported) -> None:
    found = {name: rejections(report) for name, report in imported.reports.items()}
    assert found == {
        "gazette_patents.csv": [("", 14, ["no_title"])],
        "incopat_export.xlsx": [
            ("incoPat", 92, ["wrong_check_digit"]),
            ("incoPat", 93, ["damaged_number"]),
        ],
        "patsnap_export.xlsx": [],
        "transfer_sheet.xls": [("盘点表", 43, ["secret_level"])],
        "needs_form.xlsx": [],
        "needs_more.jsonl": [],
    }


def test_just_the_documented_rows_are_flagged(imported: Imported) -> None:
    found = {name: dict(report.flagged) for name, report in imported.reports.items()}
    assert found == {
        "gazette_patents.csv": {"doubtful_date": 5},
        "incopat_export.xlsx": {"no_number": 1},
        "patsnap_export.xlsx": {},
        "transfer_sheet.xls": {},
        "needs_form.xlsx": {},
        "needs_more.jsonl": {},
    }


def test_every_row_that_is_no_record_is_counted(imported: Imported) -> None:
    found = {name: skipped(report) for name, report in imported.reports.items()}
    assert found == {
        "gazette_patents.csv": [{"表头": 1, "空行": 1, "重复表头": 1, "脚注": 1}],
        "incopat_export.xlsx": [{"表头以上": 2, "表头": 1, "空行": 1, "重复表头": 1, "脚注": 1}],
        "patsnap_export.xlsx": [{"表头": 1}, {"表头": 1}],
        "transfer_sheet.xls": [{"表头以上": 1, "表头": 1}],
        "needs_form.xlsx": [{"表头以上": 1, "表头": 1}],
        "needs_more.jsonl": [{}],
    }


def test_the_dialects_are_recognised(imported: Imported) -> None:
    found = {
        name: [(table.columns.dialect, table.columns.unknown) for table in report.tables]
        for name, report in imported.reports.items()
    }
    assert found == {
        "gazette_patents.csv": [("国家知识产权局公报", ())],
        "incopat_export.xlsx": [("incoPat 合享", ())],
        "patsnap_export.xlsx": [("智慧芽 PatSnap", ()), ("智慧芽 PatSnap", ())],
        "transfer_sheet.xls": [("高校专利盘点表", ())],
        "needs_form.xlsx": [("技术需求表(官方格式)", ())],
        "needs_more.jsonl": [("标题加正文", ())],
    }


def test_records_that_are_one_patent_are_merged(imported: Imported) -> None:
    found = {name: dict(report.outcomes) for name, report in imported.reports.items()}
    assert found == {
        "gazette_patents.csv": {"new": 51, "merged": 3},
        "incopat_export.xlsx": {"new": 84, "merged": 3},
        "patsnap_export.xlsx": {"new": 75, "merged": 13},
        "transfer_sheet.xls": {"updated": 36, "merged": 4},
        "needs_form.xlsx": {"new": 45},
        "needs_more.jsonl": {"new": 15},
    }
    assert (len(imported.patents), len(imported.needs)) == (210, 60)
    assert imported.patents["CN190002502A"].publication_numbers == ("CN190002502A", "CN190002502B")
    later = [patent for patent in imported.patents.values() if patent.id.startswith("N-")]
    assert [(patent.application_number, patent.flags) for patent in later] == [
        ("CN202119180624.3", ())
    ]


def test_the_stock_taking_sheet_adds_terms_to_what_is_known(imported: Imported) -> None:
    report = imported.reports["transfer_sheet.xls"]
    assert (report.rows, report.outcomes.get("new", 0)) == (41, 0)
    with_terms = [patent for patent in imported.patents.values() if patent.terms.contact]
    assert len(with_terms) == 40
    assert all("-0000" in patent.terms.contact for patent in with_terms)
    assert {patent.level for patent in with_terms} == {"公开", "脱敏", "授权可见"}


def test_the_same_files_again_bring_nothing_in_a_reopened_store_either(tmp_path: Path) -> None:
    first = Imported(tmp_path, PATENT_FILES)
    again = Imported(tmp_path, PATENT_FILES)
    assert [set(report.outcomes) for report in again.reports.values()] == [{"unchanged"}] * 6
    assert (again.snapshot, again.patents, again.needs) == (
        first.snapshot, first.patents, first.needs,
    )  # fmt: skip
    gazette, incopat, patsnap, transfer = PATENT_FILES
    other = Imported(tmp_path, (transfer, patsnap, incopat, gazette))
    assert other.snapshot == first.snapshot


def test_the_graded_ids_are_those_of_the_import(imported: Imported) -> None:
    assert [pair for pair in pairs() if pair["patent_id"] not in imported.patents] == []
    assert {pair["need_id"] for pair in pairs()} == set(imported.needs)


def test_the_graded_ids_do_not_hang_on_the_order_of_the_exports(tmp_path: Path) -> None:
    gazette, incopat, patsnap, transfer = PATENT_FILES
    other = Imported(tmp_path, (patsnap, incopat, gazette, transfer))
    assert len(other.patents) == 210
    assert [pair for pair in pairs() if pair["patent_id"] not in other.patents] == []


def test_regions_industries_and_parks_are_found(imported: Imported) -> None:
    bare = [patent.id for patent in imported.patents.values() if patent.region is None]
    assert [key[:2] for key in bare] == ["N-"]
    assert [p.id for p in imported.patents.values() if p.ipc and not p.industries] == []
    assert {p.region[:2] for p in imported.patents.values() if p.region} == {
        "32", "33", "37", "41", "42", "44", "51", "61",
    }  # fmt: skip
    assert len({need.park for need in imported.needs.values()}) == 12
    assert len({need.region[:2] for need in imported.needs.values() if need.region}) == 10
    form = [n for n in imported.needs.values() if n.source == "needs_form.xlsx"]
    assert [n.id for n in form if not (n.credit_code and n.park and n.industries)] == []
    split = [n for n in imported.needs.values() if n.source == "needs_more.jsonl"]
    assert [
        n.id for n in split if not (n.main_problem and n.key_technology and n.expected_goal)
    ] == []


def test_the_promised_fates_are_there(imported: Imported) -> None:
    patents = imported.patents
    assert Counter(patent.legal_status for patent in patents.values()) == {
        "有效": 150, "审中": 7, "失效": 6, "未知": 47,
    }  # fmt: skip
    pledged = sorted(patent.id for patent in patents.values() if patent.pledges)
    assert pledged == ["CN201619005335.9", "CN202019099239.1"]
    owned = sorted(patent.id for patent in patents.values() if len(patent.owners) > 1)
    assert owned == [
        "CN201819158647.2", "CN202219001622.8", "CN202319118173.X", "CN202319181895.X",
    ]  # fmt: skip
    ending = [patent.id for patent in patents.values() if patent.expiry_date is not None
              and TODAY <= patent.expiry_date < date(2027, 11, 23)]  # fmt: skip
    assert sorted(ending) == ["CN200719134693.0", "CN201729093370.0"]
    assert patents["CN201529127312.6"].legal_status == "失效"
