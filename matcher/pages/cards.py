"""A match as a card shows it: words, and pieces of sentences, nothing that needs thinking."""

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Any

from matcher.matches import Evidence
from matcher.pages.choices import Choice, Star
from matcher.text import chances
from matcher.text.labels import ASPECTS, CHECKS, GRADES, MARKS, RISKS
from matcher.web.shapes import MatchOut

Pieces = tuple[tuple[str, bool], ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Card:
    """What was found: a patent, or for a patent a need.  `proofs`: what it answers, and the
    sentence in pieces, marked or not; `choice`: what the caller may answer; `star`: whether it is
    a favourite."""

    grade: int
    marks: str
    word: str
    chance: str
    title: str
    owner: str
    facts: str
    terms: str
    proofs: tuple[tuple[str, Pieces], ...]
    checks: tuple[tuple[str, str], ...]
    missing: str
    risks: tuple[tuple[str, str], ...]
    why: str
    choice: Choice | None = None
    star: Star | None = None


def card(match: MatchOut, why: str, choice: Choice | None = None, star: Star | None = None) -> Card:
    """Of a match, as far as the caller may see what it found."""
    patent, need = match.patent, match.need
    if patent is not None:
        title, owner, facts = patent.title, owner_of(patent), facts_of(patent)
        terms = " · ".join(_terms(patent))
    else:
        assert need is not None
        title, owner, terms = need.title, company_of(need), ""
        facts = " · ".join(_wishes(need))
    return Card(
        grade=match.grade, marks=MARKS[match.grade], word=GRADES[match.grade],
        chance=chances.told(match.chance), title=title or "(未公开)", owner=owner, facts=facts,
        terms=terms,
        proofs=tuple(_proofs(match.evidence)),
        checks=tuple((" ".join(one.demand.split()), CHECKS[one.verdict]) for one in match.checks),
        missing="、".join(match.missing),
        risks=tuple((RISKS[one.code], one.note) for one in match.risks), why=why, choice=choice,
        star=star,
    )  # fmt: skip


def company_of(need: Any, owner: Any = None) -> str:
    """The company as the need names it, else who owns the need, as far as they may be known."""
    return getattr(need, "company", None) or (owner.name if owner else "") or "(企业未公开)"


def owner_of(patent: Any) -> str:
    """Applicants and college, as far as they may be known."""
    names = [party.name for party in patent.applicants or ()]
    college = [patent.college] if patent.college else []
    return " · ".join([*names, *college]) or "(申请人未公开)"


def facts_of(patent: Any) -> str:
    """Kind, status and until when."""
    return " · ".join(_facts(patent))


def _wishes(need: Any) -> Iterator[str]:
    if need.modes:
        yield "、".join(need.modes)
    if need.budget_text:
        yield f"拟投入 {need.budget_text}"
    if need.deadline:
        yield f"{need.deadline:%Y-%m} 前"


def _facts(patent: Any) -> Iterator[str]:
    if patent.kind:
        yield patent.kind
    if patent.legal_status:
        yield patent.legal_status
    if patent.expiry_date:
        yield f"至 {patent.expiry_date:%Y-%m}"


def _terms(patent: Any) -> Iterator[str]:
    terms = patent.terms
    if terms is None:
        return
    if terms.licence_modes:
        yield f"可许可({'、'.join(terms.licence_modes)})"
    if terms.transfer_modes:
        yield "、".join(terms.transfer_modes)
    if terms.price_min is not None:
        yield f"{terms.price_min:g} 万元起"
    if terms.trl is not None:
        yield f"TRL {terms.trl}"


def _proofs(evidence: tuple[Evidence, ...]) -> Iterator[tuple[str, Pieces]]:
    """A sentence that answers several aspects is shown once."""
    by_sentence: dict[tuple[str, int], list[Evidence]] = {}
    for proof in evidence:
        by_sentence.setdefault((proof.field, proof.start), []).append(proof)
    for held in by_sentence.values():
        aspects = "、".join(dict.fromkeys(ASPECTS[proof.aspect] for proof in held))
        yield aspects, _pieces(held[0])


def marked(text: str, terms: Iterable[str]) -> Pieces:
    """A text in pieces, the terms marked, the longest first where one holds another."""
    wanted = sorted({term for term in terms if term}, key=lambda term: (-len(term), term))
    if not wanted:
        return ((text, False),)
    found: list[tuple[str, bool]] = []
    at = 0
    for hit in re.finditer("|".join(map(re.escape, wanted)), text, re.IGNORECASE):
        if hit.start() > at:
            found.append((text[at : hit.start()], False))
        found.append((hit.group(), True))
        at = hit.end()
    return (*found, (text[at:], False)) if at < len(text) else tuple(found)


def _pieces(proof: Evidence) -> Pieces:
    found: list[tuple[str, bool]] = []
    at = 0
    for start, end in proof.marks:
        if start > at:
            found.append((proof.sentence[at:start], False))
        found.append((proof.sentence[start:end], True))
        at = end
    if at < len(proof.sentence):
        found.append((proof.sentence[at:], False))
    return tuple(found)
