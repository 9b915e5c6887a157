"""Remembers vectors by encoder fingerprint, role and text, in one SQLite file."""

import hashlib
from collections.abc import Callable, Sequence
from pathlib import Path

import numpy as np

from matcher.encode.shelf import Shelf
from matcher.protocols import Encoder, FloatArray

Progress = Callable[[int, int], None]

# Texts encoded between two commits: what a killed process loses at most.
COMMIT_TEXTS = 512


class CachedEncoder:
    """Wraps any encoder; a text is encoded once for each fingerprint and role.

    `hits` and `misses` count distinct texts of each call, found and encoded; blank texts count as
    neither.  `on_progress(done, total)` counts the missing texts of a call, after each commit; it
    may be set anew between calls.  Several threads and processes may share a file.
    """

    def __init__(self, inner: Encoder, path: Path, *, on_progress: Progress | None = None) -> None:
        """:raises StoreBroken: the file cannot be made or written."""
        self._inner = inner
        self._shelf = Shelf(path, inner.fingerprint, inner.dim)
        self.on_progress = on_progress
        self.hits = 0
        self.misses = 0

    @property
    def dim(self) -> int:
        return self._inner.dim

    @property
    def searched(self) -> int:
        return self._inner.searched

    @property
    def fingerprint(self) -> str:
        """That of the wrapped encoder: the cache changes no vector."""
        return self._inner.fingerprint

    def encode_needs(self, texts: Sequence[str]) -> FloatArray:
        """(n,) to (n, dim)."""
        return self._encode(texts, b"need\n", self._inner.encode_needs)

    def encode_patents(self, texts: Sequence[str]) -> FloatArray:
        """(n,) to (n, dim)."""
        return self._encode(texts, b"patent\n", self._inner.encode_patents)

    def close(self) -> None:
        """Let go of the file; the next call opens it again."""
        self._shelf.close()

    def _encode(
        self, texts: Sequence[str], role: bytes, encode: Callable[[Sequence[str]], FloatArray]
    ) -> FloatArray:
        distinct = sorted({text for text in texts if text.strip()}, key=lambda t: (-len(t), t))
        place = {text: number for number, text in enumerate(distinct)}
        keys = [_key(role, text) for text in distinct]
        found, rows = self._shelf.read(keys)
        missing = np.flatnonzero(~found).tolist()
        self.hits += len(distinct) - len(missing)
        self.misses += len(missing)
        for start in range(0, len(missing), COMMIT_TEXTS):
            block = missing[start : start + COMMIT_TEXTS]
            rows[block] = encode([distinct[i] for i in block])
            self._shelf.write([keys[i] for i in block], rows[block])
            if self.on_progress is not None:
                self.on_progress(start + len(block), len(missing))
        vectors = np.zeros((len(texts), self.dim), dtype=np.float32)
        filled = [i for i, text in enumerate(texts) if text in place]
        vectors[filled] = rows[[place[texts[i]] for i in filled]]
        return vectors


def _key(role: bytes, text: str) -> bytes:
    return hashlib.sha256(role + text.encode("utf-8", "surrogatepass")).digest()
