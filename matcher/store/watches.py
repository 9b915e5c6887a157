"""Needs that people watch: what they were told of each, so that only news is told."""

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Engine, delete, insert, select

from matcher.errors import Taken, UnknownId
from matcher.store.mapping import storable
from matcher.store.messages import leave_word
from matcher.store.opening import Writing
from matcher.store.outbox import letter, tell
from matcher.store.tables import facts, news_told, watches

LAST = "news"  # the snapshot of the records that was looked through last


@dataclass(frozen=True, slots=True, kw_only=True)
class Watch:
    """A person is told of new patents for a need, as a member of an organisation."""

    id: str
    person_id: str
    organisation_id: str
    need_id: str
    made_at: int


class Watches:
    """By their ids; a person watches a need once an organisation."""

    def __init__(self, engine: Engine) -> None:
        self._engine = engine

    def add(self, watch: Watch, known: Iterable[str]) -> None:
        """`known` are the patents found for it now: no news.  :raises Taken: it is watched."""
        same = (
            (watches.c.person_id == watch.person_id)
            & (watches.c.organisation_id == watch.organisation_id)
            & (watches.c.need_id == watch.need_id)
        )
        with Writing(self._engine) as connection:
            if connection.execute(select(watches.c.id).where(same)).first() is not None:
                raise Taken("您已在关注这条需求,有新的专利会告诉您。")
            connection.execute(insert(watches).values(
                id=watch.id, person_id=watch.person_id, organisation_id=watch.organisation_id,
                need_id=watch.need_id, made_at=watch.made_at,
            ))  # fmt: skip
            _tell(connection, watch.id, known)

    def of(self, person_id: str, organisation_id: str) -> list[Watch]:
        """Those of a person in an organisation, by id."""
        mine = (watches.c.person_id == person_id) & (watches.c.organisation_id == organisation_id)
        return self._read(select(watches).where(mine))

    def each(self) -> list[Watch]:
        """All, by person and id."""
        return self._read(select(watches).order_by(watches.c.person_id))

    def any(self) -> bool:
        """Whether somebody watches."""
        with self._engine.connect() as connection:
            return connection.execute(select(watches.c.id).limit(1)).first() is not None

    def drop(self, id: str, person_id: str) -> None:
        """:raises UnknownId: the person has none such."""
        mine = (watches.c.id == storable(id)) & (watches.c.person_id == person_id)
        with Writing(self._engine) as connection:
            if connection.execute(select(watches.c.id).where(mine)).first() is None:
                raise UnknownId("您没有关注这一项。请核对编号。", id=id)
            connection.execute(delete(news_told).where(news_told.c.watch_id == id))
            connection.execute(delete(watches).where(watches.c.id == id))

    def told(self, id: str) -> set[str]:
        """The patents that are no news for a watch."""
        query = select(news_told.c.patent_id).where(news_told.c.watch_id == id)
        with self._engine.connect() as connection:
            return set(connection.execute(query).scalars())

    def tell(self, person_id: str, news: Mapping[Watch, Collection[str]], *, now: int) -> None:
        """One letter to a person, of patents (by watch), a message for each watch, and to their
        organisations' webhooks; they are no news from then on."""
        with Writing(self._engine) as connection:
            body = {"news": {watch.id: sorted(patents) for watch, patents in news.items()}}
            letter(connection, "news", person_id, body, now=now)
            for watch, patents in news.items():
                told = {"need_id": watch.need_id, "patent_ids": sorted(patents)}
                tell(connection, [watch.organisation_id], "match.news", told, now=now)
                leave_word(
                    connection, {watch.organisation_id: person_id}, "match.news", told, now=now
                )
                _tell(connection, watch.id, patents)

    @property
    def last(self) -> tuple[str, int]:
        """The snapshot that was looked through last, and when."""
        with self._engine.connect() as connection:
            query = select(facts.c.value).where(facts.c.name == LAST)
            value = connection.execute(query).scalar()
        snapshot, _, at = (value or " 0").partition(" ")
        return snapshot, int(at)

    def looked(self, snapshot: str, *, now: int) -> None:
        """All watches were looked through as of this snapshot."""
        with Writing(self._engine) as connection:
            connection.execute(delete(facts).where(facts.c.name == LAST))
            connection.execute(insert(facts).values(name=LAST, value=f"{snapshot} {now}"))

    def _read(self, query: Any) -> list[Watch]:
        with self._engine.connect() as connection:
            rows = connection.execute(query.order_by(watches.c.id)).mappings()
            return [Watch(**dict(row)) for row in rows]


def _tell(connection: Any, id: str, patents: Iterable[str]) -> None:
    wanted = set(patents)
    there = select(news_told.c.patent_id).where(news_told.c.watch_id == id)
    wanted -= set(connection.execute(there).scalars())
    if wanted:
        rows = [{"watch_id": id, "patent_id": one} for one in sorted(wanted)]
        connection.execute(insert(news_told), rows)
