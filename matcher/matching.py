"""Questions to answers over an opened library: screen, retrieve, fuse, prove, warn."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Literal

import numpy as np

from matcher.config import MatchSettings
from matcher.explain.checks import Checker
from matcher.explain.evidence import Evidencer
from matcher.explain.risks import risks
from matcher.library import Aspects, Library
from matcher.matches import Answer, Candidate, Match, Removal
from matcher.protocols import FloatArray
from matcher.records import Filter, Need, Patent
from matcher.retrieve.corpus import Corpus, Question, candidates, fuse
from matcher.retrieve.filters import Screen, screen
from matcher.text.aspects import asked, need_aspects, patent_aspects

Side = Literal["patents", "needs"]
BATCH = 64
TYPED = "?"


@dataclass(frozen=True, slots=True)
class Ask:
    """What is asked of a corpus: how many, under which filter, of which side, by whom."""

    k: int
    filter: Filter
    side: Side
    asker: str = ""


@dataclass(frozen=True, slots=True)
class Records:
    """Where the found records are read."""

    patents: Callable[[Sequence[str]], list[Patent]]
    needs: Callable[[Sequence[str]], list[Need]]


class Finder:
    """Answers questions over one opened library."""

    def __init__(
        self, library: Library, records: Records, settings: MatchSettings, today: date
    ) -> None:
        self._records = records
        self._settings = settings
        self._today = today
        self._library = library
        self._evidencers = {
            "patents": Evidencer(library.patents.lexicon),
            "needs": Evidencer(library.needs.lexicon),
        }
        self._checker = Checker(library.patents.lexicon.segmenter)

    def answer(self, aspects: Aspects, vector: FloatArray, ask: Ask) -> Answer:
        """The best of one side for a text of several fields and its unit vector (d,)."""
        corpus = self._corpus(ask.side)
        view = screen(corpus.columns, ask.filter)
        text = asked(aspects)
        question = Question(
            np.asarray(vector), corpus.lexicon.words(text), corpus.lexicon.characters(text)
        )
        found = candidates(corpus, question, ask.k, self._settings, view.allowed)
        return self._told(found, aspects, view, ask)

    def answers(self, rows: Sequence[int], ask: Ask) -> Iterator[tuple[Need, Answer]]:
        """The best patents for the needs in these rows, BATCH at a time as matrix products."""
        shelf, corpus = self._library, self._library.patents
        view = screen(corpus.columns, ask.filter)
        depth = max(self._settings.candidates, ask.k)
        for start in range(0, len(rows), BATCH):
            part = list(rows[start : start + BATCH])
            vectors = np.ascontiguousarray(shelf.needs.matrix[part])
            near = corpus.vectors.search(vectors, depth, allowed=view.allowed)
            needs = self._records.needs([shelf.needs.vectors.ids[row] for row in part])
            told = [need_aspects(need) for need in needs]
            shares = corpus.lexicon.batch([asked(aspects) for aspects in told])
            for number, (words, characters) in enumerate(shares):
                question = Question(vectors[number], words, characters)
                close = np.array([corpus.rows[hit.id] for hit in near[number]], dtype=np.int64)
                found = fuse(corpus, question, ask.k, self._settings, near=(close, view.allowed))
                own = Ask(ask.k, ask.filter, "patents", needs[number].id)
                yield needs[number], self._told(found, told[number], view, own)

    def chosen_needs(self, wanted: Filter) -> list[int]:
        """The rows of the needs that pass a filter, in order of id."""
        view = screen(self._library.needs.columns, wanted)
        if view.allowed is None:
            return list(range(view.total))
        rows: list[int] = np.flatnonzero(view.allowed).tolist()
        return rows

    def _corpus(self, side: Side) -> Corpus:
        return self._library.patents if side == "patents" else self._library.needs

    def _told(self, found: Sequence[Candidate], aspects: Aspects, view: Screen, ask: Ask) -> Answer:
        """Candidates with evidence and risks, as an answer."""
        bound = ask.filter.score_min
        kept = [one for one in found if bound is None or one.score >= bound]
        removals = view.removals
        if len(kept) < len(found):
            gone = len(found) - len(kept)
            removals = (*removals, Removal("score_min", gone, gone))
        matches = tuple(self._matches(kept, aspects, ask))
        return Answer(matches, view.total, view.passed, removals, view.relax)

    def _matches(self, kept: Sequence[Candidate], aspects: Aspects, ask: Ask) -> Iterator[Match]:
        evidencer = self._evidencers[ask.side]
        prepared = evidencer.prepare(aspects)
        ids = [one.id for one in kept]
        shown: Mapping[str, Aspects]
        warned: Mapping[str, Patent] = {}
        if ask.side == "patents":
            warned = {patent.id: patent for patent in self._records.patents(ids)}
            shown = {id: patent_aspects(patent) for id, patent in warned.items()}
        else:
            shown = {need.id: need_aspects(need) for need in self._records.needs(ids)}
        for rank, one in enumerate(kept, start=1):
            proof, missing = evidencer.explain(prepared, shown[one.id], key=one.id)
            patent = warned.get(one.id)
            need, told = (aspects, shown[one.id]) if patent else (shown[one.id], aspects)
            keys = (ask.asker or TYPED, one.id) if patent else (one.id, ask.asker or TYPED)
            yield Match(
                need_id=ask.asker if patent else one.id,
                patent_id=one.id if patent else ask.asker,
                rank=rank,
                score=one.score,
                parts=one.parts,
                evidence=proof,
                missing=missing,
                risks=risks(patent, today=self._today) if patent else (),
                checks=self._checker.checks(need, told, keys=keys),
            )
