"""What a ranker knows before any grade."""

import numpy as np
import pytest

from matcher.protocols import FloatArray
from matcher.rank.base import centres, frequencies
from matcher.rank.features import centred
from matcher.text.words import Segmenter


def rows(count: int, seed: int, lean: float = 0.8) -> FloatArray:
    found = np.random.default_rng(seed).normal(size=(count, 10)) + lean
    return (found / np.linalg.norm(found, axis=1, keepdims=True)).astype(np.float32)


def test_frequencies_count_texts_not_places_and_leave_out_what_one_text_says(
    segmenter: Segmenter,
) -> None:
    titles = ["轴承润滑", "轴承 轴承", "污水"]
    found = frequencies(titles, ["轴承润滑\n污水 脱氮", "污水"], segmenter)
    assert found.texts == 3
    assert found.words == {"轴承": 2}
    assert found.grams == {"承": 2, "轴": 2, "轴承": 2}
    assert list(found.grams) == sorted(found.grams)
    assert found.mean_words == pytest.approx(((2 + 2 + 1) / 3, (4 + 1) / 2))
    assert found.mean_grams == pytest.approx(((7 + 6 + 3) / 3, (13 + 3) / 2))


def test_centres_are_means_and_of_two_sorts_of_titles_the_middle() -> None:
    needs, titles, others = rows(20, 1), rows(30, 2), rows(5, 3, lean=-0.5)
    found = centres(needs, (titles, others), rows(12, 4), rows(12, 5))
    np.testing.assert_allclose(found.needs, needs.mean(axis=0), atol=1e-6)
    np.testing.assert_allclose(found.wholes, rows(12, 4).mean(axis=0), atol=1e-6)
    middle = (titles.mean(axis=0) + others.mean(axis=0)) / 2
    np.testing.assert_allclose(found.titles, middle, atol=1e-6)


def test_cosines_with_whole_texts_are_brought_to_mean_and_deviation_of_those_with_titles() -> None:
    stretch = np.linspace(3, 0, 10, dtype=np.float32)
    needs, wholes, heads = rows(40, 6) * stretch, rows(60, 7) * stretch, rows(60, 8)
    found = centres(needs, (rows(30, 9), rows(30, 10)), wholes, heads)
    asked = centred(needs, found.needs).astype(np.float64)
    plain = centred(heads, found.titles) @ asked.T
    rich = found.factor * (centred(wholes, found.wholes) @ asked.T) + found.step
    assert rich.mean() == pytest.approx(plain.mean(), abs=1e-6)
    assert rich.std() == pytest.approx(plain.std(), abs=1e-6)
    assert abs(found.factor - 1) > 0.02


def test_the_axes_are_the_principal_ones_of_both_sorts_of_titles_the_same_each_time() -> None:
    stretch = np.linspace(3, 0.3, 10, dtype=np.float32)
    titles, others = rows(60, 1) * stretch, rows(20, 2) * stretch
    found = centres(rows(9, 3), (titles, others), rows(12, 4), rows(12, 5))
    np.testing.assert_allclose(found.axes.T @ found.axes, np.eye(10), atol=1e-6)
    assert np.all(found.axes.max(axis=0) >= -found.axes.min(axis=0))
    spread = [
        np.square(centred(one, found.titles) @ found.axes).mean(axis=0) for one in (titles, others)
    ]
    assert np.all(np.diff(sum(spread)) <= 1e-6)
    again = centres(rows(9, 3), (titles, others), rows(12, 4), rows(12, 5))
    np.testing.assert_array_equal(found.axes, again.axes)
