"""What became of the matches that were pushed, as figures need it: no text, no name of a person."""

import json
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Connection, Engine, func, select

from matcher.access.life import Stage
from matcher.access.policy import Side
from matcher.store.leads import of_organisation
from matcher.store.tables import lead_steps, leads, needs, organisations, owners


@dataclass(frozen=True, slots=True, kw_only=True)
class LeadFact:
    """One match: where its need is at home, whose its patent is, when it was pushed (seconds since
    1970), which stages either side or both ever reached, and the codes of refusals."""

    id: str
    region: str | None
    park: str | None
    industries: tuple[str, ...]
    company: str
    centre: str
    pushed_at: int
    stages: frozenset[Stage]
    agreed: bool
    refusals: tuple[str, ...]


class Figures:
    """Read from the records as they are now."""

    def __init__(self, engine: Engine) -> None:
        self._engine = engine

    def leads(self, organisation_id: str | None = None) -> list[LeadFact]:
        """All, or those that concern an organisation."""
        query = (
            select(
                leads.c.id, leads.c.agreed, leads.c.need_owner, leads.c.patent_owner,
                needs.c.region, needs.c.park, needs.c.more,
            )
            .outerjoin(needs, needs.c.id == leads.c.need_id)
            .order_by(leads.c.id)
        )  # fmt: skip
        if organisation_id is not None:
            query = query.where(of_organisation(organisation_id))
        with self._engine.connect() as connection:
            steps = _steps(connection)
            return [_fact(dict(row), steps) for row in connection.execute(query).mappings()]

    def owned(self, side: Side) -> dict[str, int]:
        """The names of organisations -> how many records of one side they own."""
        query = (
            select(organisations.c.name, func.count())
            .join(owners, owners.c.organisation_id == organisations.c.id)
            .where(owners.c.side == side)
            .group_by(organisations.c.name)
        )
        with self._engine.connect() as connection:
            return {name: int(count) for name, count in connection.execute(query)}

    def names(self) -> dict[str, str]:
        """The ids of all organisations -> their names."""
        with self._engine.connect() as connection:
            query = select(organisations.c.id, organisations.c.name)
            return {id: name for id, name in connection.execute(query)}


Told = dict[str, list[tuple[Stage, int, str | None]]]


def _steps(connection: Connection) -> Told:
    found: Told = {}
    query = select(
        lead_steps.c.lead_id, lead_steps.c.stage, lead_steps.c.at, lead_steps.c.refusal_code
    ).order_by(lead_steps.c.lead_id, lead_steps.c.number)
    for lead_id, stage, at, code in connection.execute(query):
        found.setdefault(lead_id, []).append((stage, int(at), code))
    return found


def _fact(row: dict[str, Any], steps: Told) -> LeadFact:
    mine = steps[row["id"]]
    more = json.loads(row["more"]) if row["more"] else {}
    return LeadFact(
        id=row["id"], region=row["region"], park=row["park"],
        industries=tuple(more.get("industries", ())),
        company=row["need_owner"], centre=row["patent_owner"], pushed_at=mine[0][1],
        stages=frozenset(stage for stage, _, _ in mine), agreed=bool(row["agreed"]),
        refusals=tuple(code for _, _, code in mine if code is not None),
    )  # fmt: skip
