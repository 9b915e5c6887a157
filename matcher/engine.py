"""The pipeline, read top to bottom: import -> index -> match -> explain -> export.

`Matcher` is the one object shells talk to.  It composes stages; every rule lives in a stage."""

from collections.abc import Callable, Iterable, Iterator, Mapping, Set
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Self

from matcher import __version__, imports
from matcher.access.policy import Side
from matcher.build import Works, assemble, make_ranker
from matcher.config import Settings, default_home, load_settings
from matcher.errors import BadInput, Conflict, ModelBroken
from matcher.evaluate.predictions import Predictions
from matcher.export.write import Summary, write
from matcher.grading import PairJudge, Views
from matcher.imports import Bringer, How, ImportReport
from matcher.judging import gather, origin_of, predict
from matcher.library import Aspects, Library, Progress, build, current, embed, load, silent
from matcher.matches import Answer, Provenance
from matcher.matching import NOBODY, NOTHING, Ask, Finder, Records, Without
from matcher.normalise.named import named_keys
from matcher.protocols import FloatArray, Judge
from matcher.rank.kept import to_bytes
from matcher.rank.own import Rankers
from matcher.rank.ranker import Ranker
from matcher.records import Filter, Need
from matcher.retrieve.filters import describe
from matcher.statistics import Statistics, statistics
from matcher.store.sql import SqlStore
from matcher.text.aspects import need_aspects, patent_aspects
from matcher.training import Trial, graded_answers, train

EVERYTHING = Filter()


class Matcher:
    """Patents and needs of one home, brought together."""

    PATIENCE = 0.0  # seconds to wait for another who writes

    def __init__(self, works: Works) -> None:
        self._works = works
        self._library: Library | None = None
        self._finder: Finder | None = None
        self._ranker: Ranker | None = None

    @classmethod
    def open(cls, home: Path | str | None = None, settings: Settings | None = None) -> Self:
        """Open a home; it is made on first use.

        :raises BadSetting: its settings file.  :raises StoreBroken: its database."""
        folder = default_home() if home is None else Path(home)
        return cls(assemble(folder, settings or load_settings(folder), cls.PATIENCE))

    def close(self) -> None:
        """Give back files and connections."""
        self._forget()
        self._works.cache.close()
        self._works.store.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    @property
    def home(self) -> Path:
        """The folder of all that is not in the database."""
        return self._works.home

    @property
    def store(self) -> SqlStore:
        """The records themselves."""
        return self._works.store

    def add_patents(
        self, files: Iterable[Path], *, mapping: Mapping[str, str] | None = None,
        dry_run: bool = False, bringer: Bringer | None = None, progress: Progress = silent,
    ) -> list[ImportReport]:  # fmt: skip
        """Import patent lists, each file wholly or not at all; good rows are taken, bad ones are
        in the report.  `mapping` names unknown columns and is remembered for such files;
        `bringer` is the organisation that owns what it brings, and changes nothing of others.

        :raises NothingUsable: no row of a file can be used.  :raises UnreadableFile: ..."""
        how = How(mapping=mapping or {}, dry_run=dry_run, bringer=bringer, progress=progress)
        return self._imported(imports.import_patents, files, how)

    def add_needs(
        self, files: Iterable[Path], *, mapping: Mapping[str, str] | None = None,
        dry_run: bool = False, bringer: Bringer | None = None, progress: Progress = silent,
    ) -> list[ImportReport]:  # fmt: skip
        """As `add_patents`, for needs on the official form or as plain title and text."""
        how = How(mapping=mapping or {}, dry_run=dry_run, bringer=bringer, progress=progress)
        return self._imported(imports.import_needs, files, how)

    def add_feedback(
        self, files: Iterable[Path], *, mapping: Mapping[str, str] | None = None,
        dry_run: bool = False,
    ) -> list[ImportReport]:  # fmt: skip
        """As `add_patents`, for answers to matches, our own exports with a column of grades among
        them."""
        return self._imported(
            imports.import_feedback, files, How(mapping=mapping or {}, dry_run=dry_run)
        )

    def refresh(self, *, rebuild: bool = False, progress: Progress = silent) -> int:
        """Bring vectors and index up to the store; the number of texts newly encoded."""
        before = self._works.cache.misses
        if rebuild or self._generation() is None:
            with self._works.writing():
                build(self._works.derived, self._works.source(lambda: self.ranker), progress)
            self._forget()
        return self._works.cache.misses - before

    def match(
        self, text: str, *, k: int = 10, filter: Filter = EVERYTHING, side: Side = "patents",
        without: Set[str] = NOBODY,
    ) -> Answer:  # fmt: skip
        """The k best patents (or needs) for a text in plain words, as if the records in `without`
        were not there; nothing of the text is kept.

        :raises BadInput: the text is blank."""
        if not text.strip():
            raise BadInput("请写出您的技术需求,例如:如何提高锂电池隔膜的耐热性。")
        encoder = self._works.encoder
        aspects: Aspects = {"content": text}
        encode = encoder.encode_needs if side == "patents" else encoder.encode_patents
        (vector,) = embed([aspects], encode, encoder.dim)
        return self._answered(aspects, vector, Ask(k, filter, side, without=without))

    def match_need(
        self, id: str, *, k: int = 10, filter: Filter = EVERYTHING, without: Set[str] = NOBODY
    ) -> Answer:
        """The k best patents for a stored need.  :raises UnknownId: it is not there."""
        (need,) = self.store.needs([id])
        aspects = need_aspects(need)
        vector = self._vector("needs", id, aspects)
        return self._answered(aspects, vector, Ask(k, filter, "patents", id, without))

    def match_patent(
        self, id: str, *, k: int = 10, filter: Filter = EVERYTHING, without: Set[str] = NOBODY
    ) -> Answer:
        """The k best needs for a stored patent.  :raises UnknownId: it is not there."""
        (patent,) = self.store.patents([self.patent_id(id)])
        aspects = patent_aspects(patent)
        vector = self._vector("patents", patent.id, aspects)
        return self._answered(aspects, vector, Ask(k, filter, "needs", patent.id, without))

    def match_all(
        self,
        *,
        k: int = 10,
        filter: Filter = EVERYTHING,
        needs: Filter = EVERYTHING,
        progress: Progress = silent,
        without: Without = NOTHING,
    ) -> Iterator[tuple[Need, Answer]]:
        """Every need that passes the filter `needs`, by id, with its k best patents: the answers
        of `match_need`, computed for many needs at a time."""
        rows = self.finder.chosen_needs(needs, without.needs)
        ask = Ask(k, filter, "patents", without=without.patents)
        for done, pair in enumerate(self.finder.answers(rows, ask), 1):
            yield pair
            progress("匹配", done, len(rows))

    def export(
        self,
        path: Path | str,
        *,
        k: int = 10,
        filter: Filter = EVERYTHING,
        needs: Filter = EVERYTHING,
        progress: Progress = silent,
    ) -> Summary:
        """Match all and write `path` (.xlsx .csv .jsonl .parquet), with provenance.

        :raises BadInput: another suffix, or a place that cannot be written to."""
        found = self.match_all(k=k, filter=filter, needs=needs, progress=progress)
        made_at = datetime.now(UTC).astimezone().isoformat(timespec="seconds")
        origin = self.provenance(filter, made_at=made_at)
        return write(Path(path), found, self.store.patents, origin)

    def predict(
        self, pairs: Path, needs: Path | None = None, *, progress: Progress = silent
    ) -> Predictions:
        """What the ranker says of judged pairs (`matcher/evaluate/judged.py` has the format);
        needs and patents that the files do not describe are those of this home.

        :raises BadInput: names the lines that cannot be used."""
        judged = gather(self.store, pairs, needs, self.patent_id)
        files = origin_of(pairs, needs, self.store.snapshot())
        return predict(self.judge, judged, {**files, "version": __version__}, progress)

    def train(
        self, pairs: Path | None = None, needs: Path | None = None, *, seed: int = 0
    ) -> Trial:
        """Learn from judged pairs (as for `predict`) or, without a file, from the stored answers.
        A ranker that proves better on grades it was not shown takes over; the old one is kept.

        :raises NothingUsable: nothing was graded.  :raises BadInput: names the lines."""
        with self._works.writing():
            judged = (
                gather(self.store, pairs, needs, self.patent_id) if pairs
                else graded_answers(self.store)
            )  # fmt: skip
            views = Views.of(self.ranker, self._works.cache)
            trial = train(views, judged, name=f"own-{datetime.now(UTC):%Y%m%d-%H%M%S}", seed=seed)
            if trial.better and trial.ranker is not None:
                self.rankers.keep(to_bytes(trial.ranker))
                self._reranked()
            return trial

    @property
    def rankers(self) -> Rankers:
        """The rankers that this home has learned."""
        return Rankers(self._works.home / "rankers")

    def restore_ranker(self, name: str = "") -> None:
        """Put a kept ranker in force again; without a name the shipped one.

        :raises UnknownId: there is none of that name."""
        with self._works.writing():
            self.rankers.choose(name)
            self._reranked()

    @property
    def judge(self) -> Judge:
        """The ranker: this home's own where it has one, else the shipped one."""
        return PairJudge(Views.of(self.ranker, self._works.encoder))

    def patent_id(self, text: str) -> str:
        """The id of the patent that a person names by id, application or publication number, in
        any usual way of writing it.  :raises UnknownId: there is none."""
        keys = [f"{prefix}:{text.strip()}" for prefix in "AS"] + named_keys(text)
        found = self.store.owners_of(keys)
        if found:
            return next(found[key] for key in keys if key in found)
        (patent,) = self.store.patents([text.strip()])
        return patent.id

    def statistics(self) -> Statistics:
        """Counts of both sides."""
        return statistics(self.store, self.library)

    def provenance(self, filter: Filter, *, made_at: str) -> Provenance:
        """What an export must name so that it can be made again."""
        shelf, settings = self.library, self._works.settings.match
        ranker = f"{self.ranker.name} over the first {settings.ranked}"
        return Provenance(
            snapshot=shelf.stamp["snapshot"],
            encoder=shelf.stamp["encoder"],
            index=shelf.patents.vectors.kind,
            ranker=ranker,
            filters=describe(filter),
            version=__version__,
            made_at=made_at,
        )

    @property
    def ranker(self) -> Ranker:
        """The home's own ranker, else the shipped one."""
        if self._ranker is None:
            self._ranker = make_ranker(self._works.home, self._works.segmenter)
        return self._ranker

    @property
    def library(self) -> Library:
        """The opened generation, built first if the store has moved on or its files are broken."""
        if self._library is None:
            self.refresh()
            try:
                self._library = self._loaded()
            except ModelBroken:
                self.refresh(rebuild=True)
                self._library = self._loaded()
        return self._library

    @property
    def finder(self) -> Finder:
        """Answers questions over the opened generation."""
        if self._finder is None:
            self._finder = self._finding(self.library)
        return self._finder

    @property
    def finders(self) -> tuple[Finder, ...]:
        """All that together hold each record once."""
        return (self.finder,)

    def _finding(self, library: Library) -> Finder:
        return Finder(
            library,
            Records(self.store.known_patents, self.store.known_needs),
            Views.of(self.ranker, self._works.cache),
            settings=self._works.settings.match,
            today=date.today(),
        )

    def _answered(self, aspects: Aspects, vector: FloatArray, ask: Ask) -> Answer:
        return self.finder.answer(aspects, vector, ask)

    def _vector(self, side: Side, id: str, _aspects: Aspects) -> FloatArray:
        """(dim,) of a stored record."""
        shelf = self._holding(side, id)
        corpus = shelf.patents if side == "patents" else shelf.needs
        found: FloatArray = corpus.readings.full([corpus.rows[id]])[0]
        return found

    def _loaded(self) -> Library:
        generation = self._generation()
        if generation is None:
            raise Conflict("数据正在被另一个程序更新。请稍候再试。")
        self._works.settle(generation, lambda: self.ranker)
        return load(generation, self._works.segmenter, self._works.make_index)

    def _holding(self, side: Side, id: str) -> Library:
        """The library, opened anew if a stored record came after it was opened."""
        shelf = self.library
        if id not in (shelf.patents if side == "patents" else shelf.needs).rows:
            self._forget()
        return self.library

    def _reranked(self) -> None:
        """Another ranker is in force, and says what it can of the patents when they are opened."""
        self._ranker = None
        self._forget()

    def _outdated(self) -> None:
        """Records were written."""
        self._forget()

    def _forget(self) -> None:
        """Let go of the opened generation; the next question opens the one in force."""
        self._library = self._finder = None

    def _generation(self) -> Path | None:
        return current(self._works.derived, self._works.source().stamp())

    def _imported(
        self, take: Callable[..., ImportReport], files: Iterable[Path], how: How
    ) -> list[ImportReport]:
        with self._works.writing():
            try:
                return [take(self.store, Path(path), how) for path in files]
            finally:
                self._outdated()  # even after an error some files may have been taken
