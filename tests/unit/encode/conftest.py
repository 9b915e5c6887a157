"""A tiny network in the E5S1 container format, invented and written byte by byte."""

import struct
from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pytest

HIDDEN, LAYERS, HEADS, INNER, POSITIONS = 64, 2, 2, 96, 512
PIECES = (
    "<s>",
    "<pad>",
    "</s>",
    "<unk>",
    "▁",
    "锂",
    "电池",
    "隔膜",
    ":",
    "耐热",
    "▁query",
    "▁passage",
)
SCORES = tuple(-float(number) for number in range(len(PIECES)))


def tiny_tensors() -> Iterator[tuple[str, bool, int]]:
    """Name, whether it is a 4-bit matrix, number of weights."""
    yield "emb.word", True, len(PIECES) * HIDDEN
    yield "emb.pos", False, POSITIONS * HIDDEN
    yield "emb.type", False, 2 * HIDDEN
    for name in ("emb.ln", *(f"l{i}.{part}" for i in range(LAYERS) for part in ("aln", "oln"))):
        yield f"{name}.w", False, HIDDEN
        yield f"{name}.b", False, HIDDEN
    for i in range(LAYERS):
        for part, rows, columns in (
            *((part, HIDDEN, HIDDEN) for part in ("q", "k", "v", "ao")),
            ("fi", INNER, HIDDEN),
            ("fo", HIDDEN, INNER),
        ):
            yield f"l{i}.{part}.w", True, rows * columns
            yield f"l{i}.{part}.b", False, rows


def tiny_bytes(seed: int = 0) -> bytes:
    """A whole container with random weights."""
    random = np.random.default_rng(seed)
    texts = [piece.encode() for piece in PIECES]
    offsets = np.cumsum([0, *map(len, texts)]).astype("<u4")
    head = b"E5S1" + struct.pack(
        "<I7ifi", 1, HIDDEN, LAYERS, HEADS, INNER, len(PIECES), 512, 2, 1e-12, 32
    )
    head += struct.pack("<5iQ", len(PIECES), 0, 2, 1, 3, int(offsets[-1]))
    head += offsets.tobytes() + np.array(SCORES, "<f4").tobytes() + b"".join(texts)
    head += struct.pack("<iI", 2, 12) + struct.pack("<IBI", ord("電"), 1, ord("电"))
    head += struct.pack("<IBII", ord("㎏"), 2, ord("k"), ord("g"))
    body, rows = b"", []
    for name, packed, count in tiny_tensors():
        if packed:
            scales = random.uniform(0.02, 0.06, (count // 32, 1)).astype("<f2")
            quants = random.integers(0, 256, (count // 32, 16), dtype=np.uint8)
            raw = np.hstack([scales.view(np.uint8), quants]).tobytes()
        else:
            base = 1.0 if name.endswith("ln.w") else 0.0
            raw = (base + random.normal(0, 0.2, count)).astype("<f4").tobytes()
        rows.append((name.encode(), int(packed), count, len(body), len(raw)))
        body += raw
    size = 4 + sum(2 + len(name) + 21 for name, *_ in rows)
    start = len(head) + size
    table = b"".join(
        struct.pack("<H", len(name)) + name + struct.pack("<BIQQ", kind, count, start + at, length)
        for name, kind, count, at, length in rows
    )
    return head + struct.pack("<i", len(rows)) + table + body


@pytest.fixture(scope="session")
def tiny_path(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The tiny container as a file."""
    path = tmp_path_factory.mktemp("tiny") / "tiny.bin"
    path.write_bytes(tiny_bytes())
    return path
