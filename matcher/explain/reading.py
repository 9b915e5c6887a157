"""A found text read once: its sentences, and where in each its terms stand."""

from bisect import bisect_right
from collections.abc import Mapping
from dataclasses import dataclass

from matcher.records import TextField
from matcher.text.clean import clean
from matcher.text.scan import is_han
from matcher.text.sentences import sentences
from matcher.text.words import Segmenter

Spans = tuple[tuple[int, int], ...]


@dataclass(frozen=True, slots=True)
class Sentence:
    """`text` is `field[start:end]`; `terms` and `grams` map what stands in it to its places,
    offsets within the sentence.  Grams are pairs of neighbouring characters of one word."""

    field: TextField
    start: int
    end: int
    text: str
    terms: Mapping[str, Spans]
    grams: Mapping[str, Spans]


@dataclass(frozen=True, slots=True)
class Reading:
    """`fields` are the texts it was made from, `plain` all of them and `lines` their sentences,
    both clean and without blanks."""

    fields: tuple[tuple[TextField, str], ...]
    sentences: tuple[Sentence, ...]
    plain: str
    lines: tuple[str, ...]


def read(fields: Mapping[TextField, str], segmenter: Segmenter) -> Reading:
    """All sentences of all fields, in order."""
    found: list[Sentence] = []
    for name, text in fields.items():
        found += _sentences(name, text, segmenter)
    plain = clean("\n".join(fields.values())).replace(" ", "")
    lines = tuple(clean(one.text).replace(" ", "") for one in found)
    return Reading(tuple(fields.items()), tuple(found), plain, lines)


def _sentences(name: TextField, text: str, segmenter: Segmenter) -> list[Sentence]:
    bounds = sentences(text)
    starts = [start for start, _ in bounds]
    terms: list[dict[str, Spans]] = [{} for _ in bounds]
    grams: list[dict[str, Spans]] = [{} for _ in bounds]
    for term, start, end in segmenter.term_spans(text):
        at = bisect_right(starts, start) - 1
        if at < 0:
            continue
        base = starts[at]
        held = terms[at]
        held[term] = (*held.get(term, ()), (start - base, end - base))
        if end - start > 1 and is_han(term):
            _pairs(grams[at], term, start - base)
    return [
        Sentence(name, start, end, text[start:end], terms[at], grams[at])
        for at, (start, end) in enumerate(bounds)
    ]


def _pairs(held: dict[str, Spans], term: str, start: int) -> None:
    """Adds the pairs of neighbours of `term`, which begins at `start`."""
    for at in range(len(term) - 1):
        pair = term[at : at + 2]
        held[pair] = (*held.get(pair, ()), (start + at, start + at + 2))
