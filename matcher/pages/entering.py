"""Signing in and out, a forgotten password, a new one, and taking up an invitation."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any, ClassVar

from fastapi import APIRouter, Request
from fastapi.responses import RedirectResponse
from starlette.concurrency import run_in_threadpool

from matcher.access.people import ANYBODY
from matcher.errors import MatcherError, UnknownId
from matcher.pages.frame import Page, framed, rendered
from matcher.web.desk import Desk, DeskDep
from matcher.web.guard import CallerDep
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
def sign_in_page(request: Request, desk: DeskDep, next: str = "/") -> Any:
    """The form."""
    frame = framed(request, desk, ANYBODY, "登录")
    return rendered(SignInPage(frame=frame, email="", next=local(next)))


@router.post("/sign-in")
async def sign_in(request: Request, desk: DeskDep) -> Any:
    """Go on as whoever that is; the form again, with what was typed, where it is not right."""
    form = await _form(request)
    return await run_in_threadpool(_sign_in, request, desk, form)


@router.post("/sign-out")
def sign_out(request: Request, desk: DeskDep, caller: CallerDep) -> Any:
    """Back to the first page, as nobody."""
    answer = RedirectResponse("/", 303)
    end_session(desk, request, answer)
    return answer


@router.get("/forgotten")
def forgotten_page(request: Request, desk: DeskDep) -> Any:
    """The form."""
    return rendered(ForgottenPage(frame=framed(request, desk, ANYBODY, "忘记密码"), email=""))


@router.post("/forgotten")
async def forgotten(request: Request, desk: DeskDep) -> Any:
    """The same answer whoever has the address."""
    form = await _form(request)

    def answer() -> Any:
        email = form.get("email", "")
        try:
            ask_for_letter(desk, ForgottenIn(email=email).email, sender(request))
        except (MatcherError, ValueError) as error:
            frame = framed(request, desk, ANYBODY, "忘记密码", notice=_said(error))
            return rendered(ForgottenPage(frame=frame, email=email), 422)
        frame = replace(framed(request, desk, ANYBODY, "忘记密码"), done=LETTER)
        return rendered(ForgottenPage(frame=frame, email=""))

    return await run_in_threadpool(answer)


@router.get("/reset/{token}")
def reset_page(token: str, request: Request, desk: DeskDep) -> Any:
    """A new password."""
    return rendered(_reset_page(request, desk))


@router.post("/reset/{token}")
async def reset(token: str, request: Request, desk: DeskDep) -> Any:
    """Then sign in with it."""
    form = await _form(request)

    def answer() -> Any:
        try:
            set_anew(desk, ResetIn(token=token, password=form.get("password", "")))
        except (MatcherError, ValueError) as error:
            return rendered(_reset_page(request, desk, _said(error)), 422)
        frame = replace(framed(request, desk, ANYBODY, "登录"), done=SET)
        return rendered(SignInPage(frame=frame, email="", next="/"))

    return await run_in_threadpool(answer)


@router.get("/invitation/{token}")
def invitation_page(token: str, request: Request, desk: DeskDep) -> Any:
    """Who invites, and the form."""
    return rendered(_invitation_page(request, desk, token, {}))


@router.post("/invitation/{token}")
async def invitation(token: str, request: Request, desk: DeskDep) -> Any:
    """Signed in as a member, or the form again."""
    form = await _form(request)

    def answer() -> Any:
        name, password = form.get("name", "").strip(), form.get("password", "")
        going = RedirectResponse("/", 303)
        try:
            asked = AcceptIn(token=token, password=password, name=name or None)
            accepted(desk, asked, request, going)
        except (MatcherError, ValueError) as error:
            page = _invitation_page(request, desk, token, form, _said(error))
            return rendered(page, 422)
        return going

    return await run_in_threadpool(answer)


def _sign_in(request: Request, desk: Desk, form: Mapping[str, str]) -> Any:
    email, going = form.get("email", ""), local(form.get("next", "/"))
    answer = RedirectResponse(going, 303)
    try:
        asked = SignIn(email=email, password=form.get("password", ""))
        person = prove(desk, address_of(asked.email), asked.password, sender(request))
        signed_in(desk, person, None, (request, answer))
    except (MatcherError, ValueError) as error:
        frame = framed(request, desk, ANYBODY, "登录", notice=_said(error))
        return rendered(SignInPage(frame=frame, email=email, next=going), 401)
    return answer


def _reset_page(request: Request, desk: Desk, notice: str = "") -> PasswordPage:
    frame = framed(request, desk, ANYBODY, "重设密码", notice=notice)
    return PasswordPage(
        frame=frame, told="", email="", asks_name=False, name="", button="设为新密码"
    )


def _invitation_page(
    request: Request, desk: Desk, token: str, form: Mapping[str, str], notice: str = ""
) -> PasswordPage:
    digest = desk.digest("invitation", token)
    invited = desk.matcher.store.credentials.invitation(digest, now=desk.now)
    if invited is None:
        raise UnknownId("邀请不存在或已过期。请向机构管理员要一份新的。")
    frame = framed(request, desk, ANYBODY, "接受邀请", notice=notice)
    told = f"“{invited.organisation.name}”邀请 {invited.email} 加入。"
    return PasswordPage(
        frame=frame, told=told, email=invited.email, asks_name=True, name=form.get("name", ""),
        button="加入",
    )  # fmt: skip


async def _form(request: Request) -> dict[str, str]:
    return {name: value for name, value in (await request.form()).items()
            if isinstance(value, str)}  # fmt: skip


def _said(error: Exception) -> str:
    return error.message if isinstance(error, MatcherError) else "请把每一项都写好,再试一次。"
