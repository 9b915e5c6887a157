"""`Row` → `Patent | Rejection`."""

from collections.abc import Mapping
from datetime import date

from matcher.normalise.cells import Notes, cleaned, header, is_blank, tidy
from matcher.normalise.groups import WHO, classes_of, when_of, who_of
from matcher.normalise.identity import digest, keys_of
from matcher.normalise.lists import count_of, level_of
from matcher.normalise.numbering import Numbers, numbers_of
from matcher.normalise.parties import inventors_of
from matcher.normalise.places import code_in, lost
from matcher.normalise.terms import TERM_FIELDS, terms_of
from matcher.records import NO_TERMS, Level, Patent, Problem, Rejection, Row, Terms, quick

_patent = quick(Patent)
_COUNT_COLUMNS = ("pledge_count", "transfer_count", "licence_count")
# Fields that most lists of patents do not have.
RARE = frozenset((*_COUNT_COLUMNS, *TERM_FIELDS, "level", "credit_code"))
Rare = tuple[Level, str | None, int, int, int, Terms]
NOTHING_RARE: Rare = ("公开", None, 0, 0, 0, NO_TERMS)


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
    rare = NOTHING_RARE if RARE.isdisjoint(fields) else _rare(fields, notes)
    if notes.problems:
        return notes.rejection()
    level, code, pledges, transfers, licences, terms = rare
    kind, filed, published, granted, expiry, status = when_of(fields, numbers, notes, today=today)
    applicants, owners, place, strange = who_of(*map(get, WHO))
    if strange:
        lost(strange, notes)
    ipc, industries = classes_of(fields, notes)
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


def _count(fields: Mapping[str, str], field: str, notes: Notes) -> int:
    text = fields.get(field)
    if not text or is_blank(text):
        return 0
    count = count_of(text)
    if count is None:
        notes.unread(field, text)
    return count or 0
