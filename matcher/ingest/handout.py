"""Our own JSONL export, one need a line, as a list with one row a match."""

from collections.abc import Iterator
from typing import Any

from matcher.ingest.tables import Fault

Entries = list[tuple[int, dict[str, Any]]]
NOTE = "本系统导出的 JSONL:一项匹配算一行,行号是第几项匹配。"
_NEED = {"need_id": "need_id", "need_title": "need_title"}
_PATENT = {
    "patent_id": "patent_id", "title": "patent_title", "application_number": "application_number",
    "publication_numbers": "publication_numbers",
}  # fmt: skip
_OURS = frozenset(
    (
        "parts",
        "patent",
        "evidence",
        "checks",
        "missing",
        "risks",
        "predicted_grade",
        "chance",
        "chances",
    )
)


def is_handout(entries: Entries) -> bool:
    """Whether some entry is a need with its matches, as `export` writes it."""
    return any(_is_need(entry) for _, entry in entries)


def spread(entries: Entries, faults: list[Fault]) -> tuple[Entries, list[Fault]]:
    """One entry a match with what names its need and patent, and whatever was written into the
    match besides; the line of provenance is left out.  Entries and faults are numbered through."""
    found: Entries = []
    broken: list[Fault] = []
    number = 0
    lines: list[tuple[int, Any]] = [*entries, *((fault.number, fault) for fault in faults)]
    for _, line in sorted(lines, key=lambda pair: pair[0]):
        for item in _items(line):
            number += 1
            if isinstance(item, Fault):
                broken.append(Fault(number, item.text, item.reason))
            else:
                found.append((number, item))
    return found, broken


def _items(line: dict[str, Any] | Fault) -> Iterator[dict[str, Any] | Fault]:
    if isinstance(line, Fault) or not _is_need(line):
        if isinstance(line, Fault) or "provenance" not in line:
            yield line
        return
    need = {name: line["need"].get(key) for key, name in _NEED.items()}
    for match in line["matches"]:
        patent = match.get("patent") if isinstance(match, dict) else None
        if not isinstance(patent, dict):
            yield Fault(0, str(match)[:200], "不是一项完整的匹配")
            continue
        named = {name: patent.get(key) for key, name in _PATENT.items()}
        said = {key: value for key, value in match.items() if key not in _OURS}
        yield {**said, **need, **named}


def _is_need(entry: dict[str, Any]) -> bool:
    return isinstance(entry.get("need"), dict) and isinstance(entry.get("matches"), list)
