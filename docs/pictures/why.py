"""why.svg: the waterfall of one match, from the base chance to the grade.

The titles are the sample's; the values of the parts are an example, written here, so that the
picture shows every kind of bar whatever ranker is shipped."""

from pathlib import Path

from ink import sample

from matcher.explain.ladder import Bar
from matcher.explain.waterfall import waterfall

NEED = "XQ2026-038"
BASE, STEPS = -1.7, (-1.6, 0.1, 1.9)
BARS = (
    Bar("技术问题接近", 1.3),
    Bar("共同术语: 隔膜、热收缩率", 0.9),
    Bar("行业一致: C38", 0.4),
    Bar("未提及: 成本", -0.6),
    Bar("历史反馈相似", 0.8),
)


def main() -> None:
    """Draw the picture."""
    with sample() as matcher:
        (need,) = matcher.store.needs([NEED])
        best = matcher.match_need(NEED, k=1).matches[0]
        (patent,) = matcher.store.patents([best.patent_id])
    drawn = waterfall(BARS, base=BASE, steps=STEPS, need=need.title, patent=patent.title)
    Path(__file__).with_name("why.svg").write_text(drawn, "utf-8", newline="\n")


if __name__ == "__main__":
    main()
