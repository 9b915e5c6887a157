"""Chinese prose folded to the width of a terminal.

rich breaks lines at spaces alone, so that a Chinese sentence without any is pushed to the next
line whole.  Here a line may end after any Chinese character; words and numbers of Latin letters
stay whole, closing marks never begin a line and opening ones never end it."""

import re
from collections.abc import Iterator

from rich.cells import cell_len
from rich.console import Console, ConsoleOptions, RenderResult
from rich.measure import Measurement
from rich.text import Text

_UNIT = re.compile(r"[0-9A-Za-z_.,/%+\-:=<>≥≤±~～℃°²³μ@&()]+|\s+|.", re.DOTALL)
_NEVER_FIRST = frozenset(",;:?!)]}\uff0c\uff1b\uff1a\uff1f\uff01\uff09。、》」』】〕”’…%‰℃")
_NEVER_LAST = frozenset("([{\uff08《「『【〔“‘")


class Folded:
    """A renderable: the text in lines no wider than the space it is given."""

    def __init__(self, text: Text | str) -> None:
        self.text = Text(text) if isinstance(text, str) else text

    def __rich_console__(self, console: Console, options: ConsoleOptions) -> RenderResult:
        for line in fold(self.text, options.max_width):
            yield whole(line)

    def __rich_measure__(self, console: Console, options: ConsoleOptions) -> Measurement:
        widest = max((cell_len(line) for line in self.text.plain.split("\n")), default=0)
        return Measurement(min(widest, 8), widest).with_maximum(options.max_width)


def whole(line: Text) -> Text:
    """The line, never wrapped or cut again."""
    line.no_wrap = True
    line.overflow = "ignore"
    line.end = "\n"
    return line


def fold(text: Text, width: int) -> list[Text]:
    """The lines of `text`, each at most `width` cells wide (at least one character a line)."""
    lines: list[Text] = []
    for paragraph in text.split("\n", allow_blank=True):
        for line in paragraph.divide(breaks(paragraph.plain, width)):
            line.rstrip()
            lines.append(line)
    return lines


def breaks(text: str, width: int) -> list[int]:
    """Where to cut a paragraph: character offsets at which a new line begins, ascending."""
    cuts: list[int] = []
    used = 0
    for start, unit in _units(text):
        room = cell_len(unit)
        if used and used + cell_len(unit.rstrip()) > width:
            cuts.append(start)
            used = 0
        if room > width:
            inner, used = _chop(unit, width)
            cuts += [start + offset for offset in inner]
        else:
            used += room
    return cuts


def _units(text: str) -> Iterator[tuple[int, str]]:
    """The pieces that stay together, each with its offset; they add up to the text."""
    start, held = 0, ""
    for found in _UNIT.finditer(text):
        piece = found.group()
        joined = held and (piece.isspace() or piece[0] in _NEVER_FIRST or held[-1] in _NEVER_LAST)
        if held and not joined:
            yield start, held
            start, held = found.start(), ""
        held += piece
    if held:
        yield start, held


def _chop(unit: str, width: int) -> tuple[list[int], int]:
    """Cuts inside a piece that is wider than a line, and what its last line uses."""
    cuts: list[int] = []
    used = 0
    for offset, letter in enumerate(unit):
        room = cell_len(letter)
        if used and used + room > width:
            cuts.append(offset)
            used = 0
        used += room
    return cuts, used
