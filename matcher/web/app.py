"""The app: routers behind one guard, inside the armour."""

from collections.abc import AsyncIterator, Callable
from contextlib import ExitStack, asynccontextmanager
from functools import partial
from typing import Any

from fastapi import Depends, FastAPI
from fastapi.routing import APIRoute

from matcher import __version__
from matcher.config import Settings
from matcher.standing import StandingMatcher
from matcher.web import (
    answering,
    auditing,
    entering,
    figures,
    health,
    jobs,
    life,
    lookups,
    matching,
    metrics,
    organisations,
    passwords,
    records,
    session,
    uploads,
    watching,
    webhooks,
)
from matcher.web.armour import Armour
from matcher.web.desk import Desk, check_settings
from matcher.web.guard import guard, known
from matcher.web.keeping import Keeper
from matcher.web.ledger import Ledger
from matcher.web.metrics import Meter, Metering
from matcher.web.outgoing import EVERY, Outgoing
from matcher.web.problems import Problem, answer_with_problems
from matcher.web.rules import PREFIX
from matcher.web.ticking import Ticking

Ring = Callable[[str], None]
FIRST_QUESTION = "如何提高锂电池隔膜的耐热性"
PROBLEMS: dict[int | str, dict[str, Any]] = {
    status: {"model": Problem, "content": {"application/problem+json": {}}}
    for status in (400, 401, 403, 404, 409, 412, 413, 422, 428, 429)
}


def create_app(matcher: StandingMatcher, settings: Settings, ring: Ring | None = None) -> FastAPI:
    """The service over an opened matcher; `ring` tells a worker of a job, where there are workers.
    What is put into `state.held` is closed when the app ends.

    :raises BadSetting: not fit to serve others."""
    check_settings(settings)
    app = FastAPI(
        title="patent-matcher",
        version=__version__,
        openapi_url=f"{PREFIX}/openapi.json",
        docs_url=None,
        redoc_url=None,
        generate_unique_id_function=_name,
        dependencies=[Depends(guard)],
        responses=PROBLEMS,
        lifespan=_lifespan,
    )
    app.state.desk = Desk(matcher, settings, ring)
    app.state.held = ExitStack()
    answer_with_problems(app)
    for part in (
        health,
        session,
        passwords,
        organisations,
        webhooks,
        watching,
        records,
        entering,
        uploads,
        matching,
        jobs,
        life,
        answering,
        lookups,
        auditing,
        figures,
        metrics,
    ):
        app.include_router(part.router, prefix=PREFIX)
    app.add_middleware(Ledger, desk=app.state.desk)
    app.state.meter = Meter(app.state.desk)
    app.add_middleware(
        Armour,
        most=settings.service.body_kib * 1024,
        larger=dict.fromkeys(
            (f"{PREFIX}/uploads/", "/upload/"), settings.service.upload_mib * 1024 * 1024
        ),
        known=partial(known, desk=app.state.desk),
        production=settings.service.mode == "production",
    )
    app.add_middleware(Metering, meter=app.state.meter)
    return app


@asynccontextmanager
async def _lifespan(app: FastAPI) -> AsyncIterator[None]:
    desk: Desk = app.state.desk
    with app.state.held, Keeper(desk.matcher, _builder(desk)), ExitStack() as here:
        if desk.ring is None:  # no worker would send what is to be sent
            out = Outgoing(desk.matcher.store, desk.settings)
            here.enter_context(Ticking("outgoing", EVERY, out.deliver))
        desk.matcher.match(FIRST_QUESTION)  # what is loaded late is loaded before anybody waits
        yield


def _builder(desk: Desk) -> Callable[[], None] | None:
    """Has a worker build the next generation, where there are workers."""
    ring = desk.ring
    if ring is None:
        return None

    def build() -> None:
        job = desk.matcher.store.jobs.add_alone("index", now=desk.now)
        if job is not None:
            ring(job.id)

    return build


def _name(route: APIRoute) -> str:
    """The name that a generated client gives to a call."""
    return route.name if not route.tags else f"{route.tags[0]}_{route.name}"
