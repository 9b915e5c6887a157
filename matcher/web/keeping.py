"""Keeps the matcher up with what is written, by this process or another, while it answers."""

import logging
import threading
from collections.abc import Callable
from types import TracebackType
from typing import Self

from matcher.errors import Conflict, MatcherError
from matcher.standing import StandingMatcher

EVERY = 1.0  # seconds between two looks
FEW = 200  # newcomers that are not worth a new generation
SHARE = 20  # a new one is built when more than one in so many records is not in the old
log = logging.getLogger(__name__)


class Keeper:
    """A thread of its own, as long as the app lives; `build` has a new generation made, here where
    it is None."""

    def __init__(
        self,
        matcher: StandingMatcher,
        build: Callable[[], None] | None = None,
        every: float = EVERY,
    ) -> None:
        self._matcher, self._build = matcher, build or matcher.refresh
        self._over = threading.Event()
        self._thread = threading.Thread(
            target=_main, args=(self, self._over, every), name="keeper", daemon=True
        )

    def __enter__(self) -> Self:
        self._thread.start()
        return self

    def __exit__(
        self,
        _kind: type[BaseException] | None,
        _error: BaseException | None,
        _trace: TracebackType | None,
    ) -> None:
        """The look under way is finished first."""
        self._over.set()
        self._thread.join()

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


def _main(keeper: Keeper, over: threading.Event, every: float) -> None:
    """The thread's own frame."""
    while not over.wait(every):
        try:
            keeper.look()
        except Exception as error:  # what it says may hold records; it must not end the thread
            log.error("not caught up: %s", type(error).__name__)
