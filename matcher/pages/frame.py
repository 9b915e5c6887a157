"""What every page has around it, and how a page becomes HTML.

A page is a dataclass that names its template; the template may use its fields and nothing else,
which a test holds equal."""

from dataclasses import dataclass, fields
from functools import lru_cache
from hashlib import sha256
from pathlib import Path
from typing import Annotated, Any, ClassVar
from urllib.parse import quote

from fastapi import Depends, Request, Response
from fastapi.responses import HTMLResponse
from jinja2 import Environment, PackageLoader, StrictUndefined

from matcher.access.people import ANYBODY, Caller
from matcher.access.policy import acting, may
from matcher.errors import NotAllowed
from matcher.web.desk import Desk, DeskDep
from matcher.web.guard import CallerDep, cookie_name, csrf_token
from matcher.web.jobs import MEDIA
from matcher.web.rules import PAGES

LINKS = (
    ("找专利", "/search"), ("园区工作台", "/park"), ("需求", "/needs"),
    ("专利", "/patents"), ("对接", "/leads"), ("收藏", "/favourites"), ("任务", "/jobs"),
    ("数据", "/figures"), ("管理", "/manage"),
)  # fmt: skip
KEYS = ("site.js",)
LIVE = ("htmx.min.js", "site.js")
ASSETS = Path(__file__).parent / "assets"
POLICY = (
    "default-src 'none'; style-src 'self'; script-src 'self'; img-src 'self' data:;"
    " connect-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'"
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Frame:
    """The title, who is signed in and for whom, what their forms send along, where they may go
    (`here` is the address of this page), which of our scripts the page needs, and what is to be
    said first: something went wrong (`notice`), something is done (`done`).  `unread`: messages,
    None for who gets none."""

    title: str
    person: str = ""
    organisation: str = ""
    csrf: str = ""
    links: tuple[tuple[str, str], ...] = ()
    here: str = ""
    scripts: tuple[str, ...] = ()
    notice: str = ""
    done: str = ""
    unread: int | None = None

    def asset(self, name: str) -> str:
        """Its address, which changes when the file does."""
        return f"/assets/{name}?v={fingerprint(name)}"


@dataclass(frozen=True, slots=True, kw_only=True)
class Page:
    """Any page."""

    TEMPLATE: ClassVar[str] = "base.html"

    frame: Frame


@lru_cache(maxsize=64)
def fingerprint(name: str) -> str:
    """Of a file of ours."""
    return sha256((ASSETS / name).read_bytes()).hexdigest()[:12]


@lru_cache(maxsize=1)
def environment() -> Environment:
    """The templates; every text is escaped, and a name that is not there is an error."""
    return Environment(
        loader=PackageLoader("matcher.pages"), autoescape=True, undefined=StrictUndefined,
        trim_blocks=True, lstrip_blocks=True,
    )  # fmt: skip


@dataclass(frozen=True, slots=True)
class Visit:
    """A request for a page: who asks, and what we work with."""

    request: Request
    desk: Desk
    caller: Caller

    @property
    def mine(self) -> str:
        """The organisation that the caller acts for.  :raises NotAllowed: there is none."""
        found = acting(self.caller)
        if found is None:
            raise NotAllowed("您还没有加入任何机构,不能打开这一页。请向机构管理员要一份邀请。")
        return found

    @property
    def person(self) -> str:
        """The person who asks.  :raises NotAllowed: a key asks, which has no pages."""
        if self.caller.person is None:
            raise NotAllowed("密钥不能打开这一页,请登录。")
        return self.caller.person.id

    def frame(
        self, title: str, *, notice: str = "", done: str = "", scripts: tuple[str, ...] = ()
    ) -> Frame:
        """What a page has around it."""
        caller = self.caller
        return Frame(
            title=title,
            person=caller.person.name if caller.person else "",
            organisation=caller.organisation.name if caller.organisation else "",
            csrf=self._csrf(),
            links=links_of(caller), here=self.request.url.path,
            notice=notice, done=done, scripts=scripts, unread=self._unread(),
        )  # fmt: skip

    @property
    def part(self) -> Frame:
        """Around a piece of a page there is nothing, but its forms send the same along."""
        return Frame(title="", csrf=self._csrf())

    @property
    def place(self) -> str:
        """The whole address of the page that is looked at; after a form, of the page alone."""
        url = self.request.url
        return f"{url.path}?{url.query}" if self.request.method == "GET" and url.query else url.path

    def _csrf(self) -> str:
        session = self.request.cookies.get(cookie_name(self.desk), "")
        known = self.caller is not ANYBODY and self.caller.person is not None
        return csrf_token(self.desk, session) if known and session else ""

    def _unread(self) -> int | None:
        mine = acting(self.caller)
        if mine is None or not may(self.caller, "watch"):
            return None
        return self.desk.matcher.store.messages.unread(self.person, mine)


def visiting(request: Request, desk: DeskDep, caller: CallerDep) -> Visit:
    """The request as pages take it."""
    return Visit(request, desk, caller)


VisitDep = Annotated[Visit, Depends(visiting)]


def links_of(caller: Caller) -> tuple[tuple[str, str], ...]:
    """Where a caller may go, in words and as addresses: what the policy allows of our desks."""
    if not caller.known:
        return ()
    return tuple((word, to) for word, to in LINKS
                 if f"GET {to}" in PAGES and may(caller, PAGES[f"GET {to}"]))  # fmt: skip


def attached(content: bytes, name: str) -> Response:
    """A file to be saved under this name; its ending says what it is."""
    kind = MEDIA[name.rpartition(".")[2]]
    plain = f"file.{name.rpartition('.')[2]}"
    held = f"attachment; filename=\"{plain}\"; filename*=UTF-8''{quote(name)}"
    return Response(content, media_type=kind, headers={"Content-Disposition": held})


def rendered(page: Page, status: int = 200) -> HTMLResponse:
    """The page as an answer."""
    values: dict[str, Any] = {item.name: getattr(page, item.name) for item in fields(page)}
    text = environment().get_template(page.TEMPLATE).render(values)
    return HTMLResponse(text, status, headers={"Content-Security-Policy": POLICY})
