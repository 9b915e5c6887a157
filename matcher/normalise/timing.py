"""The dates of one row of a patent list."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from functools import lru_cache

from matcher.normalise.cells import Notes, header, is_blank
from matcher.normalise.dates import date_of, in_range, years_after
from matcher.records import Problem


@dataclass(frozen=True, slots=True)
class Dates:
    """`doubtful`: the filing date contradicts another, so no term may be computed from it."""

    filed: date | None
    published: date | None
    granted: date | None
    expiry: date | None
    doubtful: bool


def dates_of(fields: Mapping[str, str], notes: Notes, *, granted: bool, today: date) -> Dates:
    """Read the date columns; `granted` tells that the publication is that of a grant.

    A filing date equal to the publication date is one that the gazette repeated: it is dropped
    and flagged.  One after publication or grant is kept and flagged.  Dates out of range
    (before 1985-04-01, in the future; expiry: 30 years on) are dropped and flagged."""
    latest, last = _limits(today)
    filed = _date(fields, "application_date", notes, latest)
    published = _date(fields, "publication_date", notes, latest)
    grant = _date(fields, "grant_date", notes, latest)
    expiry = _date(fields, "expiry_date", notes, last)
    if grant is None and granted:
        grant = published
    first = grant if published is None or (grant is not None and grant < published) else published
    doubtful = False
    if filed is not None and first is not None and filed >= first:
        doubtful = filed > first
        name = header(notes.row, "application_date")
        if doubtful:
            notes.flag("doubtful_date", f"{name} {filed} 晚于公开（公告）日 {first}")
        else:
            notes.flag("doubtful_date", f"{name} {filed} 与公开（公告）日相同，未采用")
            filed = None
    return Dates(filed, published, grant, expiry, doubtful)


def _date(fields: Mapping[str, str], field: str, notes: Notes, latest: date) -> date | None:
    text = fields.get(field)
    if not text or is_blank(text):
        return None
    found, fits = _checked(text, latest)
    if fits:
        return found
    if found is None:
        notes.unread(field, text)
    else:
        name = header(notes.row, field)
        notes.flag("doubtful_date", f"{name}“{text}”不在合理范围内，未采用")
    return None


def _checked(text: str, latest: date) -> tuple[date | None, bool]:
    """The date, if it is one, and whether it can be true."""
    found = date_of(text)
    if isinstance(found, Problem):
        return None, False
    return found, in_range(found, latest=latest)


@lru_cache(maxsize=8)
def _limits(today: date) -> tuple[date, date]:
    """Latest day of an event (tomorrow: lists made east of us) and of an expiry."""
    return today + timedelta(days=1), years_after(today, 30)
