"""What every command shares: `--home` and `--json`, the filter options, and the one place where
an error becomes a message and an exit code."""

import inspect
import json
import sys
from collections.abc import Callable
from datetime import date, datetime
from pathlib import Path
from typing import Annotated, Any

import typer

from matcher.errors import BadFilter, MatcherError

Option = typer.Option
HOME = Annotated[
    Path | None,
    Option("--home", help="数据文件夹;不写则用 PATMATCH_HOME,再不然用系统的数据目录。"),
]
JSON = Annotated[bool, Option("--json", help="以 JSON 输出,供程序读取。")]
Texts = list[str] | None
PANEL = "筛选(可多次给出;同一项满足任一即可,不同项须都满足)"


def _filter(help: str, *names: str) -> Any:
    return Option(*names, help=help, rich_help_panel=PANEL)


FILTERS: dict[str, Any] = {
    "industry": Annotated[Texts, _filter("行业:代码或名称,任何层级,如 C38、电池制造。")],
    "region": Annotated[Texts, _filter("地区:代码、名称或区域群,如 41、郑州市、长三角。")],
    "park": Annotated[Texts, _filter("专利所在园区,名称的一部分即可。")],
    "applicant": Annotated[Texts, _filter("申请人或权利人,名称的一部分即可。")],
    "kind": Annotated[Texts, _filter("专利类型:发明、实用新型、外观设计。")],
    "legal_status": Annotated[Texts, _filter("法律状态:有效、审中、失效、未知。")],
    "ipc": Annotated[Texts, _filter("分类号开头,如 H01M、H01M10/05。")],
    "licence_mode": Annotated[Texts, _filter("许可方式:独占许可、排他许可、普通许可、开放许可。")],
    "transfer_mode": Annotated[Texts, _filter("转化方式:转让、许可、作价入股。")],
    "pay_later": Annotated[
        bool | None, _filter("是否先使用后付费。", "--pay-later/--no-pay-later")
    ],
    "price_max": Annotated[float | None, _filter("价格上限(万元);面议的不在内。")],
    "trl_min": Annotated[int | None, _filter("技术成熟度下限,1–9。")],
    "trl_max": Annotated[int | None, _filter("技术成熟度上限,1–9。")],
    "filed_from": Annotated[str | None, _filter("申请日起,如 2018-01-01。")],
    "filed_to": Annotated[str | None, _filter("申请日止,如 2023-12-31。")],
    "score_min": Annotated[float | None, _filter("契合度下限,低于它的不列出。")],
}


def framed(function: Callable[..., object], *, filters: bool = False) -> Callable[..., None]:
    """A command with `--home` and `--json` (also before its name) and, if asked, the filter
    options, which reach `function` as `home`, `as_json` and `wanted`; its result is not used."""
    own = [
        item.replace(kind=inspect.Parameter.KEYWORD_ONLY)
        for item in inspect.signature(function).parameters.values()
        if item.name not in ("home", "as_json", "wanted")
    ]
    added = {name: (kind, None) for name, kind in FILTERS.items()} if filters else {}
    extra = {**added, "home": (HOME, None), "as_json": (JSON, False)}

    def run(**given: Any) -> None:
        root = given.pop("ctx").find_root().params
        given["home"] = given["home"] or root.get("home")
        given["as_json"] = as_json = given["as_json"] or bool(root.get("as_json"))
        try:
            if filters:
                from matcher.cli.wanted import filter_from

                chosen = {name: given.pop(name) for name in FILTERS}
                given["wanted"] = filter_from(chosen)
            function(**given)
        except MatcherError as error:
            say_error(error, as_json)
            raise typer.Exit(error.exit_code) from error

    made = [
        inspect.Parameter(name, inspect.Parameter.KEYWORD_ONLY, default=value, annotation=kind)
        for name, (kind, value) in extra.items()
    ]
    context = inspect.Parameter(
        "ctx", inspect.Parameter.POSITIONAL_OR_KEYWORD, annotation=typer.Context
    )
    run.__signature__ = inspect.Signature([context, *own, *made])  # type: ignore[attr-defined]
    run.__name__ = function.__name__
    run.__doc__ = function.__doc__
    return run


def say_error(error: MatcherError, as_json: bool) -> None:
    """The message on standard error; as one JSON object when programs listen."""
    if as_json:
        print(json.dumps(error.data(), ensure_ascii=False, default=str), file=sys.stderr)
    else:
        typer.secho(f"✗ {error.message}", fg="red", err=True)


def day(text: str | None) -> date | None:
    """A date typed as 2018-01-01.  :raises BadFilter: it is none."""
    if text is None:
        return None
    try:
        return datetime.strptime(text.strip().replace("/", "-"), "%Y-%m-%d").date()
    except ValueError:
        raise BadFilter(f"“{text}”不是日期。请写成 2018-01-01 的样子。") from None
