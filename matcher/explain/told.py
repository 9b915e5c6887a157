"""The waterfall in words, for a terminal: aligned bars of plain characters."""

from collections.abc import Sequence

from matcher.explain.ladder import (
    UNNAMED,
    WORDS,
    Ladder,
    cells,
    chance,
    cut,
    ladder,
    per_cent,
    seen,
    signed,
)
from matcher.matches import Bar
from matcher.text import chances

_LABEL = 28
_LEAST = 16
_HELP, _HURT, _STEP = "█", "▒", "┊"


def told(
    bars: Sequence[Bar], *, base: float, steps: tuple[float, float, float], width: int = 72
) -> list[str]:
    """Lines of at most `width` columns (36 at least): the start, each bar, the sum, the scale.
    Where fewer than 16 columns are left for bars there are only figures.

    :raises ValueError: a value is not finite, or the steps do not rise."""
    drawn = ladder(bars, base, steps)
    rows = [
        ("起点", per_cent(base)),
        *((seen(bar.label) or UNNAMED, signed(bar.value)) for bar in drawn.bars),
    ]
    end = ("合计", per_cent(drawn.score))
    left = min(_LABEL, max(cells(label) for label, _ in (*rows, end)))
    verdict = f"{drawn.verdict} · {chances.told(chance(drawn.score))}"
    room = width - left - 9
    if room < _LEAST:
        return [*(_row(*row, left, "") for row in (*rows, end)), verdict]
    scale = _Scale(drawn, room)
    spans = [(base, base), *((at, at + bar.value) for at, bar in _steps(drawn))]
    lines = [_row(*row, left, scale.bar(*span)) for row, span in zip(rows, spans, strict=True)]
    lines.append(_row(*end, left, scale.bar(drawn.score, drawn.score)))
    lines.append(_row("", "", left, scale.words()))
    lines.append(verdict)
    return lines


def _steps(drawn: Ladder) -> list[tuple[float, Bar]]:
    return list(zip(drawn.starts, drawn.bars, strict=True))


def _row(label: str, value: str, left: int, drawn: str) -> str:
    label = cut(label, left)
    return f"{label}{' ' * (left - cells(label))} {value:>6}  {drawn}".rstrip()


class _Scale:
    """Log-odds to columns."""

    def __init__(self, drawn: Ladder, room: int) -> None:
        ends = [*drawn.starts, drawn.base, drawn.score, *drawn.steps]
        self._low, high = min(ends), max(ends)
        self._room = room
        self._factor = (room - 1) / (high - self._low)
        self._marks = [self._column(step) for step in drawn.steps]

    def _column(self, value: float) -> int:
        return round((value - self._low) * self._factor)

    def bar(self, start: float, end: float) -> str:
        """`┊   ████▶ ┊`: from where the sum was to where it is; a point where nothing moved."""
        canvas = [_STEP if at in self._marks else " " for at in range(self._room)]
        first, last = sorted((self._column(start), self._column(end)))
        for at in range(first, last + 1):
            canvas[at] = _HELP if end >= start else _HURT
        if start == end:
            canvas[first] = "●"
        elif first < last:
            canvas[last if end > start else first] = "▶" if end > start else "◀"
        return "".join(canvas)

    def words(self) -> str:
        """The grades between their steps, as far as there is room."""
        line, at = "", 0
        for word, end in zip(WORDS, [*self._marks, self._room], strict=True):
            room = end - at
            shown = word if cells(word) <= room else ""
            body = " " * ((room - cells(shown)) // 2) + shown
            line += body + " " * (room - cells(body))
            if end < self._room and end >= at:
                line += _STEP
                at = end + 1
        return line
