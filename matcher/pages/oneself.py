"""我的账号: password, watched needs, another organisation, one's data, and leaving."""

import json
from dataclasses import dataclass
from typing import Annotated, Any, ClassVar

from fastapi import APIRouter, Query, Response
from fastapi.responses import RedirectResponse
from pydantic import StringConstraints

from matcher.errors import BadInput
from matcher.pages.forms import WRONG, FormDep, said
from matcher.pages.frame import KEYS, Page, Visit, VisitDep, attached, rendered
from matcher.pages.managing import WORDS
from matcher.pages.needs import need_address
from matcher.web.auditing import erase_oneself, own_data
from matcher.web.passwords import PasswordIn, change
from matcher.web.session import signed_in
from matcher.web.shapes import Asked, Line
from matcher.web.watching import MOST, unwatch

router = APIRouter(include_in_schema=False)
SHOWN = 50


@dataclass(frozen=True, slots=True, kw_only=True)
class MePage(Page):
    """我的账号."""

    TEMPLATE: ClassVar[str] = "me.html"

    name: str
    email: str
    organisations: tuple[tuple[str, str, str, bool], ...]
    watches: tuple[tuple[str, str, str], ...]
    more: str


@router.get("/me")
def me(visit: VisitDep, at: Annotated[int, Query(ge=0, le=MOST)] = 0, done: str = "") -> Any:
    """The page; the watched needs from one place on."""
    return rendered(_page(visit, at=at, done="姓名已改好。" if done == "name" else ""))


class NameIn(Asked):
    """What one is called."""

    name: Annotated[Line, StringConstraints(max_length=50)]


@router.post("/me/name")
def rename(visit: VisitDep, form: FormDep) -> Any:
    """Another name."""
    try:
        name = NameIn(name=form.one("name")).name
    except WRONG as error:
        return rendered(_page(visit, notice=said(error)), 422)
    visit.desk.matcher.store.accounts.rename(visit.person, name)
    return RedirectResponse("/me?done=name", 303)


@router.post("/me/password")
def password(visit: VisitDep, form: FormDep) -> Any:
    """A new one, by the old one."""
    try:
        asked = PasswordIn(old=form.raw("old"), new=form.raw("new"))
        change(asked, visit.desk, visit.caller, visit.request)
    except WRONG as error:
        return rendered(_page(visit, notice=said(error)), 422)
    return rendered(_page(visit, done="新密码已设好,其他地方的登录都已退出。"))


@router.post("/me/organisation")
def another(visit: VisitDep, form: FormDep) -> Any:
    """Go on for another of one's organisations."""
    assert visit.caller.person is not None
    answer = RedirectResponse("/", 303)
    signed_in(visit.desk, visit.caller.person, form.one("id"), (visit.request, answer))
    return answer


@router.post("/me/watches")
def forget(visit: VisitDep, form: FormDep) -> Any:
    """Be told no more of a need."""
    unwatch(form.one("id"), visit.desk, visit.caller)
    return rendered(_page(visit, done="不再关注。"))


@router.get("/me/data")
def data(visit: VisitDep) -> Response:
    """All that is kept of oneself, as a file."""
    told = json.dumps(own_data(visit.desk, visit.caller), ensure_ascii=False, indent=1)
    return attached(told.encode(), "我的数据.json")


@router.post("/me/leave")
def leave(visit: VisitDep, form: FormDep) -> Any:
    """End one's account."""
    answer = RedirectResponse("/", 303)
    try:
        if form.one("sure") != "注销":
            raise BadInput("没有注销。确实要注销,请在框里写“注销”两个字。")
        erase_oneself(visit.desk, visit.caller, visit.request, answer)
    except WRONG as error:
        return rendered(_page(visit, notice=said(error)), 422)
    return answer


def _page(visit: Visit, *, notice: str = "", done: str = "", at: int = 0) -> MePage:
    store, person, here = visit.desk.matcher.store, visit.caller.person, visit.caller.organisation
    assert person is not None
    held = store.watches.of(person.id, here.id)[at:] if here is not None else []
    shown = held[:SHOWN]
    titles = {id: one.title for id, one in store.known_needs([w.need_id for w in shown]).items()}
    return MePage(
        frame=visit.frame("我的账号", notice=notice, done=done, scripts=KEYS), name=person.name,
        email=person.email,
        organisations=tuple(
            (one.organisation.id, one.organisation.name, WORDS[one.role],
             here is not None and one.organisation.id == here.id)
            for one in store.accounts.memberships(person.id)
        ),
        watches=tuple((one.id, titles.get(one.need_id, "(已撤回)"), need_address(one.need_id))
                      for one in shown),
        more=f"/me?at={at + SHOWN}" if held[SHOWN:] else "",
    )  # fmt: skip
