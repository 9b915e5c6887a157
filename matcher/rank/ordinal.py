"""Cumulative logits of an ordered grade, each with a slope of its own.

    P(grade > k) = sigmoid(slopes[k - 1] * latent - thresholds[k - 1])        k = 1, 2, 3

McCullagh, Regression Models for Ordinal Data (1980), eq. 1.1 with the logit link, without its one
slope for all (Peterson and Harrell, Partial Proportional Odds Models, 1990): what tells a weak
match from none tells a strong one from a fair one less well.  Curves that would cross stop at the
middle one, which is the score's."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from matcher.protocols import IntArray

Floats = NDArray[np.float64]
Three = tuple[float, float, float]
STEPS = 60
LEAST = 1e-12
NARROWEST = 1e-3
ALIKE = 1e-9  # latents that differ by rounding alone


@dataclass(frozen=True, slots=True)
class Scale:
    """A latent value to chances: `slopes` > 0 and `thresholds`, in units of the result."""

    slopes: Three
    thresholds: Three

    @property
    def slope(self) -> float:
        """That of the log-odds of grade >= 3."""
        return self.slopes[1]

    @property
    def steps(self) -> Three:
        """The log-odds of grade >= 3 from which grade >= 2, >= 3 and >= 4 are likelier than not."""
        first, second, third = (
            edge / slope for edge, slope in zip(self.thresholds, self.slopes, strict=True)
        )
        return min(self.slope * (first - second), 0.0), 0.0, max(self.slope * (third - second), 0.0)

    def log_odds(self, latent: Floats) -> Floats:
        """(n,) latent to (n,) log-odds of grade >= 3."""
        found: Floats = self.slope * latent - self.thresholds[1]
        return found

    def chances(self, latent: Floats) -> Floats:
        """(n,) latent to (n, 4) chances of grades 1-4; rows sum to 1."""
        first, good, best = sigmoid(np.outer(self.slopes, latent) - np.array([self.thresholds]).T)
        edges = [np.ones(len(latent)), np.maximum(first, good), good, np.minimum(best, good)]
        return -np.diff(np.column_stack([*edges, np.zeros(len(latent))]), axis=1)


def sigmoid(values: Floats) -> Floats:
    """1 / (1 + exp(-values)), without overflow."""
    found: Floats = 0.5 * (1.0 + np.tanh(0.5 * values))
    return found


def fit_scale(latent: Floats, grades: IntArray) -> Scale:
    """The likeliest curves of (n,) latents for (n,) grades 1-4, by Newton steps with halving.

    All four grades need not occur: half a row of each, spread over all latents, is added, so that
    thresholds stay finite.  Where latents fall as grades rise, the likeliest slope is the least
    there is, and chances are the shares of the grades."""
    latent, grades, counts = _with_prior(latent, grades)
    centre, spread = float(np.mean(latent)), float(np.std(latent))
    if spread <= ALIKE * max(1.0, abs(centre)):
        spread = 1.0
    columns = (latent - centre) / spread
    curves = [_curve(columns, (grades > k).astype(np.float64), counts) for k in (1, 2, 3)]
    first, second, third = (slope / spread for slope, _ in curves)
    edges = [edge + slope / spread * centre for slope, edge in curves]
    return Scale((first, second, third), (edges[0], edges[1], edges[2]))


def _with_prior(latent: Floats, grades: IntArray) -> tuple[Floats, IntArray, Floats]:
    extra = np.repeat(np.arange(1, 5), 8)
    spread = np.tile(np.quantile(latent, np.linspace(0.06, 0.94, 8)), 4)
    return (
        np.concatenate([latent, spread]),
        np.concatenate([grades, extra]).astype(np.int64),
        np.concatenate([np.ones(len(latent)), np.full(len(extra), 0.5 / 8)]),
    )


def _curve(columns: Floats, above: Floats, counts: Floats) -> tuple[float, float]:
    """Slope and threshold of one logistic curve for (n,) rows that lie above it (1) or not (0)."""
    share = float(np.average(above, weights=counts))
    edge = float(np.log((1 - share) / share))
    found = np.array([1.0, edge])
    loss = _loss(found, columns, above, counts)
    for _ in range(STEPS):
        step, rate = _newton(found, columns, above, counts), 1.0
        while (cost := _loss(found - rate * step, columns, above, counts)) >= loss and rate > 1e-6:
            rate /= 2
        if cost >= loss:
            break
        found, gained, loss = found - rate * step, loss - cost, cost
        if gained < 1e-10 * abs(loss):
            break
    return (float(found[0]), float(found[1])) if found[0] >= NARROWEST else (NARROWEST, edge)


def _loss(params: Floats, columns: Floats, above: Floats, counts: Floats) -> float:
    chance = sigmoid(params[0] * columns - params[1])
    told = np.where(above > 0, chance, 1 - chance)
    return float(-(counts * np.log(np.maximum(told, LEAST))).sum())


def _newton(params: Floats, columns: Floats, above: Floats, counts: Floats) -> Floats:
    chance = sigmoid(params[0] * columns - params[1])
    slopes = np.column_stack([columns, -np.ones(len(columns))])
    gradient = slopes.T @ (counts * (chance - above))
    information = (slopes * (counts * chance * (1 - chance))[:, None]).T @ slopes
    return np.asarray(np.linalg.solve(information + 1e-9 * np.eye(2), gradient), np.float64)
