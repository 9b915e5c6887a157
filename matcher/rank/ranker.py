"""The ranker: readings to named parts in log-odds, chances of the four grades, and a score."""

import re
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from matcher.matches import PartName
from matcher.protocols import Chances, FloatArray
from matcher.rank.features import GROUPS, Centres, NeedView, PatentViews, Reader, Readings
from matcher.rank.fields import Fields
from matcher.rank.gaussian import Prior
from matcher.rank.memory import Memory
from matcher.rank.ordinal import GOOD, Floats, Scale, Scales, weighed
from matcher.rank.settled import Settled
from matcher.rank.shapes import Shapes, grouped
from matcher.rank.terms import Terms

ENGINE = re.compile(r"-ort[0-9.]+$")
PLAIN: tuple[PartName, ...] = tuple(dict.fromkeys(GROUPS))


@dataclass(frozen=True, slots=True, eq=False)
class Additive:
    """The additive half: `shapes` of the features, one `aspect` shape that a need's aspects
    share, each in equal measure, and the `slopes` (c, 2) of their columns, the aspects' last,
    one for each latent."""

    shapes: Shapes
    aspect: Shapes
    slopes: Floats

    def columns(self, told: Readings) -> Floats:
        """(m, c) what the slopes multiply."""
        return columns(told, self.shapes, self.aspect)

    def parts(self, told: Readings) -> Floats:
        """(m, groups + aspects) what each adds to how good it is, in grades: `PLAIN`, then the
        told aspects."""
        split, slopes = len(self.slopes) - self.aspect.width, self.slopes[:, GOOD]
        plain = grouped(self.shapes.values(told.features, slopes[:split]), GROUPS, PLAIN)
        count = max(told.aspects.shape[1], 1)
        each = [
            self.aspect.values(column[:, None], slopes[split:] / count) for column in told.aspects.T
        ]
        return np.hstack([plain, *each])


@dataclass(frozen=True, slots=True, eq=False)
class Graded:
    """m patents for one need: `parts` (m, p) log-odds named by `names`, the first being the
    start that every pair has; their sum (m,) is the log-odds of grade >= 3; `chances` (m, 4); and
    where on the scale of that sum each grade begins, `steps` (m, 3)."""

    names: tuple[PartName, ...]
    parts: Floats
    chances: Chances
    steps: Floats

    @property
    def scores(self) -> Floats:
        """(m,) log-odds of grade >= 3."""
        found: Floats = self.parts.sum(axis=1)
        return found


@dataclass(frozen=True, slots=True, eq=False)
class Taught:
    """The n pairs that it learned from, in the memory's order: their (n, c) columns, (n,) grades
    and the groups that they are left out with.  With them it can be fitted again."""

    columns: NDArray[np.float16]
    grades: NDArray[np.int8]
    groups: tuple[str, ...]


@dataclass(frozen=True, slots=True, eq=False)
class Bare:
    """What is left where texts have no vectors it knows: (c, 2) slopes of the columns of terms,
    zeros for all others, the mean grade, and a scale of their own."""

    slopes: Floats
    mean: float
    scale: Scale


@dataclass(frozen=True, slots=True, eq=False)
class Ranker:
    """All that is learned.  `mean` is the mean grade that it was learned from, `encoder` the
    fingerprint of the vectors that it knows, `digest` that of the file it was read from, if any."""

    name: str
    encoder: str
    centres: Centres
    fields: Fields
    terms: Terms
    additive: Additive
    mean: float
    memory: Memory
    scales: Scales
    taught: Taught
    prior: Prior
    bare: Bare
    digest: str = ""

    @property
    def _reader(self) -> Reader:
        return Reader(self.centres, self.fields, self.terms)

    @property
    def dim(self) -> int:
        """Length of the vectors that it knows."""
        return len(self.centres.needs)

    def knows(self, fingerprint: str) -> bool:
        """Whether vectors of an encoder are those that it learned from; which engine computed
        them does not matter."""
        return ENGINE.sub("", fingerprint) == ENGINE.sub("", self.encoder)

    def without_vectors(self) -> "Ranker":
        """A ranker of terms alone, for texts whose vectors it does not know."""
        bare = self.bare
        return replace(
            self,
            name=f"{self.name}(仅按术语)",
            additive=replace(self.additive, slopes=bare.slopes),
            mean=bare.mean,
            scales=Scales(bare.scale, bare.scale),
            memory=Memory.empty(*self.centres.axes.shape),
            digest="",
        )

    def settled(self, patents: PatentViews) -> Settled:
        """What it can say of m patents before any need asks, unless that was already said."""
        if patents.settled is not None:
            return patents.settled
        return Settled(
            self.digest,
            self._reader.scales(patents),
            self.terms.totals(patents.terms),
            self.memory.pulls(self.along(patents)),
        )

    def along(self, patents: PatentViews) -> FloatArray:
        """(m, r) patents as the memory compares them."""
        return self._reader.along(patents)

    def read(self, need: NeedView, patents: PatentViews) -> Readings:
        """What it looks at in one need and m patents."""
        return self._reader.read(need, patents, self.settled(patents))

    def grade(self, need: NeedView, patents: PatentViews) -> Graded:
        """Each of m patents for one need; what is settled of them must be this ranker's word."""
        settled = self.settled(patents)
        told = self._reader.read(need, patents, settled)
        recalled = self.memory.recall(told.need, settled.pulls)
        familiar = self.memory.familiar(told.need)
        scale = self.scales.at(familiar)
        latents = self.additive.columns(told) @ self.additive.slopes + recalled + self.mean
        latents = weighed(latents, familiar)
        grades = np.column_stack([self.additive.parts(told), recalled[:, GOOD]])
        start = np.full((len(grades), 1), scale.log_odds(np.array([self.mean]))[0])
        parts = np.hstack([start, grades * scale.slope])
        names: tuple[PartName, ...] = ("start", *PLAIN, *told.names, "memory")
        return Graded(names, parts, scale.chances(latents), scale.steps(latents))


def untaught(
    encoder: str, centres: Centres, fields: Fields, terms: Terms, *, prior: Prior
) -> Ranker:
    """A ranker that reads, and has learned nothing yet."""
    nothing = Shapes(np.zeros(0), np.zeros(0), np.zeros((0, 0)))
    scale = Scale((1.0, 1.0, 1.0), (0.0, 1.0, 2.0))
    return Ranker(
        name="untaught",
        encoder=encoder,
        centres=centres,
        fields=fields,
        terms=terms,
        additive=Additive(nothing, nothing, np.zeros((0, 2))),
        mean=0.0,
        memory=Memory.empty(*centres.axes.shape),
        scales=Scales(scale, scale),
        taught=Taught(np.zeros((0, 0), np.float16), np.zeros(0, np.int8), ()),
        prior=prior,
        bare=Bare(np.zeros((0, 2)), 0.0, scale),
    )


def columns(told: Readings, shapes: Shapes, aspect: Shapes) -> Floats:
    """(m, c): the features' columns, then the mean of the aspects' columns."""
    plain = shapes.columns(told.features)
    if not told.aspects.shape[1]:
        return np.hstack([plain, np.zeros((len(plain), aspect.width))])
    each = [aspect.columns(column[:, None]) for column in told.aspects.T]
    return np.hstack([plain, np.mean(each, axis=0)])
