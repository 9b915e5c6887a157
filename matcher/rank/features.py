"""A need and patents as numbers: what the ranker's additive half reads.

A feature belongs to a part, under which its share of the score is shown.  Missing is NaN."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Literal

import numpy as np

from matcher.matches import PartName
from matcher.protocols import FloatArray
from matcher.rank.counted import Told
from matcher.rank.fields import Fields, inverse, unit
from matcher.rank.ordinal import Floats
from matcher.rank.settled import SCALES, Settled
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
    than a title, their IPC symbols and terms; and what a ranker settled of them, if one did."""

    wholes: FloatArray
    titles: FloatArray
    fuller: np.ndarray[tuple[int], np.dtype[np.bool_]]
    ipc: Sequence[Sequence[str]]
    terms: Told
    settled: Settled | None = None


@dataclass(frozen=True, slots=True, eq=False)
class Readings:
    """Features (m, f) in the order of `FEATURES`, the cosines of the need's aspects (m, a), NaN
    where missing, and the need's centred unit vector (d,), which the memory compares."""

    features: Floats
    aspects: Floats
    names: tuple[AspectName, ...]
    need: FloatArray


@dataclass(frozen=True, slots=True, eq=False)
class Reader:
    """Reads a need and patents by what is known before any grade."""

    centres: Centres
    fields: Fields
    terms: Terms

    def read(self, need: NeedView, patents: PatentViews, settled: Settled) -> Readings:
        """One need and m patents, of which so much is settled."""
        centres, headed = self.centres, bool(need.title.any())
        names = tuple(name for name in ASPECTS if name in need.aspects)
        head = need.title if headed else need.whole
        vectors = np.stack([need.whole, head, *(need.aspects[name] for name in names)])
        vectors = centred(vectors, centres.needs)
        titles = _cosines(patents.titles, centres.titles, settled.scales[:, 0], vectors)
        full = np.flatnonzero(patents.fuller)
        rich = _cosines(patents.wholes[full], centres.wholes, settled.scales[full, 1], vectors)
        close = titles.copy()
        close[full] = (titles[full] + rich * centres.factor + centres.step) / 2
        shares = self.terms.shares(need.terms, patents.terms, settled.totals)
        asked = self.fields.read(np.stack([head, need.whole]))
        spoken = self.fields.cosines(asked, patents.titles, patents.ipc, settled.scales[:, 2:])
        blank = np.full(len(patents.terms), np.nan)
        features = np.column_stack(
            [
                close[:, 0],
                titles[:, 1] if headed else blank,
                shares if headed else _untitled(shares),
                spoken.astype(np.float64),
            ]
        )
        return Readings(features, close[:, 2:], names, vectors[0])

    def scales(self, patents: PatentViews) -> FloatArray:
        """(m, 4) as `Settled` has them."""
        found = np.zeros((len(patents.terms), len(SCALES)), dtype=np.float32)
        full = np.flatnonzero(patents.fuller)
        found[:, 0] = inverse(_moved(patents.titles, self.centres.titles))
        found[full, 1] = inverse(_moved(patents.wholes[full], self.centres.wholes))
        found[:, 2:] = self.fields.scales(patents.titles, patents.ipc)
        return found

    def along(self, patents: PatentViews) -> FloatArray:
        """(m, r) unit rows that the memory compares: title and whole text alike, on its axes."""
        both, full = centred(patents.titles, self.centres.titles), np.flatnonzero(patents.fuller)
        both[full] += centred(patents.wholes[full], self.centres.wholes)
        return unit(both @ self.centres.axes)


def _cosines(
    rows: FloatArray, centre: FloatArray, scales: FloatArray, vectors: FloatArray
) -> Floats:
    """(m, d) rows less their mean with (k, d) unit vectors: (m, k)."""
    found: Floats = ((rows @ vectors.T - centre @ vectors.T) * scales[:, None]).astype(np.float64)
    return found


def centred(rows: FloatArray, centre: FloatArray) -> FloatArray:
    """(n, d) unit rows less their mean, of length one again; a row of zeros stays one."""
    return unit(_moved(rows, centre))


def _moved(rows: FloatArray, centre: FloatArray) -> FloatArray:
    found: FloatArray = np.where(rows.any(axis=1, keepdims=True), rows - centre, np.float32(0))
    return found


def _untitled(shares: Floats) -> Floats:
    """A need of plain text has no title whose grams a patent could share."""
    found = shares.copy()
    found[:, Terms.NAMES.index("title_grams")] = np.nan
    return found
