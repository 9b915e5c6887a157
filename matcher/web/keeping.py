"""Keeps the matcher up with what is written, by this process or another, while it answers."""

import logging
import time
from collections.abc import Callable

from matcher.errors import Conflict, MatcherError
from matcher.standing import StandingMatcher
from matcher.web.ticking import Ticking

EVERY = 1.0  # seconds between two looks
REST = 9  # times as long as catching up took, before it is done again: a tenth of the time is its
LONGEST_REST = 3.0  # seconds
FEW = 200  # newcomers that are not worth a new generation
SHARE = 20  # a new one is built when more than one in so many records is not in the old
log = logging.getLogger(__name__)


class Keeper(Ticking):
    """A thread of its own, as long as the app lives; `build` has a new generation made, here where
    it is None."""

    def __init__(
        self,
        matcher: StandingMatcher,
        build: Callable[[], None] | None = None,
        every: float = EVERY,
    ) -> None:
        self._matcher, self._build = matcher, build or matcher.refresh
        self._rested = 0.0
        super().__init__("keeper", every, self._look_rested)

    def _look_rested(self) -> None:
        began = time.monotonic()
        if began >= self._rested:
            self.look()
            took = time.monotonic() - began
            self._rested = began + took + min(REST * took, LONGEST_REST)

    def look(self) -> None:
        """Catch up, and have a new generation built where the old one lacks too much."""
        matcher = self._matcher
        try:
            matcher.catch_up()
            held = len(matcher.library.patents) + len(matcher.library.needs)
            if matcher.behind > max(FEW, held // SHARE):
                self._build()
        except Conflict:
            log.info("another process is writing; looking again")
        except MatcherError as error:
            log.warning("not caught up: %s", type(error).__name__)
