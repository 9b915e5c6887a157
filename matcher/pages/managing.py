"""管理: members, invitations and keys of an organisation, its audit list; for operators all
organisations and the state of the installation."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Annotated, Any, ClassVar
from urllib.parse import urlencode

from fastapi import APIRouter, Query, Response
from pydantic import BaseModel

from matcher.access.people import KINDS, ROLES, Organisation
from matcher.access.policy import Action, acting, may
from matcher.errors import NotAllowed
from matcher.pages.forms import WRONG, Form, FormDep, day_of, said
from matcher.pages.frame import KEYS, Page, Visit, VisitDep, rendered
from matcher.web import organisations as api
from matcher.web.auditing import entries
from matcher.web.guard import NOT_YOURS
from matcher.web.job_shapes import MaintainIn
from matcher.web.jobs import maintain
from matcher.web.shapes import After, InvitationIn, KeyIn, OrganisationIn, RoleIn

router = APIRouter(include_in_schema=False)
SCOPES = (("read", "读"), ("match", "匹配"), ("write", "写"))
WORDS: Mapping[str, str] = dict((*ROLES.items(), *KINDS.items(), *SCOPES))
LISTED, ENTRIES = 50, 50
At = Annotated[int, Query(ge=0, le=10**6)]


@dataclass(frozen=True, slots=True, kw_only=True)
class Key:
    """A key of the organisation."""

    id: str
    name: str
    scopes: str
    until: str
    live: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class ManagePage(Page):
    """管理.  `told`: what is shown this once (an invitation's address, a key)."""

    TEMPLATE: ClassVar[str] = "manage.html"

    organisation: tuple[str, str, str]
    members: tuple[tuple[str, str, str, str], ...]
    keys: tuple[Key, ...]
    manages: bool
    makes_keys: bool
    more_people: str
    more_keys: str
    told: tuple[str, str]
    roles: tuple[tuple[str, str], ...]
    scopes: tuple[tuple[str, str], ...]
    operator: bool
    organisations: tuple[tuple[str, str, str], ...]
    more: str
    kinds: tuple[tuple[str, str], ...]
    state: tuple[tuple[str, str], ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class AuditPage(Page):
    """操作记录."""

    TEMPLATE: ClassVar[str] = "audit.html"

    rows: tuple[tuple[str, str, str, str, str], ...]
    more: str


class ManageAsk(BaseModel):
    """The address: whose members (an operator's choice), and from where on each list is shown."""

    id: str = ""
    after: After = ""
    people: At = 0
    keys: At = 0


class AuditAsk(BaseModel):
    """The address of the audit list."""

    before: Annotated[int | None, Query(ge=1, le=2**53)] = None


@router.get("/manage")
def manage(visit: VisitDep, asked: Annotated[ManageAsk, Query()]) -> Any:
    """The desk."""
    return rendered(_page(visit, asked))


@router.get("/manage/audit")
def audit(visit: VisitDep, asked: Annotated[AuditAsk, Query()]) -> Any:
    """Who did what."""
    found = entries(visit.desk, visit.caller, asked.before, ENTRIES)
    people = {}
    for one in found.items:
        if one.person_id and one.person_id not in people:
            person = visit.desk.matcher.store.accounts.person(one.person_id)
            people[one.person_id] = person.name if person else "(已注销)"
    rows = tuple(
        (day_of(one.at), people.get(one.person_id or "", "密钥或访客"), one.action, one.record,
         str(one.status)) for one in found.items
    )  # fmt: skip
    return rendered(AuditPage(
        frame=visit.frame("操作记录"), rows=rows,
        more=f"/manage/audit?before={found.next}" if found.next else "",
    ))  # fmt: skip


@router.post("/manage/invite")
def invite(visit: VisitDep, form: FormDep) -> Any:
    """An invitation, whose address is shown this once."""

    def work(made: Organisation) -> tuple[str, tuple[str, str]]:
        role: Any = form.one("role")
        told = api.invite(made.id, InvitationIn(email=form.one("email"), role=role), visit.desk)
        return "邀请已生成,7 天内有效。请把下面的链接发给对方。", ("邀请链接", told.link)

    return _done(visit, form, "manage_members", work)


@router.post("/manage/role")
def role(visit: VisitDep, form: FormDep) -> Any:
    """Another role for a member, or none."""

    def work(made: Organisation) -> tuple[str, tuple[str, str]]:
        person, wanted = form.one("person_id"), form.one("role")
        if wanted == "remove":
            api.remove(made.id, person, visit.desk)
            return "已移出,其登录和个人密钥同时失效。", ("", "")
        asked = RoleIn.model_validate({"role": wanted})
        api.change_role(made.id, person, asked, visit.desk)
        return "角色已改。", ("", "")

    return _done(visit, form, "manage_members", work)


@router.post("/manage/key")
def key(visit: VisitDep, form: FormDep) -> Any:
    """A key for programs, shown this once, or the end of one."""

    def work(made: Organisation) -> tuple[str, tuple[str, str]]:
        if form.one("key_id"):
            api.revoke(made.id, form.one("key_id"), visit.desk, visit.caller)
            return "密钥已撤销。", ("", "")
        asked = KeyIn.model_validate({
            "name": form.one("name"), "scopes": list(form.all("scopes")),
            "days": int(form.one("days") or 90) if form.one("days").isdecimal() else 90,
        })  # fmt: skip
        told = api.make(made.id, asked, visit.desk)
        return "密钥已生成,只显示这一次,请现在抄下。", ("密钥", told.token)

    return _done(visit, form, "manage_keys", work)


@router.post("/manage/found")
def found(visit: VisitDep, form: FormDep) -> Any:
    """A new organisation."""
    asked = ManageAsk()
    try:
        made = api.found(OrganisationIn.model_validate({
            "name": form.one("name"), "kind": form.one("kind"),
            "park_id": form.one("park_id") or None,
            "state_owned": form.one("state_owned") == "yes",
        }), visit.desk)  # fmt: skip
    except WRONG as error:
        return rendered(_page(visit, asked, notice=said(error)), 422)
    done = f"已建立“{made.name}”。请为它邀请第一位管理员。"
    return rendered(_page(visit, ManageAsk(id=made.id), done=done))


@router.post("/manage/job")
def job(visit: VisitDep, form: FormDep) -> Any:
    """Index or ranker of the installation."""
    try:
        asked = MaintainIn.model_validate({"kind": form.one("kind")})
        maintain(asked, visit.desk, Response())
    except WRONG as error:
        return rendered(_page(visit, ManageAsk(), notice=said(error)), 422)
    return rendered(_page(visit, ManageAsk(), done="已开始,进度见“任务”。"))


Work = Callable[[Organisation], tuple[str, tuple[str, str]]]


def _done(visit: Visit, form: Form, action: Action, work: Work) -> Any:
    """Do it to the organisation of the form, if the policy lets."""
    made = _organisation(visit, form.one("organisation_id"))
    if made is None or not may(visit.caller, action, made):
        raise NotAllowed(NOT_YOURS)
    asked = ManageAsk(id=made.id)
    try:
        done, told = work(made)
    except WRONG as error:
        return rendered(_page(visit, asked, notice=said(error)), 422)
    return rendered(_page(visit, asked, done=done, told=told))


def _organisation(visit: Visit, id: str) -> Organisation | None:
    """The one that is named, else one's own."""
    wanted = id or acting(visit.caller)
    return visit.desk.matcher.store.accounts.organisation(wanted) if wanted else None


def _page(
    visit: Visit, asked: ManageAsk, *, notice: str = "", done: str = "",
    told: tuple[str, str] = ("", ""),
) -> ManagePage:  # fmt: skip
    desk, caller = visit.desk, visit.caller
    made = _organisation(visit, asked.id)
    if made is not None and not may(caller, "read_members", made):
        raise NotAllowed(NOT_YOURS)
    makes_keys = made is not None and may(caller, "manage_keys", made)
    operator = may(caller, "found")
    listed = api.organisations(desk, asked.after, LISTED) if operator else None
    people = api.members(made.id, desk)[asked.people :] if made else []
    held = api.keys(made.id, desk)[asked.keys :] if makes_keys and made else []
    return ManagePage(
        frame=visit.frame("管理", notice=notice, done=done, scripts=KEYS),
        organisation=(made.id, made.name, WORDS[made.kind]) if made else ("", "", ""),
        members=tuple((one.id, one.name, one.email, one.role) for one in people[:LISTED]),
        more_people=_more(asked, people=asked.people + LISTED) if people[LISTED:] else "",
        more_keys=_more(asked, keys=asked.keys + LISTED) if held[LISTED:] else "",
        keys=tuple(
            Key(id=one.id, name=one.name, scopes="、".join(WORDS[scope] for scope in one.scopes),
                until=day_of(one.expires_at)[:10],
                live=one.revoked_at is None and one.expires_at > desk.now)
            for one in held[:LISTED]
        ),
        manages=made is not None and may(caller, "manage_members", made),
        makes_keys=makes_keys, told=told, roles=tuple(ROLES.items()), scopes=SCOPES,
        operator=operator, kinds=tuple(KINDS.items()),
        organisations=tuple((one.id, one.name, WORDS[one.kind]) for one in listed.items)
        if listed else (),
        more=f"/manage?after={listed.next}" if listed and listed.next else "",
        state=tuple(_state(visit).items()) if operator else (),
    )  # fmt: skip


def _more(asked: ManageAsk, **on: int) -> str:
    return f"/manage?{urlencode({'id': asked.id, **on})}"


def _state(visit: Visit) -> Mapping[str, str]:
    """The index, in words."""
    matcher = visit.desk.matcher
    library = matcher.library
    return {
        "专利": f"{len(library.patents)} 件", "需求": f"{len(library.needs)} 条",
        "还没进索引的": f"{matcher.behind} 条(不影响匹配,积多了会自动重建)",
        "排序模型": matcher.ranker.name, "程序版本": visit.request.app.version,
    }  # fmt: skip
