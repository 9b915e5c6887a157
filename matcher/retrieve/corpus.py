"""One searchable corpus (all patents, or all needs): vectors, lexicon and columns over the same
rows, and the exact fusion of meaning and terms.

A record's score is a sum of three parts:

    meaning     w · (cos - low) / (high - low)     cos of the pooled unit vectors
    words       w · √(share of the query's BM25 weight found, over words)
    characters  w · √(share of the query's BM25 weight found, over character 1-2-grams)

The root keeps long queries, of which any text answers a small share, on one scale with short
ones, and orders the graded pairs better (docs/decisions/0005-fusion.md).

The best k of all allowed records are found exactly: for each record the least and the most that
its cosine can be is known, from one matrix product with all rows or, where a filter leaves few,
from a search of the C nearest, beyond which no cosine is above the C-th.  Records whose highest
possible score reaches the k-th best of the lowest possible ones are scored to the last bit (the
threshold algorithm of Fagin, Lotem and Naor, 2003).  So the answer equals filtering first and
ranking all that is left."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from matcher.config import MatchSettings
from matcher.matches import Candidate
from matcher.protocols import BoolArray, FloatArray, IntArray, VectorIndex
from matcher.retrieve.facets import Columns
from matcher.retrieve.lexical import Lexicon

DIGITS = 4
ROUNDED = 1e-5  # by which a matrix product may differ from a sum of its own
NARROW = 8  # a filter that leaves less than an eighth of all rows
SLACK = 0.01  # int8 errs by less than half of this in a cosine (tests/contract/test_index.py)


Bounds = tuple[FloatArray, FloatArray]  # (n,) the least and the most of a query's cosines


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
    if k <= 0:
        return []
    (near,) = bounds(corpus, question.vector[None], max(settings.candidates, k), allowed)
    return fuse(corpus, question, k, settings, near=(near, allowed))


def bounds(
    corpus: Corpus, vectors: FloatArray, depth: int, allowed: BoolArray | None
) -> Iterator[Bounds]:
    """For each of (m, d) queries, how small and how large the cosine of every row can be."""
    total = len(corpus)
    passed = total if allowed is None else int(np.count_nonzero(allowed))
    slack = np.float32(ROUNDED if corpus.vectors.exact else SLACK)
    if passed * NARROW > total:
        for cosines in corpus.vectors.every(vectors):
            yield cosines - slack, cosines + slack
        return
    hits = corpus.vectors.search(vectors, depth, allowed=allowed)
    for query, near in zip(vectors, hits, strict=True):
        rows = np.array([corpus.rows[hit.id] for hit in near], dtype=np.int64)
        cosines = corpus.cosines(query, rows)
        least = np.full(total, -np.inf, dtype=np.float32)
        edge = cosines.min() + slack if 0 < len(rows) < passed else -np.inf
        most = np.full(total, edge, dtype=np.float32)
        least[rows] = most[rows] = cosines
        yield least, most


def fuse(
    corpus: Corpus,
    question: Question,
    k: int,
    settings: MatchSettings,
    *,
    near: tuple[Bounds, BoolArray | None],
) -> list[Candidate]:
    """As `candidates`, with the bounds of the cosines in hand."""
    (least, most), allowed = near
    passed = len(corpus) if allowed is None else int(np.count_nonzero(allowed))
    count = min(k, passed)
    if count <= 0:
        return []
    terms = settings.words * np.sqrt(question.words)
    terms += settings.characters * np.sqrt(question.characters)
    sure, able = meaning(least, settings) + terms, meaning(most, settings) + terms
    known = sure > -np.inf if allowed is None else allowed & (sure > -np.inf)
    reach = able >= _edge(sure[known], count) - 1e-3
    if allowed is not None:
        reach &= allowed
    rows = np.flatnonzero(reach)
    cosines = corpus.cosines(question.vector, rows)
    return _best(corpus, question, k, settings, scored=(rows, cosines))


def _edge(scores: NDArray[np.floating], count: int) -> float:
    """The count-th best; where there are fewer, less than any."""
    if len(scores) < count:
        return -np.inf
    return float(np.partition(scores, len(scores) - count)[len(scores) - count])


def meaning(cosines: FloatArray, settings: MatchSettings) -> FloatArray:
    """Cosines to points."""
    span = settings.meaning_high - settings.meaning_low
    points: FloatArray = (cosines - settings.meaning_low) * np.float32(settings.meaning / span)
    return points


def _best(
    corpus: Corpus,
    question: Question,
    k: int,
    settings: MatchSettings,
    *,
    scored: tuple[IntArray, FloatArray],
) -> list[Candidate]:
    rows, cosines = scored
    scores = np.round(meaning(cosines, settings).astype(np.float64), DIGITS)
    for weight, found in (
        (settings.words, question.words),
        (settings.characters, question.characters),
    ):
        scores += np.round(weight * np.sqrt(found[rows].astype(np.float64)), DIGITS)
    scores = np.round(scores, DIGITS)
    kept = np.flatnonzero(scores >= _edge(scores, min(k, len(rows))))
    ids: Sequence[str] = corpus.vectors.ids
    told = zip(rows[kept].tolist(), scores[kept].tolist(), strict=True)
    named = [Candidate(ids[row], score) for row, score in told]
    return sorted(named, key=lambda one: (-one.score, one.id))[:k]
