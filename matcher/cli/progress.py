"""Progress bars with counts and time left, on standard error, only where a person watches."""

import sys
from collections.abc import Iterator
from contextlib import contextmanager

from rich.console import Console
from rich.progress import (
    BarColumn,
    MofNCompleteColumn,
    Progress,
    TaskID,
    TextColumn,
    TimeRemainingColumn,
)

from matcher.cli.style import TEAL
from matcher.library import Progress as Told
from matcher.library import silent


@contextmanager
def bars(as_json: bool) -> Iterator[Told]:
    """A `library.Progress` that draws one bar for each stage of work."""
    if as_json or not sys.stderr.isatty():
        yield silent
        return
    columns = (
        TextColumn("{task.description}", markup=False),
        BarColumn(complete_style=TEAL, finished_style=TEAL),
        MofNCompleteColumn(),
        TextColumn("剩余"),
        TimeRemainingColumn(),
    )
    with Progress(*columns, console=Console(stderr=True), transient=True) as progress:
        tasks: dict[str, TaskID] = {}

        def told(stage: str, done: int, total: int) -> None:
            if stage not in tasks:
                tasks[stage] = progress.add_task(stage, total=total)
            progress.update(tasks[stage], completed=done, total=total)

        yield told
