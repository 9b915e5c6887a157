"""Learns a ranker from judged pairs: one fit of all that was ever graded, scaled by what a fit
without a need's own pairs would have said of them."""

from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from matcher.protocols import FloatArray, IntArray
from matcher.rank.features import GROUPS, Readings
from matcher.rank.gaussian import fit
from matcher.rank.memory import Memory, Pairs, familiarity
from matcher.rank.ordinal import GOOD, Floats, fit_scale, fit_scales, targets
from matcher.rank.ranker import Additive, Bare, Ranker, Taught
from matcher.rank.shapes import Shapes

FOLDS = 5
SAME = 0.05  # the distance of unit rows below which they are of one text
BLOCK = 512


@dataclass(frozen=True, slots=True, eq=False)
class Lesson:
    """One need's readings of m patents, those as the memory compares them (m, r), and their grades
    (m,) 1-4.  `group` names lessons that are left out together: needs of one title."""

    group: str
    told: Readings
    patents: FloatArray
    grades: IntArray


@dataclass(frozen=True, slots=True, eq=False)
class Learned:
    """The ranker; for each pair that it learned from, what a fit without the pair's need says
    (`unseen`) and what one without a fifth of the new pairs says (`held_out`, of an old pair what
    it was taught), as latents (n, 2), and how `familiar` its need is to the latter (n,); which of
    them are new, the last ones, in the order of the lessons; and which of the lessons' pairs (k,)
    the base was taught before, whatever grade."""

    ranker: Ranker
    unseen: Floats
    held_out: Floats
    familiar: Floats
    new: NDArray[np.bool_]
    known: NDArray[np.bool_]


def learn(base: Ranker, lessons: Sequence[Lesson], *, name: str, seed: int = 0) -> Learned:
    """All that the base was taught and the lessons, fitted anew; what the base was taught of a
    pair that is graded again is dropped, while several new grades of one pair all count: how far
    people differ is part of what is learned.  A base that was taught nothing takes its shapes
    from the lessons."""
    told = [lesson.told for lesson in lessons]
    if not len(base.taught.grades):
        base = replace(base, additive=_shaped(told, base.additive.slopes, base.prior.knots))
    extra = Taught(
        np.vstack([base.additive.columns(one) for one in told]).astype(np.float16),
        np.concatenate([lesson.grades for lesson in lessons]).astype(np.int8),
        tuple(lesson.group for lesson in lessons for _ in lesson.grades),
    )
    pairs, taught, new, again = _joined(base, paired(lessons), extra)
    wanted = targets(taught.grades.astype(np.float64))
    names = {group: place for place, group in enumerate(dict.fromkeys(taught.groups))}
    groups = np.array([names[group] for group in taught.groups], dtype=np.int64)
    fold = np.random.default_rng(seed).integers(0, FOLDS, len(wanted))
    trial = np.where(new, fold, -1)
    leave = [groups, fold, trial]
    found = fit(taught.columns.astype(np.float64), pairs, wanted, leave=leave, prior=base.prior)
    unseen, fifth, held_out = found.left_out
    known = familiarity(pairs, fold)
    ranker = replace(
        base,
        name=name,
        additive=replace(base.additive, slopes=found.slopes),
        mean=float(found.means[GOOD]),
        memory=Memory(pairs, found.weights, base.prior.kernel),
        scales=fit_scales(unseen, fifth, known, taught.grades.astype(np.int64)),
        taught=taught,
        bare=_bare(base, taught, groups),
        digest="",
    )
    return Learned(ranker, unseen, held_out, familiarity(pairs, trial), new, again)


def _bare(base: Ranker, taught: Taught, groups: IntArray) -> Bare:
    """Ridge regression of both targets on the columns of terms, scaled by what is said of each
    fifth of the needs without it."""
    additive = base.additive
    own = [group == "terms" for group in GROUPS for _ in range(additive.shapes.width)]
    terms = np.array(own + [False] * additive.aspect.width)
    columns = taught.columns.astype(np.float64) * terms
    wanted = targets(taught.grades.astype(np.float64))

    def fitted(rows: NDArray[np.bool_]) -> tuple[Floats, Floats]:
        means = wanted[rows if rows.any() else ~rows].mean(axis=0)
        some = columns[rows]
        ridge = base.prior.noise / base.prior.slope
        normal = some.T @ some + ridge * np.eye(columns.shape[1])
        return means, np.asarray(np.linalg.solve(normal, some.T @ (wanted[rows] - means)))

    latents = np.zeros(wanted.shape)
    for fold in range(FOLDS):
        held = groups % FOLDS == fold
        means, slopes = fitted(~held)
        latents[held] = means + columns[held] @ slopes
    means, slopes = fitted(np.ones(len(wanted), dtype=np.bool_))
    return Bare(slopes, float(means[GOOD]), fit_scale(latents, taught.grades.astype(np.int64)))


def paired(lessons: Sequence[Lesson]) -> Pairs:
    """The lessons as pairs, equal vectors kept once, rounded as the file keeps them."""
    needs, need_rows = _once(np.stack([lesson.told.need for lesson in lessons]))
    patents, patent_rows = _once(np.vstack([lesson.patents for lesson in lessons]))
    counts = [len(lesson.patents) for lesson in lessons]
    return Pairs(needs, patents, np.repeat(need_rows, counts), patent_rows)


def _shaped(told: Sequence[Readings], slopes: Floats, knots: Sequence[float]) -> Additive:
    shapes = Shapes.of(np.vstack([one.features for one in told]), knots)
    aspects = [one.aspects.reshape(-1, 1) for one in told if one.aspects.shape[1]]
    aspect = Shapes.of(np.vstack(aspects) if aspects else np.full((1, 1), np.nan), knots)
    return Additive(shapes, aspect, slopes)


def _joined(
    base: Ranker, pairs: Pairs, extra: Taught
) -> tuple[Pairs, Taught, NDArray[np.bool_], NDArray[np.bool_]]:
    """What the base was taught less what is graded again, then the new; which rows are new; and
    which of the new the base knew."""
    old, known = base.memory.pairs, base.taught
    if len(old):
        needs, need_rows = _once(np.vstack([old.needs, pairs.needs]))
        patents, patent_rows = _once(np.vstack([old.patents, pairs.patents]))
    else:
        needs, patents = pairs.needs, pairs.patents
        need_rows, patent_rows = np.arange(len(needs)), np.arange(len(patents))
    at_need = np.concatenate(
        [need_rows[old.need_rows], need_rows[len(old.needs) + pairs.need_rows]]
    )
    at_patent = np.concatenate(
        [patent_rows[old.patent_rows], patent_rows[len(old.patents) + pairs.patent_rows]]
    )
    count, again = len(old), _again(old, pairs)
    gone = set[tuple[int, int]]().union(*again)
    held = zip(old.need_rows.tolist(), old.patent_rows.tolist(), strict=True)
    stays = [key not in gone for key in held] + [True] * len(pairs)
    rows = np.flatnonzero(np.array(stays, dtype=np.bool_))
    both = [*known.groups, *extra.groups]
    taught = Taught(
        np.vstack([known.columns.reshape(-1, extra.columns.shape[1]), extra.columns])[rows],
        np.concatenate([known.grades, extra.grades])[rows],
        tuple(both[row] for row in rows.tolist()),
    )
    joined = Pairs(needs, patents, at_need[rows], at_patent[rows])
    told = np.array([bool(known) for known in again], dtype=np.bool_)
    return joined, taught, rows >= count, told


def _again(old: Pairs, new: Pairs) -> list[set[tuple[int, int]]]:
    """For each new pair the old ones, as need and patent row, that are about the same texts.  Told
    by nearness: vectors of one text differ in their last places with the texts beside it and with
    the processor, while those of two texts lie three times as far apart and more."""
    needs, patents = _nearby(new.needs, old.needs), _nearby(new.patents, old.patents)
    held = set(zip(old.need_rows.tolist(), old.patent_rows.tolist(), strict=True))
    both = zip(new.need_rows.tolist(), new.patent_rows.tolist(), strict=True)
    return [held & {(n, p) for n in needs[need] for p in patents[patent]} for need, patent in both]


def _nearby(rows: FloatArray, known: FloatArray) -> list[list[int]]:
    """For each of (m, d) rows those of (n, d) known ones that are of the same text."""
    found: list[list[int]] = []
    squares = (known**2).sum(axis=1)
    for at in range(0, len(rows), BLOCK):
        part = rows[at : at + BLOCK]
        apart = (part**2).sum(axis=1)[:, None] + squares - 2 * (part @ known.T)
        found += [np.flatnonzero(line < SAME**2).tolist() for line in apart]
    return found


def _once(rows: FloatArray) -> tuple[FloatArray, IntArray]:
    rounded = rows.astype(np.float16)
    places: dict[bytes, int] = {}
    found = [places.setdefault(row.tobytes(), len(places)) for row in rounded]
    kept = np.frombuffer(b"".join(places), dtype=np.float16).reshape(-1, rows.shape[1])
    return kept.astype(np.float32), np.array(found, dtype=np.int64)
