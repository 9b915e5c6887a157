"""Answers to matches: put, and moved along when their patent becomes part of another."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from datetime import date
from typing import Any

from sqlalchemy import Connection, delete, select, tuple_

from matcher.records import Feedback
from matcher.store.bulk import insert_rows
from matcher.store.mapping import feedback_from, feedback_values, keys_in, storable
from matcher.store.tables import feedback, patent_keys, patents

CHUNK = 500
_KEY = tuple_(feedback.c.need_id, feedback.c.patent_id, feedback.c.by)


def put_answers(connection: Connection, items: Sequence[Feedback]) -> None:
    """Insert or replace by need, patent and person; the last of several counts."""
    fresh = {values[:3]: values for values in map(feedback_values, items)}
    keys = sorted(fresh)
    for chunk in _chunks(keys):
        connection.execute(delete(feedback).where(_KEY.in_(chunk)))
    insert_rows(connection, feedback, [fresh[key] for key in keys])


def answers_of(connection: Connection, need_ids: Sequence[str]) -> list[Feedback]:
    """All answers for these needs, by need, patent and person."""
    found: list[Feedback] = []
    for chunk in _chunks(sorted(set(map(storable, need_ids)))):
        query = select(feedback).where(feedback.c.need_id.in_(chunk))
        found += [feedback_from(dict(row)) for row in connection.execute(query).mappings()]
    return sorted(found, key=lambda item: (item.need_id, item.patent_id, item.by))


def answered(connection: Connection, gone: Sequence[str]) -> dict[str, list[str]]:
    """Those of the patents about to leave that somebody answered about -> their keys."""
    found: dict[str, list[str]] = {}
    for chunk in _chunks(sorted(set(map(storable, gone)))):
        told = select(feedback.c.patent_id).where(feedback.c.patent_id.in_(chunk))
        query = select(patents.c.id, patents.c.more).where(patents.c.id.in_(told))
        found.update((id, keys_in(more)) for id, more in connection.execute(query))
    return found


def follow(connection: Connection, left: Mapping[str, Sequence[str]]) -> None:
    """Give the answers about patents that left (id -> keys) to the patent that holds their keys
    now.  Where one person answered about both, the later answer stays."""
    for gone, keys in sorted(left.items()):
        held = select(patent_keys.c.patent_id).where(patent_keys.c.key.in_(keys))
        heir = connection.execute(held.order_by(patent_keys.c.key).limit(1)).scalar()
        if heir is None:
            continue
        moving = _about(connection, gone)
        there = {(item.need_id, item.by): item for item in _about(connection, heir)}
        moved = [replace(item, patent_id=heir) for item in moving]
        later = [item for item in moved if _later(item, there.get((item.need_id, item.by)))]
        connection.execute(delete(feedback).where(feedback.c.patent_id == gone))
        put_answers(connection, later)


def _about(connection: Connection, patent_id: str) -> list[Feedback]:
    query = select(feedback).where(feedback.c.patent_id == patent_id)
    return [feedback_from(dict(row)) for row in connection.execute(query).mappings()]


def _later(item: Feedback, other: Feedback | None) -> bool:
    return other is None or (item.at or date.min) > (other.at or date.min)


def _chunks(items: Sequence[Any]) -> Iterator[Sequence[Any]]:
    for start in range(0, len(items), CHUNK):
        yield items[start : start + CHUNK]
