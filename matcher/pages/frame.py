"""What every page has around it, and how a page becomes HTML.

A page is a dataclass that names its template; the template may use its fields and nothing else,
which a test holds equal."""

from dataclasses import dataclass, fields
from functools import lru_cache
from hashlib import sha256
from pathlib import Path
from typing import Any, ClassVar

from fastapi import Request
from fastapi.responses import HTMLResponse
from jinja2 import Environment, PackageLoader, StrictUndefined

from matcher.access.people import ANYBODY, Caller
from matcher.web.desk import Desk
from matcher.web.guard import cookie_name, csrf_token

ASSETS = Path(__file__).parent / "assets"
POLICY = (
    "default-src 'none'; style-src 'self'; script-src 'self'; img-src 'self' data:;"
    " connect-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'"
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Frame:
    """The title, who is signed in and for whom, what their forms send along, and what is to be
    said first: something went wrong (`notice`), something is done (`done`)."""

    title: str
    person: str = ""
    organisation: str = ""
    csrf: str = ""
    notice: str = ""
    done: str = ""

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


def framed(request: Request, desk: Desk, caller: Caller, title: str, notice: str = "") -> Frame:
    """The frame of a page for this caller."""
    session = request.cookies.get(cookie_name(desk), "")
    known = caller is not ANYBODY and caller.person is not None
    return Frame(
        title=title,
        person=caller.person.name if caller.person else "",
        organisation=caller.organisation.name if caller.organisation else "",
        csrf=csrf_token(desk, session) if known and session else "",
        notice=notice,
    )


def rendered(page: Page, status: int = 200) -> HTMLResponse:
    """The page as an answer."""
    values: dict[str, Any] = {item.name: getattr(page, item.name) for item in fields(page)}
    text = environment().get_template(page.TEMPLATE).render(values)
    return HTMLResponse(text, status, headers={"Content-Security-Policy": POLICY})
