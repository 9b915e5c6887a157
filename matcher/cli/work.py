"""The commands that do work: import, match, batch, rebuild."""

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from matcher.cli.plain import print_json
from matcher.cli.progress import bars
from matcher.cli.render import console, need_lines, patent_lines, show_answer, show_report
from matcher.cli.wanted import filter_from
from matcher.engine import Matcher
from matcher.errors import BadInput
from matcher.imports import ImportReport
from matcher.ingest.headers import ListKind
from matcher.ingest.rejects import write_rejects
from matcher.records import Answer

How = tuple[Sequence[str], bool, Path | None]
Asked = tuple[str | None, str | None, str | None, bool]


def add(kind: ListKind, files: Sequence[Path], how: How, home: Path | None, as_json: bool) -> None:
    """Import lists, write back what was refused, bring the index up to date."""
    mapping, dry_run, rejects = _mapping(how[0]), how[1], how[2]
    with Matcher.open(home) as matcher, bars(as_json) as progress:
        take = matcher.add_patents if kind == "patent" else matcher.add_needs
        reports = take(files, mapping=mapping, dry_run=dry_run)
        returned = _write_back(reports, rejects, dry_run)
        encoded = 0 if dry_run else matcher.refresh(progress=progress)
    if as_json:
        print_json([_summary(report, returned) for report in reports])
        return
    screen = console()
    for report in reports:
        show_report(report, screen)
    for path in returned.values():
        screen.print(f"待修正的行已写到 {path}。改好后再导入一次即可,不会重复。")
    if not dry_run:
        screen.print(f"索引已更新,新编码文本 {encoded} 段。")


def find(
    asked: Asked, k: int, wanted: Any, explain: bool, home: Path | None, as_json: bool
) -> None:
    """Match a text, a need or a patent."""
    text, need, patent, for_needs = asked
    if sum(value is not None for value in (text, need, patent)) != 1:
        raise BadInput("请给出一段文字,或 --need 编号,或 --patent 编号,三者选一。")
    with Matcher.open(home) as matcher, bars(as_json) as progress:
        matcher.refresh(progress=progress)
        if need is not None:
            answer = matcher.match_need(need, k=k, filter=wanted)
        elif patent is not None:
            answer = matcher.match_patent(patent, k=k, filter=wanted)
        else:
            side = "needs" if for_needs else "patents"
            answer = matcher.match(text or "", k=k, filter=wanted, side=side)
        found_needs = patent is not None or for_needs
        names = _names(matcher, answer, found_needs)
    if as_json:
        print_json(answer)
        return
    show_answer(
        answer,
        console(),
        lambda match: names[match.need_id if found_needs else match.patent_id],
        explain=explain,
    )


def run_batch(
    out: Path, k: int, filters: tuple[Any, Mapping[str, Any]], home: Path | None, as_json: bool
) -> None:
    """Match every chosen need and write one file."""
    wanted, needs = filters
    with Matcher.open(home) as matcher, bars(as_json) as progress:
        matcher.refresh(progress=progress)
        chosen = filter_from(needs)
        summary = matcher.export(out, k=k, filter=wanted, needs=chosen, progress=progress)
    if as_json:
        print_json({"file": str(out), "summary": summary})
    else:
        told = f"{summary.needs} 条需求、{summary.matches} 项匹配"
        console().print(f"已写好 {out}:{told},没有结果的需求 {summary.unmatched} 条。")


def rebuild_index(home: Path | None, as_json: bool) -> None:
    """Build the derived data again from the store."""
    with Matcher.open(home) as matcher, bars(as_json) as progress:
        encoded = matcher.refresh(rebuild=True, progress=progress)
    if as_json:
        print_json({"encoded": encoded})
    else:
        console().print(f"索引已重建,新编码文本 {encoded} 段。")


def _mapping(items: Sequence[str]) -> dict[str, str]:
    mapping = {}
    for item in items:
        name, equals, field = item.rpartition("=")
        if not equals or not name.strip() or not field.strip():
            raise BadInput(f"--map 的写法不对:“{item}”。请写成 列名=字段,如 专利题名=title。")
        mapping[name.strip()] = field.strip()
    return mapping


def _names(matcher: Matcher, answer: Answer, found_needs: bool) -> dict[str, tuple[str, str]]:
    if found_needs:
        needs = matcher.store.needs([match.need_id for match in answer.matches])
        return {need.id: need_lines(need) for need in needs}
    patents = matcher.store.patents([match.patent_id for match in answer.matches])
    return {patent.id: patent_lines(patent) for patent in patents}


def _write_back(
    reports: Sequence[ImportReport], rejects: Path | None, dry_run: bool
) -> dict[str, Path]:
    """The refused rows of each file as a list to correct, in the current folder unless named;
    by source.  They go to the user alone: the home keeps nothing of them."""
    bad = [report for report in reports if report.rejections]
    written = {}
    for number, report in enumerate(bad):
        if rejects is None and dry_run:
            continue
        if rejects is None:
            path = Path.cwd() / f"{Path(report.source).stem}-待修正.xlsx"
        elif len(bad) > 1:
            path = rejects.with_stem(f"{rejects.stem}-{number + 1}")
        else:
            path = rejects
        write_rejects(path, report.rejections, report.headers)
        written[report.source] = path
    return written


def _summary(report: ImportReport, returned: Mapping[str, Path]) -> dict[str, object]:
    return {
        "source": report.source,
        "dry_run": report.dry_run,
        "rows": report.rows,
        "outcomes": report.outcomes,
        "flagged": report.flagged,
        "rejected": report.rejected,
        "rejects_file": str(returned.get(report.source, "")),
        "problems": [
            {"sheet": item.row.sheet, "row": item.row.number, "problems": item.problems}
            for item in report.rejections
        ],
        "columns": {
            table.sheet: {
                field: [table.columns.headers[i] for group in groups for i in group]
                for field, groups in table.columns.fields.items()
            }
            for table in report.tables
        },
        "notes": report.notes,
    }
