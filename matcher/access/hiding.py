"""Which fields of a record each sight shows.  A field stands in exactly one list; a hidden one is
blank, and named, so that a reader can tell "hidden" from "not said"."""

from collections.abc import Mapping
from dataclasses import MISSING, fields, replace
from types import MappingProxyType
from typing import Any, TypeVar

from matcher.access.policy import SIGHTS, Side, Sight
from matcher.matches import Match, Risk, RiskCode
from matcher.records import Need, Patent

Record = TypeVar("Record", bound=Patent | Need)
SHOWN: Mapping[Side, Mapping[Sight, tuple[str, ...]]] = MappingProxyType({
    "patents": MappingProxyType({
        "summary": ("id", "title", "abstract", "kind", "legal_status", "ipc", "industries",
                    "level"),
        "details": ("first_claim", "application_number", "publication_numbers",
                    "application_date", "publication_date", "grant_date", "expiry_date",
                    "applicants", "owners", "inventors", "college", "region", "park",
                    "credit_code", "legal_status_raw", "pledges", "transfers", "licences",
                    "terms", "flags"),
        "everything": ("address", "terms.contact"),
        "nothing": ("keys", "source", "seen"),
    }),
    "needs": MappingProxyType({
        "summary": ("id", "title", "keywords", "modes", "field", "industries", "level"),
        "details": ("main_problem", "key_technology", "expected_goal", "content", "deadline",
                    "deadline_text", "budget_min", "budget_max", "budget_text", "company",
                    "credit_code", "park", "region", "flags"),
        "everything": ("address", "contact"),
        "nothing": ("source", "seen"),
    }),
})  # fmt: skip
"""What each sight adds; what stands under "nothing" is ours and leaves for nobody."""

OPEN_RISKS: frozenset[RiskCode] = frozenset({"lapsed", "unknown_status", "pending"})
"""Those that the legal status tells, which every sight shows."""

FILTERED: Mapping[str, Mapping[Side, str]] = MappingProxyType({
    "industry": {"patents": "industries", "needs": "industries"},
    "region": {"patents": "region", "needs": "region"},
    "park": {"patents": "park", "needs": "park"},
    "applicant": {"patents": "applicants", "needs": "company"},
    "kind": {"patents": "kind"},
    "legal_status": {"patents": "legal_status"},
    "ipc": {"patents": "ipc"},
    "licence_mode": {"patents": "terms"},
    "transfer_mode": {"patents": "terms"},
    "pay_later": {"patents": "terms"},
    "price_max": {"patents": "terms"},
    "trl_min": {"patents": "terms"},
    "trl_max": {"patents": "terms"},
    "filed_from": {"patents": "application_date"},
    "filed_to": {"patents": "application_date"},
    "grade_min": {},
})  # fmt: skip
"""Filter -> the field it asks about: a record found by a field that is hidden is not to be
shown, for being found tells the field."""


def shown_names(side: Side, sight: Sight) -> frozenset[str]:
    """The names of the fields that this sight shows."""
    if sight == "nothing":
        return frozenset()
    seen = SIGHTS[1 : SIGHTS.index(sight) + 1]
    return frozenset(name for one in seen for name in SHOWN[side][one])


def shown(record: Record, sight: Sight) -> Record:
    """The record with all that this sight does not show left blank.  Never for "nothing"."""
    assert sight != "nothing"
    seen = shown_names(_side(record), sight)
    blanks: dict[str, Any] = {}
    for item in fields(record):
        if item.name not in seen:
            blanks[item.name] = () if item.default is MISSING else item.default
    bare = replace(record, **blanks)
    if isinstance(bare, Patent) and "terms" in seen and "terms.contact" not in seen:
        return replace(bare, terms=replace(bare.terms, contact=""))
    return bare


def hidden_names(record: Patent | Need, sight: Sight) -> list[str]:
    """The fields that a larger sight would show, sorted."""
    side = _side(record)
    return sorted(shown_names(side, "everything") - shown_names(side, sight))


def tells(side: Side, sight: Sight, filters: list[str]) -> bool:
    """Whether to show a record that these filters let pass would tell a hidden field."""
    seen = shown_names(side, sight)
    return any(FILTERED[name].get(side, "id") not in seen for name in filters)


def shown_match(match: Match, need: Sight, patent: Sight) -> Match:
    """The match for one who sees so much of either side: what quotes a hidden text is gone."""
    if min(SIGHTS.index(need), SIGHTS.index(patent)) >= SIGHTS.index("details"):
        return match
    bare = tuple(Risk(risk.code, "") for risk in match.risks if risk.code in OPEN_RISKS)
    return replace(match, evidence=(), missing=(), checks=(), risks=bare)


def _side(record: Patent | Need) -> Side:
    return "patents" if isinstance(record, Patent) else "needs"
