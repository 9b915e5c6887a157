"""`Row` → `Patent | Rejection`."""

from collections.abc import Mapping
from datetime import date
from functools import lru_cache

from matcher.normalise.cells import NOWHERE, Notes, cleaned, header, is_blank, tidy
from matcher.normalise.identity import digest, keys_of
from matcher.normalise.lists import count_of, level_of
from matcher.normalise.numbering import Numbers, numbers_of
from matcher.normalise.numbers import kind_of_letter
from matcher.normalise.parties import inventors_of, parties_of
from matcher.normalise.places import Place, code_in, located, lost
from matcher.normalise.status import expiry_of, is_read, status_of
from matcher.normalise.symbols import symbols_of, with_main
from matcher.normalise.terms import TERM_FIELDS, terms_of
from matcher.normalise.timing import dates_of
from matcher.records import (
    LegalStatus,
    Level,
    Party,
    Patent,
    PatentKind,
    Problem,
    Rejection,
    Row,
    Terms,
    quick,
)
from matcher.reference.industries import industries_of, industry_named

_patent = quick(Patent)
_COUNT_COLUMNS = ("pledge_count", "transfer_count", "licence_count")
# Fields that are read together: what they say is worked out once for all rows with these cells.
_WHEN = ("application_date", "publication_date", "grant_date", "expiry_date", "kind", "kind_code",
         "publication_stage", "legal_status")  # fmt: skip
_WHO = ("applicants", "owners", "address", "park", "region", "province", "city", "district")
# Fields that most lists of patents do not have.
_RARE = frozenset((*_COUNT_COLUMNS, *TERM_FIELDS, "level", "credit_code"))
_KINDS: tuple[tuple[str, PatentKind], ...] = (
    ("外观", "外观设计"),
    ("实用", "实用新型"),
    ("新型", "实用新型"),
    ("发明", "发明"),
)


When = tuple[PatentKind | None, date | None, date | None, date | None, date | None, LegalStatus]
Who = tuple[tuple[Party, ...], tuple[Party, ...], Place, str]
Classes = tuple[tuple[str, ...], tuple[str, ...]]
Rare = tuple[Level, str | None, int, int, int, Terms]
_NOTHING_RARE: Rare = ("公开", None, 0, 0, 0, Terms())


def patent_of(row: Row, *, today: date) -> Patent | Rejection:
    """Read one row of a patent list.

    Refused only for: no title, a wrong check digit, numbers of which none can be read, 密级
    不入库.  Whatever else cannot be read is flagged or left blank.  `today` decides which terms
    have ended and which dates lie in the future."""
    fields = cleaned(row.fields)
    notes = Notes(row)
    get = fields.get
    title = tidy(get("title", ""))
    if is_blank(title):
        notes.refuse("title", _NO_TITLE)
    numbers = numbers_of(fields, notes)
    rare = _NOTHING_RARE if _RARE.isdisjoint(fields) else _rare(fields, notes)
    if notes.problems:
        return notes.rejection()
    level, code, pledges, transfers, licences, terms = rare
    kind, filed, published, granted, expiry, status = _when(fields, numbers, notes, today=today)
    applicants, owners, place, strange = _who(*map(get, _WHO))
    if strange:
        lost(strange, notes)
    ipc, industries = _classes(fields, notes)
    first = applicants[0].name if applicants else ""
    abstract = tidy(get("abstract", ""))
    keys = keys_of(
        title, first, numbers=numbers.keys, source_id=get("source_id", ""), abstract=abstract
    )
    if not numbers.keys:
        notes.flag("no_number", "没有申请号和公开号，暂按名称和申请人识别")
    return _patent(  # by place, in the order of the record's fields
        _id(numbers, title, first, abstract), keys,
        title, abstract, tidy(get("first_claim", "")),
        kind, numbers.application, numbers.publications, filed, published, granted, expiry,
        applicants, owners, inventors_of(fields["inventors"]) if "inventors" in fields else (),
        tidy(get("college", "")), place.address, place.region, place.park, code,
        ipc, industries, status, get("legal_status", ""),
        pledges, transfers, licences, level, terms, notes.sorted_flags(), row.source,
    )  # fmt: skip


def _when(fields: Mapping[str, str], numbers: Numbers, notes: Notes, *, today: date) -> When:
    """Kind, dates and status of a row."""
    granted = numbers.granted if numbers.publications else None
    known = _unremarked_when(tuple(map(fields.get, _WHEN)), numbers.kind, granted, today)
    return known or _read_when(fields, numbers.kind, granted, notes, today=today)


@lru_cache(maxsize=65536)
def _unremarked_when(
    cells: tuple[str | None, ...], kind: PatentKind | None, granted: bool | None, today: date
) -> When | None:
    """What cells say that call for no remark, which is the same in every row; else None, for a
    remark names the header of its row."""
    notes = Notes(NOWHERE)
    fields = {name: text for name, text in zip(_WHEN, cells, strict=True) if text}
    when = _read_when(fields, kind, granted, notes, today=today)
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
def _who(*cells: str | None) -> Who:
    """Applicants, owners and where they sit; half the rows of a gazette repeat the cells of
    another."""
    fields = {name: text for name, text in zip(_WHO, cells, strict=True) if text}
    applicants = parties_of(fields.get("applicants", ""))
    owners = (parties_of(fields["owners"]) if "owners" in fields else ()) or applicants
    return applicants or owners, owners, *located(fields)


def _rare(fields: Mapping[str, str], notes: Notes) -> Rare:
    """Level, credit code, pledges, transfers, licences and terms."""
    level = level_in(fields, notes)
    pledges, transfers, licences = (_count(fields, name, notes) for name in _COUNT_COLUMNS)
    return (
        level, code_in(fields, notes), pledges, transfers, licences, terms_of(fields, notes)
    )  # fmt: skip


_NO_TITLE = Problem("no_title", "", "", "没有名称", "请补上名称后再导入")


def level_in(fields: Mapping[str, str], notes: Notes) -> Level:
    """公开 when the list does not say; a word that is not known is never taken for open, but for
    授权可见, and flagged.  不入库 refuses the row."""
    text = fields.get("level")
    if not text or is_blank(text):
        return "公开"
    level = level_of(text)
    if level is None:
        name = header(notes.row, "level")
        notes.flag("unread_value", f"{name}“{text}”未能识别，已按“授权可见”处理")
        return "授权可见"
    if level == "不入库":
        advice = "如确需入库，请改密级后再导入"
        reason = f"密级为“{text}”，不得入库，内容没有保存"
        notes.refuse("level", Problem("secret_level", "", text, reason, advice))
    return level


def _id(numbers: Numbers, title: str, applicant: str, abstract: str) -> str:
    if numbers.application is not None:
        return numbers.application
    if numbers.publications:
        return numbers.publications[0]
    return "N-" + digest(title, applicant, abstract)


@lru_cache(maxsize=1024)
def _kind(text: str) -> PatentKind | None:
    return next((kind for word, kind in _KINDS if word in text), None) if text else None


def _granted(fields: Mapping[str, str]) -> bool:
    """Whether the publication date of a row without publication number is that of a grant."""
    code = fields.get("kind_code", "").strip().upper()[:1]
    return code in ("B", "C", "U", "Y", "S") or "授权" in fields.get("publication_stage", "")


def _classes(fields: Mapping[str, str], notes: Notes) -> Classes:
    """IPC symbols and industries of a row."""
    get = fields.get
    known = _unremarked(get("ipc", ""), get("ipc_main", ""), get("industry", ""))
    if known is not None:
        return known
    ipc = _ipc(fields, notes)
    return ipc, _industries(get("industry", ""), ipc, notes)


@lru_cache(maxsize=65536)
def _unremarked(ipc: str, main: str, industry: str) -> Classes | None:
    """Symbols and industries of cells that call for no remark, which are the same in every row;
    else None, for a remark names the header of its row."""
    fields = {"ipc": ipc, "ipc_main": main}
    notes = Notes(NOWHERE)
    symbols = _ipc(fields, notes)
    industries = _industries(industry, symbols, notes)
    return None if notes.flags else (symbols, industries)


def _ipc(fields: Mapping[str, str], notes: Notes) -> tuple[str, ...]:
    text = fields.get("ipc")
    main = fields.get("ipc_main")
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


def _industries(text: str, ipc: tuple[str, ...], notes: Notes) -> tuple[str, ...]:
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


def _count(fields: Mapping[str, str], field: str, notes: Notes) -> int:
    text = fields.get(field)
    if not text or is_blank(text):
        return 0
    count = count_of(text)
    if count is None:
        notes.unread(field, text)
    return count or 0
