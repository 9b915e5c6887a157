"""Why a match is on a list: the parts that add up to its grade, both sides side by side, what is
like it, and what else it answers."""

from dataclasses import dataclass
from typing import Annotated, Any, ClassVar, Literal
from urllib.parse import urlencode

from fastapi import APIRouter, Query
from markupsafe import Markup

from matcher.access.policy import Side
from matcher.errors import NotAllowed, UnknownId
from matcher.explain.waterfall import waterfall
from matcher.pages.cards import Card, Pieces, card, marked
from matcher.pages.choices import REASONS, choices, star
from matcher.pages.finding import DEPTHS, Asked, Search
from matcher.pages.frame import KEYS, Page, Visit, VisitDep, rendered
from matcher.text.labels import ASPECTS, GRADES
from matcher.web.batches import GOOD
from matcher.web.matching import found
from matcher.web.records import visible
from matcher.web.shapes import Id, MatchIn, MatchOut
from matcher.web.told import record_told

router = APIRouter(include_in_schema=False)
BESIDE = 4  # similar patents, and other needs


@dataclass(frozen=True, slots=True, kw_only=True)
class WhyPage(Page):
    """为什么推荐.  `asks`: what the question says, marked, and which sentences of the answer (from
    1) take it up; `bars`: what is added up, in log-odds."""

    TEMPLATE: ClassVar[str] = "why.html"

    asks: tuple[tuple[str, Pieces, tuple[int, ...]], ...]
    card: Card
    reasons: tuple[str, ...]
    action: str
    picture: Markup
    bars: tuple[tuple[str, str], ...]
    similar: tuple[tuple[str, str], ...]
    others: tuple[tuple[str, str, str], ...]
    back: str


class Why(Search):
    """The address of a reason: of a patent found for words, for a need, or of a need found for it
    (`of` is then "patent")."""

    patent_id: Id
    need_id: Id | None = None
    of: Literal["need", "patent"] = "need"


@router.get("/why")
def why(visit: VisitDep, asked: Annotated[Why, Query()]) -> Any:
    """One match of a list, explained."""
    wanted, need_id, patent_id = asked.asked, asked.need_id, asked.patent_id
    back, asks, match = _asks(asked, wanted)
    matches = found(match, visit.desk, visit.caller)
    chosen = [one for one in matches.items
              if one.patent_id == patent_id and need_id in (None, one.need_id)]  # fmt: skip
    if not chosen or chosen[0].explanation is None:
        raise UnknownId("这一项不在这个问题的结果里。请回到结果再看。")
    told, one = chosen[0].explanation, chosen[0]
    pair = (one.need_id, one.patent_id)
    terms = [term for proof in one.evidence for term in proof.terms]
    similar, others = _beside(visit, one)
    side: Side = "patents" if asked.of == "patent" else "needs"
    open_for = choices(visit, [pair] if need_id else [], side)
    mark = (
        star(visit, "needs", one.need_id)
        if side == "patents"
        else star(visit, "patents", patent_id)
    )
    picture = waterfall(told.bars, base=told.start, steps=told.steps)
    shown = card(one, "", open_for.get(pair), mark)
    return rendered(WhyPage(
        frame=visit.frame("为什么推荐", scripts=KEYS),
        asks=tuple((label, marked(text, terms), _taken_up(shown, "" if asks else label))
                   for label, text in asks or _asking_texts(visit, match)),
        card=shown, reasons=REASONS, action="/need/answer",
        similar=similar, others=others, picture=Markup(picture), back=back,
        bars=tuple((bar.label, f"{bar.value:+.2f}") for bar in told.bars),
    ))  # fmt: skip


def _taken_up(shown: Card, label: str) -> tuple[int, ...]:
    """The sentences of a card that answer an aspect, all for what has none."""
    return tuple(number for number, (aspects, _) in enumerate(shown.proofs, start=1)
                 if not label or label in aspects.split("、"))  # fmt: skip


def _beside(
    visit: Visit, one: MatchOut
) -> tuple[tuple[tuple[str, str], ...], tuple[tuple[str, str, str], ...]]:
    """Patents like this one, and other needs that it may answer, as far as the caller may see
    them: words and addresses."""
    patent, desk, caller = one.patent, visit.desk, visit.caller
    if patent is None or not patent.title:
        return (), ()
    like = found(MatchIn(text=patent.title, k=BESIDE + 1), desk, caller)
    similar = tuple(
        (str(other.patent.title), f"/patent?{urlencode({'id': other.patent_id})}")
        for other in like.items
        if other.patent_id != one.patent_id and other.patent is not None and other.patent.title
    )[:BESIDE]
    try:
        asked = found(MatchIn(patent_id=one.patent_id, k=BESIDE + 1), desk, caller)
    except NotAllowed:  # no more than its summary may be seen
        return similar, ()
    others = tuple(
        (
            other.need.title or "",
            GRADES[other.grade],
            f"/need?{urlencode({'id': other.need_id})}",
        )
        for other in asked.items
        if other.need is not None and other.need_id != one.need_id and other.grade >= GOOD
    )
    return similar, others[:BESIDE]


def _asking_texts(visit: Visit, asked: MatchIn) -> tuple[tuple[str, str], ...]:
    """What the stored record that asks says, as far as the caller may read it."""
    side: Side = "needs" if asked.need_id is not None else "patents"
    id = asked.need_id or asked.patent_id or ""
    shown = record_told(visit.caller, *visible(visit.desk, visit.caller, side, id))
    return tuple((label, getattr(shown, name)) for name, label in ASPECTS.items()
                 if getattr(shown, name, None))  # fmt: skip


def _asks(asked: Why, wanted: Asked) -> tuple[str, tuple[tuple[str, str], ...], MatchIn]:
    """Where to go back to, what was typed, and the question."""
    if asked.need_id is None:
        match = MatchIn(text=wanted.q, filter=wanted.filter, k=DEPTHS[-1], explain=True)
        return wanted.address("/search", wanted.kept), (("您的难题", wanted.q),), match
    if asked.of == "patent":
        match = MatchIn(patent_id=asked.patent_id, k=DEPTHS[-1], explain=True)
        return f"/patent?{urlencode({'id': asked.patent_id})}", (), match
    match = MatchIn(need_id=asked.need_id, filter=wanted.filter, k=DEPTHS[-1], explain=True)
    head = urlencode([("id", asked.need_id), *wanted.kept])
    return f"/need?{head}", (), match
