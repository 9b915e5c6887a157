"""What a terminal shows, as an SVG."""

import re
from io import StringIO
from unicodedata import east_asian_width

from rich.cells import cell_len
from rich.console import Console
from rich.segment import Segment

from ink import GREY, INK, MONO, PAPER, RULE, TEAL, rect, save, text

CELL, LINE, MARGIN, TOP = 7.5, 22.0, 20.0, 40.0
WIDTH, PRINTED = 96, 92
# Signs that a terminal may draw one or two cells wide stand in the middle of two: a Chinese font
# would squeeze them into their neighbours.
_WIDE = "".join(chr(code) for code in range(0xB8, 0x2700) if east_asian_width(chr(code)) == "A")
HURT = "#c98a5e"
_PLOTTED = "█▒┊▶◀●"
_RUNS = re.compile(f"[{re.escape(_WIDE)}]|[^{re.escape(_WIDE)}]+")


def screen() -> Console:
    """A terminal that remembers what was printed."""
    return Console(
        width=PRINTED, file=StringIO(), record=True, force_terminal=True,
        color_system="truecolor", highlight=False, markup=False,
    )  # fmt: skip


def show(printed: Console, name: str, title: str) -> None:
    """Write `name`.svg with all that was printed."""
    lines = list(Segment.split_lines(printed._record_buffer))
    width, height = WIDTH * CELL + 2 * MARGIN, TOP + len(lines) * LINE + MARGIN
    marks = [rect(0.5, 0.5, width - 1, height - 1, rx=8, fill=PAPER, stroke=RULE)]
    marks += [f'<circle cx="{18 + 18 * n}" cy="18" r="5" fill="{RULE}"/>' for n in range(3)]
    marks.append(f'<g font-family="{MONO}" font-size="14">')
    for number, line in enumerate(lines):
        marks += _line(line, TOP + (number + 0.7) * LINE)
    save(name, (width, height), title, [*marks, "</g>"])


def _line(segments: list[Segment], y: float) -> list[str]:
    marks, column = list[str](), 0
    for segment in segments:
        style = segment.style
        colour = style.color.get_truecolor().hex if style and style.color else None
        fill = colour or (GREY if style and style.dim else INK)
        weight = "bold" if style and style.bold else None
        plot = "┊" in segment.text
        for run in _RUNS.findall(segment.text.rstrip("\n")):
            if plot and run in _PLOTTED:
                marks += _plotted(run, MARGIN + column * CELL, y)
                column += 1
                continue
            wide = len(run) == 1 and east_asian_width(run) == "A"
            cells = 2 if wide else cell_len(run)
            x = MARGIN + column * CELL
            if wide:
                middle = x + CELL
                marks.append(text(middle, y, run, fill=fill, weight=weight, anchor="middle"))
            elif inked := run.strip():
                x += CELL * (cells - cell_len(run.lstrip()))
                length = cell_len(inked) * CELL
                marks.append(text(x, y, inked, fill=fill, weight=weight, length=length))
            column += cells
    return marks


def _plotted(sign: str, x: float, y: float) -> list[str]:
    """A sign of the waterfall in its one cell, drawn: fonts differ too much in them."""
    top, middle, end = y - 12, y - 4.5, x + CELL
    match sign:
        case "█":
            return [rect(x, top, CELL + 0.3, 15, fill=TEAL)]
        case "▒":
            return [rect(x, top, CELL + 0.3, 15, fill=HURT)]
        case "▶":
            return [
                f'<path d="M{x:g} {top:g}L{end:g} {middle:g}L{x:g} {top + 15:g}z" fill="{TEAL}"/>'
            ]
        case "◀":
            return [
                f'<path d="M{end:g} {top:g}L{x:g} {middle:g}L{end:g} {top + 15:g}z" fill="{HURT}"/>'
            ]
        case "●":
            return [f'<circle cx="{x + CELL / 2:g}" cy="{middle:g}" r="4.5" fill="{INK}"/>']
        case _:
            line = f"M{x + CELL / 2:g} {y - 16:g}v{LINE:g}"
            return [f'<path d="{line}" stroke="{GREY}" stroke-dasharray="2 3"/>']
