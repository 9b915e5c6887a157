"""Where sentences begin and end, in offsets of the text as it is."""

import re

# A full stop ends a sentence only before a space or the end and not after a single letter or
# digit (`1.5`, `Fig. 3`, `1. 一种`); `;` and `!` always do.
_END = re.compile(r"[。；;！!？?\n\r]+[”’」』）)]*|(?<=[A-Za-z]{4})\.(?=\s|$)")
_COMMA = re.compile(r"[，,](?!\d{3})")


def sentences(text: str, *, longest: int = 80) -> list[tuple[int, int]]:
    """`(start, end)` of each sentence, in order, without outer blanks; none is empty.

    A sentence of more than `longest` characters is cut at commas into clauses that are put
    together again while they fit.  Numbers (`1.5`, `1,000`) and `(1)` are never cut."""
    spans: list[tuple[int, int]] = []
    start = 0
    for match in _END.finditer(text):
        _add(spans, text, start, match.end(), longest=longest)
        start = match.end()
    _add(spans, text, start, len(text), longest=longest)
    return spans


def _add(spans: list[tuple[int, int]], text: str, start: int, end: int, *, longest: int) -> None:
    begun = start
    if end - start > longest:
        last = start
        for match in _COMMA.finditer(text, start, end):
            if match.end() - begun > longest and last > begun:
                _trim(spans, text, begun, last)
                begun = last
            last = match.end()
        if end - begun > longest and begun < last < end:
            _trim(spans, text, begun, last)
            begun = last
    _trim(spans, text, begun, end)


def _trim(spans: list[tuple[int, int]], text: str, start: int, end: int) -> None:
    while start < end and text[start].isspace():
        start += 1
    while start < end and text[end - 1].isspace():
        end -= 1
    if any(char.isalnum() for char in text[start:end]):
        spans.append((start, end))
