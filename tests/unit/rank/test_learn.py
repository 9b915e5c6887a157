"""What is learned, and what of it is new."""

from collections.abc import Callable, Sequence
from dataclasses import replace
from typing import Any

import numpy as np
import pytest

from matcher.protocols import FloatArray
from matcher.rank.features import GROUPS, PatentViews
from matcher.rank.kept import to_bytes
from matcher.rank.learn import Learned, Lesson, learn
from matcher.rank.ordinal import fit_scale, fit_scales, targets, weighed
from matcher.rank.ranker import Ranker
from matcher.rank.shapes import Shapes

Drawn = Callable[[int], Any]


def lessons(source: Any, count: int, each: int) -> list[Lesson]:
    return [source.lesson(f"{place:016x}", each) for place in range(count)]


def some(lesson: Lesson, rows: Sequence[int], grades: Sequence[int]) -> Lesson:
    """Some pairs of a lesson, in that order, graded anew."""
    told, taken = lesson.told, list(rows)
    fewer = replace(
        told,
        features=told.features[taken],
        aspects=told.aspects[taken],
    )
    return Lesson(lesson.group, fewer, lesson.patents[taken], np.array(grades))


def together(*parts: Lesson) -> Lesson:
    """Lessons of one need as one."""
    told = replace(
        parts[0].told,
        features=np.vstack([part.told.features for part in parts]),
        aspects=np.vstack([part.told.aspects for part in parts]),
    )
    patents = np.vstack([part.patents for part in parts])
    return Lesson(parts[0].group, told, patents, np.concatenate([part.grades for part in parts]))


def pairs(ranker: Ranker) -> list[tuple[bytes, bytes]]:
    """What stands for each taught pair."""
    told = ranker.memory.pairs
    rows = zip(told.need_rows, told.patent_rows, strict=True)
    return [(told.needs[need].tobytes(), told.patents[patent].tobytes()) for need, patent in rows]


def keys(lesson: Lesson) -> list[tuple[bytes, bytes]]:
    need = lesson.told.need.astype(np.float16).astype(np.float32).tobytes()
    rounded = lesson.patents.astype(np.float16).astype(np.float32)
    return [(need, row.tobytes()) for row in rounded]


def first(drawn: Drawn, seed: int = 1) -> tuple[Any, list[Lesson], Learned]:
    source = drawn(seed)
    told = lessons(source, 5, 8)
    return source, told, learn(source.untaught(), told, name="first")


def test_all_that_is_told_is_taught_in_its_order(drawn: Drawn) -> None:
    _, told, found = first(drawn)
    taught = found.ranker.taught
    assert taught.grades.tolist() == np.concatenate([one.grades for one in told]).tolist()
    assert taught.groups == tuple(one.group for one in told for _ in range(8))
    assert pairs(found.ranker) == [key for one in told for key in keys(one)]
    columns = np.vstack([found.ranker.additive.columns(one.told) for one in told])
    np.testing.assert_array_equal(taught.columns, columns.astype(np.float16))
    assert found.ranker.mean == pytest.approx(taught.grades.mean())
    assert found.ranker.name == "first"
    assert found.new.all() and not found.known.any()


def test_who_was_taught_nothing_takes_shapes_from_the_lessons_and_keeps_them(
    drawn: Drawn,
) -> None:
    source, told, found = first(drawn)
    features = np.vstack([one.told.features for one in told])
    aspects = np.vstack([one.told.aspects.reshape(-1, 1) for one in told])
    for shapes, mine in (
        (Shapes.of(features), found.ranker.additive.shapes),
        (Shapes.of(aspects), found.ranker.additive.aspect),
    ):
        for name in ("means", "spreads", "knots"):
            np.testing.assert_array_equal(getattr(mine, name), getattr(shapes, name))
    later = learn(found.ranker, [source.lesson("f" * 16, 7)], name="later").ranker
    assert later.additive.shapes is found.ranker.additive.shapes
    assert later.additive.aspect is found.ranker.additive.aspect


def test_the_scale_is_that_of_what_is_said_of_needs_left_out(drawn: Drawn) -> None:
    _, _, found = first(drawn)
    grades = found.ranker.taught.grades.astype(int)
    assert found.ranker.scales.unseen == fit_scale(weighed(found.unseen, 0.0), grades)
    # All is new, so what is held out for the trial is what the other scale was fitted on.
    fitted = fit_scales(found.unseen, found.held_out, found.familiar, grades)
    assert found.ranker.scales == fitted and fitted.known != fitted.unseen


def test_a_pair_graded_again_is_taught_its_new_grade_alone(drawn: Drawn) -> None:
    source, told, before = first(drawn)
    fresh = replace(source.lesson("", 2), group=told[1].group)
    same = told[1].told
    read = replace(fresh.told, need=same.need, aspects=same.aspects[:2], names=same.names)
    fresh = replace(fresh, told=read)
    again = together(some(told[1], [5, 0, 3], [4, 1, 2]), fresh)
    found = learn(before.ranker, [again], name="again")
    gone = {8 + row for row in (5, 0, 3)}
    stay = [row for row in range(40) if row not in gone]
    old, taught = before.ranker.taught, found.ranker.taught
    assert taught.grades.tolist() == [*old.grades[stay].tolist(), 4, 1, 2, *fresh.grades.tolist()]
    assert taught.groups == (*(old.groups[row] for row in stay), *[told[1].group] * 5)
    np.testing.assert_array_equal(taught.columns[:37], old.columns[stay])
    known = pairs(before.ranker)
    assert pairs(found.ranker) == [*(known[row] for row in stay), *keys(again)]
    assert found.new.tolist() == [False] * 37 + [True] * 5
    assert found.known.tolist() == [True, True, True, False, False]
    assert len(found.unseen) == len(found.held_out) == 42


def test_all_pairs_taught_again_alike_leave_the_ranker_as_it_was(drawn: Drawn) -> None:
    _, told, before = first(drawn)
    after = learn(before.ranker, told, name="first")
    assert to_bytes(after.ranker) == to_bytes(before.ranker)
    assert after.new.all() and len(after.new) == 40


def test_a_pair_is_known_again_though_the_last_places_of_its_vectors_differ(
    drawn: Drawn,
) -> None:
    source, told, before = first(drawn)
    near = turned(told[2].told.need, source.rows(1)[0], 0.01)
    moved = replace(
        told[2],
        told=replace(told[2].told, need=near),
        patents=np.array(
            [turned(row, source.rows(1)[0][: len(row)], 0.01) for row in told[2].patents]
        ),
    )
    rows = np.flatnonzero(told[2].patents.any(axis=1))
    again = some(moved, rows[:3].tolist(), [2, 3, 4])
    learned = learn(before.ranker, [again], name="again")
    found = learned.ranker
    assert learned.known.tolist() == [True] * 3
    stay = [row for row in range(40) if row - 16 not in rows[:3]]
    expected = before.ranker.taught.grades[stay].tolist()
    assert found.taught.grades.tolist() == [*expected, 2, 3, 4]
    other = replace(
        moved,
        patents=np.array(
            [turned(row, source.rows(1)[0][: len(row)], 0.2) for row in told[2].patents]
        ),
    )
    new = some(other, rows[:3].tolist(), [2, 3, 4])
    unlike = learn(before.ranker, [new], name="new")
    assert len(unlike.ranker.taught.grades) == 43
    assert unlike.known.tolist() == [False] * 3


def test_several_new_grades_of_one_pair_all_count(drawn: Drawn) -> None:
    _, told, before = first(drawn)
    differing = [some(told[0], [2, 2], [4, 1]), some(told[0], [2], [3])]
    found = learn(before.ranker, differing, name="again")
    assert found.ranker.taught.grades[-3:].tolist() == [4, 1, 3]
    assert len(found.ranker.taught.grades) == 39 + 3
    assert len(set(pairs(found.ranker)[-3:])) == 1
    twice = learn(found.ranker, [some(told[0], [2], [2])], name="once more").ranker
    assert twice.taught.grades.tolist() == [*before.ranker.taught.grades[[0, 1, *range(3, 40)]], 2]


def test_what_a_need_was_graded_does_not_speak_for_it_unseen(drawn: Drawn) -> None:
    source, told, before = first(drawn)
    other = [*told[:3], replace(told[3], grades=told[3].grades[::-1]), told[4]]
    after = learn(source.untaught(), other, name="first")
    rows = slice(24, 32)
    assert not np.array_equal(told[3].grades, told[3].grades[::-1])
    np.testing.assert_allclose(after.unseen[rows], before.unseen[rows], atol=1e-4)
    assert np.abs(after.unseen - before.unseen).max() > 1e-3


def test_needs_of_one_group_are_left_out_together(drawn: Drawn) -> None:
    source, told, _ = first(drawn)
    grouped = [*told[:3], replace(told[3], group="b" * 16), replace(told[4], group="b" * 16)]
    swapped = np.concatenate([told[3].grades, told[4].grades])[::-1]
    other = [*grouped[:3], replace(grouped[3], grades=swapped[:8]),
             replace(grouped[4], grades=swapped[8:])]  # fmt: skip
    one, two = (learn(source.untaught(), taught, name="g") for taught in (grouped, other))
    np.testing.assert_allclose(one.unseen[24:], two.unseen[24:], atol=1e-4)
    assert np.abs(one.unseen[:24] - two.unseen[:24]).max() > 1e-3


def test_a_new_grade_does_not_speak_for_itself_held_out_and_old_ones_do(drawn: Drawn) -> None:
    source, told, before = first(drawn)
    new = source.lesson("e" * 16, 12)
    found = learn(before.ranker, [new], name="n", seed=3)
    grades = found.ranker.taught.grades.astype(float)
    np.testing.assert_allclose(found.held_out[:40], targets(grades)[:40], atol=1e-12)
    fold = np.random.default_rng(3).integers(0, 5, 52)[40:]
    for row in range(12):
        mates = np.flatnonzero(fold == fold[row])
        grades = new.grades.copy()
        grades[mates] = np.roll(grades[mates], 1)
        other = learn(before.ranker, [replace(new, grades=grades)], name="n", seed=3)
        np.testing.assert_allclose(
            other.held_out[40:][mates], found.held_out[40:][mates], atol=1e-4
        )
    raised = [replace(one, grades=np.minimum(one.grades + 1, 4)) for one in told]
    higher = learn(learn(source.untaught(), raised, name="r").ranker, [new], name="n", seed=3)
    assert (higher.held_out[40:] - found.held_out[40:]).mean() > 0.05


@pytest.mark.parametrize("seed", range(20, 26))
def test_a_grade_of_four_lifts_a_patent_that_is_almost_the_same(drawn: Drawn, seed: int) -> None:
    base: Ranker = first(drawn)[2].ranker
    source = drawn(seed)
    need, patents = source.need(), twins(source)
    old = base.grade(need, patents)
    read = Lesson("d" * 16, base.read(need, patents), base.along(patents), np.zeros(30))
    told = some(read, [0], [4])
    new = learn(base, [told], name="after").ranker.grade(need, patents)
    assert place(new.scores, 1) < place(old.scores, 1) or place(old.scores, 1) <= 1
    gained = new.chances @ np.arange(1, 5) - old.chances @ np.arange(1, 5)
    assert gained[1] > gained[2:].mean() + 0.1 or old.chances[1, 2:].sum() > 0.9
    memory = new.parts[:, new.names.index("memory")] - old.parts[:, old.names.index("memory")]
    assert set(memory.argsort()[-2:].tolist()) == {0, 1}
    assert memory[1] > memory[2:].mean() + 0.25


def twins(source: Any) -> PatentViews:
    """30 patents of which the first two are almost the same."""
    patents = source.patents(30)
    one, other = source.rows(2)
    patents.titles[:2] = one, turned(one, other, 0.1)
    patents.wholes[:2], patents.fuller[:2] = patents.titles[:2], False
    return replace(patents, terms=patents.terms.take([0, 0, *range(2, 30)]),
                   ipc=[patents.ipc[0], patents.ipc[0], *patents.ipc[2:]])  # fmt: skip


def turned(row: FloatArray, other: FloatArray, share: float) -> FloatArray:
    """A unit row close to the first, by a share of what of the other stands upright on it."""
    upright = other - (other @ row) * row
    near = row + share * upright / np.linalg.norm(upright)
    found: FloatArray = (near / np.linalg.norm(near)).astype(np.float32)
    return found


def place(scores: np.ndarray, row: int) -> int:
    """How many stand before it."""
    return int((scores > scores[row]).sum())


def test_the_same_lessons_give_the_same_bytes_and_any_order_of_needs_about_the_same(
    drawn: Drawn,
) -> None:
    source, told, found = first(drawn)
    again = learn(source.untaught(), told, name="first")
    assert to_bytes(again.ranker) == to_bytes(found.ranker)
    assert again.unseen.tobytes() == found.unseen.tobytes()
    other = learn(source.untaught(), told[::-1], name="first").ranker
    need, patents = source.need(), source.patents(15)
    np.testing.assert_allclose(
        other.grade(need, patents).parts, found.ranker.grade(need, patents).parts, atol=2e-3
    )


@pytest.mark.parametrize("count", [1, 2])
def test_one_or_two_grades_are_enough(drawn: Drawn, count: int) -> None:
    source = drawn(9)
    lesson = source.lesson("c" * 16, count)
    for base in (source.untaught(), first(drawn)[2].ranker):
        found = learn(base, [lesson], name="few")
        graded = found.ranker.grade(source.need(), source.patents(10))
        assert np.isfinite(graded.parts).all() and np.isfinite(graded.chances).all()
        assert found.new[-count:].all() and found.new.sum() == count


def test_grades_of_nobody_change_nothing(drawn: Drawn) -> None:
    source, _, before = first(drawn)
    found = learn(before.ranker, [source.lesson("c" * 16, 0)], name="first")
    assert pairs(found.ranker) == pairs(before.ranker)
    assert found.ranker.taught.grades.tolist() == before.ranker.taught.grades.tolist()
    assert not found.new.any() and found.known.tolist() == []


def test_what_is_left_without_vectors_is_a_ridge_regression_on_terms(drawn: Drawn) -> None:
    _, _, found = first(drawn)
    bare, taught = found.ranker.bare, found.ranker.taught
    width = found.ranker.additive.shapes.width
    own = np.repeat([group == "terms" for group in GROUPS], width)
    terms = np.concatenate([own, np.zeros(found.ranker.additive.aspect.width, bool)])
    columns, grades = taught.columns[:, terms].astype(np.float64), taught.grades.astype(np.float64)
    assert not bare.slopes[~terms].any()
    assert bare.mean == pytest.approx(grades.mean())
    wanted = targets(grades)
    left = wanted - wanted.mean(axis=0) - columns @ bare.slopes[terms]
    prior = found.ranker.prior
    slope = columns.T @ left - prior.noise / prior.slope * bare.slopes[terms]
    np.testing.assert_allclose(slope, 0, atol=1e-9)
    assert np.abs(bare.slopes[terms]).max() > 0.01
