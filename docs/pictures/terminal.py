"""terminal.svg: a question and the short list that answers it, as a terminal shows them."""

from io import StringIO

from ink import GREY, INK, MONO, PAPER, RULE, rect, sample, save, text
from rich.cells import cell_len
from rich.console import Console
from rich.segment import Segment

from matcher.cli.cards import patent_lines, show_answer

QUESTION = "如何提高锂电池隔膜的耐热性"
COMMAND = f'patmatch match "{QUESTION}" -k 3 --explain'
CELL, LINE, MARGIN, TOP = 7.5, 22.0, 20.0, 40.0
WIDTH = 96


def main() -> None:
    """Draw the picture."""
    screen = Console(
        width=WIDTH, file=StringIO(), record=True, force_terminal=True,
        color_system="truecolor", highlight=False, markup=False,
    )  # fmt: skip
    screen.print(f"$ {COMMAND}", style="bold")
    with sample() as matcher:
        answer = matcher.match(QUESTION, k=3)
        found = matcher.store.patents([match.patent_id for match in answer.matches])
        names = {patent.id: patent_lines(patent) for patent in found}
        show_answer(answer, screen, lambda m: names[m.patent_id], noun="专利", explain=True)
    lines = list(Segment.split_lines(screen._record_buffer))
    width, height = WIDTH * CELL + 2 * MARGIN, TOP + len(lines) * LINE + MARGIN
    marks = [rect(0.5, 0.5, width - 1, height - 1, rx=8, fill=PAPER, stroke=RULE)]
    marks += [f'<circle cx="{18 + 18 * n}" cy="18" r="5" fill="{RULE}"/>' for n in range(3)]
    marks.append(f'<g font-family="{MONO}" font-size="14">')
    for number, line in enumerate(lines):
        marks += _line(line, TOP + (number + 0.7) * LINE)
    save("terminal", (width, height), "patmatch match 的结果", [*marks, "</g>"])


def _line(segments: list[Segment], y: float) -> list[str]:
    marks, column = [], 0
    for segment in segments:
        words = segment.text.rstrip("\n")
        style = segment.style
        inked = words.strip()
        if inked:
            start = column + cell_len(words) - cell_len(words.lstrip())
            colour = style.color.get_truecolor().hex if style and style.color else None
            fill = colour or (GREY if style and style.dim else INK)
            weight = "bold" if style and style.bold else None
            length = cell_len(inked) * CELL
            x = MARGIN + start * CELL
            marks.append(text(x, y, inked, fill=fill, weight=weight, length=length))
        column += cell_len(words)
    return marks


if __name__ == "__main__":
    main()
