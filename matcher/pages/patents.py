"""中心工作台: a centre's patents with what is said of them for transfer, and for each the needs
that it answers."""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from itertools import islice
from typing import Annotated, Any, ClassVar
from urllib.parse import urlencode

from fastapi import APIRouter, Query, Response
from pydantic import BaseModel, BeforeValidator

from matcher.access.life import STAGES
from matcher.access.policy import may, may_with
from matcher.export.simple import Sheet, workbook
from matcher.pages.cards import Card, card, company_of, facts_of, owner_of
from matcher.pages.choices import REASONS, Star, answered, choices, star, stars
from matcher.pages.finding import Asked, told_of
from matcher.pages.forms import WRONG, FormDep, said
from matcher.pages.frame import LIVE, Page, Visit, VisitDep, attached, rendered
from matcher.pages.needs import LISTED, Words, known_order
from matcher.records import Patent
from matcher.reference.wanted import CHOICES
from matcher.store.owners import Order, Wanted
from matcher.text.labels import GRADES, MARKS
from matcher.web.batches import GOOD
from matcher.web.figures import match_statistics
from matcher.web.matching import found
from matcher.web.records import visible
from matcher.web.shapes import After, Id, MatchIn, MatchOut
from matcher.web.told import record_told

router = APIRouter(include_in_schema=False)
SHOWN = 25
BLOCK = 500
WORDS = ("转化方式", "许可方式", "许可费", "支付方式", "先使用后付费", "技术成熟度", "应用场景",
         "联系方式")  # fmt: skip
LICENCES, TRANSFERS = CHOICES["licence_mode"], CHOICES["transfer_mode"]
WANTED = {
    "abstract": "摘要", "trl": "技术成熟度", "licence_modes": "许可方式",
    "transfer_modes": "转化方式", "price_text": "许可费", "scene": "应用场景",
    "contact": "联系方式",
}  # fmt: skip
"""What a company wants to know before it calls."""
BRIEF = ("转化方式", "许可方式", "许可费", "技术成熟度")
_BARE = re.compile(r"[\d.]+(?:\s*[-–~至到]\s*[\d.]+)?")  # a price without its unit
ORDERS: dict[Order, str] = {"id": "申请号", "title": "名称拼音", "date": "申请日(新在前)"}


@dataclass(frozen=True, slots=True, kw_only=True)
class Item:
    """A patent in the table.  `complete`: how many of `WANTED` are said, `lacks` the others."""

    id: str
    title: str
    address: str
    facts: str
    terms: str
    complete: int
    of: int
    lacks: str
    stage: str
    level: str


@dataclass(frozen=True, slots=True, kw_only=True)
class PatentsPage(Page):
    """我的专利."""

    TEMPLATE: ClassVar[str] = "patents.html"

    items: tuple[Item, ...]
    q: str
    more: str
    after: str
    first: bool
    writes: bool
    refusals: tuple[tuple[str, int], ...]
    most: int
    licences: tuple[str, ...]
    transfers: tuple[str, ...]
    undo: str
    order: Order
    orders: tuple[tuple[str, str, bool], ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class PatentPage(Page):
    """One patent, and the needs that it answers."""

    TEMPLATE: ClassVar[str] = "patent.html"

    id: str
    title: str
    owner: str
    facts: str
    terms: tuple[tuple[str, str], ...]
    lacks: str
    texts: tuple[tuple[str, str], ...]
    cards: tuple[Card, ...]
    opening: str
    reasons: tuple[str, ...]
    writes: bool
    licences: tuple[str, ...]
    transfers: tuple[str, ...]
    star: Star | None
    undo: str


@dataclass(frozen=True, slots=True, kw_only=True)
class BestPage(Page):
    """The company that a patent suits best, in its row of the table; blank where it suits none
    well."""

    TEMPLATE: ClassVar[str] = "best.html"

    company: str
    marks: str
    word: str
    address: str


class PatentsAsk(BaseModel):
    """The address of the table."""

    after: After = ""
    q: Words = None
    order: Annotated[Order, BeforeValidator(known_order)] = "id"


@router.get("/patents")
def patents(visit: VisitDep, asked: Annotated[PatentsAsk, Query()]) -> Any:
    """A page of them."""
    return listed_page(visit, asked)


@router.get("/patents/export")
def export(visit: VisitDep, asked: Annotated[PatentsAsk, Query()]) -> Response:
    """The table as it is filtered, as a workbook."""
    head = ("编号", "名称", "申请人", "类型与状态", "密级", "完整", "还缺", "对接", *WORDS)
    return attached(workbook([Sheet("专利", head, _rows(visit, asked))]), "专利.xlsx")


@router.get("/patent")
def patent(visit: VisitDep, id: Id) -> Any:
    """One of them."""
    return shown_page(visit, id)


@router.get("/patent/light")
def light(visit: VisitDep, id: Id) -> Any:
    """Who waits for it most."""
    matches = found(MatchIn(patent_id=id, k=1), visit.desk, visit.caller)
    best = next((one for one in matches.items if one.grade >= GOOD), None)
    return rendered(BestPage(
        frame=visit.part, company=company_of(best.need) if best else "",
        marks=MARKS[best.grade] if best else "", word=GRADES[best.grade] if best else "",
        address=f"/patent?{urlencode({'id': id})}",
    ))  # fmt: skip


@router.post("/patent/answer")
def answer(visit: VisitDep, form: FormDep) -> Any:
    """愿意对接 with the company of a need, or 暂不 with its reason."""
    id = form.one("patent_id")
    try:
        done = answered(visit, form)
    except WRONG as error:
        return shown_page(visit, id, notice=said(error))
    return shown_page(visit, id, done=done)


def _rows(visit: Visit, asked: PatentsAsk) -> Iterator[tuple[str, ...]]:
    wanted = Wanted(visit.mine, words=asked.q or "", order=asked.order)
    every = visit.desk.matcher.store.owners.each("patents", wanted)
    while listed := list(islice(every, BLOCK)):
        stages = _stages(visit, [record.id for record, _ in listed])
        for record, held in listed:
            if isinstance(record, Patent) and may_with(visit.caller, "see_contact", held):
                one, told = (
                    _item(record, stages.get(record.id, ""), held.level),
                    dict(_terms(record)),
                )
                yield (one.id, one.title, owner_of(record), one.facts, one.level,
                       f"{one.complete}/{one.of}", one.lacks, one.stage,
                       *(told.get(word, "") for word in WORDS))  # fmt: skip


def _stages(visit: Visit, ids: list[str]) -> dict[str, str]:
    """How far the best match of each patent is."""
    best: dict[str, str] = {}
    for lead in visit.desk.matcher.store.leads.of_records(visit.mine, "patents", ids):
        if lead.patent_id not in best or lead.stage != "refused":
            best[lead.patent_id] = STAGES[lead.stage]
    return best


def listed_page(
    visit: Visit, asked: PatentsAsk, *, notice: str = "", done: str = "", undo: str = ""
) -> Any:
    """A page of the table; `undo` takes back what was just changed."""
    store, mine = visit.desk.matcher.store, visit.mine
    wanted = Wanted(mine, words=asked.q or "", order=asked.order)
    listed = store.owners.desk("patents", wanted, after=asked.after, limit=SHOWN + 1)
    shown = [pair for pair in listed[:SHOWN] if may_with(visit.caller, "see_contact", pair[1])]
    best = _stages(visit, [record.id for record, _ in shown])
    more = ""
    if len(listed) > SHOWN:
        more = _address(asked.q, order=asked.order, after=listed[SHOWN - 1][0].id)
    refusals = [(one.name, one.count)
                for one in match_statistics(visit.desk, visit.caller).refusals]  # fmt: skip
    page = PatentsPage(
        frame=visit.frame("我的专利", notice=notice, done=done, scripts=LIVE),
        items=tuple(_item(record, best.get(record.id, ""), held.level) for record, held in shown
                    if isinstance(record, Patent)),
        q=asked.q or "", more=more, first=not asked.after, refusals=tuple(refusals),
        most=max((count for _, count in refusals), default=1), licences=LICENCES,
        transfers=TRANSFERS, writes=may(visit.caller, "upload_patents"), undo=undo,
        order=asked.order, after=asked.after,
        orders=tuple((word, _address(asked.q, order=order), order == asked.order)
                     for order, word in ORDERS.items()),
    )  # fmt: skip
    return rendered(page, 422 if notice else 200)


def shown_page(visit: Visit, id: str, *, notice: str = "", done: str = "", undo: str = "") -> Any:
    """One patent; `undo` takes back what was just changed."""
    desk, caller = visit.desk, visit.caller
    record, held = visible(desk, caller, "patents", id)
    shown = record_told(caller, record, held)
    cards: list[Card] = []
    opening = ""
    if may_with(caller, "match_from", held) and may_with(caller, "see_contact", held):
        matches = found(MatchIn(patent_id=id, k=LISTED), desk, caller)
        pairs = [(one.need_id, id) for one in matches.items]
        open_for = choices(visit, pairs, "patents")
        held_needs = stars(visit, "needs", [one.need_id for one in matches.items])
        cards = [_card(one, open_for, held_needs) for one in matches.items]
        told = told_of(Asked(k=LISTED), matches, cards, "需求")
        opening = told.doubt if told.no_match else told.opening
    own = may_with(caller, "edit", held)
    page = PatentPage(
        frame=visit.frame(shown.title or "专利", notice=notice, done=done, scripts=LIVE), id=id,
        title=shown.title or "(未公开)", owner=owner_of(shown), facts=facts_of(shown),
        terms=_terms(shown), lacks=_lacks(shown) if own else "",
        texts=tuple((word, text) for word, text in (
            ("摘要", shown.abstract), ("首项权利要求", shown.first_claim)) if text),
        cards=tuple(cards), opening=opening, reasons=REASONS, writes=own, licences=LICENCES,
        transfers=TRANSFERS, star=star(visit, "patents", id), undo=undo,
    )  # fmt: skip
    return rendered(page, 422 if notice else 200)


def _address(words: str | None, **told: str) -> str:
    """Of the table, under these words."""
    return f"/patents?{urlencode({'q': words or '', **told})}"


def _card(one: MatchOut, open_for: Mapping[tuple[str, str], Any], held: Mapping[str, Star]) -> Card:
    why = urlencode([("need_id", one.need_id), ("patent_id", one.patent_id), ("of", "patent")])
    choice = open_for.get((one.need_id, one.patent_id))
    return card(one, f"/why?{why}", choice, held.get(one.need_id))


def _item(one: Patent, stage: str, level: str) -> Item:
    lacks = _lacks(one)
    count = len(lacks.split("、")) if lacks else 0
    return Item(
        id=one.id, title=one.title, address=f"/patent?{urlencode({'id': one.id})}",
        facts=facts_of(one), terms=" · ".join(text for word, text in _terms(one) if word in BRIEF),
        complete=len(WANTED) - count, of=len(WANTED), lacks=lacks, stage=stage, level=level,
    )  # fmt: skip


def _lacks(one: Any) -> str:
    terms = one.terms
    said_of = {name: getattr(one if name == "abstract" else terms, name, None) for name in WANTED}
    if terms is not None and terms.price_min is not None:
        said_of["price_text"] = "said"
    return "、".join(word for name, word in WANTED.items() if said_of[name] in (None, "", ()))


def _terms(one: Any) -> tuple[tuple[str, str], ...]:
    terms = one.terms
    if terms is None:
        return ()
    price = terms.price_text or (f"{terms.price_min:g} 万元起" if terms.price_min else "")
    if _BARE.fullmatch(price):
        price = f"{price} 万元"
    told = (
        ("转化方式", "、".join(terms.transfer_modes)), ("许可方式", "、".join(terms.licence_modes)),
        ("许可费", price), ("支付方式", terms.payment),
        ("先使用后付费", {True: "可以", False: "不可以"}.get(terms.pay_later, "")),
        ("技术成熟度", f"TRL {terms.trl}" if terms.trl else ""), ("应用场景", terms.scene),
        ("联系方式", terms.contact),
    )  # fmt: skip
    return tuple((word, text) for word, text in told if text)
