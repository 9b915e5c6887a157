"""Views, readings and rankers drawn at random, small enough to be told from formulas."""

from collections.abc import Callable
from dataclasses import replace
from functools import partial

import numpy as np
import pytest

from matcher.protocols import FloatArray
from matcher.rank.features import ASPECTS, FEATURES, Centres, NeedView, PatentViews
from matcher.rank.fields import Fields
from matcher.rank.gaussian import Prior
from matcher.rank.learn import Lesson, learn
from matcher.rank.memory import Kernel, Memory, Pairs
from matcher.rank.ranker import Ranker, untaught
from matcher.rank.terms import Frequencies, Terms
from matcher.text.words import Segmenter

DIM = 16
SYMBOLS = ("A01B", "C02F", "F16C", "H01M")
WORDS = ("轴承", "润滑", "污水", "脱氮", "隔膜", "陶瓷", "涂层", "电池", "收获机", "PLC")


class Drawn:
    """A source of random things; the same seed draws the same."""

    def __init__(self, segmenter: Segmenter, seed: int) -> None:
        self.chance = np.random.default_rng(seed)
        self.segmenter = segmenter
        words = {word: 2 + place for place, word in enumerate(WORDS[:6])}
        pairs = {gram: 3 + place for place, gram in enumerate(("轴", "承", "轴承", "电", "池"))}
        known = Frequencies(50, words, pairs, (3.0, 9.0), (8.0, 25.0))
        self.terms = Terms(known, segmenter)

    def rows(self, count: int, dim: int = DIM) -> FloatArray:
        """Unit rows that lean to one side, as an encoder's do."""
        found = self.chance.normal(size=(count, dim)) + 0.7
        return (found / np.linalg.norm(found, axis=1, keepdims=True)).astype(np.float32)

    def text(self, most: int = 6) -> str:
        """Up to `most` words, some of them twice, or none."""
        return " ".join(self.chance.choice(WORDS, self.chance.integers(0, most + 1)))

    def need(self) -> NeedView:
        """With or without a title and each of the aspects."""
        names = [name for name in ASPECTS if self.chance.random() < 0.5]
        titled = self.chance.random() < 0.8
        title = self.rows(1)[0] if titled else np.zeros(DIM, np.float32)
        asked = self.terms.asked(self.text() if titled else "", self.text())
        aspects = dict(zip(names, self.rows(len(names)), strict=True))
        return NeedView(self.rows(1)[0], title, aspects, asked)

    def graded(self, ranker: Ranker) -> NeedView:
        """One that a ranker was taught: its vector, less their mean, is one it remembers."""
        centre = ranker.centres.needs
        known = self.chance.choice(ranker.memory.pairs.needs)
        along = float(known @ centre)
        far = along**2 + float(known @ known) * (1 - float(centre @ centre))
        whole = centre + (np.sqrt(far) - along) / float(known @ known) * known
        return replace(self.need(), whole=whole.astype(np.float32))

    def patents(self, count: int) -> PatentViews:
        """With or without more than a title, IPC symbols and any text at all."""
        titles, wholes = self.rows(count), self.rows(count)
        fuller = self.chance.random(count) < 0.5
        wholes[~fuller] = titles[~fuller]
        blank = self.chance.random(count) < 0.05
        titles[blank] = wholes[blank] = 0.0
        some = [self.chance.choice((*SYMBOLS, "Z99Z"), self.chance.integers(0, 4)) for _ in titles]
        ipc = [tuple(f"{symbol}9/08" for symbol in found) for found in some]
        texts = [(self.text(), self.text(12) if more else "") for more in fuller]
        return PatentViews(wholes, titles, fuller, ipc, self.terms.told(texts))

    def lesson(self, group: str, count: int) -> Lesson:
        """Grades that rise with the meaning and the words shared, and hang on luck."""
        base, need, patents = self.untaught(), self.need(), self.patents(count)
        told = base.read(need, patents)
        raw = (
            4 * told.features[:, 0] + 2 * told.features[:, 2] + self.chance.normal(0.4, 0.5, count)
        )
        return Lesson(
            group, told, base.along(patents), np.clip(np.rint(raw), 0, 3).astype(np.int64) + 1
        )

    def untaught(self) -> Ranker:
        """Reads, always the same way for one seed of its own."""
        chance = np.random.default_rng(99)
        centres = 0.1 * chance.normal(size=(3, DIM)).astype(np.float32)
        weights = chance.normal(size=(DIM, 4)).astype(np.float32)
        offsets, homes = chance.normal(size=4), chance.normal(size=(4, 4))
        fields = Fields(
            SYMBOLS,
            weights.astype(np.float16).astype(np.float32),
            offsets.astype(np.float32),
            homes.astype(np.float16).astype(np.float32),
            {name: place for place, name in enumerate(SYMBOLS)},
        )
        prior = Prior(0.3, 0.02, Kernel(same=0.5, general=0.06))
        axes = np.linalg.qr(chance.normal(size=(DIM, DIM - 2)))[0].astype(np.float32)
        base = Centres(*centres, 0.8, 0.05, axes)
        return untaught("letters-1", base, fields, self.terms, prior=prior)

    def ranker(self, needs: int = 6, each: int = 10) -> Ranker:
        """Taught by lessons."""
        lessons = [self.lesson(f"{place:016x}", each) for place in range(needs)]
        return learn(self.untaught(), lessons, name="drawn").ranker


@pytest.fixture(scope="session")
def recalled() -> Callable[[Memory, Pairs], np.ndarray]:
    """What a memory recalls of (m,) pairs, one after the other."""

    def each(memory: Memory, asked: Pairs) -> np.ndarray:
        pulls = memory.pulls(asked.patents)
        rows = zip(asked.need_rows, asked.patent_rows, strict=True)
        return np.array([memory.recall(asked.needs[n], pulls[[p]])[0] for n, p in rows])

    return each


@pytest.fixture
def drawn(segmenter: Segmenter) -> Callable[[int], Drawn]:
    """A source of random things for a seed."""
    return partial(Drawn, segmenter)


@pytest.fixture(scope="session")
def taught(segmenter: Segmenter) -> Ranker:
    """A ranker that was taught 60 pairs of 6 needs."""
    return Drawn(segmenter, 5).ranker()


@pytest.fixture(scope="session")
def width() -> int:
    """Columns of a ranker's features and aspect."""
    return 5 * (len(FEATURES) + 1)
