"""The search page, and why a patent is on it.  The address holds the whole question."""

from dataclasses import dataclass
from typing import Annotated, Any, ClassVar, get_args
from urllib.parse import urlencode

from fastapi import APIRouter, Query, Request
from markupsafe import Markup
from pydantic import BaseModel, BeforeValidator

from matcher.access.people import Caller
from matcher.errors import BadFilter, UnknownId
from matcher.explain.waterfall import waterfall
from matcher.pages.cards import Card, card
from matcher.pages.frame import Page, framed, rendered
from matcher.records import LegalStatus, LicenceMode
from matcher.text import chances
from matcher.text.labels import FILTERS
from matcher.web.desk import Desk, DeskDep
from matcher.web.guard import CallerDep
from matcher.web.matching import found
from matcher.web.shapes import FilterIn, Id, Line, Matches, MatchIn, Words

router = APIRouter(include_in_schema=False)
EXAMPLES = (
    "锂电池隔膜高温收缩,如何提高耐热性",
    "铝合金压铸件气孔多,合格率低",
    "污水中重金属的去除",
)
STATUSES: tuple[LegalStatus, ...] = get_args(LegalStatus)
LICENCES: tuple[LicenceMode, ...] = get_args(LicenceMode)
SHOWN = 10
DEEPEST = 50
FIELDS = ("industry", "region", "park", "legal_status", "licence_mode")


def _blank(value: object) -> object:
    """A field that was left empty was not filled in."""
    return None if value == "" else value


Filled = Annotated[Line | None, BeforeValidator(_blank)]
StatusFilled = Annotated[LegalStatus | None, BeforeValidator(_blank)]
LicenceFilled = Annotated[LicenceMode | None, BeforeValidator(_blank)]


@dataclass(frozen=True, slots=True, kw_only=True)
class Asked:
    """What the address says.  `chips`: each filter in force, and the address without it."""

    q: str = ""
    industry: str = ""
    region: str = ""
    park: str = ""
    legal_status: str = ""
    licence_mode: str = ""

    @property
    def kept(self) -> list[tuple[str, str]]:
        """The filters in force."""
        return [(name, getattr(self, name)) for name in FIELDS if getattr(self, name)]

    @property
    def chips(self) -> list[tuple[str, str]]:
        """Each filter in words, and the address without it."""
        return [(f"{FILTERS[name]}:{value}", self.without(name)) for name, value in self.kept]

    def without(self, name: str) -> str:
        """The address of the same question without one filter."""
        return self.address("/search", [pair for pair in self.kept if pair[0] != name])

    def address(self, path: str, pairs: list[tuple[str, str]]) -> str:
        """Of the question under these filters."""
        return f"{path}?{urlencode([('q', self.q), *pairs])}"

    @property
    def filter(self) -> FilterIn:
        """As the API takes it."""
        return FilterIn(**{name: [value] for name, value in self.kept})  # type: ignore[arg-type]


@dataclass(frozen=True, slots=True, kw_only=True)
class Told:
    """What was found."""

    no_match: bool
    opening: str
    doubt: str
    relax: str
    relax_address: str
    cards: tuple[Card, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class SearchPage(Page):
    """首页 / 搜索."""

    TEMPLATE: ClassVar[str] = "search.html"

    asked: Asked
    told: Told | None
    examples: tuple[str, ...] = EXAMPLES
    statuses: tuple[str, ...] = STATUSES
    licences: tuple[str, ...] = LICENCES


@dataclass(frozen=True, slots=True, kw_only=True)
class WhyPage(Page):
    """为什么推荐.  `bars`: what is added up, in log-odds."""

    TEMPLATE: ClassVar[str] = "why.html"

    q: str
    card: Card
    picture: Markup
    bars: tuple[tuple[str, str], ...]
    back: str


class Search(BaseModel):
    """The address of a search; what it says besides is left alone."""

    q: Annotated[Words | None, BeforeValidator(_blank)] = None
    industry: Filled = None
    region: Filled = None
    park: Filled = None
    legal_status: StatusFilled = None
    licence_mode: LicenceFilled = None

    @property
    def asked(self) -> Asked:
        """The question and its filters."""
        return Asked(q=self.q or "", **{name: getattr(self, name) or "" for name in FIELDS})


class Why(Search):
    """The address of a reason."""

    patent_id: Id


@router.get("/")
def start(request: Request, desk: DeskDep, caller: CallerDep) -> Any:
    """The question alone."""
    frame = framed(request, desk, caller, "找专利")
    return rendered(SearchPage(frame=frame, asked=Asked(), told=None))


@router.get("/search")
def search(
    request: Request, desk: DeskDep, caller: CallerDep, asked: Annotated[Search, Query()]
) -> Any:
    """The question and what was found."""
    told, notice = None, ""
    wanted = asked.asked
    if wanted.q:
        try:
            told = _told(wanted, _found(wanted, desk, caller, SHOWN))
        except BadFilter as error:
            notice = error.message
    frame = framed(request, desk, caller, wanted.q[:30] or "找专利", notice=notice)
    return rendered(SearchPage(frame=frame, asked=wanted, told=told), 422 if notice else 200)


@router.get("/why")
def why(request: Request, desk: DeskDep, caller: CallerDep, asked: Annotated[Why, Query()]) -> Any:
    """One patent of a list, explained."""
    wanted = asked.asked
    matches = _found(wanted, desk, caller, DEEPEST, explain=True)
    chosen = [one for one in matches.items if one.patent_id == asked.patent_id]
    if not chosen or chosen[0].explanation is None:
        raise UnknownId("这件专利不在这个问题的结果里。请回到结果再看。")
    told, one = chosen[0].explanation, chosen[0]
    picture = waterfall(told.bars, base=told.start, steps=told.steps)
    return rendered(WhyPage(
        frame=framed(request, desk, caller, "为什么推荐"), q=wanted.q,
        card=card(one, ""), picture=Markup(picture),
        bars=tuple((bar.label, f"{bar.value:+.2f}") for bar in told.bars),
        back=wanted.address("/search", wanted.kept),
    ))  # fmt: skip


def _found(asked: Asked, desk: Desk, caller: Caller, k: int, *, explain: bool = False) -> Matches:
    wanted = MatchIn(text=asked.q, filter=asked.filter, k=k, explain=explain)
    return found(wanted, desk, caller)


def _told(asked: Asked, matches: Matches) -> Told:
    among = f" {matches.total} 件专利"
    if matches.passed != matches.total:
        among = f"符合筛选条件的 {matches.passed} 件专利(共 {matches.total} 件)"
    cards = tuple(
        card(one, asked.address("/why", [*asked.kept, ("patent_id", one.patent_id)]))
        for one in matches.items
    )
    return Told(
        no_match=matches.no_match,
        opening=f"从{among}中找出最接近的 {len(cards)} 件:",
        doubt=_doubt(matches),
        relax=_relax(matches),
        relax_address=asked.without(matches.relax) if matches.relax else "",
        cards=cards,
    )


def _doubt(matches: Matches) -> str:
    if not matches.items:
        return "没有找到合适的专利。请放宽筛选,或把难题写得更具体。"
    best = chances.per_cent(matches.items[0].chance)
    return (
        f"很可能没有合适的专利:最接近的一件,专家评为较强相关以上的可能性只有 {best},以下仅供参考。"
        "把主要问题和技术指标写得更具体后再试。"
    )


def _relax(matches: Matches) -> str:
    if not matches.relax:
        return ""
    more = next((one.only for one in matches.removed if one.filter == matches.relax), 0)
    return f"放宽“{FILTERS[matches.relax]}”可多看到 {more} 件"
