"""The picture of why: an SVG waterfall from the base chance, part by part, to the grade."""

from collections.abc import Iterator, Sequence
from itertools import pairwise
from xml.sax.saxutils import escape

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
from matcher.explain.told import told
from matcher.matches import Bar
from matcher.text import chances

FONTS = "'PingFang SC','Microsoft YaHei','Noto Sans CJK SC',sans-serif"
_TEAL, _HURT, _LIGHT, _INK, _GREY = "#0f766e", "#9a4f1c", "#f6e3d5", "#1f2933", "#56606b"
_RULE, _PAPER, _GRID = "#c9d1d6", "#ffffff", "#dfe5e8"
_ZONES = ("#e9edef", "#d3e3e1", "#93c5be", "#0f766e")
_WIDTH, _MARGIN, _LEFT, _RIGHT = 720, 24, 272, 672
_SIZE, _SMALL = 20, 17
_LINE, _ROW, _BAR = 28, 46, 26
_TICKS = (-4.6, -2.944, -1.386, 0.0, 1.386, 2.944, 4.6)  # 1, 5, 20, 50, 80, 95, 99 %


def waterfall(
    bars: Sequence[Bar],
    *,
    base: float,
    steps: tuple[float, float, float],
    need: str = "",
    patent: str = "",
) -> str:
    """An SVG 720 wide, the same bytes for the same input; all texts are escaped.

    `base`, `steps` (where grade ≥ 2, ≥ 3 and ≥ 4 begin) and the bars are log-odds of grade ≥ 3.

    :raises ValueError: a value is not finite, or the steps do not rise."""
    drawn = ladder(bars, base, steps)
    plot = _Plot(drawn)
    marks, y = _titles(need, patent)
    marks += plot.legend(y)
    top = y + 62
    body, bottom = plot.rows(top)
    marks += [*plot.grid(top, bottom), *body, *plot.scale(bottom)]
    height = bottom + 112
    spoken = "\n".join(told(bars, base=base, steps=steps))
    head = (
        f'<svg xmlns="http://www.w3.org/2000/svg" width="{_WIDTH}" height="{height}" '
        f'viewBox="0 0 {_WIDTH} {height}" font-family="{FONTS}" font-size="{_SIZE}" '
        f'fill="{_INK}" role="img">'
    )
    paper = (
        f'<rect x="0.5" y="0.5" width="{_WIDTH - 1}" height="{height - 1}" rx="8" '
        f'fill="{_PAPER}" stroke="{_RULE}"/>'
    )
    named = f"<title>{escape(_heading(drawn))}</title>\n<desc>{escape(spoken)}</desc>"
    return "\n".join([head, named, paper, *marks, "</svg>", ""])


def _heading(drawn: Ladder) -> str:
    return f"为什么推荐:{WORDS[drawn.grade]}相关,{chances.told(chance(drawn.score))}"


def _titles(need: str, patent: str) -> tuple[list[str], int]:
    """The two titles, at most two lines each, and where the next thing may begin."""
    marks, y = [], _MARGIN
    for label, title in (("需求", need), ("专利", patent)):
        if not seen(title):
            continue
        for number, line in enumerate(_folded(title, 60)):
            y += _LINE
            if not number:
                marks.append(_text(_MARGIN, y, label, size=_SMALL, fill=_GREY))
            marks.append(_text(_MARGIN + 46, y, line, weight="bold" if label == "需求" else ""))
        y += 4
    return marks, y


class _Plot:
    """Log-odds to pixels, and what is drawn between the two margins."""

    def __init__(self, drawn: Ladder) -> None:
        self._drawn = drawn
        ends = [*drawn.starts, drawn.base, drawn.score]
        room = 0.35 * (drawn.steps[2] - drawn.steps[0])
        low = min(*ends, drawn.steps[0] - room)
        high = max(*ends, drawn.steps[2] + room)
        self._low, self._factor = low, (_RIGHT - _LEFT) / (high - low)

    def _x(self, value: float) -> float:
        return _LEFT + (value - self._low) * self._factor

    def legend(self, y: int) -> list[str]:
        marks = [
            _arrow((_MARGIN, _MARGIN + 30), y + 14, help=True),
            _text(_MARGIN + 38, y + 33, "有利", size=_SMALL),
            _arrow((_MARGIN + 124, _MARGIN + 94), y + 14, help=False),
            _text(_MARGIN + 132, y + 33, "不利", size=_SMALL),
        ]
        last = _LEFT - 60.0
        for tick in _TICKS:
            x = self._x(tick)
            if _LEFT <= x <= _RIGHT and x - last >= 58:
                label = per_cent(tick)
                marks.append(_text(x, y + 33, label, size=_SMALL, fill=_GREY, anchor="middle"))
                marks.append(_line(x, y + 40, y + 48, _GREY))
                last = x
        return marks

    def grid(self, top: int, bottom: int) -> list[str]:
        """Where the grades begin, behind all rows."""
        return [
            _line(self._x(step), top - 10, bottom + 6, _GREY, dashed=True)
            for step in self._drawn.steps
        ]

    def rows(self, top: int) -> tuple[list[str], int]:
        drawn = self._drawn
        marks = [
            *self._point(top, "起点", drawn.base, fill=_GREY),
            _line(self._x(drawn.base), top + 33, top + _ROW + 6, _GREY),
        ]
        y = top + _ROW
        for start, bar in zip(drawn.starts, drawn.bars, strict=True):
            lines = _folded(seen(bar.label) or UNNAMED, 22)
            high = _ROW if len(lines) < 2 else _ROW + _LINE - 6
            for number, line in enumerate(lines):
                marks.append(_text(_MARGIN, y + 26 + number * 24, line))
            marks += self._bar(y + (high - _ROW) // 2, start, bar.value)
            end = self._x(start + bar.value)
            marks.append(_line(end, y + (high + _BAR) // 2 - 3, y + high + 8, _GREY))
            y += high
        marks += self._point(y, "合计", drawn.score, fill=_INK, strong=True)
        return marks, y + _ROW

    def _bar(self, y: int, start: float, value: float) -> Iterator[str]:
        first, last = self._x(start), self._x(start + value)
        helps = value >= 0
        yield _arrow((first, last), y + 6, help=helps)
        colour, label = (_TEAL if helps else _HURT), signed(value)
        right = max(first, last) + 8
        if helps or min(first, last) < _LEFT + 52:
            inside = right + 48 <= _WIDTH - 8
            x, anchor = (right, "") if inside else (min(first, last) - 8, "end")
        else:
            x, anchor = min(first, last) - 8, "end"
        yield _text(x, y + 26, label, fill=colour, anchor=anchor, halo=True)

    def _point(
        self, y: int, label: str, value: float, *, fill: str, strong: bool = False
    ) -> Iterator[str]:
        x = self._x(value)
        weight = "bold" if strong else ""
        yield _text(_MARGIN, y + 26, label, weight=weight)
        yield f'<circle cx="{_number(x)}" cy="{y + 19}" r="7" fill="{fill}"/>'
        at, anchor = (x + 14, "") if x < _RIGHT - 40 else (x - 14, "end")
        yield _text(at, y + 26, per_cent(value), weight=weight, anchor=anchor, halo=True)

    def scale(self, bottom: int) -> Iterator[str]:
        """The grades as a band on the same axis, and the verdict under it."""
        drawn = self._drawn
        edges = [float(_LEFT), *(self._x(step) for step in drawn.steps), float(_RIGHT)]
        yield _text(_MARGIN, bottom + 30, "等级", size=_SIZE)
        for number, (left, right) in enumerate(pairwise(edges)):
            yield (
                f'<rect x="{_number(left)}" y="{bottom + 8}" width="{_number(right - left)}" '
                f'height="32" fill="{_ZONES[number]}"/>'
            )
            word = WORDS[number]
            if right - left >= 12 + 10 * cells(word):
                fill = _PAPER if number == 3 else _INK
                middle = (left + right) / 2
                yield _text(middle, bottom + 31, word, fill=fill, anchor="middle")
        x = self._x(drawn.score)
        yield (f'<path d="M{_number(x)} {bottom + 42}l9 14h-18z" fill="{_INK}"/>')
        yield _line(x, bottom - 20, bottom + 8, _INK)
        said = f"{drawn.verdict}相关 · {chances.told(chance(drawn.score))}"
        room = 10 * cells(said) / 2 + 24
        at = min(max(x, _LEFT + room - 60), _WIDTH - _MARGIN - room)
        yield _text(at, bottom + 82, said, weight="bold", fill=_TEAL, anchor="middle")


def _arrow(span: tuple[float, float], y: int, *, help: bool) -> str:
    """A bar with a point towards where it leads; an outlined pale one when it hurts."""
    start, end = span
    tip = min(12.0, abs(end - start)) * (1 if help else -1)
    middle = y + _BAR / 2
    path = (
        f"M{_number(start)} {y}H{_number(end - tip)}L{_number(end)} {_number(middle)}"
        f"L{_number(end - tip)} {y + _BAR}H{_number(start)}z"
    )
    paint = f'fill="{_TEAL}"' if help else f'fill="{_LIGHT}" stroke="{_HURT}" stroke-width="2"'
    return f'<path d="{path}" {paint}/>'


def _line(x: float, top: float, bottom: float, colour: str, *, dashed: bool = False) -> str:
    dash = ' stroke-dasharray="3 4"' if dashed else ""
    path = f"M{_number(x)} {_number(top)}V{_number(bottom)}"
    return f'<path d="{path}" stroke="{colour}" fill="none"{dash}/>'


def _text(x: float, y: float, words: str, **style: str | int) -> str:
    """One line of text; `size`, `weight`, `anchor`, `fill`, and `halo` for white around it."""
    names = {"size": "font-size", "weight": "font-weight", "anchor": "text-anchor", "fill": "fill"}
    given = {names[key]: value for key, value in style.items() if value and key in names}
    if style.get("halo"):
        given |= {"stroke": _PAPER, "stroke-width": 5, "stroke-linejoin": "round"}
        given["paint-order"] = "stroke"
    listed = "".join(f' {name}="{value}"' for name, value in given.items())
    return f'<text x="{_number(x)}" y="{_number(y)}"{listed}>{escape(words)}</text>'


def _folded(text: str, room: int) -> list[str]:
    """At most two lines of `room` columns each."""
    text = seen(text)
    if cells(text) <= room:
        return [text]
    first = cut(text, room + 1).rstrip("…")
    breaks = [at + 1 for at, mark in enumerate(first) if mark in "、,，:： "]
    if breaks and cells(first[: breaks[-1]]) * 2 >= room:
        first = first[: breaks[-1]]
    return [first.rstrip(), cut(text[len(first) :].lstrip(), room)]


def _number(value: float) -> str:
    return f"{value:.1f}".rstrip("0").rstrip(".")
