"""Two records of one patent become one."""

from dataclasses import fields
from datetime import date
from typing import TypeVar

from matcher.normalise.identity import numbered
from matcher.normalise.parties import name_key
from matcher.normalise.status import expiry_of
from matcher.records import NO_TERMS, Flag, LegalStatus, Level, Party, Patent, Terms

_Value = TypeVar("_Value")
_Name = TypeVar("_Name", str, Party)
_TERM_FIELDS = tuple(field.name for field in fields(Terms) if not field.name.startswith("price"))
_RESTRICTION: dict[Level, int] = {"公开": 0, "脱敏": 1, "授权可见": 2, "不入库": 3}


def merge(old: Patent, new: Patent) -> Patent:
    """The record with all that both know; `id` is the old one's.

    Where both have a value, the newer one's counts, except that a record with numbers always
    counts over one without, and a grant over an application.  Keys, publication numbers, IPC
    and industries are united; applicants, owners and inventors are not, for a renamed owner is
    no co-owner, but some of the names (第一发明人, 第一申请人) never count over all of them, nor do
    owners that merely repeat such applicants.  Of two levels the stricter holds, of counts the
    larger, of publication dates of different documents the earlier.
    `merge(a, a)` is `a`, and merging a part again changes nothing."""
    if new == old:
        return old
    lead, rest = (new, old) if _weight(new) >= _weight(old) else (old, new)
    kind = lead.kind or rest.kind
    filed = lead.application_date or rest.application_date
    status, raw = _status(lead, rest)
    merged = Patent(
        id=old.id,
        keys=tuple(sorted({*old.keys, *new.keys})),
        title=lead.title or rest.title,
        abstract=lead.abstract or rest.abstract,
        first_claim=lead.first_claim or rest.first_claim,
        kind=kind,
        application_number=lead.application_number or rest.application_number,
        publication_numbers=tuple(sorted({*old.publication_numbers, *new.publication_numbers})),
        application_date=filed,
        publication_date=_published(lead, rest),
        grant_date=lead.grant_date or rest.grant_date,
        expiry_date=lead.expiry_date or rest.expiry_date or expiry_of(kind, filed),
        applicants=_all_of(lead.applicants, rest.applicants, old.applicants),
        owners=_owners(lead, rest, old),
        inventors=_all_of(lead.inventors, rest.inventors, old.inventors),
        college=lead.college or rest.college,
        address=lead.address or rest.address,
        region=lead.region or rest.region,
        park=lead.park or rest.park,
        credit_code=lead.credit_code or rest.credit_code,
        ipc=_united(lead.ipc, rest.ipc, old.ipc),
        industries=_united(lead.industries, rest.industries, old.industries),
        legal_status=status,
        legal_status_raw=raw,
        pledges=max(old.pledges, new.pledges),
        transfers=max(old.transfers, new.transfers),
        licences=max(old.licences, new.licences),
        level=max(old.level, new.level, key=_RESTRICTION.__getitem__),
        terms=_terms(lead.terms, rest.terms),
        source=old.source,
        seen=old.seen,
    )
    return _finished(merged, old, new)


def _weight(patent: Patent) -> tuple[bool, bool]:
    return numbered(patent), is_grant(patent)


def is_grant(patent: Patent) -> bool:
    """Whether a grant of the patent was seen: a date, or a publication with a grant's letter."""
    if patent.grant_date is not None:
        return True
    return any(number[-1] in "BCUYSD" for number in patent.publication_numbers)


def _finished(merged: Patent, old: Patent, new: Patent) -> Patent:
    """With flags and source; the old record itself when the new one brings nothing.  A row that
    its own file brings again with other values was corrected: its former flags go."""
    values = {name: getattr(merged, name) for name in _NAMES}
    values["flags"] = _standing(merged, {*old.flags, *new.flags})
    if Patent(**values) == old:
        return old
    if old.source == new.source and _numbers(old) == _numbers(new):
        kept = {flag for flag in old.flags if flag.code == "near_duplicate"}
        values["flags"] = _standing(merged, kept.union(new.flags))
    values["source"] = new.source or old.source
    return Patent(**values)


_NAMES = tuple(field.name for field in fields(Patent))


def _numbers(patent: Patent) -> tuple[str | None, tuple[str, ...]]:
    return patent.application_number, patent.publication_numbers


def _standing(merged: Patent, flags: set[Flag]) -> tuple[Flag, ...]:
    """The flags that the merged record still deserves, by code and note."""
    gone: set[str] = set()
    if merged.application_number or merged.publication_numbers:
        gone.add("no_number")
    if merged.application_number:
        gone.add("damaged_number")
    if merged.region:
        gone.add("unknown_region")
    filed, published = merged.application_date, merged.publication_date
    if filed and published and filed < published:
        gone.add("doubtful_date")
    standing = (flag for flag in flags if flag.code not in gone)
    return tuple(sorted(standing, key=lambda flag: (flag.code, flag.note)))


def _published(lead: Patent, rest: Patent) -> date | None:
    """That of the record with publication numbers; of one document the leading date, of
    several the earliest."""
    one, other = lead.publication_date, rest.publication_date
    if one is None or other is None:
        return one or other
    mine, theirs = lead.publication_numbers, rest.publication_numbers
    if bool(mine) != bool(theirs):
        return one if mine else other
    return one if mine == theirs and len(mine) < 2 else min(one, other)


def _status(lead: Patent, rest: Patent) -> tuple[LegalStatus, str]:
    """Status and its words stay together; a known status counts over 未知, words over none.
    What an application says of being pending is over once a grant was seen."""
    if rest.legal_status == "审中" and is_grant(lead) and not is_grant(rest):
        return lead.legal_status, lead.legal_status_raw
    for patent in (lead, rest):
        if patent.legal_status != "未知" and patent.legal_status_raw:
            return patent.legal_status, patent.legal_status_raw
    for patent in (lead, rest):
        if patent.legal_status != "未知":
            return patent.legal_status, lead.legal_status_raw or rest.legal_status_raw
    return "未知", lead.legal_status_raw or rest.legal_status_raw


def _united(lead: tuple[str, ...], rest: tuple[str, ...], old: tuple[str, ...]) -> tuple[str, ...]:
    """All, the leading record's first; the old order when it held them all."""
    if set(lead) | set(rest) == set(old):
        return old
    return tuple(dict.fromkeys((*lead, *rest)))


def _all_of(
    lead: tuple[_Name, ...], rest: tuple[_Name, ...], old: tuple[_Name, ...]
) -> tuple[_Name, ...]:
    """The leading names, unless the others hold them all; of equal ones the old."""
    mine, theirs = _spelt(lead), _spelt(rest)
    if mine == theirs:
        return old
    return rest if mine < theirs else lead


def _owners(lead: Patent, rest: Patent, old: Patent) -> tuple[Party, ...]:
    """Those of the leading record, unless they only repeat applicants that are known: a list
    without a column of owners gives its applicants for them."""
    if not lead.owners or not rest.owners:
        return lead.owners or rest.owners
    if _spelt(lead.owners) == _spelt(rest.owners):
        return old.owners
    repeats = lead.owners == lead.applicants and _spelt(lead.owners) <= _spelt(rest.applicants)
    return rest.owners if repeats else lead.owners


def _spelt(names: tuple[str | Party, ...]) -> frozenset[str]:
    return frozenset(name_key(name if isinstance(name, str) else name.name) for name in names)


def _terms(lead: Terms, rest: Terms) -> Terms:
    """Field by field; the three of the price stay together."""
    if lead == rest or rest == NO_TERMS:
        return lead
    if lead == NO_TERMS:
        return rest
    priced = lead if _priced(lead) else rest
    values = {name: _first(getattr(lead, name), getattr(rest, name)) for name in _TERM_FIELDS}
    return Terms(
        price_min=priced.price_min,
        price_max=priced.price_max,
        price_text=priced.price_text,
        **values,
    )


def _priced(terms: Terms) -> bool:
    return bool(terms.price_text) or terms.price_min is not None or terms.price_max is not None


def _first(one: _Value, other: _Value) -> _Value:
    return other if one is None or one == "" or one == () else one
