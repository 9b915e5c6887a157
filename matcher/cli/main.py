"""`patmatch`: the commands, each parse, call, render."""

import sys
from pathlib import Path
from typing import Annotated

import typer

from matcher import __version__
from matcher.cli.frame import HOME, JSON, Texts, framed

Option, Argument = typer.Option, typer.Argument
app = typer.Typer(
    name="patmatch",
    help="把高校专利与中小企业的技术需求对接起来:导入清单 → 匹配 → 说明理由 → 导出。",
    no_args_is_help=True,
    add_completion=False,
    rich_markup_mode="rich",
    pretty_exceptions_enable=False,
)
patents_app = typer.Typer(help="专利清单", no_args_is_help=True)
needs_app = typer.Typer(help="技术需求", no_args_is_help=True)
index_app = typer.Typer(help="索引", no_args_is_help=True)
app.add_typer(patents_app, name="patents")
app.add_typer(needs_app, name="needs")
app.add_typer(index_app, name="index")

FILES = Annotated[list[Path], Argument(help="清单文件:XLSX、XLS、CSV、TSV、JSONL。")]
MAP = Annotated[
    list[str] | None, Option("--map", help="指明不认识的列,如 --map 专利题名=title;会被记住。")
]
DRY = Annotated[bool, Option("--dry-run", help="只试读:显示识别出的列和结果,不写入。")]
REJECTS = Annotated[
    Path | None, Option("--rejects", help="退回的行写到这里(.xlsx 或 .csv),改好可再次导入。")
]
K = Annotated[int, Option("-k", min=1, max=1000, help="每条需求给出几项。")]


def patents_add(
    files: FILES, *, map: MAP = None, dry_run: DRY = False, rejects: REJECTS = None,
    home: Path | None, as_json: bool,
) -> None:  # fmt: skip
    """导入专利清单。可一次给出多个文件;重复导入只更新,不会重复。"""
    from matcher.cli.work import add

    add("patent", files, (map or [], dry_run, rejects), home, as_json)


def needs_add(
    files: FILES, *, map: MAP = None, dry_run: DRY = False, rejects: REJECTS = None,
    home: Path | None, as_json: bool,
) -> None:  # fmt: skip
    """导入技术需求:需求征集表,或只有标题和内容的清单。"""
    from matcher.cli.work import add

    add("need", files, (map or [], dry_run, rejects), home, as_json)


def match(
    text: Annotated[str | None, Argument(help="用平常的话写出技术需求。")] = None, *,
    need: Annotated[str | None, Option("--need", help="为这条需求找专利。")] = None,
    patent: Annotated[str | None, Option("--patent", help="为这件专利找需求。")] = None,
    for_needs: Annotated[bool, Option("--needs", help="用文字找需求,而不是找专利。")] = False,
    k: K = 10,
    explain: Annotated[bool, Option("--explain", help="列出得分项。")] = False,
    wanted: object, home: Path | None, as_json: bool,
) -> None:  # fmt: skip
    """为一段文字、一条需求或一件专利找出最合适的对象,并说明理由。"""
    from matcher.cli.work import find

    find((text, need, patent, for_needs), k, wanted, explain, home, as_json)


def batch(
    *, out: Annotated[Path, Option("--out", help="写到:.xlsx、.csv、.jsonl 或 .parquet。")],
    k: K = 10,
    need_park: Annotated[Texts, Option("--need-park", help="只做这些园区的需求。")] = None,
    need_region: Annotated[Texts, Option("--need-region", help="只做这些地区的需求。")] = None,
    need_industry: Annotated[Texts, Option("--need-industry", help="只做这些行业的需求。")] = None,
    wanted: object, home: Path | None, as_json: bool,
) -> None:  # fmt: skip
    """为全部需求匹配专利,写成可以发出去的文件。"""
    from matcher.cli.work import run_batch

    chosen = {"park": need_park, "region": need_region, "industry": need_industry}
    run_batch(out, k, (wanted, chosen), home, as_json)


def show(
    id: Annotated[str, Argument(help="专利号或需求编号。")], *, home: Path | None, as_json: bool
) -> None:
    """显示一件专利或一条需求的全部内容。"""
    from matcher.cli.look import show_record

    show_record(id, home, as_json)


def stats(*, home: Path | None, as_json: bool) -> None:
    """统计:专利、需求按地区、行业、类型、状态的数量,以及索引的状态。"""
    from matcher.cli.look import show_stats

    show_stats(home, as_json)


def rebuild(*, home: Path | None, as_json: bool) -> None:
    """重建索引。平时不需要:数据变了会自动重建。"""
    from matcher.cli.work import rebuild_index

    rebuild_index(home, as_json)


def diff(
    old: Annotated[Path, Argument(help="旧的 JSONL 导出。")],
    new: Annotated[Path, Argument(help="新的 JSONL 导出。")],
    *, home: Path | None, as_json: bool,
) -> None:  # fmt: skip
    """比较两次导出:新出现的、消失的、名次变了的。"""
    from matcher.cli.look import show_difference

    show_difference(old, new, as_json)


def _version(wanted: bool) -> None:
    if wanted:
        print(f"patent-matcher {__version__}")
        raise typer.Exit


@app.callback()
def root(
    version: Annotated[
        bool, Option("--version", callback=_version, is_eager=True, help="显示版本。")
    ] = False,
    home: HOME = None,
    as_json: JSON = False,
) -> None:
    """把高校专利与中小企业的技术需求对接起来:导入清单 → 匹配 → 说明理由 → 导出。"""


patents_app.command("add")(framed(patents_add))
needs_app.command("add")(framed(needs_add))
app.command("match")(framed(match, filters=True))
app.command("batch")(framed(batch, filters=True))
app.command("show")(framed(show))
app.command("stats")(framed(stats))
index_app.command("rebuild")(framed(rebuild))
app.command("diff")(framed(diff))


def main() -> None:
    """Entry point: anything not foreseen becomes one Chinese sentence, not a traceback."""
    from typer import rich_utils

    rich_utils.ARGUMENTS_PANEL_TITLE = "参数"
    rich_utils.OPTIONS_PANEL_TITLE = "选项"
    rich_utils.COMMANDS_PANEL_TITLE = "命令"
    rich_utils.ERRORS_PANEL_TITLE = "用法不对"
    try:
        app()
    except Exception as error:
        import os

        if os.environ.get("PATMATCH_DEBUG"):
            raise
        typer.secho(
            f"✗ 程序内部出错({type(error).__name__}),您的数据没有改动。"
            "请设 PATMATCH_DEBUG=1 再运行一次,把屏幕上的内容发给维护者。",
            fg="red",
            err=True,
        )
        sys.exit(1)
