"""How the command line looks: its colour, its width, its small tables."""

from collections.abc import Iterable

from rich.cells import cell_len, set_cell_size
from rich.console import Console, ConsoleOptions, RenderResult
from rich.text import Text

from matcher.cli.fold import fold, whole

TEAL = "#0d9488"
AMBER = "#b45309"
WIDEST = 110
PIPE = 100
GAP = "  "


def console() -> Console:
    """Standard output; wide enough for Chinese prose when it is no terminal, never so wide that
    lines are hard to read."""
    found = Console(highlight=False, markup=False, emoji=False)
    width = min(found.width, WIDEST) if found.is_terminal else PIPE
    return Console(highlight=False, markup=False, emoji=False, width=width)


class Rows:
    """A renderable: label and value, a row each, the values in one column and folded; rows
    without a value are left out, and a label that repeats is written once if `merge`."""

    def __init__(
        self,
        pairs: Iterable[tuple[str, Text | str]],
        *,
        indent: int = 0,
        style: str = "dim",
        merge: bool = True,
    ) -> None:
        self.pairs = [(label, value) for label, value in pairs if value]
        self.indent = " " * indent
        self.style = style
        self.merge = merge

    def __rich_console__(self, console: Console, options: ConsoleOptions) -> RenderResult:
        room = max((cell_len(label) for label, _ in self.pairs), default=0)
        left = len(self.indent) + room + len(GAP)
        before = None
        for label, value in self.pairs:
            shown = "" if self.merge and label == before else label
            text = Text(value) if isinstance(value, str) else value
            for line in fold(text, max(options.max_width - left, 20)):
                head = Text(self.indent + set_cell_size(shown, room) + GAP, style=self.style)
                yield whole(Text.assemble(head, line))
                shown = ""
            before = label
