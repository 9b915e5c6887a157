"""What may leave the house.  Every format is written from records that went through here.

- Contact fields of both sides never leave; nor do addresses (the region does).  Telephone
  numbers, e-mail addresses and named contacts inside running text are starred out.
- A need whose level is not 公开 leaves with id and title alone, the company as 「(脱敏)」 (its
  level in brackets); a patent with id, title, kind and legal status, the applicant likewise.
- A match with such a side on either end keeps rank, score and parts, and loses its evidence,
  its checked figures, what it does not cover, and the notes of its risks: they quote the
  withheld text.
- Characters that XML forbids become U+FFFD, so that every format holds the same text; offsets
  stay true, because nothing changes its length."""

import re
from collections.abc import Mapping
from dataclasses import dataclass, fields, is_dataclass, replace
from typing import Any, TypeVar

from matcher.matches import Answer, Match, Risk
from matcher.records import Need, Party, Patent, Terms
from matcher.text.private import discreet

T = TypeVar("T")
IDENTITIES = frozenset(
    {"id", "keys", "application_number", "publication_numbers", "need_id", "patent_id"}
)
_FORBIDDEN = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\ud800-\udfff\ufffe\uffff]")


@dataclass(frozen=True, slots=True)
class Shown:
    """One need with its answer and the patents named in it (by id), as others may see them."""

    need: Need
    answer: Answer
    patents: Mapping[str, Patent]


def release(need: Need, answer: Answer, patents: Mapping[str, Patent]) -> Shown:
    """What of this answer may be seen by whoever gets the file; `patents` by id hold those the
    answer names, each from `release_patent`."""
    matches = tuple(_match(match, need, patents[match.patent_id]) for match in answer.matches)
    found = {match.patent_id: patents[match.patent_id] for match in answer.matches}
    return Shown(_need(need), replace(answer, matches=matches), found)


def _need(need: Need) -> Need:
    if need.level == "公开":
        return tidy(replace(need, contact="", address=""))
    return tidy(Need(id=need.id, title=need.title, company=f"({need.level})", level=need.level))


def release_patent(patent: Patent) -> Patent:
    """What of a patent may be seen; its level stays."""
    if patent.level == "公开":
        return tidy(replace(patent, address="", terms=replace(patent.terms, contact="")))
    return tidy(
        Patent(
            id=patent.id,
            keys=(),
            title=patent.title,
            kind=patent.kind,
            applicants=(Party(f"({patent.level})", "其他"),),
            legal_status=patent.legal_status,
            level=patent.level,
            terms=Terms(),
        )
    )


def _match(match: Match, need: Need, patent: Patent) -> Match:
    if need.level == "公开" and patent.level == "公开":
        return tidy(match)
    bare = tuple(Risk(risk.code, "") for risk in match.risks)
    return replace(match, evidence=(), missing=(), checks=(), risks=bare)


def legible(text: str) -> str:
    """The text without characters that XML forbids; of the same length."""
    return text if text.isprintable() else _FORBIDDEN.sub("\ufffd", text)


def tidy(record: T) -> T:
    """The record with every text in it legible, and discreet unless it is an identity."""
    return _tidied(record, private=True)  # type: ignore[no-any-return]


def _tidied(value: Any, *, private: bool) -> Any:
    if isinstance(value, str):
        return discreet(legible(value)) if private else legible(value)
    if isinstance(value, tuple):
        return tuple(_tidied(item, private=private) for item in value)
    if is_dataclass(value) and not isinstance(value, type):
        changes = {}
        for item in fields(value):
            before = getattr(value, item.name)
            after = _tidied(before, private=private and item.name not in IDENTITIES)
            if after is not before and after != before:
                changes[item.name] = after
        return replace(value, **changes) if changes else value
    return value
