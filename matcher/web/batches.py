"""A park's batch: its chosen needs matched, looked through, thinned out, and handed out.

What was found is kept as the caller saw it, in a file of the job, with what was taken out of it.
Records that are handed out later are asked for anew: none is shown that is no longer the caller's
to see."""

import os
from itertools import islice
from pathlib import Path
from typing import Annotated, Any

from pydantic import BaseModel, Field

from matcher.access.people import Caller, Organisation
from matcher.access.policy import acting
from matcher.errors import UnknownId
from matcher.export.write import replacing
from matcher.library import Progress
from matcher.store.jobs import Job
from matcher.store.owners import Wanted
from matcher.web.desk import Desk
from matcher.web.job_shapes import BatchOut
from matcher.web.matching import found
from matcher.web.shapes import Asked, FilterIn, Id, MatchIn, MatchOut

MOST = 2000
GOOD = 3  # the grade from which a match is worth a call
GONE = "没有这次匹配,或已过保存期(7 天)。请重新运行。"


class BatchIn(Asked):
    """The needs (all of the park where none is named), the filters on patents, and how many for
    each."""

    needs: Annotated[tuple[Id, ...], Field(max_length=MOST)] = ()
    filter: FilterIn = FilterIn()
    k: Annotated[int, Field(ge=1, le=20)] = 5


class Found(BaseModel):
    """What was found for one need; `industries` are the need's."""

    need_id: str
    title: str
    company: str
    industries: list[str]
    no_match: bool
    items: list[MatchOut]

    @property
    def good(self) -> int:
        """How many are worth a call."""
        return sum(one.grade >= GOOD for one in self.items)


class Batch(BaseModel):
    """All of it, by need; `out` are the pairs that somebody took out."""

    found: list[Found]
    out: set[tuple[str, str]] = set()

    def kept(self, one: Found) -> list[MatchOut]:
        """The matches of a need that go into the hand-out."""
        return [match for match in one.items if (one.need_id, match.patent_id) not in self.out]


def run(desk: Desk, caller: Caller, job: Job, progress: Progress) -> BatchOut:
    """Match the needs that are asked for, as far as the caller may."""
    asked = BatchIn.model_validate(job.asked)
    ids = list(asked.needs) or list(own_needs(desk, caller))
    told: list[Found] = []
    for done, id in enumerate(ids, 1):
        try:
            told.append(_found(desk, caller, id, asked))
        except UnknownId:  # withdrawn since it was chosen
            continue
        finally:
            progress("匹配", done, len(ids))
    # What nobody would call for is out from the beginning; it can be put back.
    out = {(one.need_id, match.patent_id) for one in told for match in one.items
           if match.grade < GOOD}  # fmt: skip
    _write(place(desk.matcher.home, job.id), Batch(found=told, out=out))
    good = sum(one.good >= 1 for one in told)
    return BatchOut(needs=len(told), served=good, matches=sum(one.good for one in told))


def own_needs(desk: Desk, caller: Caller, owner: str | None = None) -> dict[str, tuple[str, str]]:
    """The needs of a park and its companies, or of one `owner` of these, at most `MOST`: id ->
    title and company."""
    mine = acting(caller)
    assert mine is not None
    every = desk.matcher.store.owners.each("needs", Wanted(mine, owner))
    return {need.id: (need.title, _company(need, held.owner)) for need, held in islice(every, MOST)}


def opened(desk: Desk, caller: Caller, id: str) -> Batch:
    """A batch of the caller's organisation.  :raises UnknownId: there is none."""
    job = desk.matcher.store.jobs.job(id)
    path = place(desk.matcher.home, job.id)
    if job.organisation_id != acting(caller) or job.kind != "batch" or not path.is_file():
        raise UnknownId(GONE, id=id)
    return Batch.model_validate_json(path.read_bytes())


def latest(desk: Desk, caller: Caller) -> str:
    """The id of the last batch that is done, "" where there is none."""
    page = desk.matcher.store.jobs.page(acting(caller), after="", limit=100)
    return next((job.id for job in page if job.kind == "batch" and job.state == "done"
                 and place(desk.matcher.home, job.id).is_file()), "")  # fmt: skip


def choose(
    desk: Desk, caller: Caller, id: str, shown: set[str], ticked: set[tuple[str, str]]
) -> Batch:
    """Of the needs that were `shown`, keep what is ticked and take out the rest."""
    batch = opened(desk, caller, id)
    for one in batch.found:
        for match in one.items if one.need_id in shown else ():
            pair = (one.need_id, match.patent_id)
            (batch.out.discard if pair in ticked else batch.out.add)(pair)
    _write(place(desk.matcher.home, id), batch)
    return batch


def place(home: Path, job_id: str) -> Path:
    """Where a batch is kept, as long as files of exports are."""
    return home / "exports" / f"{job_id}.batch"


def _found(desk: Desk, caller: Caller, id: str, asked: BatchIn) -> Found:
    match = MatchIn(need_id=id, filter=asked.filter, k=asked.k)
    matches = found(match, desk, caller)
    (need,) = desk.matcher.store.needs([id])
    owner = desk.matcher.store.owners.of("needs", id)
    return Found(
        need_id=id, title=need.title, company=_company(need, owner),
        industries=list(need.industries), no_match=matches.no_match, items=matches.items,
    )  # fmt: skip


def _company(need: Any, owner: Organisation | None) -> str:
    return str(need.company or (owner.name if owner else ""))


def _write(path: Path, batch: Batch) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    with replacing(path) as draft:
        os.chmod(draft, 0o600)
        draft.write_text(batch.model_dump_json(exclude_unset=True), "utf-8")
