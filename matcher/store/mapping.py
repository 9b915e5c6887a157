"""Records to table rows and back: the one mapping between the two.

What no database can hold, NUL and halves of surrogate pairs, is written as U+FFFD."""

import json
import re
from collections.abc import Mapping
from dataclasses import fields
from hashlib import blake2b
from typing import Any

from matcher.records import Flag, Need, Party, Patent, Terms

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
_TERMS = tuple(item.name for item in fields(Terms))
_NO_TERMS = Terms()
_UNSTORABLE = re.compile("[\x00\ud800-\udfff]")
_encode = json.JSONEncoder(ensure_ascii=False, separators=(",", ":")).encode


def storable(text: str) -> str:
    """The text as the database holds it."""
    return _UNSTORABLE.sub("\ufffd", text)


def patent_row(patent: Patent) -> dict[str, Any]:
    """A row of `patents`; `party` is the first applicant, `digest` a 63-bit hash of the rest."""
    more: dict[str, Any] = {"keys": patent.keys}
    if patent.publication_numbers:
        more["publication_numbers"] = patent.publication_numbers
    if patent.applicants:
        more["applicants"] = [(party.name, party.kind) for party in patent.applicants]
    if patent.owners and patent.owners != patent.applicants:
        more["owners"] = [(party.name, party.kind) for party in patent.owners]
    elif patent.owners:
        more["same_owners"] = 1
    if patent.inventors:
        more["inventors"] = patent.inventors
    if patent.ipc:
        more["ipc"] = patent.ipc
    if patent.industries:
        more["industries"] = patent.industries
    if patent.flags:
        more["flags"] = [(flag.code, flag.note) for flag in patent.flags]
    if patent.terms != _NO_TERMS:
        more["terms"] = {name: getattr(patent.terms, name) for name in _TERMS}
    row = {name: getattr(patent, name) for name in PATENT_SCALARS}
    row["party"] = patent.applicants[0].name if patent.applicants else ""
    row["more"] = _encode(more)
    return _sealed(row)


def patent_from(row: Mapping[str, Any]) -> Patent:
    """The inverse of `patent_row`."""
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
        terms=Terms(**terms) if terms else _NO_TERMS,
    )


def need_row(need: Need) -> dict[str, Any]:
    """A row of `needs`."""
    row = {name: getattr(need, name) for name in NEED_SCALARS}
    row["more"] = _encode(
        {
            "keywords": need.keywords,
            "modes": need.modes,
            "industries": need.industries,
            "flags": [(flag.code, flag.note) for flag in need.flags],
        }
    )
    return _sealed(row)


def need_from(row: Mapping[str, Any]) -> Need:
    """The inverse of `need_row`."""
    more = json.loads(row["more"])
    return Need(
        **{name: row[name] for name in NEED_SCALARS},
        keywords=tuple(more["keywords"]),
        modes=tuple(more["modes"]),
        industries=tuple(more["industries"]),
        flags=tuple(Flag(code, note) for code, note in more["flags"]),
    )


def _sealed(row: dict[str, Any]) -> dict[str, Any]:
    """The row, storable, with its digest."""
    text = "\x1f".join(map(str, row.values()))
    if _UNSTORABLE.search(text):
        text = storable(text)
        row = {k: storable(v) if isinstance(v, str) else v for k, v in row.items()}
    raw = blake2b(text.encode(), digest_size=8).digest()
    row["digest"] = int.from_bytes(raw, "big") >> 1
    return row
