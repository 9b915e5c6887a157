"""From a base chance, part by part, to a grade: what both pictures of a score share."""

from collections.abc import Sequence
from dataclasses import dataclass
from math import exp, isfinite
from unicodedata import category, east_asian_width

from matcher.matches import Bar
from matcher.records import GRADES
from matcher.text import chances
from matcher.text.labels import MARKS

WORDS = ("无", "弱", "较强", "强")
UNNAMED = "(未命名)"
MINUS = "\u2212"
_MOST = 12


@dataclass(frozen=True, slots=True)
class Ladder:
    """`base + sum of the bars = score`, in log-odds of grade ≥ 3; `steps` are where grade ≥ 2,
    ≥ 3 and ≥ 4 begin on that scale, `starts` where each bar begins."""

    bars: tuple[Bar, ...]
    starts: tuple[float, ...]
    base: float
    score: float
    steps: tuple[float, float, float]

    @property
    def grade(self) -> int:
        """0 无, 1 弱, 2 较强, 3 强."""
        return sum(self.score >= step for step in self.steps)

    @property
    def verdict(self) -> str:
        """`●●●○ 较强`."""
        return f"{MARKS[GRADES[self.grade]]} {WORDS[self.grade]}"


def ladder(bars: Sequence[Bar], base: float, steps: tuple[float, float, float]) -> Ladder:
    """The bars in their order; of more than twelve, the smallest become one, 其余各项.

    :raises ValueError: a value is not finite, or the steps do not rise."""
    numbers = [base, *steps, *(bar.value for bar in bars)]
    if not all(map(isfinite, numbers)):
        raise ValueError("base, steps and bars must be finite")
    if not steps[0] < steps[1] < steps[2]:
        raise ValueError(f"steps must rise: {steps}")
    kept = _fewer(bars)
    starts, at = [], base
    for bar in kept:
        starts.append(at)
        at += bar.value
    return Ladder(tuple(kept), tuple(starts), base, at, steps)


def chance(log_odds: float) -> float:
    """The probability, 0-1; no overflow for any finite number."""
    if log_odds >= 0:
        return 1.0 / (1.0 + exp(-log_odds))
    return exp(log_odds) / (1.0 + exp(log_odds))


def per_cent(log_odds: float) -> str:
    """Of grade ≥ 3: `76%`."""
    return chances.per_cent(chance(log_odds))


def signed(value: float) -> str:
    """`+0.8`, `−0.4`, with a true minus; `0.0` for what rounds to nothing."""
    shown = f"{abs(value):.1f}"
    if shown == "0.0":
        return shown
    return f"{'+' if value > 0 else MINUS}{shown}"


def seen(text: str) -> str:
    """The text on one line, without what cannot be seen or turns its direction."""
    kept = (char if category(char)[0] != "C" else " " for char in text)
    return " ".join("".join(kept).split())


def cells(text: str) -> int:
    """How wide the text is in columns of a terminal; a Chinese character takes two."""
    return sum(
        0 if category(char) in ("Mn", "Me") else 2 if east_asian_width(char) in "WF" else 1
        for char in text
    )


def cut(text: str, room: int) -> str:
    """The text in at most `room` columns, with 「…」 where it was cut."""
    if cells(text) <= room:
        return text
    while text and cells(text) > room - 1:
        text = text[:-1]
    return text + "…" if room > 0 else ""


def _fewer(bars: Sequence[Bar]) -> list[Bar]:
    if len(bars) <= _MOST:
        return list(bars)
    ranked = sorted(range(len(bars)), key=lambda at: (-abs(bars[at].value), at))
    large = sorted(ranked[: _MOST - 1])
    rest = sum(bars[at].value for at in sorted(ranked[_MOST - 1 :]))
    return [*(bars[at] for at in large), Bar(f"其余 {len(bars) - _MOST + 1} 项", rest)]
