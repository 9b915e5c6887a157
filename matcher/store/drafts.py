"""Forms that a person has begun for an organisation and not sent yet."""

import json
from collections.abc import Mapping
from dataclasses import dataclass

from sqlalchemy import ColumnElement, Engine, delete, insert, select

from matcher.errors import BadInput, UnknownId
from matcher.store.mapping import storable
from matcher.store.opening import Writing
from matcher.store.tables import drafts

MOST = 50


@dataclass(frozen=True, slots=True, kw_only=True)
class Draft:
    """What was typed, by field; `changed_at` in seconds since 1970."""

    id: str
    person_id: str
    organisation_id: str
    content: Mapping[str, list[str]]
    changed_at: int


class Drafts:
    """A person's own, in one organisation; nobody else sees them."""

    def __init__(self, engine: Engine) -> None:
        self._engine = engine

    def keep(self, draft: Draft) -> None:
        """A new one, or the same anew.

        :raises BadInput: there are too many.  :raises UnknownId: the id is another's."""
        with Writing(self._engine) as connection:
            query = select(drafts.c.id, drafts.c.person_id, drafts.c.organisation_id)
            there = connection.execute(query.where(drafts.c.id == draft.id)).first()
            if there is None:
                count = len(
                    connection.execute(
                        query.where(_of(draft.person_id, draft.organisation_id))
                    ).all()
                )
                if count >= MOST:
                    raise BadInput(f"草稿最多保存 {MOST} 份。请先删去不再需要的。")
            elif there[1:] != (draft.person_id, draft.organisation_id):
                raise UnknownId("没有这份草稿。", id=draft.id)
            connection.execute(delete(drafts).where(drafts.c.id == draft.id))
            connection.execute(insert(drafts).values(
                id=draft.id, person_id=draft.person_id, organisation_id=draft.organisation_id,
                content=json.dumps(dict(draft.content)),
                changed_at=draft.changed_at,
            ))  # fmt: skip

    def of(self, person_id: str, organisation_id: str) -> list[Draft]:
        """The latest first."""
        query = (
            select(drafts)
            .where(_of(person_id, organisation_id))
            .order_by(drafts.c.changed_at.desc(), drafts.c.id)
        )
        with self._engine.connect() as connection:
            rows = connection.execute(query).mappings().all()
        return [Draft(**{**row, "content": json.loads(row["content"])}) for row in rows]

    def one(self, id: str, person_id: str, organisation_id: str) -> Draft:
        """:raises UnknownId: it is not there, or another's: the two are told alike."""
        for draft in self.of(person_id, organisation_id):
            if draft.id == id:
                return draft
        raise UnknownId("没有这份草稿,可能已经提交或删去。", id=id)

    def drop(self, id: str, person_id: str) -> None:
        """Whether it is there or not."""
        with Writing(self._engine) as connection:
            mine = (drafts.c.id == storable(id)) & (drafts.c.person_id == person_id)
            connection.execute(delete(drafts).where(mine))


def _of(person_id: str, organisation_id: str) -> ColumnElement[bool]:
    return (drafts.c.person_id == person_id) & (drafts.c.organisation_id == organisation_id)
