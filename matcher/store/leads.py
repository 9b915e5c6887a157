"""Matches that were pushed and what became of them, in the database."""

from collections.abc import Mapping, Sequence
from datetime import UTC, datetime
from typing import Any

from sqlalchemy import (
    ColumnElement,
    Connection,
    Engine,
    func,
    insert,
    or_,
    select,
    update,
)

from matcher.access.life import Lead, Stage, Step, taken
from matcher.access.policy import Side
from matcher.errors import Taken, UnknownId
from matcher.records import Feedback
from matcher.store.answers import put_answers
from matcher.store.mapping import storable
from matcher.store.messages import leave_word
from matcher.store.opening import Writing
from matcher.store.outbox import Event, tell
from matcher.store.tables import lead_steps, leads, organisations

CHUNK = 500
SOURCE = "对接"


class Leads:
    """One a need and patent; a step is appended and never changed."""

    def __init__(self, engine: Engine) -> None:
        self._engine = engine

    def push(self, lead: Lead) -> None:
        """A new one with its first steps.

        :raises Taken: these two were brought together before; `id` names the lead."""
        pair = (leads.c.need_id == lead.need_id) & (leads.c.patent_id == lead.patent_id)
        with Writing(self._engine) as connection:
            there = connection.execute(select(leads.c.id).where(pair)).scalar()
            if there is not None:
                raise Taken("这条需求和这件专利已经推送过,请在原来那一项上继续。", id=str(there))
            connection.execute(insert(leads).values(
                id=lead.id, need_id=lead.need_id, patent_id=lead.patent_id,
                need_owner=lead.need_owner, patent_owner=lead.patent_owner,
                pushed_by=lead.steps[0].organisation_id, **_state(lead),
            ))  # fmt: skip
            for number, step in enumerate(lead.steps):
                _append(connection, lead, number, step)

    def step(self, id: str, step: Step) -> Lead:
        """The lead after a step; an answer of the need's side is feedback as well.

        :raises UnknownId: it is not there.  :raises WrongStep: not from where it is."""
        with Writing(self._engine) as connection:
            before = _one(connection, id)
            after = taken(before, step)
            connection.execute(update(leads).where(leads.c.id == id).values(**_state(after)))
            _append(connection, after, len(before.steps), step)
        return after

    def lead(self, id: str) -> Lead:
        """:raises UnknownId: it is not there."""
        with self._engine.connect() as connection:
            return _one(connection, id)

    def counts(self, organisation_id: str) -> dict[Stage, int]:
        """How many of those that concern an organisation are at each stage."""
        with self._engine.connect() as connection:
            query = select(leads.c.stage, func.count()).where(of_organisation(organisation_id))
            rows = connection.execute(query.group_by(leads.c.stage)).all()
            return {stage: count for stage, count in rows}

    def waiting(self, organisation_id: str, *, after: str = "", limit: int) -> list[Lead]:
        """At most `limit` whose id comes after this, by id, to which one of the sides that an
        organisation speaks for has not answered, and the other has not refused."""
        query = select(leads).where(_unanswered(organisation_id), leads.c.id > storable(after))
        query = query.order_by(leads.c.id).limit(limit)
        with self._engine.connect() as connection:
            return _read(connection, [dict(row) for row in connection.execute(query).mappings()])

    def count_waiting(self, organisation_id: str) -> int:
        """How many there are of `waiting`."""
        query = select(func.count()).where(_unanswered(organisation_id))
        with self._engine.connect() as connection:
            return int(connection.execute(query).scalar_one())

    def some(self, organisation_id: str, ids: Sequence[str]) -> list[Lead]:
        """Those of these, at most some hundreds, that concern an organisation, by id."""
        query = select(leads).where(of_organisation(organisation_id), leads.c.id.in_(list(ids)))
        with self._engine.connect() as connection:
            rows = connection.execute(query.order_by(leads.c.id)).mappings()
            return _read(connection, [dict(row) for row in rows])

    def of_records(self, organisation_id: str, side: Side, ids: Sequence[str]) -> list[Lead]:
        """Those that concern an organisation, of these records, by id."""
        column = leads.c.need_id if side == "needs" else leads.c.patent_id
        found: list[Lead] = []
        with self._engine.connect() as connection:
            for start in range(0, len(ids), CHUNK):
                chunk = column.in_(ids[start : start + CHUNK])
                query = select(leads).where(of_organisation(organisation_id), chunk)
                rows = connection.execute(query.order_by(leads.c.id)).mappings()
                found += _read(connection, [dict(row) for row in rows])
        return found

    def page(
        self, organisation_id: str, *, after: str, limit: int, stage: Stage | None = None,
        about: tuple[str | None, str | None] = (None, None),
    ) -> list[Lead]:  # fmt: skip
        """At most `limit` whose id comes after this, by id, that concern an organisation: as a
        side, as a side's park, or as who pushed.  `about` names a need and a patent."""
        query = select(leads).where(leads.c.id > after, of_organisation(organisation_id))
        if stage is not None:
            query = query.where(leads.c.stage == stage)
        for column, wanted in zip((leads.c.need_id, leads.c.patent_id), about, strict=True):
            if wanted is not None:
                query = query.where(column == storable(wanted))
        with self._engine.connect() as connection:
            rows = connection.execute(query.order_by(leads.c.id).limit(limit)).mappings()
            return _read(connection, [dict(row) for row in rows])


def agreed_with(
    connection: Connection, side: Side, ids: Sequence[str], organisation_id: str
) -> set[tuple[str, str]]:
    """(record, its owner on the day) of those of one side about which an organisation, or a
    company of it when it is a park, and that owner both answered 愿意对接."""
    mine: ColumnElement[bool]
    if side == "patents":
        record, owner = leads.c.patent_id, leads.c.patent_owner
        mine = leads.c.need_owner.in_(with_companies(organisation_id))
    else:
        record, owner = leads.c.need_id, leads.c.need_owner
        mine = leads.c.patent_owner == organisation_id
    found: set[tuple[str, str]] = set()
    for start in range(0, len(ids), CHUNK):
        query = select(record, owner).where(
            leads.c.agreed, mine, record.in_(ids[start : start + CHUNK])
        )
        found.update((row[0], row[1]) for row in connection.execute(query))
    return found


def inherit(connection: Connection, gone: str, heir: str) -> None:
    """Leads about a patent that became part of another are about that one now."""
    connection.execute(update(leads).where(leads.c.patent_id == gone).values(patent_id=heir))


def of_organisation(organisation_id: str) -> ColumnElement[bool]:
    """The leads that concern one: as a side, as a side's park, or as who pushed."""
    return or_(
        leads.c.need_owner.in_(with_companies(organisation_id)),
        leads.c.patent_owner == organisation_id,
        leads.c.pushed_by == organisation_id,
    )


def with_companies(organisation_id: str) -> Any:
    """The organisations for which this one speaks as a need's owner: itself and its companies."""
    return select(organisations.c.id).where(
        or_(organisations.c.id == organisation_id, organisations.c.park_id == organisation_id)
    )


def _unanswered(organisation_id: str) -> ColumnElement[bool]:
    free = ("pushed", "read")
    needs = leads.c.need_owner.in_(with_companies(organisation_id))
    mine = or_(
        needs & leads.c.need_answer.in_(free),
        (leads.c.patent_owner == organisation_id) & leads.c.patent_answer.in_(free),
    )
    return mine & (leads.c.stage != "refused") & leads.c.joint.is_(None)


def _one(connection: Connection, id: str) -> Lead:
    row = connection.execute(select(leads).where(leads.c.id == storable(id))).mappings().first()
    if row is None:
        raise UnknownId("没有这项对接。请核对编号。", id=id)
    return _read(connection, [dict(row)])[0]


def _read(connection: Connection, rows: Sequence[Mapping[str, Any]]) -> list[Lead]:
    steps: dict[str, list[Step]] = {row["id"]: [] for row in rows}
    query = select(lead_steps).where(lead_steps.c.lead_id.in_(list(steps)))
    ordered = query.order_by(lead_steps.c.lead_id, lead_steps.c.number)
    for told in connection.execute(ordered).mappings():
        steps[told["lead_id"]].append(Step(
            stage=told["stage"], side=told["side"], organisation_id=told["organisation_id"],
            person_id=told["person_id"], at=told["at"], refusal_code=told["refusal_code"],
            note=told["note"],
        ))  # fmt: skip
    return [
        Lead(
            id=row["id"], need_id=row["need_id"], patent_id=row["patent_id"],
            need_owner=row["need_owner"], patent_owner=row["patent_owner"],
            need_answer=row["need_answer"], patent_answer=row["patent_answer"],
            joint=row["joint"], steps=tuple(steps[row["id"]]),
        )
        for row in rows
    ]  # fmt: skip


def _state(lead: Lead) -> dict[str, Any]:
    return {
        "need_answer": lead.need_answer, "patent_answer": lead.patent_answer,
        "joint": lead.joint, "stage": lead.stage, "agreed": lead.agreed,
    }  # fmt: skip


def _append(connection: Connection, lead: Lead, number: int, step: Step) -> None:
    connection.execute(insert(lead_steps).values(
        lead_id=lead.id, number=number, stage=step.stage, side=step.side,
        organisation_id=step.organisation_id, person_id=step.person_id, at=step.at,
        refusal_code=step.refusal_code, note=storable(step.note),
    ))  # fmt: skip
    event: Event = "match.pushed" if step.stage == "pushed" else "match.step"
    data = {"match_id": lead.id, "need_id": lead.need_id, "patent_id": lead.patent_id,
            "side": step.side, "stage": step.stage}  # fmt: skip
    concerned = _concerned(connection, lead)
    tell(connection, concerned, event, data, now=step.at)
    others = {id: None for id in concerned if id != step.organisation_id}
    leave_word(connection, others, event, data, now=step.at)
    if step.side == "needs" and step.stage in ("willing", "refused"):
        put_answers(connection, [_feedback(lead, step)])


def _concerned(connection: Connection, lead: Lead) -> list[str]:
    """Both owners, and the park of the company."""
    query = select(organisations.c.park_id).where(organisations.c.id == lead.need_owner)
    park = connection.execute(query).scalar()
    return [lead.need_owner, lead.patent_owner, *([park] if park else [])]


def _feedback(lead: Lead, step: Step) -> Feedback:
    """What the need's side answered, as the ranker and the figures read it; one a company."""
    return Feedback(
        need_id=lead.need_id, patent_id=lead.patent_id, by=lead.need_owner,
        at=datetime.fromtimestamp(step.at, UTC).date(),
        reply="愿意对接" if step.stage == "willing" else "暂不",
        refusal_code=step.refusal_code, note=step.note, source=SOURCE,
    )  # fmt: skip
