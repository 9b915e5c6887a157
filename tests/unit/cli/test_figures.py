"""evaluate and evaluate compare, with a judge that counts shared letters."""

import json
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from typer.testing import Result

from matcher import engine
from matcher.evaluate.predictions import read_predictions
from matcher.protocols import Chances
from matcher.records import Need, Patent

Type = Callable[..., Result]
LEVELS = np.array([[0.7, 0.2, 0.1, 0.0], [0.2, 0.5, 0.2, 0.1], [0.1, 0.2, 0.4, 0.3]])
LINES = (
    {"need_id": "N1", "achievement_id": "A1", "achievement_terms": ["锂电池", "隔膜"], "grade": 4},
    {"need_id": "N1", "achievement_id": "A2", "achievement_terms": ["电池", "外壳"], "grade": 2},
    {"need_id": "N1", "achievement_id": "A3", "achievement_terms": ["苹果", "保鲜"], "grade": 1},
    {"need_id": "N2", "achievement_id": "A4", "title": "污水氨氮生物膜", "grade": 3},
    {"need_id": "N2", "achievement_id": "A5", "title": "隔膜", "grade": 1},
    {"need_id": "N2", "patent_id": "2021100000035", "grade": 2},
)


class Overlap:
    """Chances by how many letters both titles share: none or one, two or three, more."""

    name = "overlap-1"

    def chances(self, needs: Sequence[Need], patents: Sequence[Patent]) -> Chances:
        shared = [
            len(set(need.title + need.content) & set(patent.title))
            for need, patent in zip(needs, patents, strict=True)
        ]
        chosen: Chances = LEVELS[np.minimum(np.array(shared) // 2, 2)]
        return chosen


class Blind:
    """Knows nothing."""

    name = "blind-1"

    def chances(self, needs: Sequence[Need], patents: Sequence[Patent]) -> Chances:
        return np.full((len(needs), 4), 0.25)


@pytest.fixture(autouse=True)
def _judged(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(engine, "PairJudge", lambda views: Overlap())


@pytest.fixture
def pairs(tmp_path: Path) -> Path:
    path = tmp_path / "pairs.jsonl"
    lines = [json.dumps(line, ensure_ascii=False) for line in LINES]
    path.write_text("\n".join(lines) + "\n", "utf-8")
    return path


def document(result: Result) -> Any:
    assert (result.exit_code, result.stderr) == (0, "")
    return json.loads(result.stdout)


def test_the_table_tells_every_figure_its_interval_and_its_meaning(type: Type, pairs: Path) -> None:
    result = type("evaluate", "--pairs", pairs)
    assert (result.exit_code, result.stderr) == (0, "")
    lines = [line.rstrip() for line in result.stdout.splitlines()]
    assert lines[0] == "6 对评分,2 条需求;排序模型 overlap-1"
    assert lines[2].split() == ["指标", "数值", "95%", "区间", "含义"]
    told = [line.split() for line in lines[3:11]]
    assert [row[0] for row in told] == [
        "得分", "准确率", "等级相关", "区分度", "前十排序", "校准误差", "校准误差·三档", "对数损失",
    ]  # fmt: skip
    assert lines[3].endswith("1/(1+等级的平均绝对误差),越大越好")
    assert lines[-1] == "区间由按需求重抽样 1000 次得到。“—”表示这些评分算不出该指标。"
    assert max(map(len, lines)) <= 100


def test_the_figures_are_those_worked_out_by_hand(type: Type, pairs: Path) -> None:
    told = document(type("evaluate", "--pairs", pairs, "--seed", 5, "--json"))
    assert (told["pairs"], told["needs"], told["seed"], told["draws"]) == (6, 2, 5, 1000)
    # grades 4 2 1 3 1 2, predicted 3 2 1 3 1 3: two of six are off by one
    assert told["measures"]["score"]["value"] == pytest.approx(1 / (1 + 2 / 6))
    assert told["measures"]["accuracy"]["value"] == pytest.approx(4 / 6)
    chances = [0.3, 0.5, 0.7, 0.4, 0.7, 0.2]
    assert told["measures"]["log_loss"]["value"] == pytest.approx(-np.log(chances).mean())
    assert told["origin"]["judge"] == "overlap-1"
    assert told["origin"]["pairs"].startswith("pairs.jsonl sha256:")
    again = document(type("evaluate", "--json", "--pairs", pairs, "--seed", 5))
    assert again == told


def test_needs_may_come_from_a_file(
    type: Type, typed: Type, files: tuple[Path, Path], pairs: Path, tmp_path: Path
) -> None:
    needs = document(type("evaluate", "--pairs", pairs, "--needs", files[1], "--json"))
    home = document(type("evaluate", "--pairs", pairs, "--json"))
    assert needs["measures"] == home["measures"]
    assert needs["origin"]["needs"].startswith("needs.jsonl sha256:")
    lone = tmp_path / "lone.jsonl"
    lone.write_text("\n".join(pairs.read_text("utf-8").splitlines()[:5]), "utf-8")
    fresh = ("--home", tmp_path / "fresh")
    told = document(typed(*fresh, "evaluate", "--pairs", lone, "--needs", files[1], "--json"))
    assert (told["pairs"], told["needs"]) == (5, 2)


def test_what_is_not_known_is_named_with_its_line(
    type: Type, files: tuple[Path, Path], tmp_path: Path
) -> None:
    path = tmp_path / "bad.jsonl"
    path.write_text(
        '{"need_id": "N9", "achievement_id": "A", "title": "膜", "grade": 1}\n'
        '{"need_id": "N1", "patent_id": "CN1", "grade": 1}\n',
        "utf-8",
    )
    result = type("evaluate", "--pairs", path)
    assert (result.exit_code, result.stdout) == (2, "")
    assert result.stderr.splitlines() == [
        f"✗ {path} 有 2 行不能用,没有进行评测。请改正后再试:",
        "  第 1 行:库中没有需求“N9”,请用 --needs 给出需求文件。",
        "  第 2 行:成果“CN1”没有写 achievement_terms 或 title,库中也没有这个编号。",
    ]
    result = type("evaluate", "--pairs", path, "--needs", files[1], "--json")
    told = json.loads(result.stderr)
    assert told["lines"] == [1, 2]
    assert "  第 1 行:需求文件里没有编号“N9”。" in told["message"]


def test_predictions_are_written_and_compared(
    type: Type, pairs: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    result = type("evaluate", "--pairs", pairs, "--out", "a.jsonl")
    assert result.stdout.splitlines()[-1] == (
        "预测已写到 a.jsonl,可用 patmatch evaluate compare 与另一份比较。"
    )
    assert read_predictions(tmp_path / "a.jsonl").grades.tolist() == [4, 2, 1, 3, 1, 2]
    monkeypatch.setattr(engine, "PairJudge", lambda views: Blind())
    assert type("evaluate", "--pairs", pairs, "--out", "b.jsonl").exit_code == 0
    told = document(type("evaluate", "compare", "a.jsonl", "b.jsonl", "--json"))
    assert (told["a"]["origin"]["judge"], told["b"]["origin"]["judge"]) == ("overlap-1", "blind-1")
    loss = told["measures"]["log_loss"]
    assert loss["b"] == pytest.approx(np.log(4))
    assert loss["difference"]["value"] == pytest.approx(loss["a"] - loss["b"])
    lines = type("evaluate", "compare", "a.jsonl", "b.jsonl").stdout.splitlines()
    assert lines[:2] == ["A  a.jsonl(排序模型 overlap-1)", "B  b.jsonl(排序模型 blind-1)"]
    assert lines[3].split() == ["指标", "A", "B", "A−B", "95%", "区间", "p", "值", "结论"]
    score = next(line.split() for line in lines if line.startswith("得分"))
    assert (score[1:4], score[-2:]) == (["0.7500", "0.5455", "+0.2045"], ["0.500", "看不出差别"])


def test_the_better_of_two_is_named(
    type: Type, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    needs, pairs = tmp_path / "n.jsonl", tmp_path / "p.jsonl"

    def write(path: Path, lines: list[dict[str, object]]) -> None:
        path.write_text("\n".join(map(json.dumps, lines)), "utf-8")

    write(needs, [{"id": f"N{i}", "title": "隔膜" if i % 2 else "污水"} for i in range(8)])
    write(pairs, [{**LINES[4], "need_id": f"N{i}", "grade": 1 + i % 2} for i in range(8)])
    given = ("evaluate", "--pairs", pairs, "--needs", needs)
    assert type(*given, "--out", "a.jsonl").exit_code == 0
    monkeypatch.setattr(engine, "PairJudge", lambda views: Blind())
    assert type(*given, "--out", "b.jsonl").exit_code == 0
    verdicts = {}
    for order in (("a.jsonl", "b.jsonl"), ("b.jsonl", "a.jsonl")):
        lines = type("evaluate", "compare", *order).stdout.splitlines()
        verdicts[order[0]] = {
            line.split()[0]: line.rstrip().split("  ")[-1] for line in lines[4:12]
        }
    assert verdicts["a.jsonl"]["对数损失"] == "A 更好"
    assert verdicts["b.jsonl"]["对数损失"] == "B 更好"
    assert verdicts["a.jsonl"]["区分度"] == "—"


def test_other_pairs_and_other_files_are_refused(type: Type, pairs: Path, tmp_path: Path) -> None:
    assert type("evaluate", "--pairs", pairs, "--out", "a.jsonl").exit_code == 0
    pairs.write_text("\n".join(pairs.read_text("utf-8").splitlines()[1:]), "utf-8")
    assert type("evaluate", "--pairs", pairs, "--out", "b.jsonl").exit_code == 0
    result = type("evaluate", "compare", "a.jsonl", "b.jsonl")
    assert (result.exit_code, result.stderr) == (
        2,
        "✗ 两份预测不是同一批评分(6 对与 5 对),不能比较;"
        "例如需求 N1 与成果 A1(等级 4)只在其中一份里。请用同一份 --pairs 重新生成。\n",
    )
    result = type("evaluate", "compare", "a.jsonl", pairs)
    assert (result.exit_code, result.stderr) == (
        2, f"✗ {pairs} 不是 patmatch evaluate --out 写出的预测文件。\n"
    )  # fmt: skip


def test_a_folder_that_is_not_there_is_told_before_the_work(type: Type, pairs: Path) -> None:
    result = type("evaluate", "--pairs", pairs, "--out", "no/a.jsonl")
    assert (result.exit_code, result.stderr) == (
        2, "✗ 文件夹 no 不存在。请先建好,或换一个位置。\n"
    )  # fmt: skip
