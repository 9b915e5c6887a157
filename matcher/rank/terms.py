"""What a need and a patent say in the same words, with weights that travel with the model.

Retrieval weighs terms by the home's own texts; a ranker's figures must mean the same in every
home, so its inverse document frequencies are the model's (docs/decisions/0011-ranker.md)."""

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache
from math import log, sqrt

from matcher.text.grams import grams
from matcher.text.words import Segmenter

K1 = 1.5
KEPT = 2048
B = 0.75


@dataclass(frozen=True, slots=True)
class Frequencies:
    """In how many of `texts` texts each word and each character gram stands, and how many terms
    a title and a whole text have on average."""

    texts: int
    words: Mapping[str, int]
    grams: Mapping[str, int]
    mean_words: tuple[float, float]
    mean_grams: tuple[float, float]


@dataclass(frozen=True, slots=True)
class Wanted:
    """A text's terms with weights, `(1 + ln count) * idf^2`, and the most a patent can earn."""

    weights: Mapping[str, float]
    most: float


@dataclass(frozen=True, slots=True)
class Asked:
    """A need's terms: of all of it (its title twice) and of its title alone."""

    words: Wanted
    grams: Wanted
    title_words: Wanted
    title_grams: Wanted


@dataclass(frozen=True, slots=True)
class Told:
    """A patent's terms, counted, in its title and, where it has more, in all of it."""

    title: tuple[Counter[str], Counter[str]]
    whole: tuple[Counter[str], Counter[str]] | None


class Terms:
    """Shares of terms, each a square root in 0-1: the root keeps long needs, of which any patent
    answers a small share, on one scale with short ones (docs/decisions/0005-fusion.md).

    The last 2,048 patents' terms are kept: one list of patents is asked for by many needs."""

    NAMES = ("words", "grams", "title_grams", "covered_words", "covered_grams")

    def __init__(self, frequencies: Frequencies, segmenter: Segmenter) -> None:
        self.known = frequencies
        self._segmenter = segmenter
        self._words = {term: self._squared(count) for term, count in frequencies.words.items()}
        self._grams = {term: self._squared(count) for term, count in frequencies.grams.items()}
        self._unseen = self._squared(0)
        self._told = lru_cache(KEPT)(self._read)

    def asked(self, title: str, rest: str) -> Asked:
        """A need read; `rest` is all it says beside its title."""
        every = f"{title}\n{title}\n{rest}"
        return Asked(
            self._wanted(self._segmenter.terms(every), self._words),
            self._wanted(grams(every), self._grams),
            self._wanted(self._segmenter.terms(title), self._words),
            self._wanted(grams(title), self._grams),
        )

    def told(self, title: str, rest: str) -> Told:
        """A patent read; `rest` is all it says beside its title, or blank."""
        return self._told(title, rest)

    def shares(self, asked: Asked, told: Told) -> tuple[float, ...]:
        """The shares of `NAMES`: of the need's words and grams what the patent says (the mean of
        title and whole text), of its title's grams; of the patent's title what the need says."""
        words, pairs = told.title
        mean_words, mean_grams = self.known.mean_words, self.known.mean_grams
        by_words = _found(asked.words, words, mean_words[0])
        by_grams = _found(asked.grams, pairs, mean_grams[0])
        if told.whole is not None:
            by_words = (by_words + _found(asked.words, told.whole[0], mean_words[1])) / 2
            by_grams = (by_grams + _found(asked.grams, told.whole[1], mean_grams[1])) / 2
        return (
            by_words,
            by_grams,
            _found(asked.title_grams, pairs, mean_grams[0]),
            self._covered(words, asked.words, self._words),
            self._covered(pairs, asked.grams, self._grams),
        )

    def _read(self, title: str, rest: str) -> Told:
        first = self._counts(title)
        return Told(first, self._counts(f"{title}\n{rest}") if rest.strip() else None)

    def _counts(self, text: str) -> tuple[Counter[str], Counter[str]]:
        return Counter(self._segmenter.terms(text)), Counter(grams(text))

    def _squared(self, texts: int) -> float:
        """idf^2 of a term that stands in so many texts."""
        return log(1 + (self.known.texts - texts + 0.5) / (texts + 0.5)) ** 2

    def _wanted(self, terms: list[str], known: Mapping[str, float]) -> Wanted:
        unseen = self._unseen
        weights = {
            term: (1 + log(count)) * known.get(term, unseen)
            for term, count in Counter(terms).items()
        }
        return Wanted(weights, sum(weights.values()) / (1 + K1 * (1 - B)))

    def _covered(self, told: Counter[str], wanted: Wanted, known: Mapping[str, float]) -> float:
        total = shared = 0.0
        unseen = self._unseen
        for term, count in told.items():
            weight = count * known.get(term, unseen)
            total += weight
            if term in wanted.weights:
                shared += weight
        return sqrt(shared / total) if total else 0.0


def _found(wanted: Wanted, told: Counter[str], mean: float) -> float:
    """Root of the share of what is wanted that a text of these counts says, by BM25; at most 1,
    also for a text that repeats a term more than its length lets expect."""
    if not wanted.most:
        return 0.0
    half = K1 * (1 - B + B * told.total() / mean)
    weights = wanted.weights
    earned = sum(
        weights[term] * count / (count + half) for term, count in told.items() if term in weights
    )
    return sqrt(min(earned / wanted.most, 1.0))
