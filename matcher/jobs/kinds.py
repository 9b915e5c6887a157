"""What each kind of job does.  Each can be done again without harm: an import is one transaction
that finds known what it took before, a file takes its place when it is whole."""

import shutil
from collections.abc import Callable, Mapping
from dataclasses import asdict
from types import MappingProxyType
from typing import Any

from matcher.access.people import Caller
from matcher.access.policy import Action, may
from matcher.errors import MatcherError, NotAllowed, UnreadableFile
from matcher.library import Progress
from matcher.store.jobs import Job, JobKind
from matcher.web import batches
from matcher.web.desk import Desk
from matcher.web.exports import export
from matcher.web.job_shapes import ExportIn
from matcher.web.jobs import place
from matcher.web.problems import INSIDE, code_of
from matcher.web.upload_shapes import UploadAsk
from matcher.web.uploads import incoming, plain_name, take
from matcher.web.watching import tell_news

Kind = Callable[[Desk, Job, Progress], Mapping[str, Any]]
NO_LONGER = "提交这项任务的人已不在该机构,或角色已变,没有执行。"


def upload(desk: Desk, job: Job, progress: Progress) -> Mapping[str, Any]:
    """A list that was sent."""
    side = job.asked["kind"]
    caller = _caller(desk, job, "upload_patents" if side == "patent" else "upload_needs")
    folder = incoming(desk.matcher.home) / job.asked["folder"]
    asked = UploadAsk(**{name: job.asked[name] for name in UploadAsk.model_fields})
    path = folder / plain_name(asked.name)
    if not path.is_file():
        raise UnreadableFile("收到的文件已不在了,没有导入。请重新上传。")
    told = take(desk, caller, side, (asked, path), progress)
    return {"upload": told.model_dump(mode="json")}


def matches(desk: Desk, job: Job, progress: Progress) -> Mapping[str, Any]:
    """A file of matches."""
    caller = _caller(desk, job, "export")
    asked = ExportIn(**job.asked)
    summary = export(desk, caller, asked, place(desk.matcher.home, job), progress)
    return {"export": asdict(summary)}


def index(desk: Desk, _job: Job, progress: Progress) -> Mapping[str, Any]:
    """The next generation of vectors and index."""
    return {"encoded": desk.matcher.refresh(progress=progress)}


def train(desk: Desk, _job: Job, progress: Progress) -> Mapping[str, Any]:
    """A ranker taught the stored answers, if it proves better."""
    progress("训练", 0, 1)
    trial = desk.matcher.train()
    return {"better": trial.better}


def news(desk: Desk, _job: Job, progress: Progress) -> Mapping[str, Any]:
    """Watched needs matched anew, and letters of what is new."""
    return {"letters": tell_news(desk, progress)}


def batch(desk: Desk, job: Job, progress: Progress) -> Mapping[str, Any]:
    """A park's needs matched, to be looked through."""
    told = batches.run(desk, _caller(desk, job, "run_park"), job, progress)
    return {"batch": told.model_dump()}


KINDS: Mapping[JobKind, Kind] = MappingProxyType(
    {
        "upload": upload,
        "export": matches,
        "index": index,
        "train": train,
        "news": news,
        "batch": batch,
    }
)


def over(desk: Desk, job: Job) -> None:
    """It will not be done again: what was kept for it goes."""
    if job.kind == "upload":
        shutil.rmtree(incoming(desk.matcher.home) / job.asked["folder"], ignore_errors=True)


def told_error(error: MatcherError) -> tuple[str, str]:
    """The stable code and the sentence of an error."""
    return code_of(type(error)), error.message if error.status < 500 else INSIDE


def _caller(desk: Desk, job: Job, action: Action) -> Caller:
    """Who asked, with the role held now.  :raises NotAllowed: it may no longer."""
    store = desk.matcher.store
    assert job.organisation_id is not None
    organisation = store.accounts.organisation(job.organisation_id)
    if job.person_id is None:  # a key of the organisation itself
        return Caller(organisation=organisation, role="editor")
    held = {one.organisation.id: one.role for one in store.accounts.memberships(job.person_id)}
    caller = Caller(
        person=store.accounts.person(job.person_id), organisation=organisation,
        role=held.get(organisation.id),
    )  # fmt: skip
    if caller.person is None or not may(caller, action):
        raise NotAllowed(NO_LONGER)
    return caller
