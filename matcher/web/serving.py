"""Running the service: one process, until it is told to stop."""

import uvicorn

from matcher.config import Settings
from matcher.standing import StandingMatcher
from matcher.web.app import create_app


def run(matcher: StandingMatcher, settings: Settings) -> None:
    """Serve until interrupted.  :raises BadSetting: not fit to serve others."""
    app = create_app(matcher, settings)
    service = settings.service
    uvicorn.run(app, host=service.host, port=service.port, server_header=False)
