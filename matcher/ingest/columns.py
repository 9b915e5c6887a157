"""Which row is the header, and which column holds which field."""

import hashlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from matcher.errors import BadInput
from matcher.ingest.guess import guesses
from matcher.ingest.headers import (
    SURPLUS,
    FieldHeaders,
    ListKind,
    Synonyms,
    field_named,
    is_unused,
    place_of,
    plain,
    synonyms,
)
from matcher.ingest.tables import Table

SEARCH_ROWS = 60
UPRIGHT = "这张表的列名像是竖着排的(第一列是列名);请转置成一行一条记录、第一行是列名,再导入。"
IGNORE = frozenset({"忽略", "ignore", "不导入"})

Groups = tuple[tuple[int, ...], ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Columns:
    """What was recognised in one table.

    `header_row` is numbered as in `Table` (of a two-row header the lower one; None when no row
    looked like one), `fields` maps a canonical field to groups of 0-based column indices: the
    first group that is not blank in a row wins, the cells of a group are joined.  `unused` are
    headers we know and do not need, `unknown` the others; `surplus` are columns of a rejects
    file that hold what stuck out of a row.  `fingerprint` is the same for the same set of
    headers, in any order.  `dialect` is "" when no vendor's export fits."""

    kind: ListKind
    header_row: int | None
    headers: tuple[str, ...]
    fields: Mapping[str, Groups]
    unused: tuple[str, ...]
    unknown: tuple[str, ...]
    surplus: tuple[int, ...]
    dialect: str
    fingerprint: str
    usable: bool
    hints: tuple[str, ...]


def recognise(table: Table, kind: ListKind, *, mapping: Mapping[str, str] | None = None) -> Columns:
    """The columns of a table.  `mapping` is the user's header -> field, and wins over ours.

    :raises BadInput: a target of `mapping` is not a field."""
    known = synonyms(kind)
    chosen = _targets(mapping or {}, known)
    at, headers = _find_header(table, known, chosen)
    fields = _columns(headers, known, chosen)
    names = _named(headers)
    unused = tuple(h for h in names if _is_left(h, known, chosen))
    taken = {i for groups in fields.values() for group in groups for i in group}
    surplus = tuple(i for i, h in enumerate(headers) if plain(h).startswith(SURPLUS))
    unknown = {
        i: h for i, h in enumerate(headers)
        if h.strip() and i not in taken and not _is_left(h, known, chosen)
    }  # fmt: skip
    upright = _is_upright(table, known, len(fields))
    usable = at is not None and not upright and known.suffice(fields)
    hints = guesses(table.rows[(at or 0) + 1 :], unknown, known=known, have=frozenset(fields))
    if upright:
        hints = (*hints, UPRIGHT)
    return Columns(
        kind=kind,
        header_row=None if at is None else table.first + at,
        headers=headers,
        fields=fields,
        unused=unused,
        unknown=tuple(unknown.values()),
        surplus=surplus,
        dialect=_dialect(headers, known),
        fingerprint=fingerprint(headers),
        usable=usable,
        hints=hints,
    )


def fingerprint(headers: Sequence[str]) -> str:
    """sha256 of the set of normalised headers, independent of their order."""
    names = sorted({plain(header) for header in headers} - {""})
    return hashlib.sha256("\n".join(names).encode("utf-8", "replace")).hexdigest()


def labels(kind: ListKind) -> dict[str, str]:
    """Canonical field -> its Chinese label, in the order of the table."""
    return {name: spec.label for name, spec in synonyms(kind).fields.items()}


def _targets(mapping: Mapping[str, str], known: Synonyms) -> dict[str, str]:
    chosen: dict[str, str] = {}
    for header, target in mapping.items():
        field = "" if target.strip().lower() in IGNORE else field_named(target, known)
        if field is None:
            possible = "、".join(f"{name}({spec.label})" for name, spec in known.fields.items())
            raise BadInput(
                f"列“{header}”不能对应到“{target}”:没有这个字段。可用的字段有:{possible}。",
                column=header,
                target=target,
            )
        chosen[plain(header)] = field
    return chosen


def _find_header(
    table: Table, known: Synonyms, chosen: Mapping[str, str]
) -> tuple[int | None, tuple[str, ...]]:
    """The row with most known headers, one with a needed field before all others; two rows taken
    together when that makes more columns known."""
    rows = table.rows[: SEARCH_ROWS if table.first else 1]
    scores = [_score(row, known, chosen) for row in rows]
    best = max(scores, default=(False, 0, 0))
    if best[1] + best[2] == 0:
        first = next((row for row in rows if any(map(str.strip, row))), ())
        return None, tuple(map(str.strip, first))
    at = scores.index(best)
    headers = rows[at]
    for upper in (at, at - 1):
        if 0 <= upper < len(rows) - 1:
            pair = _paired(rows[upper], rows[upper + 1], known, chosen)
            if (score := _score(pair, known, chosen)) > best and score[1] > best[1]:
                best, at, headers = score, upper + 1, pair
    return at, tuple(map(str.strip, headers))


def _score(row: Sequence[str], known: Synonyms, chosen: Mapping[str, str]) -> tuple[bool, int, int]:
    if len(row) > 1 and len({cell for cell in row if cell.strip()}) == 1 and row[0] == row[1]:
        return False, 0, 0
    fields = [_field(cell, known, chosen) for cell in row if 0 < len(cell) <= 60]
    found = {field for field in fields if field}
    unused = sum(is_unused(cell, known) for cell in row if 0 < len(cell) <= 60)
    return known.suffice(found), len(found), unused


def _paired(
    upper: Sequence[str], lower: Sequence[str], known: Synonyms, chosen: Mapping[str, str]
) -> tuple[str, ...]:
    """Two header rows as one: a blank upper cell belongs to the group on its left.  Empty when
    less than half of the lower row fits, for then it is data."""
    pair: list[str] = []
    group, filled, fitting = "", 0, 0
    for above, below in zip(map(str.strip, upper), map(str.strip, lower), strict=False):
        group = above or group
        if not below or above == below:
            pair.append(above)
            continue
        options = (group + below, above, below)
        pair.append(next((o for o in options if _field(o, known, chosen)), group + below))
        filled += 1
        fitting += any(_field(o, known, chosen) for o in (group + below, below))
    return tuple(pair) if 2 * fitting >= filled > 0 else ()


def _field(header: str, known: Synonyms, chosen: Mapping[str, str]) -> str:
    key = plain(header)
    if key in chosen:
        return chosen[key]
    place = place_of(header, known)
    return place.field if place else ""


def _columns(
    headers: Sequence[str], known: Synonyms, chosen: Mapping[str, str]
) -> dict[str, Groups]:
    """Field -> groups of columns by priority, fields in the order of the table."""
    slots: dict[str, list[tuple[int, int, int]]] = {}
    for index, header in enumerate(headers):
        key = plain(header)
        if key in chosen:
            if chosen[key]:
                slots.setdefault(chosen[key], []).append((-1, 0, index))
        elif place := place_of(header, known):
            slots.setdefault(place.field, []).append((place.rank, place.number, index))
    return {
        name: _groups(spec, sorted(slots[name]))
        for name, spec in known.fields.items()
        if name in slots
    }


def _groups(spec: FieldHeaders, slots: list[tuple[int, int, int]]) -> Groups:
    match spec.join:
        case "first":
            return tuple((index,) for _, _, index in slots)
        case "all":
            return (tuple(index for _, _, index in slots),)
        case "numbered":
            ranks = dict.fromkeys(rank for rank, _, _ in slots)
            return tuple(tuple(i for r, _, i in slots if r == rank) for rank in ranks)


def _is_upright(table: Table, known: Synonyms, across: int) -> bool:
    """Whether the first column holds the headers, at least three and more than the best row
    (`across`): a form filled for one record."""
    names = [row[0] for row in table.rows[:SEARCH_ROWS] if row and 0 < len(row[0]) <= 60]
    down = {place.field for name in names if (place := place_of(name, known))}
    return len(down) >= 3 and len(down) > across


def _named(headers: Sequence[str]) -> tuple[str, ...]:
    return tuple(header for header in headers if header.strip())


def _is_left(header: str, known: Synonyms, chosen: Mapping[str, str]) -> bool:
    key = plain(header)
    if key in chosen:
        return not chosen[key]
    return is_unused(header, known) and place_of(header, known) is None


def _dialect(headers: Sequence[str], known: Synonyms) -> str:
    """The vendor whose export has most of its marks among the headers."""
    names = {plain(header) for header in headers}
    best, chosen = 0, ""
    for dialect in known.dialects:
        count = len(names & dialect.marks)
        if count >= dialect.least and count > best:
            best, chosen = count, dialect.name
    return chosen
