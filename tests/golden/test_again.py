"""The same lists again, and new ones beside them: nothing doubles, nothing is encoded twice."""

import json
from collections.abc import Callable
from dataclasses import fields
from pathlib import Path

import pytest

from matcher.engine import Matcher
from matcher.errors import BadInput, NothingUsable
from matcher.records import Patent
from matcher.text.aspects import patent_aspects

Open = Callable[[], Matcher]
STRANGE = "成果的叫法,公告的号,讲了什么\n一种弹壳,CN190007777B,一种用于测试的弹壳结构\n"
SAID = {"成果的叫法": "title", "公告的号": "publication_number", "讲了什么": "abstract"}


def generation(home: Path) -> tuple[str, int]:
    """The generation in force and when it was written."""
    name = (home / "derived" / "CURRENT").read_text("utf-8")
    return name, (home / "derived" / name / "manifest.json").stat().st_mtime_ns


# ------------------------------------------------------------------------------- again
def test_a_list_again_changes_nothing(
    copied: Open, patent_files: list[Path], need_files: list[Path], tmp_path: Path
) -> None:
    matcher = copied()
    snapshot, before = matcher.store.snapshot(), generation(tmp_path / "home")
    reports = matcher.add_patents(patent_files[3:]) + matcher.add_needs(need_files)
    assert [dict(report.outcomes) for report in reports] == [
        {"unchanged": 40}, {"unchanged": 45}, {"unchanged": 15},
    ]  # fmt: skip
    assert matcher.store.snapshot() == snapshot
    assert matcher.refresh() == 0
    assert generation(tmp_path / "home") == before


def test_all_lists_again_bring_no_record_and_no_text(
    copied: Open, patent_files: list[Path], need_files: list[Path]
) -> None:
    matcher = copied()
    texts = [patent_aspects(patent) for patent in matcher.store.each_patent()]
    reports = matcher.add_patents(patent_files) + matcher.add_needs(need_files)
    assert [r.source for r in reports if {"new", "merged"} & set(r.outcomes)] == []
    assert matcher.refresh() == 0
    assert [patent_aspects(patent) for patent in matcher.store.each_patent()] == texts


def test_the_same_files_again_change_nothing(
    copied: Open, patent_files: list[Path], need_files: list[Path], tmp_path: Path
) -> None:
    matcher = copied()
    snapshot, before = matcher.store.snapshot(), generation(tmp_path / "home")
    reports = matcher.add_patents(patent_files) + matcher.add_needs(need_files)
    assert [dict(report.outcomes) for report in reports] == [
        {"unchanged": 54}, {"unchanged": 87}, {"unchanged": 88}, {"unchanged": 40},
        {"unchanged": 45}, {"unchanged": 15},
    ]  # fmt: skip
    assert matcher.store.snapshot() == snapshot
    assert matcher.refresh() == 0
    assert generation(tmp_path / "home") == before


def test_a_transfer_sheet_adds_terms_and_keeps_what_it_does_not_mention(
    patent_files: list[Path], tmp_path: Path
) -> None:
    with Matcher.open(tmp_path / "home") as matcher:
        matcher.add_patents(patent_files[:3])
        before = {patent.id: patent for patent in matcher.store.each_patent()}
        (report,) = matcher.add_patents(patent_files[3:])
        after = {patent.id: patent for patent in matcher.store.each_patent()}
    assert report.outcomes == {"updated": 36, "merged": 4}
    assert after.keys() == before.keys()
    changed = {id: differing(before[id], after[id]) for id in after if before[id] != after[id]}
    assert len(changed) == 40
    brought = {
        "terms", "college", "level", "source", "contact", "legal_status", "legal_status_raw",
        "keys", "application_number", "flags", "seen",
    }  # fmt: skip
    for id, names in changed.items():
        assert "terms" in names, id
        lost = {name for name in names - brought if getattr(before[id], name)}
        assert lost <= {"owners", "applicants", "expiry_date"}, (id, lost)


def differing(one: Patent, other: Patent) -> set[str]:
    return {f.name for f in fields(one) if getattr(one, f.name) != getattr(other, f.name)}


def test_what_was_said_of_strange_columns_is_remembered(copied: Open, tmp_path: Path) -> None:
    matcher, listed = copied(), tmp_path / "怪表.csv"
    listed.write_text(STRANGE, "utf-8")
    with pytest.raises(NothingUsable) as refused:
        matcher.add_patents([listed])
    assert "需要的列:标题" in refused.value.message
    assert "找到的是:成果的叫法、公告的号、讲了什么" in refused.value.message
    assert "--map" in refused.value.message
    with pytest.raises(BadInput, match="列“成果的叫法”不能对应到“titel”"):
        matcher.add_patents([listed], mapping={"成果的叫法": "titel"})
    (tried,) = matcher.add_patents([listed], mapping=SAID, dry_run=True)
    assert (tried.outcomes, matcher.store.column_maps()) == ({"new": 1}, {})
    (first,) = matcher.add_patents([listed], mapping=SAID)
    (second,) = copied().add_patents([listed])
    assert [first.outcomes, second.outcomes] == [{"new": 1}, {"unchanged": 1}]
    (patent,) = matcher.store.patents(["CN190007777B"])
    assert (patent.title, patent.abstract) == ("一种弹壳", "一种用于测试的弹壳结构")


def test_new_records_are_found_at_once_and_only_they_are_encoded(
    copied: Open, tmp_path: Path
) -> None:
    matcher, listed = copied(), tmp_path / "新.jsonl"
    matcher.match("粮仓测温", k=1)
    need = {"id": "XQ-NEU", "title": "粮仓霍尔测温", "content": "粮仓里要用霍尔元件测温。"}
    listed.write_text(json.dumps(need, ensure_ascii=False), "utf-8")
    matcher.add_needs([listed])
    assert matcher.match_need("XQ-NEU", k=1).matches[0].need_id == "XQ-NEU"
    listed.write_text(json.dumps({**need, "id": "XQ-NEU2", "title": "谷仓测湿"}), "utf-8")
    matcher.add_needs([listed])
    assert matcher.refresh() == 1
    assert matcher.match("谷仓测湿", k=1, side="needs").matches[0].need_id == "XQ-NEU2"


def test_an_open_matcher_finds_what_another_added(copied: Open, tmp_path: Path) -> None:
    here, there, listed = copied(), copied(), tmp_path / "新.jsonl"
    here.match("粮仓测温", k=1)
    need = {"id": "XQ-NEU", "title": "粮仓霍尔测温", "content": "粮仓里要用霍尔元件测温。"}
    listed.write_text(json.dumps(need, ensure_ascii=False), "utf-8")
    there.add_needs([listed])
    there.refresh()
    assert here.match_need("XQ-NEU", k=1).matches[0].need_id == "XQ-NEU"
