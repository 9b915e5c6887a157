"""Folds hold every pair once, and a need whole."""

import numpy as np

from matcher.evaluate.folds import by_chance, by_title


def test_pairs_are_dealt_out_evenly_and_alike_each_time() -> None:
    folds = by_chance(23, k=5, seed=1)
    assert sorted(np.bincount(folds).tolist()) == [4, 4, 5, 5, 5]
    np.testing.assert_array_equal(folds, by_chance(23, k=5, seed=1))
    assert (folds != by_chance(23, k=5, seed=2)).any()


def test_a_title_stays_in_one_fold_and_folds_are_of_like_size() -> None:
    titles = [f"需求{number}" for number in range(12) for _ in range(number % 4 + 1)]
    folds = by_title(titles, k=3)
    for title in set(titles):
        assert (
            len({int(fold) for fold, name in zip(folds, titles, strict=True) if name == title}) == 1
        )
    sizes = np.bincount(folds, minlength=3)
    assert sizes.sum() == len(titles) and sizes.max() - sizes.min() <= 4
