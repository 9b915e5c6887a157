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
from matcher.normalise.places import place_of
from matcher.normalise.status import expiry_of, is_read, status_of
from matcher.normalise.symbols import symbols_of, with_main
from matcher.normalise.terms import terms_of
from matcher.normalise.timing import dates_of
from matcher.records import (
    LegalStatus,
    Level,
    Patent,
    PatentKind,
    Problem,
    Rejection,
    Row,
    quick,
)
from matcher.reference.industries import industries_of, industry_named

_patent = quick(Patent)
_COUNT_COLUMNS = ("pledge_count", "transfer_count", "licence_count")
_COUNTED = frozenset(_COUNT_COLUMNS)
_KINDS: tuple[tuple[str, PatentKind], ...] = (
    ("外观", "外观设计"),
    ("实用", "实用新型"),
    ("新型", "实用新型"),
    ("发明", "发明"),
)


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
    level = level_in(fields, notes)
    if notes.problems:
        return notes.rejection()
    kind = _kind(get("kind", "")) or numbers.kind or kind_of_letter(get("kind_code", ""))
    dates = dates_of(fields, notes, granted=_granted(fields, numbers), today=today)
    expiry = dates.expiry or expiry_of(kind, None if dates.doubtful else dates.filed)
    place = place_of(fields, notes)
    ipc, industries = _classes(fields, notes)
    applicants = parties_of(get("applicants", ""))
    owners = (parties_of(fields["owners"]) if "owners" in fields else ()) or applicants
    applicants = applicants or owners
    first = applicants[0].name if applicants else ""
    abstract = tidy(get("abstract", ""))
    keys = keys_of(
        title, first, numbers=numbers.keys, source_id=get("source_id", ""), abstract=abstract
    )
    pledges, transfers, licences = _counts(fields, notes)
    if not numbers.keys:
        notes.flag("no_number", "没有申请号和公开号，暂按名称和申请人识别")
    return _patent(
        id=_id(numbers, title, first, abstract),
        keys=keys,
        title=title,
        abstract=abstract,
        first_claim=tidy(get("first_claim", "")),
        kind=kind,
        application_number=numbers.application,
        publication_numbers=numbers.publications,
        application_date=dates.filed,
        publication_date=dates.published,
        grant_date=dates.granted,
        expiry_date=expiry,
        applicants=applicants,
        owners=owners,
        inventors=inventors_of(fields["inventors"]) if "inventors" in fields else (),
        college=tidy(get("college", "")),
        address=place.address,
        region=place.region,
        park=place.park,
        credit_code=place.credit_code,
        ipc=ipc,
        industries=industries,
        legal_status=_status(fields, expiry, notes, today=today),
        legal_status_raw=get("legal_status", ""),
        pledges=pledges,
        transfers=transfers,
        licences=licences,
        level=level,
        terms=terms_of(fields, notes),
        flags=notes.sorted_flags(),
        source=row.source,
    )


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


def _granted(fields: Mapping[str, str], numbers: Numbers) -> bool:
    """Whether the publication date of the row is that of a grant."""
    if numbers.publications:
        return numbers.granted
    code = fields.get("kind_code", "").strip().upper()[:1]
    return code in ("B", "C", "U", "Y", "S") or "授权" in fields.get("publication_stage", "")


def _classes(fields: Mapping[str, str], notes: Notes) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """IPC symbols and industries of a row."""
    get = fields.get
    known = _unremarked(get("ipc", ""), get("ipc_main", ""), get("industry", ""))
    if known is not None:
        return known
    ipc = _ipc(fields, notes)
    return ipc, _industries(get("industry", ""), ipc, notes)


@lru_cache(maxsize=65536)
def _unremarked(
    ipc: str, main: str, industry: str
) -> tuple[tuple[str, ...], tuple[str, ...]] | None:
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


def _counts(fields: Mapping[str, str], notes: Notes) -> tuple[int, int, int]:
    """Pledges, transfers, licences."""
    if _COUNTED.isdisjoint(fields):
        return 0, 0, 0
    pledges, transfers, licences = (_count(fields, name, notes) for name in _COUNT_COLUMNS)
    return pledges, transfers, licences


def _count(fields: Mapping[str, str], field: str, notes: Notes) -> int:
    text = fields.get(field)
    if not text or is_blank(text):
        return 0
    count = count_of(text)
    if count is None:
        notes.unread(field, text)
    return count or 0
