"""Records and vectors -> what the ranker looks at; and the `Judge` of pairs that stand alone."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from hashlib import blake2b

import numpy as np

from matcher.evaluate.measures import predicted
from matcher.library import Aspects, Encode, embed
from matcher.matches import Part, PartName
from matcher.normalise.identity import squeeze
from matcher.normalise.symbols import symbols_of
from matcher.protocols import Chances, Encoder, FloatArray, IntArray
from matcher.rank.base import centres, frequencies, learn_fields
from matcher.rank.features import ASPECTS, NeedView, PatentViews
from matcher.rank.gaussian import Prior
from matcher.rank.learn import Lesson
from matcher.rank.ordinal import Floats
from matcher.rank.ranker import Graded, Ranker, untaught
from matcher.rank.terms import Terms
from matcher.records import GRADES, Grade, Need, Patent
from matcher.text.aspects import headed, need_aspects, patent_aspects
from matcher.text.aspects import whole as whole_text
from matcher.text.words import Segmenter

DIGITS = 6
BRIEF = 60


@dataclass(frozen=True, slots=True)
class Views:
    """Makes views with an encoder, whose cache knows the texts of stored records."""

    ranker: Ranker
    encoder: Encoder
    blind: bool = False

    @classmethod
    def of(cls, ranker: Ranker, encoder: Encoder) -> "Views":
        """With vectors of another encoder than the ranker's, it grades by terms alone."""
        if ranker.knows(encoder.fingerprint):
            return cls(ranker, encoder)
        return cls(ranker.without_vectors(), encoder, blind=True)

    def need(self, aspects: Aspects, whole: FloatArray | None = None) -> NeedView:
        """Of a need's fields; `whole` (d,) where its vector is known.  A text of one field alone
        is not encoded again, so what people type never reaches a cache; a short one of that kind
        is read as a title, which is what the ranker knows such texts as."""
        rest = {name: aspects[name] for name in ASPECTS if name in aspects}
        title = aspects.get("title", "")
        brief = len(aspects) == 1 and not title and len(whole_text(aspects)) <= BRIEF
        if brief:
            title, rest = whole_text(aspects), {}
        asked = self.ranker.terms.asked(title, "\n".join(rest.values()))
        encode = self.encoder.encode_needs
        if whole is None or self.blind:
            (whole,) = self._embed([aspects], encode)
        vectors = {name: whole for name in aspects}
        if len(aspects) > 1:
            texts: list[Aspects] = [{name: text} for name, text in aspects.items()]
            vectors = dict(zip(aspects, self._embed(texts, encode), strict=True))
        none = np.zeros(self.ranker.dim, dtype=np.float32)
        told = {name: vectors[name] for name in rest}
        head = whole if brief else vectors.get("title", none)
        return NeedView(whole, head, told, asked)

    def patents(self, patents: Sequence[Patent]) -> PatentViews:
        """Of (m,) patents."""
        told = [patent_aspects(patent) for patent in patents]
        encode = self.encoder.encode_patents
        wholes = self._embed(told, encode)
        fuller = np.array([len(texts) > 1 for texts in told], dtype=np.bool_)
        titles = np.array(wholes)
        if fuller.any():
            long = [patent for patent, more in zip(patents, fuller, strict=True) if more]
            heads: list[Aspects] = [{"title": patent.title} for patent in long]
            titles[fuller] = self._embed(heads, encode)
        terms = self.ranker.terms.told([headed(texts) for texts in told])
        return PatentViews(wholes, titles, fuller, [patent.ipc for patent in patents], terms)

    def stored(self, views: PatentViews) -> PatentViews:
        """Views that a library kept, as this ranker may read them."""
        if self.blind:
            none = np.zeros((len(views.wholes), self.ranker.dim), dtype=np.float32)
            return replace(views, wholes=none, titles=none, settled=None)
        if views.settled is None or views.settled.digest == self.ranker.digest:
            return views
        return replace(views, settled=None)

    def offer(self, aspects: Aspects, whole: FloatArray) -> PatentViews:
        """One patent by its fields, or a text that offers a technology, with its vector (d,)."""
        title = aspects.get("title") or whole_text(aspects)
        rest = headed(aspects)[1] if "title" in aspects else ""
        fuller = np.array([bool(rest)])
        if self.blind:
            whole = np.zeros(self.ranker.dim, dtype=np.float32)
        titles = whole[None]
        if rest:
            titles = self._embed([{"title": title}], self.encoder.encode_patents)
        terms = self.ranker.terms.told([(title, rest)])
        return self.settled(PatentViews(whole[None], titles, fuller, [()], terms))

    def settled(self, views: PatentViews) -> PatentViews:
        """What many needs ask for: read once."""
        return replace(views, settled=self.ranker.settled(views))

    def _embed(self, texts: Sequence[Aspects], encode: Encode) -> FloatArray:
        """(n,) records to (n, d) rows, zeros where the ranker would not know them."""
        if self.blind:
            return np.zeros((len(texts), self.ranker.dim), dtype=np.float32)
        return embed(texts, encode, self.encoder.dim)


@dataclass(frozen=True, slots=True)
class Mark:
    """What one pair is given: the score is the sum of the `values`, which are those of `names`."""

    score: float
    grade: Grade
    chances: tuple[float, float, float, float]
    steps: tuple[float, float, float]
    names: tuple[PartName, ...]
    values: Sequence[float]

    @property
    def parts(self) -> tuple[Part, ...]:
        """Named, for the few that are shown."""
        return tuple(Part(n, v, v) for n, v in zip(self.names, self.values, strict=True))


@dataclass(frozen=True, slots=True, eq=False)
class Marks:
    """What n pairs are given, rounded so that the same input is written with the same bytes, and
    parts still add up: `scores` (n,), `grades` (n,), `chances` (n, 4), the scores at which grades
    begin, `steps` (n, 3), and the values of each with their names.  A `Mark` is made of those that
    are shown alone."""

    scores: Floats
    grades: IntArray
    chances: Chances
    steps: Floats
    names: Sequence[tuple[PartName, ...]]
    values: Sequence[Floats]

    @classmethod
    def of(cls, graded: Graded) -> "Marks":
        """Of one need's patents."""
        told = np.round(graded.chances, DIGITS)
        values = np.round(graded.parts, DIGITS)
        scores = np.round(values.sum(axis=1), DIGITS)
        steps = np.round(graded.steps, DIGITS)
        return cls(scores, predicted(told), told, steps, [graded.names] * len(values), list(values))

    @classmethod
    def joined(cls, parts: "Sequence[Marks]") -> "Marks":
        """One after the other; of none, none."""
        return cls(
            np.concatenate([np.zeros(0), *(part.scores for part in parts)]),
            np.concatenate([np.zeros(0, np.int64), *(part.grades for part in parts)]),
            np.concatenate([np.zeros((0, len(GRADES))), *(part.chances for part in parts)]),
            np.concatenate([np.zeros((0, len(GRADES) - 1)), *(part.steps for part in parts)]),
            [names for part in parts for names in part.names],
            [values for part in parts for values in part.values],
        )

    def __len__(self) -> int:
        return len(self.scores)

    def order(self, ids: Sequence[str]) -> IntArray:
        """(n,) rows, best first, ties by id."""
        told = self.scores.tolist()
        found = sorted(range(len(ids)), key=lambda row: (-told[row], ids[row]))
        return np.array(found, dtype=np.int64)

    @property
    def best(self) -> float:
        """The highest chance of grade >= 3; 0 where there is none."""
        return float(self.chances[:, 2:].sum(axis=1).max(initial=0.0))

    def at(self, row: int) -> Mark:
        """That of one pair."""
        first, second, third, fourth = self.chances[row].tolist()
        weak, fair, strong = self.steps[row].tolist()
        return Mark(
            float(self.scores[row]),
            GRADES[int(self.grades[row]) - 1],
            (first, second, third, fourth),
            (weak, fair, strong),
            self.names[row],
            self.values[row].tolist(),
        )


class PairJudge:
    """A `Judge` of needs and patents that need not be stored."""

    def __init__(self, views: Views) -> None:
        self._views = views

    @property
    def name(self) -> str:
        return f"{self._views.ranker.name} · {self._views.encoder.fingerprint}"

    def chances(self, needs: Sequence[Need], patents: Sequence[Patent]) -> Chances:
        """(n,) needs and (n,) patents, pairwise, to (n, 4)."""
        found = np.zeros((len(needs), 4))
        known = self._views.settled(self._views.patents(patents))
        for rows in by_need(needs):
            view = self._views.need(need_aspects(needs[rows[0]]))
            found[rows] = self._views.ranker.grade(view, taken(known, rows)).chances
        return found


@dataclass(frozen=True, slots=True)
class Unjudged:
    """What a ranker is founded on: (n,) titles with their IPC cells, other titles (those that were
    judged), patents that say more than a title, needs."""

    titles: Sequence[str]
    ipc: Sequence[str]
    others: Sequence[str]
    patents: Sequence[Patent]
    needs: Sequence[Need]


def foundation(known: Unjudged, encoder: Encoder, prior: Prior, *, seed: int) -> Views:
    """Views for a ranker that knows no grade yet, with centres, fields and term frequencies."""
    dim = encoder.dim
    told = [patent_aspects(patent) for patent in known.patents]
    heads: list[Aspects] = [{"title": patent.title} for patent in known.patents]
    needs = embed([need_aspects(need) for need in known.needs], encoder.encode_needs, dim)
    wholes = embed(told, encoder.encode_patents, dim)
    heads_of_wholes = embed(heads, encoder.encode_patents, dim)
    titles = embed([{"title": title} for title in known.titles], encoder.encode_patents, dim)
    others = embed([{"title": title} for title in known.others], encoder.encode_patents, dim)
    segmenter = Segmenter()
    texts = ["\n".join(aspects.values()) for aspects in told]
    ranker = untaught(
        encoder.fingerprint,
        centres(needs, (titles, others), wholes, heads_of_wholes),
        learn_fields(titles, [symbols_of(cell).read for cell in known.ipc], seed=seed),
        Terms(frequencies(known.titles, texts, segmenter), segmenter),
        prior=prior,
    )
    return Views(ranker, encoder)


def lessons(
    views: Views, needs: Sequence[Need], patents: Sequence[Patent], grades: Sequence[int]
) -> list[Lesson]:
    """Judged pairs (n,) as the ranker reads them, a lesson a need."""
    ranker, known = views.ranker, views.settled(views.patents(patents))
    marks = np.asarray(grades, dtype=np.int64)
    found = []
    for rows in by_need(needs):
        need = needs[rows[0]]
        some = taken(known, rows)
        told = ranker.read(views.need(need_aspects(need)), some)
        found.append(Lesson(_group(need), told, ranker.along(some), marks[rows]))
    return found


def _group(need: Need) -> str:
    """Needs of one title are one need; the title itself is not kept."""
    named = squeeze(need.title) or need.id
    return blake2b(named.encode("utf-8", "replace"), digest_size=8).hexdigest()


def by_need(needs: Sequence[Need]) -> list[list[int]]:
    """The rows of each need, in the order in which needs first come.  Needs that share an id and
    say different things are different needs."""
    groups: dict[Need, list[int]] = {}
    for row, need in enumerate(needs):
        groups.setdefault(need, []).append(row)
    return list(groups.values())


def taken(views: PatentViews, rows: Sequence[int]) -> PatentViews:
    """The views in some rows."""
    return PatentViews(
        views.wholes[rows],
        views.titles[rows],
        views.fuller[rows],
        [views.ipc[row] for row in rows],
        views.terms.take(rows),
        None if views.settled is None else views.settled.take(np.asarray(rows, dtype=np.int64)),
    )
