"""What every command shares: `--home`, `--json` and the filter options."""

import inspect
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Annotated, Any

import typer

from matcher.errors import BadInput

Option = typer.Option
HOME = Annotated[
    Path | None,
    Option(
        "--home",
        metavar="文件夹",
        help="数据放在哪里;不写则用环境变量 PATMATCH_HOME 或系统的数据目录。",
    ),
]
JSON = Annotated[bool, Option("--json", help="以 JSON 输出,供程序读取。")]
Texts = list[str] | None
PANEL = "筛选专利(同一项可写多次,满足任一即可;不同项须都满足)"


def _filter(
    help: str, *names: str, metavar: str | None = None, low: int | None = None,
    high: int | None = None,
) -> Any:  # fmt: skip
    return Option(*names, help=help, metavar=metavar, rich_help_panel=PANEL, min=low, max=high)


FILTERS: dict[str, Any] = {
    "industry": Annotated[
        Texts, _filter("行业:代码或名称,任何层级,如 C38、电池制造。", metavar="行业")
    ],
    "region": Annotated[
        Texts, _filter("地区:代码、名称或区域群,如 41、郑州市、长三角。", metavar="地区")
    ],
    "park": Annotated[Texts, _filter("专利所在园区,名称的一部分即可。", metavar="名称")],
    "applicant": Annotated[Texts, _filter("申请人或权利人,名称的一部分即可。", metavar="名称")],
    "kind": Annotated[Texts, _filter("专利类型:发明、实用新型、外观设计。", metavar="类型")],
    "legal_status": Annotated[Texts, _filter("法律状态:有效、审中、失效、未知。", metavar="状态")],
    "ipc": Annotated[Texts, _filter("分类号开头,如 H01M、H01M10/05。", metavar="分类号")],
    "licence_mode": Annotated[
        Texts, _filter("许可方式:独占许可、排他许可、普通许可、开放许可。", metavar="方式")
    ],
    "transfer_mode": Annotated[Texts, _filter("转化方式:转让、许可、作价入股。", metavar="方式")],
    "pay_later": Annotated[
        bool | None, _filter("是否先使用后付费。", "--pay-later/--no-pay-later")
    ],
    "price_max": Annotated[
        float | None, _filter("价格上限(万元);面议的不在内。", metavar="万元", low=0)
    ],
    "trl_min": Annotated[int | None, _filter("技术成熟度下限,1–9。", metavar="1–9", low=1, high=9)],
    "trl_max": Annotated[int | None, _filter("技术成熟度上限,1–9。", metavar="1–9", low=1, high=9)],
    "filed_from": Annotated[str | None, _filter("申请日起,如 2018-01-01。", metavar="日期")],
    "filed_to": Annotated[str | None, _filter("申请日止,如 2023-12-31。", metavar="日期")],
    "grade_min": Annotated[
        int | None,
        _filter(
            "等级下限,1–4(4 强相关,3 较强,2 弱),低于它的不列出。", metavar="1–4", low=1, high=4
        ),
    ],
}


def framed(function: Callable[..., object], *, filters: bool = False) -> Callable[..., None]:
    """A command with `--home` and `--json` (also before its name) and, if asked, the filter
    options, which reach `function` as `home`, `as_json` and `wanted`; its result is not used.
    As the callback of a group it does nothing when a command of the group is called."""
    own = [
        item.replace(kind=inspect.Parameter.KEYWORD_ONLY)
        for item in inspect.signature(function).parameters.values()
        if item.name not in ("home", "as_json", "wanted")
    ]
    added = {name: (kind, None) for name, kind in FILTERS.items()} if filters else {}
    extra = {**added, "home": (HOME, None), "as_json": (JSON, False)}

    def run(**given: Any) -> None:
        ctx = given.pop("ctx")
        if ctx.invoked_subcommand is not None:
            _refuse_options(ctx)
            return
        for outer in _above(ctx):
            given["home"] = given["home"] or outer.params.get("home")
            given["as_json"] = given["as_json"] or bool(outer.params.get("as_json"))
        if filters:
            from matcher.reference.wanted import filter_from

            given["wanted"] = filter_from({name: given.pop(name) for name in FILTERS})
        function(**given)

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


def _above(ctx: typer.Context) -> Iterator[Any]:
    """The groups that a command was called through, the nearest first."""
    outer = ctx.parent
    while outer is not None:
        yield outer
        outer = outer.parent


def _refuse_options(ctx: typer.Context) -> None:
    """Options of a group that the command called through it would not see."""
    for param in ctx.command.params:
        value = ctx.params.get(param.name or "")
        if param.name not in ("home", "as_json") and value != param.get_default(ctx):
            inner = f"{ctx.command_path} {ctx.invoked_subcommand}"
            raise BadInput(
                f"{param.opts[0]} 不能写在 {inner} 的命令名之前。用法见 {inner} --help。"
            )
