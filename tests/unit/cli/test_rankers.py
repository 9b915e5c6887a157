"""rank train, list and restore, as typed."""

import json
from collections.abc import Callable
from pathlib import Path

from typer.testing import Result

Type = Callable[..., Result]


def test_a_few_grades_are_not_enough_and_nothing_changes(type: Type, tmp_path: Path) -> None:
    pairs = tmp_path / "pairs.jsonl"
    line = {"need_id": "N1", "achievement_id": "A1", "title": "隔膜", "grade": 4}
    pairs.write_text(json.dumps(line, ensure_ascii=False), "utf-8")
    shown = type("rank", "train", "--pairs", pairs)
    assert (shown.exit_code, shown.stderr) == (0, "")
    assert shown.stdout.splitlines()[0].rstrip() == "新的评分  1 对,1 条需求"
    assert "新的评分太少(至少要 30 对、6 条需求)" in shown.stdout.replace("\n", "")
    told = json.loads(type("rank", "train", "--pairs", pairs, "--json").stdout)
    assert (told["replaced"], told["reason"], told["in_force"]) == (False, "too_few", "shipped")


def test_without_answers_there_is_nothing_to_learn_from(type: Type) -> None:
    shown = type("rank", "train")
    assert shown.exit_code != 0
    assert "还没有可用于训练的评分" in shown.stderr


def test_the_shipped_ranker_is_in_force_until_another_is(type: Type) -> None:
    assert type("rank", "list").stdout.split() == ["正在用", "随软件提供的模型"]
    assert json.loads(type("rank", "list", "--json").stdout) == {"in_force": "shipped", "kept": []}
    missing = type("rank", "restore", "abc")
    assert missing.exit_code != 0
    assert "没有名为“abc”的排序模型。已保存的有:没有。" in missing.stderr
    assert "已启用随软件提供的排序模型" in type("rank", "restore").stdout
