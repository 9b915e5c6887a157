"""The search page.  The address holds the whole question."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Annotated, Any, ClassVar
from urllib.parse import urlencode

from fastapi import APIRouter, Query
from pydantic import BaseModel, BeforeValidator

from matcher.access.policy import may
from matcher.pages.cards import Card, card
from matcher.pages.choices import stars
from matcher.pages.forms import WRONG, blank, said
from matcher.pages.frame import KEYS, Page, Visit, VisitDep, rendered
from matcher.reference.divisions import region
from matcher.reference.industries import industry
from matcher.text import chances
from matcher.text.labels import FILTERS
from matcher.web.facets import BOUNDS, facets
from matcher.web.matching import found
from matcher.web.shapes import FilterIn, Matches, MatchIn, Words

router = APIRouter(include_in_schema=False)
EXAMPLES = (
    "锂电池隔膜高温收缩,如何提高耐热性",
    "铝合金压铸件气孔多,合格率低",
    "污水中重金属的去除",
)
GROUPS = {"trl_min": "成熟度", "price_max": "价格"}
DEPTHS = (10, 30, 50)  # how many are shown, and how many when more are asked for
FIELDS = ("park", "industry", "region", "transfer_mode", "licence_mode", "legal_status", "kind",
          "trl_min", "price_max")  # fmt: skip
TYPED = ("park", "industry", "region")
FEW = 5  # values of a filter that are shown at once
ALL = 30
Several = Annotated[list[Annotated[str, Query(max_length=100)]], Query(max_length=20)]


@dataclass(frozen=True, slots=True, kw_only=True)
class Asked:
    """What the address says: a question in words (`q`), or what else stands in the address before
    the filters (`base`); `kept` are the filters in force, a pair for each value; `k`: how many are
    shown."""

    q: str = ""
    kept: tuple[tuple[str, str], ...] = ()
    base: tuple[tuple[str, str], ...] = ()
    path: str = "/search"
    k: int = DEPTHS[0]

    @property
    def chips(self) -> list[tuple[str, str]]:
        """Each filter in words, and the address without it."""
        return [
            (f"{FILTERS[name]}:{_shown(name, value)}",
             self.address(self.path, [pair for pair in self.kept if pair != (name, value)]))
            for name, value in self.kept
        ]  # fmt: skip

    def without(self, name: str) -> str:
        """The address of the same question without one filter."""
        return self.address(self.path, [pair for pair in self.kept if pair[0] != name])

    def address(self, path: str, pairs: Sequence[tuple[str, str]]) -> str:
        """Of the question under these filters."""
        return f"{path}?{urlencode([*self.head, *pairs])}"

    @property
    def more(self) -> str:
        """The address of the same with more shown, "" where there are no more steps."""
        further = next((step for step in DEPTHS if step > self.k), None)
        return self.address(self.path, [*self.kept, ("k", str(further))]) if further else ""

    @property
    def head(self) -> tuple[tuple[str, str], ...]:
        """What stands before the filters."""
        return self.base or (("q", self.q),)

    @property
    def filter(self) -> FilterIn:
        """As the API takes it.  :raises ValidationError: a value that is none."""
        given: dict[str, Any] = {}
        for name, value in self.kept:
            if name in BOUNDS:
                given[name] = value
            else:
                given.setdefault(name, []).append(value)
        return FilterIn.model_validate(given)


@dataclass(frozen=True, slots=True, kw_only=True)
class Group:
    """Values of one filter to tick: value, words, count, whether it is in force.  `open` groups
    take a value that is typed; a `bound` takes one value alone."""

    name: str
    label: str
    values: tuple[tuple[str, str, int, bool], ...]
    more: tuple[tuple[str, str, int, bool], ...]
    open: bool
    bound: bool
    used: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Told:
    """What was found."""

    no_match: bool
    opening: str
    doubt: str
    relax: str
    relax_address: str
    more: str
    cards: tuple[Card, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class SearchPage(Page):
    """首页 / 搜索."""

    TEMPLATE: ClassVar[str] = "search.html"

    asked: Asked
    told: Told | None
    writes: bool
    groups: tuple[Group, ...]
    examples: tuple[str, ...] = EXAMPLES


def depth(value: object) -> int:
    """How many to show: one of ours, else the least."""
    return next((step for step in DEPTHS if str(step) == str(value)), DEPTHS[0])


class Search(BaseModel):
    """The address of a search; what it says besides is left alone."""

    q: Annotated[Words | None, BeforeValidator(blank)] = None
    industry: Several = []
    region: Several = []
    park: Several = []
    transfer_mode: Several = []
    licence_mode: Several = []
    legal_status: Several = []
    kind: Several = []
    trl_min: Several = []
    price_max: Several = []
    k: Annotated[int, BeforeValidator(depth)] = DEPTHS[0]

    @property
    def asked(self) -> Asked:
        """The question and its filters."""
        pairs = [(name, value.strip()) for name in FIELDS for value in getattr(self, name)]
        kept = tuple(dict.fromkeys(p for p in pairs if p[1]))
        return Asked(q=self.q or "", kept=kept, k=self.k)


@router.get("/")
def start(visit: VisitDep) -> Any:
    """The question alone."""
    frame = visit.frame("找专利", scripts=KEYS)
    return rendered(SearchPage(frame=frame, asked=Asked(), told=None, writes=False, groups=()))


@router.get("/search")
def search(visit: VisitDep, asked: Annotated[Search, Query()]) -> Any:
    """The question and what was found."""
    told, notice = None, ""
    wanted = asked.asked
    groups: tuple[Group, ...] = ()
    if wanted.q:
        try:
            told = _searched(wanted, visit)
            groups = groups_of(visit, wanted)
        except WRONG as error:
            notice = said(error)
    writes = may(visit.caller, "upload_needs")
    frame = visit.frame(wanted.q[:30] or "找专利", notice=notice, scripts=KEYS)
    page = SearchPage(frame=frame, asked=wanted, told=told, writes=writes, groups=groups)
    return rendered(page, 422 if notice else 200)


def told_of(asked: Asked, matches: Matches, cards: Sequence[Card], noun: str = "专利") -> Told:
    """What is said above a list of what was found."""
    among = f" {matches.total} 条{noun}" if noun == "需求" else f" {matches.total} 件{noun}"
    if matches.passed != matches.total:
        among = f"符合筛选条件的 {matches.passed} 件{noun}(共 {matches.total} 件)"
    return Told(
        no_match=matches.no_match,
        opening=f"从{among}中找出最接近的 {len(cards)} 件:",
        doubt=_doubt(matches, noun),
        relax=_relax(matches),
        relax_address=asked.without(matches.relax) if matches.relax else "",
        more=asked.more if len(matches.items) == asked.k < matches.passed else "",
        cards=tuple(cards),
    )


def groups_of(visit: Visit, asked: Asked) -> tuple[Group, ...]:
    """The filters beside a list, with how many patents each value would leave; a value that is in
    force stands first, whatever it leaves."""
    found = facets(visit.desk, visit.caller, asked.filter)
    groups = []
    for name in FIELDS:
        chosen = [value for field, value in asked.kept if field == name]
        known = {one.value: one for one in found[name]}
        rows = [(value, _shown(name, value), known[value].count if value in known else 0, True)
                for value in chosen]  # fmt: skip
        rest = [one for one in found[name] if one.value not in chosen]
        rows += [(one.value, one.label, one.count, False) for one in rest]
        bound = name in BOUNDS
        few = max(FEW, len(chosen))
        groups.append(Group(
            name=name, label=GROUPS.get(name, FILTERS[name]), bound=bound, open=name in TYPED,
            values=tuple(rows) if bound else tuple(rows[:few]),
            more=() if bound else tuple(rows[few:ALL]), used=bool(chosen),
        ))  # fmt: skip
    return tuple(groups)


def _shown(name: str, value: str) -> str:
    """A filter's value in words."""
    if name == "industry":
        known = industry(value)
        return f"{value} {known.name}" if known else value
    if name == "region" and value.isdecimal():
        place = region(value)
        return place.full_name if place else value
    if name in BOUNDS:
        return f"TRL {value} 以上" if name == "trl_min" else f"{value} 万元以内"
    return value


def _searched(asked: Asked, visit: Visit) -> Told:
    match = MatchIn(text=asked.q, filter=asked.filter, k=asked.k)
    matches = found(match, visit.desk, visit.caller)
    held = stars(visit, "patents", [one.patent_id for one in matches.items])
    cards = [
        card(one, asked.address("/why", [*asked.kept, ("patent_id", one.patent_id)]),
             star=held.get(one.patent_id))
        for one in matches.items
    ]  # fmt: skip
    return told_of(asked, matches, cards)


def _doubt(matches: Matches, noun: str) -> str:
    if not matches.items:
        return f"没有找到合适的{noun}。请放宽筛选,或把内容写得更具体。"
    best = chances.per_cent(matches.items[0].chance)
    return (
        f"很可能没有合适的{noun}:最接近的一件,专家评为较强相关以上的可能性只有 {best},"
        "以下仅供参考。可以把主要问题和技术指标写得更具体后再试。"
    )


def _relax(matches: Matches) -> str:
    if not matches.relax:
        return ""
    more = next((one.only for one in matches.removed if one.filter == matches.relax), 0)
    return f"放宽“{FILTERS[matches.relax]}”可多看到 {more} 件"
