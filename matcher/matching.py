"""Questions to answers over an opened library: screen, retrieve, fuse, grade, prove, warn."""

from collections.abc import Callable, Iterator, Mapping, Sequence, Set
from dataclasses import dataclass, replace
from datetime import date
from functools import lru_cache

import numpy as np

from matcher.access.policy import Side
from matcher.config import MatchSettings
from matcher.encode.windows import leading
from matcher.explain.checks import Checker
from matcher.explain.evidence import Evidencer
from matcher.explain.risks import risks
from matcher.grading import Mark, Marks, Views
from matcher.library import Aspects, Library
from matcher.matches import Answer, Candidate, Match, Removal
from matcher.protocols import BoolArray, FloatArray
from matcher.rank.features import NeedView
from matcher.records import Filter, Need, Patent
from matcher.retrieve.corpus import Corpus, Question, bounds, candidates, fuse
from matcher.retrieve.filters import Screen, screen
from matcher.text.aspects import asked, need_aspects, patent_aspects

BATCH = 64
ASKED = 2048  # needs whose views are kept for the next patent that asks, at some 25 kB each
TYPED = "?"
NOBODY: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True)
class Without:
    """Ids of records that are to count as not there."""

    patents: Set[str] = NOBODY
    needs: Set[str] = NOBODY


NOTHING = Without()


@dataclass(frozen=True, slots=True)
class Ask:
    """What is asked of a corpus: how many, under which filter, of which side, by whom; as if the
    records in `without` (ids of that side) were not there."""

    k: int
    filter: Filter
    side: Side
    asker: str = ""
    without: Set[str] = NOBODY


@dataclass(frozen=True, slots=True)
class Records:
    """Where the found records are read, by id; one that has left the store since is missing."""

    patents: Callable[[Sequence[str]], Mapping[str, Patent]]
    needs: Callable[[Sequence[str]], Mapping[str, Need]]


@dataclass(frozen=True, slots=True)
class Asking:
    """The text that asks, by field, and all that the encoder says of it (dim,)."""

    aspects: Aspects
    vector: FloatArray


@dataclass(frozen=True, slots=True)
class Picked:
    """The records that are shown, best first, with their marks; what the filter by grade took
    away; and whether even the best candidate is too poor to be called suitable."""

    ids: tuple[str, ...]
    marks: tuple[Mark, ...]
    removals: tuple[Removal, ...]
    poor: bool


@dataclass(frozen=True, slots=True)
class Listed:
    """A record to be shown: its mark, its texts, and itself when it is a patent."""

    id: str
    mark: Mark
    aspects: Aspects
    patent: Patent | None


class Finder:
    """Answers questions over one opened library."""

    def __init__(
        self,
        library: Library,
        records: Records,
        views: Views,
        *,
        settings: MatchSettings,
        today: date,
    ) -> None:
        self._views = views
        self._records = records
        self._settings = settings
        self._today = today
        self._library = library
        self._evidencers = {
            "patents": Evidencer(library.patents.lexicon),
            "needs": Evidencer(library.needs.lexicon),
        }
        self._asks = _asks(library.needs, views)
        self._checker = Checker(library.patents.lexicon.segmenter)

    def answer(self, aspects: Aspects, vector: FloatArray, ask: Ask) -> Answer:
        """The best of one side for a text of several fields and its unit vector (dim,)."""
        corpus = self._corpus(ask.side)
        view = screen(corpus.columns, ask.filter, self._present(ask.side, ask.without))
        text = asked(aspects)
        near = leading(vector[None], corpus.readings.near.shape[1])[0]
        question = Question(near, corpus.lexicon.words(text), corpus.lexicon.characters(text))
        depth = max(self._settings.ranked, ask.k)
        found = candidates(corpus, question, depth, self._settings, view.allowed)
        picked = self._picked(found, Asking(aspects, vector), ask)
        read = self._records.patents if ask.side == "patents" else self._records.needs
        return self._told(picked, read(picked.ids), aspects, (view, ask))

    def answers(self, rows: Sequence[int], ask: Ask) -> Iterator[tuple[Need, Answer]]:
        """The best patents for the needs in these rows, BATCH at a time as matrix products."""
        shelf, corpus = self._library, self._library.patents
        view = screen(corpus.columns, ask.filter, self._present("patents", ask.without))
        ranked = max(self._settings.ranked, ask.k)
        depth = max(self._settings.candidates, ranked)
        for start in range(0, len(rows), BATCH):
            part = list(rows[start : start + BATCH])
            whole = shelf.needs.readings.full(part)
            vectors = leading(whole, corpus.readings.near.shape[1])
            near = bounds(corpus, vectors, depth, view.allowed)
            names = [shelf.needs.vectors.ids[row] for row in part]
            there = self._records.needs(names)
            told = [need_aspects(there[id]) if id in there else {} for id in names]
            shares = corpus.lexicon.batch([asked(aspects) for aspects in told])
            best = []
            for number, (within, (words, characters)) in enumerate(zip(near, shares, strict=True)):
                question = Question(vectors[number], words, characters)
                found = fuse(corpus, question, ranked, self._settings, near=(within, view.allowed))
                best.append(self._picked(found, Asking(told[number], whole[number]), ask))
            shown = sorted({id for picked in best for id in picked.ids})
            patents = self._records.patents(shown)
            for id, aspects, picked in zip(names, told, best, strict=True):
                own = replace(ask, asker=id)
                if id in there:
                    yield there[id], self._told(picked, patents, aspects, (view, own))

    def chosen_needs(self, wanted: Filter, without: Set[str] = NOBODY) -> list[int]:
        """The rows of the needs that pass a filter, in order of id."""
        view = screen(self._library.needs.columns, wanted, self._present("needs", without))
        if view.allowed is None:
            return list(range(view.total))
        rows: list[int] = np.flatnonzero(view.allowed).tolist()
        return rows

    def tally(
        self, name: str, length: int, wanted: Filter, without: Set[str] = NOBODY
    ) -> dict[str, int]:
        """How many patents that pass a filter carry each value of a facet (`retrieve/facets.py`),
        by the values' beginnings of this length."""
        columns = self._library.patents.columns
        view = screen(columns, wanted, self._present("patents", without))
        return columns.facets[name].tally(length, view.allowed)

    def passing(self, wanted: Filter, without: Set[str] = NOBODY) -> int:
        """How many patents pass a filter."""
        columns = self._library.patents.columns
        return screen(columns, wanted, self._present("patents", without)).passed

    def _present(self, side: Side, without: Set[str]) -> BoolArray | None:
        """(n,) the rows that may be found, None for all."""
        kept, corpus = self._library.present.get(side), self._corpus(side)
        if not without:
            return kept
        present = np.ones(len(corpus), np.bool_) if kept is None else kept.copy()
        present[[corpus.rows[id] for id in without if id in corpus.rows]] = False
        return present

    def _corpus(self, side: Side) -> Corpus:
        return self._library.patents if side == "patents" else self._library.needs

    def _picked(self, found: Sequence[Candidate], asking: Asking, ask: Ask) -> Picked:
        """Candidates graded, and the best of them."""
        ids = [one.id for one in found]
        if ask.side == "patents":
            given = self._graded(asking, ids)
        else:
            there = self._records.needs(ids)
            ids = [id for id in ids if id in there]
            given = self._offered(asking, [there[id] for id in ids])
        order, bound = given.order(ids), ask.filter.grade_min
        fit = order if bound is None else order[given.grades[order] >= bound]
        kept = fit[: ask.k].tolist()
        removals: tuple[Removal, ...] = ()
        if bound is not None and len(kept) < min(ask.k, len(order)):
            gone = len(order) - len(fit)
            removals = (Removal("grade_min", gone, gone),)
        poor = bool(ids) and given.best < self._settings.no_match
        marks = tuple(given.at(row) for row in kept)
        return Picked(tuple(ids[row] for row in kept), marks, removals, poor)

    def _told(
        self,
        picked: Picked,
        records: Mapping[str, Patent] | Mapping[str, Need],
        aspects: Aspects,
        search: tuple[Screen, Ask],
    ) -> Answer:
        """The records shown, with evidence and risks, as an answer to the text that asked."""
        view, ask = search
        marks = zip(picked.ids, picked.marks, strict=True)
        listed = [_listed(records[id], mark) for id, mark in marks if id in records]
        matches = tuple(self._matches(listed, aspects, ask))
        removals = (*view.removals, *picked.removals)
        return Answer(matches, view.total, view.passed, removals, view.relax, picked.poor)

    def _graded(self, asking: Asking, ids: Sequence[str]) -> Marks:
        """Each patent for the need that asks."""
        if not ids:
            return Marks.joined([])
        corpus = self._library.patents
        rows = [corpus.rows[id] for id in ids]
        stored = self._library.views.take(rows, corpus.readings.full(rows))
        need = self._views.need(asking.aspects, asking.vector)
        return Marks.of(self._views.ranker.grade(need, self._views.stored(stored)))

    def _offered(self, asking: Asking, needs: Sequence[Need]) -> Marks:
        """The patent that asks for each need."""
        offer = self._views.offer(asking.aspects, asking.vector)
        ranker = self._views.ranker
        return Marks.joined([Marks.of(ranker.grade(self._asks(need), offer)) for need in needs])

    def _matches(self, listed: Sequence[Listed], aspects: Aspects, ask: Ask) -> Iterator[Match]:
        evidencer = self._evidencers[ask.side]
        prepared = evidencer.prepare(aspects)
        for rank, one in enumerate(listed, start=1):
            proof, missing = evidencer.explain(prepared, one.aspects, key=one.id)
            patent = one.patent
            need, told = (aspects, one.aspects) if patent else (one.aspects, aspects)
            keys = (ask.asker or TYPED, one.id) if patent else (one.id, ask.asker or TYPED)
            yield Match(
                need_id=ask.asker if patent else one.id,
                patent_id=one.id if patent else ask.asker,
                rank=rank,
                score=one.mark.score,
                parts=one.mark.parts,
                grade=one.mark.grade,
                chances=one.mark.chances,
                steps=one.mark.steps,
                evidence=proof,
                missing=missing,
                risks=risks(patent, today=self._today) if patent else (),
                checks=self._checker.checks(need, told, keys=keys),
            )


def _asks(corpus: Corpus, views: Views) -> Callable[[Need], NeedView]:
    """What the ranker looks at in a stored need; the last are kept.  It holds nothing of a finder,
    so that one that is done with goes at once."""

    @lru_cache(ASKED)
    def view(need: Need) -> NeedView:
        (whole,) = corpus.readings.full([corpus.rows[need.id]])
        return views.need(need_aspects(need), whole)

    return view


def _listed(record: Patent | Need, mark: Mark) -> Listed:
    if isinstance(record, Patent):
        return Listed(record.id, mark, patent_aspects(record), record)
    return Listed(record.id, mark, need_aspects(record), None)
