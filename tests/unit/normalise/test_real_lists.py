"""The real lists of the workplace: how much of them is taken, and how well it is read."""

import csv
import json
from datetime import date
from pathlib import Path

import pytest

from matcher.normalise.fold import fold
from matcher.normalise.needs import need_of
from matcher.normalise.patents import patent_of
from matcher.records import Need, Patent, Row

DATA = Path("/work/shared/data")
TODAY = date(2026, 11, 23)
COLUMNS = {
    "公开（公告）号": "publication_number",
    "公开（公告）日": "publication_date",
    "申请日": "application_date",
    "名称": "title",
    "专利类型": "kind",
    "公告类型": "publication_stage",
    "申请（专利权）人": "applicants",
    "地址": "address",
    "分类号": "ipc",
}
pytestmark = pytest.mark.skipif(not DATA.exists(), reason="the real lists are not on this machine")


def gazette() -> list[Patent]:
    path = DATA / "supply" / "gazette_2019-07_universities.csv"
    with path.open(encoding="gb18030", newline="") as lines:
        rows = [
            Row(path.name, "", at, {COLUMNS[name]: cell for name, cell in cells.items() if cell})
            for at, cells in enumerate(csv.DictReader(lines), 2)
        ]
    found = [patent_of(row, today=TODAY) for row in rows]
    taken = [patent for patent in found if isinstance(patent, Patent)]
    assert len(taken) == len(rows) == 10_064
    return taken


def test_a_gazette_is_read_as_the_issue_asks() -> None:
    patents = gazette()
    mainland = [patent for patent in patents if patent.address[:6].isdigit()]
    assert sum(patent.region is not None for patent in mainland) >= 0.95 * len(mainland)
    classed = [patent for patent in patents if patent.ipc]
    assert sum(bool(patent.industries) for patent in classed) >= 0.99 * len(classed)
    assert all(patent.kind and patent.publication_numbers for patent in patents)
    folded = fold(patents, known=lambda keys: {}, load=lambda ids: [])
    assert folded.outcomes == ["new"] * len(patents)


def test_a_list_without_numbers_stays_as_many_records_as_it_has() -> None:
    path = DATA / "supply" / "patents_with_abstract.jsonl"
    cells = [json.loads(line) for line in path.read_text(encoding="utf-8").splitlines()]
    rows = [
        Row(
            path.name,
            "",
            at,
            {
                "source_id": cell["id"],
                "title": cell["title"],
                "applicants": cell["assignee"],
                "abstract": cell["abstract"],
            },
        )
        for at, cell in enumerate(cells, 1)
    ]
    patents = [patent_of(row, today=TODAY) for row in rows]
    taken = [patent for patent in patents if isinstance(patent, Patent)]
    folded = fold(taken, known=lambda keys: {}, load=lambda ids: [])
    assert folded.outcomes == ["new"] * 3_874


def test_all_real_needs_are_taken() -> None:
    path = DATA / "demand" / "needs.jsonl"
    cells = [json.loads(line) for line in path.read_text(encoding="utf-8").splitlines()]
    rows = [
        Row(path.name, "", at, {"source_id": c["id"], "title": c["title"], "content": c["content"]})
        for at, c in enumerate(cells, 1)
    ]
    needs = [need_of(row, today=TODAY) for row in rows]
    assert [need.id for need in needs if isinstance(need, Need)] == [cell["id"] for cell in cells]
