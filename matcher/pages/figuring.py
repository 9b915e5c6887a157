"""数据: what became of matches, for the bureau of all, for the others of their own: figures with
their change, funnel, heat map, flows, reasons of refusal, and every table as a workbook."""

import json
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Annotated, Any, ClassVar
from urllib.parse import urlencode

from fastapi import APIRouter, Query, Response
from pydantic import BaseModel

from matcher.access.policy import may
from matcher.export.simple import Sheet, workbook
from matcher.pages.frame import Page, Visit, VisitDep, attached, rendered
from matcher.pages.leads import FIGURES
from matcher.web.figures import (
    UNSAID,
    By,
    Facts,
    Funnel,
    Group,
    MatchFigures,
    china_time,
    facts_of,
    grouped_by,
)
from matcher.web.figures import Figure as FigureName

router = APIRouter(include_in_schema=False)
SCRIPTS = ("echarts.min.js", "figures.js", "site.js")
WORDS: Mapping[By, str] = {"month": "月份", "region": "地区", "park": "园区", "industry": "行业",
                           "company": "企业", "centre": "高校"}  # fmt: skip
SIX: tuple[FigureName, ...] = ("pushed", "read", "agreed", "meeting", "contract", "filed")
"""The figures of a funnel."""
SIDES = (("supply", "供给(专利)"), ("demand", "需求"))
HEAD = (*(word for _, word in SIDES), *FIGURES.values(), "签约率")
LINES: tuple[FigureName, ...] = ("pushed", "agreed", "contract")
ROWS = 200  # of the table, on a page
MOST = 20  # flows, industries in a picture


Cell = tuple[str, str]  # what it says, and where its matches are, "" where nowhere


@dataclass(frozen=True, slots=True, kw_only=True)
class Figure:
    """A number with its change since last month, and where its matches are, "" where they are not
    for this caller."""

    word: str
    count: int
    month: int
    change: str
    address: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Chart:
    """A picture: `data` is what the script draws; the table beside it says the same."""

    title: str
    how: str
    data: str
    head: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class FiguresPage(Page):
    """数据."""

    TEMPLATE: ClassVar[str] = "figures.html"

    everything: bool
    six: tuple[Figure, ...]
    charts: tuple[Chart, ...]
    by: str
    choices: tuple[tuple[str, str, bool], ...]
    head: tuple[str, ...]
    rows: tuple[tuple[Cell, ...], ...]
    more: str


class FiguresAsk(BaseModel):
    """The address of the figures: grouped by what, and from which group on."""

    by: By = "month"
    at: Annotated[int, Query(ge=0, le=10**6)] = 0


@router.get("/figures")
def figures(visit: VisitDep, asked: Annotated[FiguresAsk, Query()]) -> Any:
    """All of them."""
    facts = facts_of(visit.desk, visit.caller)
    by_month = grouped_by(visit.desk, facts, "month")
    grouped = by_month if asked.by == "month" else grouped_by(visit.desk, facts, asked.by)
    rest = grouped.groups[asked.at :]
    shown, left = rest[:ROWS], rest[ROWS:]
    return rendered(FiguresPage(
        frame=visit.frame("数据", scripts=SCRIPTS), everything=facts.everything,
        six=tuple(_six(visit, by_month)), charts=tuple(_charts(visit, facts, by_month)),
        by=WORDS[asked.by], head=(WORDS[asked.by], *HEAD),
        rows=tuple(tuple(_cells(visit, asked.by, one)) for one in shown),
        more=f"/figures?by={asked.by}&at={asked.at + ROWS}#table" if left else "",
        choices=tuple((word, f"/figures?by={by}#table", by == asked.by)
                      for by, word in WORDS.items()),
    ))  # fmt: skip


@router.get("/figures/export")
def export(visit: VisitDep) -> Response:
    """Every table as a workbook."""
    facts = facts_of(visit.desk, visit.caller)
    sheets = []
    for by, word in WORDS.items():
        told = grouped_by(visit.desk, facts, by)
        sheets.append(Sheet(f"按{word}", (word, *HEAD), [_row(one) for one in told.groups]))
    reasons = [(one.name, one.count) for one in told.refusals]
    sheets.append(Sheet("拒绝原因", ("原因", "次数"), reasons))
    flows = [(centre, park, count) for (centre, park), count in _flows(facts).most_common()]
    sheets.append(Sheet("高校到园区", ("高校", "园区", "推送"), flows))
    return attached(workbook(sheets), "数据.xlsx")


def _six(visit: Visit, told: MatchFigures) -> Sequence[Figure]:
    now = china_time(visit.desk.now)
    this = now.strftime("%Y-%m")
    last = f"{now.year - (now.month == 1)}-{(now.month - 2) % 12 + 1:02d}"
    months = {one.name: one for one in told.groups}
    found = []
    for name in SIX:
        here, before = (_of(months.get(month), name) for month in (this, last))
        change = f"比上月{'多' if here > before else '少'} {abs(here - before)}"
        count = getattr(told.total, name)
        found.append(Figure(
            word=FIGURES[name], count=count, month=here,
            change=change if here != before else "与上月相同",
            address=_place(visit, {"figure": name}) if count else "",
        ))  # fmt: skip
    return found


def _place(visit: Visit, told: Mapping[str, str]) -> str:
    """Where the matches behind a figure are listed, "" for who may not follow them."""
    return f"/leads?{urlencode(told)}" if may(visit.caller, "follow") else ""


def _cells(visit: Visit, by: By, one: Group) -> list[Cell]:
    """A row of the table; a figure opens to its matches."""
    cells = [(str(cell), "") for cell in _row(one)]
    for at, name in enumerate(FIGURES, len(SIDES) + 1):
        text, _ = cells[at]
        if text != "0":
            cells[at] = (text, _place(visit, {"figure": name, "by": by, "of": one.name}))
    return cells


def _of(one: Funnel | None, name: str) -> int:
    return 0 if one is None else int(getattr(one, name))


def _charts(visit: Visit, facts: Facts, told: MatchFigures) -> Sequence[Chart]:
    charts = [_funnel(told.total), _months(told.groups)]
    if facts.everything:
        by_industry = grouped_by(visit.desk, facts, "industry").groups
        if by_industry:
            charts.append(_heat(by_industry))
    flows = _flows(facts)
    if flows:
        charts.append(_flow(flows))
    if told.refusals:
        names = [one.name for one in told.refusals]
        counts = [one.count for one in told.refusals]
        data = {"kind": "bars", "names": names, "values": counts}
        charts.append(_chart(
            "为什么说“暂不”", "条越长,这个原因越常见;先从最长的改起。", data, ("原因", "次数"),
            list(zip(names, counts, strict=True)),
        ))  # fmt: skip
    return charts


def _funnel(total: Funnel) -> Chart:
    rows = [(FIGURES[name], getattr(total, name)) for name in SIX]
    data = {"kind": "funnel", "names": [word for word, _ in rows],
            "values": [count for _, count in rows]}  # fmt: skip
    how = "从上到下,每一层是走到这一步的匹配数;收得最快的一层,就是最该改进的一步。"
    return _chart("从推送到备案", how, data, ("阶段", "匹配数"), rows)


def _months(groups: Sequence[Group]) -> Chart:
    shown = sorted(groups, key=lambda one: one.name)[-12:]
    data: dict[str, Any] = {
        "kind": "lines", "names": [one.name for one in shown],
        "lines": [(FIGURES[name], [_of(one, name) for one in shown]) for name in LINES],
    }  # fmt: skip
    rows = [(one.name, one.pushed, one.agreed, one.contract) for one in shown]
    how = "按推送的月份看;近几个月的还在进行中,后面几步会继续增加。"
    return _chart("按月", how, data, ("月份", "推送", "双方愿意", "签约"), rows)


def _heat(groups: Sequence[Group]) -> Chart:
    shown = sorted(groups, key=lambda one: -(one.supply or 0) - 10 * (one.demand or 0))[:MOST]
    rows = [(one.name, one.supply or 0, one.demand or 0, one.pushed) for one in shown]
    data = {"kind": "heat", "names": [row[0] for row in rows],
            "columns": ["供给(专利)", "需求", "推送"],
            "values": [list(row[1:]) for row in rows]}  # fmt: skip
    how = "颜色越深数量越多(每列各自比较);需求深而供给浅的行业,是要去找专利的地方。"
    return _chart("行业 × 供需", how, data, ("行业", "供给", "需求", "推送"), rows)


def _flow(flows: Counter[tuple[str, str]]) -> Chart:
    rows = [(*pair, count) for pair, count in flows.most_common(MOST)]
    data = {"kind": "flow", "links": rows}
    how = "左边是高校,右边是园区,带子越宽,推送越多。"
    return _chart("从高校到园区", how, data, ("高校", "园区", "推送"), rows)


def _flows(facts: Facts) -> Counter[tuple[str, str]]:
    return Counter((facts.names[one.centre], one.park or UNSAID) for one in facts.leads)


def _chart(
    title: str, how: str, data: Mapping[str, Any], head: tuple[str, ...],
    rows: Sequence[Sequence[Any]],
) -> Chart:  # fmt: skip
    return Chart(
        title=title, how=how, data=json.dumps(data, ensure_ascii=False), head=head,
        rows=tuple(tuple(map(str, row)) for row in rows),
    )  # fmt: skip


def _row(one: Group) -> tuple[str | int, ...]:
    counts = [getattr(one, name) for name in (*(name for name, _ in SIDES), *FIGURES)]
    share = f"{100 * one.contract / one.pushed:.0f}%" if one.pushed else "—"
    return (one.name, *("—" if count is None else count for count in counts), share)
