"""Records to table rows and back: the one mapping between the two.

What no database can hold, NUL and halves of surrogate pairs, is written as U+FFFD."""

import json
import re
from collections.abc import Iterable, Mapping, Sequence
from contextlib import suppress
from dataclasses import fields
from datetime import date
from functools import lru_cache
from hashlib import blake2b
from itertools import repeat
from operator import attrgetter
from typing import Any

import orjson

from matcher.records import NO_TERMS, Feedback, Flag, Need, Party, Patent, Terms

PATENT_SCALARS = (
    "id", "title", "abstract", "first_claim", "kind", "application_number", "application_date",
    "publication_date", "grant_date", "expiry_date", "college", "address", "region", "park",
    "credit_code", "legal_status", "legal_status_raw", "pledges", "transfers", "licences", "level",
    "source",
)  # fmt: skip
NEED_SCALARS = (
    "id", "title", "main_problem", "key_technology", "expected_goal", "content", "deadline",
    "deadline_text", "budget_min", "budget_max", "budget_text", "field", "company", "credit_code",
    "park", "region", "address", "contact", "level", "source",
)  # fmt: skip
FEEDBACK_SCALARS = (
    "need_id", "patent_id", "by", "at", "grade", "reply", "refusal_code", "prospect",
    "improvement", "willingness", "note", "source",
)  # fmt: skip
PATENT_COLUMNS = (*PATENT_SCALARS, "party", "more", "digest")
NEED_COLUMNS = (*NEED_SCALARS, "more", "digest")
_NOT_TEXT = frozenset(  # nothing or a number may stand in them
    ("kind", "application_number", "application_date", "publication_date", "grant_date",
     "expiry_date", "region", "park", "credit_code", "pledges", "transfers", "licences")
)  # fmt: skip
_DAYS = ("application_date", "publication_date", "grant_date", "expiry_date")
_AT = PATENT_SCALARS.index(_DAYS[0])
_PAST = _AT + len(_DAYS)
_patent_scalars = attrgetter(*PATENT_SCALARS)
_party = attrgetter("name", "kind")
_flag = attrgetter("code", "note")
_need_scalars = attrgetter(*NEED_SCALARS)
_DEADLINE = NEED_SCALARS.index("deadline")
FEEDBACK_COLUMNS = (*FEEDBACK_SCALARS, "more", "digest")
_feedback_scalars = attrgetter(*FEEDBACK_SCALARS)
_TERMS = tuple(item.name for item in fields(Terms))
Values = tuple[Any, ...]
_UNSTORABLE = re.compile("[\x00\ud800-\udfff]")
_encode = json.JSONEncoder(ensure_ascii=False, separators=(",", ":")).encode


def storable(text: str) -> str:
    """The text as the database holds it."""
    return text if text.isprintable() else _UNSTORABLE.sub("\ufffd", text)


def storable_pairs(texts: Mapping[str, str]) -> Mapping[str, str]:
    """Both sides as the database holds them; the same object where nothing is to be changed."""
    if "".join(texts).isprintable() and "".join(texts.values()).isprintable():
        return texts
    return {storable(one): storable(other) for one, other in texts.items()}


def patent_values(patent: Patent) -> Values:
    """A row of `patents` in the order of `PATENT_COLUMNS`; `party` is the first applicant,
    `digest` a 63-bit hash of the rest."""
    return next(iter(zip(*patent_columns((patent,)), strict=True)))


def patent_columns(items: Sequence[Patent]) -> list[Sequence[Any]]:
    """`patent_values` of at least one patent, column by column: in two thirds of the time."""
    columns: list[Sequence[Any]] = list(zip(*map(_patent_scalars, items), strict=True))
    for at in range(_AT, _PAST):
        columns[at] = list(map(_iso, columns[at]))
    columns.append([item.applicants[0].name if item.applicants else "" for item in items])
    documents = list(map(_patent_more, items))
    columns.append(_all_written(documents))
    joined = map("\x1f".join, zip(*map(_told, PATENT_COLUMNS, columns), strict=False))
    try:
        told = list(map(str.encode, joined))
    except (TypeError, UnicodeEncodeError):  # no text at all: for the database to refuse
        told = [b"\x00"]
    if b"\x00" in b"".join(told):
        bare = zip(*columns[:-1], strict=True)
        rows = zip(bare, documents, [item.seen for item in items], strict=True)
        return list(zip(*(_sealed(*row) for row in rows), strict=True))
    columns.append(list(map(_digest, told)))
    if any(item.seen for item in items):
        columns[-2] = [
            _marked(document, item.seen) if item.seen else text
            for document, item, text in zip(documents, items, columns[-2], strict=True)
        ]
    return columns


def _told(name: str, column: Sequence[Any]) -> Iterable[str]:
    """The values of a column in the text that is digested."""
    if name not in _NOT_TEXT:
        return column
    if column.count(column[0]) == len(column):
        return repeat(str(column[0]), len(column))
    return map(str, column)


def _patent_more(patent: Patent) -> dict[str, Any]:
    """What has no column of its own."""
    applicants, owners, terms = patent.applicants, patent.owners, patent.terms
    more: dict[str, Any] = {"keys": patent.keys}
    if patent.publication_numbers:
        more["publication_numbers"] = patent.publication_numbers
    if applicants:
        more["applicants"] = list(map(_party, applicants))
    if owners is applicants or owners == applicants:
        more["same_owners"] = 1
    else:
        more["owners"] = list(map(_party, owners))
    if patent.inventors:
        more["inventors"] = patent.inventors
    if patent.ipc:
        more["ipc"] = patent.ipc
    if patent.industries:
        more["industries"] = patent.industries
    if patent.flags:
        more["flags"] = list(map(_flag, patent.flags))
    if terms is not NO_TERMS and terms != NO_TERMS:
        more["terms"] = {name: getattr(terms, name) for name in _TERMS}
    return more


def keys_in(more: str) -> list[str]:
    """The identity keys that a row's `more` lists."""
    keys: list[str] = json.loads(more)["keys"]
    return keys


def patent_from(row: Mapping[str, Any]) -> Patent:
    """The inverse of `patent_values`."""
    more = json.loads(row["more"])
    applicants = tuple(Party(name, kind) for name, kind in more.get("applicants", ()))
    owners = tuple(Party(name, kind) for name, kind in more.get("owners", ()))
    terms = more.get("terms")
    if terms:
        terms["licence_modes"] = tuple(terms["licence_modes"])
        terms["transfer_modes"] = tuple(terms["transfer_modes"])
    return Patent(
        **{name: row[name] for name in PATENT_SCALARS},
        keys=tuple(more["keys"]),
        publication_numbers=tuple(more.get("publication_numbers", ())),
        applicants=applicants,
        owners=applicants if "same_owners" in more else owners,
        inventors=tuple(more.get("inventors", ())),
        ipc=tuple(more.get("ipc", ())),
        industries=tuple(more.get("industries", ())),
        flags=tuple(Flag(code, note) for code, note in more.get("flags", ())),
        terms=Terms(**terms) if terms else NO_TERMS,
        seen=tuple(more.get("seen", ())),
    )


def need_values(need: Need) -> Values:
    """A row of `needs` in the order of `NEED_COLUMNS`."""
    more = {
        "keywords": need.keywords,
        "modes": need.modes,
        "industries": need.industries,
        "flags": [(flag.code, flag.note) for flag in need.flags],
    }
    values = list(_need_scalars(need))
    values[_DEADLINE] = _iso(need.deadline)
    return _sealed(tuple(values), more, need.seen)


def need_columns(items: Sequence[Need]) -> list[Sequence[Any]]:
    """`need_values` of at least one need, column by column."""
    return list(zip(*map(need_values, items), strict=True))


def need_from(row: Mapping[str, Any]) -> Need:
    """The inverse of `need_values`."""
    more = json.loads(row["more"])
    return Need(
        **{name: row[name] for name in NEED_SCALARS},
        keywords=tuple(more["keywords"]),
        modes=tuple(more["modes"]),
        industries=tuple(more["industries"]),
        flags=tuple(Flag(code, note) for code, note in more["flags"]),
        seen=tuple(more.get("seen", ())),
    )


def feedback_values(item: Feedback) -> Values:
    """A row of `feedback` in the order of `FEEDBACK_COLUMNS`; its first three are the key."""
    return _sealed(_feedback_scalars(item), {}, item.seen)


def feedback_from(row: Mapping[str, Any]) -> Feedback:
    """The inverse of `feedback_values`."""
    more = json.loads(row["more"])
    scalars = {name: row[name] for name in FEEDBACK_SCALARS}
    return Feedback(**scalars, seen=tuple(more.get("seen", ())))


def _sealed(values: Values, more: dict[str, Any], seen: tuple[str, ...]) -> Values:
    """The values, storable, with `more` and their digest behind them.  `seen` is stored but no
    part of the digest: that a list said again what is known leaves the snapshot as it is."""
    values = (*values, _written(more))
    joined = _form(len(values)) % values
    try:
        told = joined.encode()
    except UnicodeEncodeError:
        told = b"\x00"
    if b"\x00" in told:
        values = tuple(storable(v) if isinstance(v, str) else v for v in values)
        told = (_form(len(values)) % values).encode()
    if seen:
        values = (*values[:-1], _marked(more, seen))
    return (*values, _digest(told))


def _digest(told: bytes) -> int:
    return int.from_bytes(blake2b(told, digest_size=8).digest(), "big") >> 1


def _marked(more: dict[str, Any], seen: tuple[str, ...]) -> str:
    return storable(_written({**more, "seen": seen}))


@lru_cache(maxsize=4)
def _form(count: int) -> str:
    """Formats values into the text that is digested, in half the time of a `str` for each."""
    return "\x1f".join(["%s"] * count)


def _written(more: dict[str, Any]) -> str:
    """The document as `json` writes it, on whose bytes the digests of stored records rest.
    orjson writes the same, ten times as fast, but for fractions (prices, in `terms`) and halves
    of surrogate pairs, which it refuses."""
    if "terms" in more:
        return _encode(more)
    try:
        return orjson.dumps(more).decode()
    except orjson.JSONEncodeError:
        return _encode(more)


def _all_written(documents: Sequence[dict[str, Any]]) -> list[str]:
    """Each as `_written`."""
    if not any("terms" in more for more in documents):
        with suppress(orjson.JSONEncodeError):
            return [more.decode() for more in map(orjson.dumps, documents)]
    return list(map(_written, documents))


@lru_cache(maxsize=65536)
def _iso(day: date | None) -> str | None:
    """A day as both databases take it; a list has few different ones."""
    return None if day is None else day.isoformat()
