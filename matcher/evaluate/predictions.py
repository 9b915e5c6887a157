"""What a ranker said of judged pairs, and its file: a line of provenance, then a line a pair."""

import json
import os
import secrets
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import numpy as np

from matcher.errors import BadInput, ModelBroken, UnreadableFile
from matcher.evaluate.judged import Judged
from matcher.evaluate.measures import GRADES, Floats, Outcome, expected
from matcher.protocols import Chances, IntArray

FORMAT = "patmatch-predictions-1"
OFF = 1e-6  # how far a row of chances may be from 1
Pair = tuple[str, str]


@dataclass(frozen=True, slots=True, eq=False)
class Predictions:
    """n pairs of (need id, achievement id) with `grades` (n,) that people gave, `chances` (n, 4)
    of grades 1-4 and `scores` (n,) to rank by; `origin` says what made them."""

    pairs: tuple[Pair, ...]
    grades: IntArray
    chances: Chances
    scores: Floats
    origin: Mapping[str, str] = field(default_factory=dict)

    @classmethod
    def of(
        cls, judged: Judged, chances: Chances, origin: Mapping[str, str], *,
        scores: Floats | None = None,
    ) -> "Predictions":  # fmt: skip
        """Of judged pairs, ranked by the expected grade unless `scores` (n,) are given.

        :raises ModelBroken: `chances` are not (n, 4) rows of chances."""
        if fault := faults(chances, len(judged.grades)):
            raise ModelBroken(
                f"排序模型给出的概率不对:{fault}。请重新安装本程序,或换回原来的模型。"
            )
        pairs = zip(judged.needs, judged.patents, strict=True)
        named = tuple((need.id, patent.id) for need, patent in pairs)
        ranked = expected(chances) if scores is None else scores
        return cls(named, judged.grades, chances, ranked, origin)

    def order(self) -> IntArray:
        """(n,) rows by need, then achievement, then grade: the same for any order of lines."""
        keys = [(*pair, grade) for pair, grade in zip(self.pairs, self.grades, strict=True)]
        return np.array(sorted(range(len(keys)), key=keys.__getitem__), dtype=np.int64)

    def outcome(self) -> Outcome:
        """What is measured, in `order`, so that equal scores rank by achievement id."""
        order = self.order()
        names = [self.pairs[row][0] for row in order.tolist()]
        places = {name: place for place, name in enumerate(dict.fromkeys(names))}
        groups = np.array([places[name] for name in names], dtype=np.int64)
        return Outcome(groups, self.grades[order], self.chances[order], self.scores[order])


def faults(chances: Chances, rows: int) -> str:
    """What is wrong with chances that should be (rows, 4), in Chinese, or ""."""
    if chances.shape != (rows, GRADES):
        return f"应有 {rows} 行 {GRADES} 列,却是 {chances.shape}"
    if not np.isfinite(chances).all() or (chances < 0).any():
        return "有的不是 0 到 1 之间的数"
    wrong = np.flatnonzero(np.abs(chances.sum(axis=1) - 1) > OFF)
    return f"第 {wrong[0] + 1} 对的四个概率之和不是 1" if len(wrong) else ""


def write_predictions(path: Path, predictions: Predictions) -> None:
    """Write the file whole or not at all; the same predictions give the same bytes.

    :raises BadInput: the place cannot be written to."""
    head = {"format": FORMAT, "pairs": len(predictions.pairs), "origin": dict(predictions.origin)}
    rows = zip(
        predictions.pairs, predictions.grades.tolist(), predictions.chances.tolist(),
        predictions.scores.tolist(), strict=True,
    )  # fmt: skip
    lines = [json.dumps(head, sort_keys=True)]
    lines += [
        json.dumps({
            "need_id": need, "achievement_id": achievement, "grade": grade, "chances": chances,
            "score": score,
        })
        for (need, achievement), grade, chances, score in rows
    ]  # fmt: skip
    part = path.with_name(f".patmatch-{secrets.token_hex(6)}.part")
    try:
        part.write_bytes(("\n".join(lines) + "\n").encode())
        os.replace(part, path)
    except OSError as error:
        part.unlink(missing_ok=True)
        raise BadInput(
            f"写不了 {path}({error.strerror})。请换一个位置。", path=str(path)
        ) from error


def read_predictions(path: Path) -> Predictions:
    """What `write_predictions` wrote.

    :raises UnreadableFile: it is no such file, or is damaged, with the line."""
    try:
        lines = path.read_bytes().decode("utf-8").rstrip("\n").split("\n")
    except OSError as error:
        raise UnreadableFile(
            f"打不开 {path}({error.strerror})。请核对文件名。", path=str(path)
        ) from error
    except UnicodeDecodeError:
        lines = []
    origin, count = _head(path, lines)
    rows = [_row(path, number, line) for number, line in enumerate(lines[1:], 2)]
    if not rows or len(rows) != count:
        raise _damaged(path, f"应有 {count} 对,却有 {len(rows)} 对")
    pairs, grades, chances, scores = zip(*rows, strict=True)
    table = np.array(chances, dtype=np.float64)
    if fault := faults(table, len(rows)):
        raise _damaged(path, fault)
    return Predictions(
        pairs, np.array(grades, dtype=np.int64), table, np.array(scores, dtype=np.float64), origin
    )


def _head(path: Path, lines: list[str]) -> tuple[dict[str, str], int]:
    try:
        head = json.loads(lines[0])
        if head["format"] != FORMAT:
            raise ValueError(head["format"])
        return {str(k): str(v) for k, v in head["origin"].items()}, int(head["pairs"])
    except (IndexError, ValueError, KeyError, TypeError, AttributeError) as error:
        raise UnreadableFile(
            f"{path} 不是 patmatch evaluate --out 写出的预测文件。", path=str(path)
        ) from error


def _row(path: Path, number: int, line: str) -> tuple[Pair, int, list[float], float]:
    try:
        item: dict[str, Any] = json.loads(line)
        grade, chances = item["grade"], [float(chance) for chance in item["chances"]]
        if grade not in (1, 2, 3, 4) or len(chances) != GRADES:
            raise ValueError(grade)
        score = float(item["score"])
        if not np.isfinite(score):
            raise ValueError(score)
        return (str(item["need_id"]), str(item["achievement_id"])), int(grade), chances, score
    except (ValueError, KeyError, TypeError) as error:
        raise _damaged(path, f"第 {number} 行读不懂") from error


def _damaged(path: Path, fault: str) -> UnreadableFile:
    return UnreadableFile(
        f"预测文件 {path} 已损坏:{fault}。请用 patmatch evaluate --out 重新生成。", path=str(path)
    )
