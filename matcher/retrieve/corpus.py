"""One searchable corpus (all patents, or all needs): vectors, lexicon and columns over the same
rows, and the exact fusion of meaning and terms.

A record's score is a sum of three parts:

    meaning     w · (cos - low) / (high - low)     cos of the pooled unit vectors
    words       w · √(share of the query's BM25 weight found, over words)
    characters  w · √(share of the query's BM25 weight found, over character 1-2-grams)

The root keeps long queries, of which any text answers a small share, on one scale with short
ones, and orders the graded pairs better (docs/decisions/0005-fusion.md).

The best k of all allowed records are found without scoring meaning for all of them, and yet
exactly: the vector index gives the C nearest, the lexicon scores every record; a record outside
the C nearest cannot have a cosine above the C-th, so its score has an upper bound.  Records whose
bound reaches the k-th best score are scored too (the threshold algorithm of Fagin, Lotem and
Naor, 2003).  So the answer equals filtering first and ranking all that is left."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from matcher.config import MatchSettings
from matcher.matches import Candidate, Part
from matcher.protocols import BoolArray, FloatArray, IntArray, VectorIndex
from matcher.retrieve.facets import Columns
from matcher.retrieve.lexical import Lexicon

DIGITS = 4
SLACK = 0.01  # int8 errs by less than half of this in a cosine (tests/contract/test_index.py)


@dataclass(frozen=True, slots=True, eq=False)
class Vectors:
    """Unit rows, mapped from the disk: `near` (n, searched) by which records are found,
    and `whole` (n, dim), all that the encoder says of them, by which they are graded."""

    near: FloatArray
    whole: FloatArray

    def full(self, rows: Sequence[int]) -> FloatArray:
        """(r, dim) of `whole`."""
        found: FloatArray = np.asarray(self.whole[list(rows)])
        return found


@dataclass(frozen=True, slots=True)
class Corpus:
    """`vectors.ids`, the lexicon's documents, the columns' rows and those of `readings` are in
    the same order."""

    vectors: VectorIndex
    lexicon: Lexicon
    columns: Columns
    readings: "Vectors"
    rows: dict[str, int]

    @classmethod
    def of(
        cls, vectors: VectorIndex, lexicon: Lexicon, columns: Columns, readings: "Vectors"
    ) -> "Corpus":
        """With the ids of `vectors` as rows."""
        rows = {name: row for row, name in enumerate(vectors.ids)}
        return cls(vectors, lexicon, columns, readings, rows)

    def cosines(self, query: FloatArray, rows: IntArray) -> FloatArray:
        """(d,) query and (r,) rows to (r,) cosines, exact whatever the kind of index: an int8
        index names candidates, and with a narrow filter these are all rows that pass."""
        if self.vectors.exact:
            return self.vectors.scores(query, rows)
        products: FloatArray = np.einsum("ij,j->i", self.readings.near[rows], query)
        return products

    def __len__(self) -> int:
        return len(self.rows)


@dataclass(frozen=True, slots=True)
class Question:
    """A query made ready: its unit vector (d,) and its shares of words and characters (n,)."""

    vector: FloatArray
    words: FloatArray
    characters: FloatArray


def candidates(
    corpus: Corpus,
    question: Question,
    k: int,
    settings: MatchSettings,
    allowed: BoolArray | None,
) -> list[Candidate]:
    """The k best of the allowed rows, best first, ties by id; exact as the index is."""
    near = corpus.vectors.search(
        question.vector[None, :], max(settings.candidates, k), allowed=allowed
    )[0]
    rows = np.array([corpus.rows[hit.id] for hit in near], dtype=np.int64)
    return fuse(corpus, question, k, settings, near=(rows, allowed))


def fuse(
    corpus: Corpus,
    question: Question,
    k: int,
    settings: MatchSettings,
    *,
    near: tuple[IntArray, BoolArray | None],
) -> list[Candidate]:
    """As `candidates`, with the nearest rows (best first) already asked for."""
    rows, allowed = near
    if k <= 0 or len(rows) == 0:
        return []
    terms = settings.words * np.sqrt(question.words)
    terms += settings.characters * np.sqrt(question.characters)
    cosines = corpus.cosines(question.vector, rows)
    floor = float(cosines.min())
    total = len(corpus) if allowed is None else int(np.count_nonzero(allowed))
    if len(rows) < total:
        scores = meaning(cosines, settings) + terms[rows]
        edge = float(np.partition(scores, len(scores) - min(k, len(scores)))[-min(k, len(scores))])
        slack = 0.0 if corpus.vectors.exact else SLACK
        bound = terms + (_points(floor + slack, settings) + 1e-3)
        reach = bound >= edge
        if allowed is not None:
            reach &= allowed
        reach[rows] = False
        more = np.flatnonzero(reach)
        rows = np.concatenate([rows, more])
        cosines = np.concatenate([cosines, corpus.cosines(question.vector, more)])
    return _best(corpus, question, k, settings, scored=(rows, cosines))


def meaning(cosines: FloatArray, settings: MatchSettings) -> FloatArray:
    """Cosines to points."""
    span = settings.meaning_high - settings.meaning_low
    points: FloatArray = (cosines - settings.meaning_low) * np.float32(settings.meaning / span)
    return points


def _points(cosine: float, settings: MatchSettings) -> float:
    span = settings.meaning_high - settings.meaning_low
    return (cosine - settings.meaning_low) * settings.meaning / span


def _best(
    corpus: Corpus,
    question: Question,
    k: int,
    settings: MatchSettings,
    *,
    scored: tuple[IntArray, FloatArray],
) -> list[Candidate]:
    rows, cosines = scored
    places: list[int] = rows.tolist()
    parts = (
        np.round(meaning(cosines, settings).astype(np.float64), DIGITS),
        np.round(settings.words * np.sqrt(question.words[rows].astype(np.float64)), DIGITS),
        np.round(
            settings.characters * np.sqrt(question.characters[rows].astype(np.float64)), DIGITS
        ),
    )
    scores = np.round(parts[0] + parts[1] + parts[2], DIGITS)
    count = min(k, len(rows))
    edge = np.partition(scores, len(scores) - count)[len(scores) - count]
    ids: Sequence[str] = corpus.vectors.ids
    kept = sorted(
        np.flatnonzero(scores >= edge).tolist(), key=lambda i: (-scores[i], ids[places[i]])
    )
    found = []
    for i in kept[:k]:
        row = places[i]
        found.append(
            Candidate(
                ids[row],
                float(scores[i]),
                (
                    Part("meaning", float(parts[0][i]), round(float(cosines[i]), 6)),
                    Part("words", float(parts[1][i]), round(float(question.words[row]), 6)),
                    Part(
                        "characters", float(parts[2][i]), round(float(question.characters[row]), 6)
                    ),
                ),
            )
        )
    return found
