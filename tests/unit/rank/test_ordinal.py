"""Cumulative logits, against their formula and a general optimiser."""

import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy.optimize import minimize

from matcher.rank.ordinal import (
    GOOD,
    SOME,
    Floats,
    Scale,
    Scales,
    fit_scale,
    fit_scales,
    sigmoid,
    targets,
    weighed,
)

TRUE = Scale((1.7, 1.7, 1.7), (-1.0, 0.8, 2.5))


def twice(latent: Floats) -> Floats:
    """The same for both."""
    return np.stack([latent, latent], axis=1)


def simulated(count: int, seed: int, scale: Scale = TRUE) -> tuple[Floats, np.ndarray]:
    """Latents that differ and the grades that a scale gives them."""
    chance = np.random.default_rng(seed)
    good = chance.normal(0.4, 1.3, count)
    latents = np.stack([good, good + chance.normal(0, 0.4, count)], axis=1)
    upto = scale.chances(latents).cumsum(axis=1)[:, :3]
    return latents, 1 + (chance.random(count)[:, None] > upto).sum(axis=1)


def told(scale: Scale) -> list[float]:
    return [*scale.slopes, *scale.thresholds]


def loss(params: Floats, latent: Floats, above: np.ndarray) -> float:
    """-ln likelihood of one curve by the formula, written apart from the module."""
    chance = 1 / (1 + np.exp(params[1] - params[0] * latent))
    return float(-np.log(np.where(above, chance, 1 - chance)).sum())


def test_chances_are_differences_of_cumulative_logits() -> None:
    scale = Scale((3.0, 2.0, 1.5), (-1.0, 0.5, 3.0))
    for good, some in ((-0.3, -0.2), (0.0, 0.5), (0.75, 0.75), (2.0, 1.9)):
        both = zip(scale.slopes, (some, good, good), scale.thresholds, strict=True)
        over = [1 / (1 + math.exp(edge - slope * latent)) for slope, latent, edge in both]
        by_hand = [1 - over[0], over[0] - over[1], over[1] - over[2], over[2]]
        found = scale.chances(np.array([[good, some]]))[0].tolist()
        assert found == pytest.approx(by_hand, abs=1e-15)


def test_curves_that_cross_stop_at_that_of_the_score() -> None:
    scale = Scale((3.0, 2.0, 2.5), (-1.0, 0.5, 1.0))
    low, high = scale.chances(twice(np.array([-2.0, 3.0])))
    over = [1 / (1 + math.exp(edge - 2.0 * latent)) for edge, latent in ((0.5, -2.0), (0.5, 3.0))]
    assert low[1] == 0.0 and low[0] == pytest.approx(1 - over[0], abs=1e-15)
    assert high[2] == 0.0 and high[3] == pytest.approx(over[1], abs=1e-15)


def test_steps_are_where_the_likelier_side_changes() -> None:
    for scale in (TRUE, Scale((3.0, 2.0, 1.5), (-1.0, 0.5, 3.0))):
        for apart in (-0.3, 0.0, 0.4):
            good = np.linspace(-3, 4, 20_001)
            latents = np.stack([good, good + apart], axis=1)
            above = scale.chances(latents)[:, ::-1].cumsum(axis=1)[:, 2::-1].T
            odds = scale.log_odds(good)
            for curve, steps in zip(above, scale.steps(latents).T, strict=True):
                step = float(steps[0])
                np.testing.assert_allclose(steps, step, atol=1e-12)
                assert odds[np.argmax(curve >= 0.5)] == pytest.approx(step, abs=2e-3)


def test_steps_rise_where_curves_cross() -> None:
    crossed = Scale((1.0, 1.0, 1.0), (1.0, 0.5, 0.2))
    for low, middle, high in crossed.steps(np.array([[0.0, 0.0], [9.0, -9.0]])):
        assert -0.01 < low < middle == 0.0 < high < 0.01


def test_the_targets_are_the_grade_and_whether_there_is_anything() -> None:
    grades = np.array([1.0, 1.0, 2.0, 3.0, 4.0, 1.0])
    told = targets(grades)
    assert told[:, GOOD].tolist() == grades.tolist()
    low, high = set(told[grades == 1, SOME]), set(told[grades > 1, SOME])
    assert len(low) == len(high) == 1 and low.pop() < high.pop()
    np.testing.assert_allclose(told.mean(axis=0), grades.mean(), atol=1e-12)
    np.testing.assert_allclose(told.std(axis=0), grades.std(), atol=1e-12)
    for alike in ([1.0, 1.0], [3.0, 4.0], [2.0]):
        only = targets(np.array(alike))
        assert only[:, SOME].tolist() == [np.mean(alike)] * len(alike)


@given(
    st.lists(st.floats(1e-3, 50), min_size=3, max_size=3),
    st.lists(st.floats(-60, 60), min_size=3, max_size=3),
    st.lists(st.tuples(st.floats(-1e6, 1e6), st.floats(-1e6, 1e6)), min_size=0, max_size=5),
)
def test_rows_of_chances_sum_to_one_and_are_never_negative(
    slopes: list[float], edges: list[float], latents: list[tuple[float, float]]
) -> None:
    scale = Scale((slopes[0], slopes[1], slopes[2]), (edges[0], edges[1], edges[2]))
    found = scale.chances(np.array(latents).reshape(-1, 2))
    assert found.shape == (len(latents), 4)
    assert (found >= 0).all()
    np.testing.assert_allclose(found.sum(axis=1), 1.0, atol=1e-12)


def test_log_odds_are_those_of_a_grade_of_three_or_more() -> None:
    latent = np.linspace(-3, 4, 15)
    good = TRUE.chances(twice(latent))[:, 2:].sum(axis=1)
    np.testing.assert_allclose(TRUE.log_odds(latent), np.log(good / (1 - good)), atol=1e-12)
    np.testing.assert_allclose(sigmoid(TRUE.log_odds(latent)), good, atol=1e-15)


def test_sigmoid_does_not_overflow() -> None:
    assert sigmoid(np.array([-1e9, 0.0, 1e9])).tolist() == [0.0, 0.5, 1.0]


def test_each_curve_is_that_of_a_general_optimiser() -> None:
    latents, grades = simulated(3000, 1, Scale((2.2, 1.7, 1.1), (-1.0, 0.8, 2.2)))
    mine = fit_scale(latents, grades)
    for k, curve in enumerate(zip(mine.slopes, mine.thresholds, strict=True), 1):
        latent = latents[:, SOME if k == 1 else GOOD]
        best = minimize(
            loss, np.array([1.0, 0.0]), (latent, grades > k), method="Nelder-Mead",
            options={"xatol": 1e-7, "fatol": 1e-9, "maxiter": 4000},
        )  # fmt: skip
        np.testing.assert_allclose(curve, best.x, atol=0.01)
        assert 0 <= loss(np.array(curve), latent, grades > k) - best.fun < 0.02


@pytest.mark.parametrize("scale", [TRUE, Scale((2.4, 1.7, 1.2), (-1.4, 0.8, 2.4))])
def test_a_fit_finds_the_scale_that_made_the_grades(scale: Scale) -> None:
    latents, grades = simulated(40_000, 2, scale)
    np.testing.assert_allclose(told(fit_scale(latents, grades)), told(scale), atol=0.08)


def test_the_unit_of_latents_does_not_change_the_chances() -> None:
    latent, grades = simulated(400, 3)
    plain = fit_scale(latent, grades).chances(latent)
    for factor, step in ((1e-4, 0.0), (1.0, 500.0), (250.0, -9.0)):
        moved = factor * latent + step
        np.testing.assert_allclose(fit_scale(moved, grades).chances(moved), plain, atol=1e-5)


@pytest.mark.parametrize("held", [(1,), (4,), (1, 2), (2, 3), (1, 4), (1, 2, 4), (2, 3, 4)])
def test_grades_that_do_not_occur_stay_possible(held: tuple[int, ...]) -> None:
    latents, grades = simulated(300, 5)
    rows = np.isin(grades, held)
    same = twice(latents[rows, GOOD])  # where curves do not cross, no chance moves between grades
    scale = fit_scale(same, grades[rows])
    assert np.isfinite(told(scale)).all() and min(scale.slopes) > 0
    mean = scale.chances(same).mean(axis=0)
    shares = [(np.sum(grades[rows] == grade) + 0.5) / (rows.sum() + 2) for grade in range(1, 5)]
    np.testing.assert_allclose(mean, shares, atol=0.02)


@pytest.mark.parametrize("value", [0.1, 0.0, 2.3, -7.7])
@pytest.mark.parametrize("count", [1, 2, 7, 11])
def test_latents_that_are_all_alike_give_the_shares_of_the_grades(value: float, count: int) -> None:
    grades = np.array([1, 2, 3, 4, 1, 1, 2, 2, 3, 1, 1][:count])
    scale = fit_scale(np.full((count, 2), value), grades)
    shares = [(np.sum(grades == grade) + 0.5) / (count + 2) for grade in range(1, 5)]
    np.testing.assert_allclose(scale.chances(np.array([[value, value]]))[0], shares, atol=0.01)
    near = scale.chances(np.array([[value + 0.1, value + 0.1]]))[0]
    np.testing.assert_allclose(near, shares, atol=0.05)


def test_latents_that_fall_as_grades_rise_give_the_shares_of_the_grades() -> None:
    latent, grades = simulated(800, 6)
    scale = fit_scale(-latent, grades)
    assert min(scale.slopes) > 0
    shares = [(np.sum(grades == grade) + 0.5) / 802 for grade in range(1, 5)]
    for row in scale.chances(twice(np.array([-3.0, 0.0, 3.0]))):
        np.testing.assert_allclose(row, shares, atol=0.002)


def test_grades_that_latents_tell_apart_wholly_give_a_finite_scale() -> None:
    latents = twice(np.repeat([0.0, 1.0, 2.0, 3.0], 25))
    scale = fit_scale(latents, np.repeat([1, 2, 3, 4], 25))
    assert np.isfinite(told(scale)).all()
    assert (scale.chances(twice(np.arange(4.0))).argmax(axis=1) == np.arange(4)).all()


def test_what_a_need_was_graded_counts_as_far_as_it_is_familiar() -> None:
    scales = Scales(TRUE, Scale((3.0, 2.5, 2.0), (-0.5, 1.0, 3.0)))
    latents = np.array([[0.2, 0.9], [1.0, 0.3], [-0.4, -0.4]])
    assert scales.at(0.0) == TRUE and scales.at(1.0) == scales.known
    half = scales.at(0.5)
    assert told(half) == pytest.approx([2.35, 2.1, 1.85, -0.75, 0.9, 2.75])
    assert weighed(latents, 0.5).tolist() == [[0.2, 0.55], [1.0, 0.65], [-0.4, -0.4]]
    assert weighed(latents, 0.0)[:, SOME].tolist() == latents[:, GOOD].tolist()
    familiar = np.array([0.0, 0.5, 1.0])
    by_hand = [
        scales.at(known).chances(weighed(latents[[row]], known))[0]
        for row, known in enumerate(familiar.tolist())
    ]
    np.testing.assert_allclose(scales.chances(latents, familiar), by_hand, atol=1e-15)


def test_the_scale_of_known_needs_is_that_of_a_general_optimiser() -> None:
    latents, grades = simulated(3000, 9, Scale((3.2, 2.6, 2.2), (-0.4, 1.4, 3.4)))
    familiar = np.random.default_rng(9).uniform(0, 1, 3000)
    blurred = latents + np.random.default_rng(10).normal(0, 0.8, latents.shape)
    found = fit_scales(blurred, latents, familiar, grades)
    assert found.unseen == fit_scale(weighed(blurred, 0.0), grades)
    assert all(k > u for k, u in zip(found.known.slopes, found.unseen.slopes, strict=True))
    told = weighed(latents, familiar)
    for k, at in enumerate((SOME, GOOD, GOOD)):
        slope, edge = found.unseen.slopes[k], found.unseen.thresholds[k]

        def cost(
            change: Floats, k: int = k, at: int = at, u: float = slope, e: float = edge
        ) -> float:
            odds = (u + familiar * change[0]) * told[:, at] - (e + familiar * change[1])
            chance = 1 / (1 + np.exp(-odds))
            return float(-np.log(np.where(grades > k + 1, chance, 1 - chance)).sum())

        best = minimize(cost, np.zeros(2), method="Nelder-Mead", options={"fatol": 1e-9})
        mine = np.array([found.known.slopes[k] - slope, found.known.thresholds[k] - edge])
        assert -1e-6 <= cost(mine) - best.fun < 0.5


def test_without_any_grade_of_the_same_need_the_scales_are_one() -> None:
    latents, grades = simulated(500, 8)
    found = fit_scales(latents, latents, np.zeros(500), grades)
    assert found.known == found.unseen


def test_a_handful_of_grades_gives_finite_scales() -> None:
    for grades in ([4], [1, 4], [2, 2, 2], [1, 2, 3, 4]):
        latents = twice(np.arange(float(len(grades))))
        familiar = np.linspace(0.1, 0.9, len(grades))
        found = fit_scales(latents, latents, familiar, np.array(grades))
        assert np.isfinite([*told(found.unseen), *told(found.known)]).all()
        assert min(*found.unseen.slopes, *found.known.slopes) > 0
