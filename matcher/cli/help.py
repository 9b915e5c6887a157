"""`--help` in Chinese: usage, what the command does, its arguments, options and commands."""

from collections.abc import Iterable
from typing import Any

from rich.console import Console
from rich.text import Text

from matcher.cli.fold import Folded
from matcher.cli.style import TEAL, Rows, console

TYPES = {"float": "数字", "int": "整数", "Path": "文件"}
HELP = "显示这段说明。"


def help_text(command: Any, ctx: Any) -> str:
    """The help of a command or group of typer, as wide and as coloured as the terminal."""
    screen = console()
    with screen.capture() as captured:
        _show(command, ctx, screen)
    return captured.get()


def _show(command: Any, ctx: Any, screen: Console) -> None:
    usage = " ".join([ctx.command_path, *_pieces(command, ctx)])
    screen.print(Text.assemble(("用法:", "bold"), usage))
    if command.help:
        screen.print(Folded(command.help.strip()))
    panels: dict[str, list[tuple[str, str]]] = {}
    for param in command.get_params(ctx):
        named = getattr(param, "rich_help_panel", None)
        panel = named or ("参数" if param.param_type_name == "argument" else "选项")
        panels.setdefault(panel, []).append((_label(param), _told(param, ctx)))
    for name in sorted(panels, key=lambda name: name not in ("参数", "选项")):
        _panel(name, panels[name], screen)
    listed = getattr(command, "commands", {})
    if listed:
        _panel("命令", list(_commands(listed)), screen)


def describe(param: Any) -> str:
    """A parameter as an error names it: its name and what it is for."""
    if param is None:
        return "参数"
    if param.param_type_name == "argument":
        return f"{_metavar(param)}({_plain(param.help)})"
    return f"{'/'.join(param.opts)}({_plain(param.help)})"


def _pieces(command: Any, ctx: Any) -> Iterable[str]:
    for param in command.get_params(ctx):
        if param.param_type_name == "argument":
            name = _metavar(param)
            yield name if param.required else f"[{name}]"
        elif param.required:
            yield f"{param.opts[0]} {_metavar(param)}"
    yield "[选项]"
    if getattr(command, "commands", None):
        yield "[命令 …]" if command.invoke_without_command else "命令 …"


def _label(param: Any) -> str:
    if param.param_type_name == "argument":
        return _metavar(param)
    names = ", ".join([*param.opts, *param.secondary_opts])
    return names if getattr(param, "is_flag", False) else f"{names} {_metavar(param)}"


def _metavar(param: Any) -> str:
    name: str = param.metavar or TYPES.get(_type(param), "文字")
    return name


def _type(param: Any) -> str:
    shape = getattr(getattr(param, "type_descriptor", None), "annotation", None)
    return getattr(shape, "__name__", "")


def _told(param: Any, ctx: Any) -> str:
    if "--help" in param.opts:
        return HELP
    told = _plain(param.help)
    default = param.get_default(ctx) if param.param_type_name == "option" else None
    shown = default is not None and default != () and not isinstance(default, bool)
    notes = ["必填" if param.required else "", f"默认 {default}" if shown else ""]
    listed = "、".join(note for note in notes if note)
    return f"{told}({listed})。" if listed else f"{told}。"


def _plain(help: str | None) -> str:
    return (help or "").rstrip("。")


def _commands(listed: Any) -> Iterable[tuple[str, str]]:
    for name, command in listed.items():
        inner = getattr(command, "commands", {})
        if inner:
            if command.invoke_without_command:
                yield name, command.help
            for child, leaf in inner.items():
                yield f"{name} {child}", leaf.help
        else:
            yield name, command.help


def _panel(name: str, rows: list[tuple[str, str]], screen: Console) -> None:
    screen.print()
    screen.print(Text(name, style="bold"))
    screen.print(Rows([(label, told.strip()) for label, told in rows], indent=2, style=TEAL))
