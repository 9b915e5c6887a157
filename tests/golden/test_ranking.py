"""The shipped ranker on the sample's 405 graded pairs: how good, and that its parts are its score.

Vectors come from the home's own cache, so nothing is encoded twice; the same figures come from
`patmatch evaluate --pairs data/sample/pairs.jsonl`."""

import shutil
from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pytest

from matcher.build import make_encoder, make_ranker
from matcher.config import EncoderSettings
from matcher.encode.cached import CachedEncoder
from matcher.engine import Matcher
from matcher.evaluate.bootstrap import figures
from matcher.evaluate.judged import Judged
from matcher.evaluate.measures import MeasureName
from matcher.grading import PairJudge, Views, by_need, taken
from matcher.judging import gather, predict
from matcher.library import silent
from matcher.rank.features import ASPECTS
from matcher.rank.ordinal import sigmoid
from matcher.rank.ranker import PLAIN
from matcher.records import Need, Patent
from matcher.text.aspects import need_aspects
from matcher.text.words import Segmenter

PAIRS = Path(__file__).parents[2] / "data" / "sample" / "pairs.jsonl"

# Measured on 2026-11-29 with ranker-3 (sha256 19aee2bf…), and half the width of the 95 % interval
# by a bootstrap over the sample's 60 needs, by which a figure may fall: what the sample cannot
# tell from luck, and far more than the rounding of another processor or library can change.
# Ranker-4 says the same of needs that nobody graded, and the sample's are such.
# Ranker-2 had 0.608, 0.912 and 0.949: the sample's hand gives more threes and fours, and a ranker
# that was too sure of itself came nearer to it.  Ranker-1 without the part meaning (score 0.560),
# terms (0.555) or its additive half (0.532) fell below; one without field or memory did not: the
# sample does not show what they are for.
# 29 % of the sample's grades are 3 or 4, of those that the ranker learned from 13 %, and another
# hand gave them: the score here says nothing of that on real grades (docs/results/ranking.md).
MEASURED: dict[MeasureName, tuple[float, float]] = {
    "score": (0.5887, 0.0254),
    "ndcg": (0.9161, 0.0342),
    "auc": (0.9488, 0.0230),
}


@pytest.fixture(scope="module")
def views(sample_home: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Views]:
    """The shipped ranker with the sample's vectors."""
    cache = tmp_path_factory.mktemp("vectors") / "vectors.db"
    shutil.copy(sample_home / "vectors.db", cache)
    encoder = CachedEncoder(make_encoder(EncoderSettings()), cache)
    yield Views(make_ranker(cache.parent / "nobody", Segmenter()), encoder)
    encoder.close()


@pytest.fixture(scope="module")
def judged(sample: Matcher) -> Judged:
    return gather(sample.store, PAIRS, None, sample.patent_id)


def test_the_shipped_ranker_is_as_good_on_the_sample_as_it_was(
    views: Views, judged: Judged
) -> None:
    told = figures(predict(PairJudge(views), judged, {}, silent).outcome())
    for name, (value, margin) in MEASURED.items():
        figure = told[name]
        assert figure.value is not None and figure.low is not None and figure.high is not None
        assert figure.value >= value - margin, (name, figure)
        assert (figure.high - figure.low) / 2 == pytest.approx(margin, abs=0.01), (name, figure)


def test_the_parts_of_every_sample_pair_add_up_to_the_log_odds_of_a_good_grade(
    views: Views, judged: Judged
) -> None:
    patents = list({patent.id: patent for patent in judged.patents}.values())
    known = views.patents(patents)
    seen, names = 0, set()
    for rows in by_need(judged.needs):
        graded = views.ranker.grade(views.need(need_aspects(judged.needs[rows[0]])), known)
        good = graded.chances[:, 2] + graded.chances[:, 3]
        np.testing.assert_allclose(graded.parts.sum(axis=1), np.log(good / (1 - good)), atol=1e-6)
        np.testing.assert_allclose(sigmoid(graded.scores), good, atol=1e-9)
        assert np.isfinite(graded.parts).all()
        seen += len(patents)
        names.update(graded.names)
    assert seen >= 10_000
    assert names == {"start", *PLAIN, *ASPECTS, "memory"} - {"content"}


def test_a_sample_patent_has_the_same_parts_alone_and_among_others(
    views: Views, judged: Judged
) -> None:
    """Products of single precision are summed in an order that hangs on their size: a part, in
    log-odds, moves by less than 1e-5 and a chance by less than 1e-6."""
    patents = list({patent.id: patent for patent in judged.patents}.values())[:60]
    known = views.patents(patents)
    for need in judged.needs[:60:7]:
        view = views.need(need_aspects(need))
        together = views.ranker.grade(view, known)
        for row in range(0, 60, 3):
            alone = views.ranker.grade(view, taken(known, [row]))
            np.testing.assert_allclose(alone.parts[0], together.parts[row], atol=1e-5)
            np.testing.assert_allclose(alone.chances[0], together.chances[row], atol=1e-6)


def test_whatever_is_missing_the_shipped_ranker_gives_finite_parts(
    views: Views, judged: Judged
) -> None:
    need, patent = judged.needs[0], judged.patents[0]
    full = Need(
        id="F", title=need.title, main_problem=need.main_problem,
        key_technology=need.key_technology, expected_goal=need.expected_goal,
    )  # fmt: skip
    needs = {
        "full": full,
        "untitled": Need(id="U", title="", main_problem=need.main_problem),
        "plain": Need(id="P", title="", content=need.main_problem),
        "titled": Need(id="T", title=need.title),
        "blank": Need(id="B", title=""),
    }
    patents = [
        patent,
        Patent(id="T", keys=(), title=patent.title),
        Patent(id="I", keys=(), title=patent.title, ipc=patent.ipc),
        Patent(id="A", keys=(), title="", abstract=patent.abstract),
        Patent(id="B", keys=(), title=""),
    ]
    names = {
        "full": ("main_problem", "key_technology", "expected_goal"),
        "untitled": ("main_problem",),
        "plain": ("content",),
        "titled": (),
        "blank": (),
    }
    known = views.patents(patents)
    good = {}
    for name, one in needs.items():
        graded = views.ranker.grade(views.need(need_aspects(one)), known)
        assert graded.names == ("start", *PLAIN, *names[name], "memory")
        assert np.isfinite(graded.parts).all()
        np.testing.assert_allclose(graded.chances.sum(axis=1), 1, atol=1e-12)
        good[name] = graded.chances[:, 2:].sum(axis=1)
    assert judged.grades[0] == 4
    for name in ("full", "untitled", "plain", "titled"):
        assert good[name][0] > good["blank"][0] + 0.05, name
        assert good[name][0] > good[name][4], name
