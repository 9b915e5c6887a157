"""Rankers that learn from grades, for `bench_ranking.py`: what is said of the pairs of one fold is
learned from the other folds alone.

Ours is fitted once with all pairs; what a fit without one fold says of it has a closed form
(matcher/rank/gaussian.py, held to refitting by tests/unit/rank), and the scale that turns it into
chances is fitted on the other folds.  Centres, IPC fields, idf and the knots of the shapes come
from texts without grades.  The ablations leave one part out."""

from collections.abc import Callable
from dataclasses import replace
from functools import cache
from pathlib import Path

import home
import numpy as np
from folds import Folds
from judgements import Pairs
from numpy.typing import NDArray

from matcher.build import make_encoder, make_ranker
from matcher.config import EncoderSettings
from matcher.encode.cached import CachedEncoder
from matcher.grading import Views, by_need, lessons
from matcher.rank.gaussian import fit
from matcher.rank.learn import paired
from matcher.rank.memory import Kernel
from matcher.rank.ordinal import fit_scale
from matcher.rank.ranker import GROUPS
from matcher.text.words import Segmenter

Floats = NDArray[np.float64]
Predicted = tuple[Floats, Floats | None]
Ranker = Callable[[Pairs, Folds], Predicted]
NO_MEMORY = Kernel(same=0, near=0, strict=0, kind=0, general=0)
SAME_ONLY = Kernel(near=0, kind=0, general=0)


@cache
def design() -> tuple[Views, object, Floats, NDArray[np.int64]]:
    """The shipped reading of all pairs: views, pairs for the memory, columns, and the row of
    each in the file."""
    pairs = Pairs.read()
    encoder = CachedEncoder(make_encoder(EncoderSettings()), home.WORK / "judged-vectors.db")
    views = Views.of(make_ranker(Path("/nonexistent"), Segmenter()), encoder)
    judged = pairs.judged
    taught = lessons(views, judged.needs, judged.patents, judged.grades.tolist())
    told = [lesson.told for lesson in taught]
    columns = np.vstack([views.ranker.additive.columns(one) for one in told])
    rows = [row for group in by_need(judged.needs) for row in group]
    return views, paired(told), columns, np.array(rows)


def ours(part: str = "", kernel: Kernel | None = None) -> Ranker:
    """The shipped ranker's model, without a part of the additive half or with another memory."""

    def predict(pairs: Pairs, folds: Folds) -> Predicted:
        views, memory, columns, rows = design()
        prior = views.ranker.prior
        latent = np.empty(len(rows))
        (latent[rows],) = fit(
            columns * kept(part, views, columns.shape[1]),
            memory,
            pairs.grades[rows].astype(np.float64),
            leave=[folds[rows]],
            prior=replace(prior, kernel=kernel) if kernel else prior,
        ).left_out
        chances = np.empty((len(rows), 4))
        for fold in range(5):
            held = folds == fold
            chances[held] = fit_scale(latent[~held], pairs.grades[~held]).chances(latent[held])
        return chances, latent

    return predict


def kept(part: str, views: Views, count: int) -> Floats:
    """(c,) 0 for the columns of a part, else 1."""
    additive = views.ranker.additive
    names = [group for group in GROUPS for _ in range(additive.shapes.width)]
    names += ["aspects"] * additive.aspect.width
    assert len(names) == count
    return np.array([name != part for name in names], dtype=np.float64)


RANKERS: dict[str, Ranker] = {
    "**ranker-1 (shipped)**": ours(),
    "- without meaning": ours("meaning"),
    "- without aspects": ours("aspects"),
    "- without terms": ours("terms"),
    "- without field": ours("field"),
    "- without memory": ours(kernel=NO_MEMORY),
    "- memory of the same need alone": ours(kernel=SAME_ONLY),
}
