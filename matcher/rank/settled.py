"""What a ranker can say of patents before any need asks.

A cosine with a row that is moved and brought to length one is a product with the row itself, less
a step, over a length; the memory's sums over its patents hang on the patent alone.  So lengths,
the weight of a title's terms, and one sum for each remembered need are all that grading has to
know, and a library keeps them beside its index."""

import os
import re
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from matcher.protocols import FloatArray, IntArray
from matcher.rank.counted import mapped

SCALES = ("title", "whole", "read", "home")
MOST_NEEDS = 1024  # 8 bytes a patent each; who remembers more is asked without a file
_FILE = re.compile(r"settled-2-([0-9a-f]+)\.npy")  # of two latents; without the 2, of one
_DRAFT = "settled.new.npy"


@dataclass(frozen=True, slots=True, eq=False)
class Settled:
    """m patents, as the ranker of this `digest` reads them: `scales` (m, 4), one over the lengths
    of the centred title and whole text, of the title's technical field, and of what that is with
    the IPC subclasses, 0 where there is nothing; `totals` (m, 2), the weight of the title's words
    and grams; `pulls` (m, 2, p) towards what each of p remembered needs was graded."""

    digest: str
    scales: FloatArray
    totals: NDArray[np.float64]
    pulls: FloatArray

    def __len__(self) -> int:
        return len(self.scales)

    def take(self, rows: IntArray) -> "Settled":
        """The patents in (r,) rows."""
        return Settled(self.digest, self.scales[rows], self.totals[rows], self.pulls[rows])

    @classmethod
    def load(cls, folder: Path) -> "Settled | None":
        """What `save` wrote, mapped from the disk; None where there is nothing.

        :raises OSError, ValueError: the file is damaged."""
        digest = digest_in(folder)
        if not digest:
            return None
        rows = mapped(_file(folder, digest))
        needs = rows.dtype["pulls"].shape[-1] if rows.dtype.names == _row(0).names else 0
        if rows.ndim != 1 or rows.dtype != _row(needs):
            raise ValueError("settled patents of another form")
        return cls(digest, rows["scales"], rows["totals"], rows["pulls"])


def save(folder: Path, digest: str, pieces: Iterable[Settled], shape: tuple[int, int]) -> None:
    """Write patents as the ranker of a digest settled them, a piece at a time, in place of any
    written before; `shape` is how many they are and how many pulls each has.  One file, put there
    at once: who reads meanwhile has the old ones or the new."""
    (count, needs), draft, filled = shape, folder / _DRAFT, 0
    draft.unlink(missing_ok=True)
    rows: np.ndarray[Any, Any] = np.lib.format.open_memmap(
        draft, mode="w+", dtype=_row(needs), shape=(count,)
    )
    for piece in pieces:
        part = rows[filled : filled + len(piece)]
        part["scales"], part["totals"], part["pulls"] = piece.scales, piece.totals, piece.pulls
        filled += len(piece)
    del rows
    with draft.open("rb") as written:
        os.fsync(written.fileno())
    if filled != count:
        draft.unlink()
        raise ValueError(f"{filled} patents instead of {count}")
    kept = _file(folder, digest)
    os.replace(draft, kept)
    for other in folder.glob("settled-*.npy"):
        if other != kept:
            other.unlink(missing_ok=True)


def digest_in(folder: Path) -> str:
    """Of which ranker a folder holds settled patents, blank where it holds none; of several that
    a crash left, the last."""
    there = [found for path in folder.glob("settled-*") if (found := _FILE.fullmatch(path.name))]
    last = max(there, key=lambda found: _written(folder / found.string), default=None)
    return last.group(1) if last else ""


def _file(folder: Path, digest: str) -> Path:
    return folder / f"settled-2-{digest}.npy"


def _written(path: Path) -> int:
    try:
        return path.stat().st_mtime_ns
    except OSError:
        return 0


def _row(needs: int) -> np.dtype[np.void]:
    return np.dtype(
        [("scales", "<f4", (len(SCALES),)), ("totals", "<f8", (2,)), ("pulls", "<f4", (2, needs))]
    )
