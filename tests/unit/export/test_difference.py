"""Two exports compared."""

import json
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from matcher.errors import UnreadableFile
from matcher.export.difference import (
    Difference,
    Entry,
    Named,
    NeedChange,
    Origin,
    Shift,
    difference,
)
from matcher.export.write import write
from matcher.matches import Answer

TITLE = "一种陶瓷涂覆聚烯烃隔膜及其制备方法"
ID = "CN201810123456.7"
NEED = Named("D-1", "提高锂电池隔膜的耐热性")


@pytest.fixture
def old(case: Any, tmp_path: Path) -> Path:
    path = tmp_path / "old.jsonl"
    write(path, case.results, case.patents, case.origin)
    return path


def test_the_time_alone_is_no_difference(case: Any, old: Path, tmp_path: Path) -> None:
    new = tmp_path / "new.jsonl"
    write(new, case.results, case.patents, replace(case.origin, made_at="2026-01-01T00:00:00"))
    assert difference(old, new) == Difference((), (), (), 2, ())


def test_new_gone_moved_and_needs_that_came_or_went_are_told(
    case: Any, old: Path, tmp_path: Path
) -> None:
    new = tmp_path / "new.jsonl"
    other = replace(case.plain, id="N-ffffffffffffffff", title="闭孔隔膜")
    first = replace(case.second, patent_id=other.id, rank=1, score=1.5)
    second = replace(case.match, rank=2, score=1.1)
    origin = replace(case.origin, encoder="e5 99", filters={"park": "高新区"})
    results = [
        (case.need, Answer((first, second), 11, 11)),
        (replace(case.lonely, id="D-3"), Answer((), 11, 11)),
    ]
    write(new, results, lambda _: [case.full, other], origin)
    assert difference(old, new) == Difference(
        appeared=(Named("D-3", "杨梅保鲜运输"),),
        vanished=(Named("D-2", "杨梅保鲜运输"),),
        changed=(
            NeedChange(
                NEED,
                new=(Entry("N-ffffffffffffffff", "闭孔隔膜", 1, 1.5),),
                gone=(Entry("N-0123456789abcdef", "隔膜耐热改性方法", 2, -2.5),),
                moved=(Shift(ID, TITLE, 1, 2, 1.15, 1.1),),
                rescored=(),
            ),
        ),
        unchanged=0,
        provenance=(
            Origin("encoder", "e5 8f3a", "e5 99"),
            Origin("filters.legal_status", "有效", ""),
            Origin("filters.park", "", "高新区"),
        ),
    )


def test_another_score_at_the_same_rank_is_told(case: Any, old: Path, tmp_path: Path) -> None:
    new = tmp_path / "new.jsonl"
    results = [(case.need, Answer((replace(case.match, score=1.25), case.second), 9, 9))]
    write(new, [*results, case.results[1]], case.patents, case.origin)
    shift = Shift(ID, TITLE, 1, 1, 1.15, 1.25)
    assert difference(old, new) == Difference(
        (), (), (NeedChange(NEED, (), (), (), (shift,)),), 1, ()
    )


@pytest.mark.parametrize(
    "data",
    [b"", b"{}", b"[]", b"not json\n", b"\xff\xfe\x00", b'{"format": "other/1"}\n', b"[" * 9999],
)
def test_a_file_that_is_not_ours_is_refused(data: bytes, old: Path, tmp_path: Path) -> None:
    bad = tmp_path / "bad.jsonl"
    bad.write_bytes(data)
    with pytest.raises(UnreadableFile) as caught:
        difference(old, bad)
    assert str(caught.value) == (
        "bad.jsonl 不是本软件导出的匹配结果(.jsonl)。"
        "请用 patmatch batch --out 文件名.jsonl 导出两份后再比较。"
    )


@pytest.mark.parametrize(
    "line", [b"{}", b"null", b'{"need": {', b"\xff", b'{"need": 1, "matches": 2}']
)
def test_a_damaged_line_is_named(line: bytes, old: Path, tmp_path: Path) -> None:
    bad = tmp_path / "bad.jsonl"
    bad.write_bytes(b"\n".join([*old.read_bytes().splitlines()[:2], line, b""]))
    with pytest.raises(UnreadableFile) as caught:
        difference(old, bad)
    assert str(caught.value) == ("bad.jsonl 第 3 行已损坏,或被改动过。请重新导出后再比较。")


def test_a_need_twice_and_a_head_without_provenance_are_damage(old: Path, tmp_path: Path) -> None:
    bad = tmp_path / "bad.jsonl"
    lines = old.read_text("utf-8").splitlines()
    bad.write_text("\n".join([*lines, lines[1]]), "utf-8")
    with pytest.raises(UnreadableFile, match="第 4 行"):
        difference(old, bad)
    bad.write_text(json.dumps({"format": "patmatch-matches/2"}), "utf-8")
    with pytest.raises(UnreadableFile, match="第 1 行"):
        difference(old, bad)


def test_a_missing_file_is_told(old: Path, tmp_path: Path) -> None:
    with pytest.raises(UnreadableFile, match="请检查文件是否存在、是否可读"):
        difference(old, tmp_path / "none.jsonl")
