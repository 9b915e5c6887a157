"""Signing in and out, a forgotten password, a new one, and taking up an invitation."""

from dataclasses import dataclass
from typing import Any, ClassVar

from fastapi import APIRouter
from fastapi.responses import RedirectResponse

from matcher.errors import UnknownId
from matcher.pages.forms import WRONG, FormDep, said
from matcher.pages.frame import Page, Visit, VisitDep, rendered
from matcher.web.passwords import ForgottenIn, ResetIn, ask_for_letter, set_anew
from matcher.web.session import accepted, end_session, sender, signed_in
from matcher.web.shapes import AcceptIn, SignIn
from matcher.web.signing import address_of, prove

router = APIRouter(include_in_schema=False)
LETTER = (
    "如果这个邮箱有账号,重设密码的信已经发出,一小时内有效。没有收到,请看看垃圾邮件,或问机构管理员。"
)

SET = "新密码已设好,请用它登录。"


@dataclass(frozen=True, slots=True, kw_only=True)
class SignInPage(Page):
    """登录; `next` is where to go on."""

    TEMPLATE: ClassVar[str] = "sign_in.html"

    email: str
    next: str


@dataclass(frozen=True, slots=True, kw_only=True)
class ForgottenPage(Page):
    """忘记密码."""

    TEMPLATE: ClassVar[str] = "forgotten.html"

    email: str


@dataclass(frozen=True, slots=True, kw_only=True)
class PasswordPage(Page):
    """A password to be chosen, and a name where somebody may be new."""

    TEMPLATE: ClassVar[str] = "password.html"

    told: str
    email: str
    asks_name: bool
    name: str
    button: str


def local(address: str) -> str:
    """An address of ours to go on to, else the first page."""
    right = (
        address.startswith("/") and not address.startswith(("//", "/\\")) and "\n" not in address
    )
    return address if right else "/"


@router.get("/sign-in")
def sign_in_page(visit: VisitDep, next: str = "/") -> Any:
    """The form."""
    frame = visit.frame("登录")
    return rendered(SignInPage(frame=frame, email="", next=local(next)))


@router.post("/sign-in")
def sign_in(visit: VisitDep, form: FormDep) -> Any:
    """Go on as whoever that is; the form again, with what was typed, where it is not right."""
    email, going = form.one("email"), local(form.one("next") or "/")
    answer = RedirectResponse(going, 303)
    try:
        asked = SignIn(email=email, password=form.raw("password"))
        person = prove(visit.desk, address_of(asked.email), asked.password, sender(visit.request))
        signed_in(visit.desk, person, None, (visit.request, answer))
    except WRONG as error:
        frame = visit.frame("登录", notice=said(error))
        return rendered(SignInPage(frame=frame, email=email, next=going), 401)
    return answer


@router.post("/sign-out")
def sign_out(visit: VisitDep) -> Any:
    """Back to the first page, as nobody."""
    answer = RedirectResponse("/", 303)
    end_session(visit.desk, visit.request, answer)
    return answer


@router.get("/forgotten")
def forgotten_page(visit: VisitDep) -> Any:
    """The form."""
    return rendered(ForgottenPage(frame=visit.frame("忘记密码"), email=""))


@router.post("/forgotten")
def forgotten(visit: VisitDep, form: FormDep) -> Any:
    """The same answer whoever has the address."""
    email = form.one("email")
    try:
        ask_for_letter(visit.desk, ForgottenIn(email=email).email, sender(visit.request))
    except WRONG as error:
        frame = visit.frame("忘记密码", notice=said(error))
        return rendered(ForgottenPage(frame=frame, email=email), 422)
    frame = visit.frame("忘记密码", done=LETTER)
    return rendered(ForgottenPage(frame=frame, email=""))


@router.get("/reset/{token}")
def reset_page(token: str, visit: VisitDep) -> Any:
    """A new password."""
    return rendered(_reset_page(visit))


@router.post("/reset/{token}")
def reset(token: str, visit: VisitDep, form: FormDep) -> Any:
    """Then sign in with it."""
    try:
        set_anew(visit.desk, ResetIn(token=token, password=form.raw("password")))
    except WRONG as error:
        return rendered(_reset_page(visit, said(error)), 422)
    frame = visit.frame("登录", done=SET)
    return rendered(SignInPage(frame=frame, email="", next="/"))


@router.get("/invitation/{token}")
def invitation_page(token: str, visit: VisitDep) -> Any:
    """Who invites, and the form."""
    return rendered(_invitation_page(visit, token, ""))


@router.post("/invitation/{token}")
def invitation(token: str, visit: VisitDep, form: FormDep) -> Any:
    """Signed in as a member, or the form again."""
    name, going = form.one("name"), RedirectResponse("/", 303)
    try:
        asked = AcceptIn(token=token, password=form.raw("password"), name=name or None)
        accepted(visit.desk, asked, visit.request, going)
    except WRONG as error:
        return rendered(_invitation_page(visit, token, name, said(error)), 422)
    return going


def _reset_page(visit: Visit, notice: str = "") -> PasswordPage:
    frame = visit.frame("重设密码", notice=notice)
    return PasswordPage(
        frame=frame, told="", email="", asks_name=False, name="", button="设为新密码"
    )


def _invitation_page(visit: Visit, token: str, name: str, notice: str = "") -> PasswordPage:
    desk = visit.desk
    digest = desk.digest("invitation", token)
    invited = desk.matcher.store.credentials.invitation(digest, now=desk.now)
    if invited is None:
        raise UnknownId("邀请不存在或已过期。请向机构管理员要一份新的。")
    frame = visit.frame("接受邀请", notice=notice)
    told = f"“{invited.organisation.name}”邀请 {invited.email} 加入。"
    return PasswordPage(
        frame=frame, told=told, email=invited.email, asks_name=True, name=name,
        button="加入",
    )  # fmt: skip
