"""Look-ups for forms and filters: regions, industries and parks by code or part of a name."""

from collections.abc import Iterable, Iterator
from typing import Annotated, Any

from fastapi import APIRouter, Query
from pydantic import AfterValidator, BaseModel, Field, StringConstraints

from matcher.reference.divisions import current, parent_of
from matcher.reference.industries import all_industries
from matcher.reference.parks import known_parks
from matcher.web.shapes import After, Asked, Listed, clean

router = APIRouter(tags=["lookups"])


class LookUp(Asked):
    """What to look for: a part of a name or the beginning of a code; `within` keeps to what lies
    right below that code.  Without either, the top level is listed (of parks, all)."""

    q: Annotated[str, StringConstraints(max_length=40), AfterValidator(clean)] = ""
    within: Annotated[str, StringConstraints(max_length=6), AfterValidator(clean)] = ""
    after: After = ""
    limit: Annotated[int, Field(ge=1, le=100)] = 50


class Code(BaseModel):
    """One code; `parent` is blank at the top, `full_name` has the names above it."""

    code: str
    name: str
    full_name: str
    parent: str


class Codes(Listed):
    """A page of them, by code; `next` is the last code."""

    items: list[Code]


Ask = Annotated[LookUp, Query()]


@router.get("/regions", response_model=Codes)
def regions(asked: Ask) -> Any:
    """Divisions of GB/T 2260 in force."""
    return _page(asked, (
        Code(code=one.code, name=one.name, full_name=one.full_name, parent=parent_of(one.code))
        for one in current().values()
    ))  # fmt: skip


@router.get("/industries", response_model=Codes)
def industries(asked: Ask) -> Any:
    """Industries of GB/T 4754-2017: sections, divisions, and the groups we know."""
    return _page(asked, _industries())


@router.get("/parks", response_model=Codes)
def parks(asked: Ask) -> Any:
    """Parks and zones with a name of their own; `code` is their name, `parent` their region."""
    return _page(asked, (
        Code(code=name, name=name, full_name=name, parent=scope.ljust(6, "0"))
        for name, scope in known_parks()
    ), top=False)  # fmt: skip


def _industries() -> Iterator[Code]:
    names = all_industries()
    for code, name in names.items():
        parent = code[:-1] if len(code) == 4 else code[:1] if len(code) == 3 else ""
        above = f"{names[parent]} / " if parent else ""
        yield Code(code=code, name=name, full_name=above + name, parent=parent)


def _page(asked: LookUp, entries: Iterable[Code], *, top: bool = True) -> Codes:
    """Those that fit, by code, a page at a time."""
    fit = sorted((one for one in entries if _fits(asked, one, top=top)), key=lambda one: one.code)
    left = [one for one in fit if one.code > asked.after]
    items = left[: asked.limit]
    return Codes(items=items, next=items[-1].code if len(left) > asked.limit else None)


def _fits(asked: LookUp, one: Code, *, top: bool) -> bool:
    """`top`: whether only what has nothing above it answers a request that asks for nothing."""
    wanted = asked.q.strip()
    if asked.within and one.parent != asked.within:
        return False
    if wanted:
        return wanted in one.name or one.code.startswith(wanted.upper())
    return bool(asked.within) or not top or not one.parent
