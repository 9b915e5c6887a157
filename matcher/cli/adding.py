"""The commands that import: every file by itself, the refused rows given back."""

from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path

from rich.console import Console

from matcher.cli.fold import Folded
from matcher.cli.plain import print_json
from matcher.cli.progress import bars
from matcher.cli.report import show_next, show_report
from matcher.cli.style import console
from matcher.engine import Matcher
from matcher.errors import BadInput, MatcherError
from matcher.imports import ImportReport
from matcher.ingest.headers import ListKind
from matcher.ingest.rejects import write_rejects
from matcher.library import Progress

How = tuple[Sequence[str], bool, Path | None]
Returned = Mapping[int, Path]


def add(kind: ListKind, files: Sequence[Path], how: How, home: Path | None, as_json: bool) -> None:
    """Import lists, write back what was refused, bring the index up to date.

    A file that cannot be used does not keep the others out: it is named at the end, and its
    error gives the exit code."""
    mapping, dry_run, rejects = _mapping(how[0]), how[1], how[2]
    _check(rejects)
    failed: list[MatcherError] = []
    with Matcher.open(home) as matcher, bars(as_json) as progress:
        reports = list(_take(matcher, kind, (files, mapping, dry_run), failed, progress))
        returned = _write_back(reports, rejects, dry_run)
        changed = bool(reports) and not dry_run and kind != "feedback"
        encoded = matcher.refresh(progress=progress) if changed else 0
    if as_json:
        print_json([_summary(report, returned.get(n)) for n, report in enumerate(reports)])
    else:
        _show(reports, returned, console())
        if changed:
            console().print(f"索引已更新,新编码文本 {encoded} 段。")
    if failed:
        raise _joined(failed, len(files))


def _take(
    matcher: Matcher,
    kind: ListKind,
    wanted: tuple[Sequence[Path], Mapping[str, str], bool],
    failed: list[MatcherError],
    progress: Progress,
) -> Iterable[ImportReport]:
    files, mapping, dry_run = wanted
    take = {
        "patent": matcher.add_patents, "need": matcher.add_needs, "feedback": matcher.add_feedback,
    }[kind]  # fmt: skip
    progress("导入文件", 0, len(files))
    for done, file in enumerate(files, 1):
        try:
            yield from take([file], mapping=mapping, dry_run=dry_run)
        except BadInput as error:
            failed.append(error)
        progress("导入文件", done, len(files))


def _joined(failed: Sequence[MatcherError], files: int) -> MatcherError:
    first = failed[0]
    told = "\n".join(error.message for error in failed)
    if files > len(failed):
        told += f"\n其余 {files - len(failed)} 份文件不受影响,见上。"
    joined = type(first)(told, **first.details)
    return joined if files > 1 else first


def _show(reports: list[ImportReport], returned: Returned, screen: Console) -> None:
    for number, report in enumerate(reports):
        show_report(report, screen)
        if number in returned:
            told = f"退回的行已写到 {returned[number]}。改好后再导入它即可,不会重复。"
            screen.print(Folded(f"  {told}"))
        screen.print()
    if reports and reports[0].dry_run:
        show_next(reports, screen)


def _mapping(items: Sequence[str]) -> dict[str, str]:
    mapping = {}
    for item in items:
        name, equals, field = item.rpartition("=")
        if not equals or not name.strip() or not field.strip():
            raise BadInput(f"--map 的写法不对:“{item}”。请写成 列名=字段,如 专利题名=title。")
        mapping[name.strip()] = field.strip()
    return mapping


def _check(rejects: Path | None) -> None:
    if rejects is None:
        return
    if rejects.suffix.lower() not in (".xlsx", ".csv"):
        raise BadInput(f"--rejects 只能写 .xlsx 或 .csv 文件,不能写“{rejects.name}”。")
    if not rejects.parent.is_dir():
        raise BadInput(f"文件夹 {rejects.parent} 不存在。请先建好,或换一个位置。")


def _write_back(reports: Sequence[ImportReport], rejects: Path | None, dry_run: bool) -> Returned:
    """The refused rows of each file as a list to correct, in the current folder unless named;
    by number of report.  They go to the user alone: the home keeps nothing of them."""
    bad = [(number, report) for number, report in enumerate(reports) if report.rejections]
    written: dict[int, Path] = {}
    for number, report in bad:
        stem = Path(report.source).stem
        if rejects is None and dry_run:
            continue
        if rejects is None:
            path = Path.cwd() / f"{stem}-待修正.xlsx"
        elif len(bad) > 1:
            path = rejects.with_stem(f"{rejects.stem}-{stem}")
        else:
            path = rejects
        if path in written.values():
            path = path.with_stem(f"{path.stem}-{number + 1}")
        write_rejects(path, report.rejections, report.headers)
        written[number] = path
    return written


def _summary(report: ImportReport, returned: Path | None) -> dict[str, object]:
    """The report as data; of answers the counts alone, for their cells may name people."""
    counts = {
        "source": report.source,
        "dry_run": report.dry_run,
        "rows": report.rows,
        "outcomes": report.outcomes,
        "rejected": report.rejected,
        "rejects_file": "" if returned is None else str(returned),
    }
    if report.kind == "feedback":
        return counts
    return {
        **counts,
        "flagged": report.flagged,
        "problems": [
            {"sheet": item.row.sheet, "row": item.row.number, "problems": item.problems}
            for item in report.rejections
        ],
        "tables": [
            {
                "sheet": table.sheet,
                "dialect": table.columns.dialect,
                "rows": table.rows,
                "columns": {
                    field: [table.columns.headers[i] for group in groups for i in group]
                    for field, groups in table.columns.fields.items()
                },
                "unknown": table.columns.unknown,
            }
            for table in report.tables
        ],
        "notes": report.notes,
    }
