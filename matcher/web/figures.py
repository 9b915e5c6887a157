"""Statistics, for those who watch over the whole."""

from fastapi import APIRouter

from matcher.web.desk import DeskDep
from matcher.web.shapes import Counts

router = APIRouter(tags=["statistics"])
NAMING = ("专利申请人",)


@router.get("/statistics")
def statistics(desk: DeskDep) -> Counts:
    """Counts of both sides, without the tables that name organisations: some keep back theirs."""
    with desk.asking() as matcher:
        found = matcher.statistics()
    return Counts(
        patents=found.patents, needs=found.needs, feedback=found.feedback,
        tables={title: list(held) for title, held in found.tables.items() if title not in NAMING},
    )  # fmt: skip
