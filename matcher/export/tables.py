"""CSV and JSONL: one flat row a match, or one line a need with all there is to say."""

import csv
import hashlib
import json
from collections.abc import Iterable, Mapping
from dataclasses import asdict, fields
from datetime import date
from pathlib import Path

from matcher.export.release import Shown
from matcher.export.rows import COLUMNS, Cell, flat_rows, match_row, need_row, patent_row
from matcher.matches import Match, Provenance
from matcher.text.labels import RISKS

FORMAT = "patmatch-matches/2"
RISKY = frozenset("=+-@\t\r＝＋－＠")


def write_csv(file: Path, answers: Iterable[Shown]) -> None:
    """UTF-8 with BOM, Chinese headings, one row a match; needs without a match have none.

    A text that a spreadsheet would take for a formula is led by a single quote."""
    with file.open("w", encoding="utf-8-sig", newline="") as stream:
        out = csv.writer(stream)
        out.writerow([column.label for column in COLUMNS])
        for shown in answers:
            for row in flat_rows(shown):
                out.writerow([_told(row[column.name]) for column in COLUMNS])


def _told(value: Cell) -> str | int | float:
    if value is None:
        return ""
    if isinstance(value, bool):
        return "是" if value else "否"
    if isinstance(value, date):
        return value.isoformat()
    return harmless(value) if isinstance(value, str) else value


def harmless(text: str) -> str:
    """The text, led by a single quote if a spreadsheet would take it for a formula."""
    risky = text[:1] in RISKY or text.lstrip()[:1] in RISKY
    return f"'{text}" if text and risky else text


def provenance_text(file: Path, provenance: Provenance) -> str:
    """What goes beside a CSV: its provenance and its SHA-256, so that the two stay together."""
    digest = hashlib.sha256(file.read_bytes()).hexdigest()
    return _line({"format": FORMAT, "provenance": provenance_data(provenance), "sha256": digest})


def write_jsonl(file: Path, answers: Iterable[Shown], provenance: Provenance) -> None:
    """First line `{"format", "provenance"}`, then one line a need, also without matches: the need,
    how many patents there were and passed, what each filter removed, and every match with
    its parts, patent, evidence (offsets and marks), checks, missing and risks.  Keys are sorted."""
    with file.open("w", encoding="utf-8", newline="\n") as stream:
        head = {"format": FORMAT, "provenance": provenance_data(provenance)}
        stream.write(_line(head))
        for shown in answers:
            stream.write(_line(_need_data(shown)))


def provenance_data(provenance: Provenance) -> dict[str, object]:
    """Provenance as plain data."""
    told = {item.name: getattr(provenance, item.name) for item in fields(provenance)}
    return {**told, "filters": dict(sorted(provenance.filters.items()))}


def _need_data(shown: Shown) -> dict[str, object]:
    need, answer = shown.need, shown.answer
    texts = {
        "main_problem": need.main_problem,
        "key_technology": need.key_technology,
        "expected_goal": need.expected_goal,
        "content": need.content,
        "level": need.level,
    }
    return {
        "need": {**need_row(need), **texts},
        "total": answer.total,
        "passed": answer.passed,
        "removals": [asdict(removal) for removal in answer.removals],
        "relax": answer.relax,
        "no_match": answer.no_match,
        "matches": [_match_data(match, shown) for match in answer.matches],
    }


def _match_data(match: Match, shown: Shown) -> dict[str, object]:
    figures = match_row(match)
    return {
        "rank": figures.pop("rank"),
        "predicted_grade": figures.pop("predicted_grade"),
        "chance": figures.pop("chance"),
        "chances": match.chances,
        "score": figures.pop("score"),
        "parts": figures,
        "patent": patent_row(shown.patents[match.patent_id]),
        "evidence": [asdict(proof) for proof in match.evidence],
        "checks": [asdict(check) for check in match.checks],
        "missing": match.missing,
        "risks": [
            {"code": risk.code, "label": RISKS[risk.code], "note": risk.note}
            for risk in match.risks
        ],
    }


def _line(data: Mapping[str, object]) -> str:
    text = json.dumps(data, ensure_ascii=False, sort_keys=True, default=_plain, allow_nan=False)
    return text + "\n"


def _plain(value: object) -> str:
    if isinstance(value, date):
        return value.isoformat()
    raise TypeError(type(value))
