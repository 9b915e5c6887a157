"""The memory's kernel, against its formula written out pair by pair."""

from collections.abc import Callable
from math import exp

import numpy as np
import pytest

from matcher.protocols import FloatArray
from matcher.rank.memory import Kernel, Memory, Pairs, familiarity, gram

KERNEL = Kernel(0.5, 0.2, 0.07, 0.03, 0.11, 0.6, 0.4)


def unit(rows: np.ndarray) -> FloatArray:
    return (rows / np.linalg.norm(rows, axis=1, keepdims=True)).astype(np.float32)


def pairs(seed: int, count: int, needs: int = 4) -> Pairs:
    """Random pairs of few needs, two of them almost the same, and some more patents."""
    chance = np.random.default_rng(seed)
    asked = chance.normal(size=(needs, 8))
    asked[-1] = asked[0] + 0.05 * chance.normal(size=8)
    told = unit(chance.normal(size=(count // 2 + 1, 8)))
    return Pairs(
        unit(asked), told, chance.integers(0, needs, count), chance.integers(0, len(told), count)
    )


def formula(kernel: Kernel, one: tuple[FloatArray, ...], other: tuple[FloatArray, ...]) -> float:
    """k((n, p), (n', p')) as the docstring has it."""
    needs = float(one[0].astype(np.float64) @ other[0])
    patents = float(one[1].astype(np.float64) @ other[1])
    s, w = exp((needs - 1) / 0.03), exp((needs - 1) / kernel.need_width)
    a = exp((patents - 1) / kernel.patent_width)
    return (
        (kernel.same * s + kernel.near * w) * a
        + kernel.strict * s
        + kernel.kind * w
        + kernel.general * a
    )


def each(told: Pairs) -> list[tuple[FloatArray, FloatArray]]:
    rows = zip(told.need_rows, told.patent_rows, strict=True)
    return [(told.needs[need], told.patents[patent]) for need, patent in rows]


def test_the_gram_matrix_is_the_formula() -> None:
    told = pairs(1, 30)
    by_hand = [[formula(KERNEL, one, other) for other in each(told)] for one in each(told)]
    np.testing.assert_allclose(gram(told, KERNEL), by_hand, rtol=3e-5)


Recalled = Callable[[Memory, Pairs], np.ndarray]


def test_what_is_recalled_is_the_weighed_sum_over_the_formula(recalled: Recalled) -> None:
    told, asked = pairs(2, 30), pairs(3, 25)
    asked = Pairs(
        np.vstack([told.needs[:2], asked.needs]),
        asked.patents,
        asked.need_rows + 1,
        asked.patent_rows,
    )
    weights = np.random.default_rng(4).normal(size=(30, 2)).astype(np.float32)
    by_hand = [
        sum(
            both.astype(np.float64) * formula(KERNEL, one, other)
            for both, other in zip(weights, each(told), strict=True)
        )
        for one in each(asked)
    ]
    found = recalled(Memory(told, weights, KERNEL), asked)
    np.testing.assert_allclose(found, by_hand, atol=2e-5)
    assert np.abs(found).max() > 0.1


def test_who_was_taught_nothing_recalls_nothing(recalled: Recalled) -> None:
    none, rows = np.zeros((0, 8), np.float32), np.zeros(0, np.int64)
    empty = Memory(Pairs(none, none, rows, rows), np.zeros((0, 2), np.float32), KERNEL)
    assert recalled(empty, pairs(5, 6)).tolist() == [[0.0, 0.0]] * 6
    memory = Memory(pairs(5, 6), np.ones((6, 2), np.float32), KERNEL)
    assert memory.pulls(none).shape == (0, 2, len(memory.pairs.needs))
    assert memory.recall(memory.pairs.needs[0], memory.pulls(none)).shape == (0, 2)


def test_a_need_is_familiar_by_the_grades_it_was_given() -> None:
    needs = np.eye(8, dtype=np.float32)[:3]
    needs[2] = unit(needs[:1] + 0.05 * np.eye(8, dtype=np.float32)[5])[0]  # the first, reworded
    told = Pairs(needs, needs, np.array([0, 0, 0, 1, 2, 2]), np.array([0, 1, 2, 0, 1, 2]))
    memory = Memory(told, np.ones((6, 2), np.float32), KERNEL)
    assert [memory.familiar(need) for need in needs] == [5 / 10, 1 / 6, 5 / 10]
    assert memory.familiar(np.eye(8, dtype=np.float32)[7]) == 0.0
    folds = np.array([0, 1, 1, 0, -1, -1])
    assert familiarity(told, folds).tolist() == [4 / 9, 3 / 8, 3 / 8, 0.0, 3 / 8, 3 / 8]


@pytest.mark.parametrize("kernel", [Kernel(), KERNEL])
def test_a_grade_speaks_most_for_like_patents_of_the_same_need(kernel: Kernel) -> None:
    need, patent = np.eye(8, dtype=np.float32)[:2]
    like, close = (
        unit((np.cos(turn) * row + np.sin(turn) * np.eye(8)[5])[None])[0]
        for turn, row in ((0.4, need), (0.4, patent))
    )
    one = np.zeros(1, np.int64)
    weights = np.array([[1, -2]], np.float32)
    memory = Memory(Pairs(need[None], patent[None], one, one), weights, kernel)

    def says(need: FloatArray, patent: FloatArray) -> float:
        first, second = memory.recall(need, memory.pulls(patent[None]))[0].tolist()
        assert second == pytest.approx(-2 * first, rel=1e-5)
        return float(first)

    other, far = np.eye(8, dtype=np.float32)[6:]
    falling = [
        says(need, patent), says(need, close), says(like, close), says(like, far), says(other, far)
    ]  # fmt: skip
    assert falling == sorted(falling, reverse=True)
    assert min(np.diff(falling[::-1])) > 0.01
    assert says(need, patent) == pytest.approx(
        kernel.same + kernel.near + kernel.strict + kernel.kind + kernel.general, rel=1e-5
    )
