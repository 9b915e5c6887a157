"""Cumulative logits of an ordered grade, each with a slope of its own, of two latent values.

    P(grade > k) = sigmoid(slopes[k - 1] * latent[k] - thresholds[k - 1])        k = 1, 2, 3

McCullagh, Regression Models for Ordinal Data (1980), eq. 1.1 with the logit link, without its one
slope for all (Peterson and Harrell, Partial Proportional Odds Models, 1990): what tells a weak
match from none tells a strong one from a fair one less well.  Curves that would cross stop at the
middle one, which is the score's.

Of a need that was graded before more is known.  Its curves are steeper; and whether there is
anything at all (k = 1) goes by a latent value of its own, as some needs were graded 1 or 3 and
never 2.  How much so hangs on how familiar the need is, 0 to 1."""

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
LOOSE = 10.0
GOOD, SOME = 0, 1  # columns of latents: how good, and whether there is anything at all


@dataclass(frozen=True, slots=True)
class Scale:
    """Latents to chances: `slopes` > 0 and `thresholds`, in units of the result.  Both latents are
    in grades, and alike in mean and deviation."""

    slopes: Three
    thresholds: Three

    @property
    def slope(self) -> float:
        """That of the log-odds of grade >= 3."""
        return self.slopes[1]

    def steps(self, latents: Floats) -> Floats:
        """(n, 2) latents to (n, 3) log-odds of grade >= 3 from which grade >= 2, >= 3 and >= 4 are
        likelier than not.  The first lies lower the more there is beside how good it is."""
        first, second, third = (
            edge / slope for edge, slope in zip(self.thresholds, self.slopes, strict=True)
        )
        low = self.slope * (first - second + latents[:, GOOD] - latents[:, SOME])
        high = max(self.slope * (third - second), NARROWEST)
        blank = np.zeros(len(latents))
        return np.column_stack([np.minimum(low, -NARROWEST), blank, blank + high])

    def log_odds(self, good: Floats) -> Floats:
        """(n,) latents of how good to (n,) log-odds of grade >= 3."""
        found: Floats = self.slope * good - self.thresholds[1]
        return found

    def chances(self, latents: Floats) -> Floats:
        """(n, 2) latents to (n, 4) chances of grades 1-4; rows sum to 1."""
        return _chances(latents[:, _CURVES] * self.slopes - self.thresholds)


_CURVES = [SOME, GOOD, GOOD]


def _chances(log_odds: Floats) -> Floats:
    first, good, best = sigmoid(log_odds).T
    edges = [np.ones(len(good)), np.maximum(first, good), good, np.minimum(best, good)]
    return -np.diff(np.column_stack([*edges, np.zeros(len(good))]), axis=1)


@dataclass(frozen=True, slots=True)
class Scales:
    """That of a need that nobody graded (`unseen`), and what it comes to for one that was graded
    without end (`known`); between them it moves in equal steps."""

    unseen: Scale
    known: Scale

    def at(self, familiar: float) -> Scale:
        """That of a need as familiar as this."""
        (slopes,), (edges,) = self._at(np.array([familiar]))
        first, second, third = slopes.tolist()
        low, middle, high = edges.tolist()
        return Scale((first, second, third), (low, middle, high))

    def chances(self, latents: Floats, familiar: Floats) -> Floats:
        """(n, 2) latents of needs that are (n,) familiar to (n, 4) chances of grades 1-4."""
        slopes, edges = self._at(familiar)
        return _chances(weighed(latents, familiar)[:, _CURVES] * slopes - edges)

    def _at(self, familiar: Floats) -> tuple[Floats, Floats]:
        one, other, share = self.unseen, self.known, familiar[:, None]
        slopes = one.slopes + share * np.subtract(other.slopes, one.slopes)
        return slopes, one.thresholds + share * np.subtract(other.thresholds, one.thresholds)


def weighed(latents: Floats, familiar: Floats | float) -> Floats:
    """(n, 2) latents as the curves take them: of a need that nobody graded, whether there is
    anything at all is what its goodness says."""
    found = np.array(latents)
    found[:, SOME] = found[:, GOOD] + familiar * (found[:, SOME] - found[:, GOOD])
    return found


def targets(grades: Floats) -> Floats:
    """(n,) grades to (n, 2) what the latents are to tell: the grade; and whether it is above 1,
    brought to the mean and the deviation of the grades."""
    some = (grades > 1).astype(np.float64)
    spread = float(some.std())
    factor = float(grades.std()) / spread if spread else 0.0
    return np.column_stack([grades, grades.mean() + factor * (some - some.mean())])


def sigmoid(values: Floats) -> Floats:
    """1 / (1 + exp(-values)), without overflow."""
    found: Floats = 0.5 * (1.0 + np.tanh(0.5 * values))
    return found


def fit_scales(unseen: Floats, held_out: Floats, familiar: Floats, grades: IntArray) -> Scales:
    """That of (n, 2) latents which were told without any grade of the same need; and how far it
    moves with (n,) familiarity, by those told with the need's other grades; for (n,) grades."""
    scale = fit_scale(weighed(unseen, 0.0), grades)
    told = weighed(held_out, familiar)[:, _CURVES]
    slopes, edges = list(scale.slopes), list(scale.thresholds)
    for k, latent in enumerate(told.T):
        centre, spread = _unit(latent)
        start = scale.slopes[k] * latent - scale.thresholds[k]
        above, counts = (grades > k + 1).astype(np.float64), np.ones(len(grades))
        columns = familiar[:, None] * _line((latent - centre) / spread)
        rows = _Rows(columns, start, above, counts, 1 / LOOSE)
        slope, edge = _likeliest(rows, np.zeros(2)).tolist()
        slopes[k] = max(slopes[k] + slope / spread, NARROWEST)
        edges[k] += edge + slope / spread * centre
    (first, second, third), (low, middle, high) = slopes, edges
    return Scales(scale, Scale((first, second, third), (low, middle, high)))


def fit_scale(latents: Floats, grades: IntArray) -> Scale:
    """The likeliest curves of (n, 2) latents for (n,) grades 1-4, by Newton steps with halving.

    All four grades need not occur: half a row of each, spread over all latents, is added, so that
    thresholds stay finite.  Where latents fall as grades rise, the likeliest slope is the least
    there is, and chances are the shares of the grades."""
    curves = [_fitted(latents[:, at], grades, k) for k, at in enumerate(_CURVES, 1)]
    (first, low), (second, middle), (third, high) = curves
    return Scale((first, second, third), (low, middle, high))


def _fitted(latent: Floats, grades: IntArray, k: int) -> tuple[float, float]:
    """Slope and threshold of the curve of grade > k."""
    latent, grades, counts = _with_prior(latent, grades)
    centre, spread = _unit(latent)
    slope, edge = _curve((latent - centre) / spread, (grades > k).astype(np.float64), counts)
    return slope / spread, edge + slope / spread * centre


def _unit(latent: Floats) -> tuple[float, float]:
    """Mean and deviation, 1 where they are all alike."""
    centre, spread = float(np.mean(latent)), float(np.std(latent))
    return centre, spread if spread > ALIKE * max(1.0, abs(centre)) else 1.0


def _with_prior(latent: Floats, grades: IntArray) -> tuple[Floats, IntArray, Floats]:
    extra = np.repeat(np.arange(1, 5), 8)
    spread = np.tile(np.quantile(latent, np.linspace(0.06, 0.94, 8)), 4)
    return (
        np.concatenate([latent, spread]),
        np.concatenate([grades, extra]).astype(np.int64),
        np.concatenate([np.ones(len(latent)), np.full(len(extra), 0.5 / 8)]),
    )


def _curve(latent: Floats, above: Floats, counts: Floats) -> tuple[float, float]:
    """Slope and threshold of one logistic curve for (n,) rows that lie above it (1) or not (0)."""
    share = float(np.average(above, weights=counts))
    edge = float(np.log((1 - share) / share))
    rows = _Rows(_line(latent), np.zeros(len(latent)), above, counts, 0.0)
    slope, found = _likeliest(rows, np.array([1.0, edge])).tolist()
    return (slope, found) if slope >= NARROWEST else (NARROWEST, edge)


def _line(latent: Floats) -> Floats:
    """(n, 2) what a slope and a threshold multiply."""
    return np.column_stack([latent, -np.ones(len(latent))])


@dataclass(frozen=True, slots=True, eq=False)
class _Rows:
    """n rows that lie above a curve (1) or not (0) and `counts` for how many each stands: its
    log-odds are `start` (n,) and `columns` (n, 2) times two weights, which a priori are normal
    about 0 with variance 1 / `held`."""

    columns: Floats
    start: Floats
    above: Floats
    counts: Floats
    held: float

    def loss(self, weights: Floats) -> float:
        """-ln of the likelihood and of the prior."""
        chance = sigmoid(self.start + self.columns @ weights)
        told = np.where(self.above > 0, chance, 1 - chance)
        likelihood = float((self.counts * np.log(np.maximum(told, LEAST))).sum())
        return 0.5 * self.held * float(weights @ weights) - likelihood

    def newton(self, weights: Floats) -> Floats:
        """(2,) step that goes off the weights."""
        chance = sigmoid(self.start + self.columns @ weights)
        gradient = self.columns.T @ (self.counts * (chance - self.above)) + self.held * weights
        bent = (self.columns * (self.counts * chance * (1 - chance))[:, None]).T @ self.columns
        return np.asarray(np.linalg.solve(bent + (self.held + 1e-9) * np.eye(2), gradient))


def _likeliest(rows: _Rows, found: Floats) -> Floats:
    """The weights from which no Newton step, halved as often as need be, leads down."""
    loss = rows.loss(found)
    for _ in range(STEPS):
        step, rate = rows.newton(found), 1.0
        while (cost := rows.loss(found - rate * step)) >= loss and rate > 1e-6:
            rate /= 2
        if cost >= loss:
            break
        found, gained, loss = found - rate * step, loss - cost, cost
        if gained < 1e-10 * abs(loss):
            break
    return found
