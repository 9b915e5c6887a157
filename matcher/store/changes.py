"""Which records were written, in order, so that whoever follows a store need not look at all of
it."""

from collections.abc import Mapping, Sequence

from sqlalchemy import Connection, Engine, Table, delete, func, insert, select

from matcher.access.policy import Side
from matcher.store.mapping import storable
from matcher.store.tables import changes, needs, patents

MANY = 500  # of one write: more are noted as "everything"
KEPT = 5000
CHUNK = 500
TABLES: Mapping[Side, Table] = {"patents": patents, "needs": needs}


class Changes:
    """Numbered from 1; old ones are forgotten."""

    def __init__(self, engine: Engine) -> None:
        self._engine = engine

    @property
    def last(self) -> int:
        """The number of the latest."""
        with self._engine.connect() as connection:
            return _last(connection)

    def since(self, number: int) -> tuple[int, dict[Side, set[str]] | None]:
        """The number of the latest, and the ids of all records that were written or removed after
        this number; None when it can no longer be said which."""
        query = select(changes.c.number, changes.c.side, changes.c.record_id)
        with self._engine.connect() as connection:
            rows = connection.execute(query.where(changes.c.number > number)).all()
        found: dict[Side, set[str]] = {"patents": set(), "needs": set()}
        known = {row[0] for row in rows}
        latest = max(known, default=number)
        if any(id is None for _, _, id in rows) or len(known) != latest - number:
            return latest, None
        for _, side, id in rows:
            found[side].add(id)
        return latest, found

    def digests(self, side: Side, ids: Sequence[str]) -> dict[str, int]:
        """Those of these ids that are there -> a number that changes when the record does."""
        table, found = TABLES[side], {}
        with self._engine.connect() as connection:
            for start in range(0, len(ids), CHUNK):
                chunk = [storable(id) for id in ids[start : start + CHUNK]]
                query = select(table.c.id, table.c.digest).where(table.c.id.in_(chunk))
                found.update({id: int(digest) for id, digest in connection.execute(query)})
        return found


def note(connection: Connection, table: Table, ids: Sequence[str]) -> None:
    """Records of one side are written or removed, inside the transaction that does it."""
    if not ids:
        return
    told: list[str | None] = [None] if len(ids) > MANY else [storable(id) for id in ids]
    first = _last(connection) + 1
    connection.execute(
        insert(changes),
        [
            {"number": number, "side": table.name, "record_id": id}
            for number, id in enumerate(told, first)
        ],
    )
    connection.execute(delete(changes).where(changes.c.number <= first - KEPT))


def _last(connection: Connection) -> int:
    return int(connection.execute(select(func.max(changes.c.number))).scalar() or 0)
