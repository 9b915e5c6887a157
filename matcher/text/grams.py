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


def gram_spans(text: str) -> list[tuple[str, int, int]]:
    """Pairs of neighbouring Han characters and scanned tokens as `(gram, start, end)`, offsets
    into `text`; a single character only where it stands alone."""
    text = clean(text)
    found: list[tuple[str, int, int]] = []
    for match in HAN.finditer(text.translate(_BREAK)):
        start, end = match.span()
        if end - start == 1:
            found.append((match[0], start, end))
        found.extend([(text[at : at + 2], at, at + 2) for at in range(start, end - 1)])
    found.extend((fold(bare(hit[0])), hit.start(), hit.end()) for hit in TOKEN.finditer(text))
    return found
