"""Every measure against scikit-learn, scipy or a formula written out by hand."""

import math
from collections.abc import Callable

import numpy as np
import pytest
from numpy.typing import NDArray
from scipy import stats
from sklearn import metrics

from matcher.evaluate.measures import (
    MEASURES,
    Outcome,
    above,
    expected,
    measure,
    predicted,
)

Rows = Callable[[Outcome, NDArray[np.int64]], Outcome]


def made(seed: int, n: int = 400, needs: int = 12) -> Outcome:
    """Pairs whose scores have many ties and whose chances know a little of the grades."""
    lot = np.random.default_rng(seed)
    grades = lot.choice([1, 2, 3, 4], size=n, p=[0.45, 0.35, 0.12, 0.08])
    raw = lot.random((n, 4)) + 0.7 * np.eye(4)[grades - 1]
    groups = np.concatenate([np.arange(needs), lot.integers(0, needs, n - needs)])
    scores = np.round(lot.random(n) + 0.2 * grades, 1)
    return Outcome(groups, grades, raw / raw.sum(axis=1, keepdims=True), scores)


def ndcg_by_hand(outcome: Outcome) -> float:
    found = []
    for group in sorted(set(outcome.groups.tolist())):
        rows = [row for row in range(len(outcome.groups)) if outcome.groups[row] == group]
        gain = [2 ** (int(outcome.grades[row]) - 1) - 1 for row in rows]
        by_score = sorted(range(len(rows)), key=lambda i: (-outcome.scores[rows[i]], i))[:10]
        dcg = sum(gain[i] / math.log2(place + 2) for place, i in enumerate(by_score))
        best = sum(g / math.log2(p + 2) for p, g in enumerate(sorted(gain, reverse=True)[:10]))
        if best:
            found.append(dcg / best)
    return sum(found) / len(found)


def calibration_by_hand(outcome: Outcome, grade: int) -> float:
    chances = outcome.chances[:, grade:].sum(axis=1)
    total = 0.0
    for box in range(15):
        held = [
            (chance, given > grade)
            for chance, given in zip(chances, outcome.grades, strict=True)
            if box / 15 <= chance < (box + 1) / 15 or (box == 14 and chance == 1.0)
        ]
        if held:
            mean = sum(chance for chance, _ in held) / len(held)
            true = sum(hit for _, hit in held) / len(held)
            total += len(held) / len(chances) * abs(mean - true)
    return total


@pytest.mark.parametrize("seed", range(5))
def test_every_measure_is_what_others_compute(seed: int) -> None:
    outcome = made(seed)
    grades, scores, chances = outcome.grades, outcome.scores, outcome.chances
    median = [
        next(g for g in (1, 2, 3, 4) if sum(row[:g]) >= 0.5 - 1e-12) for row in chances.tolist()
    ]
    assert predicted(chances).tolist() == median
    by_hand = [calibration_by_hand(outcome, grade) for grade in (1, 2, 3)]
    assert measure(outcome) == pytest.approx(
        {
            "score": 1 / (1 + metrics.mean_absolute_error(grades, median)),
            "accuracy": metrics.accuracy_score(grades, median),
            "spearman": stats.spearmanr(scores, grades).statistic,
            "auc": metrics.roc_auc_score(grades >= 3, scores),
            "ndcg": ndcg_by_hand(outcome),
            "calibration": by_hand[1],
            "calibration_all": sum(by_hand) / 3,
            "log_loss": metrics.log_loss(grades, chances, labels=[1, 2, 3, 4]),
        },
        rel=1e-12,
    )


@pytest.mark.parametrize("seed", range(3))
def test_counting_a_need_twice_is_having_its_pairs_twice(seed: int) -> None:
    outcome = made(seed, n=120, needs=7)
    lots = np.random.default_rng(seed).multinomial(7, [1 / 7] * 7, size=4)
    for lot in lots:
        rows, groups = [], []
        for group, times in enumerate(lot.tolist()):
            own = np.flatnonzero(outcome.groups == group).tolist()
            for _ in range(times):
                groups += [len(set(groups))] * len(own)
                rows += own
        copied = Outcome(
            np.array(groups), outcome.grades[rows], outcome.chances[rows], outcome.scores[rows]
        )
        counted = {
            name: float(one.make(outcome)(lot[None, :].astype(float))[0])
            for name, one in MEASURES.items()
        }
        assert counted == pytest.approx(measure(copied), rel=1e-12)


def test_the_ndcg_of_an_example_worked_out_on_paper() -> None:
    flat = np.full((4, 4), 0.25)
    outcome = Outcome(
        np.zeros(4, dtype=np.int64), np.array([1, 4, 3, 2]), flat, np.array([4.0, 3.0, 2.0, 1.0])
    )
    got = 7 / math.log2(3) + 3 / 2 + 1 / math.log2(5)
    best = 7 + 3 / math.log2(3) + 1 / 2
    assert measure(outcome)["ndcg"] == pytest.approx(got / best, rel=1e-14)


def test_a_need_without_gains_is_left_out_of_the_ndcg() -> None:
    flat = np.full((4, 4), 0.25)
    outcome = Outcome(
        np.array([0, 0, 1, 1]), np.array([1, 1, 1, 4]), flat, np.array([2, 1, 2, 1.0])
    )
    assert measure(outcome)["ndcg"] == pytest.approx(1 / math.log2(3), rel=1e-14)


def test_equal_scores_rank_in_the_order_of_rows() -> None:
    flat = np.full((2, 4), 0.25)
    for grades, value in (([4, 1], 1.0), ([1, 4], 1 / math.log2(3))):
        outcome = Outcome(np.zeros(2, dtype=np.int64), np.array(grades), flat, np.zeros(2))
        assert measure(outcome)["ndcg"] == pytest.approx(value, rel=1e-14)


def test_what_the_pairs_do_not_define_is_nan() -> None:
    flat = np.full((3, 4), 0.25)
    outcome = Outcome(np.zeros(3, dtype=np.int64), np.ones(3, dtype=np.int64), flat, np.zeros(3))
    told = measure(outcome)
    assert {name for name, value in told.items() if math.isnan(value)} == {
        "spearman", "auc", "ndcg",
    }  # fmt: skip
    assert (told["score"], told["accuracy"]) == (0.5, 0.0)


def test_one_half_reached_by_rounding_counts_as_one_half() -> None:
    chances = np.array([[0.1, 0.2, 0.2, 0.5], [0.15, 0.35, 0.5, 0.0], [0.5, 0.5, 0.0, 0.0]])
    assert predicted(chances).tolist() == [3, 2, 1]
    assert expected(chances) == pytest.approx([3.1, 2.35, 1.5])
    assert above(chances, 2) == pytest.approx([0.7, 0.5, 0.0])


def test_a_chance_of_nothing_costs_much_but_not_all() -> None:
    outcome = Outcome(
        np.zeros(1, dtype=np.int64), np.array([4]), np.array([[1.0, 0, 0, 0]]), np.zeros(1)
    )
    assert measure(outcome)["log_loss"] == pytest.approx(-math.log(1e-15))
