"""Running the service: one process, until it is told to stop."""

import uvicorn

from matcher.config import Settings
from matcher.standing import StandingMatcher
from matcher.web.app import Ring, create_app


def run(matcher: StandingMatcher, settings: Settings, ring: Ring | None) -> None:
    """Serve until interrupted; `ring` tells a worker of a job.  Requests are written down by
    route (`metrics.py`), not by address as uvicorn would.

    :raises BadSetting: not fit to serve others."""
    app = create_app(matcher, settings, ring)
    service = settings.service
    uvicorn.run(app, host=service.host, port=service.port, server_header=False, access_log=False)
