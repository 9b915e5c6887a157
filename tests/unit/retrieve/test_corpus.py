"""The fusion of meaning and terms, against scoring every allowed record."""

from collections.abc import Callable, Sequence
from dataclasses import replace
from typing import cast

import numpy as np
import pytest

from matcher.config import MatchSettings
from matcher.index.exact import ExactIndex
from matcher.index.flat import FaissIndex
from matcher.matches import Candidate
from matcher.protocols import BoolArray, FloatArray, VectorIndex
from matcher.retrieve.corpus import Corpus, Question, Vectors, bounds, candidates, fuse, meaning
from matcher.retrieve.facets import patent_columns
from matcher.retrieve.lexical import Lexicon

SETTINGS = MatchSettings(
    meaning=40.0, words=20.0, characters=40.0, meaning_low=0.2, meaning_high=0.9, candidates=20
)
DIM = 24
Make = Callable[[int], VectorIndex]
KINDS: dict[str, Make] = {
    "exact": ExactIndex,
    "faiss-flat": lambda dim: FaissIndex(dim, "flat"),
    "faiss-int8": lambda dim: FaissIndex(dim, "int8"),
}


@pytest.fixture(params=sorted(KINDS))
def make(request: pytest.FixtureRequest) -> Make:
    return KINDS[request.param]


class NoLexicon:
    """Shares come with the question; a fusion asks no lexicon."""


def unit_rows(random: np.random.Generator, count: int) -> FloatArray:
    rows = random.normal(size=(6, DIM))[random.integers(6, size=count)]
    rows = rows + 0.5 * random.normal(size=(count, DIM))
    rows[1::5] = rows[: len(rows[1::5])]
    return (rows / np.linalg.norm(rows, axis=1, keepdims=True)).astype(np.float32)


def corpus_of(make: Make, vectors: FloatArray) -> Corpus:
    index = make(vectors.shape[1])
    index.add([f"P{(row * 7919) % 10_007:05d}" for row in range(len(vectors))], vectors)
    return Corpus.of(
        index, cast(Lexicon, NoLexicon()), patent_columns([]), Vectors(vectors, vectors)
    )


def shares(random: np.random.Generator, count: int, kind: str) -> FloatArray:
    """Shares as a lexicon gives them: mostly 0, all equal, or anything."""
    match kind:
        case "sparse":
            found = random.random(count) * (random.random(count) < 0.1)
        case "equal":
            found = np.full(count, 0.25)
        case _:
            found = random.random(count)
    return found.astype(np.float32)


def brute(
    corpus: Corpus, question: Question, settings: MatchSettings, allowed: BoolArray | None
) -> dict[str, float]:
    """The score of every allowed record, in float64, from the formula in the module's text."""
    rows = np.arange(len(corpus)) if allowed is None else np.flatnonzero(allowed)
    cosines = (corpus.readings.near[rows] @ question.vector).astype(np.float64)
    width = settings.meaning_high - settings.meaning_low
    scores = settings.meaning * (cosines - settings.meaning_low) / width
    scores += settings.words * np.sqrt(question.words[rows].astype(np.float64))
    scores += settings.characters * np.sqrt(question.characters[rows].astype(np.float64))
    return {corpus.vectors.ids[row]: float(score) for row, score in zip(rows, scores, strict=True)}


def held(found: Sequence[Candidate], wanted: dict[str, float], k: int) -> None:
    """The k best of `wanted`, in order, each with its score to the fourth digit."""
    assert len(found) == min(k, len(wanted))
    assert [one.score for one in found] == pytest.approx(
        sorted(wanted.values(), reverse=True)[: len(found)], abs=3e-4
    )
    assert {one.id: one.score for one in found} == pytest.approx(
        {one.id: wanted[one.id] for one in found}, abs=3e-4
    )
    keys = [(-one.score, one.id) for one in found]
    assert keys == sorted(keys)


@pytest.mark.parametrize("kind", ["sparse", "equal", "dense"])
def test_the_ranking_equals_scoring_all_that_a_filter_allows(make: Make, kind: str) -> None:
    random = np.random.default_rng(3)
    vectors = unit_rows(random, 600)
    corpus = corpus_of(make, vectors)
    for round_ in range(60):
        question = Question(
            unit_rows(random, 1)[0], shares(random, 600, kind), shares(random, 600, kind)
        )
        share = (None, 0.0, 0.004, 0.05, 0.4, 1.0)[round_ % 6]
        allowed = None if share is None else random.random(600) < share
        k = (1, 10, 50)[round_ % 3]
        found = candidates(corpus, question, k, SETTINGS, allowed)
        held(found, brute(corpus, question, SETTINGS, allowed), k)
        everything = replace(SETTINGS, candidates=600)
        assert found == candidates(corpus, question, k, everything, allowed)


def test_equal_records_come_in_order_of_id(make: Make) -> None:
    vectors = np.repeat(unit_rows(np.random.default_rng(4), 1), 300, axis=0)
    corpus = corpus_of(make, vectors)
    same = np.full(300, 0.5, dtype=np.float32)
    for k in (1, 19, 20, 21, 250):
        found = candidates(corpus, Question(vectors[0], same, same), k, SETTINGS, None)
        assert [one.id for one in found] == sorted(corpus.vectors.ids)[:k]


def test_a_score_is_the_sum_of_meaning_words_and_characters_in_points() -> None:
    vectors = np.eye(3, dtype=np.float32)
    corpus = corpus_of(ExactIndex, vectors)
    words = np.array([0.25, 0.0, 1.0], dtype=np.float32)
    characters = np.array([0.0625, 0.0, 0.0], dtype=np.float32)
    question = Question(np.array([0.6, 0.8, 0.0], dtype=np.float32), words, characters)
    settings = replace(SETTINGS, meaning_low=0.1, meaning_high=0.6)
    assert candidates(corpus, question, 3, settings, None) == [
        Candidate("P00000", 40.0 + 10.0 + 10.0),
        Candidate("P07919", 56.0),
        Candidate("P05831", -8.0 + 20.0),
    ]


def test_a_fusion_with_bounds_in_hand_equals_one_that_asks_for_them(make: Make) -> None:
    random = np.random.default_rng(6)
    corpus = corpus_of(make, unit_rows(random, 300))
    vectors = unit_rows(random, 3)
    for share in (None, 0.5, 0.05):
        allowed = None if share is None else random.random(300) < share
        for vector, near in zip(vectors, bounds(corpus, vectors, 20, allowed), strict=True):
            question = Question(vector, shares(random, 300, "sparse"), shares(random, 300, "dense"))
            assert fuse(corpus, question, 10, SETTINGS, near=(near, allowed)) == candidates(
                corpus, question, 10, SETTINGS, allowed
            )


def test_no_cosine_is_outside_its_bounds(make: Make) -> None:
    random = np.random.default_rng(9)
    vectors = unit_rows(random, 400)
    corpus, queries = corpus_of(make, vectors), unit_rows(random, 4)
    for allowed in (None, random.random(400) < 0.6, random.random(400) < 0.04):
        kept = np.ones(400, dtype=bool) if allowed is None else allowed
        for query, (least, most) in zip(queries, bounds(corpus, queries, 5, allowed), strict=True):
            true = vectors.astype(np.float64) @ query.astype(np.float64)
            assert np.all(least[kept] <= true[kept] + 1e-6)
            assert np.all(true[kept] <= most[kept] + 1e-6)


@pytest.mark.parametrize("count", [0, 1, 2])
def test_tiny_corpora_give_all_they_hold(make: Make, count: int) -> None:
    random = np.random.default_rng(7)
    corpus = corpus_of(make, unit_rows(random, count))
    none = np.zeros(count, dtype=np.float32)
    found = candidates(corpus, Question(unit_rows(random, 1)[0], none, none), 5, SETTINGS, None)
    assert {one.id for one in found} == set(corpus.vectors.ids)
    assert len(corpus) == count


@pytest.mark.parametrize("k", [0, -1])
def test_asking_for_none_gives_none(make: Make, k: int) -> None:
    random = np.random.default_rng(8)
    corpus = corpus_of(make, unit_rows(random, 5))
    none = np.zeros(5, dtype=np.float32)
    assert (
        candidates(corpus, Question(unit_rows(random, 1)[0], none, none), k, SETTINGS, None) == []
    )


def test_cosines_become_points_between_the_two_bounds() -> None:
    cosines = np.array([0.2, 0.55, 0.9, 0.0], dtype=np.float32)
    assert meaning(cosines, SETTINGS).tolist() == pytest.approx(
        [0.0, 20.0, 40.0, -80.0 / 7.0], abs=1e-4
    )
