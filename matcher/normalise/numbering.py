"""The numbers of one row: which identify the patent, and what to do about bad ones.

A wrong check digit refuses the row, whatever else it holds: the number may be another patent's.
A number that Excel rounded, or that cannot be read, is left out and flagged when another number
identifies the patent, and refuses the row when none does."""

import re
from collections.abc import Mapping
from dataclasses import dataclass

from matcher.normalise.cells import Notes, header, is_blank, pieces
from matcher.normalise.numbers import LETTERS, Publication, application, publication
from matcher.records import PatentKind, Problem, quick

# A publication number as the office writes it since 2007, which `publication` leaves as it is.
_USUAL = re.compile(r"CN(?:[18][0-9]{8}[AB]|[29][0-9]{8}U|3[0-9]{8}S)")
_FILINGS = ("application_number", "patent_number")
_PUBLISHED = ("publication_number", "grant_number")
OTHER_NUMBERS = frozenset((*_FILINGS, "grant_number", "kind_code"))


@dataclass(frozen=True, slots=True)
class Numbers:
    """`publications` and `keys` sorted; `granted` when one of the publications is a grant."""

    application: str | None
    publications: tuple[str, ...]
    kind: PatentKind | None
    granted: bool
    keys: tuple[str, ...]


_numbers = quick(Numbers)
_NO_NUMBERS = Numbers(None, (), None, False, ())


def numbers_of(fields: Mapping[str, str], notes: Notes) -> Numbers:
    """Read the number columns of a row; problems and flags go to `notes`."""
    own = fields.get("publication_number")
    if own and OTHER_NUMBERS.isdisjoint(fields):
        if (usual := usual_numbers(own)) is not None:
            return usual
        found = publication(own)
        if isinstance(found, Publication):
            keys = (f"P:{found.family}",)
            return Numbers(None, (found.number,), found.kind, found.granted is True, keys)
    return _Reader(fields, notes).read()


def usual_numbers(own: str) -> Numbers | None:
    """`numbers_of` for a row whose one number is a publication's in the usual form; else None."""
    if _USUAL.fullmatch(own) is None:
        return None
    letter = own[-1]
    return _numbers(None, (own,), LETTERS[letter], letter != "A", ("P:" + own[:-1],))


class _Reader:
    """Reads every number column of a row, then judges."""

    def __init__(self, fields: Mapping[str, str], notes: Notes) -> None:
        self.fields = fields
        self.notes = notes
        self.filed: str | None = None
        self.kind: PatentKind | None = None
        self.published: dict[str, Publication] = {}
        self.bad: list[tuple[str, Problem]] = []

    def read(self) -> Numbers:
        for field in _FILINGS:
            text = self.fields.get(field, "").strip()
            if not is_blank(text):
                self._filing(field, text)
        for field in _PUBLISHED:
            for text in pieces(self.fields.get(field, "")):
                if not is_blank(text):
                    self._published(field, text)
        self._judge()
        if self.filed is None and not self.published:
            return _NO_NUMBERS
        keys = {f"P:{item.family}" for item in self.published.values()}
        if self.filed:
            keys.add(f"A:{self.filed}")
        granted = any(item.granted for item in self.published.values())
        kinds = (item.kind for item in self.published.values() if item.kind)
        kind = self.kind or next(kinds, None)
        return Numbers(self.filed, tuple(sorted(self.published)), kind, granted, _sorted(keys))

    def _filing(self, field: str, text: str) -> None:
        found = application(text)
        if not isinstance(found, Problem):
            if self.filed is None:
                self.filed, self.kind = found.number, found.kind
            elif self.filed != found.number:
                self.notes.unread(field, text)
            return
        other = publication(text)
        if found.code != "bad_number" or isinstance(other, Problem) or other.granted is None:
            self.bad.append((field, found))
        else:
            self.published[other.number] = other

    def _published(self, field: str, text: str) -> None:
        code = self.fields.get("kind_code", "").strip().upper()[:1]
        found = publication(text)
        if isinstance(found, Publication) and found.granted is None and code.isalpha():
            with_letter = publication(found.number + code)
            found = with_letter if isinstance(with_letter, Publication) else found
        if isinstance(found, Publication):
            self.published[found.number] = found
            return
        filing = application(text)
        if isinstance(filing, Problem) or filing.kind is None:
            self.bad.append((field, found))
        elif self.filed is None:
            self.filed, self.kind = filing.number, filing.kind

    def _judge(self) -> None:
        known = self.filed is not None or bool(self.published)
        for field, problem in self.bad:
            if problem.code == "wrong_check_digit" or not known:
                self.notes.refuse(field, problem)
            else:
                name = header(self.notes.row, field)
                note = f"{name}“{problem.value}”已损坏或认不出来，未采用；已按其他号码识别"
                self.notes.flag("damaged_number", note)


def _sorted(keys: set[str]) -> tuple[str, ...]:
    return tuple(sorted(keys))
