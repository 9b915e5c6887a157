"""A worker beside the service: a process of its own, started again when it dies."""

import os
import subprocess
import sys
from pathlib import Path
from types import TracebackType

from matcher.jobs.worker import BESIDE
from matcher.web.ticking import Ticking

PAUSE = 1.0  # seconds
COMMAND = "from matcher.cli.main import main; main()"


class Beside(Ticking):
    """As long as the service runs, there is a worker."""

    def __init__(self, home: Path) -> None:
        self._home = home
        self._process = self._started()
        super().__init__("beside", PAUSE, self._keep)

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        """The job under way is broken off, and done again after the next start."""
        super().__exit__(kind, error, trace)
        self._process.terminate()
        self._process.wait()
        if self._process.stdin is not None:
            self._process.stdin.close()

    def _keep(self) -> None:
        if self._process.poll() is not None:
            self._process = self._started()

    def _started(self) -> "subprocess.Popen[bytes]":
        return subprocess.Popen(
            [sys.executable, "-c", COMMAND, "--home", str(self._home), "worker"],
            stdin=subprocess.PIPE, env={**os.environ, BESIDE: "1"},
        )  # fmt: skip
