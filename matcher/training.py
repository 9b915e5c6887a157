"""A home's own grades -> a ranker of its own, if it proves better on grades it was not shown."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Literal

import numpy as np

from matcher.errors import NothingUsable, UnknownId
from matcher.evaluate.bootstrap import Difference, compare
from matcher.evaluate.judged import Judged
from matcher.evaluate.measures import expected
from matcher.evaluate.predictions import Predictions
from matcher.grading import PairJudge, Views, by_need, lessons
from matcher.normalise.feedback import training_grade
from matcher.protocols import Store
from matcher.rank.learn import learn
from matcher.rank.ordinal import GOOD, Floats
from matcher.rank.ranker import Ranker

Reason = Literal["better", "nothing_new", "too_few", "unrelated", "reversed", "not_better"]
Share = tuple[float, float, float]
LEAST_PAIRS = 30
LEAST_NEEDS = 6
SIGNIFICANT = 0.05
DRAWS = 2000


@dataclass(frozen=True, slots=True, kw_only=True)
class Trial:
    """How a new ranker did against the one in force, on `pairs` grades of `needs` needs that
    neither was shown; `known` pairs were learned before.

    `agreement` is how often, of two patents of one need that people graded differently, the new
    one puts the better first, with its 95 % interval; `score` compares 1 / (1 + MAE), new less
    old.  `ranker` is the new one, whether it was taken or not."""

    reason: Reason
    pairs: int
    needs: int
    known: int
    agreement: Share | None = None
    score: Difference | None = None
    ranker: Ranker | None = None

    @property
    def better(self) -> bool:
        """Whether it should replace the one in force."""
        return self.reason == "better"


def graded_answers(store: Store) -> Judged:
    """What the stored answers say of relevance; answers about records that are gone are passed
    over.

    :raises NothingUsable: there is none."""
    needs, patents, grades = [], [], []
    for one in store.each_feedback():
        grade = training_grade(one)
        if grade is None:
            continue
        try:
            need, patent = store.needs([one.need_id])[0], store.patents([one.patent_id])[0]
        except UnknownId:
            continue
        needs.append(need)
        patents.append(patent)
        grades.append(grade)
    if not grades:
        raise NothingUsable(
            "还没有可用于训练的评分。请先导入评分或答复:patmatch feedback add 文件,"
            "或用 --pairs 和 --needs 给出评分文件。"
        )
    return Judged(tuple(needs), tuple(patents), np.array(grades, dtype=np.int64))


def train(views: Views, judged: Judged, *, name: str, seed: int) -> Trial:
    """A ranker that knows what the one in force was taught and the judged pairs, held against it
    on those pairs that are new, each fifth of them predicted from all the rest."""
    asked = len({need.id for need in judged.needs})
    if len(judged.grades) < LEAST_PAIRS or asked < LEAST_NEEDS:
        return Trial(reason="too_few", pairs=len(judged.grades), needs=asked, known=0)
    rows = [row for rows in by_need(judged.needs) for row in rows]
    taught = lessons(views, judged.needs, judged.patents, judged.grades.tolist())
    learned = learn(views.ranker, taught, name=name, seed=seed)
    fresh = np.flatnonzero(~learned.known)
    judged = _rows(judged, [rows[place] for place in fresh.tolist()])
    needs = len({need.id for need in judged.needs})
    trial = Trial(
        reason="nothing_new",
        pairs=len(fresh),
        needs=needs,
        known=len(rows) - len(fresh),
        ranker=learned.ranker,
    )
    if not len(fresh):
        return trial
    if len(fresh) < LEAST_PAIRS or needs < LEAST_NEEDS:
        return replace(trial, reason="too_few")
    held_out, familiar = (told[learned.new][fresh] for told in (learned.held_out, learned.familiar))
    agreement = concordance(judged, held_out[:, GOOD], seed=seed)
    chances = PairJudge(views).chances(judged.needs, judged.patents)
    before = concordance(judged, expected(chances), seed=seed)
    new = Predictions.of(judged, learned.ranker.scales.chances(held_out, familiar), {})
    old = Predictions.of(judged, chances, {})
    score = compare(new, old, seed=seed, draws=DRAWS)["score"]
    reason = _reason(agreement, before, score)
    return replace(trial, reason=reason, agreement=agreement, score=score)


def concordance(judged: Judged, latent: Floats, *, seed: int) -> Share:
    """Of two pairs of one need with different grades, how often the better has the higher latent
    (ties count half), over all such couples; and its 95 % interval of a bootstrap over needs.
    (0.5, 0, 1) when there is no such couple."""
    right, total = [], []
    for rows in by_need(judged.needs):
        grades, values = judged.grades[rows], latent[rows]
        above = grades[:, None] > grades[None]
        first = (values[:, None] > values[None]) + 0.5 * (values[:, None] == values[None])
        right.append(float((first * above).sum()))
        total.append(float(above.sum()))
    if not sum(total):
        return 0.5, 0.0, 1.0
    hits, couples = np.array(right), np.array(total)
    even = np.full(len(hits), 1 / len(hits))
    lots = np.random.default_rng(seed).multinomial(len(hits), even, size=DRAWS)
    drawn = (lots @ hits) / np.maximum(lots @ couples, 1e-9)
    low, high = np.quantile(drawn[lots @ couples > 0], (0.025, 0.975))
    return float(hits.sum() / couples.sum()), float(low), float(high)


def _reason(agreement: Share, before: Share, score: Difference) -> Reason:
    """Grades that have nothing to do with the texts can still flatter a ranker that says
    `about 2` of everything; so order must be learned, not only the level.  Grades that turn the
    order of the one in force around were most likely read the wrong way round."""
    if before[2] < 0.5:
        return "reversed"
    if agreement[1] <= 0.5:
        return "unrelated"
    gain, p = score.difference.value, score.p
    better = gain is not None and p is not None and gain > 0 and p < SIGNIFICANT
    return "better" if better else "not_better"


def _rows(judged: Judged, rows: Sequence[int]) -> Judged:
    return Judged(
        tuple(judged.needs[row] for row in rows),
        tuple(judged.patents[row] for row in rows),
        judged.grades[list(rows)],
    )
