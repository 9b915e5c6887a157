"""Rankers that learn from grades, for `bench_ranking.py`: each is trained on the other folds and
gives the chances of the pairs of one.

    def mine(pairs: Pairs, folds: Folds) -> Predicted:
        chances = np.empty((len(pairs.grades), 4))
        for fold in range(5):
            held = folds == fold
            ...  # fit on ~held, everything fitted inside, then fill chances[held]
        return chances, None   # None: rank by the expected grade

    RANKERS["mine"] = mine"""

from collections.abc import Callable

import numpy as np
from folds import Folds
from judgements import Pairs
from numpy.typing import NDArray

Floats = NDArray[np.float64]
Predicted = tuple[Floats, Floats | None]
Ranker = Callable[[Pairs, Folds], Predicted]
RANKERS: dict[str, Ranker] = {}
