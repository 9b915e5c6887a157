"""Intervals and a paired test by a bootstrap over needs.

Grades of one need hang together, so needs are drawn, not pairs: m of m with replacement, each
draw counting all pairs of a need as often as it was drawn.  A resample of few pairs is biased
where a measure is not linear (calibration error grows), so the draws of each measure are shifted
to have the figure itself as their mean before the interval is read off.  A draw that does not
define a measure is left out of that measure."""

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np

from matcher.errors import BadInput
from matcher.evaluate.measures import MEASURES, Floats, MeasureName, Outcome, measure
from matcher.evaluate.predictions import Predictions

DRAWS = 1000
BLOCK = 50  # draws at a time: few enough for the processor's cache
EDGES = (0.025, 0.975)


@dataclass(frozen=True, slots=True)
class Figure:
    """A measure with its 95 % interval; None where the pairs do not define it."""

    value: float | None
    low: float | None
    high: float | None


@dataclass(frozen=True, slots=True)
class Difference:
    """A measure of A and of B, A minus B with its 95 % interval, and the two-sided p-value of no
    difference; None where the pairs do not define it."""

    a: float | None
    b: float | None
    difference: Figure
    p: float | None


def figures(outcome: Outcome, *, seed: int = 0, draws: int = DRAWS) -> dict[MeasureName, Figure]:
    """Every measure with its interval; the same seed gives the same interval."""
    drawn = _drawn(outcome, _lots(outcome.needs, draws, seed))
    return {
        name: _figure(value, _shifted(value, drawn[name]), MEASURES[name].bounds)
        for name, value in measure(outcome).items()
    }


def compare(
    a: Predictions, b: Predictions, *, seed: int = 0, draws: int = DRAWS
) -> dict[MeasureName, Difference]:
    """A against B on the same pairs: both are measured on each draw of needs.

    The p-value is twice the smaller share of draws on one side of zero, the figures themselves
    counting as one draw, and never below what m needs that all speak for one side can show,
    2 / 2^m.  :raises BadInput: the pairs or their grades differ, naming one."""
    _same(a, b)
    left, right = a.outcome(), b.outcome()
    lots = _lots(left.needs, draws, seed)
    of_left, of_right = _drawn(left, lots), _drawn(right, lots)
    told: dict[MeasureName, Difference] = {}
    ours, theirs = measure(left), measure(right)
    for name in MEASURES:
        value = ours[name] - theirs[name]
        shifted = _shifted(value, of_left[name] - of_right[name])
        figure = _figure(value, shifted, (-np.inf, np.inf))
        told[name] = Difference(
            _known(ours[name]), _known(theirs[name]), figure, _chance(value, shifted, left.needs)
        )
    return told


def _lots(needs: int, draws: int, seed: int) -> Floats:
    """(draws, needs) how often each need is drawn."""
    even = np.full(needs, 1 / needs)
    return np.random.default_rng(seed).multinomial(needs, even, size=draws).astype(np.float64)


def _drawn(outcome: Outcome, lots: Floats) -> Mapping[MeasureName, Floats]:
    made = {name: one.make(outcome) for name, one in MEASURES.items()}
    blocks = [lots[at : at + BLOCK] for at in range(0, len(lots), BLOCK)]
    return {
        name: np.concatenate([weighted(block) for block in blocks])
        for name, weighted in made.items()
    }


def _shifted(value: float, drawn: Floats) -> Floats:
    held = drawn[~np.isnan(drawn)]
    return held - held.mean() + value if len(held) else held


def _figure(value: float, shifted: Floats, bounds: tuple[float, float]) -> Figure:
    if np.isnan(value) or not len(shifted):
        return Figure(_known(value), None, None)
    low, high = np.clip(np.quantile(shifted, EDGES), *bounds)
    return Figure(value, float(low), float(high))


def _chance(value: float, shifted: Floats, needs: int) -> float | None:
    if np.isnan(value) or not len(shifted):
        return None
    side = min(int((shifted <= 0).sum()), int((shifted >= 0).sum()))
    return min(1.0, max(2 * (side + 1) / (len(shifted) + 1), 2 * 0.5**needs))


def _known(value: float) -> float | None:
    return None if np.isnan(value) else value


def _same(a: Predictions, b: Predictions) -> None:
    ours, theirs = (
        [(*one.pairs[row], int(one.grades[row])) for row in one.order().tolist()] for one in (a, b)
    )
    if ours == theirs:
        return
    more, less = Counter(ours), Counter(theirs)
    need, achievement, grade = min([*(more - less), *(less - more)])
    raise BadInput(
        f"两份预测不是同一批评分({len(ours)} 对与 {len(theirs)} 对),不能比较;"
        f"例如需求 {need} 与成果 {achievement}(等级 {grade})只在其中一份里。"
        "请用同一份 --pairs 重新生成。"
    )
