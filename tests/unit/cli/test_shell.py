"""The outermost frame: exit codes, JSON errors, encodings, Ctrl-C."""

import io
import json
import os
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from typer.testing import Result

from matcher import errors
from matcher.cli import look
from matcher.cli.plain import print_json
from matcher.cli.shell import speak_chinese

Type = Callable[..., Result]
KINDS = [
    kind
    for kind in vars(errors).values()
    if isinstance(kind, type) and issubclass(kind, errors.MatcherError)
]


def raising(error: BaseException) -> Any:
    def fail(*_: object) -> None:
        raise error

    return fail


@pytest.mark.parametrize("kind", KINDS)
def test_every_error_leaves_with_its_own_code(
    kind: type[errors.MatcherError], monkeypatch: pytest.MonkeyPatch, typed: Type
) -> None:
    monkeypatch.setattr(look, "show_stats", raising(kind("出了事。", path="a.csv")))
    result = typed("stats")
    assert (result.exit_code, result.stdout) == (kind.exit_code, "")
    assert result.stderr == "✗ 出了事。\n"
    told = typed("stats", "--json")
    assert (told.exit_code, told.stdout) == (kind.exit_code, "")
    assert json.loads(told.stderr) == {
        "error": kind.__name__, "message": "出了事。", "path": "a.csv",
    }  # fmt: skip


def test_wrong_usage_is_json_too(typed: Type) -> None:
    assert json.loads(typed("show", "--json").stderr) == {
        "error": "BadInput",
        "message": "缺少编号(专利号或需求编号)。用法见 patmatch show --help。",
    }


def test_what_was_not_foreseen_is_one_sentence(
    monkeypatch: pytest.MonkeyPatch, typed: Type
) -> None:
    monkeypatch.delenv("PATMATCH_DEBUG")
    monkeypatch.setattr(look, "show_stats", raising(ZeroDivisionError()))
    result = typed("stats")
    assert result.exit_code == 1
    assert result.stderr == (
        "✗ 程序内部出错(ZeroDivisionError),您的数据没有改动。"
        "请设 PATMATCH_DEBUG=1 再运行一次,把屏幕上的内容发给维护者。\n"
    )


def test_a_developer_sees_the_traceback(monkeypatch: pytest.MonkeyPatch, typed: Type) -> None:
    monkeypatch.setattr(look, "show_stats", raising(ZeroDivisionError()))
    assert isinstance(typed("stats").exception, ZeroDivisionError)


def test_an_interrupt_says_that_nothing_is_half_done(
    monkeypatch: pytest.MonkeyPatch, typed: Type
) -> None:
    monkeypatch.setattr(look, "show_stats", raising(KeyboardInterrupt()))
    result = typed("stats")
    assert (result.exit_code, result.stdout) == (130, "")
    assert result.stderr == ("已中断。没有写下半途的内容:做完的部分已保存,其余的再运行一次即可。\n")


def run(encoding: str, *words: str) -> subprocess.CompletedProcess[bytes]:
    code = "from matcher.cli.main import main; main()"
    environ = {**os.environ, "PYTHONIOENCODING": encoding, "PYTHONUTF8": "0", "LC_ALL": "C"}
    return subprocess.run(
        [sys.executable, "-c", code, *words], capture_output=True, env=environ, check=False
    )


@pytest.mark.parametrize(
    ("encoding", "written"),
    [("ascii", "utf-8"), ("latin-1", "utf-8"), ("cp1252", "utf-8"), ("gbk", "gbk")],
)
def test_no_code_page_stops_the_chinese(encoding: str, written: str) -> None:
    done = run(encoding, "stats", "--help")
    assert done.stdout.decode(written).startswith("用法:patmatch stats [选项]")
    wrong = run(encoding, "shwo")
    assert wrong.returncode == 2
    assert "没有“shwo”这个命令" in wrong.stderr.decode(written)


def test_json_is_the_same_in_every_encoding(monkeypatch: pytest.MonkeyPatch) -> None:
    for encoding in ("utf-8", "gbk", "ascii"):
        raw = io.BytesIO()
        monkeypatch.setattr(sys, "stdout", io.TextIOWrapper(raw, encoding=encoding))
        print_json({"名称": "隔膜²", "path": Path("a").name})
        sys.stdout.flush()
        assert json.loads(raw.getvalue()) == {"名称": "隔膜²", "path": "a"}


def test_a_strange_letter_is_no_error(monkeypatch: pytest.MonkeyPatch) -> None:
    raw = io.BytesIO()
    monkeypatch.setattr(sys, "stdout", io.TextIOWrapper(raw, encoding="gbk"))
    speak_chinese()
    print("隔膜🙂\udc80", end="")
    sys.stdout.flush()
    assert raw.getvalue() == "隔膜??".encode("gbk")
