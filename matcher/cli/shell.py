"""The outermost frame: streams that can carry Chinese, Chinese words for wrong usage, and the
one place where any error becomes a message and an exit code."""

import difflib
import io
import json
import os
import re
import sys
from collections.abc import Sequence
from typing import Any, Never

import typer
from typer.core import TyperCommand, TyperGroup

from matcher.cli.help import describe, help_text
from matcher.errors import BadInput, MatcherError

# typer carries its own copy of click under a private name; these are the same classes.
Usage: type = typer.BadParameter.__mro__[1]
Foreign: type = typer.BadParameter.__mro__[2]
INTERRUPTED = 130


class Command(TyperCommand):
    """A command whose help is ours."""

    def format_help(self, ctx: Any, formatter: Any) -> None:
        formatter.write(help_text(self, ctx))


class Group(TyperGroup):
    """A group of commands: help and errors are ours, whatever typer's version says."""

    def format_help(self, ctx: Any, formatter: Any) -> None:
        formatter.write(help_text(self, ctx))

    def resolve_command(self, ctx: Any, args: list[str]) -> Any:
        name = args[0]
        if name.startswith("-") or self.get_command(ctx, name) is not None:
            return super().resolve_command(ctx, args)
        near = difflib.get_close_matches(name, self.commands)
        told = f"您是不是想用 {'、'.join(near)}?" if near else ""
        listed = "、".join(self.commands)
        raise BadInput(f"没有“{name}”这个命令。{told}可用的命令:{listed}。")

    def main(self, args: Sequence[str] | None = None, *_: Any, **extra: Any) -> Never:
        """Run, and leave with an exit code of the error tree."""
        speak_chinese()
        given = list(sys.argv[1:] if args is None else args)
        extra["standalone_mode"] = False
        try:
            code = super().main(given, **extra)
        except KeyboardInterrupt:
            code = INTERRUPTED
        except Exception as error:
            if os.environ.get("PATMATCH_DEBUG") and not isinstance(error, (Foreign, MatcherError)):
                raise
            code = _told(error, "--json" in given)
        if code == INTERRUPTED:
            say("已中断。没有写下半途的内容:做完的部分已保存,其余的再运行一次即可。")
        sys.exit(code if isinstance(code, int) else 0)


def speak_chinese() -> None:
    """Make standard output and error carry Chinese: a stream whose encoding cannot (ASCII,
    Latin-1, a Western code page) is written in UTF-8, a stray character becomes a question mark
    instead of an error."""
    for stream in (sys.stdout, sys.stderr):
        if not isinstance(stream, io.TextIOWrapper):
            continue
        try:
            "专利".encode(stream.encoding)
        except (UnicodeEncodeError, LookupError):
            stream.reconfigure(encoding="utf-8")
        stream.reconfigure(errors="replace")


def say(text: str, *, style: str = "") -> None:
    """One line on standard error, in colour where a person reads."""
    typer.secho(text, fg=style or None, err=True)


def say_error(error: MatcherError, as_json: bool) -> None:
    """The message on standard error; as one JSON object when programs listen."""
    if as_json:
        text = json.dumps(error.data(), ensure_ascii=False, default=str)
        print(text.encode("utf-8", "replace").decode(), file=sys.stderr)
    else:
        say(f"✗ {error.message}", style="red")


def _told(error: Exception, as_json: bool) -> int:
    name = type(error).__name__
    if name == "NoArgsIsHelpError":
        typer.echo(str(error))
        return 2
    if isinstance(error, typer.Abort):
        return INTERRUPTED
    if isinstance(error, Foreign):
        error = _translated(error)
    elif not isinstance(error, MatcherError):
        error = MatcherError(
            f"程序内部出错({name}),您的数据没有改动。"
            "请设 PATMATCH_DEBUG=1 再运行一次,把屏幕上的内容发给维护者。"
        )
    assert isinstance(error, MatcherError)
    say_error(error, as_json)
    return error.exit_code


def _translated(error: Any) -> BadInput:
    """typer's complaint about the command line, in Chinese, with where to read more."""
    ctx = getattr(error, "ctx", None)
    told = _complaint(error)
    where = f"用法见 {ctx.command_path} --help。" if ctx is not None else ""
    return BadInput(told + where)


def _complaint(error: Any) -> str:
    param = getattr(error, "param", None)
    match type(error).__name__:
        case "MissingParameter":
            return f"缺少{describe(param)}。"
        case "BadParameter":
            return f"{describe(param)}的值不对{_typed(error)}。"
        case "NoSuchOption":
            near = getattr(error, "possibilities", None) or []
            meant = f"您是不是想写 {'、'.join(sorted(near))}?" if near else ""
            return f"没有 {error.option_name} 这个选项。{meant}"
        case "BadOptionUsage" | "BadArgumentUsage":
            no_value = "does not take" in str(error.message)
            lack = "不带值" if no_value else "后面要写一个值"
            return f"选项 {getattr(error, 'option_name', '')} {lack}。"
    surplus = re.search(r"extra argument.*\((.*)\)$", str(error.message), re.DOTALL)
    if surplus:
        return f"多出了“{surplus.group(1)}”。一段文字里有空格时请用引号括起来。"
    return "没有写命令。" if "command" in str(error.message).lower() else "命令的写法不对。"


def _typed(error: Any) -> str:
    """What the user typed for a value that was refused, if typer tells."""
    cause = getattr(error, "__cause__", None)
    listed = cause.errors() if cause is not None and hasattr(cause, "errors") else []
    return f":“{listed[0].get('input')}”" if listed else ""
