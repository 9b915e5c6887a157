"""`Row` → `Need | Rejection`."""

import re
from collections.abc import Mapping
from datetime import date

from matcher.normalise.cells import Notes, cleaned, header, is_blank, tidy
from matcher.normalise.deadlines import deadline_of
from matcher.normalise.identity import digest
from matcher.normalise.lists import cooperation_modes_of, keywords_of
from matcher.normalise.patents import level_in
from matcher.normalise.places import place_of
from matcher.normalise.sections import Sections, lead_of, sections_of, title_from
from matcher.normalise.terms import price_of
from matcher.records import Need, Problem, Rejection, Row
from matcher.reference.industries import industry_named

_EMPTY = Problem(
    "no_content", "", "", "没有需求名称，也没有需求内容", "请至少填写需求名称或需求内容后再导入"
)
_OPEN_ENDED = re.compile("长期|不限|随时|面议|协商|尽快|待定|永久|无限")
_COUNTED = re.compile(r"\d{1,5}(?:\.0)?")
_LINES = re.compile(r"[ \t\u3000]*(?:\r\n|\r|\n)[\r\n \t\u3000]*")


def need_of(row: Row, *, today: date) -> Need | Rejection:
    """Read one row of a list of needs.

    Refused only for: neither title nor text, 密级 不入库.  A title that is missing is made of
    the text's first clause; sections that the text plainly marks fill the official form's
    fields where the list has no column for them, what stands before them is the problem when
    none is marked, and `content` keeps the whole text.  `today` is
    what relative deadlines count from."""
    fields = cleaned(row.fields)
    notes = Notes(row)
    get = fields.get
    content = _text(get("content", ""))
    parts = _parts(fields, content)
    first = content or parts.main_problem or parts.key_technology or parts.expected_goal
    title = tidy(get("title", ""))
    title = title_from(first) if is_blank(title) else title
    if not title:
        notes.refuse("title", _EMPTY)
    level = level_in(fields, notes)
    if notes.problems:
        return notes.rejection()
    company = _words(get("company", ""))
    place = place_of(fields, notes, party="company")
    budget = price_of(fields, "budget", notes)
    industries = _industries(get("industry", ""), notes)
    return Need(
        id=_id(get("source_id", ""), company, title, first),
        title=title,
        main_problem=parts.main_problem,
        key_technology=parts.key_technology,
        expected_goal=parts.expected_goal,
        content=content,
        keywords=keywords_of(_words(get("keywords", ""))),
        deadline=_deadline(fields, notes, today),
        deadline_text=_words(get("deadline", "")),
        budget_min=budget.low,
        budget_max=budget.high,
        budget_text=_words(get("budget", "")),
        modes=cooperation_modes_of(_words(get("modes", ""))),
        field=_words(get("field", "")) or ("" if industries else _words(get("industry", ""))),
        industries=industries,
        company=company,
        credit_code=place.credit_code,
        park=place.park,
        region=place.region,
        address=place.address,
        contact=_words(get("contact", "")),
        level=level,
        flags=notes.sorted_flags(),
        source=row.source,
    )


def _words(text: str) -> str:
    return "" if is_blank(text) else tidy(text)


def _text(text: str) -> str:
    """Lines kept, blank ones and white space at their ends removed."""
    return "" if is_blank(text) else _LINES.sub("\n", text).strip()


def _parts(fields: Mapping[str, str], content: str) -> Sections:
    """The form's fields; text that no field would show is the problem (a form that is blank
    shows the whole text)."""
    marked = sections_of(content) if content else Sections()
    problem = _text(fields.get("main_problem", "")) or marked.main_problem
    technology = _text(fields.get("key_technology", "")) or marked.key_technology
    goal = _text(fields.get("expected_goal", "")) or marked.expected_goal
    if not problem and (technology or goal):
        problem = lead_of(content)
    return Sections(main_problem=problem, key_technology=technology, expected_goal=goal)


def _id(source_id: str, company: str, title: str, text: str) -> str:
    """The list's own id, unless it merely counts rows (two lists both have a need 7)."""
    own = source_id.strip()
    if own and not is_blank(own) and not _COUNTED.fullmatch(own):
        return own
    return "X-" + digest(company, title, text)


def _deadline(fields: Mapping[str, str], notes: Notes, today: date) -> date | None:
    text = fields.get("deadline", "")
    if is_blank(text):
        return None
    found = deadline_of(text, today=today)
    if found is None and not _OPEN_ENDED.search(text):
        notes.unread("deadline", text)
    return found


def _industries(text: str, notes: Notes) -> tuple[str, ...]:
    if is_blank(text):
        return ()
    found = tuple(industry_named(text))
    if not found:
        name = header(notes.row, "industry")
        notes.flag("unread_value", f"{name}“{tidy(text)}”不是国民经济行业名称，按领域文字保留")
    return found
