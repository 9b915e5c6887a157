"""Intervals by drawing needs, and the paired test."""

import time
from dataclasses import replace

import numpy as np
import pytest

from matcher.errors import BadInput
from matcher.evaluate.bootstrap import compare, figures
from matcher.evaluate.measures import MEASURES, Outcome, measure
from matcher.evaluate.predictions import Predictions


def made(
    seed: int, *, needs: int = 40, each: int = 20, skill: float = 0.7, lot: int = 0
) -> Predictions:
    """Pairs graded by `seed`, predicted with some skill and the luck of `lot`."""
    grades = np.random.default_rng(seed).choice(
        [1, 2, 3, 4], needs * each, p=[0.45, 0.4, 0.1, 0.05]
    )
    raw = np.random.default_rng((seed, lot)).random((len(grades), 4))
    raw += skill * np.eye(4)[grades - 1]
    chances = raw / raw.sum(axis=1, keepdims=True)
    pairs = tuple((f"N{row // each:03}", f"A{row:05}") for row in range(len(grades)))
    return Predictions(pairs, grades, chances, chances @ np.arange(1.0, 5))


def resampled(outcome: Outcome, draws: int, seed: int) -> dict[str, tuple[float, float]]:
    """The intervals drawn one by one, by copying rows."""
    lots = np.random.default_rng(seed).multinomial(
        outcome.needs, np.full(outcome.needs, 1 / outcome.needs), size=draws
    )
    owned = [np.flatnonzero(outcome.groups == group) for group in range(outcome.needs)]
    drawn = []
    for lot in lots:
        chosen = [group for group, times in enumerate(lot) for _ in range(times)]
        rows = np.concatenate([owned[group] for group in chosen])
        groups = np.repeat(np.arange(len(chosen)), [len(owned[group]) for group in chosen])
        drawn.append(
            measure(
                Outcome(groups, outcome.grades[rows], outcome.chances[rows], outcome.scores[rows])
            )
        )
    found = {}
    for name, value in measure(outcome).items():
        values = np.array([one[name] for one in drawn])
        low, high = np.quantile(values - values.mean() + value, [0.025, 0.975])
        found[name] = (max(float(low), MEASURES[name].bounds[0]), float(high))
    return found


def test_intervals_are_those_of_resamples_drawn_one_by_one() -> None:
    outcome = made(1, needs=15, each=8).outcome()
    told = figures(outcome, seed=3, draws=70)
    slow = resampled(outcome, 70, 3)
    for name, figure in told.items():
        assert (figure.low, figure.high) == pytest.approx(slow[name], rel=1e-9), name
        assert figure.value == measure(outcome)[name]


def test_a_figure_lies_within_its_interval_and_a_seed_gives_the_same_one() -> None:
    outcome = made(2).outcome()
    told = figures(outcome, seed=1)
    for figure in told.values():
        assert figure.value is not None and figure.low is not None and figure.high is not None
        assert figure.low < figure.value < figure.high
    assert figures(outcome, seed=1) == told
    assert figures(outcome, seed=2) != told


def test_an_interval_holds_the_truth_about_nineteen_times_in_twenty() -> None:
    truth = measure(made(10_000, needs=6000).outcome())["accuracy"]
    held = 0
    for seed in range(200):
        figure = figures(made(seed, needs=40, each=10).outcome(), draws=300)["accuracy"]
        assert figure.low is not None and figure.high is not None
        held += figure.low <= truth <= figure.high
    assert 0.9 <= held / 200 <= 0.98


def test_what_is_not_defined_has_no_interval() -> None:
    flat = Predictions((("N", "A"), ("N", "B")), np.array([1, 1]), np.full((2, 4), 0.25),
                       np.zeros(2))  # fmt: skip
    told = figures(flat.outcome())
    assert (told["auc"].value, told["auc"].low, told["auc"].high) == (None, None, None)
    assert (told["score"].value, told["score"].low, told["score"].high) == (0.5, 0.5, 0.5)
    versus = compare(flat, flat)["auc"]
    assert (versus.a, versus.difference.value, versus.p) == (None, None, None)


def test_a_prediction_does_not_differ_from_itself() -> None:
    one = made(3)
    for name, told in compare(one, one).items():
        assert (told.difference.value, told.difference.low, told.difference.high) == (0, 0, 0), name
        assert told.p == 1.0


def test_the_better_of_two_is_told_with_certainty_and_the_sides_mirror() -> None:
    good, poor = made(4, skill=2.0), made(4, skill=0.3, lot=1)
    ahead, behind = compare(good, poor), compare(poor, good)
    for name, told in ahead.items():
        if name.startswith("calibration"):
            continue
        sign = 1 if MEASURES[name].more_is_better else -1
        low, high = told.difference.low, told.difference.high
        assert low is not None and high is not None and told.difference.value is not None
        assert sign * low > 0 and sign * high > 0, name
        assert told.p == pytest.approx(2 / 1001)
        assert behind[name].difference.value == pytest.approx(-told.difference.value)
        assert behind[name].p == told.p
        assert told.a == behind[name].b


def test_few_needs_prove_little() -> None:
    for needs, least in ((1, 1.0), (2, 0.5), (5, 2 / 32)):
        good, poor = made(8, needs=needs, skill=9.0), made(8, needs=needs, skill=0.0)
        assert compare(good, poor)["log_loss"].p == least


def test_equals_are_called_different_about_once_in_twenty() -> None:
    values = [
        compare(made(seed, each=10, lot=1), made(seed, each=10, lot=2), draws=200)["accuracy"].p
        for seed in range(100)
    ]
    assert sum(value is not None and value < 0.05 for value in values) <= 12


def test_the_order_of_lines_does_not_matter() -> None:
    one, other = made(5), made(5, lot=9)
    turned = np.random.default_rng(0).permutation(len(one.pairs))
    moved = Predictions(
        tuple(one.pairs[row] for row in turned), one.grades[turned], one.chances[turned],
        one.scores[turned],
    )  # fmt: skip
    assert measure(moved.outcome()) == measure(one.outcome())
    assert compare(moved, other) == compare(one, other)


def test_predictions_of_other_pairs_are_refused() -> None:
    one = made(6, needs=2, each=2)
    less = Predictions(one.pairs[:3], one.grades[:3], one.chances[:3], one.scores[:3])
    with pytest.raises(BadInput) as caught:
        compare(one, less)
    assert caught.value.message == (
        "两份预测不是同一批评分(4 对与 3 对),不能比较;"
        f"例如需求 N001 与成果 A00003(等级 {one.grades[3]})只在其中一份里。"
        "请用同一份 --pairs 重新生成。"
    )
    regraded = replace(one, grades=np.array([4, *one.grades[1:]]) % 4 + 1)
    with pytest.raises(BadInput, match="等级"):
        compare(one, regraded)


def test_intervals_of_as_many_pairs_as_were_judged_take_less_than_twenty_seconds() -> None:
    outcome = made(7, needs=236, each=32).outcome()
    start = time.perf_counter()
    figures(outcome)
    assert time.perf_counter() - start < 20
