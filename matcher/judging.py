"""Judged pairs and a judge -> predictions.  What the files do not describe is looked up in the
store."""

from collections.abc import Callable
from functools import cache
from hashlib import sha256
from pathlib import Path

import numpy as np

from matcher.errors import UnknownId
from matcher.evaluate.judged import Judged, read_judged, read_needs
from matcher.evaluate.predictions import Predictions
from matcher.library import Progress
from matcher.protocols import Chances, Judge, Store
from matcher.records import Need, Patent

BLOCK = 512


def gather(
    store: Store, pairs: Path, needs: Path | None, patent_id: Callable[[str], str]
) -> Judged:
    """The pairs of a file; needs are those of the file `needs` or, without one, the store's;
    patents that the pairs only name are the store's, under any number `patent_id` knows.

    :raises BadInput: names the lines that cannot be used."""
    known = None if needs is None else read_needs(needs)

    @cache
    def need(id: str) -> Need:
        if known is not None:
            if id in known:
                return known[id]
            raise UnknownId(f"需求文件里没有编号“{id}”。")
        try:
            return store.needs([id])[0]
        except UnknownId:
            raise UnknownId(f"库中没有需求“{id}”,请用 --needs 给出需求文件。") from None

    @cache
    def patent(id: str) -> Patent:
        try:
            return store.patents([patent_id(id)])[0]
        except UnknownId:
            raise UnknownId(
                f"成果“{id}”没有写 achievement_terms 或 title,库中也没有这个编号。"
            ) from None

    return read_judged(pairs, need, patent)


def predict(
    judge: Judge, judged: Judged, origin: dict[str, str], progress: Progress
) -> Predictions:
    """What the judge says of every pair, a block at a time.

    :raises ModelBroken: it says what cannot be."""
    total = len(judged.grades)
    blocks: list[Chances] = []
    for start in range(0, total, BLOCK):
        rows = slice(start, start + BLOCK)
        blocks.append(judge.chances(judged.needs[rows], judged.patents[rows]))
        progress("评分", min(start + BLOCK, total), total)
    return Predictions.of(judged, np.concatenate(blocks), {**origin, "judge": judge.name})


def origin_of(pairs: Path, needs: Path | None, snapshot: str) -> dict[str, str]:
    """Names and checksums of the files; the store's snapshot where no file holds the needs."""
    held = snapshot if needs is None else _named(needs)
    return {"pairs": _named(pairs), "needs": held}


def _named(path: Path) -> str:
    return f"{path.name} sha256:{sha256(path.read_bytes()).hexdigest()}"
