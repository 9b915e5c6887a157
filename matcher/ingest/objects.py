"""JSON: an array of objects, an object that holds one, or one object a line."""

import json
from collections.abc import Iterable
from typing import Any

from matcher.errors import UnreadableFile
from matcher.ingest.handout import NOTE, is_handout, spread
from matcher.ingest.tables import Fault, Table
from matcher.ingest.workbook import cell_text


def read_objects(text: str, name: str, notes: tuple[str, ...] = ()) -> list[Table]:
    """One table whose headers are the keys, in order of first appearance.

    :raises UnreadableFile: not one object could be read."""
    entries, faults = _whole(text)
    if entries is None:
        entries, faults = _lines(text)
    if not entries and faults:
        raise UnreadableFile(
            f"“{name}”看起来是 JSON,但没有一行能读懂:第 {faults[0].number} 行{faults[0].reason}。",
            path=name,
        )
    if is_handout(entries):
        entries, faults = spread(entries, faults)
        notes = (*notes, NOTE)
    keys = list(dict.fromkeys(key for _, entry in entries for key in entry))
    last = max([number for number, _ in entries] + [fault.number for fault in faults], default=0)
    rows: list[tuple[str, ...]] = [()] * (last + 1)
    rows[0] = tuple(map(_scrub, keys))
    for number, entry in entries:
        rows[number] = tuple([_scrub(json_text(entry.get(key))) for key in keys])
    return [Table(source=name, sheet="", rows=rows, first=0, notes=notes, faults=tuple(faults))]


def json_text(value: Any) -> str:
    """A JSON value as text: a list joined by "; ", an object as JSON, the rest as a cell."""
    if isinstance(value, list):
        return "; ".join(filter(None, map(json_text, value)))
    if isinstance(value, dict):
        return json.dumps(value, ensure_ascii=False, sort_keys=True)
    return str(value) if type(value) is int else cell_text(value)


Entries = list[tuple[int, dict[str, Any]]]


def _whole(text: str) -> tuple[Entries | None, list[Fault]]:
    try:
        value = json.loads(text)
    except (ValueError, RecursionError):
        return None, []
    if isinstance(value, dict):
        value = next((v for v in value.values() if _is_records(v)), [value])
    return _sort_out(enumerate(value, 1))


def _lines(text: str) -> tuple[Entries, list[Fault]]:
    entries: list[tuple[int, Any]] = []
    faults: list[Fault] = []
    for number, line in enumerate(text.split("\n"), 1):
        if not (bare := line.strip().removesuffix(",")):
            continue
        try:
            entries.append((number, json.loads(bare)))
        except (ValueError, RecursionError):
            faults.append(Fault(number, bare[:200], "不是合法的 JSON"))
    good, bad = _sort_out(entries)
    return good, sorted([*faults, *bad], key=lambda fault: fault.number)


def _sort_out(entries: Iterable[tuple[int, Any]]) -> tuple[Entries, list[Fault]]:
    good: Entries = []
    faults: list[Fault] = []
    for number, value in entries:
        if isinstance(value, dict):
            good.append((number, value))
        else:
            faults.append(Fault(number, str(value)[:200], "不是 JSON 对象({…})"))
    return good, faults


def _is_records(value: Any) -> bool:
    return isinstance(value, list) and bool(value) and all(isinstance(v, dict) for v in value)


def _scrub(text: str) -> str:
    if text.isascii():
        return text
    try:
        text.encode("utf-8")
    except UnicodeEncodeError:
        return text.encode("utf-8", "replace").decode("utf-8")
    return text
