"""What requests and answers look like.  Every text has a length and no character that a database
or a browser could not hold."""

import re
from collections.abc import Iterable
from datetime import date
from typing import Annotated, Any, get_type_hints

from pydantic import (
    AfterValidator,
    BaseModel,
    ConfigDict,
    Field,
    StringConstraints,
    create_model,
)

from matcher.access.people import Kind, Role, Scope
from matcher.access.policy import Side
from matcher.matches import Check, Evidence, Explanation, Part, Risk
from matcher.records import (
    Grade,
    LegalStatus,
    LicenceMode,
    Need,
    Patent,
    PatentKind,
    TransferMode,
)

UNFIT = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f\ud800-\udfff\ufffe\uffff]")


def clean(text: str) -> str:
    """:raises ValueError: characters that a database or a browser could not hold."""
    if UNFIT.search(text):
        raise ValueError("characters that cannot be kept")
    return text


Id = Annotated[str, StringConstraints(min_length=1, max_length=200), AfterValidator(clean)]
Line = Annotated[str, StringConstraints(min_length=1, max_length=100), AfterValidator(clean)]
Password = Annotated[str, StringConstraints(min_length=1, max_length=128), AfterValidator(clean)]
Email = Annotated[str, StringConstraints(min_length=3, max_length=254), AfterValidator(clean)]
Token = Annotated[str, StringConstraints(min_length=1, max_length=200), AfterValidator(clean)]
Words = Annotated[str, StringConstraints(min_length=1, max_length=5000), AfterValidator(clean)]
After = Annotated[str, StringConstraints(max_length=200), AfterValidator(clean)]
Lines = Annotated[list[Line], Field(max_length=20)]


class Asked(BaseModel):
    """A request: nothing but what is named."""

    model_config = ConfigDict(extra="forbid", allow_inf_nan=False)


class SignIn(Asked):
    """By address and password, for one of the person's organisations (the first, by id)."""

    email: Email
    password: Password
    organisation_id: Id | None = None


class OrganisationIn(Asked):
    """One to be founded."""

    kind: Kind
    name: Line
    park_id: Id | None = None
    state_owned: bool = False


class RoleIn(Asked):
    """Another role for a member."""

    role: Role


class InvitationIn(Asked):
    """Whom to invite, as what."""

    email: Email
    role: Role


class AcceptIn(Asked):
    """`name` for one who is new here; the password is chosen then, and else the one there is."""

    token: Token
    password: Password
    name: Line | None = None


class KeyIn(Asked):
    """A key to be made; it ends after `days`."""

    name: Line
    scopes: Annotated[list[Scope], Field(min_length=1, max_length=3)]
    days: Annotated[int, Field(ge=1, le=366)] = 90


class FilterIn(Asked):
    """The filters of the command line, under the same names."""

    industry: Lines = []
    region: Lines = []
    park: Lines = []
    applicant: Lines = []
    kind: Annotated[list[PatentKind], Field(max_length=3)] = []
    legal_status: Annotated[list[LegalStatus], Field(max_length=4)] = []
    ipc: Lines = []
    licence_mode: Annotated[list[LicenceMode], Field(max_length=4)] = []
    transfer_mode: Annotated[list[TransferMode], Field(max_length=3)] = []
    pay_later: bool | None = None
    price_max: Annotated[float, Field(ge=0, le=1e9)] | None = None
    trl_min: Annotated[int, Field(ge=1, le=9)] | None = None
    trl_max: Annotated[int, Field(ge=1, le=9)] | None = None
    filed_from: date | None = None
    filed_to: date | None = None
    grade_min: Annotated[int, Field(ge=1, le=4)] | None = None


class MatchIn(Asked):
    """One of `text`, `need_id` and `patent_id`; a text asks for the `side`."""

    text: Words | None = None
    need_id: Id | None = None
    patent_id: Id | None = None
    side: Side = "patents"
    k: Annotated[int, Field(ge=1, le=50)] = 10
    filter: FilterIn = FilterIn()
    explain: bool = False


class PersonOut(BaseModel):
    """A person."""

    id: str
    email: str
    name: str


class OrganisationOut(BaseModel):
    """An organisation."""

    id: str
    kind: Kind
    name: str
    park_id: str | None
    state_owned: bool


class MembershipOut(BaseModel):
    """A role in an organisation."""

    organisation: OrganisationOut
    role: Role


class MemberOut(PersonOut):
    """A person in an organisation."""

    role: Role


class Me(BaseModel):
    """Who asks, for whom, as what; `csrf_token` goes along with whatever a page changes."""

    person: PersonOut | None
    organisation: OrganisationOut | None
    role: Role | None
    operator: bool
    scopes: list[Scope] | None
    memberships: list[MembershipOut]
    csrf_token: str | None


class InvitationOut(BaseModel):
    """`token` is told once, here; `link` is the page where it is taken up, to be handed over."""

    organisation_id: str
    email: str
    role: Role
    expires_at: int
    token: str
    link: str


class KeyOut(BaseModel):
    """An API key without its secret; times are seconds since 1970."""

    id: str
    name: str
    scopes: list[Scope]
    made_at: int
    expires_at: int
    revoked_at: int | None


class NewKey(KeyOut):
    """`token` is told once, here."""

    token: str


class Organisations(BaseModel):
    """A page; `next` is what to send as `after`, null on the last one."""

    items: list[OrganisationOut]
    next: str | None


class Health(BaseModel):
    """`ok` or nothing."""

    status: str


def _seen(name: str, noun: type, left_out: tuple[str, ...]) -> type[BaseModel]:
    """The fields of a record, of which an answer has those that the caller may see; `hidden`
    names the others."""
    kinds = {k: v for k, v in get_type_hints(noun).items() if k not in left_out}
    wanted: dict[str, Any] = {kind: (hint | None, None) for kind, hint in kinds.items()}
    wanted["id"], wanted["hidden"] = (str, ...), (list[str], ...)
    wanted["owner"] = (OrganisationOut | None, None)
    return create_model(name, __doc__=_seen.__doc__, **wanted)


PatentOut = _seen("PatentOut", Patent, ("keys", "source", "seen"))
NeedOut = _seen("NeedOut", Need, ("source", "seen"))


class Listed(BaseModel):
    """A page; `next` is what to send as `after`, null on the last one."""

    next: str | None


class Patents(Listed):
    """A page of patents."""

    items: list[PatentOut]  # type: ignore[valid-type]


class Needs(Listed):
    """A page of needs."""

    items: list[NeedOut]  # type: ignore[valid-type]


class MatchOut(BaseModel):
    """One match with the record found; texts that the caller may not see are not quoted."""

    rank: int
    need_id: str
    patent_id: str
    grade: Grade
    chance: float
    score: float
    evidence: tuple[Evidence, ...]
    missing: tuple[str, ...]
    risks: tuple[Risk, ...]
    checks: tuple[Check, ...]
    parts: tuple[Part, ...] | None = None
    explanation: Explanation | None = None
    patent: PatentOut | None = None  # type: ignore[valid-type]
    need: NeedOut | None = None  # type: ignore[valid-type]


class RemovalOut(BaseModel):
    """How many records a filter took away, and how many no other filter would have."""

    filter: str
    removed: int
    only: int


class Matches(BaseModel):
    """Best first; `no_match`: none of them is worth a call.  Of `total` records that the caller
    may find `passed` the filters; `relax` says which to relax where few are left."""

    items: list[MatchOut]
    no_match: bool
    total: int
    passed: int
    removed: list[RemovalOut]
    relax: str


class Count(BaseModel):
    """How many are called so."""

    name: str
    count: int


class Counts(BaseModel):
    """How many of what, and tables of them."""

    patents: int
    needs: int
    feedback: int
    tables: dict[str, list[Count]]


def counts_told(pairs: Iterable[tuple[str, int]]) -> list[Count]:
    """In their order."""
    return [Count(name=name, count=count) for name, count in pairs]
