"""Piecewise linear functions of features."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays

from matcher.rank.shapes import Shapes, grouped

NAN = float("nan")
HAND = Shapes(np.array([10.0, 0.0]), np.array([2.0, 0.5]), np.array([[-1.0, 1.0], [0.0, 2.0]]))

QUANTILES = (0.2, 0.5, 0.8, 0.95)


def test_columns_are_the_value_and_its_excess_over_each_knot() -> None:
    found = HAND.columns(np.array([[13.0, -0.25], [9.0, 1.5]]))
    assert found.tolist() == [[1.5, 2.5, 0.5, -0.5, 0.0, 0.0], [-0.5, 0.5, 0.0, 3.0, 3.0, 1.0]]


def test_values_are_linear_between_knots() -> None:
    weights = np.array([1.0, -3.0, 5.0, 0.5, 0.0, 2.0])
    grid = np.array([[6.0, 0.0], [8.0, 0.0], [10.0, 0.0], [12.0, 0.0], [14.0, 0.0]])
    assert HAND.values(grid, weights)[:, 0].tolist() == [-2.0, -1.0, -3.0, -5.0, -2.0]
    assert HAND.values(np.array([[10.0, 1.5]]), weights).tolist() == [[-3.0, 3.5]]


def test_what_is_missing_adds_nothing() -> None:
    found = HAND.columns(np.array([[NAN, 1.5], [12.0, NAN]]))
    assert found.tolist() == [[0.0, 0.0, 0.0, 3.0, 3.0, 1.0], [1.0, 2.0, 0.0, 0.0, 0.0, 0.0]]
    assert HAND.values(np.full((1, 2), NAN), np.ones(6)).tolist() == [[0.0, 0.0]]


def test_values_beyond_four_deviations_are_cut() -> None:
    assert HAND.even(np.array([[1e9, -1e9], [18.0, -2.0]])).tolist() == [[4.0, -4.0], [4.0, -4.0]]


def test_shapes_are_fitted_to_what_is_known() -> None:
    features = np.random.default_rng(0).gamma(2.0, size=(400, 3))
    features[::3, 1] = NAN
    shapes = Shapes.of(features, QUANTILES)
    for place in range(3):
        known = features[:, place][~np.isnan(features[:, place])]
        assert shapes.means[place] == pytest.approx(known.mean(), rel=1e-12)
        assert shapes.spreads[place] == pytest.approx(known.std(), rel=1e-12)
        cut = np.clip((known - known.mean()) / known.std(), -4, 4)
        np.testing.assert_allclose(shapes.knots[place], np.quantile(cut, QUANTILES), atol=1e-12)


def test_a_feature_that_is_always_missing_or_alike_adds_nothing_that_is_not_finite() -> None:
    features = np.column_stack([np.full(5, NAN), np.full(5, 0.3), np.arange(5.0)])
    shapes = Shapes.of(features, QUANTILES)
    assert shapes.means.tolist() == pytest.approx([0.0, 0.3, 2.0])
    assert shapes.spreads.tolist() == pytest.approx([1.0, 1.0, np.sqrt(2.0)])
    columns = shapes.columns(features)
    assert (columns[:, :5] == 0).all()
    np.testing.assert_allclose(columns[:, 5:10], 0, atol=1e-12)


@pytest.mark.parametrize("count", [0, 1, 2])
def test_any_number_of_rows_is_fine(count: int) -> None:
    features = np.array([[12.0, 1.5], [10.0, 0.0]])[:count]
    assert HAND.columns(features).shape == (count, 6)
    assert HAND.values(features, np.ones(6)).tolist() == [[3.0, 7.0], [1.0, 0.0]][:count]


numbers = st.floats(-50, 50) | st.just(NAN)


@given(arrays(np.float64, (4, 2), elements=numbers), arrays(np.float64, 6, elements=numbers))
def test_columns_times_weights_are_the_values_summed(
    features: np.ndarray, weights: np.ndarray
) -> None:
    weights = np.nan_to_num(weights)
    np.testing.assert_allclose(
        HAND.columns(features) @ weights, HAND.values(features, weights).sum(axis=1), atol=1e-9
    )


def test_values_of_one_group_are_summed() -> None:
    values = np.array([[1.0, 2.0, 4.0, 8.0], [0.5, 0.0, -1.0, 3.0]])
    found = grouped(values, ("b", "a", "b", "c"), ("a", "b", "d"))
    assert found.tolist() == [[2.0, 5.0, 0.0], [0.0, -0.5, 0.0]]
    assert grouped(np.zeros((0, 2)), ("a", "b"), ("a",)).shape == (0, 1)


def test_without_knots_the_functions_are_straight_lines() -> None:
    features = np.array([[1.0, 5.0], [3.0, np.nan], [5.0, 5.0]])
    shapes = Shapes.of(features)
    assert (shapes.width, shapes.knots.shape) == (1, (2, 0))
    deviation = np.sqrt(8 / 3)
    wanted = [[-2 / deviation, 0.0], [0.0, 0.0], [2 / deviation, 0.0]]
    np.testing.assert_allclose(shapes.columns(features), wanted, atol=1e-12)
