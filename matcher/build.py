"""Settings to objects.  Heavy libraries are imported here and inside their stages, late."""

import os
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import assert_never

from filelock import FileLock, Timeout

from matcher.config import EncoderSettings, IndexKind, Settings
from matcher.encode.cached import CachedEncoder
from matcher.errors import BadSetting, Conflict
from matcher.library import DAMAGE, MakeIndex, Source, nobody, settle, unsettled
from matcher.protocols import Encoder, VectorIndex
from matcher.rank.ranker import Ranker
from matcher.store.sql import SqlStore, address
from matcher.text.words import Segmenter

SHIPPED = "ranker.safetensors"


@dataclass(frozen=True, slots=True)
class Works:
    """All that one home's `Matcher` composes.  `cache` is `encoder` with a memory on disk: for
    records, never for what people type into a search."""

    home: Path
    settings: Settings
    store: SqlStore
    encoder: Encoder
    cache: CachedEncoder
    segmenter: Segmenter
    make_index: MakeIndex
    lock: FileLock

    @property
    def derived(self) -> Path:
        """Where the generations are."""
        return self.home / "derived"

    def source(self, ranker: Callable[[], Ranker | None] = nobody) -> Source:
        """What a generation is built from now, and who settles its patents."""
        store = self.store
        return Source(
            store.snapshot(), self.cache, self.segmenter,
            store.each_patent, store.each_need, store.digests, ranker,
        )  # fmt: skip

    def settle(self, generation: Path, ranker: Callable[[], Ranker | None]) -> None:
        """Have a ranker settle a generation's patents, unless it did.  Where that fails (another
        writes, who is not waited for, or the home is read alone) they are graded without; who
        loads tells of damage."""
        with suppress(Timeout, *DAMAGE):
            if unsettled(generation, ranker) is not None:
                with self.lock.acquire(timeout=0):
                    settle(generation, ranker)

    @contextmanager
    def writing(self) -> Iterator[None]:
        """Hold the home's lock; imports and index builds never run side by side.

        :raises Conflict: another holds it."""
        try:
            with self.lock:
                yield
        except Timeout as error:
            raise Conflict("另一个 patmatch 正在更新这个数据文件夹。请等它结束后再试。") from error


def assemble(home: Path, settings: Settings, patience: float = 0.0) -> Works:
    """The works of one home folder, which is made if missing.  Who finds its lock held waits
    for it `patience` seconds."""
    try:
        home.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise BadSetting(
            f"数据文件夹 {home} 建不了({error.strerror})。请换一个(--home)。"
        ) from error
    store = SqlStore.open(address(home, settings.database))
    encoder = make_encoder(settings.encoder)
    cache = CachedEncoder(encoder, home / "vectors.db")
    index = partial(make_index, settings.index.kind)
    lock = FileLock(home / "lock", timeout=patience)
    return Works(home, settings, store, encoder, cache, Segmenter(), index, lock)


def make_encoder(settings: EncoderSettings) -> Encoder:
    """The encoder named in the settings.

    :raises BadSetting: it needs a name.  :raises ModelBroken: its file is missing or altered."""
    match settings.kind:
        case "e5":
            from matcher.encode.e5 import AdaptedE5
            from matcher.encode.shipped import models_dir

            return AdaptedE5.open(models_dir(), threads=settings.threads or os.cpu_count() or 1)
        case "sentence":
            from matcher.encode.sentence import SentenceEncoder

            return SentenceEncoder.open(_named(settings))
        case "tfidf":
            from matcher.encode.tfidf import TfidfEncoder

            return TfidfEncoder.open(Path(_named(settings)))
        case _:
            assert_never(settings.kind)


def make_index(kind: IndexKind, dim: int) -> VectorIndex:
    """An empty index of the kind named in the settings."""
    match kind:
        case "exact":
            from matcher.index.exact import ExactIndex

            return ExactIndex(dim)
        case "flat" | "int8":
            from matcher.index.flat import FaissIndex

            return FaissIndex(dim, kind)
        case _:
            assert_never(kind)


def make_ranker(home: Path, segmenter: Segmenter) -> Ranker:
    """The home's own ranker, else the shipped one.

    :raises ModelBroken: its file is missing or altered."""
    from matcher.encode.shipped import checked, models_dir
    from matcher.rank.kept import from_bytes
    from matcher.rank.own import Rankers

    own = Rankers(home / "rankers").read()
    return from_bytes(checked(models_dir(), SHIPPED) if own is None else own, segmenter)


def _named(settings: EncoderSettings) -> str:
    if not settings.name:
        raise BadSetting(f"编码器 {settings.kind} 需要在设置 encoder.name 中写明模型名称或文件夹。")
    return settings.name
