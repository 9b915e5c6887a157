"""The benchmark's folds and its ordinal logistic: what every model is measured with."""

import importlib
import math
import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from scipy import stats
from scipy.special import expit

BENCHMARKS = Path(__file__).parents[2] / "benchmarks"


@pytest.fixture(scope="module")
def load() -> Iterator[Callable[[str], Any]]:
    """Imports a module of the benchmarks, which are no package."""
    sys.path.insert(0, str(BENCHMARKS))
    yield importlib.import_module
    sys.path.remove(str(BENCHMARKS))


@pytest.fixture(scope="module")
def folds(load: Callable[[str], Any]) -> Any:
    return load("folds")


@pytest.fixture(scope="module")
def ordinal(load: Callable[[str], Any]) -> Any:
    return load("ordinal")


def test_random_folds_are_even_and_always_the_same(folds: Any) -> None:
    made = folds.by_chance(13)
    assert sorted(np.bincount(made).tolist()) == [2, 2, 3, 3, 3]
    assert made.tolist() == folds.by_chance(13).tolist()
    assert made.tolist() != folds.by_chance(13, seed=1).tolist()


def test_all_pairs_of_a_title_lie_in_one_fold(folds: Any) -> None:
    titles = [f"需求{i % 23}" for i in range(400)]
    made = folds.by_title(titles)
    for title in set(titles):
        assert (
            len({fold for fold, one in zip(made.tolist(), titles, strict=True) if one == title})
            == 1
        )
    sizes = np.bincount(made)
    assert len(sizes) == 5 and sizes.max() - sizes.min() <= 20


def test_the_ordinal_logistic_finds_what_made_the_grades(ordinal: Any) -> None:
    lot = np.random.default_rng(0)
    score = lot.standard_normal(20_000)
    cuts = np.array([0.2, 2.0, 3.5])
    over = expit(1.3 * score[:, None] - cuts)
    grades = 1 + (lot.random((20_000, 1)) < over).sum(axis=1)
    slope, found = ordinal.fit(score, grades)
    assert slope == pytest.approx(1.3, abs=0.05)
    assert found == pytest.approx(cuts, abs=0.1)
    chances = ordinal.chances_of(score, slope, found)
    assert chances.min() > 0
    assert chances.sum(axis=1) == pytest.approx(np.ones(20_000))


def test_a_score_is_placed_among_those_fitted_on(ordinal: Any) -> None:
    known = np.array([1.0, 2.0, 2.0, 5.0])
    scores = np.array([0.0, 1.0, 2.0, 5.0])
    assert ordinal.placed(known, scores) == pytest.approx(stats.norm.ppf([0.1, 0.2, 0.5, 0.8]))


def test_chances_of_a_fold_do_not_know_its_grades(ordinal: Any) -> None:
    lot = np.random.default_rng(1)
    score, grades, folds = lot.random(200), lot.integers(1, 5, 200), np.arange(200) % 5
    made = ordinal.out_of_fold(score, grades, folds)
    changed = np.where(folds == 2, 5 - grades, grades)
    again = ordinal.out_of_fold(score, changed, folds)
    assert (made[folds == 2] == again[folds == 2]).all()
    assert (made[folds != 2] != again[folds != 2]).any()


def test_the_figures_of_a_pool_are_those_counted_by_hand(load: Callable[[str], Any]) -> None:
    judgements = load("judgements")
    scores = np.array([[0.9, 0.5, 0.7, 0.1], [0.1, 0.2, 0.3, 0.4], [1.0, 1.0, 0.0, 0.0]])
    pool = np.array([[1, 4, 3, 3], [1, 1, 2, 1], [1, 1, 1, 1]])
    assert judgements.recall(scores, pool, k=2).tolist() == pytest.approx([1 / 3])
    first = (3 / math.log2(3)) / (7 + 3 / math.log2(3))
    second = 1 / math.log2(3)
    assert judgements.ndcg(scores, pool, k=2).tolist() == pytest.approx([first, second])
    square = np.array([[0.9, 0.5, 0.1], [0.9, 0.5, 0.1], [0.5, 0.5, 0.5]])
    assert judgements.reciprocal(square).tolist() == [1.0, 0.5, 0.5]
    assert judgements.reciprocal(square, k=1).tolist() == [1.0, 0.0, 0.0]
