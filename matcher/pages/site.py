"""The pages put around the API: their routes, their files, and their words for errors."""

import gzip
from dataclasses import dataclass
from functools import lru_cache
from typing import Any, ClassVar
from urllib.parse import urlencode

from fastapi import APIRouter, FastAPI, Request
from fastapi.exceptions import RequestValidationError
from fastapi.responses import RedirectResponse, Response
from pydantic import ValidationError
from starlette.exceptions import HTTPException
from starlette.types import ExceptionHandler

from matcher.access.people import ANYBODY
from matcher.errors import MatcherError, SignInNeeded, UnknownId
from matcher.pages import (
    clinic,
    entering,
    favourites,
    figuring,
    finding,
    leads,
    managing,
    messages,
    needs,
    oneself,
    park,
    patents,
    reasons,
    terms,
    uploading,
    working,
)
from matcher.pages.frame import ASSETS, Page, Visit, rendered
from matcher.web.desk import desk_of
from matcher.web.problems import INSIDE
from matcher.web.rules import PAGES, PREFIX, route_of

router = APIRouter(include_in_schema=False)
KINDS = {
    ".svg": "image/svg+xml",
    ".css": "text/css; charset=utf-8",
    ".js": "text/javascript; charset=utf-8",
}
PARTS = (
    clinic,
    entering,
    favourites,
    figuring,
    finding,
    leads,
    managing,
    messages,
    needs,
    oneself,
    park,
    patents,
    reasons,
    terms,
    uploading,
    working,
)
NOWHERE = "没有这个页面。请核对地址,或从首页重新开始。"
EXPIRED = (
    "这次没有保存。请先登录:刚才写的还在这个浏览器窗口里,登录后会自动填回;"
    "没有填回的,点浏览器的“后退”就能看到。"
)
FOREVER = "public, max-age=31536000, immutable"  # the address changes when the file does


@dataclass(frozen=True, slots=True, kw_only=True)
class MessagePage(Page):
    """What happened, and where to go on."""

    TEMPLATE: ClassVar[str] = "message.html"

    text: str
    address: str
    link: str


@router.get("/assets/{name}")
def asset(name: str, request: Request) -> Response:
    """A file that pages need."""
    if name not in _files():
        raise UnknownId(NOWHERE)
    whole, packed = _files()[name]
    headers = {"Cache-Control": FOREVER, "Vary": "Accept-Encoding"}
    kind = KINDS[name[name.rindex(".") :]]
    if "gzip" in request.headers.get("Accept-Encoding", ""):
        return Response(packed, media_type=kind, headers={**headers, "Content-Encoding": "gzip"})
    return Response(whole, media_type=kind, headers=headers)


def with_pages(app: FastAPI) -> FastAPI:
    """The same app, with pages."""
    for part in PARTS:
        app.include_router(part.router)
    app.include_router(router)
    for kind in (MatcherError, RequestValidationError, HTTPException, Exception):
        before = app.exception_handlers[kind]
        app.add_exception_handler(kind, _either(before))
    app.add_exception_handler(ValidationError, _unfit)
    return app


def _unfit(request: Request, error: Exception) -> Any:
    """A form that no page of ours sends; of the API it would be a fault of ours."""
    if request.url.path.startswith(f"{PREFIX}/"):
        raise error
    return rendered(_message(request, error, 422), 422)


def _either(of_api: ExceptionHandler) -> ExceptionHandler:
    """A problem for a program, a page for a person."""

    def told(request: Request, error: Exception) -> Any:
        if request.url.path.startswith(f"{PREFIX}/"):
            return of_api(request, error)  # type: ignore[arg-type]
        problem: Any = of_api(request, error)  # type: ignore[arg-type]
        if isinstance(error, SignInNeeded) and request.method == "GET":
            return RedirectResponse(_entrance(request), 303)
        return rendered(_message(request, error, problem.status_code), problem.status_code)

    return told


def _message(request: Request, error: Exception, status: int) -> MessagePage:
    address, link = "/", "回到首页"
    if status >= 500:
        title, text = "服务出错", INSIDE
    elif isinstance(error, SignInNeeded):
        title, text, address, link = "登录已过期", EXPIRED, _entrance(request), "去登录"
    elif isinstance(error, MatcherError):
        title, text = "没有完成", error.message
    elif status == 404:
        title, text = "没有找到", NOWHERE
    else:
        title, text = "没有完成", "地址或内容不对。请回到上一页,改好再试。"
    frame = Visit(request, desk_of(request), ANYBODY).frame(title)
    return MessagePage(frame=frame, text=text, address=address, link=link)


def _entrance(request: Request) -> str:
    """Where one signs in and goes on to this page, or to the first where a form has no page."""
    query = f"?{request.url.query}" if request.url.query else ""
    going = request.url.path + query if f"GET {route_of(request.scope)}" in PAGES else "/"
    return f"/sign-in?{urlencode({'next': going})}"


@lru_cache(maxsize=1)
def _files() -> dict[str, tuple[bytes, bytes]]:
    """Their names -> the file, and the file packed."""
    found = {}
    for path in sorted(ASSETS.iterdir()):
        if path.suffix in KINDS:
            whole = path.read_bytes()
            found[path.name] = (whole, gzip.compress(whole, 9, mtime=0))
    return found
