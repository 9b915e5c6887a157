"""Piecewise linear functions of single features: the additive half of the ranker."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from matcher.rank.ordinal import Floats

WIDEST = 4.0


@dataclass(frozen=True, slots=True, eq=False)
class Shapes:
    """One function a feature, linear between knots, 0 where the feature is missing (NaN).

    A feature is first brought to mean 0 and deviation 1 by `means` and `spreads` (f,) and cut at
    +-4; `knots` (f, j) are in that unit.  Its column block is the value and its excess over each
    knot, so a feature has j + 1 columns."""

    means: Floats
    spreads: Floats
    knots: Floats

    @classmethod
    def of(cls, features: Floats, quantiles: Sequence[float] = ()) -> "Shapes":
        """Fitted to (n, f) features, NaN where missing; n >= 1.  Knots stand at these quantiles of
        each feature; without any, the functions are straight lines."""
        means = np.array([_known(column).mean() for column in features.T])
        spreads = np.array([_known(column).std() for column in features.T])
        spreads[spreads < 1e-9] = 1.0
        shapes = cls(means, spreads, np.zeros((features.shape[1], 0)))
        even = shapes.even(features)
        knots = [np.quantile(_known(column), list(quantiles)) for column in even.T]
        return cls(means, spreads, np.array(knots).reshape(features.shape[1], len(quantiles)))

    @property
    def width(self) -> int:
        """Columns a feature."""
        return int(self.knots.shape[1]) + 1

    def even(self, features: Floats) -> Floats:
        """(n, f) features in their own deviations, NaN kept."""
        with np.errstate(invalid="ignore"):
            found: Floats = np.clip((features - self.means) / self.spreads, -WIDEST, WIDEST)
        return found

    def columns(self, features: Floats) -> Floats:
        """(n, f) features to (n, f * width) columns, those of one feature side by side."""
        even = self.even(features)
        excess = np.maximum(even[:, :, None] - self.knots[None], 0.0)
        blocks = np.concatenate([even[:, :, None], excess], axis=2)
        found: Floats = np.where(np.isnan(blocks), 0.0, blocks)
        return found.reshape(len(features), features.shape[1] * self.width)

    def values(self, features: Floats, weights: Floats) -> Floats:
        """(n, f) what each feature adds, for (f * width,) weights."""
        blocks = self.columns(features).reshape(*features.shape, self.width)
        found: Floats = np.einsum("nfj,fj->nf", blocks, weights.reshape(-1, self.width))
        return found


def grouped(values: Floats, groups: Sequence[str], names: Sequence[str]) -> Floats:
    """(n, f) values of features that belong to `groups` (f,) as (n, len(names)) sums."""
    member = np.array([[group == name for name in names] for group in groups], dtype=np.float64)
    found: Floats = values @ member.reshape(len(groups), len(names))
    return found


def _known(column: Floats) -> Floats:
    known = column[~np.isnan(column)]
    return known if len(known) else np.zeros(1)
