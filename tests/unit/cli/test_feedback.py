"""`feedback add`: reports, counts in `stats`, and whose answers they are stays in the home."""

import json
import logging
from collections.abc import Callable
from pathlib import Path

import pytest
from openpyxl import load_workbook
from typer.testing import Result

Type = Callable[..., Result]
MEMBRANE, LAMP, WATER = "CN202010000001.1", "CN201910000002.3", "CN202110000003.5"
HEAD = "需求编号,专利号,评分,答复,拒绝原因,专家"
LINES = (
    f"N1,{MEMBRANE},强相关,愿意对接,,欧阳评审",
    f"N1,{LAMP},1,,方向不符,欧阳评审",
    f"N2,{WATER},●●●○,暂不,太贵,司徒企业",
    f"N2,{LAMP},9,,,司徒企业",
    f"N2,{MEMBRANE},,,,司徒企业",
)
NAMES = ("欧阳评审", "司徒企业")


@pytest.fixture
def filled(tmp_path: Path, typed: Type, files: tuple[Path, Path]) -> Type:
    """Types a command at a home of its own that holds patents and needs."""
    home = tmp_path / "filled"
    typed("--home", home, "patents", "add", files[0])
    typed("--home", home, "needs", "add", files[1])
    return lambda *words: typed("--home", home, *words)


@pytest.fixture
def answers(tmp_path: Path) -> Path:
    """A list of answers with one bad row and one that nobody filled in."""
    path = tmp_path / "反馈.csv"
    path.write_text("\n".join([HEAD, *LINES, ""]), "utf-8")
    return path


def test_answers_are_reported_and_again_nothing_is_new(filled: Type, answers: Path) -> None:
    first = filled("feedback", "add", answers, "--rejects", "退回.csv")
    assert (first.exit_code, first.stderr) == (0, "")
    assert first.stdout.rstrip("\n").splitlines() == [
        "反馈.csv  已导入",
        "  识别  通用清单 · 表头在第 1 行 · 5 行数据",
        "  结果  共 5 行反馈:新增 3,未作答 1,退回 1",
        "  退回  第 5 行:评分“9”认不出来。"
        "请写 4(强相关)、3(较强相关)、2(弱相关)或 1(无相关)后再导入。",
        "  退回的行已写到 退回.csv。改好后再导入它即可,不会重复。",
    ]
    again = filled("feedback", "add", answers, "--rejects", "退回.csv").stdout
    assert "  结果  共 5 行反馈:无变化 3,未作答 1,退回 1\n" in again


def test_json_tells_counts_and_nothing_of_the_rows(
    filled: Type, answers: Path, tmp_path: Path
) -> None:
    rejects = tmp_path / "退回.xlsx"
    result = filled("feedback", "add", answers, "--json", "--rejects", rejects)
    assert (result.exit_code, result.stderr) == (0, "")
    assert json.loads(result.stdout) == [
        {
            "source": "反馈.csv", "dry_run": False, "rows": 5,
            "outcomes": {"new": 3, "unanswered": 1}, "rejected": {"bad_grade": 1},
            "rejects_file": str(rejects),
        }
    ]  # fmt: skip
    sheet = load_workbook(rejects).worksheets[0]
    assert [cell.value or "" for cell in sheet[2]][:6] == ["N2", LAMP, "9", "", "", "司徒企业"]


def test_a_trial_read_shows_the_columns_and_changes_nothing(filled: Type, answers: Path) -> None:
    told = filled("feedback", "add", answers, "--dry-run").stdout
    assert "  结果  共 5 行反馈:将新增 3,未作答 1,退回 1\n" in told
    assert "拒绝原因 ← 拒绝原因\n" in told
    assert json.loads(filled("stats", "--json").stdout)["feedback"] == 0


def test_statistics_count_answers_by_grade_reply_and_refusal(filled: Type, answers: Path) -> None:
    before = json.loads(filled("stats", "--json").stdout)
    filled("feedback", "add", answers, "--rejects", "r.csv")
    told = json.loads(filled("stats", "--json").stdout)
    assert told["feedback"] == 3
    assert {name: rows for name, rows in told["tables"].items() if "反馈" in name} == {
        "反馈:评分": [["4 强相关", 1], ["3 较强相关", 1], ["1 无相关", 1]],
        "反馈:答复": [["愿意对接", 1], ["暂不", 1]],
        "反馈:拒绝原因": [["价格或许可方式不合", 1], ["方向不符", 1]],
    }
    assert told["snapshot"] == before["snapshot"]
    lines = filled("stats").stdout.splitlines()
    assert lines[0] == "专利 3 件,需求 2 条,反馈 3 条。"
    assert "     1  4 强相关" in lines


def test_answers_make_no_new_index(filled: Type, answers: Path) -> None:
    filled("feedback", "add", answers, "--rejects", "r.csv")
    assert filled("match", "隔膜", "-k", 1).stderr == ""


def test_a_column_is_named_by_hand_and_remembered(filled: Type, tmp_path: Path) -> None:
    path = tmp_path / "别的.csv"
    path.write_text(f"需求编号,专利号,满意\nN1,{MEMBRANE},3\n", "utf-8")
    failed = filled("feedback", "add", path)
    assert (failed.exit_code, failed.stdout) == (2, "")
    assert "只差一列:评分或答复或拒绝原因" in failed.stderr
    assert "新增 1" in filled("feedback", "add", path, "--map", "满意=评分").stdout
    assert "无变化 1" in filled("feedback", "add", path).stdout


def test_who_answered_is_in_no_output_log_or_export(
    filled: Type, answers: Path, tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.DEBUG)
    said = [
        filled("feedback", "add", answers, "--rejects", tmp_path / "退回.csv"),
        filled("feedback", "add", answers, "--dry-run"),
        filled("feedback", "add", answers, "--json"),
        filled("stats"),
        filled("stats", "--json"),
        filled("show", "N1", "--json"),
        filled("match", "--need", "N1", "--json"),
    ]
    out = [tmp_path / f"o.{kind}" for kind in ("xlsx", "csv", "jsonl", "parquet")]
    said += [filled("batch", "--out", path) for path in out]
    assert [result.exit_code for result in said] == [0] * len(said)
    texts = [result.output for result in said] + [caplog.text]
    texts += [out[1].read_text("utf-8"), out[2].read_text("utf-8")]
    texts += [str(list(sheet.values)) for sheet in load_workbook(out[0])]
    assert [name for name in NAMES for text in texts if name in text] == []
    assert not any(name.encode() in out[3].read_bytes() for name in NAMES)
