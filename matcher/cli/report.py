"""What an import did, as people read it."""

from collections.abc import Iterator, Mapping

from rich.console import Console
from rich.text import Text

from matcher.cli.style import Rows
from matcher.imports import ImportReport
from matcher.ingest.headers import ListKind, synonyms
from matcher.ingest.listing import TableInfo
from matcher.normalise.fold import Outcome
from matcher.text.labels import FLAGS

NOUNS: Mapping[ListKind, str] = {"patent": "专利", "need": "需求", "feedback": "反馈"}
OUTCOMES: Mapping[Outcome, str] = {
    "new": "新增", "updated": "更新", "merged": "合并", "unchanged": "无变化",
    "outdated": "已有更晚的", "unanswered": "未作答",
}  # fmt: skip
CHANGES = frozenset(("new", "updated", "merged"))
FIRST = 5
Pairs = Iterator[tuple[str, Text | str]]


def show_report(report: ImportReport, screen: Console) -> None:
    """What was recognised, what became of the rows, and the first rows that came back."""
    state = "试读,什么也没有写入" if report.dry_run else "已导入"
    screen.print(Text.assemble((report.source, "bold"), ("  " + state, "dim")))
    screen.print(Rows(_lines(report), indent=2))


def _lines(report: ImportReport) -> Pairs:
    for table in report.tables:
        yield "识别", _recognised(table)
        if report.dry_run:
            yield from _columns(report, table)
    for table in report.tables:
        if table.columns.unknown:
            yield "未用的列", _listed(table.columns.unknown, 8)
        for hint in table.columns.hints:
            yield "提示", hint
    yield "结果", _result(report)
    if report.flagged:
        yield (
            "请留意",
            "、".join(f"{FLAGS[code]} {n}" for code, n in sorted(report.flagged.items())),
        )
    for note in report.notes:
        yield "说明", note
    for rejection in report.rejections[:FIRST]:
        row, problem = rejection.row, rejection.problems[0]
        where = f"{row.sheet} 第 {row.number} 行" if row.sheet else f"第 {row.number} 行"
        yield "退回", f"{where}:{problem.reason}。{problem.advice}。"
    if len(report.rejections) > FIRST:
        yield "退回", f"另有 {len(report.rejections) - FIRST} 行,都在待修正表里。"


def _recognised(table: TableInfo) -> Text:
    columns = table.columns
    parts = [
        f"工作表“{table.sheet}”" if table.sheet else "",
        columns.dialect or "通用清单",
        f"表头在第 {columns.header_row} 行" if columns.header_row else "按字段名读取",
        f"{table.rows} 行数据",
    ]
    return Text(" · ".join(part for part in parts if part))


def _columns(report: ImportReport, table: TableInfo) -> Pairs:
    known = synonyms(report.kind).fields
    for field, groups in table.columns.fields.items():
        names = "、".join(table.columns.headers[i] for group in groups for i in group)
        yield "读作", Text.assemble(known[field].label, (" ← ", "dim"), names)
    if table.columns.unused:
        yield "不需要的列", _listed(table.columns.unused, 12)


def _result(report: ImportReport) -> Text:
    told = Text(f"共 {report.rows} 行{NOUNS[report.kind]}:")
    counts = [
        f"{'将' if report.dry_run and key in CHANGES else ''}{label} {report.outcomes[key]}"
        for key, label in OUTCOMES.items()
        if report.outcomes.get(key)
    ]
    told.append(",".join(counts) or "没有可用的行")
    if report.rejections:
        told.append(f",退回 {len(report.rejections)}", style="red")
    return told


def _listed(names: tuple[str, ...], most: int) -> str:
    rest = f" 等 {len(names)} 列" if len(names) > most else ""
    return "、".join(names[:most]) + rest


def show_next(reports: list[ImportReport], screen: Console) -> None:
    """After a trial read: how to go on."""
    kind = reports[0].kind
    unknown = [name for report in reports for t in report.tables for name in t.columns.unknown]
    screen.print()
    if unknown:
        fields = [f"{item.name}({item.label})" for item in synonyms(kind).fields.values()]
        told = f"未用的列如有用,请加 --map 列名=字段,例如 --map {unknown[0]}={_example(kind)}。"
        screen.print(Rows([("下一步", told), ("可用的字段", "、".join(fields))]))
    screen.print(Rows([("下一步", "列都对了,就去掉 --dry-run 再运行一次,正式导入。")]))


def _example(kind: ListKind) -> str:
    return {"patent": "abstract", "need": "content", "feedback": "grade"}[kind]
