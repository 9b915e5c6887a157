"""Writing: formats, sameness, atomicity, and what never leaves the house."""

import json
import zipfile
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from matcher.errors import BadInput, Conflict
from matcher.export import write as module
from matcher.export.write import Summary, write
from matcher.matches import Answer, Match

KINDS = ("xlsx", "csv", "jsonl", "parquet")


def everything(folder: Path) -> str:
    """All text in all files of a folder, archives unpacked."""
    found = []
    for path in sorted(folder.iterdir()):
        if path.suffix == ".xlsx":
            with zipfile.ZipFile(path) as archive:
                found += [
                    archive.read(name).decode("utf-8", "replace") for name in archive.namelist()
                ]
        elif path.suffix == ".parquet":
            import pyarrow.parquet as pq

            table = pq.read_table(path)
            found += [str(table.to_pylist()), str(table.schema.metadata)]
        else:
            found.append(path.read_text("utf-8"))
    return "\n".join(found)


@pytest.mark.parametrize("kind", KINDS)
def test_the_summary_counts_needs_matches_and_needs_without_any(
    kind: str, case: Any, tmp_path: Path
) -> None:
    told = write(tmp_path / f"out.{kind}", case.results, case.patents, case.origin)
    assert told == Summary(needs=2, matches=2, unmatched=1)


@pytest.mark.parametrize("kind", KINDS)
def test_the_same_input_gives_the_same_bytes(kind: str, case: Any, tmp_path: Path) -> None:
    for name in ("a", "b"):
        (tmp_path / name).mkdir()
        write(tmp_path / name / f"out.{kind}", case.results, case.patents, case.origin)
    first, second = ({p.name: p.read_bytes() for p in (tmp_path / n).iterdir()} for n in "ab")
    assert first == second


def test_another_time_changes_the_cover_and_the_document_date_alone(
    case: Any, tmp_path: Path
) -> None:
    later = replace(case.origin, made_at="2026-01-02T03:04:05+08:00")
    write(tmp_path / "a.xlsx", case.results, case.patents, case.origin)
    write(tmp_path / "b.xlsx", case.results, case.patents, later)
    with zipfile.ZipFile(tmp_path / "a.xlsx") as a, zipfile.ZipFile(tmp_path / "b.xlsx") as b:
        assert a.namelist() == b.namelist()
        differing = [name for name in a.namelist() if a.read(name) != b.read(name)]
        assert differing == ["xl/sharedStrings.xml", "docProps/core.xml"]
        strings = a.read("xl/sharedStrings.xml").decode()
        assert strings.count(case.origin.made_at) == 1
        moved = strings.replace(case.origin.made_at, later.made_at)
        assert moved == b.read("xl/sharedStrings.xml").decode()
        core = a.read("docProps/core.xml").decode()
        moved = core.replace("2025-06-01T02:20:30Z", "2026-01-01T19:04:05Z")
        assert moved == b.read("docProps/core.xml").decode()


def test_another_time_changes_one_field_of_the_jsonl_and_nothing_of_the_csv(
    case: Any, tmp_path: Path
) -> None:
    later = replace(case.origin, made_at="2026-01-02T03:04:05+08:00")
    for name, origin in (("a", case.origin), ("b", later)):
        write(tmp_path / f"{name}.jsonl", case.results, case.patents, origin)
        write(tmp_path / f"{name}.csv", case.results, case.patents, origin)
    told = (tmp_path / "a.jsonl").read_text("utf-8").replace(case.origin.made_at, later.made_at)
    assert told == (tmp_path / "b.jsonl").read_text("utf-8")
    assert (tmp_path / "a.csv").read_bytes() == (tmp_path / "b.csv").read_bytes()


def test_no_contact_of_either_side_is_in_any_format(case: Any, tmp_path: Path) -> None:
    for kind in KINDS:
        write(tmp_path / f"out.{kind}", case.results, case.patents, case.origin)
    told = everything(tmp_path)
    assert "隔膜在150℃收缩过大" in told
    assert [secret for secret in case.secrets if secret in told] == []


@pytest.mark.parametrize("level", ["脱敏", "授权可见", "不入库"])
def test_a_need_that_is_not_public_leaves_with_its_title_alone(
    level: Any, case: Any, tmp_path: Path
) -> None:
    need = replace(case.need, level=level)
    for kind in KINDS:
        results = [(need, Answer((case.match,), 10, 10))]
        write(tmp_path / f"out.{kind}", results, case.patents, case.origin)
    told = everything(tmp_path)
    hidden = ("豫北电气", "150℃", "不超过5%", "成本", "热收缩率低于3%】", "依据句")
    assert [text for text in hidden if text in told] == []
    assert "提高锂电池隔膜的耐热性" in told
    lines = (tmp_path / "out.jsonl").read_text("utf-8").splitlines()
    line = json.loads(lines[1])
    assert line["need"]["company"] == f"({level})"
    (match,) = line["matches"]
    assert (match["evidence"], match["checks"], match["missing"]) == ([], [], [])
    assert match["risks"] == [
        {"code": "co_owned", "label": "共有", "note": ""},
        {"code": "pledged", "label": "质押", "note": ""},
    ]
    assert match["parts"] == {
        "start": -2.5, "meaning": 2.25, "main_problem": 0.0, "key_technology": 0.0,
        "expected_goal": 0.0, "content": 0.0, "terms": 1.65, "field": 0.0, "memory": -0.25,
    }  # fmt: skip


def test_a_patent_that_is_not_public_leaves_with_title_kind_and_status(
    case: Any, tmp_path: Path
) -> None:
    hidden = replace(case.full, level="脱敏")
    out = tmp_path / "out.jsonl"
    write(out, [(case.need, Answer((case.match,), 9, 9))], lambda _: [hidden], case.origin)
    (match,) = json.loads(out.read_text("utf-8").splitlines()[1])["matches"]
    kept = {name: value for name, value in match["patent"].items() if value not in (None, "", 0)}
    assert kept == {
        "patent_id": "CN201810123456.7",
        "title": "一种陶瓷涂覆聚烯烃隔膜及其制备方法",
        "kind": "发明",
        "legal_status": "有效",
        "applicants": "(脱敏)",
    }
    assert match["evidence"] == []


def test_another_suffix_is_refused_with_the_four_named(case: Any, tmp_path: Path) -> None:
    with pytest.raises(BadInput) as caught:
        write(tmp_path / "out.docx", case.results, case.patents, case.origin)
    assert str(caught.value) == (
        "不认识导出格式“.docx”。请用这四种扩展名之一:.xlsx(表格,供分发)、.csv、.jsonl、.parquet。"
    )
    assert list(tmp_path.iterdir()) == []


def test_the_suffix_may_be_in_capitals(case: Any, tmp_path: Path) -> None:
    write(tmp_path / "OUT.CSV", case.results, case.patents, case.origin)
    assert (tmp_path / "OUT.CSV").read_bytes().startswith("\ufeff需求编号,".encode())


@pytest.mark.parametrize("kind", KINDS)
def test_an_error_on_the_way_leaves_the_old_file_and_no_other(
    kind: str, case: Any, tmp_path: Path
) -> None:
    out = tmp_path / f"out.{kind}"
    out.write_text("old")

    def broken() -> Any:
        yield case.results[0]
        raise RuntimeError("torn")

    with pytest.raises(RuntimeError, match="torn"):
        write(out, broken(), case.patents, case.origin)
    assert {path.name: path.read_text() for path in tmp_path.iterdir()} == {out.name: "old"}


@pytest.mark.parametrize("kind", KINDS)
def test_a_file_held_by_another_program_is_named_and_left(
    kind: str, case: Any, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    out = tmp_path / f"out.{kind}"
    out.write_text("old")

    def held(*_: object) -> None:
        raise PermissionError(13, "in use")

    monkeypatch.setattr(module.os, "replace", held)
    with pytest.raises(Conflict) as caught:
        write(out, case.results, case.patents, case.origin)
    assert str(caught.value) == (
        f"out.{kind} 正被另一个程序打开(可能是 Excel 或 WPS),没有写成;原来的文件没有改动。"
        "请关闭它后再试,或换一个文件名。"
    )
    assert {path.name: path.read_text() for path in tmp_path.iterdir()} == {out.name: "old"}


def test_a_full_disk_is_told_and_leaves_the_old_file(
    case: Any, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    out = tmp_path / "out.jsonl"
    out.write_text("old")

    def full(*_: object) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(module.os, "replace", full)
    with pytest.raises(BadInput, match="磁盘已满,没有写成;原来的文件没有改动"):
        write(out, case.results, case.patents, case.origin)
    assert out.read_text() == "old"


def test_a_missing_folder_and_a_folder_as_file_are_told(case: Any, tmp_path: Path) -> None:
    with pytest.raises(BadInput, match="不存在。请先建好,或换一个位置"):
        write(tmp_path / "none" / "out.csv", case.results, case.patents, case.origin)
    (tmp_path / "is.xlsx").mkdir()
    with pytest.raises(BadInput, match="是文件夹,不能当作导出文件"):
        write(tmp_path / "is.xlsx", case.results, case.patents, case.origin)


@pytest.mark.parametrize("kind", KINDS)
def test_no_needs_at_all_give_a_readable_file(kind: str, case: Any, tmp_path: Path) -> None:
    out = tmp_path / f"out.{kind}"
    assert write(out, [], case.patents, case.origin) == Summary(0, 0, 0)
    assert out.stat().st_size > 0


def test_patents_are_fetched_for_many_needs_at_once_and_each_once(
    case: Any, tmp_path: Path
) -> None:
    asked: list[list[str]] = []

    def fetch(ids: Any) -> Any:
        asked.append(list(ids))
        return case.patents(ids)

    def one(number: int) -> Any:
        match: Match = replace(case.match, need_id=f"D-{number}")
        return replace(case.need, id=f"D-{number}"), Answer((match,), 1, 1)

    write(tmp_path / "out.csv", (one(number) for number in range(65)), fetch, case.origin)
    assert asked == [["CN201810123456.7"], ["CN201810123456.7"]]
