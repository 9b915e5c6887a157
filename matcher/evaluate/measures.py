"""The measures, each a function of how often every need is counted.

Counting each need once gives the figure; counting needs as often as a lot draws them gives the
figure of a resample.  So figure and interval come from one formula.  A measure that the pairs do
not define (no grade of 3 or more, all scores alike) is NaN."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Literal

import numpy as np
from numpy.typing import NDArray

from matcher.protocols import Chances, IntArray

MeasureName = Literal[
    "score", "accuracy", "spearman", "auc", "ndcg", "calibration", "calibration_all", "log_loss"
]
Floats = NDArray[np.float64]
Weighted = Callable[[Floats], Floats]  # (d, m) counts of the m needs -> (d,) values
BINS = 15
PLACES = 10
GRADES = 4
SURE = 1e-12  # a sum of chances that should be one half may come out a little less
LEAST = 1e-15


@dataclass(frozen=True, slots=True)
class Measure:
    """What is computed, whether more is better, and between which values it lies."""

    make: Callable[["Outcome"], Weighted]
    more_is_better: bool
    bounds: tuple[float, float]


@dataclass(frozen=True, slots=True, eq=False)
class Outcome:
    """n judged and predicted pairs of m needs: `groups` (n,) the need of each row as 0..m-1,
    `grades` (n,) 1-4, `chances` (n, 4) float64 of grades 1-4, `scores` (n,) to rank by.
    Rows with equal scores rank in the order they stand in."""

    groups: IntArray
    grades: IntArray
    chances: Chances
    scores: Floats

    @property
    def needs(self) -> int:
        """m, how many needs there are."""
        return int(self.groups.max()) + 1


def predicted(chances: Chances) -> IntArray:
    """(n, 4) chances to (n,) grades: the median, i.e. the smallest g with P(grade <= g) >= 1/2,
    which has the least expected absolute error."""
    below = np.cumsum(chances, axis=1)[:, : GRADES - 1] < 0.5 - SURE
    grades: IntArray = 1 + below.sum(axis=1, dtype=np.int64)
    return grades


def expected(chances: Chances) -> Floats:
    """(n, 4) chances to (n,) mean grades, 1.0-4.0."""
    mean: Floats = chances @ np.arange(1.0, GRADES + 1)
    return mean


def above(chances: Chances, grade: int) -> Floats:
    """(n,) P(grade > `grade`), `grade` 1-3; at most 1 whatever the rounding."""
    sums: Floats = np.minimum(chances[:, grade:].sum(axis=1), 1.0)
    return sums


def measure(outcome: Outcome) -> dict[MeasureName, float]:
    """Every measure of the pairs, in the order of `MEASURES`."""
    once = np.ones((1, outcome.needs))
    return {name: float(one.make(outcome)(once)[0]) for name, one in MEASURES.items()}


def score(outcome: Outcome) -> Weighted:
    """1 / (1 + MAE), MAE the mean absolute error of the predicted grade over pairs."""
    mae = _mean(outcome, np.abs(predicted(outcome.chances) - outcome.grades))
    return lambda counts: 1 / (1 + mae(counts))


def accuracy(outcome: Outcome) -> Weighted:
    """Share of pairs whose predicted grade is the grade."""
    return _mean(outcome, predicted(outcome.chances) == outcome.grades)


def log_loss(outcome: Outcome) -> Weighted:
    """Mean of -ln P(the grade given), the chance taken as 1e-15 at least."""
    given = outcome.chances[np.arange(len(outcome.grades)), outcome.grades - 1]
    return _mean(outcome, -np.log(np.maximum(given, LEAST)))


def spearman(outcome: Outcome) -> Weighted:
    """Spearman's rank correlation of score and grade over all pairs, equal values sharing the
    mean of their ranks."""
    ties = _Ties(outcome.scores)
    table = _per_need(outcome, np.eye(GRADES)[outcome.grades - 1])

    def weighted(counts: Floats) -> Floats:
        weights = counts[:, outcome.groups]
        middle = (weights.sum(axis=1, keepdims=True) + 1) / 2
        by_score = ties.ranks(weights) - middle
        by_grade = (_midranks(counts @ table) - middle)[:, outcome.grades - 1]
        shared = np.einsum("ij,ij,ij->i", weights, by_score, by_grade)
        spread = np.einsum("ij,ij,ij->i", weights, by_score, by_score)
        spread *= np.einsum("ij,ij,ij->i", weights, by_grade, by_grade)
        return _ratio(shared, np.sqrt(spread))

    return weighted


def auc(outcome: Outcome) -> Weighted:
    """How often a pair graded 3 or 4 scores above one graded 1 or 2, equal scores counting half,
    over all such couples of pairs whatever their needs."""
    ties = _Ties(outcome.scores)
    good = outcome.grades >= 3

    def weighted(counts: Floats) -> Floats:
        weights = counts[:, outcome.groups]
        hits, misses = ties.sums(weights * good), ties.sums(weights * ~good)
        under = np.cumsum(misses, axis=1) - misses / 2
        return _ratio((hits * under).sum(axis=1), hits.sum(axis=1) * misses.sum(axis=1))

    return weighted


def ndcg(outcome: Outcome) -> Weighted:
    """Mean nDCG@10 within a need: gain 2^(grade-1) - 1, discount 1 / log2(place + 1), equal
    scores in the order of rows.  Needs whose gains are all zero are left out."""
    gains = 2.0 ** (outcome.grades - 1) - 1
    discounts = 1 / np.log2(np.arange(2, PLACES + 2))
    values = np.zeros(outcome.needs)
    for group in range(outcome.needs):
        rows = np.flatnonzero(outcome.groups == group)
        best = np.sort(gains[rows])[::-1][:PLACES]
        first = rows[np.argsort(-outcome.scores[rows], kind="stable")][:PLACES]
        ideal = best @ discounts[: len(best)]
        values[group] = gains[first] @ discounts[: len(first)] / ideal if ideal else np.nan
    held = ~np.isnan(values)
    filled = np.where(held, values, 0.0)
    return lambda counts: _ratio(counts @ filled, counts @ held)


def calibration(outcome: Outcome) -> Weighted:
    """Expected calibration error of P(grade >= 3): its range cut into 15 bins of equal width
    (bin b holds b/15 <= p < (b+1)/15, the last one 1 too), the mean of
    |mean chance - share that came true| over the bins, weighed by their pairs."""
    return _calibration(outcome, 2)


def calibration_all(outcome: Outcome) -> Weighted:
    """As `calibration`, the mean over P(grade > 1), P(grade > 2) and P(grade > 3)."""
    errors = [_calibration(outcome, grade) for grade in range(1, GRADES)]
    return lambda counts: np.mean([error(counts) for error in errors], axis=0)


MEASURES: Mapping[MeasureName, Measure] = {
    "score": Measure(score, True, (0.25, 1.0)),
    "accuracy": Measure(accuracy, True, (0.0, 1.0)),
    "spearman": Measure(spearman, True, (-1.0, 1.0)),
    "auc": Measure(auc, True, (0.0, 1.0)),
    "ndcg": Measure(ndcg, True, (0.0, 1.0)),
    "calibration": Measure(calibration, False, (0.0, 1.0)),
    "calibration_all": Measure(calibration_all, False, (0.0, 1.0)),
    "log_loss": Measure(log_loss, False, (0.0, np.inf)),
}


def _calibration(outcome: Outcome, grade: int) -> Weighted:
    chance = above(outcome.chances, grade)
    bins = np.minimum((chance * BINS).astype(np.int64), BINS - 1)
    gaps = (chance - (outcome.grades > grade))[:, None] * np.eye(BINS)[bins]
    table, sizes = _per_need(outcome, gaps), np.bincount(outcome.groups)
    return lambda counts: np.abs(counts @ table).sum(axis=1) / (counts @ sizes)


def _per_need(outcome: Outcome, values: Floats) -> Floats:
    """(n, c) values to their sums (m, c) over the rows of each need."""
    sums = np.zeros((outcome.needs, values.shape[1]))
    np.add.at(sums, outcome.groups, values)
    return sums


def _mean(outcome: Outcome, values: NDArray[np.generic]) -> Weighted:
    sums = np.bincount(outcome.groups, weights=values)
    sizes = np.bincount(outcome.groups)
    return lambda counts: (counts @ sums) / (counts @ sizes)


def _ratio(above: Floats, below: Floats) -> Floats:
    with np.errstate(divide="ignore", invalid="ignore"):
        ratio: Floats = np.where(below > 0, above / below, np.nan)
    return ratio


def _midranks(sizes: Floats) -> Floats:
    """(d, u) numbers of equal values, ascending by value, to the mean rank of each."""
    ranks: Floats = np.cumsum(sizes, axis=1) - (sizes - 1) / 2
    return ranks


class _Ties:
    """Rows grouped by equal value, ascending."""

    def __init__(self, values: Floats) -> None:
        self._order = np.argsort(values, kind="stable")
        ordered = values[self._order]
        new = np.concatenate([[True], ordered[1:] != ordered[:-1]])
        self._starts = np.flatnonzero(new)
        self._place = np.empty(len(values), dtype=np.int64)
        self._place[self._order] = np.cumsum(new) - 1

    def sums(self, weights: Floats) -> Floats:
        """(d, n) weights to their sums (d, u) over equal values."""
        sums: Floats = np.add.reduceat(weights[:, self._order], self._starts, axis=1)
        return sums

    def ranks(self, weights: Floats) -> Floats:
        """(d, n) weights to the mean rank (d, n) of each row's value."""
        return _midranks(self.sums(weights))[:, self._place]
