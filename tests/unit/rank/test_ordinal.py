"""Cumulative logits, against their formula and a general optimiser."""

import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy.optimize import minimize

from matcher.rank.ordinal import Floats, Scale, fit_scale, sigmoid

TRUE = Scale((1.7, 1.7, 1.7), (-1.0, 0.8, 2.5))


def simulated(count: int, seed: int, scale: Scale = TRUE) -> tuple[Floats, np.ndarray]:
    """Latents and the grades that a scale gives them."""
    chance = np.random.default_rng(seed)
    latent = chance.normal(0.4, 1.3, count)
    upto = scale.chances(latent).cumsum(axis=1)[:, :3]
    return latent, 1 + (chance.random(count)[:, None] > upto).sum(axis=1)


def told(scale: Scale) -> list[float]:
    return [*scale.slopes, *scale.thresholds]


def loss(params: Floats, latent: Floats, above: np.ndarray) -> float:
    """-ln likelihood of one curve by the formula, written apart from the module."""
    chance = 1 / (1 + np.exp(params[1] - params[0] * latent))
    return float(-np.log(np.where(above, chance, 1 - chance)).sum())


def test_chances_are_differences_of_cumulative_logits() -> None:
    scale = Scale((3.0, 2.0, 1.5), (-1.0, 0.5, 3.0))
    for latent in (-0.3, 0.0, 0.75, 2.0):
        both = zip(scale.slopes, scale.thresholds, strict=True)
        over = [1 / (1 + math.exp(edge - slope * latent)) for slope, edge in both]
        by_hand = [1 - over[0], over[0] - over[1], over[1] - over[2], over[2]]
        assert scale.chances(np.array([latent]))[0].tolist() == pytest.approx(by_hand, abs=1e-15)


def test_curves_that_cross_stop_at_that_of_the_score() -> None:
    scale = Scale((3.0, 2.0, 2.5), (-1.0, 0.5, 1.0))
    low, high = scale.chances(np.array([-2.0, 3.0]))
    over = [1 / (1 + math.exp(edge - 2.0 * latent)) for edge, latent in ((0.5, -2.0), (0.5, 3.0))]
    assert low[1] == 0.0 and low[0] == pytest.approx(1 - over[0], abs=1e-15)
    assert high[2] == 0.0 and high[3] == pytest.approx(over[1], abs=1e-15)


def test_steps_are_where_the_likelier_side_changes() -> None:
    for scale in (TRUE, Scale((3.0, 2.0, 1.5), (-1.0, 0.5, 3.0))):
        latent = np.linspace(-3, 4, 20_001)
        above = scale.chances(latent)[:, ::-1].cumsum(axis=1)[:, 2::-1].T
        odds = scale.log_odds(latent)
        for curve, step in zip(above, scale.steps, strict=True):
            assert odds[np.argmax(curve >= 0.5)] == pytest.approx(step, abs=2e-3)
    crossed = Scale((1.0, 1.0, 1.0), (1.0, 0.5, 0.2))
    assert crossed.steps == (0.0, 0.0, 0.0)


@given(
    st.lists(st.floats(1e-3, 50), min_size=3, max_size=3),
    st.lists(st.floats(-60, 60), min_size=3, max_size=3),
    st.lists(st.floats(-1e6, 1e6), min_size=0, max_size=5),
)
def test_rows_of_chances_sum_to_one_and_are_never_negative(
    slopes: list[float], edges: list[float], latent: list[float]
) -> None:
    scale = Scale((slopes[0], slopes[1], slopes[2]), (edges[0], edges[1], edges[2]))
    found = scale.chances(np.array(latent))
    assert found.shape == (len(latent), 4)
    assert (found >= 0).all()
    np.testing.assert_allclose(found.sum(axis=1), 1.0, atol=1e-12)


def test_log_odds_are_those_of_a_grade_of_three_or_more() -> None:
    latent = np.linspace(-3, 4, 15)
    good = TRUE.chances(latent)[:, 2:].sum(axis=1)
    np.testing.assert_allclose(TRUE.log_odds(latent), np.log(good / (1 - good)), atol=1e-12)
    np.testing.assert_allclose(sigmoid(TRUE.log_odds(latent)), good, atol=1e-15)


def test_sigmoid_does_not_overflow() -> None:
    assert sigmoid(np.array([-1e9, 0.0, 1e9])).tolist() == [0.0, 0.5, 1.0]


def test_each_curve_is_that_of_a_general_optimiser() -> None:
    latent, grades = simulated(3000, 1, Scale((2.2, 1.7, 1.1), (-1.0, 0.8, 2.2)))
    mine = fit_scale(latent, grades)
    for k, curve in enumerate(zip(mine.slopes, mine.thresholds, strict=True), 1):
        best = minimize(
            loss, np.array([1.0, 0.0]), (latent, grades > k), method="Nelder-Mead",
            options={"xatol": 1e-7, "fatol": 1e-9, "maxiter": 4000},
        )  # fmt: skip
        np.testing.assert_allclose(curve, best.x, atol=0.01)
        assert 0 <= loss(np.array(curve), latent, grades > k) - best.fun < 0.02


@pytest.mark.parametrize("scale", [TRUE, Scale((2.4, 1.7, 1.2), (-1.4, 0.8, 2.4))])
def test_a_fit_finds_the_scale_that_made_the_grades(scale: Scale) -> None:
    latent, grades = simulated(40_000, 2, scale)
    np.testing.assert_allclose(told(fit_scale(latent, grades)), told(scale), atol=0.08)


def test_the_unit_of_latents_does_not_change_the_chances() -> None:
    latent, grades = simulated(400, 3)
    plain = fit_scale(latent, grades).chances(latent)
    for factor, step in ((1e-4, 0.0), (1.0, 500.0), (250.0, -9.0)):
        moved = factor * latent + step
        np.testing.assert_allclose(fit_scale(moved, grades).chances(moved), plain, atol=1e-5)


@pytest.mark.parametrize("held", [(1,), (4,), (1, 2), (2, 3), (1, 4), (1, 2, 4), (2, 3, 4)])
def test_grades_that_do_not_occur_stay_possible(held: tuple[int, ...]) -> None:
    latent, grades = simulated(300, 5)
    rows = np.isin(grades, held)
    scale = fit_scale(latent[rows], grades[rows])
    assert np.isfinite(told(scale)).all() and min(scale.slopes) > 0
    mean = scale.chances(latent[rows]).mean(axis=0)
    shares = [(np.sum(grades[rows] == grade) + 0.5) / (rows.sum() + 2) for grade in range(1, 5)]
    np.testing.assert_allclose(mean, shares, atol=0.02)


@pytest.mark.parametrize("value", [0.1, 0.0, 2.3, -7.7])
@pytest.mark.parametrize("count", [1, 2, 7, 11])
def test_latents_that_are_all_alike_give_the_shares_of_the_grades(value: float, count: int) -> None:
    grades = np.array([1, 2, 3, 4, 1, 1, 2, 2, 3, 1, 1][:count])
    scale = fit_scale(np.full(count, value), grades)
    shares = [(np.sum(grades == grade) + 0.5) / (count + 2) for grade in range(1, 5)]
    np.testing.assert_allclose(scale.chances(np.array([value]))[0], shares, atol=0.01)
    near = scale.chances(np.array([value + 0.1]))[0]
    np.testing.assert_allclose(near, shares, atol=0.05)


def test_latents_that_fall_as_grades_rise_give_the_shares_of_the_grades() -> None:
    latent, grades = simulated(800, 6)
    scale = fit_scale(-latent, grades)
    assert min(scale.slopes) > 0
    shares = [(np.sum(grades == grade) + 0.5) / 802 for grade in range(1, 5)]
    for row in scale.chances(np.array([-3.0, 0.0, 3.0])):
        np.testing.assert_allclose(row, shares, atol=0.002)


def test_grades_that_latents_tell_apart_wholly_give_a_finite_scale() -> None:
    latent = np.repeat([0.0, 1.0, 2.0, 3.0], 25)
    scale = fit_scale(latent, np.repeat([1, 2, 3, 4], 25))
    assert np.isfinite(told(scale)).all()
    assert (scale.chances(np.arange(4.0)).argmax(axis=1) == np.arange(4)).all()
