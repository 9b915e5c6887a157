"""The derived half of a home: vectors, lexicon and columns, built from the store and published
as one generation.

    home/derived/CURRENT            the name of the generation in force
    home/derived/gen-<stamp>/       manifest.json, patents/, needs/

A generation is written beside the others, flushed to the disk, and put in force by replacing
CURRENT: a crash at any moment leaves the old one or the new one.  Its manifest names the data
snapshot and the encoder it was made from; when either differs from the store's or the encoder's,
it is built again (vectors of unchanged texts come from the encoder's cache)."""

import json
import os
import secrets
import shutil
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from hashlib import blake2b
from itertools import compress
from pathlib import Path
from typing import Protocol
from zipfile import BadZipFile

import numpy as np

from matcher.access.policy import Side
from matcher.encode.windows import leading, pool, windows
from matcher.errors import BadInput, DimensionMismatch, ModelBroken
from matcher.protocols import BoolArray, Encoder, FloatArray, VectorIndex
from matcher.rank.counted import Told, mapped
from matcher.rank.ranker import Ranker
from matcher.rank.settled import MOST_NEEDS, digest_in, save
from matcher.rank.stored import StoredViews
from matcher.records import Need, Patent, TextField
from matcher.retrieve.corpus import Corpus, Vectors
from matcher.retrieve.facets import Columns, need_columns, patent_columns
from matcher.retrieve.lexical import Lexicon
from matcher.text.aspects import headed, need_aspects, patent_aspects, whole
from matcher.text.words import Segmenter

FORMAT = "4"
CHUNK = 8192
WEIGHTS: Mapping[TextField, float] = {"title": 1.0, "abstract": 1.0, "first_claim": 0.5}
# What reading a damaged file raises.
DAMAGE = (OSError, EOFError, ValueError, KeyError, BadZipFile, BadInput, DimensionMismatch)
Aspects = Mapping[TextField, str]
Encode = Callable[[Sequence[str]], FloatArray]
MakeIndex = Callable[[int], VectorIndex]


class Progress(Protocol):
    """Told how far a piece of work has come: what, how many done, of how many."""

    def __call__(self, stage: str, done: int, total: int) -> None: ...


def silent(stage: str, done: int, total: int) -> None:
    """A `Progress` for those who do not watch."""


@dataclass(frozen=True, slots=True)
class Library:
    """An opened generation.  `present` (n,) marks the rows of a side that may be found, where
    not all may."""

    stamp: Mapping[str, str]
    patents: Corpus
    needs: Corpus
    views: StoredViews
    present: Mapping[Side, BoolArray] = field(default_factory=dict)


def nobody() -> Ranker | None:
    """Patents are settled by no ranker."""
    return None


@dataclass(frozen=True, slots=True)
class Source:
    """What a generation is built from, and the ranker that settles its patents, if one does."""

    snapshot: str
    encoder: Encoder
    segmenter: Segmenter
    each_patent: Callable[[], Iterable[Patent]]
    each_need: Callable[[], Iterable[Need]]
    digests: Callable[[Side], Mapping[str, int]]
    ranker: Callable[[], Ranker | None] = nobody

    def stamp(self) -> dict[str, str]:
        """Two generations with equal stamps are equal."""
        return {
            "format": FORMAT,
            "snapshot": self.snapshot,
            "encoder": self.encoder.fingerprint,
            "dim": str(self.encoder.dim),
            "segmenter": self.segmenter.fingerprint,
        }


def embed(aspects: Sequence[Aspects], encode: Encode, dim: int) -> FloatArray:
    """(n,) records to (n, dim) unit rows: each field by windows, the windows' vectors averaged,
    title and abstract counting alike and the claim half; zeros for a record without text."""
    texts: list[str] = []
    owners: list[int] = []
    shares: list[float] = []
    for row, fields in enumerate(aspects):
        for name, text in fields.items():
            pieces = windows(text)
            texts += pieces
            owners += [row] * len(pieces)
            shares += [WEIGHTS.get(name, 1.0) / max(len(pieces), 1)] * len(pieces)
    if not texts:
        return np.zeros((len(aspects), dim), dtype=np.float32)
    return pool(encode(texts), owners, weights=shares, n=len(aspects))


def current(folder: Path, stamp: Mapping[str, str]) -> Path | None:
    """The generation in force, if it is whole and bears this stamp."""
    found = in_force(folder, stamp)
    return found if found is not None and stamp_of(found) == stamp else None


def in_force(folder: Path, stamp: Mapping[str, str]) -> Path | None:
    """As `current`, whatever the data snapshot it was made from."""
    try:
        found = folder / (folder / "CURRENT").read_text("utf-8").strip()
        manifest = stamp_of(found)
    except (OSError, ValueError, TypeError):
        return None
    return found if {**manifest, "snapshot": stamp["snapshot"]} == stamp else None


def stamp_of(generation: Path) -> dict[str, str]:
    """What a generation says of itself."""
    return dict(json.loads((generation / "manifest.json").read_text("utf-8")))


def digests_of(generation: Path, side: Side) -> dict[str, int]:
    """Ids of a generation's records -> their digests in the store when it was built, 0 for a
    record that came while it was.

    :raises ModelBroken: a file of it is missing or damaged."""
    try:
        ids = json.loads((generation / side / "ids.json").read_text("utf-8"))
        digests = np.load(generation / side / "digests.npy", allow_pickle=False).tolist()
        return dict(zip(ids, digests, strict=True))
    except DAMAGE as error:
        raise _broken(generation) from error


def build(folder: Path, source: Source, progress: Progress = silent) -> Path:
    """Build the generation of `source` and put it in force.  The caller holds the home's lock."""
    stamp = source.stamp()
    name = "gen-" + blake2b(json.dumps(stamp).encode(), digest_size=8).hexdigest()
    folder.mkdir(parents=True, exist_ok=True)
    draft = folder / f"draft-{os.getpid()}"
    shutil.rmtree(draft, ignore_errors=True)
    _write_patents(draft / "patents", source, progress)
    _write_needs(draft / "needs", source, progress)
    (draft / "manifest.json").write_text(json.dumps(stamp, indent=1), "utf-8")
    settle(draft, source.ranker)
    _flush(draft)
    if (folder / name).exists():
        os.replace(folder / name, folder / f"gone-{secrets.token_hex(6)}")
    os.replace(draft, folder / name)
    pointer = folder / "CURRENT.new"
    pointer.write_text(name, "utf-8")
    _flush(folder, deep=False)
    os.replace(pointer, folder / "CURRENT")
    for other in folder.iterdir():
        if other.is_dir() and other.name != name:
            shutil.rmtree(other, ignore_errors=True)
    return folder / name


def settle(generation: Path, by: Callable[[], Ranker | None]) -> None:
    """Keep beside a generation's patents what a ranker can say of them before any need asks,
    unless it did.  Where it is broken, does not know their vectors or remembers too many needs,
    nothing is kept: patents are graded as well without, if slower."""
    ranker = unsettled(generation, by)
    if ranker is None:
        return
    folder = generation / "patents"
    views, wholes = StoredViews.load(folder / "views"), _readings(folder)
    pieces = views.each_settled(ranker.settled, wholes)
    shape = len(views), len(ranker.memory.pairs.needs)
    save(folder / "views", ranker.digest, pieces, shape)


def unsettled(generation: Path, by: Callable[[], Ranker | None]) -> Ranker | None:
    """The ranker that can settle a generation's patents and did not yet, if it is so."""
    try:
        ranker = by()
    except ModelBroken:  # who grades will tell
        return None
    if ranker is None or len(ranker.memory.pairs.needs) > MOST_NEEDS:
        return None
    if ranker.digest in ("", digest_in(generation / "patents" / "views")):
        return None
    return ranker if ranker.knows(stamp_of(generation)["encoder"]) else None


def load(generation: Path, segmenter: Segmenter, make_index: MakeIndex) -> Library:
    """Open a generation for searching.

    :raises ModelBroken: a file of it is missing or damaged."""
    try:
        stamp = json.loads((generation / "manifest.json").read_text("utf-8"))
        dim = int(stamp["dim"])
        patents = _load_corpus(generation / "patents", dim, segmenter, make_index)
        needs = _load_corpus(generation / "needs", dim, segmenter, make_index)
        views = StoredViews.load(generation / "patents" / "views")
        if len(views) != len(patents):
            raise ValueError("views of another number of patents")
    except DAMAGE as error:
        raise _broken(generation) from error
    return Library(stamp, patents, needs, views)


def _broken(generation: Path) -> ModelBroken:
    return ModelBroken(
        "索引文件不完整或已损坏;您的专利和需求数据不受影响。"
        "请运行 patmatch index rebuild 重建索引。",
        folder=str(generation),
    )


def _write_patents(folder: Path, source: Source, progress: Progress) -> None:
    digests = source.digests("patents")
    patents = list(source.each_patent())
    aspects = [patent_aspects(patent) for patent in patents]
    ids = [patent.id for patent in patents]
    columns, ipc = patent_columns(patents), [patent.ipc for patent in patents]
    del patents
    encoder = source.encoder
    vectors = _embed_all(aspects, encoder.encode_patents, encoder.dim, ("编码专利", progress))
    _write_vectors(folder, vectors, encoder.searched)
    del vectors
    _write_corpus(folder, (ids, columns), aspects, source.segmenter)
    _write_digests(folder, ids, digests)
    fuller = [len(texts) > 1 for texts in aspects]
    heads: list[Aspects] = [{"title": t["title"]} if "title" in t else {} for t in aspects]
    titles = embed(list(compress(heads, fuller)), encoder.encode_patents, encoder.dim)
    told = Told.of([headed(texts) for texts in aspects], source.segmenter)
    StoredViews.of(titles, fuller, ipc, told).save(folder / "views")


def _write_needs(folder: Path, source: Source, progress: Progress) -> None:
    digests = source.digests("needs")
    needs = list(source.each_need())
    aspects = [need_aspects(need) for need in needs]
    encoder = source.encoder
    vectors = _embed_all(aspects, encoder.encode_needs, encoder.dim, ("编码需求", progress))
    _write_vectors(folder, vectors, encoder.searched)
    ids = [need.id for need in needs]
    _write_corpus(folder, (ids, need_columns(needs)), aspects, source.segmenter)
    _write_digests(folder, ids, digests)


def _embed_all(
    aspects: Sequence[Aspects], encode: Encode, dim: int, told: tuple[str, Progress]
) -> FloatArray:
    stage, progress = told
    vectors = np.zeros((len(aspects), dim), dtype=np.float32)
    step = max(64, min(CHUNK, len(aspects) // 100))
    for start in range(0, len(aspects), step):
        piece = aspects[start : start + step]
        vectors[start : start + len(piece)] = embed(piece, encode, dim)
        progress(stage, start + len(piece), len(aspects))
    return vectors


def _write_vectors(folder: Path, vectors: FloatArray, searched: int) -> None:
    """What finds, and, where that is less than all, what grades."""
    folder.mkdir(parents=True)
    np.save(folder / "vectors.npy", leading(vectors, searched), allow_pickle=False)
    if vectors.shape[1] > searched:
        np.save(folder / "readings.npy", vectors, allow_pickle=False)


def _write_corpus(
    folder: Path,
    rows: tuple[Sequence[str], Columns],
    aspects: Sequence[Aspects],
    segmenter: Segmenter,
) -> None:
    ids, columns = rows
    (folder / "ids.json").write_text(json.dumps(ids, ensure_ascii=False), "utf-8")
    columns.save(folder)
    Lexicon.build([whole(texts) for texts in aspects], segmenter).save(folder)


def _write_digests(folder: Path, ids: Sequence[str], digests: Mapping[str, int]) -> None:
    """They were read before the records, so a record changed since has an older one."""
    rows = np.array([digests.get(id, 0) for id in ids], dtype=np.int64)
    np.save(folder / "digests.npy", rows, allow_pickle=False)


def _load_corpus(folder: Path, dim: int, segmenter: Segmenter, make_index: MakeIndex) -> Corpus:
    ids = json.loads((folder / "ids.json").read_text("utf-8"))
    near, whole = mapped(folder / "vectors.npy"), _readings(folder)
    if whole.shape != (len(ids), dim):
        raise ValueError("vectors of another number or length")
    index = make_index(near.shape[1])
    # Mapped a second time: what the index has copied is let go of, and not counted twice.
    index.add(ids, mapped(folder / "vectors.npy"))
    lexicon, columns = Lexicon.load(folder, segmenter), Columns.load(folder)
    return Corpus.of(index, lexicon, columns, Vectors(near, whole))


def _readings(folder: Path) -> FloatArray:
    """All that the encoder says of each record, mapped."""
    wider = folder / "readings.npy"
    return mapped(wider if wider.exists() else folder / "vectors.npy")


def _flush(folder: Path, *, deep: bool = True) -> None:
    """Force files, then the folder's own entries, to the disk."""
    paths = sorted(folder.rglob("*")) if deep else sorted(folder.glob("CURRENT*"))
    for path in [*paths, folder]:
        handle = os.open(path, os.O_RDONLY)
        try:
            os.fsync(handle)
        except OSError:
            continue
        finally:
            os.close(handle)
