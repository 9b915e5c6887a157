"""What every request works with: the matcher, the settings, and the clock."""

import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field, fields
from typing import Annotated

from fastapi import Depends, Request

from matcher.config import ServiceSettings, Settings
from matcher.errors import BadSetting
from matcher.records import Filter
from matcher.reference.wanted import filter_from
from matcher.standing import StandingMatcher
from matcher.store.secret import Use, digest
from matcher.web.shapes import FilterIn

DEVELOPMENT_SECRET = "development-only-secret"
SHORTEST_SECRET = 32
LOOPBACK = ("127.0.0.1", "::1", "localhost")
HASHING = 2


@dataclass(frozen=True, slots=True)
class Desk:
    """One for each app and worker; `ring` tells a worker of a job, where there are workers."""

    matcher: StandingMatcher
    settings: Settings
    ring: Callable[[str], None] | None = None
    _turn: threading.Lock = field(default_factory=threading.Lock)
    hashing: threading.Semaphore = field(default_factory=lambda: threading.Semaphore(HASHING))

    @property
    def production(self) -> bool:
        """Whether it is meant for others."""
        return self.settings.service.mode == "production"

    @property
    def secret(self) -> str:
        """The installation's."""
        return secret_of(self.settings.service)

    @property
    def now(self) -> int:
        """Seconds since 1970."""
        return int(time.time())

    def digest(self, use: Use, token: str) -> str:
        """Of a token, under the installation's secret."""
        return digest(self.secret, use, token)

    def check_filter(self, asked: FilterIn) -> Filter:
        """What is asked for as the engine has it.  :raises BadFilter: nothing is so called."""
        given = {item.name: getattr(asked, item.name) for item in fields(Filter)}
        for name in ("filed_from", "filed_to"):
            if given[name] is not None:
                given[name] = given[name].isoformat()
        return filter_from(given)

    @contextmanager
    def asking(self) -> Iterator[StandingMatcher]:
        """The matcher, for one question at a time."""
        with self._turn:
            yield self.matcher


def secret_of(service: ServiceSettings) -> str:
    """The installation's, or, where nobody else comes, one that everybody knows."""
    return service.secret or DEVELOPMENT_SECRET


def check_settings(settings: Settings) -> None:
    """:raises BadSetting: not fit to serve others."""
    service = settings.service
    if service.mode == "development":
        if service.host not in LOOPBACK:
            raise BadSetting(
                "试用方式(service.mode = development)只能在本机使用,没有启动。"
                "要让别人访问,请设 service.mode = production 并写好 service.secret。"
            )
        return
    if service.secret == DEVELOPMENT_SECRET or len(service.secret) < SHORTEST_SECRET:
        raise BadSetting(
            f"正式运行须有自己的密钥(service.secret,至少 {SHORTEST_SECRET} 个字符),没有启动。"
            '可这样生成:python3 -c "import secrets; print(secrets.token_urlsafe(48))"'
        )


def desk_of(request: Request) -> Desk:
    """The app's desk."""
    desk = request.app.state.desk
    assert isinstance(desk, Desk)
    return desk


DeskDep = Annotated[Desk, Depends(desk_of)]
