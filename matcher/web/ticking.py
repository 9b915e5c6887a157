"""Something done every so often, from a thread of its own."""

import logging
import threading
from collections.abc import Callable
from types import TracebackType
from typing import Self

log = logging.getLogger(__name__)


class Ticking:
    """`do` each `every` seconds, as long as the block lasts."""

    def __init__(self, name: str, every: float, do: Callable[[], object]) -> None:
        self._over = threading.Event()
        self._thread = threading.Thread(
            target=_main, args=(name, self._over, every, do), name=name, daemon=True
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
        """What is under way is finished first."""
        self._over.set()
        self._thread.join()


def _main(name: str, over: threading.Event, every: float, do: Callable[[], object]) -> None:
    """The thread's own frame."""
    while not over.wait(every):
        try:
            do()
        except Exception as error:  # what it says may hold records; it must not end the thread
            log.error("%s: %s", name, type(error).__name__)
