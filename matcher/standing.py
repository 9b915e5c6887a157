"""A matcher for many who ask while records are added.

It answers from what it has in hand: a generation, less what has left the store or changed since,
and beside it a small library of what came since.  `catch_up` takes in what was written, by
whichever process, and replaces what is in hand as a whole, so nobody waits for it; a generation
that another process published is opened the same way."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from pathlib import Path
from tempfile import TemporaryDirectory
from threading import Lock

import numpy as np

from matcher.access.policy import Side
from matcher.build import Works
from matcher.engine import EVERYTHING, Matcher
from matcher.errors import Conflict, ModelBroken
from matcher.library import (
    Aspects,
    Library,
    Progress,
    Source,
    build,
    digests_of,
    embed,
    in_force,
    load,
    silent,
)
from matcher.matches import Answer, Match, Removal
from matcher.matching import NOTHING, Ask, Finder, Without
from matcher.protocols import BoolArray, FloatArray
from matcher.records import Filter, Need
from matcher.retrieve.corpus import Corpus
from matcher.retrieve.filters import relax

MOST = 2000  # newcomers that are encoded here; more are left to who builds the next generation
SIDES: tuple[Side, ...] = ("patents", "needs")
Digests = Mapping[Side, Mapping[str, int]]


@dataclass(frozen=True, slots=True)
class State:
    """What one catching up has seen: equal states need no other."""

    generation: Path
    snapshot: str
    ranker: str
    today: date

    @property
    def opened(self) -> tuple[Path, str]:
        """What the files that are mapped hang on."""
        return self.generation, self.ranker


@dataclass(frozen=True, slots=True)
class Gap:
    """What a generation lacks, as of a numbered change: of each side the records that came or
    changed, with their digests now, and the ids of those that went."""

    number: int
    came: Digests
    went: Mapping[Side, frozenset[str]]

    @property
    def size(self) -> int:
        """How many records that are."""
        return sum(map(len, self.came.values())) + sum(map(len, self.went.values()))


@dataclass(frozen=True, slots=True)
class Hand:
    """What questions are answered from; never changed, only replaced."""

    state: State
    digests: Digests
    gap: Gap
    main: Library
    finders: tuple[Finder, ...]
    fresh: Library | None


class StandingMatcher(Matcher):
    """One question at a time, and `catch_up` beside them from a thread of its own."""

    PATIENCE = 60.0

    def __init__(self, works: Works) -> None:
        super().__init__(works)
        self._hand: Hand | None = None
        self._catching = Lock()

    def catch_up(self) -> bool:
        """Take in what was written since; whether there was anything."""
        with self._catching:
            before, state = self._hand, self._state()
            if before is not None and before.state == state:
                return False
            if before is not None and before.state.ranker != state.ranker:
                self._ranker = None
            if before is not None and before.state.opened == state.opened:
                main, digests = before.main, before.digests
                gap = self._followed(before.gap, digests)
            else:
                main, digests = self._opened(state.generation)
                gap = self._compared(digests)
            self._hand = self._taken(state, (main, digests), gap)
            return True

    @property
    def behind(self) -> int:
        """How many records came, changed or went since the generation in hand was built."""
        return self._held.gap.size

    @property
    def library(self) -> Library:
        """The generation in hand; what came since is not in it."""
        return self._held.main

    def refresh(self, *, rebuild: bool = False, progress: Progress = silent) -> int:
        """As of any matcher, and then it is in hand."""
        encoded = super().refresh(rebuild=rebuild, progress=progress)
        self.catch_up()
        return encoded

    def match_all(
        self,
        *,
        k: int = 10,
        filter: Filter = EVERYTHING,
        needs: Filter = EVERYTHING,
        progress: Progress = silent,
        without: Without = NOTHING,
    ) -> Iterator[tuple[Need, Answer]]:
        """As of any matcher, over a generation that lacks nothing."""
        self.refresh(progress=progress)
        yield from super().match_all(
            k=k, filter=filter, needs=needs, progress=progress, without=without
        )

    @property
    def finder(self) -> Finder:
        """Answers questions over the generation in hand."""
        return self._held.finders[0]

    @property
    def finders(self) -> tuple[Finder, ...]:
        """As of any matcher: the generation in hand, and what came since."""
        return self._held.finders

    @property
    def _held(self) -> Hand:
        if self._hand is None:
            self.catch_up()
            assert self._hand is not None
        return self._hand

    def _answered(self, aspects: Aspects, vector: FloatArray, ask: Ask) -> Answer:
        found = [finder.answer(aspects, vector, ask) for finder in self._held.finders]
        return found[0] if len(found) == 1 else joined(found, ask.k)

    def _vector(self, side: Side, id: str, aspects: Aspects) -> FloatArray:
        held, encoder = self._held, self._works.cache
        if held.fresh is None and id in _corpus(held.main, side).rows:
            return super()._vector(side, id, aspects)
        encode = encoder.encode_patents if side == "patents" else encoder.encode_needs
        found: FloatArray = embed([aspects], encode, encoder.dim)[0]  # cached: encoded once
        return found

    def _holding(self, _side: Side, _id: str) -> Library:
        return self.library

    def _outdated(self) -> None:
        """What is in hand answers until it is caught up with."""

    def _forget(self) -> None:
        """A ranker learned here is in force from the next question on."""

    def _state(self) -> State:
        stamp, derived = self._works.source().stamp(), self._works.derived
        generation = in_force(derived, stamp)
        if generation is None:
            super().refresh()
            generation = in_force(derived, stamp)
        if generation is None:
            raise Conflict("数据正在被另一个程序更新。请稍候再试。")
        return State(generation, stamp["snapshot"], self.rankers.in_force(), date.today())

    def _opened(self, generation: Path) -> tuple[Library, Digests]:
        try:
            return self._read(generation)
        except ModelBroken:  # damaged, or gone since another published a newer one
            super().refresh(rebuild=generation.exists())
            return self._read(self._state().generation)

    def _read(self, generation: Path) -> tuple[Library, Digests]:
        self._works.settle(generation, lambda: self.ranker)
        main = load(generation, self._works.segmenter, self._works.make_index)
        return main, {side: digests_of(generation, side) for side in SIDES}

    def _followed(self, gap: Gap, digests: Digests) -> Gap:
        """The gap as it has become since, from what was written alone where that is known."""
        number, written = self.store.changes.since(gap.number)
        if written is None:
            return self._compared(digests)
        came = {side: dict(gap.came[side]) for side in SIDES}
        went = {side: set(gap.went[side]) for side in SIDES}
        for side, ids in written.items():
            there = self.store.changes.digests(side, sorted(ids))
            for id in ids:
                came[side].pop(id, None)
                went[side].discard(id)
                if id not in there:
                    went[side].update({id} & digests[side].keys())
                elif digests[side].get(id) != there[id]:
                    came[side][id] = there[id]
        return Gap(number, came, {side: frozenset(went[side]) for side in SIDES})

    def _compared(self, digests: Digests) -> Gap:
        """The gap, by looking at every record."""
        number = self.store.changes.last
        there = {side: self.store.digests(side) for side in SIDES}
        return Gap(
            number,
            {
                side: {id: d for id, d in there[side].items() if digests[side].get(id) != d}
                for side in SIDES
            },
            {side: frozenset(digests[side].keys() - there[side].keys()) for side in SIDES},
        )

    def _taken(self, state: State, opened: tuple[Library, Digests], gap: Gap) -> Hand:
        main, digests = opened
        if not gap.size:
            return Hand(state, digests, gap, main, (self._finding(main),), None)
        count = sum(map(len, gap.came.values()))
        fresh = self._built(gap.came) if 0 < count <= MOST else None
        present = {
            side: _kept(_corpus(main, side), gap.went[side] | gap.came[side].keys())
            if count <= MOST
            else _kept(_corpus(main, side), gap.went[side])
            for side in SIDES
        }
        finders = [self._finding(replace(main, present=present))]
        if fresh is not None:
            finders.append(self._finding(fresh))
        return Hand(state, digests, gap, main, tuple(finders), fresh)

    def _built(self, came: Digests) -> Library:
        """A library of these records alone, which needs no files once it is opened."""
        patents = self.store.known_patents(sorted(came["patents"]))
        needs = self.store.known_needs(sorted(came["needs"]))
        works = self._works
        source = Source(
            "", works.cache, works.segmenter,
            lambda: [patents[id] for id in sorted(patents)],
            lambda: [needs[id] for id in sorted(needs)],
            lambda side: came[side], lambda: self.ranker,
        )  # fmt: skip
        with TemporaryDirectory(prefix="patmatch-", ignore_cleanup_errors=True) as folder:
            return load(build(Path(folder), source), works.segmenter, works.make_index)


def joined(answers: Sequence[Answer], k: int) -> Answer:
    """The answers of libraries that share no record, as one library would give it."""
    every = [one for answer in answers for one in answer.matches]
    every.sort(key=lambda one: (-one.score, one.patent_id, one.need_id))
    best: list[Match] = [replace(one, rank=rank) for rank, one in enumerate(every[:k], 1)]
    counts: dict[str, tuple[int, int]] = {}
    for answer in answers:
        for one in answer.removals:
            removed, blocked = counts.get(one.field, (0, 0))
            counts[one.field] = (removed + one.removed, blocked + one.blocked)
    if len(best) == k:
        counts.pop("grade_min", None)
    removals = tuple(Removal(name, *count) for name, count in counts.items())
    passed = sum(answer.passed for answer in answers)
    poor = [answer.no_match for answer in answers if answer.passed]
    screened = tuple(one for one in removals if one.field != "grade_min")
    return Answer(
        matches=tuple(best),
        total=sum(answer.total for answer in answers),
        passed=passed,
        removals=removals,
        relax=relax(passed, screened) if screened else "",
        no_match=bool(poor) and all(poor),
    )


def _corpus(library: Library, side: Side) -> Corpus:
    return library.patents if side == "patents" else library.needs


def _kept(corpus: Corpus, gone: Iterable[str]) -> BoolArray:
    """(n,) which rows are not among these."""
    kept = np.ones(len(corpus.vectors.ids), dtype=np.bool_)
    for id in gone:
        row = corpus.rows.get(id)
        if row is not None:
            kept[row] = False
    return kept
