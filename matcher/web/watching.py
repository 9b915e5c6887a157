"""Needs that a person watches, and what is new for them."""

from fastapi import APIRouter
from pydantic import BaseModel

from matcher.access.people import Caller
from matcher.access.policy import acting, may, may_with
from matcher.access.seeing import unfindable
from matcher.errors import BadInput, NotAllowed, UnknownId
from matcher.library import Progress
from matcher.store.secret import new_id
from matcher.store.watches import Watch
from matcher.web.desk import Desk, DeskDep
from matcher.web.guard import CallerDep
from matcher.web.outgoing import caller_of
from matcher.web.records import visible
from matcher.web.shapes import Asked, Id

router = APIRouter(prefix="/me/watches", tags=["watches"])
FIRST = 10  # so many patents at the head of the list are told of
MOST = 200


class WatchIn(Asked):
    """A need of which new patents are to be told."""

    need_id: Id


class WatchOut(BaseModel):
    """A need that is watched; `made_at` is in seconds since 1970."""

    id: str
    need_id: str
    made_at: int


@router.get("")
def watches(desk: DeskDep, caller: CallerDep) -> list[WatchOut]:
    """One's own in this organisation."""
    return [_told(watch) for watch in desk.matcher.store.watches.of(*_here(caller))]


@router.post("", status_code=201)
def watch_need(asked: WatchIn, desk: DeskDep, caller: CallerDep) -> WatchOut:
    """Be told by letter of patents that come later and suit a need."""
    person_id, organisation_id = _here(caller)
    store = desk.matcher.store
    _, held = visible(desk, caller, "needs", asked.need_id)
    if not may_with(caller, "match_from", held):
        raise NotAllowed("这条需求的详情您看不到,不能关注。")
    if len(store.watches.of(person_id, organisation_id)) >= MOST:
        raise BadInput(f"最多关注 {MOST} 条需求。请先取消不再关心的。")
    watch = Watch(
        id=new_id("w"), person_id=person_id, organisation_id=organisation_id,
        need_id=asked.need_id, made_at=desk.now,
    )  # fmt: skip
    known = _suiting(desk, caller, asked.need_id)
    store.watches.add(watch, known)
    return _told(watch)


@router.delete("/{watch_id}", status_code=204)
def unwatch(watch_id: Id, desk: DeskDep, caller: CallerDep) -> None:
    """Be told no more."""
    desk.matcher.store.watches.drop(watch_id, _here(caller)[0])


def tell_news(desk: Desk, progress: Progress) -> int:
    """Match all watched needs anew, and write to those for whom there is news; how many letters.
    What comes while this goes on is for the next time."""
    store, letters = desk.matcher.store, 0
    snapshot = store.snapshot()
    desk.matcher.refresh(progress=progress)
    watched = store.watches.each()
    by_person: dict[str, list[Watch]] = {}
    for watch in watched:
        by_person.setdefault(watch.person_id, []).append(watch)
    done = 0
    for person_id, held in by_person.items():
        news = {}
        for watch in held:
            fresh = _news(desk, watch)
            if fresh:
                news[watch] = fresh
            done += 1
            progress("匹配", done, len(watched))
        if news:
            store.watches.tell(person_id, news, now=desk.now)
            letters += 1
    store.watches.looked(snapshot, now=desk.now)
    return letters


def _suiting(desk: Desk, caller: Caller, need_id: str) -> list[str]:
    """The patents at the head of a need's list that are worth a call, as the caller finds them."""
    guarded = desk.matcher.store.owners.guarded("patents", acting(caller))
    with desk.asking() as matcher:
        found = matcher.match_need(need_id, k=FIRST, without=unfindable(caller, guarded, ()))
    bound = desk.settings.match.no_match
    return [one.patent_id for one in found.matches if one.chance >= bound]


def _news(desk: Desk, watch: Watch) -> list[str]:
    """What was not told before; nothing where the person may no longer ask for that."""
    store = desk.matcher.store
    person = store.accounts.person(watch.person_id)
    if person is None:
        return []
    caller = caller_of(store, person, watch.organisation_id)
    if not may(caller, "watch"):
        return []
    try:
        _, held = visible(desk, caller, "needs", watch.need_id)
        found = (
            _suiting(desk, caller, watch.need_id) if may_with(caller, "match_from", held) else []
        )
    except UnknownId:  # withdrawn, or no longer for this person
        return []
    known = store.watches.told(watch.id)
    return [id for id in found if id not in known]


def _here(caller: Caller) -> tuple[str, str]:
    """The person and the organisation that the policy found."""
    mine = acting(caller)
    assert caller.person is not None and mine is not None
    return caller.person.id, mine


def _told(watch: Watch) -> WatchOut:
    return WatchOut(id=watch.id, need_id=watch.need_id, made_at=watch.made_at)
