"""Records as people read them in a terminal."""

from collections.abc import Callable, Mapping, Sequence

from rich.console import Console
from rich.panel import Panel
from rich.table import Table
from rich.text import Text

from matcher.imports import ImportReport
from matcher.ingest.headers import synonyms
from matcher.records import Answer, Evidence, Match, Need, Patent
from matcher.reference.regions import region
from matcher.text.labels import ASPECTS, FILTERS, FLAGS, PARTS

TEAL = "#0f766e"
OUTCOMES = {"new": "新增", "updated": "更新", "merged": "合并", "unchanged": "无变化"}


def console() -> Console:
    """The terminal; wide enough for Chinese prose when there is none."""
    found = Console(highlight=False, soft_wrap=False)
    return found if found.is_terminal else Console(highlight=False, width=100)


def show_report(report: ImportReport, screen: Console) -> None:
    """What was recognised, what became of the rows, and the first rows that came back."""
    noun = "专利" if report.kind == "patent" else "需求"
    title = f"{report.source}({'试读,未写入' if report.dry_run else '已导入'})"
    screen.print(Text(title, style="bold"))
    for table in report.tables:
        _show_columns(report, table.sheet, screen)
    done = "、".join(
        f"{label} {report.outcomes[key]}" for key, label in OUTCOMES.items() if report.outcomes[key]
    )
    screen.print(
        f"  共 {report.rows} 行{noun}:{done or '没有可用的行'};退回 {len(report.rejections)}"
    )
    if report.flagged:
        told = "、".join(f"{FLAGS[code]} {n}" for code, n in sorted(report.flagged.items()))
        screen.print(f"  请留意:{told}")
    for note in report.notes:
        screen.print(f"  · {note}")
    for rejection in report.rejections[:5]:
        row, problem = rejection.row, rejection.problems[0]
        where = f"{row.sheet} 第 {row.number} 行" if row.sheet else f"第 {row.number} 行"
        line = Text("  ✗ ", style="red")
        line.append(f"{where}:{problem.reason}。{problem.advice}。", style="default")
        screen.print(line)
    if len(report.rejections) > 5:
        screen.print(f"  ……另有 {len(report.rejections) - 5} 行,见待修正表。")


def _show_columns(report: ImportReport, sheet: str, screen: Console) -> None:
    (info,) = [table for table in report.tables if table.sheet == sheet]
    columns = info.columns
    place = f"工作表“{sheet}”," if sheet else ""
    kind = f"识别为{columns.dialect}" if columns.dialect else "不是已知数据库的导出"
    head = f"表头在第 {columns.header_row} 行" if columns.header_row else "按字段名读取"
    screen.print(f"  {place}{kind},{head},{info.rows} 行数据", style="dim")
    if report.dry_run:
        for field, groups in columns.fields.items():
            names = "、".join(columns.headers[i] for group in groups for i in group)
            label = synonyms(report.kind).fields[field].label
            screen.print(Text(f"    {label} ← {names}", style="dim"))
    if columns.unknown:
        listed = "、".join(columns.unknown[:8])
        screen.print(Text(f"  未使用的列:{listed}。如有用,可加 --map 列名=字段"))
    for hint in columns.hints:
        screen.print(Text(f"  提示:{hint}"))


def show_answer(
    answer: Answer, screen: Console, name: Callable[[Match], tuple[str, str]], *, explain: bool
) -> None:
    """A short list as cards; `name` gives a match's title and second line."""
    if not answer.matches:
        screen.print("没有找到合适的结果。")
    for match in answer.matches:
        screen.print(_card(match, name(match), explain=explain))
    _show_filters(answer, screen)


def _card(match: Match, named: tuple[str, str], *, explain: bool) -> Panel:
    title, line = named
    body = Text()
    body.append(title + "\n", style="bold")
    body.append(line + "\n", style="dim")
    for proof in match.evidence:
        body.append(f"{ASPECTS[proof.aspect]} ← {ASPECTS[proof.field]}:")
        body.append_text(marked(proof))
        body.append("\n")
    if match.missing:
        body.append("未提及:" + "、".join(match.missing) + "\n", style="dim")
    if match.risks:
        body.append("注意:" + "".join(risk.note for risk in match.risks) + "\n", style="yellow")
    if explain:
        for part in match.parts:
            body.append(f"  {PARTS[part.name]} {part.points:+.1f} 分\n", style="dim")
    body.rstrip()
    head = f"{match.rank}. 契合度 {match.score:.1f}"
    return Panel(body, title=head, title_align="left", border_style=TEAL, padding=(0, 1))


def marked(proof: Evidence) -> Text:
    """The sentence with the shared terms set off."""
    text = Text(f"「{proof.sentence}」")
    for start, end in proof.marks:
        text.stylize(f"bold {TEAL}", start + 1, end + 1)
    return text


def _show_filters(answer: Answer, screen: Console) -> None:
    if not answer.removals:
        return
    told = "、".join(f"{FILTERS[item.field]}去掉 {item.removed}" for item in answer.removals)
    screen.print(f"筛选后剩 {answer.passed}/{answer.total}:{told}", style="dim")
    if answer.relax:
        gain = next(item.blocked for item in answer.removals if item.field == answer.relax)
        label = FILTERS[answer.relax]
        more = f"可多看到 {gain} 项" if gain else "也许能看到更多"
        screen.print(f"所剩不多。放宽“{label}”{more}。")


def patent_lines(patent: Patent) -> tuple[str, str]:
    """Title, and owner · kind · status · end · number in one line."""
    parts = [
        "、".join(party.name for party in patent.owners or patent.applicants),
        patent.kind or "",
        patent.legal_status if patent.legal_status != "未知" else "状态未知",
        f"至 {patent.expiry_date:%Y-%m}" if patent.expiry_date else "",
        f"TRL {patent.terms.trl}" if patent.terms.trl else "",
        "、".join(patent.terms.licence_modes),
        patent.id,
    ]
    return patent.title, " · ".join(part for part in parts if part)


def need_lines(need: Need) -> tuple[str, str]:
    """Title, and company · park · budget · number in one line."""
    parts = [need.company, need.park or "", place(need.region), need.budget_text, need.id]
    return need.title, " · ".join(part for part in parts if part)


def place(code: str | None) -> str:
    """The full name of a region code, or nothing."""
    found = region(code) if code else None
    return found.full_name if found else ""


def show_table(
    title: str, heads: Sequence[str], rows: Sequence[Sequence[str]], screen: Console
) -> None:
    """A small table; numbers in the last column to the right."""
    table = Table(title=title, title_justify="left", title_style="bold")
    for number, head in enumerate(heads):
        table.add_column(head, justify="right" if number == len(heads) - 1 else "left")
    for row in rows:
        table.add_row(*row)
    screen.print(table)


def show_fields(pairs: Mapping[str, str], screen: Console) -> None:
    """Label and value, a line each, blanks left out."""
    grid = Table.grid(padding=(0, 2))
    grid.add_column(style="dim", no_wrap=True)
    grid.add_column()
    for label, value in pairs.items():
        if value:
            grid.add_row(label, Text(value))
    screen.print(grid)
