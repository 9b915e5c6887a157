"""What is asked of work in the background, and what is told of it."""

from typing import Annotated, Literal

from pydantic import BaseModel, Field

from matcher.store.jobs import JobKind, JobState
from matcher.web.shapes import Asked, FilterIn
from matcher.web.upload_shapes import UploadOut

Format = Literal["xlsx", "csv", "jsonl", "parquet"]


class ExportIn(Asked):
    """A file of the best `k` patents for each need.  `own`: for the needs of one's company or
    park alone, and to a centre its own patents alone; else for all that one may match from."""

    format: Format = "xlsx"
    k: Annotated[int, Field(ge=1, le=50)] = 10
    filter: FilterIn = FilterIn()
    own: bool = True


class MaintainIn(Asked):
    """The index built anew where it must be, or the ranker taught the stored answers."""

    kind: Literal["index", "train"]


class FileOut(BaseModel):
    """A file to be fetched without signing in, by whoever has the address, until it expires."""

    name: str
    url: str
    expires_at: int


class ExportOut(BaseModel):
    """Needs in all, matches in all, needs without any."""

    needs: int
    matches: int
    unmatched: int


class BatchOut(BaseModel):
    """Needs that were matched, those with a good match, good matches in all."""

    needs: int
    served: int
    matches: int


class ErrorOut(BaseModel):
    """Why it failed: a stable code, and a sentence."""

    code: str
    detail: str


class JobOut(BaseModel):
    """Of `total` steps of a `stage` so many are `done`; times are seconds since 1970."""

    id: str
    kind: JobKind
    state: JobState
    stage: str
    done: int
    total: int
    tries: int
    made_at: int
    started_at: int | None
    ended_at: int | None
    error: ErrorOut | None = None
    upload: UploadOut | None = None
    export: ExportOut | None = None
    batch: BatchOut | None = None
    file: FileOut | None = None


class JobsOut(BaseModel):
    """A page, the latest first; `next` is what to send as `after`, null on the last one."""

    items: list[JobOut]
    next: str | None
