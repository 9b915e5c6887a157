"""terminal.svg: a question and the short list that answers it, as a terminal shows them."""

from ink import sample
from ink.console import screen, show

from matcher.cli.cards import patent_lines, show_answer

QUESTION = "如何提高锂电池隔膜的耐热性"
COMMAND = f'patmatch match "{QUESTION}" -k 3 --explain'


def main() -> None:
    """Draw the picture."""
    page = screen()
    page.print(f"$ {COMMAND}", style="bold")
    with sample() as matcher:
        answer = matcher.match(QUESTION, k=3)
        found = matcher.store.patents([match.patent_id for match in answer.matches])
        names = {patent.id: patent_lines(patent) for patent in found}
        show_answer(answer, page, lambda m: names[m.patent_id], noun="专利", explain=True)
    show(page, "terminal", "patmatch match 的结果")


if __name__ == "__main__":
    main()
