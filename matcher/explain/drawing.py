"""An explanation to look at: lines for a terminal, an SVG for a page, a PNG for a document."""

from dataclasses import dataclass

from matcher.explain.picture import png
from matcher.explain.told import told
from matcher.explain.waterfall import waterfall
from matcher.matches import Explanation

WIDEST = 72


@dataclass(frozen=True, slots=True)
class Drawing:
    """What is drawn, and the titles that stand above it; a blank one is left out."""

    explanation: Explanation
    need: str = ""
    patent: str = ""

    def lines(self, width: int = WIDEST) -> list[str]:
        """Of at most `width` columns, 36 to 72."""
        drawn = self.explanation
        width = min(width, WIDEST)
        return told(drawn.bars, base=drawn.start, steps=drawn.steps, width=width)

    def svg(self) -> str:
        """720 wide; the same bytes for the same match."""
        drawn = self.explanation
        return waterfall(
            drawn.bars, base=drawn.start, steps=drawn.steps, need=self.need, patent=self.patent
        )

    def png(self, *, zoom: float = 2.0) -> bytes:
        """`zoom` times as large as the SVG.

        :raises MissingExtra: the library for it or a Chinese font is not installed."""
        return png(self.svg(), zoom=zoom)
