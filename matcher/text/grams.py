"""Character 1- and 2-grams of Han runs; Latin words, codes and quantities whole.

They need no dictionary, so two compounds that share a character or two still meet.  Characters
that only hold a sentence together (`的`, `是`) break a run: they are rare in titles and would
weigh much there, yet say nothing."""

from operator import add

from matcher.text.clean import clean, fold
from matcher.text.scan import HAN, TOKEN, bare

_FUNCTION = "的了是在我们你您他它该其之且而也就都这那吗呢及与被所为以使但更最很又"
_BREAK = str.maketrans(_FUNCTION, " " * len(_FUNCTION))


def grams(text: str) -> list[str]:
    """Single characters and pairs of neighbours of each Han run, and scanned tokens, half-width
    and lower-case, quantities without comparison sign; grouped by kind, not in text order."""
    text = clean(text)
    found: list[str] = []
    for run in HAN.findall(text.translate(_BREAK)):
        found.extend(run)
        found.extend(map(add, run, run[1:]))
    found.extend([fold(bare(token)) for token in TOKEN.findall(text)])
    return found
