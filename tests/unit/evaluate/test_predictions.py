"""Predictions, their checks and their file."""

import json
from pathlib import Path

import numpy as np
import pytest

from matcher.errors import BadInput, ModelBroken, UnreadableFile
from matcher.evaluate.judged import Judged
from matcher.evaluate.predictions import (
    Predictions,
    faults,
    read_predictions,
    write_predictions,
)
from matcher.records import Need, Patent

JUDGED = Judged(
    tuple(Need(id=name, title="需求") for name in ("N2", "N1", "N1")),
    tuple(Patent(id=name, keys=(), title="膜") for name in ("A1", "甲2", "A1")),
    np.array([4, 1, 2]),
)
CHANCES = np.array([[0.1, 0.2, 0.3, 0.4], [0.25, 0.25, 0.25, 0.25], [1 / 3, 1 / 3, 1 / 3, 0]])


def test_pairs_rank_by_the_expected_grade_unless_scores_are_given() -> None:
    made = Predictions.of(JUDGED, CHANCES, {"judge": "x"})
    assert made.pairs == (("N2", "A1"), ("N1", "甲2"), ("N1", "A1"))
    assert made.scores == pytest.approx([3.0, 2.5, 2.0])
    given = Predictions.of(JUDGED, CHANCES, {}, scores=np.array([1.0, 2.0, 3.0]))
    assert given.scores.tolist() == [1, 2, 3]


def test_what_is_measured_stands_by_need_then_achievement() -> None:
    outcome = Predictions.of(JUDGED, CHANCES, {}).outcome()
    assert outcome.groups.tolist() == [0, 0, 1]
    assert outcome.grades.tolist() == [2, 1, 4]
    assert outcome.chances.tolist() == CHANCES[[2, 1, 0]].tolist()


def test_what_is_written_is_read_back_and_has_the_same_bytes(tmp_path: Path) -> None:
    made = Predictions.of(JUDGED, CHANCES, {"b": "评测.jsonl", "a": "x"})
    again = Predictions.of(JUDGED, CHANCES, {"a": "x", "b": "评测.jsonl"})
    write_predictions(tmp_path / "1.jsonl", made)
    write_predictions(tmp_path / "2.jsonl", again)
    assert (tmp_path / "1.jsonl").read_bytes() == (tmp_path / "2.jsonl").read_bytes()
    assert sorted(path.name for path in tmp_path.iterdir()) == ["1.jsonl", "2.jsonl"]
    told = read_predictions(tmp_path / "1.jsonl")
    assert (told.pairs, dict(told.origin)) == (made.pairs, {"a": "x", "b": "评测.jsonl"})
    assert told.grades.tolist() == [4, 1, 2]
    assert told.chances.tolist() == CHANCES.tolist()
    assert told.scores.tolist() == made.scores.tolist()
    lines = (tmp_path / "1.jsonl").read_text("utf-8").splitlines()
    assert [json.loads(line) for line in lines[:2]] == [
        {
            "format": "patmatch-predictions-1", "pairs": 3,
            "origin": {"a": "x", "b": "评测.jsonl"},
        },
        {
            "need_id": "N2", "achievement_id": "A1", "grade": 4,
            "chances": [0.1, 0.2, 0.3, 0.4], "score": made.scores[0],
        },
    ]  # fmt: skip


def test_a_place_that_cannot_be_written_to_is_told(tmp_path: Path) -> None:
    with pytest.raises(BadInput, match=r"写不了 .*请换一个位置"):
        write_predictions(tmp_path / "no" / "1.jsonl", Predictions.of(JUDGED, CHANCES, {}))


@pytest.mark.parametrize(
    ("chances", "fault"),
    [
        (np.full((2, 4), 0.25), "应有 3 行 4 列,却是 (2, 4)"),
        (np.full((3, 4), np.nan), "有的不是 0 到 1 之间的数"),
        (np.array([[1.5, -0.5, 0, 0]] * 3), "有的不是 0 到 1 之间的数"),
        (np.array([[1.0, 0, 0, 0], [0.5, 0.4, 0, 0], [1, 0, 0, 0]]), "第 2 对的四个概率之和不是 1"),
        (CHANCES, ""),
    ],
)
def test_chances_that_are_none_are_refused(chances: np.ndarray, fault: str) -> None:  # type: ignore[type-arg]
    assert faults(chances, 3) == fault
    if fault:
        with pytest.raises(ModelBroken, match="排序模型给出的概率不对"):
            Predictions.of(JUDGED, chances, {})


LINE = '{"need_id": "N", "achievement_id": "A", "grade": 2, "chances": [1, 0, 0, 0], "score": 1}'
HEAD = '{"format": "patmatch-predictions-1", "origin": {}, "pairs": 1}'


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ("", "不是 patmatch evaluate --out 写出的预测文件"),
        (LINE, "不是 patmatch evaluate --out 写出的预测文件"),
        ("[]", "不是 patmatch evaluate --out 写出的预测文件"),
        (HEAD, "应有 1 对,却有 0 对"),
        (f"{HEAD}\n{LINE}\n{LINE}", "应有 1 对,却有 2 对"),
        (f"{HEAD}\n{LINE[:-9]}", "第 2 行读不懂"),
        (f"{HEAD}\n" + LINE.replace("[1, 0, 0, 0]", "[1, 0, 0]"), "第 2 行读不懂"),
        (f"{HEAD}\n" + LINE.replace("[1, 0, 0, 0]", "[0.9, 0, 0, 0]"), "概率之和不是 1"),
        (f"{HEAD}\n" + LINE.replace('"grade": 2', '"grade": 0'), "第 2 行读不懂"),
        (f"{HEAD}\n" + LINE.replace('"score": 1', '"score": NaN'), "第 2 行读不懂"),
    ],
)
def test_a_damaged_file_is_refused_with_the_reason(text: str, reason: str, tmp_path: Path) -> None:
    path = tmp_path / "p.jsonl"
    path.write_text(text + "\n", "utf-8")
    with pytest.raises(UnreadableFile, match=reason):
        read_predictions(path)


def test_a_file_that_is_not_there_or_no_text_is_refused(tmp_path: Path) -> None:
    with pytest.raises(UnreadableFile, match="打不开"):
        read_predictions(tmp_path / "none.jsonl")
    (tmp_path / "b.jsonl").write_bytes(b"\xff\xfe")
    with pytest.raises(UnreadableFile, match="不是 patmatch evaluate --out"):
        read_predictions(tmp_path / "b.jsonl")
