"""The sentence of a found text that answers each aspect of a query, and what is not answered."""

from collections import OrderedDict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from operator import add
from threading import Lock

from matcher.explain.reading import Reading, Sentence, Spans, read
from matcher.explain.requirements import Wanted, absent, demanded, telling
from matcher.explain.weights import Weights
from matcher.matches import Evidence
from matcher.records import TextField
from matcher.text.scan import ELEMENTS, is_han

_CACHED = 1024
_MISSING = 5
_TERMS = 8
_PART = 0.6
_PAIR = 0.4
_WORD = 0.8
_LONG = 160
_SHORT = 40


@dataclass(frozen=True, slots=True)
class Asked:
    """One aspect of a query: weights (idf) of its words and of the character pairs inside its
    longer words; `total` is the weight of its words; `topic` are words of the query's title,
    which the found text may say in every sentence."""

    name: TextField
    terms: Mapping[str, float]
    pairs: Mapping[str, float]
    total: float
    topic: frozenset[str]


@dataclass(frozen=True, slots=True)
class Prepared:
    """A query read once, to be held against many found texts."""

    aspects: tuple[Asked, ...]
    words: tuple[Wanted, ...]


@dataclass(frozen=True, slots=True)
class Shared:
    """What an aspect and a sentence share: words (whole ones only), pairs of characters, where
    all of it stands, its weight, and the weight by which sentences are compared: the topic's
    words at half, and less for a long sentence."""

    sentence: Sentence
    words: Sequence[str]
    pairs: Sequence[str]
    spans: Sequence[tuple[int, int]]
    weight: float
    rated: float


class Evidencer:
    """Finds evidence by shared terms, the rarer the more telling.

    Words meet words; compounds that are not the same meet in their known parts, at 0.6 of the
    weight (`_PART`).  Below that, a word of two characters meets the same inside a compound
    (`_WORD`), and compounds meet in pairs of characters (`_PAIR`); of single characters only
    chemical elements count.  A sentence counts only when what it shares is telling; otherwise
    there is no evidence for that aspect."""

    def __init__(self, weights: Weights) -> None:
        self._weights = weights
        self._least = telling(weights)
        self._readings: OrderedDict[str, Reading] = OrderedDict()
        self._lock = Lock()

    def prepare(self, query: Mapping[TextField, str]) -> Prepared:
        """A query's fields, blank ones left out, in their order."""
        told: dict[TextField, str] = {name: text for name, text in query.items() if text.strip()}
        topic = frozenset(self._weights.segmenter.words(told.get("title", "")))
        aspects = tuple(
            self._asked(name, text, frozenset() if name == "title" else topic)
            for name, text in told.items()
        )
        return Prepared(aspects, demanded(told, self._weights))

    def explain(
        self, query: Prepared, found: Mapping[TextField, str], *, key: str = ""
    ) -> tuple[tuple[Evidence, ...], tuple[str, ...]]:
        """Evidence for each aspect that has some, in the query's order, and at most five telling
        words of the query that the found text does not mention (figures: `checks`).

        With a `key` the reading of `found` is kept, for as long as its texts stay the same."""
        reading = self._read(found, key)
        proofs = (self._best(asked, reading) for asked in query.aspects)
        missing = absent(query.words, reading.plain, reading.lines, most=_MISSING)
        return tuple(proof for proof in proofs if proof is not None), tuple(missing)

    def evidence(
        self, query: Mapping[TextField, str], found: Mapping[TextField, str]
    ) -> tuple[Evidence, ...]:
        """`explain` for one pair: the evidence."""
        return self.explain(self.prepare(query), found)[0]

    def missing(
        self, query: Mapping[TextField, str], found: Mapping[TextField, str]
    ) -> tuple[str, ...]:
        """`explain` for one pair: what is not mentioned."""
        return self.explain(self.prepare(query), found)[1]

    def _asked(self, name: TextField, text: str, topic: frozenset[str]) -> Asked:
        weights = self._weights
        words = set(weights.segmenter.words(text))
        terms: dict[str, float] = {}
        pairs: dict[str, float] = {}
        for term in sorted(words.union(weights.segmenter.terms(text))):
            weight = weights.word_weight(term)
            if len(term) == 1 and term not in ELEMENTS:
                continue
            if term.isdecimal() and len(term) < 3:
                continue
            terms[term] = weight if term in words else _PART * weight
            if len(term) == 2 and is_han(term):
                pairs[term] = _WORD * terms[term]
            elif is_han(term):
                for pair in map(add, term, term[1:]):
                    pairs.setdefault(pair, _PAIR * weights.gram_weight(pair))
        total = sum(terms[word] for word in sorted(words & terms.keys()))
        return Asked(name, terms, pairs, total, topic)

    def _read(self, found: Mapping[TextField, str], key: str) -> Reading:
        fields = tuple(found.items())
        with self._lock:
            known = self._readings.get(key)
            if known is not None and known.fields == fields:
                self._readings.move_to_end(key)
                return known
        reading = read(found, self._weights.segmenter)
        if key:
            with self._lock:
                self._readings[key] = reading
                if len(self._readings) > _CACHED:
                    self._readings.popitem(last=False)
        return reading

    def _best(self, asked: Asked, reading: Reading) -> Evidence | None:
        best: Shared | None = None
        for sentence in reading.sentences:
            shared = _shared(asked, sentence)
            if shared is not None and (best is None or shared.rated > best.rated):
                best = shared
        if best is None:
            return None
        rarest = max((asked.terms[word] for word in best.words), default=0.0)
        share = best.weight / max(asked.total, best.weight)
        if not self._tells(best, rarest, share, asked.topic):
            return None
        sentence = best.sentence
        ranked = sorted(best.words, key=lambda word: (-asked.terms[word], word))
        return Evidence(
            aspect=asked.name,
            field=sentence.field,
            start=sentence.start,
            end=sentence.end,
            sentence=sentence.text,
            marks=_merged(best.spans),
            terms=tuple(sentence.text[slice(*sentence.terms[word][0])] for word in ranked[:_TERMS]),
            share=round(share, 4),
        )

    def _tells(self, shared: Shared, rarest: float, share: float, topic: frozenset[str]) -> bool:
        """Several words tell, or one that is a fair share of the aspect, its topic, or rare
        and long."""
        if rarest < self._least:
            return rarest >= 0.8 * self._least and shared.weight >= 2.5 * self._least
        if len(shared.words) + len(shared.pairs) > 1 or share >= 0.15:
            return True
        (word,) = shared.words
        return word in topic or (rarest >= 1.5 * self._least and len(word) > 2)


def _shared(asked: Asked, sentence: Sentence) -> Shared | None:
    """What an aspect and a sentence share, or None; parts of a shared word do not count again."""
    every = [term for term in sentence.terms if term in asked.terms]
    words = [word for word in every if not any(word in other != word for other in every)]
    pairs = [
        pair
        for pair in sentence.grams
        if pair in asked.pairs and not any(pair in word for word in words)
    ]
    if not words and not pairs:
        return None
    spans = [span for word in every for span in sentence.terms[word]]
    spans += [span for pair in pairs for span in sentence.grams[pair]]
    weight = sum(asked.terms[word] for word in words) + sum(asked.pairs[pair] for pair in pairs)
    topic = sum(asked.terms[word] for word in words if word in asked.topic)
    rated = (weight - 0.5 * topic) / (1.0 + max(len(sentence.text), _SHORT) / _LONG)
    return Shared(sentence, words, pairs, spans, weight, rated)


def _merged(spans: Sequence[tuple[int, int]]) -> Spans:
    """Spans by start, those that touch or overlap put together."""
    merged: list[tuple[int, int]] = []
    for start, end in sorted(spans):
        if merged and start <= merged[-1][1]:
            merged[-1] = merged[-1][0], max(end, merged[-1][1])
        else:
            merged.append((start, end))
    return tuple(merged)
