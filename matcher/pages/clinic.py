"""需求诊所: the official form with advice beside it while it is filled in, and drafts of it."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, fields
from typing import Annotated, Any, ClassVar, get_args
from urllib.parse import urlencode

from fastapi import APIRouter, Query, Response
from fastapi.responses import RedirectResponse
from pydantic import BaseModel

from matcher.access.policy import may, may_with
from matcher.errors import BadInput, Changed, NotAllowed, Suspect
from matcher.explain.clinic import QUESTIONS, advice
from matcher.pages.forms import LABELS, WRONG, Form, FormDep, by_pinyin, said
from matcher.pages.frame import LIVE, Page, Visit, VisitDep, rendered
from matcher.pages.needs import Words, need_address
from matcher.records import CooperationMode, Level, TextField
from matcher.store.drafts import Draft
from matcher.store.secret import new_id
from matcher.text import chances
from matcher.text.private import SECRETS, secrets_in
from matcher.web.batches import GOOD
from matcher.web.entering import OTHERS, change_need, make_need
from matcher.web.entering_shapes import NeedIn
from matcher.web.matching import found
from matcher.web.records import version_of, visible
from matcher.web.shapes import Id, MatchIn
from matcher.web.told import record_told

router = APIRouter(include_in_schema=False)
MODES: tuple[CooperationMode, ...] = get_args(CooperationMode)
LEVELS: Mapping[Level, str] = {
    "公开": "所有登录的人都能看到详情,联系方式除外",
    "脱敏": "别人只看到名称和大意",
    "授权可见": "只有您指定的机构看得到",
}
TEXTS: tuple[TextField, ...] = ("title", "main_problem", "key_technology", "expected_goal",
                                "content")  # fmt: skip
LOOKED = 20  # matches that are looked through for good ones
NAMED = 3
AGAIN = "文字里有疑似不宜公开的内容,还没有登记。请删去,或勾选“确认可以公开”后再登记。"


@dataclass(frozen=True, slots=True, kw_only=True)
class NeedForm:
    """What stands in the form."""

    title: str = ""
    main_problem: str = ""
    key_technology: str = ""
    expected_goal: str = ""
    content: str = ""
    keywords: str = ""
    deadline_text: str = ""
    budget_text: str = ""
    modes: tuple[str, ...] = ()
    field: str = ""
    industries: str = ""
    region: str = ""
    contact: str = ""
    level: str = ""
    owner_id: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Advised:
    """The advice in words: each missing element with its question; `secrets`: which field holds
    what kind; `good` of `looked` matches are worth a call, None where nothing was asked yet."""

    named: tuple[str, ...]
    missing: tuple[tuple[str, str], ...]
    vague: tuple[str, ...]
    broad: tuple[str, ...]
    figures: tuple[str, ...]
    secrets: tuple[tuple[str, str], ...]
    short: bool
    fine: bool
    good: int | None
    best: tuple[tuple[str, str], ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class ClinicPage(Page):
    """The form.  `id` and `version` of the need that is changed, blank for a new one."""

    TEMPLATE: ClassVar[str] = "clinic.html"

    form: NeedForm
    id: str
    version: str
    draft: str
    told: Advised
    asks: bool
    companies: tuple[tuple[str, str], ...]
    modes: tuple[str, ...]
    levels: tuple[tuple[str, str], ...]
    sets_level: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class AdvicePage(Page):
    """The advice alone."""

    TEMPLATE: ClassVar[str] = "advice.html"

    told: Advised


class NewAsk(BaseModel):
    """The address of a new form: a draft to go on with, or words to begin with; or of the form of
    a need that is there, which was sent here."""

    id: Words = None
    draft: Words = None
    q: Annotated[str | None, Query(max_length=5000)] = None


@router.get("/need/new")
def new(visit: VisitDep, asked: Annotated[NewAsk, Query()]) -> Any:
    """The form, blank or as it was left."""
    if asked.id:
        return RedirectResponse(f"/need/edit?{urlencode({'id': asked.id})}", 303)
    begun, draft = NeedForm(main_problem=(asked.q or "").strip()), ""
    if asked.draft:
        held = visit.desk.matcher.store.drafts.one(asked.draft, visit.person, visit.mine)
        begun, draft = (
            form_of(Form({name: tuple(said) for name, said in held.content.items()})),
            (held.id),
        )
    return rendered(_page(visit, begun, draft=draft))


@router.get("/need/edit")
def edit(visit: VisitDep, id: Id) -> Any:
    """The form of a need that is there."""
    record, held = visible(visit.desk, visit.caller, "needs", id)
    if not may_with(visit.caller, "edit", held):
        raise NotAllowed(OTHERS)
    shown = record_told(visit.caller, record, held)
    return rendered(_page(visit, _as_form(shown), id=id, version=version_of(shown)))


@router.post("/need/advice")
def advise(visit: VisitDep, form: FormDep) -> Any:
    """What is to be said of the form as it stands."""
    return rendered(AdvicePage(frame=visit.part, told=_advised(visit, form_of(form))))


@router.post("/need/draft")
def drop_draft(visit: VisitDep, form: FormDep) -> Any:
    """Throw a draft away."""
    visit.desk.matcher.store.drafts.drop(form.one("draft"), visit.person)
    return RedirectResponse("/needs?done=dropped", 303)


@router.post("/need/new")
def take(visit: VisitDep, form: FormDep) -> Any:
    """Look at it again, keep it as a draft, or register the need."""
    begun, draft = form_of(form), form.one("draft")
    id, version = form.one("id"), form.one("version")
    action = form.one("action")
    if action == "advice":
        return rendered(_page(visit, begun, id=id, version=version, draft=draft))
    try:
        if action == "draft":
            kept = _kept(visit, form, draft)
            return RedirectResponse(f"/needs?done=kept#{kept}", 303)
        made = _made(visit, form, (id, version))
    except Suspect:
        page = _page(visit, begun, id=id, version=version, draft=draft, notice=AGAIN, asks=True)
        return rendered(page, 422)
    except Changed as error:
        page = _page(visit, begun, id=id, version="*", draft=draft, notice=said(error))
        return rendered(page, 412)
    except WRONG as error:
        page = _page(visit, begun, id=id, version=version, draft=draft, notice=said(error))
        return rendered(page, 422)
    if draft:
        visit.desk.matcher.store.drafts.drop(draft, visit.person)
    return RedirectResponse(f"{need_address(made)}&done={'changed' if id else 'made'}", 303)


def form_of(form: Form) -> NeedForm:
    """What was sent, as the form has it."""
    told: dict[str, Any] = {item.name: form.one(item.name) for item in fields(NeedForm)}
    return NeedForm(**{**told, "modes": form.all("modes")})


def _as_form(shown: Any) -> NeedForm:
    return NeedForm(
        title=shown.title or "", main_problem=shown.main_problem or "",
        key_technology=shown.key_technology or "", expected_goal=shown.expected_goal or "",
        content=shown.content or "", keywords="、".join(shown.keywords or ()),
        deadline_text=shown.deadline_text or (shown.deadline.isoformat() if shown.deadline else ""),
        budget_text=shown.budget_text or "", modes=tuple(shown.modes or ()),
        field=shown.field or "", industries="、".join(shown.industries or ()),
        region=shown.region or "", contact=shown.contact or "", level=shown.level or "",
    )  # fmt: skip


def _made(visit: Visit, form: Form, meant: tuple[str, str]) -> str:
    """The id of the need that was registered or changed."""
    begun = form_of(form)
    given: dict[str, Any] = {item.name: getattr(begun, item.name) for item in fields(NeedForm)}
    for name in ("keywords", "industries"):
        given[name] = tuple(one for one in _several(given[name]))
    given["level"], given["owner_id"] = given["level"] or None, given["owner_id"] or None
    asked = NeedIn.model_validate({**given, "confirmed": form.one("confirmed") == "yes"})
    id, version = meant
    if id:
        shown = change_need((id, version), asked, visit.desk, visit.caller, Response())
    else:
        shown = make_need(asked, visit.desk, visit.caller, Response())
    return str(shown.id)


def _kept(visit: Visit, form: Form, draft: str) -> str:
    if not any(form.one(name) for name in TEXTS):
        raise BadInput("还没有写内容,没有存草稿。")
    kept = {item.name: list(form.all(item.name)) for item in fields(NeedForm)}
    id = draft or new_id("d")
    visit.desk.matcher.store.drafts.keep(Draft(
        id=id, person_id=visit.person, organisation_id=visit.mine, content=kept,
        changed_at=visit.desk.now,
    ))  # fmt: skip
    return id


def _page(visit: Visit, begun: NeedForm, notice: str = "", **more: Any) -> ClinicPage:
    given = {"id": "", "version": "", "draft": "", "asks": False, **more}
    store = visit.desk.matcher.store
    park = may(visit.caller, "run_park")
    companies = store.accounts.companies(visit.mine) if park and not given["id"] else {}
    title = "修改需求" if given["id"] else "登记需求"
    return ClinicPage(
        frame=visit.frame(title, notice=notice, scripts=LIVE), form=begun,
        told=_advised(visit, begun), modes=MODES, levels=tuple(LEVELS.items()),
        companies=tuple((id, name) for name, id in by_pinyin(companies)),
        sets_level=visit.caller.role == "admin", **given,
    )  # fmt: skip


def _advised(visit: Visit, begun: NeedForm) -> Advised:
    texts: dict[TextField, str] = {name: getattr(begun, name) for name in TEXTS
                                   if getattr(begun, name)}  # fmt: skip
    keywords = _several(begun.keywords)
    lexicon = visit.desk.matcher.library.patents.lexicon
    told = advice(texts, tuple(keywords), lexicon)
    whole = "\n".join((*texts.values(), *keywords))[:5000]
    matches = found(MatchIn(text=whole, k=LOOKED), visit.desk, visit.caller) if whole else None
    good = [one for one in matches.items if one.grade >= GOOD] if matches else []
    return Advised(
        named=told.named, missing=tuple((one, QUESTIONS[one]) for one in told.missing),
        vague=told.vague, broad=told.broad, figures=told.figures, short=told.short, fine=told.fine,
        secrets=tuple(
            (LABELS[name], SECRETS[kind])
            for name in (*TEXTS, "keywords", "field")
            for kind in secrets_in(getattr(begun, name))
        ),
        good=len(good) if matches else None,
        best=tuple(
            (getattr(one.patent, "title", None) or "", chances.per_cent(one.chance))
            for one in good[:NAMED]
        ),
    )  # fmt: skip


def _several(text: str) -> Sequence[str]:
    for mark in ",,;;/|\n":
        text = text.replace(mark, "、")
    return [one.strip() for one in text.split("、") if one.strip()]
