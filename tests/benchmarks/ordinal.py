"""Proportional odds: a score to the chances of four ordered grades.

logit P(grade > k) = slope * score - cut_k, cuts ascending, slope >= 0; fitted by greatest
likelihood (McCullagh, Regression models for ordinal data, 1980).  The score is first put on one
scale for all baselines: its place among the scores fitted on, as a quantile of the normal
distribution; a share of BM25 has a long tail that a straight line in the logit does not bear."""

import numpy as np
from numpy.typing import NDArray
from scipy.optimize import minimize
from scipy.special import expit, ndtri

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]
LEAST = 1e-9
EDGE = 1e-4


def chances_of(score: Floats, slope: float, cuts: Floats) -> Floats:
    """(n,) scores on that scale to (n, 4) chances of grades 1-4."""
    over = expit(slope * score[:, None] - cuts[None, :])
    full = np.hstack([np.ones((len(score), 1)), over, np.zeros((len(score), 1))])
    return full[:, :-1] - full[:, 1:]


def fit(score: Floats, grades: Ints) -> tuple[float, Floats]:
    """Slope and the three cuts for scores on that scale."""
    shares = np.array([(grades > k).mean() for k in (1, 2, 3)])
    first = -np.log(shares / (1 - shares))
    start = np.array([0.0, first[0], np.log(first[1] - first[0]), np.log(first[2] - first[1])])

    def unpack(x: Floats) -> tuple[float, Floats]:
        return float(np.exp(x[0])), x[1] + np.array(
            [0.0, np.exp(x[2]), np.exp(x[2]) + np.exp(x[3])]
        )

    def loss(x: Floats) -> float:
        given = chances_of(score, *unpack(x))[np.arange(len(grades)), grades - 1]
        return float(-np.log(np.maximum(given, LEAST)).mean())

    return unpack(minimize(loss, start, method="L-BFGS-B", bounds=[(-12, 6)] + [(-20, 20)] * 3).x)


def placed(known: Floats, score: Floats) -> Floats:
    """(n,) scores to normal quantiles of their places among `known`, equal scores in the middle."""
    ordered = np.sort(known)
    below, upto = (np.searchsorted(ordered, score, side) for side in ("left", "right"))
    return ndtri(np.clip((below + upto + 1) / 2 / (len(known) + 1), EDGE, 1 - EDGE))


def out_of_fold(score: Floats, grades: Ints, folds: Ints) -> Floats:
    """(n, 4) chances of each pair by a model fitted on the other folds."""
    chances = np.empty((len(score), 4))
    for fold in np.unique(folds):
        held = folds == fold
        scaled = placed(score[~held], score)
        chances[held] = chances_of(scaled[held], *fit(scaled[~held], grades[~held]))
    return chances
