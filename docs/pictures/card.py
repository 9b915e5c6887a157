"""card.svg: two result cards whose demanded figures are checked against the patent."""

from ink import sample
from ink.console import screen, show

from matcher.cli.cards import patent_lines, show_answer

NEED = "XQ2026-038"


def main() -> None:
    """Draw the picture."""
    page = screen()
    page.print(f"$ patmatch match --need {NEED} -k 2 --explain", style="bold")
    with sample() as matcher:
        answer = matcher.match_need(NEED, k=2)
        found = matcher.store.patents([match.patent_id for match in answer.matches])
        names = {patent.id: patent_lines(patent) for patent in found}
        show_answer(answer, page, lambda m: names[m.patent_id], noun="专利", explain=True)
    show(page, "card", "指标逐条核对的结果卡片")


if __name__ == "__main__":
    main()
