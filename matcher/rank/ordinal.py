"""The proportional-odds model of an ordered grade.

    P(grade > k) = sigmoid(latent - thresholds[k - 1])        k = 1, 2, 3

McCullagh, Regression Models for Ordinal Data (1980), eq. 1.1 with the logit link."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from matcher.protocols import IntArray

Floats = NDArray[np.float64]
STEPS = 60
LEAST = 1e-12
NARROWEST = 1e-3
ALIKE = 1e-9  # latents that differ by rounding alone


@dataclass(frozen=True, slots=True)
class Scale:
    """A latent value to chances: `slope` > 0, `thresholds` rising, in units of the result."""

    slope: float
    thresholds: tuple[float, float, float]

    @property
    def steps(self) -> tuple[float, float, float]:
        """The log-odds of grade >= 3 from which grade >= 2, >= 3 and >= 4 are likelier than not."""
        first, second, third = self.thresholds
        return first - second, 0.0, third - second

    def log_odds(self, latent: Floats) -> Floats:
        """(n,) latent to (n,) log-odds of grade >= 3."""
        found: Floats = self.slope * latent - self.thresholds[1]
        return found

    def chances(self, latent: Floats) -> Floats:
        """(n,) latent to (n, 4) chances of grades 1-4; rows sum to 1."""
        above = sigmoid(self.slope * latent[:, None] - np.array(self.thresholds))
        edges = np.hstack([np.ones((len(latent), 1)), above, np.zeros((len(latent), 1))])
        return edges[:, :-1] - edges[:, 1:]


def sigmoid(values: Floats) -> Floats:
    """1 / (1 + exp(-values)), without overflow."""
    found: Floats = 0.5 * (1.0 + np.tanh(0.5 * values))
    return found


def fit_scale(latent: Floats, grades: IntArray, weights: Floats | None = None) -> Scale:
    """The likeliest scale of (n,) latents for (n,) grades 1-4, by Newton steps with halving.

    `weights` (n,) >= 0 count rows.  All four grades need not occur: half a row of each, spread
    over all latents, is added, so that thresholds stay finite.  Where latents fall as grades
    rise, the likeliest slope is the least there is, and chances are the shares of the grades."""
    latent, grades, counts = _with_prior(latent, grades, weights)
    centre, spread = float(np.mean(latent)), float(np.std(latent))
    if spread <= ALIKE * max(1.0, abs(centre)):
        spread = 1.0
    columns = (latent - centre) / spread
    shares = np.array([np.average(grades > k, weights=counts) for k in (1, 2, 3)])
    start = np.log((1 - shares) / shares)
    found = np.concatenate([[1.0], start])
    loss = _loss(found, columns, grades, counts)
    for _ in range(STEPS):
        step = _newton(found, columns, grades, counts)
        rate = 1.0
        while rate > 1e-6:
            tried = found - rate * step
            cost = _loss(tried, columns, grades, counts)
            if cost < loss:
                break
            rate /= 2
        else:
            break
        done = loss - cost < 1e-10 * abs(loss)
        found, loss = tried, cost
        if done:
            break
    if found[0] < NARROWEST:
        found = np.concatenate([[NARROWEST], start])
    slope = float(found[0]) / spread
    first, second, third = (float(edge) + slope * centre for edge in found[1:])
    return Scale(slope, (first, second, third))


def _with_prior(
    latent: Floats, grades: IntArray, weights: Floats | None
) -> tuple[Floats, IntArray, Floats]:
    counts = np.ones(len(latent)) if weights is None else weights
    extra = np.repeat(np.arange(1, 5), 8)
    spread = np.tile(np.quantile(latent, np.linspace(0.06, 0.94, 8)), 4)
    return (
        np.concatenate([latent, spread]),
        np.concatenate([grades, extra]).astype(np.int64),
        np.concatenate([counts, np.full(len(extra), 0.5 / 8)]),
    )


def _between(params: Floats, latent: Floats, grades: IntArray) -> tuple[Floats, Floats]:
    """Upper and lower cumulative chance of each row's own grade."""
    edges = np.concatenate([[-np.inf], params[1:], [np.inf]])
    with np.errstate(invalid="ignore"):
        upper = sigmoid(edges[grades] - params[0] * latent)
        lower = sigmoid(edges[grades - 1] - params[0] * latent)
    return upper, lower


def _loss(params: Floats, latent: Floats, grades: IntArray, counts: Floats) -> float:
    if np.any(np.diff(params[1:]) < NARROWEST):
        return float("inf")
    upper, lower = _between(params, latent, grades)
    return float(-(counts * np.log(np.maximum(upper - lower, LEAST))).sum())


def _newton(params: Floats, latent: Floats, grades: IntArray, counts: Floats) -> Floats:
    """Score and Fisher information by rows: their outer products, which stay positive."""
    upper, lower = _between(params, latent, grades)
    mass = np.maximum(upper - lower, LEAST)
    rise, fall = upper * (1 - upper) / mass, lower * (1 - lower) / mass
    slopes = np.zeros((len(latent), 4))
    slopes[:, 0] = (rise - fall) * latent
    for k in (1, 2, 3):
        slopes[:, k] = fall * (grades == k + 1) - rise * (grades == k)
    gradient = counts @ slopes
    information = (slopes * counts[:, None]).T @ slopes
    return np.asarray(np.linalg.solve(information + 1e-9 * np.eye(4), gradient), np.float64)
