"""What a need and a patent say in the same words, with weights that travel with the model.

Retrieval weighs terms by the home's own texts; a ranker's figures must mean the same in every
home, so its inverse document frequencies are the model's (docs/decisions/0011-ranker.md)."""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from math import log

import numpy as np

from matcher.protocols import BoolArray, IntArray
from matcher.rank.counted import Counted, Floats, Keys, Told, keys
from matcher.text.grams import grams
from matcher.text.words import Segmenter

K1 = 1.5
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


@dataclass(frozen=True, slots=True, eq=False)
class Weights:
    """A weight for each of (n,) keys in order; `rest` for any other term."""

    keys: Keys
    values: Floats
    rest: float

    @classmethod
    def of(cls, weights: Mapping[str, float], rest: float = 0.0) -> "Weights":
        """By term."""
        named = keys(list(weights))
        order = np.argsort(named, kind="stable")
        return cls(named[order], np.array(list(weights.values()), dtype=np.float64)[order], rest)

    def read(self, asked: Keys) -> tuple[Floats, BoolArray]:
        """(k,) keys to their weights, and which of them are among ours."""
        if not len(self.keys):
            return np.full(len(asked), self.rest), np.zeros(len(asked), dtype=np.bool_)
        places = np.minimum(np.searchsorted(self.keys, asked), len(self.keys) - 1)
        held = self.keys[places] == asked
        return np.where(held, self.values[places], self.rest), held


@dataclass(frozen=True, slots=True, eq=False)
class Wanted:
    """A text's terms with weights, `(1 + ln count) * idf^2`, and the most a patent can earn."""

    weights: Weights
    most: float


@dataclass(frozen=True, slots=True, eq=False)
class Asked:
    """A need's terms: of all of it (its title twice) and of its title alone."""

    words: Wanted
    grams: Wanted
    title_grams: Wanted


class Terms:
    """Shares of terms, each a square root in 0-1: the root keeps long needs, of which any patent
    answers a small share, on one scale with short ones (docs/decisions/0005-fusion.md)."""

    NAMES = ("words", "grams", "title_grams", "covered_words", "covered_grams")

    def __init__(self, frequencies: Frequencies, segmenter: Segmenter) -> None:
        self.known = frequencies
        self._segmenter = segmenter
        self._words = {term: self._squared(count) for term, count in frequencies.words.items()}
        self._grams = {term: self._squared(count) for term, count in frequencies.grams.items()}
        self._unseen = self._squared(0)

    @cached_property
    def _known(self) -> tuple[Weights, Weights]:
        """idf^2 of words and of grams."""
        words, pairs = (Weights.of(known, self._unseen) for known in (self._words, self._grams))
        return words, pairs

    def asked(self, title: str, rest: str) -> Asked:
        """A need read; `rest` is all it says beside its title."""
        every = f"{title}\n{title}\n{rest}"
        return Asked(
            self._wanted(self._segmenter.terms(every), self._words),
            self._wanted(grams(every), self._grams),
            self._wanted(grams(title), self._grams),
        )

    def told(self, texts: Sequence[tuple[str, str]]) -> Told:
        """(m,) patents read: each title, with all else that is said, or blank."""
        return Told.of(texts, self._segmenter)

    def totals(self, told: Told) -> Floats:
        """(m, 2) the weight of all words and of all grams of each title."""
        columns = []
        for counted, known in zip(told.title, self._known, strict=True):
            weights = counted.counts * known.read(counted.keys)[0]
            owners = np.repeat(np.arange(len(counted)), np.diff(counted.starts))
            columns.append(counted.sums(weights, owners))
        return np.column_stack(columns)

    def shares(self, asked: Asked, told: Told, totals: Floats) -> Floats:
        """(m, 5) shares of `NAMES`: of the need's words and grams what each patent says (the mean
        of title and whole text), of its title's grams; of its own title, whose weight is in
        `totals` (m, 2), what the need says."""
        found = []
        parts = zip((asked.words, asked.grams), told.title, told.whole, self._means, strict=True)
        met = []
        for wanted, title, whole, (mean_title, mean_whole) in parts:
            met.append(shared := _shared(wanted, title))
            share = shared.found(mean_title)
            if told.longer.any():
                more = _shared(wanted, whole).found(mean_whole)
                share = np.where(told.longer, (share + more) / 2, share)
            found.append(share)
        pairs = met[1]
        found.append(pairs.narrowed(asked.title_grams).found(self._means[1][0]))
        for shared, known, total in zip(met, self._known, totals.T, strict=True):
            found.append(shared.covered(known, total))
        return np.column_stack(found)

    @property
    def _means(self) -> tuple[tuple[float, float], tuple[float, float]]:
        """How many words and grams a title and a whole text have on average."""
        return self.known.mean_words, self.known.mean_grams

    def _squared(self, texts: int) -> float:
        """idf^2 of a term that stands in so many texts."""
        return log(1 + (self.known.texts - texts + 0.5) / (texts + 0.5)) ** 2

    def _wanted(self, terms: list[str], known: Mapping[str, float]) -> Wanted:
        unseen = self._unseen
        weights = {
            term: (1 + log(count)) * known.get(term, unseen)
            for term, count in Counter(terms).items()
        }
        return Wanted(Weights.of(weights), sum(weights.values()) / (1 + K1 * (1 - B)))


@dataclass(frozen=True, slots=True, eq=False)
class Shared:
    """What is wanted and said: (h,) places among the keys of m texts, the texts they stand in, and
    what each is worth."""

    wanted: Wanted
    told: Counted
    places: IntArray
    owners: IntArray
    worth: Floats

    def found(self, mean: float) -> Floats:
        """(m,) roots of the share of what is wanted that a text of these counts says, by BM25; at
        most 1, also for a text that repeats a term more than its length lets expect."""
        told, most = self.told, self.wanted.most
        if not most:
            return np.zeros(len(told))
        counts = told.counts[self.places].astype(np.float64)
        half = K1 * (1 - B + B * told.lengths / mean)
        earned = told.sums(self.worth * counts / (counts + half[self.owners]), self.owners)
        return _root(earned / most)

    def covered(self, known: Weights, totals: Floats) -> Floats:
        """(m,) roots of the share of each text's weight, of these `totals` (m,), that is wanted."""
        told = self.told
        weights = told.counts[self.places] * known.read(told.keys[self.places])[0]
        shared = told.sums(weights, self.owners)
        with np.errstate(invalid="ignore", divide="ignore"):
            return _root(np.where(totals > 0, shared / totals, 0.0))

    def narrowed(self, wanted: Wanted) -> "Shared":
        """For less that is wanted, none of it new."""
        worth, held = wanted.weights.read(self.told.keys[self.places])
        return Shared(wanted, self.told, self.places[held], self.owners[held], worth[held])


def _shared(wanted: Wanted, told: Counted) -> Shared:
    worth, held = wanted.weights.read(told.keys)
    places = np.flatnonzero(held)
    return Shared(wanted, told, places, told.owners(places), worth[places])


def _root(shares: Floats) -> Floats:
    found: Floats = np.sqrt(np.clip(shares, 0.0, 1.0))
    return found
