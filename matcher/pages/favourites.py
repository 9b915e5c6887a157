"""收藏: the records that a person keeps at hand; nobody else sees which."""

from dataclasses import dataclass
from typing import Annotated, Any, ClassVar
from urllib.parse import urlencode

from fastapi import APIRouter, Query
from fastapi.responses import RedirectResponse
from pydantic import BaseModel

from matcher.access.policy import Side
from matcher.errors import BadInput, UnknownId
from matcher.pages.cards import company_of, facts_of, owner_of
from matcher.pages.choices import Star
from matcher.pages.entering import local
from matcher.pages.forms import FormDep, day_of
from matcher.pages.frame import LIVE, Page, Visit, VisitDep, rendered
from matcher.pages.needs import need_address
from matcher.store.favourites import MOST, Favourite
from matcher.web.records import visible
from matcher.web.told import record_told

router = APIRouter(include_in_schema=False)
SHOWN = 25
NOUNS: dict[Side, str] = {"patents": "专利", "needs": "需求"}
GONE = "(已撤回,或不再对您公开)"


@dataclass(frozen=True, slots=True, kw_only=True)
class Kept:
    """A record that is kept, as far as it may be seen by now."""

    kind: str
    title: str
    address: str
    owner: str
    facts: str
    at: str
    star: Star


@dataclass(frozen=True, slots=True, kw_only=True)
class FavouritesPage(Page):
    """收藏, the latest first."""

    TEMPLATE: ClassVar[str] = "favourites.html"

    items: tuple[Kept, ...]
    more: str
    first: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class StarPage(Page):
    """The one button, after it was pressed."""

    TEMPLATE: ClassVar[str] = "star.html"

    star: Star


class FavouritesAsk(BaseModel):
    """The address of the list: from which place on."""

    at: Annotated[int, Query(ge=0, le=MOST)] = 0


@router.get("/favourites")
def favourites(visit: VisitDep, asked: Annotated[FavouritesAsk, Query()]) -> Any:
    """A page of them."""
    store = visit.desk.matcher.store.favourites
    held = store.of(visit.person, visit.mine, at=asked.at, limit=SHOWN + 1)
    return rendered(FavouritesPage(
        frame=visit.frame("收藏", scripts=LIVE), first=not asked.at,
        items=tuple(_kept(visit, one) for one in held[:SHOWN]),
        more=f"/favourites?at={asked.at + SHOWN}" if len(held) > SHOWN else "",
    ))  # fmt: skip


@router.post("/favourites")
def keep(visit: VisitDep, form: FormDep) -> Any:
    """Keep a record, or keep it no longer; back to where the button was."""
    side, id, kept = _side(form.one("side")), form.one("id"), bool(form.one("keep"))
    store, back = visit.desk.matcher.store.favourites, local(form.one("back") or "/favourites")
    if kept:
        visible(visit.desk, visit.caller, side, id)
        one = Favourite(side=side, record_id=id, made_at=visit.desk.now)
        store.keep(visit.person, visit.mine, one)
    else:
        store.drop(visit.person, visit.mine, side, id)
    star = Star(side=side, id=id, kept=kept, back=back)
    if visit.request.headers.get("HX-Request"):
        return rendered(StarPage(frame=visit.part, star=star))
    return RedirectResponse(f"{back}#{star.anchor}", 303)


def _side(word: str) -> Side:
    for side in NOUNS:
        if side == word:
            return side
    raise BadInput("请从页面上的“收藏”按钮收藏。")


def _kept(visit: Visit, one: Favourite) -> Kept:
    star = Star(side=one.side, id=one.record_id, kept=True, back=visit.place)
    at = day_of(one.made_at)
    try:
        record, held = visible(visit.desk, visit.caller, one.side, one.record_id)
    except UnknownId:  # withdrawn, or no longer for this person
        return Kept(kind=NOUNS[one.side], title=GONE, address="", owner="", facts="", at=at,
                    star=star)  # fmt: skip
    shown = record_told(visit.caller, record, held)
    if one.side == "patents":
        owner, facts = owner_of(shown), facts_of(shown)
        address = f"/patent?{urlencode({'id': one.record_id})}"
    else:
        owner, facts = company_of(shown, getattr(shown, "owner", None)), ""
        address = need_address(one.record_id)
    return Kept(kind=NOUNS[one.side], title=shown.title or "(未公开)", address=address, owner=owner,
                facts=facts, at=at, star=star)  # fmt: skip
