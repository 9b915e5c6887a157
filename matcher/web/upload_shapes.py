"""What answers about uploaded lists look like."""

from typing import Annotated

from pydantic import AfterValidator, BaseModel, Field, StringConstraints

from matcher.ingest.headers import ListKind
from matcher.normalise.fold import Outcome
from matcher.records import FlagCode
from matcher.text.private import SecretKind
from matcher.web.shapes import Asked, Line, clean


class UploadAsk(Asked):
    """The file's name; columns that are not known, named as `成果的叫法=title`; and whether only
    to say what would become of it."""

    name: Annotated[str, StringConstraints(min_length=1, max_length=120), AfterValidator(clean)]
    map: Annotated[list[Line], Field(max_length=40, default_factory=list)]
    dry_run: bool = False


class ColumnOut(BaseModel):
    """A field of ours and the columns that were read as it."""

    field: str
    label: str
    headers: list[str]


class TableOut(BaseModel):
    """One table of the file.  `dialect` is blank when no vendor's export fits; `unknown` are
    columns that can be named with `map`."""

    sheet: str
    dialect: str
    header_row: int | None
    rows: int
    columns: list[ColumnOut]
    unknown: list[str]
    hints: list[str]


class FaultOut(BaseModel):
    """What is wrong with one cell of a row, and what to do about it."""

    sheet: str
    row: int
    column: str
    code: str
    reason: str
    advice: str


class SuspectOut(BaseModel):
    """A cell that looks as if it held a secret."""

    sheet: str
    row: int
    column: str
    kind: SecretKind
    told: str


class UploadOut(BaseModel):
    """What became of a list (with `dry_run`: what would).  `rows` = the sum of `outcomes` and
    of `rejected_rows`; `faults` are those of the first of them, all are in the file at
    `rejects`, which is kept for some days.
    `suspects` are the first cells that look as if they held a secret, of `suspect_cells`: they
    are starred out wherever others see them; who means to take them out does so before the list
    is taken (`dry_run`), or changes the records."""

    id: str
    kind: ListKind
    file: str
    dry_run: bool
    rows: int
    outcomes: dict[Outcome, int]
    flagged: dict[FlagCode, int]
    rejected: dict[str, int]
    rejected_rows: int
    faults: list[FaultOut]
    tables: list[TableOut]
    notes: list[str]
    suspects: list[SuspectOut]
    suspect_cells: int
    rejects: str | None
