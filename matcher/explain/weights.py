"""What explaining needs to know of a corpus: how rare its terms are."""

from typing import Protocol

from matcher.text.words import Segmenter


class Weights(Protocol):
    """Inverse document frequencies, natural logarithms, larger for rarer terms; `rarest` is the
    weight of a term that no text holds."""

    @property
    def segmenter(self) -> Segmenter: ...

    @property
    def rarest(self) -> float: ...

    def holds(self, word: str) -> bool: ...

    def word_weight(self, word: str) -> float: ...

    def gram_weight(self, gram: str) -> float: ...
