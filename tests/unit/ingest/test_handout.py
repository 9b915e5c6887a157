"""Our own JSONL export read as a list of matches."""

import json
from pathlib import Path
from typing import Any

import pytest

from matcher.errors import NothingUsable
from matcher.ingest import ListKind, read_rows, read_tables
from matcher.records import Rejection

HEAD = {"format": "patmatch-matches/2", "provenance": {"snapshot": "s"}}


def match(patent: str, **said: Any) -> dict[str, Any]:
    return {
        "rank": 1, "predicted_grade": 4, "chance": 0.8, "chances": [0.1, 0.1, 0.4, 0.4],
        "score": 1.4, "parts": {"meaning": 1.0}, "evidence": [{"start": 1}], "checks": [],
        "missing": ["成本"], "risks": [], "patent": {"patent_id": patent, "title": f"题{patent}"},
        **said,
    }  # fmt: skip


def need(id: str, *matches: Any) -> dict[str, Any]:
    return {"need": {"need_id": id, "need_title": f"名{id}", "level": "公开"}, "matches": matches}


def write(folder: Path, *lines: object) -> Path:
    path = folder / "a.jsonl"
    text = [line if isinstance(line, str) else json.dumps(line) for line in lines]
    path.write_text("\n".join(text) + "\n", "utf-8")
    return path


def test_each_match_is_a_row_with_its_need_and_what_was_written_into_it(tmp_path: Path) -> None:
    path = write(
        tmp_path, HEAD, need("N1", match("P1", 评分=3), match("P2")), need("N2"),
        need("N3", match("P1", grade=1, 专家="甲")),
    )  # fmt: skip
    listing = read_rows(path, "feedback")
    assert [(row.number, row.fields) for row in listing.rows] == [
        (1, {"need_id": "N1", "need_title": "名N1", "patent_id": "P1", "patent_title": "题P1",
             "grade": "3"}),
        (2, {"need_id": "N1", "need_title": "名N1", "patent_id": "P2", "patent_title": "题P2"}),
        (3, {"need_id": "N3", "need_title": "名N3", "patent_id": "P1", "patent_title": "题P1",
             "grade": "1", "by": "甲"}),
    ]  # fmt: skip
    assert listing.rejections == ()
    (table,) = listing.tables
    assert (table.total, table.columns.dialect) == (3, "本系统导出的匹配结果")


def test_a_broken_line_or_match_comes_back_and_the_others_are_read(tmp_path: Path) -> None:
    whole = need("N1", match("P1", grade=2), "坏", {"rank": 2}, match("P2", grade=3))
    path = write(tmp_path, HEAD, whole, '{"need": ', [1], need("N2", match("P3", grade=4)))
    listing = read_rows(path, "feedback")
    assert [(row.number, row.fields["grade"]) for row in listing.rows] == [
        (1, "2"), (4, "3"), (7, "4"),
    ]  # fmt: skip
    told = [(item.row.number, item.problems[0].reason) for item in listing.rejections]
    assert told == [
        (2, "这一行不是一项完整的匹配"), (3, "这一行不是一项完整的匹配"),
        (5, "这一行不是合法的 JSON"), (6, "这一行不是 JSON 对象({…})"),
    ]  # fmt: skip
    assert all(isinstance(item, Rejection) for item in listing.rejections)


def test_a_line_of_another_shape_stays_a_row(tmp_path: Path) -> None:
    path = write(tmp_path, need("N1", match("P1", grade=2)), {"need_id": "N2", "grade": "3"})
    assert [row.fields.get("need_id") for row in read_rows(path, "feedback").rows] == ["N1", "N2"]


@pytest.mark.parametrize("kind", ["patent", "need"])
def test_an_export_is_no_list_of_patents_or_needs(tmp_path: Path, kind: ListKind) -> None:
    path = write(tmp_path, HEAD, need("N1", match("P1", grade=2)))
    with pytest.raises(NothingUsable, match="它看起来像反馈清单"):
        read_rows(path, kind)


def test_other_json_is_read_as_before(tmp_path: Path) -> None:
    path = write(tmp_path, {"need": "隔膜", "matches": 3, "provenance": "x"})
    (table,) = read_tables(path)
    assert list(table.rows) == [("need", "matches", "provenance"), ("隔膜", "3", "x")]
