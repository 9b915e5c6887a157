"""园区工作台: companies and needs with their coverage, a batch over chosen needs, looking through
what was found, the hand-out, and pushing what was kept."""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Annotated, Any, ClassVar
from urllib.parse import urlencode

from fastapi import APIRouter, Query, Response
from fastapi.responses import RedirectResponse
from pydantic import BaseModel
from pydantic import ValidationError as Invalid

from matcher.errors import BadInput, MatcherError, Taken
from matcher.export.simple import Sheet, workbook
from matcher.pages.cards import Card, card
from matcher.pages.forms import WRONG, Form, FormDep, by_pinyin, said
from matcher.pages.frame import LIVE, Page, Visit, VisitDep, attached, rendered
from matcher.pages.handing import HEAD, packed, rows
from matcher.pages.needs import need_address
from matcher.reference.wanted import CHOICES
from matcher.statistics import division_name
from matcher.web.batches import MOST, Batch, BatchIn, Found, choose, latest, opened, own_needs
from matcher.web.jobs import begun
from matcher.web.life import push
from matcher.web.life_shapes import PushIn
from matcher.web.shapes import FilterIn, Id

router = APIRouter(include_in_schema=False)
SHOWN = 10
NAMED = 120  # companies on a page
TICKED = 200  # needs that can be ticked one by one
LIGHTS = ("3 件以上较好", "1–2 件较好", "没有较好的")
STATUSES, LICENCES = CHOICES["legal_status"], CHOICES["licence_mode"]
FILTERS = ("industry", "region", "legal_status", "licence_mode")


@dataclass(frozen=True, slots=True, kw_only=True)
class Cell:
    """How many needs of an industry are served so well, how dark that is (0-4), and where these
    needs are."""

    count: int
    shade: int
    address: str


@dataclass(frozen=True, slots=True, kw_only=True)
class ParkPage(Page):
    """园区工作台.  `askers`: the companies that have needs."""

    TEMPLATE: ClassVar[str] = "park.html"

    companies: tuple[tuple[str, str, int], ...]
    askers: tuple[tuple[str, str, int], ...]
    more: str
    needs: tuple[tuple[str, str, str, str], ...]
    batch: str
    coverage: tuple[tuple[str, tuple[Cell, ...]], ...]
    lights: tuple[str, ...]
    total: tuple[int, ...]
    statuses: tuple[str, ...]
    licences: tuple[str, ...]
    most: int
    count: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Look:
    """A need of a batch with its matches: card, patent, whether it is kept, whether it is already
    pushed."""

    need_id: str
    title: str
    company: str
    address: str
    good: int
    cards: tuple[tuple[Card, str, bool], ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class BatchPage(Page):
    """A batch looked through."""

    TEMPLATE: ClassVar[str] = "batch.html"

    id: str
    looks: tuple[Look, ...]
    kept: int
    of: int
    only: str
    before: str
    after: str
    at: int


class BatchAsk(BaseModel):
    """The address of a batch: a page of it, and which needs (`light` 0-2, industry)."""

    id: Id
    at: Annotated[int, Query(ge=0, le=MOST)] = 0
    light: Annotated[int | None, Query(ge=0, le=2)] = None
    industry: Annotated[str, Query(max_length=100)] = ""


@router.get("/park")
def park(visit: VisitDep, at: Annotated[int, Query(ge=0, le=10**6)] = 0) -> Any:
    """The desk; its companies from one place on."""
    return rendered(_park(visit, at=at))


@router.post("/park/batch")
def start(visit: VisitDep, form: FormDep) -> Any:
    """Match the chosen needs, in the background."""
    try:
        given = {name: [value] for name in FILTERS if (value := form.one(name))}
        wanted = FilterIn.model_validate(given)
        visit.desk.check_filter(wanted)
        needs = form.all("needs")
        if form.one("company") and not needs:
            needs = tuple(own_needs(visit.desk, visit.caller, form.one("company")))
            if not needs:
                raise BadInput("这家企业还没有需求,没有运行。请选别的企业,或不选。")
        asked = BatchIn(needs=needs, filter=wanted, k=int(form.one("k") or 5))
        told = asked.model_dump(mode="json")
        job = begun(visit.desk, visit.caller, "batch", told, Response())
    except (*WRONG, ValueError) as error:
        return rendered(_park(visit, said(error)), 422)
    return RedirectResponse(f"/job?id={job.id}", 303)


@router.get("/park/batch")
def look(visit: VisitDep, asked: Annotated[BatchAsk, Query()]) -> Any:
    """A page of what was found."""
    return rendered(_looked(visit, asked))


@router.post("/park/keep")
def keep(visit: VisitDep, form: FormDep) -> Any:
    """Keep what is ticked of the needs on the page, or push all that is kept."""
    asked = _asked(form)
    ticked = {(need, patent) for need, _, patent in
              (pair.partition("\t") for pair in form.all("kept"))}  # fmt: skip
    batch = choose(visit.desk, visit.caller, asked.id, set(form.all("shown")), ticked)
    if form.one("action") == "push":
        return rendered(_looked(visit, asked, done=_pushed(visit, batch)))
    return rendered(_looked(visit, asked, done="已保存勾选。"))


@router.get("/park/handout")
def handout(visit: VisitDep, id: Id, format: str = "zip") -> Response:
    """The hand-out: Word documents in a ZIP, or one table."""
    batch = opened(visit.desk, visit.caller, id)
    if format == "xlsx":
        return attached(workbook([Sheet("对接手册", HEAD, rows(visit, batch))]), "对接手册.xlsx")
    return attached(packed(visit, batch), "对接手册.zip")


def _asked(form: Form) -> BatchAsk:
    try:
        light = form.one("light")
        return BatchAsk(
            id=form.one("id") or "?",
            at=int(form.one("at") or 0),
            light=int(light) if light else None,
            industry=form.one("industry"),
        )
    except (Invalid, ValueError):
        return BatchAsk(id=form.one("id")[:200] or "?")


def _park(visit: Visit, notice: str = "", at: int = 0) -> ParkPage:
    desk, mine = visit.desk, visit.mine
    needs = own_needs(desk, visit.caller)
    companies = desk.matcher.store.accounts.companies(mine)
    counts = Counter(company for _, company in needs.values())
    batch = latest(desk, visit.caller)
    found = opened(desk, visit.caller, batch).found if batch else []
    named = [(name, id, counts.get(name, 0)) for name, id in by_pinyin(companies)]
    return ParkPage(
        frame=visit.frame("园区工作台", notice=notice, scripts=LIVE),
        companies=tuple(named[at : at + NAMED]), askers=tuple(one for one in named if one[2]),
        more=f"/park?at={at + NAMED}" if named[at + NAMED :] else "",
        needs=tuple((id, title, company, need_address(id))
                    for id, (title, company) in list(needs.items())[:TICKED]),
        count=len(needs),
        batch=batch, coverage=_coverage(found, batch), lights=LIGHTS,
        total=tuple(sum(_light(one) == light for one in found) for light in range(3)),
        statuses=STATUSES, licences=LICENCES, most=MOST,
    )  # fmt: skip


def _light(one: Found) -> int:
    """0: three good ones or more, 1: some, 2: none."""
    return 0 if one.good >= 3 else 1 if one.good else 2


def _divisions(one: Found) -> list[str]:
    return sorted({division_name(code) for code in one.industries}) or ["(未填行业)"]


def _coverage(found: Sequence[Found], batch: str) -> tuple[tuple[str, tuple[Cell, ...]], ...]:
    counts: dict[str, list[int]] = {}
    for one in found:
        for name in _divisions(one):
            counts.setdefault(name, [0, 0, 0])[_light(one)] += 1
    most = max((max(row) for row in counts.values()), default=1)
    return tuple(
        (name, tuple(
            Cell(count=count, shade=-(-4 * count // most),
                 address=_place(batch, {"light": light, "industry": name}))
            for light, count in enumerate(row)
        ))
        for name, row in sorted(counts.items())
    )  # fmt: skip


def _place(id: str, more: Mapping[str, Any]) -> str:
    kept = {name: value for name, value in more.items() if value not in ("", None)}
    return f"/park/batch?{urlencode({'id': id, **kept})}"


def _looked(visit: Visit, asked: BatchAsk, *, done: str = "") -> BatchPage:
    batch = opened(visit.desk, visit.caller, asked.id)
    chosen = [one for one in batch.found
              if asked.light in (None, _light(one))
              and (not asked.industry or asked.industry in _divisions(one))]  # fmt: skip
    here = {"light": asked.light, "industry": asked.industry}
    before = _place(asked.id, {**here, "at": max(asked.at - SHOWN, 0)}) if asked.at else ""
    more = asked.at + SHOWN < len(chosen)
    kept = sum(len(batch.kept(one)) for one in batch.found)
    named = " · ".join(
        filter(None, (LIGHTS[asked.light] if asked.light is not None else "", asked.industry))
    )
    return BatchPage(
        frame=visit.frame("匹配结果", done=done, scripts=LIVE), id=asked.id, kept=kept,
        looks=tuple(_look(batch, one) for one in chosen[asked.at : asked.at + SHOWN]),
        of=sum(len(one.items) for one in batch.found), only=named, before=before,
        after=_place(asked.id, {**here, "at": asked.at + SHOWN}) if more else "", at=asked.at,
    )  # fmt: skip


def _look(batch: Batch, one: Found) -> Look:
    return Look(
        need_id=one.need_id, title=one.title, company=one.company, good=one.good,
        address=need_address(one.need_id),
        cards=tuple(
            (card(match, ""), match.patent_id, (one.need_id, match.patent_id) not in batch.out)
            for match in one.items
        ),
    )  # fmt: skip


def _pushed(visit: Visit, batch: Batch) -> str:
    """Push all that is kept, and say what came of it."""
    made = known = 0
    failed: Counter[str] = Counter()
    for one in batch.found:
        for match in batch.kept(one):
            try:
                push(PushIn(need_id=one.need_id, patent_id=match.patent_id), visit.desk,
                     visit.caller)  # fmt: skip
                made += 1
            except Taken:
                known += 1
            except MatcherError as error:
                failed[error.message] += 1
    told = f"新推送 {made} 项,双方会在“对接”里看到"
    if known:
        told += f";{known} 项以前推送过"
    for message, count in failed.items():
        told += f";{count} 项没有推送:{message.rstrip('。')}"
    return told + "。"
