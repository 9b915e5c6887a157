"""Matches to a file: XLSX to hand out, CSV and Parquet for tables, JSONL for programs and diff.

The same input gives the same bytes but for the time of making.  A file is written beside the
old one and takes its place when it is whole; whatever goes wrong, the old one stays."""

import errno
import os
import secrets
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from itertools import islice
from pathlib import Path

from matcher.errors import BadInput, Conflict
from matcher.export.release import Shown, release, release_patent
from matcher.matches import Answer, Provenance
from matcher.records import Need, Patent

Result = tuple[Need, Answer]
Fetch = Callable[[Sequence[str]], list[Patent]]
BATCH = 64
KINDS = (".xlsx", ".csv", ".jsonl", ".parquet")


@dataclass(frozen=True, slots=True)
class Summary:
    """What was written: needs in all, matches in all, needs without any match."""

    needs: int
    matches: int
    unmatched: int


def write(
    path: Path,
    results: Iterable[Result],
    patents: Fetch,
    provenance: Provenance,
) -> Summary:
    """Write all answers in the format that the suffix of `path` names.

    `patents` gives the patents for ids, in the order asked.  Needs without a suitable patent
    (`Answer.no_match`) are listed in the workbook's sheet of unmatched needs too.  A CSV gets its
    provenance in a file beside it, `NAME.csv.provenance.json`, since lines above the header would
    break every import.

    :raises BadInput: another suffix, no such folder, a folder that cannot be written to, a full
        disk, more rows than a spreadsheet holds.
    :raises Conflict: the existing file is held open by another program."""
    suffix = path.suffix.lower()
    if suffix not in KINDS:
        raise BadInput(
            f"不认识导出格式“{path.suffix or path.name}”。"
            "请用这四种扩展名之一:.xlsx(表格,供分发)、.csv、.jsonl、.parquet。",
            path=str(path),
        )
    tally = _Tally()
    shown = tally.count(_released(results, patents))
    if suffix == ".csv":
        from matcher.export.tables import provenance_text, write_csv

        with replacing(path.with_name(f"{path.name}.provenance.json")) as beside:
            with replacing(path) as part:
                write_csv(part, shown)
                told = provenance_text(part, provenance)
            beside.write_text(told, "utf-8", newline="\n")
    else:
        with replacing(path) as part:
            _write(suffix, part, shown, provenance)
    return Summary(tally.needs, tally.matches, tally.unmatched)


def _write(suffix: str, part: Path, shown: Iterable[Shown], provenance: Provenance) -> None:
    if suffix == ".xlsx":
        from matcher.export.workbook import write_workbook

        write_workbook(part, list(shown), provenance)
    elif suffix == ".jsonl":
        from matcher.export.tables import write_jsonl

        write_jsonl(part, shown, provenance)
    else:
        from matcher.export.parquet import write_parquet

        write_parquet(part, shown, provenance)


class _Tally:
    """Counts what passes through."""

    def __init__(self) -> None:
        self.needs = self.matches = self.unmatched = 0

    def count(self, answers: Iterable[Shown]) -> Iterator[Shown]:
        for shown in answers:
            self.needs += 1
            self.matches += len(shown.answer.matches)
            self.unmatched += not shown.answer.matches
            yield shown


def _released(results: Iterable[Result], patents: Fetch) -> Iterator[Shown]:
    """Answers as they may be seen, with their patents fetched for BATCH needs at a time."""
    waiting = iter(results)
    while batch := list(islice(waiting, BATCH)):
        ids = sorted({match.patent_id for _, answer in batch for match in answer.matches})
        known = {patent.id: release_patent(patent) for patent in patents(ids)} if ids else {}
        for need, answer in batch:
            yield release(need, answer, known)


@contextmanager
def replacing(path: Path) -> Iterator[Path]:
    """An empty file beside `path` to write to, which takes its place if no error passes."""
    if not path.parent.is_dir():
        raise BadInput(f"文件夹 {path.parent} 不存在。请先建好,或换一个位置。", path=str(path))
    if path.is_dir():
        raise BadInput(f"{path} 是文件夹,不能当作导出文件。请换一个文件名。", path=str(path))
    part = path.with_name(f".patmatch-{secrets.token_hex(6)}.part")
    try:
        part.touch(exist_ok=False)
    except OSError as error:
        raise BadInput(
            f"不能在文件夹 {path.parent} 中写文件。请检查权限,或换一个位置。", path=str(path)
        ) from error
    try:
        yield part
        _replace(part, path)
    except OSError as error:
        if error.errno != errno.ENOSPC:
            raise
        raise BadInput(
            "磁盘已满,没有写成;原来的文件没有改动。请腾出空间后再试。", path=str(path)
        ) from error
    finally:
        part.unlink(missing_ok=True)


def _replace(part: Path, path: Path) -> None:
    try:
        os.replace(part, path)
    except PermissionError as error:
        raise Conflict(
            f"{path.name} 正被另一个程序打开(可能是 Excel 或 WPS),没有写成;原来的文件没有改动。"
            "请关闭它后再试,或换一个文件名。",
            path=str(path),
        ) from error
