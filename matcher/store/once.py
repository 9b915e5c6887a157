"""Writes that are to happen once, whatever the network does: what was answered is kept under the
key that the caller chose, and told again."""

from dataclasses import dataclass

from sqlalchemy import Engine, delete, insert, select, update

from matcher.errors import BadInput, Conflict
from matcher.store.opening import Writing
from matcher.store.tables import once

KEPT = 24 * 3600  # seconds
LOST = 120  # after so many seconds nobody is thought to be at work on it any more


@dataclass(frozen=True, slots=True)
class Answered:
    """A status, the entity tag if there was one, and the body."""

    status: int
    version: str | None
    body: str


class Once:
    """`scope` stands for who asks, for what, under which key; `fingerprint` for what was sent."""

    def __init__(self, engine: Engine) -> None:
        self._engine = engine

    def begin(self, scope: str, fingerprint: str, *, now: int) -> Answered | None:
        """What was answered before; None, and it is the caller's to answer, if nothing was.

        :raises BadInput: the key was used for something else.  :raises Conflict: another is at
        work on it."""
        mine = once.c.scope == scope
        with Writing(self._engine) as connection:
            connection.execute(delete(once).where(once.c.made_at < now - KEPT))
            row = connection.execute(select(once).where(mine)).mappings().first()
            if row is not None and row["fingerprint"] != fingerprint:
                raise BadInput("这个 Idempotency-Key 已用于另一份内容,没有执行。请换一个。")
            if row is not None and row["status"] is not None:
                return Answered(int(row["status"]), row["version"], str(row["body"]))
            if row is not None and row["made_at"] > now - LOST:
                raise Conflict("同一个请求正在处理。请稍候再试。")
            connection.execute(delete(once).where(mine))
            connection.execute(
                insert(once).values(scope=scope, fingerprint=fingerprint, made_at=now)
            )
        return None

    def finish(self, scope: str, told: Answered) -> None:
        """Keep what was answered."""
        values = {"status": told.status, "version": told.version, "body": told.body}
        with Writing(self._engine) as connection:
            connection.execute(update(once).where(once.c.scope == scope).values(**values))

    def forget(self, scope: str) -> None:
        """It was refused, and changed nothing: the key may be used again."""
        with Writing(self._engine) as connection:
            connection.execute(delete(once).where(once.c.scope == scope))
