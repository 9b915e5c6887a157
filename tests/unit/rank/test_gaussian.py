"""The Gaussian process, against one solve in double precision."""

from collections.abc import Callable

import numpy as np
import pytest

from matcher.rank.gaussian import Prior, fit
from matcher.rank.memory import Kernel, Memory, Pairs
from matcher.rank.ordinal import Floats

PRIOR = Prior(0.3, 0.05, Kernel(0.5, 0.2, 0.07, 0.03, 0.11, 0.6, 0.4))
COUNT, NEEDS, WIDTH = 60, 7, 5


def unit(rows: np.ndarray) -> np.ndarray:
    return (rows / np.linalg.norm(rows, axis=1, keepdims=True)).astype(np.float32)


def made(seed: int, count: int = COUNT) -> tuple[Floats, Pairs, Floats]:
    chance = np.random.default_rng(seed)
    told = Pairs(
        unit(chance.normal(size=(NEEDS, 8))), unit(chance.normal(size=(40, 8))),
        chance.integers(0, NEEDS, count), chance.integers(0, 40, count),
    )  # fmt: skip
    return chance.normal(size=(count, WIDTH)), told, chance.integers(1, 5, (count, 2)).astype(float)


def kernel(one: Pairs, other: Pairs) -> Floats:
    """(n, m) in double precision, the formula by whole matrices."""
    of = PRIOR.kernel
    needs = one.needs[one.need_rows].astype(np.float64) @ other.needs[other.need_rows].T
    patents = one.patents[one.patent_rows].astype(np.float64) @ other.patents[other.patent_rows].T
    s, w = np.exp((needs - 1) / 0.03), np.exp((needs - 1) / of.need_width)
    a = np.exp((patents - 1) / of.patent_width)
    return (of.same * s + of.near * w) * a + of.strict * s + of.kind * w + of.general * a


def solved(columns: Floats, told: Pairs, grades: Floats, mean: Floats) -> Floats:
    """(n, 2) weights of pairs."""
    whole = kernel(told, told) + PRIOR.slope * columns @ columns.T
    return np.linalg.solve(whole + PRIOR.noise * np.eye(len(grades)), grades - mean)


def some(told: Pairs, rows: np.ndarray) -> Pairs:
    return Pairs(told.needs, told.patents, told.need_rows[rows], told.patent_rows[rows])


def refitted(
    columns: Floats, told: Pairs, grades: Floats, stay: np.ndarray, ask: np.ndarray
) -> Floats:
    """What a fit to the rows that stay says of others, the mean being that of all grades."""
    mean = grades.mean(axis=0)
    weights = solved(columns[stay], some(told, stay), grades[stay], mean)
    cross = kernel(some(told, ask), some(told, stay))
    return mean + (cross + PRIOR.slope * columns[ask] @ columns[stay].T) @ weights


def test_weights_are_those_of_one_solve() -> None:
    columns, told, grades = made(1)
    found = fit(columns, told, grades, leave=[], prior=PRIOR)
    np.testing.assert_allclose(found.means, grades.mean(axis=0), atol=1e-12)
    by_hand = solved(columns, told, grades, found.means)
    np.testing.assert_allclose(found.weights, by_hand, atol=2e-4)
    np.testing.assert_allclose(found.slopes, PRIOR.slope * columns.T @ by_hand, atol=2e-4)
    assert found.left_out == []


def test_slopes_and_memory_together_say_what_the_process_says_of_new_pairs(
    recalled: Callable[[Memory, Pairs], np.ndarray],
) -> None:
    columns, told, grades = made(2)
    found = fit(columns, told, grades, leave=[], prior=PRIOR)
    weights = solved(columns, told, grades, grades.mean(axis=0))
    new, asked, _ = made(3, 30)
    linear = PRIOR.slope * (new @ columns.T) @ weights
    np.testing.assert_allclose(new @ found.slopes, linear, atol=5e-4)
    memory = Memory(told, found.weights, PRIOR.kernel)
    np.testing.assert_allclose(recalled(memory, asked), kernel(asked, told) @ weights, atol=5e-4)


def test_what_is_left_out_together_is_judged_by_a_fit_of_the_rest() -> None:
    columns, told, grades = made(4)
    chance = np.random.default_rng(4)
    some_stay = np.where(chance.random(COUNT) < 0.3, -1, chance.integers(0, 5, COUNT))
    groupings = [told.need_rows, some_stay]
    found = fit(columns, told, grades, leave=groupings, prior=PRIOR)
    for groups, left_out in zip(groupings, found.left_out, strict=True):
        for group in np.unique(groups[groups >= 0]):
            rows, rest = np.flatnonzero(groups == group), np.flatnonzero(groups != group)
            by_hand = refitted(columns, told, grades, rest, rows)
            np.testing.assert_allclose(left_out[rows], by_hand, atol=1e-3)
    stays = some_stay < 0
    assert found.left_out[1][stays].tolist() == grades[stays].tolist()


def test_numbers_of_groups_are_only_names() -> None:
    columns, told, grades = made(5)
    leave = [told.need_rows, 100 - 7 * told.need_rows]
    one, other = fit(columns, told, grades, leave=leave, prior=PRIOR).left_out
    np.testing.assert_array_equal(one, other)


@pytest.mark.parametrize("count", [1, 2])
def test_one_or_two_pairs_are_enough(count: int) -> None:
    columns, told, grades = made(6, count)
    leave = [np.arange(count)]
    found = fit(columns, told, grades, leave=leave, prior=PRIOR)
    by_hand = solved(columns, told, grades, grades.mean(axis=0))
    np.testing.assert_allclose(found.weights, by_hand, atol=1e-5)
    everyone = np.arange(count)
    for row in range(count):
        said = refitted(columns, told, grades, everyone[everyone != row], everyone[[row]])
        np.testing.assert_allclose(found.left_out[0][row], said[0], atol=1e-5)


def test_the_same_pairs_give_the_same_bytes() -> None:
    columns, told, grades = made(7)
    one, other = (fit(columns, told, grades, leave=[], prior=PRIOR) for _ in range(2))
    assert one.weights.tobytes() == other.weights.tobytes()
    assert one.slopes.tobytes() == other.slopes.tobytes()
