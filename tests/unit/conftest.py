"""An encoder and a home that are made in no time, for tests of what stands above the stages."""

from collections.abc import Callable, Iterator, Sequence
from functools import partial
from pathlib import Path
from zlib import crc32

import numpy as np
import pytest

from matcher.build import Works, make_index
from matcher.config import Settings
from matcher.encode.cached import CachedEncoder
from matcher.engine import Matcher
from matcher.protocols import FloatArray
from matcher.store.sql import SqlStore, sqlite_url
from matcher.text.words import Segmenter


class Letters:
    """An encoder: which characters a text has, in `dim` boxes.  `told` are all texts encoded."""

    dim = 16

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


@pytest.fixture
def letters() -> type[Letters]:
    """The encoder's class."""
    return Letters


@pytest.fixture
def opened(tmp_path: Path, segmenter: Segmenter) -> Iterator[Callable[..., Matcher]]:
    """Opens `tmp_path/home`, as often as asked, with the encoder given or a new `Letters`."""
    matchers: list[Matcher] = []
    home = tmp_path / "home"
    home.mkdir()

    def open_again(encoder: Letters | None = None) -> Matcher:
        inner = encoder or Letters()
        works = Works(
            home,
            Settings(),
            SqlStore.open(sqlite_url(home / "patmatch.db")),
            inner,
            CachedEncoder(inner, home / "vectors.db"),
            segmenter,
            partial(make_index, "flat"),
        )
        matchers.append(Matcher(works))
        return matchers[-1]

    yield open_again
    for matcher in matchers:
        matcher.close()
