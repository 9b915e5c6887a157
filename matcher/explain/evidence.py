"""The sentence of a found text that answers each aspect of a query, and what is not answered."""

from collections import OrderedDict
from collections.abc import Mapping
from dataclasses import dataclass
from operator import add
from threading import Lock

from matcher.explain.reading import Reading, Sentence, Spans, read
from matcher.explain.requirements import absent, demanded, quantities, telling
from matcher.explain.weights import Weights
from matcher.records import Evidence, TextField

_CACHED = 1024
_MISSING = 5
_TERMS = 8
_PAIR = 0.4
_WORD = 0.8
_RARE = 1.3
_LONG = 160


@dataclass(frozen=True, slots=True)
class Asked:
    """One aspect of a query: weights (idf) of its words and of the character pairs inside its
    longer words; `total` is the weight of what the corpus could answer."""

    name: TextField
    terms: Mapping[str, float]
    pairs: Mapping[str, float]
    total: float


@dataclass(frozen=True, slots=True)
class Prepared:
    """A query read once, to be held against many found texts."""

    aspects: tuple[Asked, ...]
    words: tuple[str, ...]
    numbers: tuple[str, ...]


class Evidencer:
    """Finds evidence by shared terms, the rarer the more telling.

    Words meet words, compounds that are not the same meet in their known parts.  Below that, a
    word of two characters meets the same inside a compound (`_WORD` of its weight), and
    compounds meet in pairs of characters (`_PAIR`); single characters only where rare
    (`_RARE`).  A sentence counts only when what it shares is telling; otherwise there is no
    evidence for that aspect."""

    def __init__(self, weights: Weights) -> None:
        self._weights = weights
        self._least = telling(weights)
        self._readings: OrderedDict[str, Reading] = OrderedDict()
        self._lock = Lock()

    def prepare(self, query: Mapping[TextField, str]) -> Prepared:
        """A query's fields, blank ones left out, in their order."""
        told: dict[TextField, str] = {name: text for name, text in query.items() if text.strip()}
        numbers = quantities("\n".join(told.values()))
        aspects = tuple(self._asked(name, text) for name, text in told.items())
        return Prepared(aspects, demanded(told, self._weights), tuple(numbers))

    def explain(
        self, query: Prepared, found: Mapping[TextField, str], *, key: str = ""
    ) -> tuple[tuple[Evidence, ...], tuple[str, ...]]:
        """Evidence for each aspect that has some, in the query's order, and at most five telling
        words or numbers of the query that the found text does not mention.

        With a `key` the reading of `found` is kept, for as long as its texts stay the same."""
        reading = self._read(found, key)
        proofs = (self._best(asked, reading) for asked in query.aspects)
        missing = absent(query.words, query.numbers, reading.plain, most=_MISSING)
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

    def _asked(self, name: TextField, text: str) -> Asked:
        weights = self._weights
        terms: dict[str, float] = {}
        pairs: dict[str, float] = {}
        for term in sorted(set(weights.segmenter.terms(text))):
            weight = weights.word_weight(term)
            if len(term) == 1 and (term.isascii() or weight < _RARE * self._least):
                continue
            if term.isdecimal() and len(term) < 3:
                continue
            terms[term] = weight
            if len(term) == 2:
                pairs[term] = _WORD * weight
            elif not term.isascii():
                for pair in map(add, term, term[1:]):
                    pairs.setdefault(pair, _PAIR * weights.gram_weight(pair))
        total = sum(weight for term, weight in terms.items() if weights.holds(term))
        return Asked(name, terms, pairs, total)

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
        best: tuple[float, Sentence, list[str], list[str]] | None = None
        for sentence in reading.sentences:
            words = [term for term in sentence.terms if term in asked.terms]
            pairs = [
                pair
                for pair in sentence.grams
                if pair in asked.pairs and not any(pair in word for word in words)
            ]
            if not words and not pairs:
                continue
            weight = _sum(asked.terms, words) + _sum(asked.pairs, pairs)
            rated = weight / (1.0 + len(sentence.text) / _LONG)
            if best is None or rated > best[0]:
                best = rated, sentence, words, pairs
        if best is None:
            return None
        _, sentence, words, pairs = best
        return self._evidence(asked, sentence, words, pairs)

    def _evidence(
        self, asked: Asked, sentence: Sentence, words: list[str], pairs: list[str]
    ) -> Evidence | None:
        weight = _sum(asked.terms, words) + _sum(asked.pairs, pairs)
        rarest = max((asked.terms[word] for word in words), default=0.0)
        share = min(1.0, weight / asked.total) if asked.total else 0.0
        if not self._tells(weight, rarest, share, several=len(words) + len(pairs) > 1):
            return None
        spans = [span for word in words for span in sentence.terms[word]]
        spans += [span for pair in pairs for span in sentence.grams[pair]]
        words.sort(key=lambda word: (-asked.terms[word], word))
        whole = [
            sentence.text[slice(*sentence.terms[word][0])]
            for word in words
            if not any(word in other for other in words if other != word)
        ]
        return Evidence(
            aspect=asked.name,
            field=sentence.field,
            start=sentence.start,
            end=sentence.end,
            sentence=sentence.text,
            marks=_merged(spans),
            terms=tuple(whole[:_TERMS]),
            share=round(share, 4),
        )

    def _tells(self, weight: float, rarest: float, share: float, *, several: bool) -> bool:
        """One rare word tells, or a fair share of the aspect, or several words together."""
        if rarest < self._least:
            return rarest >= 0.8 * self._least and weight >= 2.5 * self._least
        return several or share >= 0.15 or rarest >= 1.5 * self._least


def _sum(weights: Mapping[str, float], terms: list[str]) -> float:
    return sum(weights[term] for term in terms)


def _merged(spans: list[tuple[int, int]]) -> Spans:
    """Spans by start, those that touch or overlap put together."""
    merged: list[tuple[int, int]] = []
    for start, end in sorted(spans):
        if merged and start <= merged[-1][1]:
            merged[-1] = merged[-1][0], max(end, merged[-1][1])
        else:
            merged.append((start, end))
    return tuple(merged)
