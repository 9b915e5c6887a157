"""Judged pairs dealt into folds, by chance or by need: what one fold tests, the others teach."""

from collections.abc import Sequence

import numpy as np

from matcher.protocols import IntArray

Folds = IntArray


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
    found: Folds = chosen[group]
    return found
