"""A score is the sum of its parts, and the chances say the same."""

from collections.abc import Callable
from dataclasses import replace
from typing import Any

import numpy as np
import pytest

from matcher.evaluate.measures import predicted
from matcher.grading import taken
from matcher.rank.features import PatentViews
from matcher.rank.ordinal import GOOD, Scale, Scales, sigmoid, weighed
from matcher.rank.ranker import PLAIN, Ranker
from matcher.rank.shapes import Shapes

Drawn = Callable[[int], Any]


def wild(ranker: Ranker, seed: int) -> Ranker:
    """The same reading with any slopes, shapes, mean and scale."""
    chance = np.random.default_rng(seed)
    additive = ranker.additive
    slopes = chance.normal(0, 0.5, additive.slopes.shape)
    spreads = additive.shapes.spreads * chance.uniform(0.2, 3, len(additive.shapes.spreads))
    shapes = Shapes(additive.shapes.means, spreads, additive.shapes.knots)
    steep, edges = chance.uniform(0.1, 6, 3).tolist(), chance.normal(4, 4, 3).tolist()
    return replace(
        ranker,
        additive=replace(additive, slopes=slopes, shapes=shapes),
        mean=float(chance.uniform(1, 4)),
        scales=Scales(
            Scale((steep[0], steep[1], steep[2]), (edges[0], edges[1], edges[2])),
            Scale((steep[2], steep[0], steep[1]), (edges[1], edges[0], edges[2])),
        ),
    )


def one(patents: PatentViews, row: int) -> PatentViews:
    """A patent alone."""
    return taken(patents, [row])


def test_parts_add_up_to_the_log_odds_of_three_or_more_for_ten_thousand_matches(
    drawn: Drawn, taught: Ranker
) -> None:
    source = drawn(1)
    seen, names = 0, set()
    for number in range(5):
        ranker = wild(taught, number)
        patents = source.patents(200)
        for turn in range(10):
            need = source.graded(ranker) if turn % 2 else source.need()
            found = ranker.grade(need, patents)
            told = ranker.read(need, patents)
            latents = ranker.mean + ranker.additive.columns(told) @ ranker.additive.slopes
            latents += ranker.memory.recall(told.need, ranker.memory.pulls(ranker.along(patents)))
            familiar = ranker.memory.familiar(told.need)
            assert (familiar > 0.5) == (turn % 2)
            scale = ranker.scales.at(familiar)
            expected = scale.chances(weighed(latents, familiar))
            np.testing.assert_allclose(found.chances, expected, atol=1e-12)
            log_odds = scale.slope * latents[:, GOOD] - scale.thresholds[1]
            np.testing.assert_allclose(found.parts.sum(axis=1), log_odds, atol=1e-9)
            good = found.chances[:, 2] + found.chances[:, 3]
            np.testing.assert_allclose(sigmoid(found.scores), good, atol=1e-12)
            np.testing.assert_allclose(found.chances.sum(axis=1), 1, atol=1e-12)
            assert np.isfinite(found.parts).all() and (found.chances >= 0).all()
            assert found.names == ("start", *PLAIN, *told.names, "memory")
            assert found.parts.shape == (200, len(found.names))
            seen += len(found.parts)
            names.update(found.names)
    assert seen == 10_000
    assert names == {
        "start", "meaning", "terms", "field", "main_problem", "key_technology", "expected_goal",
        "content", "memory",
    }  # fmt: skip


def test_a_score_lies_between_the_steps_of_its_grade(drawn: Drawn, taught: Ranker) -> None:
    source, seen = drawn(11), set()
    for number in range(8):
        ranker = taught if number < 3 else wild(taught, number)
        need = source.graded(ranker) if number % 2 else source.need()
        found = ranker.grade(need, source.patents(100))
        low, middle, high = found.steps.T
        assert (low < middle).all() and not middle.any() and (middle < high).all()
        sure = np.abs(found.scores[:, None] - found.steps).min(axis=1) > 2e-3
        by_step = 1 + (found.scores[:, None] >= found.steps).sum(axis=1)
        assert (predicted(found.chances) == by_step)[sure].all() and sure.mean() > 0.9
        seen.update(by_step[sure].tolist())
    assert seen == {1, 2, 3, 4}
    for need, several in ((source.need(), False), (source.graded(taught), True)):
        steps = taught.grade(need, source.patents(9)).steps[:, 0]
        assert (len(set(np.round(steps, 9).tolist())) > 1) == several


def test_the_start_is_what_every_pair_begins_with(drawn: Drawn, taught: Ranker) -> None:
    source = drawn(2)
    found = taught.grade(source.need(), source.patents(20))
    scale = taught.scales.unseen
    start = scale.slope * taught.mean - scale.thresholds[1]
    assert found.names[0] == "start"
    np.testing.assert_allclose(found.parts[:, 0], start, atol=1e-12)


def test_the_parts_of_aspects_are_what_the_columns_say(drawn: Drawn, taught: Ranker) -> None:
    source = drawn(3)
    additive = taught.additive
    for _ in range(20):
        told = taught.read(source.need(), source.patents(5))
        parts = additive.parts(told)
        assert parts.shape == (5, len(PLAIN) + len(told.names))
        columns = additive.columns(told)
        slopes, width = additive.slopes[:, GOOD], additive.aspect.width
        np.testing.assert_allclose(parts.sum(axis=1), columns @ slopes, atol=1e-12)
        aspects = columns[:, -width:] @ slopes[-width:]
        np.testing.assert_allclose(parts[:, len(PLAIN) :].sum(axis=1), aspects, atol=1e-12)


def test_a_patent_has_the_same_parts_alone_and_among_others(drawn: Drawn, taught: Ranker) -> None:
    """Up to rounding: products of single precision are summed in an order that hangs on size."""
    source = drawn(4)
    for _ in range(4):
        need, patents = source.need(), source.patents(60)
        together = taught.grade(need, patents)
        alone = [taught.grade(need, one(patents, row)) for row in range(60)]
        np.testing.assert_allclose(
            np.vstack([found.parts for found in alone]), together.parts, atol=2e-6
        )
        np.testing.assert_allclose(
            np.vstack([found.chances for found in alone]), together.chances, atol=5e-7
        )


def test_the_same_question_gives_the_same_bytes(drawn: Drawn, taught: Ranker) -> None:
    source = drawn(5)
    need, patents = source.need(), source.patents(30)
    first, again = taught.grade(need, patents), taught.grade(need, patents)
    assert first.parts.tobytes() == again.parts.tobytes()
    assert first.chances.tobytes() == again.chances.tobytes()


@pytest.mark.parametrize("count", [0, 1, 2])
def test_any_number_of_patents_is_graded(drawn: Drawn, taught: Ranker, count: int) -> None:
    source = drawn(6)
    found = taught.grade(source.need(), source.patents(count))
    assert found.chances.shape == (count, 4)
    assert found.parts.shape == (count, len(found.names))
    assert found.scores.shape == (count,)


def test_without_vectors_only_start_and_terms_speak(drawn: Drawn, taught: Ranker) -> None:
    source = drawn(7)
    bare = taught.without_vectors()
    need, patents = source.need(), source.patents(40)
    found = bare.grade(need, patents)
    speaking = {name for name, part in zip(found.names, found.parts.T, strict=True) if part.any()}
    assert speaking == {"start", "terms"}
    good = found.chances[:, 2:].sum(axis=1)
    np.testing.assert_allclose(sigmoid(found.scores), good, atol=1e-12)
    blind = replace(
        patents, titles=np.zeros_like(patents.titles), wholes=np.zeros_like(patents.wholes)
    )
    np.testing.assert_allclose(bare.grade(need, blind).parts, found.parts, atol=1e-12)


def test_an_encoder_is_known_by_its_model_and_not_by_its_engine(taught: Ranker) -> None:
    known = replace(taught, encoder="e5-small-int8-r1-0a-ort1.23.2")
    for same in ("e5-small-int8-r1-0a-ort1.23.2", "e5-small-int8-r1-0a-ort1.30"):
        assert known.knows(same)
    for other in ("e5-small-int8-r2-0a-ort1.23.2", "e5-small-int8-r1-0b-ort1.23.2", ""):
        assert not known.knows(other)
    assert not replace(taught, encoder="hub-orthodox-a").knows("hub-orthodox-b")
