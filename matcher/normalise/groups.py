"""Cells of a row of a patent list that are read together: dates, parties and place, classes.

A list has fewer different groups of cells than rows, so what a group says is worked out once for
all rows that have it.  A remark names the header of its row: a group that calls for one is read
again for each."""

from collections.abc import Mapping
from datetime import date
from functools import lru_cache

from matcher.normalise.cells import NOWHERE, Notes, is_blank
from matcher.normalise.numbering import Numbers
from matcher.normalise.numbers import kind_of_letter
from matcher.normalise.parties import parties_of
from matcher.normalise.places import OWN_COLUMNS, Place, located
from matcher.normalise.status import expiry_of, is_read, status_of
from matcher.normalise.symbols import symbols_of, with_main
from matcher.normalise.timing import dates_of
from matcher.records import LegalStatus, Party, PatentKind
from matcher.reference.industries import industries_of, industry_named

WHEN = ("application_date", "publication_date", "grant_date", "expiry_date", "kind", "kind_code",
        "publication_stage", "legal_status")  # fmt: skip
WHO = ("applicants", "owners", "address", "park", *OWN_COLUMNS)
WHAT = ("ipc", "ipc_main", "industry")
When = tuple[PatentKind | None, date | None, date | None, date | None, date | None, LegalStatus]
Who = tuple[tuple[Party, ...], tuple[Party, ...], Place, str]
Classes = tuple[tuple[str, ...], tuple[str, ...]]
_KINDS: tuple[tuple[str, PatentKind], ...] = (
    ("外观", "外观设计"),
    ("实用", "实用新型"),
    ("新型", "实用新型"),
    ("发明", "发明"),
)


def when_of(fields: Mapping[str, str], numbers: Numbers, notes: Notes, *, today: date) -> When:
    """Kind, days of filing, publication, grant and expiry, and status of a row."""
    granted = numbers.granted if numbers.publications else None
    known = usual_when(numbers.kind, granted, today, *map(fields.get, WHEN))
    return known or _read_when(fields, numbers.kind, granted, notes, today=today)


@lru_cache(maxsize=65536)
def usual_when(
    kind: PatentKind | None, granted: bool | None, today: date, *cells: str | None
) -> When | None:
    """`when_of` for the cells of `WHEN`; None when they call for a remark.  `kind` and `granted`
    are what the row's numbers tell."""
    notes = Notes(NOWHERE)
    when = _read_when(_filled(WHEN, cells), kind, granted, notes, today=today)
    return None if notes.flags else when


def _read_when(
    fields: Mapping[str, str],
    numbered: PatentKind | None,
    granted: bool | None,
    notes: Notes,
    *,
    today: date,
) -> When:
    get = fields.get
    kind = _kind(get("kind", "")) or numbered or kind_of_letter(get("kind_code", ""))
    granted = _granted(fields) if granted is None else granted
    dates = dates_of(fields, notes, granted=granted, today=today)
    expiry = dates.expiry or expiry_of(kind, None if dates.doubtful else dates.filed)
    status = _status(fields, expiry, notes, today=today)
    return kind, dates.filed, dates.published, dates.granted, expiry, status


@lru_cache(maxsize=65536)
def who_of(*cells: str | None) -> Who:
    """Applicants, owners, where they sit, and an address without region, for the cells of `WHO`;
    half the rows of a gazette repeat those of another."""
    first, other, address, park, *columns = cells
    applicants = parties_of(first) if first else ()
    owners = (parties_of(other) if other else ()) or applicants
    there = located(address or "", first or other or "", park or "", columns)
    return applicants or owners, owners, *there


def _filled(names: tuple[str, ...], cells: tuple[str | None, ...]) -> dict[str, str]:
    return {name: text for name, text in zip(names, cells, strict=True) if text}


@lru_cache(maxsize=1024)
def _kind(text: str) -> PatentKind | None:
    return next((kind for word, kind in _KINDS if word in text), None) if text else None


def _granted(fields: Mapping[str, str]) -> bool:
    """Whether the publication date of a row without publication number is that of a grant."""
    code = fields.get("kind_code", "").strip().upper()[:1]
    return code in ("B", "C", "U", "Y", "S") or "授权" in fields.get("publication_stage", "")


def classes_of(fields: Mapping[str, str], notes: Notes) -> Classes:
    """IPC symbols and industries of a row."""
    ipc, main, industry = map(fields.get, WHAT)
    known = usual_classes(ipc, main, industry)
    return known if known is not None else _read_classes(ipc, main, industry, notes)


@lru_cache(maxsize=65536)
def usual_classes(ipc: str | None, main: str | None, industry: str | None) -> Classes | None:
    """`classes_of` for the cells of `WHAT`; None when they call for a remark."""
    notes = Notes(NOWHERE)
    classes = _read_classes(ipc, main, industry, notes)
    return None if notes.flags else classes


def _read_classes(ipc: str | None, main: str | None, industry: str | None, notes: Notes) -> Classes:
    symbols = _ipc(ipc, main, notes)
    return symbols, _industries(industry, symbols, notes)


def _ipc(text: str | None, main: str | None, notes: Notes) -> tuple[str, ...]:
    symbols = symbols_of(text) if text else None
    if symbols is not None and symbols.unread:
        notes.unread("ipc", "；".join(symbols.unread))
    read = symbols.read if symbols is not None else ()
    if not main or main == text:
        return read
    lead = symbols_of(main)
    if lead.unread and not read:
        notes.unread("ipc_main", "；".join(lead.unread))
    return with_main(lead.read[0], read) if lead.read else read


def _industries(text: str | None, ipc: tuple[str, ...], notes: Notes) -> tuple[str, ...]:
    if text and not is_blank(text):
        named = _named(text)
        if named:
            return named
        notes.unread("industry", text)
    return industries_of(ipc) if ipc else ()


@lru_cache(maxsize=16384)
def _named(text: str) -> tuple[str, ...]:
    return tuple(industry_named(text))


def _status(
    fields: Mapping[str, str], expiry: date | None, notes: Notes, *, today: date
) -> LegalStatus:
    raw = fields.get("legal_status", "")
    if not raw and expiry is None:
        return "未知"
    if raw and not is_read(raw):
        notes.unread("legal_status", raw)
    return status_of(raw, expiry, today=today)
