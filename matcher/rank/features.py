"""A need and patents as numbers: what the ranker's additive half reads.

A feature belongs to a part, under which its share of the score is shown.  Missing is NaN."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Literal

import numpy as np

from matcher.matches import PartName
from matcher.protocols import FloatArray
from matcher.rank.counted import Told
from matcher.rank.fields import Fields, unit
from matcher.rank.ordinal import Floats
from matcher.rank.terms import Asked, Terms

AspectName = Literal["main_problem", "key_technology", "expected_goal", "content"]
ASPECTS: tuple[AspectName, ...] = ("main_problem", "key_technology", "expected_goal", "content")
FEATURES: tuple[tuple[str, PartName], ...] = (
    ("whole", "meaning"),
    ("titles", "meaning"),
    ("words", "terms"),
    ("grams", "terms"),
    ("title_grams", "terms"),
    ("covered_words", "terms"),
    ("covered_grams", "terms"),
    ("field_of_title", "field"),
    ("field_of_whole", "field"),
)
GROUPS: tuple[PartName, ...] = tuple(part for _, part in FEATURES)


@dataclass(frozen=True, slots=True, eq=False)
class Centres:
    """Mean vectors (d,) of needs, of patents known by title alone, and of patents with more;
    by which factor and step a cosine with the latter becomes one with a title; and the axes
    (d, r), along which the memory compares patents."""

    needs: FloatArray
    titles: FloatArray
    wholes: FloatArray
    factor: float
    step: float
    axes: FloatArray


@dataclass(frozen=True, slots=True, eq=False)
class NeedView:
    """A need's unit vectors (d,): of all of it, of its title, of each aspect; and its terms.  A
    text that is not there has a vector of zeros or no entry."""

    whole: FloatArray
    title: FloatArray
    aspects: Mapping[AspectName, FloatArray]
    terms: Asked


@dataclass(frozen=True, slots=True, eq=False)
class PatentViews:
    """m patents: unit vectors (m, d) of all of each and of its title, which of them say more
    than a title, their IPC symbols and terms."""

    wholes: FloatArray
    titles: FloatArray
    fuller: np.ndarray[tuple[int], np.dtype[np.bool_]]
    ipc: Sequence[Sequence[str]]
    terms: Told


@dataclass(frozen=True, slots=True, eq=False)
class Readings:
    """Features (m, f) in the order of `FEATURES`, the cosines of the need's aspects (m, a), NaN
    where missing, and the centred unit vectors that the memory compares: `need` (d,) and
    `patents` (m, r) along the axes."""

    features: Floats
    aspects: Floats
    names: tuple[AspectName, ...]
    need: FloatArray
    patents: FloatArray


def read(
    need: NeedView, patents: PatentViews, centres: Centres, *, fields: Fields, terms: Terms
) -> Readings:
    """What the ranker reads of one need and m patents."""
    titles, full = centred(patents.titles, centres.titles), np.flatnonzero(patents.fuller)
    wholes = centred(patents.wholes[full], centres.wholes)
    whole, title = centred(need.whole[None], centres.needs)[0], need.title
    headed = bool(title.any())
    title = centred(title[None], centres.needs)[0] if headed else whole

    def close(vector: FloatArray) -> Floats:
        """Cosines with the titles; with title and whole text alike where there is more."""
        found: Floats = (titles @ vector).astype(np.float64)
        rich = (wholes @ vector).astype(np.float64) * centres.factor + centres.step
        found[full] = (found[full] + rich) / 2
        return found

    shares = terms.shares(need.terms, patents.terms)
    homes = fields.settle(fields.read(patents.titles), patents.ipc)
    asked = fields.read(np.stack([need.title if headed else need.whole, need.whole]))
    spoken = (homes @ asked.T).astype(np.float64)
    blank = np.full(len(patents.terms), np.nan)
    names = tuple(name for name in ASPECTS if name in need.aspects)
    aspects = [close(centred(need.aspects[name][None], centres.needs)[0]) for name in names]
    features = np.column_stack(
        [
            close(whole),
            titles @ title if headed else blank,
            shares if headed else _untitled(shares),
            spoken,
        ]
    )
    columns = np.column_stack(aspects) if aspects else np.zeros((len(blank), 0))
    both = titles.copy()
    both[full] += wholes
    return Readings(features, columns, names, whole, unit(both @ centres.axes))


def centred(rows: FloatArray, centre: FloatArray) -> FloatArray:
    """(n, d) unit rows less their mean, of length one again; a row of zeros stays one."""
    moved = np.where(rows.any(axis=1, keepdims=True), rows - centre, np.float32(0))
    return unit(moved)


def _untitled(shares: Floats) -> Floats:
    """A need of plain text has no title whose grams a patent could share."""
    found = shares.copy()
    found[:, Terms.NAMES.index("title_grams")] = np.nan
    return found
