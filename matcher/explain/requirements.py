"""What a query demands by name: codes and telling words, and which of them a text lacks."""

import re
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence, Set
from dataclasses import dataclass
from math import log

from matcher.explain.weights import Weights
from matcher.records import TextField
from matcher.text.clean import clean
from matcher.text.scan import ELEMENTS, is_han
from matcher.text.sentences import sentences
from matcher.text.synonyms import synonyms
from matcher.text.words import Segmenter

_SELF = re.compile(r"公司|我司|我厂|集团|企业|厂房|员工|职工|销售收入|注册资|专利\d|荣获|认定为")
_BARE_UNITS = frozenset(
    {"mm", "cm", "dm", "km", "um", "nm", "mg", "kg", "ml", "kw", "mw", "kv", "kwh", "mpa", "kpa"}
    | {"pa", "hz", "khz", "mhz", "ghz", "db"}
)
_MEASURED = re.compile(r"\d[\d.~-]*(?!d$|g$)[a-zμω%℃°]{1,3}[23]?")
_NEAR = 6
_ENDINGS = "性率度化式型类"


@dataclass(frozen=True, slots=True)
class Wanted:
    """A demanded word as the query writes it, the clean words that say the same, and its known
    parts."""

    shown: str
    forms: tuple[str, ...]
    parts: tuple[str, ...]


def demanded(query: Mapping[TextField, str], weights: Weights) -> tuple[Wanted, ...]:
    """The telling words of a query as written there first, most telling first:
    `(1 + ln count) * idf`, half as much again when the title says them; ties by the word.

    A word that no text of the corpus holds counts only when it is a code (`7075-T6`): the rest
    are mostly names and slips of the segmenter.  What a company says of itself is passed over."""
    counts: Counter[str] = Counter()
    shown: dict[str, str] = {}
    for name, text in query.items():
        told = text if name == "title" else technical(text)
        for word, start, end in weights.segmenter.spans(told):
            counts[word] += 1
            shown.setdefault(word, told[start:end])
    title = set(weights.segmenter.words(query.get("title", "")))
    least = telling(weights)
    rated = []
    for word, count in counts.items():
        weight = weights.word_weight(word)
        if _names(word, weights) and weight >= least:
            rated.append((-weight * (1.0 + log(count)) * (1.5 if word in title else 1.0), word))
    return tuple(wanted(shown[word], weights.segmenter) for _, word in sorted(rated))


def wanted(word: str, segmenter: Segmenter) -> Wanted:
    """A word with what says the same: synonyms, and known parts that cover it (`锂`, `电池`),
    an ending that only makes it a property (`耐热性`) left out."""
    plain = clean(word)
    if not is_han(plain) or len(plain) < 3:
        return Wanted(word, synonyms(plain), ())
    known = {term for term in segmenter.terms(plain) if 1 < len(term) < len(plain)}
    covers = (_cover(plain, known), _cover(plain[::-1], {term[::-1] for term in known}))
    backward = tuple(part[::-1] for part in reversed(covers[1]))
    return Wanted(word, synonyms(plain), covers[0] or backward)


def _cover(word: str, known: Set[str]) -> tuple[str, ...]:
    """The word as known parts from its beginning, longest first, and what is left between them
    when it is no single character, an element aside; an ending is left out.  Else nothing."""
    parts, at = list[str](), 0
    while at < len(word):
        end = at
        while end < len(word) and not any(word.startswith(part, end) for part in known):
            end += 1
        if end == at:
            parts.append(max((part for part in known if word.startswith(part, at)), key=len))
            end += len(parts[-1])
        elif end - at > 1 or word[at] in ELEMENTS:
            parts.append(word[at:end])
        elif end < len(word) or word[at] not in _ENDINGS:
            return ()
        at = end
    if parts == [word] and len(word) == 4:
        parts = [word[:2], word[2:]]
    return tuple(parts) if parts != [word] else ()


def technical(text: str) -> str:
    """`text` without the sentences in which a company speaks of itself."""
    spans = sentences(text, longest=len(text) + 1)
    return "\n".join(text[start:end] for start, end in spans if not _SELF.search(text, start, end))


def telling(weights: Weights) -> float:
    """The least idf of a word that says something: about one text in a hundred of 50,000 holds
    such a word, one in ten of 200."""
    return 0.4 * weights.rarest


def absent(words: Iterable[Wanted], plain: str, lines: Sequence[str], *, most: int) -> list[str]:
    """Of the demanded words, at most `most` that a text does not mention; a part of one already
    named is left out.  `plain` is the text, `lines` its sentences, clean and without blanks.

    A word is mentioned when it, or a synonym, stands in the text, or when all its known parts
    stand close together in one sentence (`锂离子电池` mentions `锂电池`)."""
    found: list[str] = []
    for word in words:
        if len(found) >= most:
            break
        if any(_stands(form, plain) for form in word.forms) or _together(word, lines):
            continue
        if not any(word.shown in other or other in word.shown for other in found):
            found.append(word.shown)
    return found


def _stands(form: str, plain: str) -> bool:
    """Whether the text holds the word; a Latin one not inside another (`pe` in `peek`)."""
    if not form.isascii():
        return form in plain
    return form in plain and bool(re.search(rf"(?<![a-z]){re.escape(form)}(?![a-z])", plain))


def _together(word: Wanted, lines: Sequence[str]) -> bool:
    if not word.parts:
        return False
    room = sum(map(len, word.parts)) + _NEAR
    for line in lines:
        if all(part in line for part in word.parts) and _close(word.parts, line, room):
            return True
    return False


def _close(parts: Sequence[str], line: str, room: int) -> bool:
    """Whether some `room` characters of the line hold all parts, the longest of them first."""
    anchor = max(parts, key=len)
    at = line.find(anchor)
    while at >= 0:
        for start in range(max(0, at + len(anchor) - room), at + 1):
            if all(part in line[start : start + room] for part in parts):
                return True
        at = line.find(anchor, at + 1)
    return False


def _names(word: str, weights: Weights) -> bool:
    if word in _BARE_UNITS or _MEASURED.fullmatch(word):
        return False
    if word.isascii():
        coded = any(char.isdigit() for char in word) and any(char.isalpha() for char in word)
        return coded or (len(word) > 1 and word.isalpha() and weights.holds(word))
    counted = len(word) == 2 and word[0] in "一两几"
    return len(word) > 1 and not counted and not word[0].isdigit() and weights.holds(word)
