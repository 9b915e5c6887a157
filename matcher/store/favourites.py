"""Records that a person keeps at hand, for an organisation."""

from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy import ColumnElement, Connection, Engine, delete, func, insert, select, update

from matcher.access.policy import Side
from matcher.errors import BadInput
from matcher.store.mapping import storable
from matcher.store.opening import Writing
from matcher.store.tables import favourites

MOST = 500


@dataclass(frozen=True, slots=True, kw_only=True)
class Favourite:
    """A record that somebody keeps; `made_at` in seconds since 1970."""

    side: Side
    record_id: str
    made_at: int


class Favourites:
    """A person's own, in one organisation; nobody else sees them."""

    def __init__(self, engine: Engine) -> None:
        self._engine = engine

    def keep(self, person_id: str, organisation_id: str, one: Favourite) -> None:
        """Nothing changes where it is kept.  :raises BadInput: there are too many."""
        mine = _of(person_id, organisation_id)
        with Writing(self._engine) as connection:
            if connection.execute(select(favourites.c.side).where(mine, _about(one))).first():
                return
            count = select(func.count()).select_from(favourites).where(mine)
            if connection.execute(count).scalar_one() >= MOST:
                raise BadInput(f"最多收藏 {MOST} 条,没有收藏。请先取消不再关心的。")
            connection.execute(insert(favourites).values(
                person_id=person_id, organisation_id=organisation_id, side=one.side,
                record_id=one.record_id, made_at=one.made_at,
            ))  # fmt: skip

    def drop(self, person_id: str, organisation_id: str, side: Side, id: str) -> None:
        """Whether it is kept or not."""
        one = Favourite(side=side, record_id=storable(id), made_at=0)
        with Writing(self._engine) as connection:
            mine = _of(person_id, organisation_id)
            connection.execute(delete(favourites).where(mine, _about(one)))

    def of(
        self, person_id: str, organisation_id: str, *, at: int = 0, limit: int
    ) -> list[Favourite]:
        """At most `limit` from place `at` on, the latest first."""
        query = select(favourites.c.side, favourites.c.record_id, favourites.c.made_at)
        ordered = query.where(_of(person_id, organisation_id)).order_by(
            favourites.c.made_at.desc(), favourites.c.side, favourites.c.record_id
        )
        with self._engine.connect() as connection:
            rows = connection.execute(ordered.offset(at).limit(limit)).mappings()
            return [Favourite(**dict(row)) for row in rows]

    def kept(
        self, person_id: str, organisation_id: str, side: Side, ids: Sequence[str]
    ) -> set[str]:
        """Those of these records, at most some hundreds, that are kept."""
        query = select(favourites.c.record_id).where(
            _of(person_id, organisation_id), favourites.c.side == side,
            favourites.c.record_id.in_([storable(id) for id in ids]),
        )  # fmt: skip
        with self._engine.connect() as connection:
            return set(connection.execute(query).scalars())


def inherit_kept(connection: Connection, gone: str, heir: str) -> None:
    """Who kept a patent that became part of another keeps that one."""
    about = (favourites.c.side == "patents") & (favourites.c.record_id == gone)
    there = select(favourites.c.person_id).where(
        favourites.c.side == "patents", favourites.c.record_id == heir
    )
    connection.execute(delete(favourites).where(about, favourites.c.person_id.in_(there)))
    connection.execute(update(favourites).where(about).values(record_id=heir))


def _of(person_id: str, organisation_id: str) -> ColumnElement[bool]:
    mine = favourites.c.person_id == person_id
    return mine & (favourites.c.organisation_id == organisation_id)


def _about(one: Favourite) -> ColumnElement[bool]:
    return (favourites.c.side == one.side) & (favourites.c.record_id == one.record_id)
