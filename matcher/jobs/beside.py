"""A worker beside the service: a process of its own, started again when it dies."""

import os
import subprocess
import sys
import threading
from pathlib import Path
from types import TracebackType
from typing import Self

from matcher.jobs.worker import BESIDE

PAUSE = 1.0  # seconds
COMMAND = "from matcher.cli.main import main; main()"


class Beside:
    """As long as the service runs, there is a worker."""

    def __init__(self, home: Path) -> None:
        self._home = home
        self._over = threading.Event()
        self._process = self._started()
        self._thread = threading.Thread(target=self._keep, name="beside", daemon=True)

    def __enter__(self) -> Self:
        self._thread.start()
        return self

    def __exit__(
        self,
        _kind: type[BaseException] | None,
        _error: BaseException | None,
        _trace: TracebackType | None,
    ) -> None:
        """The job under way is broken off, and done again after the next start."""
        self._over.set()
        self._thread.join()
        self._process.terminate()
        self._process.wait()
        if self._process.stdin is not None:
            self._process.stdin.close()

    def _keep(self) -> None:
        while not self._over.wait(PAUSE):
            if self._process.poll() is not None:
                self._process = self._started()

    def _started(self) -> "subprocess.Popen[bytes]":
        return subprocess.Popen(
            [sys.executable, "-c", COMMAND, "--home", str(self._home), "worker"],
            stdin=subprocess.PIPE, env={**os.environ, BESIDE: "1"},
        )  # fmt: skip
