"""why.svg: the waterfall of one match of the sample, from the start to the grade."""

from pathlib import Path

from ink import sample

from matcher.explain.drawing import Drawing

NEED = "XQ2026-038"


def main() -> None:
    """Draw the picture."""
    with sample() as matcher:
        (need,) = matcher.store.needs([NEED])
        best = matcher.match_need(NEED, k=1).matches[0]
        (patent,) = matcher.store.patents([best.patent_id])
    drawn = Drawing(best.explain(), need.title, patent.title).svg()
    Path(__file__).with_name("why.svg").write_text(drawn, "utf-8", newline="\n")


if __name__ == "__main__":
    main()
