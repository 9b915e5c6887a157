"""What requests and answers about the life of a match look like."""

from typing import Annotated, Literal

from pydantic import AfterValidator, BaseModel, Field, StringConstraints

from matcher.access.life import Answer, Stage
from matcher.access.policy import Side
from matcher.records import RefusalCode
from matcher.web.shapes import After, Asked, Id, Listed, NeedOut, OrganisationOut, PatentOut, clean

Note = Annotated[str, StringConstraints(max_length=1000), AfterValidator(clean)]


class PushIn(Asked):
    """A need and a patent to be brought together; `willing`: one's own side answers 愿意对接 at
    once."""

    need_id: Id
    patent_id: Id
    willing: bool = False
    note: Note = ""


class StepIn(Asked):
    """The next step; a refusal says why.  `side` only where one speaks for both."""

    stage: Literal["read", "willing", "refused", "meeting", "intention", "contract", "filed"]
    refusal_code: RefusalCode | None = None
    note: Note = ""
    side: Side | None = None


class Wanted(Asked):
    """Which of them, and which page."""

    after: After = ""
    limit: Annotated[int, Field(ge=1, le=100)] = 20
    stage: Stage | None = None
    need_id: Id | None = None
    patent_id: Id | None = None


class StepOut(BaseModel):
    """A step; by which organisation only where that may be known.  `at` is in seconds since
    1970."""

    stage: Stage
    side: Side | None
    at: int
    refusal_code: RefusalCode | None
    note: str
    organisation: OrganisationOut | None


class LeadOut(BaseModel):
    """A match that was pushed: how far it is, what each side said, which steps the caller may take
    now, and either record as far as the caller may see it."""

    id: str
    need_id: str
    patent_id: str
    stage: Stage
    need_answer: Answer
    patent_answer: Answer
    agreed: bool
    mine: list[Side]
    next: list[Stage]
    steps: list[StepOut]
    need: NeedOut | None  # type: ignore[valid-type]
    patent: PatentOut | None  # type: ignore[valid-type]


class Leads(Listed):
    """A page of them."""

    items: list[LeadOut]
