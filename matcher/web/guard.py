"""Who asks, and whether the policy lets them: once, in front of every route."""

import hmac
from collections.abc import AsyncIterator
from typing import Annotated

from fastapi import Depends, Request
from starlette.requests import HTTPConnection

from matcher.access.people import ANYBODY, Caller, Organisation
from matcher.access.policy import may
from matcher.errors import NotAllowed, SignInNeeded, UnknownId
from matcher.web.desk import Desk, desk_of
from matcher.web.rules import PREFIX, action_of, route_of

READING = ("GET", "HEAD", "OPTIONS")
TOKEN_HEADER = "X-CSRF-Token"
FORMS = ("application/x-www-form-urlencoded", "multipart/form-data")
FORM_FIELD = "csrf_token"
NOT_YOURS = "您的角色不能这样做。需要的话,请与机构管理员联系。"
AGAIN = "请先登录;若已登录过,可能已过期,请重新登录。"


def cookie_name(desk: Desk) -> str:
    """Of the session; browsers bind the longer one to this host and to HTTPS."""
    return "__Host-patmatch" if desk.production else "patmatch"


def csrf_token(desk: Desk, session: str) -> str:
    """What a page must send along with whatever it changes."""
    return desk.digest("csrf", session)


async def form_token(request: Request) -> AsyncIterator[str]:
    """The token that a page's own form sends along, for who has no script to send a header; files
    that came with the form go when the request is over."""
    kind = request.headers.get("Content-Type", "").partition(";")[0].strip().lower()
    if request.method in READING or kind not in FORMS or request.url.path.startswith(PREFIX):
        yield ""
        return
    form = await request.form()
    try:
        yield str(form.get(FORM_FIELD, ""))
    finally:
        await form.close()


def guard(request: Request, sent: Annotated[str, Depends(form_token)]) -> Caller:
    """The caller, if the policy allows what the route does.

    :raises SignInNeeded: nobody is signed in, or the key is not valid.
    :raises NotAllowed: the policy says no, or another site made the browser ask."""
    desk = desk_of(request)
    action = action_of(request.method, route_of(request.scope))
    if action is None:
        raise NotAllowed("这个地址还没有开放。")
    _same_site(request)
    if action == "open":
        return ANYBODY
    caller = request.state.caller = _caller(request, desk, sent)
    if not (caller.known or may(caller, action)):
        raise SignInNeeded(AGAIN)
    if not may(caller, action, _target(request, desk, caller)):
        raise NotAllowed(NOT_YOURS)
    return caller


CallerDep = Annotated[Caller, Depends(guard)]


def known(request: HTTPConnection, desk: Desk) -> bool:
    """Whether a key or a session that holds comes along: then it is worth while to read what else
    does.  What the caller may do is for `guard` to say."""
    return _keyed(request, desk) is not None or _signed_in(request, desk) is not None


def _caller(request: Request, desk: Desk, token: str) -> Caller:
    """By the key that is sent, else by the session of the cookie, else anybody."""
    if request.headers.get("Authorization"):
        found = _keyed(request, desk)
        if found is None:
            raise SignInNeeded("密钥不对,或已过期、已撤销。请换一个。")
        return found
    person = _signed_in(request, desk)
    if person is None:
        return ANYBODY
    if request.method not in READING:
        told = request.headers.get(TOKEN_HEADER) or token
        sent = told.encode("utf-8", "replace")
        session = request.cookies[cookie_name(desk)]
        if not hmac.compare_digest(sent, csrf_token(desk, session).encode()):
            raise NotAllowed(f"缺少防伪标记 {TOKEN_HEADER},未作改动。请刷新页面后再试。")
    return person


def _keyed(request: HTTPConnection, desk: Desk) -> Caller | None:
    scheme, _, key = request.headers.get("Authorization", "").partition(" ")
    if scheme.lower() != "bearer":
        return None
    return desk.matcher.store.credentials.key(desk.digest("key", key.strip()), now=desk.now)


def _signed_in(request: HTTPConnection, desk: Desk) -> Caller | None:
    session = request.cookies.get(cookie_name(desk), "")
    if not session:
        return None
    return desk.matcher.store.credentials.session(desk.digest("session", session), now=desk.now)


def _same_site(request: Request) -> None:
    """Browsers say where a request comes from; none that changes something comes from elsewhere."""
    if request.method not in READING and request.headers.get("Sec-Fetch-Site") == "cross-site":
        raise NotAllowed("请求来自别的网站,未作改动。")


def _target(request: Request, desk: Desk, caller: Caller) -> Organisation | None:
    """The organisation that the address names.

    :raises UnknownId: there is none.  :raises NotAllowed: nor may the caller know that."""
    id = request.path_params.get("organisation_id")
    if id is None:
        return None
    try:
        return desk.matcher.store.accounts.organisation(str(id).replace("\x00", "\ufffd"))
    except UnknownId:
        if may(caller, "read_organisations"):
            raise
        raise NotAllowed(NOT_YOURS) from None
