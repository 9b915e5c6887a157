"""What a query and the texts say in the same words: BM25 over words and over character
1- and 2-grams, each as a share of what the query asks for."""

import json
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import asdict
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from matcher.errors import ModelBroken
from matcher.protocols import FloatArray
from matcher.retrieve.lexical_postings import Bm25, Postings
from matcher.text.grams import grams
from matcher.text.words import Segmenter

_FORMAT = 1


class Lexicon:
    """Two inverted indexes over the same n texts, in row order.

    A share is `sum_t w(t) * bm25(t, text) / sum_t w(t) * idf(t) * c` over the query's terms,
    `w(t) = (1 + ln count) * idf(t)`, `c = 1 / (1 + k1 * (1 - b))`: 1 when a text far shorter
    than the mean says all of it, about 0.5 when one of mean length does, 0 when nothing is
    shared.  The denominator is the query's own, so shares compare across queries, and terms
    that no text holds count in it.  Write what matters more, such as a title, twice."""

    def __init__(self, words: Postings, characters: Postings, segmenter: Segmenter) -> None:
        self._words = words
        self._characters = characters
        self._segmenter = segmenter

    @classmethod
    def build(
        cls, texts: Sequence[str], segmenter: Segmenter, *, bm25: Bm25 | None = None
    ) -> "Lexicon":
        """Index `texts` (n,), n >= 0; the same texts give the same files."""
        bm25 = bm25 or Bm25()
        words = Postings.build(map(segmenter.terms, texts), bm25=bm25)
        return cls(words, Postings.build(map(grams, texts), bm25=bm25), segmenter)

    def __len__(self) -> int:
        return self._words.size

    @property
    def segmenter(self) -> Segmenter:
        """What cuts the texts and the queries."""
        return self._segmenter

    @property
    def bm25(self) -> Bm25:
        """The settings it was built with."""
        return self._words.bm25

    def save(self, folder: Path) -> None:
        """Write into `folder`, which is made; `lexicon.json` comes last."""
        self._words.save(folder / "words")
        self._characters.save(folder / "characters")
        (folder / "lexicon.json").write_text(json.dumps(self._stamp(), indent=1), encoding="utf-8")

    def _stamp(self) -> dict[str, Any]:
        return {
            "format": _FORMAT,
            "texts": len(self),
            "segmenter": self._segmenter.fingerprint,
            **asdict(self.bm25),
        }

    @classmethod
    def load(cls, folder: Path, segmenter: Segmenter) -> "Lexicon":
        """What `save` wrote; the arrays are mapped, not read.

        :raises ModelBroken: files are missing or damaged, or another segmenter made them."""
        try:
            stamp = json.loads((folder / "lexicon.json").read_text(encoding="utf-8"))
            bm25 = Bm25(k1=stamp["k1"], b=stamp["b"])
            words, characters = (
                Postings.load(folder / name, size=stamp["texts"], bm25=bm25)
                for name in ("words", "characters")
            )
            made = cls(words, characters, segmenter)
            if made._stamp() != stamp:
                raise ValueError("made by another version")
        except (OSError, ValueError, KeyError, TypeError, IndexError) as error:
            raise ModelBroken(
                "词语索引不完整，或由其他版本生成；您的专利和需求数据不受影响。"
                "请运行 patmatch index rebuild 重建索引。",
                folder=str(folder),
            ) from error
        return made

    def words(self, text: str) -> FloatArray:
        """(n,) float32 shares by words, all 0 for a blank text."""
        return self._words.scores(self._segmenter.terms(text))

    def characters(self, text: str) -> FloatArray:
        """(n,) float32 shares by character 1- and 2-grams, all 0 for a blank text."""
        return self._characters.scores(grams(text))

    def shares(self, text: str) -> tuple[FloatArray, FloatArray]:
        """`(words, characters)`, (n,) each."""
        return self.words(text), self.characters(text)

    def batch(self, texts: Iterable[str]) -> Iterator[tuple[FloatArray, FloatArray]]:
        """The shares of each text, in order.  One at a time: a block product multiplies each
        query's zeros too and was no faster (docs/decisions/0004-lexical.md)."""
        return map(self.shares, texts)

    def at(self, text: str, rows: NDArray[np.int64]) -> tuple[FloatArray, FloatArray]:
        """`(words, characters)` shares of the texts in `rows` only, in their order."""
        return self.words(text)[rows], self.characters(text)[rows]

    def word_weight(self, word: str) -> float:
        """idf of a word (see `Postings`); a word no text holds weighs most."""
        return self._words.weight(word)

    def holds(self, word: str) -> bool:
        """Whether some text holds the word."""
        return word in self._words.terms

    @property
    def rarest(self) -> float:
        """The weight of a word that no text holds: the greatest there is."""
        return self._words.unknown

    def gram_weight(self, gram: str) -> float:
        """idf of a character gram; one that no text holds weighs most."""
        return self._characters.weight(gram)
