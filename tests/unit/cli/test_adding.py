"""`patents add` and `needs add`: reports, trial reads, unknown columns, refused rows, JSON."""

import json
from collections.abc import Callable
from pathlib import Path

import pytest
from openpyxl import load_workbook
from typer.testing import Result

Type = Callable[..., Result]
STRANGE = "成果的叫法,公告的号,讲了什么\n一种弹壳,CN190007777B,一种用于测试的弹壳结构\n"
SAID = ("--map", "成果的叫法=title", "--map", "公告的号=publication_number")


@pytest.fixture
def fresh(tmp_path: Path, typed: Type) -> Type:
    """Types a command at a home that a test may change."""
    return lambda *words: typed("--home", tmp_path / "fresh", *words)


@pytest.fixture
def strange(tmp_path: Path) -> Path:
    """A list whose headers nobody knows."""
    path = tmp_path / "strange.csv"
    path.write_text(STRANGE, "utf-8")
    return path


@pytest.fixture
def broken(tmp_path: Path, files: tuple[Path, Path]) -> Path:
    """The list of patents with a wrong check digit in its first row."""
    path = tmp_path / "broken.csv"
    text = files[0].read_text("utf-8")
    path.write_text(text.replace("CN202010000001.1", "CN202010000001.2"), "utf-8")
    return path


def test_a_list_is_reported_and_again_nothing_is_new(fresh: Type, files: tuple[Path, Path]) -> None:
    first = fresh("patents", "add", files[0])
    assert (first.exit_code, first.stderr) == (0, "")
    assert first.stdout.splitlines() == [
        "patents.csv  已导入",
        "  识别  高校专利盘点表 · 表头在第 1 行 · 3 行数据",
        "  结果  共 3 行专利:新增 3",
        "",
        "索引已更新,新编码文本 6 段。",
    ]
    again = fresh("patents", "add", files[0]).stdout.splitlines()
    assert again[2:] == ["  结果  共 3 行专利:无变化 3", "", "索引已更新,新编码文本 0 段。"]


def test_a_trial_read_shows_every_column_and_changes_nothing(
    fresh: Type, files: tuple[Path, Path]
) -> None:
    told = fresh("patents", "add", files[0], "--dry-run").stdout.splitlines()
    assert told[0] == "patents.csv  试读,什么也没有写入"
    assert told[2] == "  读作  申请号 ← 申请号"
    assert "        标题 ← 名称" in told
    assert "  结果  共 3 行专利:将新增 3" in told
    assert told[-1] == "下一步  列都对了,就去掉 --dry-run 再运行一次,正式导入。"
    assert json.loads(fresh("stats", "--json").stdout)["patents"] == 0


def test_unknown_columns_are_named_and_what_is_said_of_them_is_remembered(
    fresh: Type, strange: Path
) -> None:
    failed = fresh("patents", "add", strange)
    assert (failed.exit_code, failed.stdout) == (2, "")
    assert "成果的叫法" in failed.stderr
    trial = fresh("patents", "add", strange, *SAID, "--dry-run").stdout
    assert "  未用的列  讲了什么\n" in trial
    assert "--map 讲了什么=abstract" in trial
    assert "publication_number(公开(公告)号)" in trial
    assert "新增 1" in fresh("patents", "add", strange, *SAID).stdout
    assert "无变化 1" in fresh("patents", "add", strange).stdout


@pytest.mark.parametrize("said", ["a", "=title", "a=", "  =title"])
def test_a_map_of_another_form_is_refused(fresh: Type, strange: Path, said: str) -> None:
    result = fresh("patents", "add", strange, "--map", said)
    assert result.exit_code == 2
    assert result.stderr == (f"✗ --map 的写法不对:“{said}”。请写成 列名=字段,如 专利题名=title。\n")


def test_refused_rows_are_told_and_written_where_asked(
    fresh: Type, broken: Path, tmp_path: Path
) -> None:
    told = fresh("patents", "add", broken, "--rejects", tmp_path / "退回.xlsx").stdout
    assert "  结果  共 3 行专利:新增 2,退回 1\n" in told
    assert "  退回  第 2 行:申请号“CN202010000001.2”校验位不对" in told
    head, row = load_workbook(tmp_path / "退回.xlsx").worksheets[0].iter_rows(values_only=True)
    assert dict(zip(head, row, strict=True))["行号"] == "2"


def test_refused_rows_are_written_beside_when_no_place_is_named(
    fresh: Type, broken: Path, tmp_path: Path
) -> None:
    fresh("patents", "add", broken)
    assert (tmp_path / "broken-待修正.xlsx").is_file()


def test_two_lists_with_refused_rows_get_a_file_each(
    fresh: Type, broken: Path, tmp_path: Path
) -> None:
    other = tmp_path / "other.csv"
    other.write_bytes(broken.read_bytes())
    fresh("patents", "add", broken, other, "--rejects", tmp_path / "r.csv", "--dry-run")
    assert sorted(path.name for path in tmp_path.glob("r*.csv")) == [
        "r-broken.csv", "r-other.csv",
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("place", "message"),
    [
        ("r.txt", "--rejects 只能写 .xlsx 或 .csv 文件,不能写“r.txt”。"),
        ("nowhere/r.csv", "文件夹 nowhere 不存在。请先建好,或换一个位置。"),
    ],
)
def test_a_bad_place_for_refused_rows_is_named_before_anything_is_done(
    fresh: Type, files: tuple[Path, Path], place: str, message: str
) -> None:
    result = fresh("patents", "add", files[0], "--rejects", place)
    assert (result.exit_code, result.stdout, result.stderr) == (2, "", f"✗ {message}\n")
    assert json.loads(fresh("stats", "--json").stdout)["patents"] == 0


def test_a_file_that_cannot_be_read_does_not_keep_the_others_out(
    fresh: Type, files: tuple[Path, Path], tmp_path: Path
) -> None:
    result = fresh("patents", "add", tmp_path / "none.csv", files[0], "--json")
    assert result.exit_code == 2
    (report,) = json.loads(result.stdout)
    assert report["outcomes"] == {"new": 3}
    error = json.loads(result.stderr)
    assert error["error"] == "UnreadableFile"
    assert error["message"].endswith("\n其余 1 份文件不受影响,见上。")


def test_json_of_a_report(fresh: Type, broken: Path) -> None:
    result = fresh("patents", "add", broken, "--json", "--dry-run")
    assert result.stderr == ""
    (report,) = json.loads(result.stdout)
    assert sorted(report) == [
        "dry_run", "flagged", "notes", "outcomes", "problems", "rejected", "rejects_file",
        "rows", "source", "tables",
    ]  # fmt: skip
    assert (report["rows"], report["outcomes"], report["dry_run"]) == (3, {"new": 2}, True)
    (problem,) = report["problems"]
    assert (problem["row"], problem["problems"][0]["column"]) == (2, "申请号")
    (table,) = report["tables"]
    assert table["columns"]["title"] == ["名称"]
