"""Sends what is to be sent, in whichever process does that, and looks up what letters say only
then, under the rights that the reader has by then."""

import logging
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from types import MappingProxyType

from matcher.access.people import Caller, Person
from matcher.access.policy import acting, may, may_with
from matcher.config import Settings
from matcher.errors import UnknownId
from matcher.store.outbox import Parcel, ParcelKind
from matcher.store.secret import digest
from matcher.store.sql import SqlStore
from matcher.store.watches import Watch
from matcher.web.desk import secret_of
from matcher.web.hooks import post, secret_told
from matcher.web.mail import Letter, NotSent, send

EVERY = 2.0  # seconds between two looks
RESET_MINUTES = 60
log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Outgoing:
    """Over the records and the settings of an installation."""

    store: SqlStore
    settings: Settings

    def deliver(self) -> int:
        """Send everything that is due; how much that was."""
        count = 0
        while parcels := self.store.outbox.claim(now=int(time.time())):
            for parcel in parcels:
                self._one(parcel)
            count += len(parcels)
        return count

    def _one(self, parcel: Parcel) -> None:
        outbox = self.store.outbox
        try:
            if parcel.kind == "hook":
                self._hook(parcel)
            else:
                written = LETTERS[parcel.kind](self, parcel)
                if written is not None:
                    send(self.settings.mail, written)
        except NotSent as error:
            log.warning("%s %s not sent, try %d", parcel.kind, parcel.id, parcel.tries + 1)
            outbox.failed(parcel, str(error), now=int(time.time()), again=error.again)
        else:
            outbox.sent(parcel.id)

    def _hook(self, parcel: Parcel) -> None:
        assert parcel.hook_id is not None
        try:
            hook = self.store.outbox.hook(parcel.hook_id)
        except UnknownId:
            return  # taken away meanwhile, and its parcels with it
        service = self.settings.service
        secret = secret_told(digest(secret_of(service), "hook", hook.id))
        post(hook.url, service.hooks, secret, (parcel.id, int(time.time()), parcel.body))

    def _person(self, parcel: Parcel) -> Person | None:
        assert parcel.person_id is not None
        return self.store.accounts.person(parcel.person_id)


def reset_token(secret: str, id: str, person_id: str, made_at: int) -> str:
    """What the letter holds.  It is not kept anywhere: the secret makes it anew."""
    return f"{id}.{digest(secret, 'reset', f'{id} {person_id} {made_at}')}"


def _reset(out: Outgoing, parcel: Parcel) -> Letter | None:
    """None when the person is gone, or chose a password or asked again meanwhile."""
    person, id = out._person(parcel), str(parcel.body["reset"])
    held = out.store.credentials.reset(id, now=int(time.time()))
    if person is None or held is None:
        return None
    service = out.settings.service
    token = reset_token(secret_of(service), id, *held)
    return Letter(
        person.email, "重设密码",
        f"{person.name},您好:\n\n有人(想必是您)要重设您在专利供需匹配平台的密码。"
        f"请在 {RESET_MINUTES} 分钟内打开下面的网址,写一个新密码:\n\n"
        f"{service.address.rstrip('/')}/reset/{token}\n\n"
        "若不是您要的,不必理会,原来的密码照旧可用。",
    )  # fmt: skip


def _news(out: Outgoing, parcel: Parcel) -> Letter | None:
    """None when nothing of it may be seen any more."""
    person = out._person(parcel)
    if person is None:
        return None
    told: list[str] = []
    watches = {one.id: one for one in out.store.watches.each() if one.person_id == person.id}
    for id, patent_ids in parcel.body["news"].items():
        watch = watches.get(id)
        if watch is not None:
            told += _of_need(out, person, watch, patent_ids)
    if not told:
        return None
    address = out.settings.service.address.rstrip("/")
    return Letter(
        person.email, "您关注的需求有新的专利",
        f"{person.name},您好:\n\n" + "\n".join(told) + f"\n请登录查看详情:{address}\n",
    )  # fmt: skip


def _of_need(out: Outgoing, person: Person, watch: Watch, ids: list[str]) -> list[str]:
    """What may be said of the news for one need."""
    caller = caller_of(out.store, person, watch.organisation_id)
    need = out.store.known_needs([watch.need_id]).get(watch.need_id)
    if need is None or not may(caller, "match"):
        return []
    mine = acting(caller)
    (held,) = out.store.owners.held([need], mine)
    if not may_with(caller, "match_from", held):
        return []
    known = out.store.known_patents(ids)
    patents = [known[id] for id in ids if id in known]
    seen = [
        patent.title
        for patent, guarded in zip(patents, out.store.owners.held(patents, mine), strict=True)
        if may_with(caller, "see", guarded)
    ]
    lines = [f"  · {title}" for title in seen]
    return [f"需求“{need.title}”有 {len(seen)} 件新的专利:", *lines, ""] if seen else []


def caller_of(store: SqlStore, person: Person, organisation_id: str) -> Caller:
    """A person in an organisation, with the role held now."""
    held = {one.organisation.id: one for one in store.accounts.memberships(person.id)}
    member = held.get(organisation_id)
    if member is None:
        return Caller(person=person)
    return Caller(person=person, organisation=member.organisation, role=member.role)


LETTERS: Mapping[ParcelKind, Callable[[Outgoing, Parcel], Letter | None]] = MappingProxyType(
    {"reset": _reset, "news": _news}
)
