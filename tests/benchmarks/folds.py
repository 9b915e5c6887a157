"""The folds that every model of `bench_ranking.py` is measured on; seed 0, five of them."""

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

Folds = NDArray[np.int64]


def by_chance(pairs: int, *, k: int = 5, seed: int = 0) -> Folds:
    """(pairs,) fold of each pair: pairs dealt out at random, so that a need met in testing was
    seen in training with other achievements."""
    order = np.random.default_rng(seed).permutation(pairs)
    folds = np.empty(pairs, dtype=np.int64)
    for fold in range(k):
        folds[order[fold::k]] = fold
    return folds


def by_title(titles: Sequence[str], *, k: int = 5, seed: int = 0) -> Folds:
    """(pairs,) fold of each pair, given the title of its need: all pairs of a title in one fold,
    so that a need is unseen.  20 titles stand under two ids with the same text.  Titles are dealt
    out in random order, each to the fold that has the fewest pairs."""
    known = sorted(set(titles))
    place = {title: i for i, title in enumerate(known)}
    group = np.array([place[title] for title in titles])
    sizes = np.bincount(group, minlength=len(known))
    load, chosen = np.zeros(k), np.empty(len(known), dtype=np.int64)
    for title in np.random.default_rng(seed).permutation(len(known)).tolist():
        chosen[title] = fold = int(np.argmin(load))
        load[fold] += sizes[title]
    return chosen[group]
