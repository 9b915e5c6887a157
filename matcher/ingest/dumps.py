"""Two text dumps with one field a line: CNKI's `Title-题名: …` and the gazette disc's
`<REC>` with `<名称>=…`."""

import re

from matcher.ingest.tables import Table

_CNKI_LINE = re.compile(r"^([A-Za-z]+-[^\s:：]{1,12}|DataType)[:：][ \t]?(.*)$")
_CNKI_FIRST = re.compile(r"^SrcDatabase-|^Title-题名", re.MULTILINE)
_DISC_LINE = re.compile(r"^<([^<>=]{1,30})>=(.*)$")


def is_cnki(start: str) -> bool:
    """Whether a text begins like CNKI's own export."""
    return bool(_CNKI_FIRST.match(start))


def is_gazette(start: str) -> bool:
    """Whether a text begins like a dump of the gazette disc."""
    return start.startswith("<REC>") or bool(_DISC_LINE.match(start.split("\n", 1)[0]))


def read_cnki(text: str, name: str, notes: tuple[str, ...] = ()) -> Table:
    """A record starts where its first key comes again; lines without a key continue a value."""
    return _table(text, name, notes, line=_CNKI_LINE)


def read_gazette(text: str, name: str, notes: tuple[str, ...] = ()) -> Table:
    """A record starts at `<REC>`; lines without a key continue a value."""
    return _table(text, name, notes, line=_DISC_LINE)


def _table(text: str, name: str, notes: tuple[str, ...], *, line: re.Pattern[str]) -> Table:
    records = _records(text, line)
    keys = list(dict.fromkeys(key for record in records for key in record))
    rows = [tuple(keys)]
    rows += [tuple([record.get(key, "").strip() for key in keys]) for record in records]
    return Table(source=name, sheet="", rows=rows, first=0, notes=notes)


def _records(text: str, line: re.Pattern[str]) -> list[dict[str, str]]:
    records: list[dict[str, str]] = []
    record: dict[str, str] = {}
    marked = "<REC>" in text
    key = ""
    for raw in text.split("\n"):
        match = line.match(raw)
        if raw.strip() == "<REC>":
            record, key = {}, ""
        elif match and (not record or (not marked and match[1] in record)):
            key = match[1]
            record = {key: match[2]}
            records.append(record)
        elif match:
            key = match[1]
            record[key] = f"{record[key]}; {match[2]}" if key in record else match[2]
        elif key:
            record[key] += f"\n{raw}"
    return records
