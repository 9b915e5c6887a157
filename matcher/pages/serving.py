"""Running the service: one process or several, until it is told to stop."""

import os
import shutil
from contextlib import ExitStack, suppress
from dataclasses import replace
from pathlib import Path
from typing import Any

import uvicorn
from fastapi import FastAPI
from uvicorn.config import LOGGING_CONFIG

from matcher.config import Settings, load_settings
from matcher.pages.site import with_pages
from matcher.standing import StandingMatcher
from matcher.store.queue import Queue
from matcher.web.app import create_app

HOME = "PATMATCH_SERVED"  # the home that a process of several serves
METRICS = "PROMETHEUS_MULTIPROC_DIR"  # where they count together; the library's own name
ARENA_MAX, ARENAS = -8, 2  # M_ARENA_MAX of <malloc.h>
KEPT_OPEN = 75  # seconds for which a quiet connection stays open, as at most gateways
PATIENCE = 60  # seconds in which a process must give a sign of life

LOGGING = {
    **LOGGING_CONFIG,
    "loggers": {
        **LOGGING_CONFIG["loggers"],
        "matcher": {"handlers": ["default"], "level": "INFO", "propagate": False},
    },
}
"""Uvicorn's own, with our lines beside its."""


def run(home: Path, settings: Settings) -> None:
    """Serve until interrupted.  Requests are written down by route (`metrics.py`), not by address
    as uvicorn would.

    :raises BadSetting: not fit to serve others."""
    service = settings.service
    how: dict[str, Any] = {
        "host": service.host, "port": service.port, "server_header": False, "access_log": False,
        "log_config": LOGGING, "timeout_keep_alive": KEPT_OPEN,
    }  # fmt: skip
    if service.processes <= 1:
        uvicorn.run(opened(home, settings), **how)
        return
    counted = home / "metrics"
    shutil.rmtree(counted, ignore_errors=True)
    counted.mkdir()
    os.environ.update({HOME: str(home), METRICS: str(counted)})
    uvicorn.run(
        "matcher.pages.serving:one_of_several", factory=True, workers=service.processes,
        timeout_worker_healthcheck=PATIENCE, **how,
    )  # fmt: skip


def one_of_several() -> FastAPI:
    """The app of one process, which shares the processor with the others."""
    home = Path(os.environ[HOME])
    settings = load_settings(home)
    if settings.encoder.threads == 0:
        threads = max(1, (os.cpu_count() or 1) // settings.service.processes)
        settings = replace(settings, encoder=replace(settings.encoder, threads=threads))
    return opened(home, settings)


def _few_arenas() -> None:
    """What glibc's malloc frees in one of many threads it keeps for that thread; with two arenas
    memory stays where it was after the first minute (docs/results/load.md).  Elsewhere nothing
    is done."""
    import ctypes

    with suppress(OSError, AttributeError):
        ctypes.CDLL(None).mallopt(ARENA_MAX, ARENAS)


def opened(home: Path, settings: Settings) -> FastAPI:
    """The app over a home, which it closes when it ends."""
    _few_arenas()
    with ExitStack() as held:
        matcher = held.enter_context(StandingMatcher.open(home, settings))
        queue = None
        if settings.service.worker != "none":
            queue = Queue(home, settings.database)
            held.callback(queue.close)
        app = with_pages(create_app(matcher, settings, queue.ring if queue else None))
        app.state.held = held.pop_all()
    return app
