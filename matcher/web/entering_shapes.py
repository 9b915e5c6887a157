"""What is said of one need or patent; under the names under which it is told."""

from datetime import date
from typing import Annotated

from pydantic import AfterValidator, BaseModel, Field, StringConstraints

from matcher.records import (
    CooperationMode,
    LegalStatus,
    Level,
    LicenceMode,
    PatentKind,
    TransferMode,
)
from matcher.web.shapes import Asked, Id, Line, clean

Text = Annotated[str, StringConstraints(max_length=20_000), AfterValidator(clean)]
Short = Annotated[str, StringConstraints(max_length=300), AfterValidator(clean)]
Shorts = Annotated[tuple[Line, ...], Field(max_length=50)]
Token = Annotated[str, StringConstraints(min_length=1, max_length=200), AfterValidator(clean)]
JOINT = "；"


class RecordIn(Asked):
    """`level` and `named` (organisations that 授权可见 names) are left as they are when they are
    not said; `confirmed` says that what looks like a secret may be kept."""

    title: Short
    industries: Shorts = ()
    park: Short = ""
    region: Short = ""
    address: Short = ""
    credit_code: Short = ""
    level: Level | None = None
    named: Annotated[tuple[Id, ...], Field(max_length=50)] | None = None
    confirmed: bool = False

    def said(self) -> dict[str, str]:
        """Canonical fields of a list's row and their words."""
        words: dict[str, object] = {
            RENAMED.get(name, name): value
            for name, value in self
            if name not in ("named", "confirmed", "terms", "owner_id")
        }
        return {name: _text(value) for name, value in words.items() if value not in (None, (), "")}


class NeedIn(RecordIn):
    """`deadline_text` and `budget_text` are read as in lists (6个月内, 50-100万元); `owner_id` is a
    company of the park that says it, when a need is made."""

    main_problem: Text = ""
    key_technology: Text = ""
    expected_goal: Text = ""
    content: Text = ""
    keywords: Shorts = ()
    deadline_text: Short = ""
    budget_text: Short = ""
    modes: Annotated[tuple[CooperationMode, ...], Field(max_length=6)] = ()
    field: Short = ""
    company: Short = ""
    contact: Short = ""
    owner_id: Id | None = None


class TermsIn(Asked):
    """What is needed to transfer a patent."""

    trl: Annotated[int, Field(ge=1, le=9)] | None = None
    licence_modes: Annotated[tuple[LicenceMode, ...], Field(max_length=4)] = ()
    transfer_modes: Annotated[tuple[TransferMode, ...], Field(max_length=3)] = ()
    price_text: Short = ""
    payment: Short = ""
    pay_later: bool | None = None
    funded: bool | None = None
    implementation: Short = ""
    self_rating: Short = ""
    scene: Text = ""
    contact: Short = ""


class PatentIn(RecordIn):
    """Names of applicants, owners and inventors; numbers in any usual spelling."""

    abstract: Text = ""
    first_claim: Text = ""
    kind: PatentKind | None = None
    application_number: Short = ""
    publication_numbers: Shorts = ()
    application_date: date | None = None
    publication_date: date | None = None
    grant_date: date | None = None
    expiry_date: date | None = None
    applicants: Shorts = ()
    owners: Shorts = ()
    inventors: Shorts = ()
    college: Short = ""
    ipc: Shorts = ()
    legal_status: LegalStatus | None = None
    pledges: Annotated[int, Field(ge=0, le=1000)] = 0
    transfers: Annotated[int, Field(ge=0, le=1000)] = 0
    licences: Annotated[int, Field(ge=0, le=1000)] = 0
    terms: TermsIn = TermsIn()

    def said(self) -> dict[str, str]:
        """As of all records."""
        terms = {RENAMED.get(name, name): value for name, value in self.terms}
        kept = {name: _text(value) for name, value in terms.items() if value not in (None, (), "")}
        return {**super().said(), **kept}


class WithdrawIn(Asked):
    """Records to be taken out; first without `token`, which is then told, then with it."""

    ids: Annotated[tuple[Id, ...], Field(min_length=1, max_length=200)]
    token: Token | None = None


class WithdrawOut(BaseModel):
    """How many there are, and what to send along within ten minutes, or that they are gone."""

    count: int
    withdrawn: bool
    token: str | None = None


RENAMED = {
    "industries": "industry", "deadline_text": "deadline", "budget_text": "budget",
    "publication_numbers": "publication_number", "pledges": "pledge_count",
    "transfers": "transfer_count", "licences": "licence_count", "licence_modes": "licence_mode",
    "transfer_modes": "transfer_mode", "price_text": "price",
}  # fmt: skip


def _text(value: object) -> str:
    if isinstance(value, tuple):
        return JOINT.join(map(str, value))
    if isinstance(value, bool):
        return "是" if value else "否"
    return str(value)
