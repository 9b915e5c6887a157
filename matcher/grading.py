"""Records and vectors -> what the ranker looks at; and the `Judge` of pairs that stand alone."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from hashlib import blake2b

import numpy as np

from matcher.library import Aspects, embed
from matcher.normalise.identity import squeeze
from matcher.normalise.symbols import symbols_of
from matcher.protocols import Chances, Encoder, FloatArray
from matcher.rank.base import centres, frequencies, learn_fields
from matcher.rank.features import ASPECTS, NeedView, PatentViews, Readings
from matcher.rank.gaussian import Prior
from matcher.rank.learn import Lesson
from matcher.rank.ranker import Ranker, untaught
from matcher.rank.terms import Terms
from matcher.records import Need, Patent, TextField
from matcher.text.aspects import need_aspects, patent_aspects
from matcher.text.words import Segmenter


@dataclass(frozen=True, slots=True)
class Views:
    """Makes views with an encoder, whose cache knows the texts of stored records."""

    ranker: Ranker
    encoder: Encoder

    def need(self, aspects: Aspects, whole: FloatArray | None = None) -> NeedView:
        """Of a need's fields; `whole` (d,) where its vector is known."""
        rest = {name: aspects[name] for name in ASPECTS if name in aspects}
        told: list[Mapping[TextField, str]] = [{name: text} for name, text in rest.items()]
        title = aspects.get("title", "")
        texts: list[Aspects] = [aspects, {"title": title}, *told]
        vectors = embed(texts if whole is None else texts[1:], self.encoder.encode_needs, self._dim)
        if whole is not None:
            vectors = np.vstack([whole[None], vectors])
        asked = self.ranker.terms.asked(title, "\n".join(rest.values()))
        return NeedView(vectors[0], vectors[1], dict(zip(rest, vectors[2:], strict=True)), asked)

    def patents(self, patents: Sequence[Patent], wholes: FloatArray | None = None) -> PatentViews:
        """Of (m,) patents; `wholes` (m, d) where their vectors are known."""
        told = [patent_aspects(patent) for patent in patents]
        encode, dim = self.encoder.encode_patents, self._dim
        if wholes is None:
            wholes = embed(told, encode, dim)
        fuller = np.array([len(texts) > 1 for texts in told], dtype=np.bool_)
        titles = np.array(wholes)
        if fuller.any():
            long = [patent for patent, more in zip(patents, fuller, strict=True) if more]
            heads: list[Aspects] = [{"title": patent.title} for patent in long]
            titles[fuller] = embed(heads, encode, dim)
        terms = [self.ranker.terms.told(texts.get("title", ""), _rest(texts)) for texts in told]
        return PatentViews(wholes, titles, fuller, [patent.ipc for patent in patents], terms)

    @property
    def _dim(self) -> int:
        return self.encoder.dim


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
        known = self._views.patents(patents)
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
        centres(needs, (titles, others), wholes, heads_of_wholes),
        learn_fields(titles, [symbols_of(cell).read for cell in known.ipc], seed=seed),
        Terms(frequencies(known.titles, texts, segmenter), segmenter),
        prior,
    )
    return Views(ranker, encoder)


def lessons(
    views: Views, needs: Sequence[Need], patents: Sequence[Patent], grades: Sequence[int]
) -> list[Lesson]:
    """Judged pairs (n,) as the ranker reads them, a lesson a need."""
    known = views.patents(patents)
    marks = np.asarray(grades, dtype=np.int64)
    found = []
    for rows in by_need(needs):
        need = needs[rows[0]]
        told: Readings = views.ranker.read(views.need(need_aspects(need)), taken(known, rows))
        found.append(Lesson(_group(need), told, marks[rows]))
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
        [views.terms[row] for row in rows],
    )


def _rest(texts: Aspects) -> str:
    return "\n".join(text for name, text in texts.items() if name != "title")
