"""Whether the service is there, and whether it can answer."""

from fastapi import APIRouter, Response

from matcher.web.desk import DeskDep
from matcher.web.problems import Problem
from matcher.web.shapes import Health

router = APIRouter(prefix="/health", tags=["health"])


@router.get("/live")
def live() -> Health:
    """The process answers."""
    return Health(status="ok")


@router.get("/ready", responses={500: {"model": Problem}})
def ready(desk: DeskDep, response: Response) -> Health:
    """The database answers too."""
    desk.matcher.store.accounts.organisations(limit=1)
    return Health(status="ok")
