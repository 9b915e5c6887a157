"""An encoder, a ranker and a home that are made in no time, for tests of what stands above the
stages."""

from collections.abc import Callable, Iterator, Sequence
from functools import partial
from hashlib import sha256
from itertools import product
from pathlib import Path
from zlib import crc32

import numpy as np
import pytest
from filelock import FileLock

from matcher.build import Works, make_index
from matcher.config import Settings
from matcher.encode.cached import CachedEncoder
from matcher.engine import Matcher
from matcher.grading import Unjudged, foundation, lessons
from matcher.protocols import FloatArray
from matcher.rank.gaussian import Prior
from matcher.rank.kept import to_bytes
from matcher.rank.learn import learn
from matcher.records import Need, Patent
from matcher.store.sql import SqlStore, sqlite_url
from matcher.text.words import Segmenter


class Letters:
    """An encoder: which characters a text has, in `dim` boxes.  `told` are all texts encoded."""

    dim = searched = 16

    def __init__(self, fingerprint: str = "letters-1") -> None:
        self.fingerprint = fingerprint
        self.told: list[str] = []

    def encode_needs(self, texts: Sequence[str]) -> FloatArray:
        return self._encode(texts)

    def encode_patents(self, texts: Sequence[str]) -> FloatArray:
        return self._encode(texts)

    def _encode(self, texts: Sequence[str]) -> FloatArray:
        self.told += texts
        rows = np.zeros((len(texts), self.dim), dtype=np.float32)
        for row, text in enumerate(texts):
            for letter in text:
                rows[row, crc32(letter.encode()) % self.dim] += 1.0
        norms = np.linalg.norm(rows, axis=1, keepdims=True)
        made: FloatArray = (rows / np.where(norms == 0, 1.0, norms)).astype(np.float32)
        return made


@pytest.fixture(scope="session")
def segmenter() -> Segmenter:
    """One for all: its dictionary takes a moment to load."""
    return Segmenter()


@pytest.fixture(scope="session")
def letters() -> type[Letters]:
    """The encoder's class."""
    return Letters


@pytest.fixture(scope="session")
def ranker() -> bytes:
    """A ranker for the vectors of `Letters`: six needs, each answered by one of six patents."""
    nouns = ("隔膜", "压铸合金", "防腐涂料", "植物蛋白", "散热薄膜", "污水装置")
    patents = [
        Patent(id=noun, keys=(), title=f"一种{noun}的制备", abstract=f"公开了一种{noun}。")
        for noun in nouns
    ]
    needs = [Need(id=noun, title=noun, content=f"需要{noun}。") for noun in nouns]
    titles = [patent.title for patent in patents]
    known = Unjudged(
        titles * 15, ["H01M50/44", "C22C1/02"] * 45, titles, patents, needs
    )  # fmt: skip
    views = foundation(known, Letters(), Prior(), seed=0)
    pairs = list(product(needs, patents))
    grades = [4 if need.id == patent.id else 1 for need, patent in pairs]
    told = lessons(views, [need for need, _ in pairs], [patent for _, patent in pairs], grades)
    return to_bytes(learn(views.ranker, told, name="letters").ranker)


def put_in_force(home: Path, ranker: bytes) -> None:
    """As a home's own ranker (matcher/rank/own.py)."""
    folder, name = home / "rankers", sha256(ranker).hexdigest()[:12]
    folder.mkdir()
    (folder / f"{name}.safetensors").write_bytes(ranker)
    (folder / "CURRENT").write_text(name, "utf-8")


@pytest.fixture
def opened(tmp_path: Path, segmenter: Segmenter, ranker: bytes) -> Iterator[Callable[..., Matcher]]:
    """Opens `tmp_path/home`, as often as asked, with the encoder given or a new `Letters`."""
    matchers: list[Matcher] = []
    home = tmp_path / "home"
    home.mkdir()
    put_in_force(home, ranker)

    def open_again(encoder: Letters | None = None, kind: type[Matcher] = Matcher) -> Matcher:
        inner = encoder or Letters()
        works = Works(
            home,
            Settings(),
            SqlStore.open(sqlite_url(home / "patmatch.db")),
            inner,
            CachedEncoder(inner, home / "vectors.db"),
            segmenter,
            partial(make_index, "flat"),
            FileLock(home / "lock", timeout=0),
        )
        matchers.append(kind(works))
        return matchers[-1]

    yield open_again
    for matcher in matchers:
        matcher.close()
