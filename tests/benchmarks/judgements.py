"""The real judged pairs, the pool made of them, and the papers, as the benchmarks use them."""

import json
from dataclasses import dataclass
from functools import cached_property

import baselines
import home
import numpy as np
from baselines import Query
from numpy.typing import NDArray

from matcher.evaluate import folds
from matcher.evaluate.judged import Judged, read_judged, read_needs
from matcher.records import Patent


def lost(id: str) -> Patent:
    """No pair of the shared file leaves its text to be looked up."""
    raise KeyError(id)


@dataclass(frozen=True)
class Pairs:
    """The judged pairs; `rows` and `columns` (n,) place each of them in a (needs, texts) matrix
    over `queries`, by need id, and `texts`, the distinct achievements in order of text."""

    judged: Judged

    @classmethod
    def read(cls) -> "Pairs":
        """7,376 pairs of 236 needs."""
        needs = read_needs(home.DATA / "demand/needs.jsonl")
        return cls(read_judged(home.DATA / "judged/pairs_train.jsonl", needs.__getitem__, lost))

    @cached_property
    def grades(self) -> NDArray[np.int64]:
        """(n,) 1-4."""
        return self.judged.grades

    @cached_property
    def needs(self) -> dict[str, Query]:
        """By id."""
        return {need.id: Query(need.title, need.content)
                for need in sorted(self.judged.needs, key=lambda need: need.id)}  # fmt: skip

    @cached_property
    def queries(self) -> list[Query]:
        """By need id."""
        return list(self.needs.values())

    @cached_property
    def texts(self) -> list[str]:
        """Distinct texts of achievements: 4,869 of 7,376."""
        return sorted({patent.title for patent in self.judged.patents})

    @cached_property
    def rows(self) -> NDArray[np.int64]:
        """(n,) place of each pair's need in `queries`."""
        place = {name: i for i, name in enumerate(self.needs)}
        return np.array([place[need.id] for need in self.judged.needs])

    @cached_property
    def columns(self) -> NDArray[np.int64]:
        """(n,) place of each pair's text in `texts`."""
        place = {text: i for i, text in enumerate(self.texts)}
        return np.array([place[patent.title] for patent in self.judged.patents])

    @cached_property
    def folds(self) -> dict[str, NDArray[np.int64]]:
        """Pairs dealt at random, and by title of the need: every model has these."""
        titles = [need.title for need in self.judged.needs]
        return {"random": folds.by_chance(len(titles)), "unseen needs": folds.by_title(titles)}

    @cached_property
    def pool(self) -> NDArray[np.int64]:
        """(needs, texts) grades, 1 where nobody judged; of two grades for one text the higher."""
        grades = np.ones((len(self.queries), len(self.texts)), dtype=np.int64)
        np.maximum.at(grades, (self.rows, self.columns), self.grades)
        return grades


def recall(scores: baselines.Matrix, pool: NDArray[np.int64], k: int = 100) -> NDArray[np.float64]:
    """For each need that has a text of grade >= 3, the share of these among its first k."""
    found = np.argsort(-scores, axis=1, kind="stable")[:, :k]
    good = pool >= 3
    held = good.any(axis=1)
    got = np.take_along_axis(good, found, axis=1).sum(axis=1)
    return got[held] / good.sum(axis=1)[held]


def ndcg(scores: baselines.Matrix, pool: NDArray[np.int64], k: int = 10) -> NDArray[np.float64]:
    """For each need with a gain, nDCG@k over the whole pool, unjudged texts as grade 1."""
    gains = 2.0 ** (pool - 1) - 1
    discounts = 1 / np.log2(np.arange(2, k + 2))
    found = np.argsort(-scores, axis=1, kind="stable")[:, :k]
    got = np.take_along_axis(gains, found, axis=1) @ discounts
    best = -np.sort(-gains, axis=1)[:, :k] @ discounts
    return got[best > 0] / best[best > 0]


@dataclass(frozen=True)
class Papers:
    """2,000 Chinese papers: which abstract belongs to a title, or to keywords?"""

    titles: list[Query]
    keywords: list[Query]
    abstracts: list[str]

    @classmethod
    def read(cls) -> "Papers":
        """In the file's order."""
        lines = (home.DATA / "judged/csl_papers.jsonl").read_text("utf-8").split("\n")
        papers = [json.loads(line) for line in lines if line]
        return cls(
            [Query(paper["title"]) for paper in papers],
            [Query(" ".join(paper["keywords"])) for paper in papers],
            [paper["abstract"] for paper in papers],
        )


def reciprocal(scores: baselines.Matrix, k: int = 10) -> NDArray[np.float64]:
    """(n, n) scores, the i-th text belonging to the i-th query, to (n,) reciprocal ranks, 0 beyond
    the k-th place; texts that score the same stand before it by half their number."""
    own = np.diagonal(scores)[:, None]
    rank = 1 + (scores > own).sum(axis=1) + ((scores == own).sum(axis=1) - 1) / 2
    return np.where(rank <= k, 1 / rank, 0.0)
