"""Rankers that learn from grades, for `bench_ranking.py`: what is said of the pairs of one fold is
learned from the other folds alone.

Ours is fitted once with all pairs; what a fit without one fold says of it has a closed form
(matcher/rank/gaussian.py, held to refitting by tests/unit/rank), and the scale that turns it into
chances is fitted on the other folds.  Centres, IPC fields, idf and the knots of the shapes come
from texts without grades.  The ablations leave one part out."""

from collections.abc import Callable, Sequence
from dataclasses import replace
from functools import cache
from pathlib import Path

import home
import numpy as np
from baselines import Matrix, Query
from judgements import Pairs
from numpy.typing import NDArray

from matcher.build import make_encoder, make_ranker
from matcher.config import EncoderSettings
from matcher.encode.cached import CachedEncoder
from matcher.evaluate.folds import Folds
from matcher.grading import Views, by_need, lessons, taken
from matcher.rank.features import PatentViews
from matcher.rank.gaussian import fit
from matcher.rank.learn import Lesson, learn, paired
from matcher.rank.memory import Kernel, Memory, familiarity
from matcher.rank.ordinal import GOOD, fit_scales, targets
from matcher.rank.ranker import GROUPS, Taught
from matcher.records import Need, Patent
from matcher.text.aspects import need_aspects
from matcher.text.words import Segmenter

Floats = NDArray[np.float64]
Predicted = tuple[Floats, Floats | None]
Ranker = Callable[[Pairs, Folds], Predicted]
NO_MEMORY = Kernel(same=0, near=0, strict=0, kind=0, general=0)
SAME_ONLY = Kernel(near=0, kind=0, general=0)


@cache
def reading() -> tuple[Views, list[Lesson]]:
    """The shipped ranker, and how it reads all judged pairs, a lesson a need."""
    judged = Pairs.read().judged
    encoder = CachedEncoder(make_encoder(EncoderSettings()), home.WORK / "judged-vectors.db")
    views = Views.of(make_ranker(Path("/nonexistent"), Segmenter()), encoder)
    return views, lessons(views, judged.needs, judged.patents, judged.grades.tolist())


@cache
def design() -> tuple[Views, object, Floats, NDArray[np.int64]]:
    """The shipped reading of all pairs: views, pairs for the memory, columns, and the row of
    each in the file."""
    views, taught = reading()
    told = [lesson.told for lesson in taught]
    columns = np.vstack([views.ranker.additive.columns(one) for one in told])
    rows = [row for group in by_need(Pairs.read().judged.needs) for row in group]
    return views, paired(taught), columns, np.array(rows)


def ours(part: str = "", kernel: Kernel | None = None, *, alike: bool = False) -> Ranker:
    """The shipped ranker's model, without a part of the additive half or with another memory; or
    all needs scaled `alike`, as those that nobody graded."""

    @cache
    def latents() -> list[tuple[Folds, Floats, Floats]]:
        """Every kind of folds, random ones first; what one fit says of each pair without its
        fold, (n, 2); and how familiar its need is then, (n,)."""
        views, memory, columns, rows = design()
        prior, pairs = views.ranker.prior, Pairs.read()
        kinds = list(pairs.folds.values())
        found = fit(
            columns * kept(part, views, columns.shape[1]),
            memory,
            targets(pairs.grades[rows].astype(np.float64)),
            leave=[folds[rows] for folds in kinds],
            prior=replace(prior, kernel=kernel) if kernel else prior,
        ).left_out
        places = np.argsort(rows)
        return [
            (folds, told[places], familiarity(memory, folds[rows])[places])
            for folds, told in zip(kinds, found, strict=True)
        ]

    def predict(pairs: Pairs, folds: Folds) -> Predicted:
        (_, held_out, known), (_, unseen, _) = latents()
        told, familiar = next(rest for kind, *rest in latents() if np.array_equal(kind, folds))
        chances = np.empty((len(told), 4))
        for fold in range(5):
            held, rest = folds == fold, folds != fold
            scales = fit_scales(unseen[rest], held_out[rest], known[rest], pairs.grades[rest])
            chances[held] = scales.chances(told[held], familiar[held] * (not alike))
        return chances, told[:, GOOD]

    return predict


def kept(part: str, views: Views, count: int) -> Floats:
    """(c,) 0 for the columns of a part, else 1."""
    additive = views.ranker.additive
    names = [group for group in GROUPS for _ in range(additive.shapes.width)]
    names += ["aspects"] * additive.aspect.width
    assert len(names) == count
    return np.array([name != part for name in names], dtype=np.float64)


def within(folds: Folds) -> dict[int, Views]:
    """For each fold a ranker that was taught the others alone."""
    views, taught = reading()
    nothing = Taught(np.zeros((0, 0), np.float16), np.zeros(0, np.int8), ())
    base = replace(
        views.ranker, taught=nothing, memory=Memory.empty(*views.ranker.centres.axes.shape)
    )
    first = [group[0] for group in by_need(Pairs.read().judged.needs)]
    return {
        fold: replace(views, ranker=learn(base, some, name=f"without fold {fold}").ranker)
        for fold in np.unique(folds).tolist()
        if (some := [one for one, row in zip(taught, first, strict=True) if folds[row] != fold])
    }


def ordered(
    views: Sequence[Views], needs: Sequence[Need], patents: PatentViews, found: Matrix
) -> Matrix:
    """As matching does: of each need's texts the first 200 by `found` (needs, texts) in the order
    of its ranker, the others behind them as they were found."""
    scores = np.argsort(np.argsort(found, axis=1), axis=1).astype(np.float32) - found.shape[1]
    for row, (need, own) in enumerate(zip(needs, views, strict=True)):
        best = np.argsort(-found[row], kind="stable")[:RANKED].tolist()
        graded = own.ranker.grade(own.need(need_aspects(need)), taken(patents, best))
        scores[row, best] = 1 / (1 + np.exp(-graded.scores))
    return scores


def in_pool(pairs: Pairs, found: Matrix) -> Matrix:
    """The judged needs against all texts; each need by a ranker that never saw it."""
    folds = pairs.folds["unseen needs"]
    own = within(folds)
    needs = {need.id: need for need in pairs.judged.needs}
    fold_of = {need.id: int(fold) for need, fold in zip(pairs.judged.needs, folds, strict=True)}
    views = [own[fold_of[id]] for id in pairs.needs]
    texts = [Patent(id=str(place), keys=(), title=text) for place, text in enumerate(pairs.texts)]
    return ordered(views, [needs[id] for id in pairs.needs], reading()[0].patents(texts), found)


def in_papers(queries: Sequence[Query], texts: Sequence[str], found: Matrix) -> Matrix:
    """Titles or keywords against abstracts, by the shipped ranker."""
    views, _ = reading()
    told = [Patent(id=str(at), keys=(), title="", abstract=text) for at, text in enumerate(texts)]
    needs = [Need(id=str(at), title=query.title) for at, query in enumerate(queries)]
    return ordered([views] * len(needs), needs, views.patents(told), found)


RANKED = 200
RANKERS: dict[str, Ranker] = {
    "**ranker-4 (shipped)**": ours(),
    "- without meaning": ours("meaning"),
    "- without aspects": ours("aspects"),
    "- without terms": ours("terms"),
    "- without field": ours("field"),
    "- without memory": ours(kernel=NO_MEMORY),
    "- memory of the same need alone": ours(kernel=SAME_ONLY),
    "- graded needs scaled as others": ours(alike=True),
}
