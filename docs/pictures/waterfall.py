"""waterfall.svg: how the parts of one match add up to its score, and what the parts mean."""

from ink import GREY, PAPER, RULE, TEAL, rect, sample, save, text
from rich.text import Text

from matcher.cli.cards import tenths
from matcher.cli.fold import fold
from matcher.config import MatchSettings
from matcher.text.labels import PARTS

QUESTION = "如何提高锂电池隔膜的耐热性"
MEANS = {
    "meaning": "两段文字说的是不是一回事",
    "words": "共同出现的专业术语",
    "characters": "连续字词的重合",
}
SHADES = ("#0f766e", "#3b9488", "#79b8af")
WIDTH, LEFT, RIGHT, TOP, ROW = 820.0, 210.0, 780.0, 104.0, 46.0


def main() -> None:
    """Draw the picture."""
    with sample() as matcher:
        match = matcher.match(QUESTION, k=1).matches[0]
        (patent,) = matcher.store.patents([match.patent_id])
    most = MatchSettings()
    shown = tenths(match.parts, match.score)
    title = fold(Text(patent.title), 80)[0].plain
    marks = [
        rect(0.5, 0.5, WIDTH - 1, TOP + 4 * ROW + 55, rx=8, fill=PAPER, stroke=RULE),
        text(24, 34, f"需求:{QUESTION}", size=15, weight="bold"),
        text(24, 60, f"专利:{title}", fill=GREY),
        *_scale(TOP - 14, TOP + 4 * ROW),
    ]
    at = 0.0
    for number, (part, points) in enumerate(zip(match.parts, shown, strict=True)):
        y = TOP + number * ROW
        full = getattr(most, part.name)
        marks += [
            text(24, y + 15, PARTS[part.name], weight="bold"),
            text(24, y + 32, f"{MEANS[part.name]}", fill=GREY, size=11),
            rect(_x(at), y, _x(full) - _x(0), 26, fill="#eef2f3"),
            rect(_x(at), y, _x(points) - _x(0), 26, fill=SHADES[number]),
            text(_x(at + full) + 8, y + 18, f"+{points:.1f}(满 {full:g})"),
        ]
        at = round(at + points, 1)
        marks.append(_drop(_x(at), y + 26, y + ROW))
    y = TOP + 3 * ROW
    marks += [
        text(24, y + 18, "契合度", weight="bold", size=15),
        rect(_x(0), y, _x(match.score) - _x(0), 26, fill=TEAL),
        text(_x(match.score) + 8, y + 19, f"{match.score:.1f}", size=15, weight="bold", fill=TEAL),
        text(
            24, y + 72, "各得分项首尾相接,加起来就是契合度;浅色是该项的满分。", fill=GREY, size=12
        ),
    ]
    save("waterfall", (WIDTH, TOP + 4 * ROW + 56), "一项匹配的得分项", marks)


def _x(points: float) -> float:
    return LEFT + points * (RIGHT - LEFT) / 100


def _drop(x: float, top: float, bottom: float) -> str:
    return f'<path d="M{x:.1f} {top:.1f}V{bottom:.1f}" stroke="{GREY}" stroke-dasharray="2 3"/>'


def _scale(top: float, bottom: float) -> list[str]:
    marks = []
    for points in range(0, 101, 20):
        x = _x(points)
        marks.append(f'<path d="M{x:.1f} {top:.1f}V{bottom:.1f}" stroke="#e4e9ec"/>')
        marks.append(text(x, top - 4, str(points), fill=GREY, size=10, anchor="middle"))
    return marks


if __name__ == "__main__":
    main()
