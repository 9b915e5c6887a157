"""Words that stand for each other in technical Chinese (`锂电池`, `锂离子电池`)."""

from collections.abc import Mapping
from functools import lru_cache
from types import MappingProxyType

from matcher.text.clean import clean
from matcher.text.words import listed


@lru_cache(maxsize=1)
def _sets() -> Mapping[str, tuple[str, ...]]:
    found = {}
    for line in listed("synonyms.txt"):
        words = tuple(clean(word) for word in line.split())
        found.update({word: words for word in words})
    return MappingProxyType(found)


def synonyms(word: str) -> tuple[str, ...]:
    """All words of the same meaning, `word` itself among them, the usual one first; in clean
    spelling."""
    word = clean(word)
    return _sets().get(word, (word,))
