"""The pieces the encoder knows: chosen from a large vocabulary, kept in JSON, made a tokenizer."""

import json
import re
from collections.abc import Iterable
from dataclasses import dataclass
from typing import TYPE_CHECKING

from matcher.encode.e5s1 import Container

if TYPE_CHECKING:
    from tokenizers import Tokenizer

SPACE = "▁"
SPECIAL = ("<s>", "<pad>", "</s>", "<unk>")
UNKNOWN = 3
LONGEST = 512

_HAN = "\u2e80-\u2fdf\u3005-\u3007\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff"
_SIGNS = (
    "\u00a0-\u00bf\u00d7\u00f7\u02c6-\u02dd\u2000-\u206f\u2070-\u209f\u20a0-\u20bf\u2100-\u2bff"
    "\u3000-\u303f\ufe10-\ufe6f\uff00-\uffef"
)
_TECHNICAL = re.compile(f"[!-~{_HAN}{_SIGNS}]*")
_LETTER = re.compile("[\u00c0-\u024f\u0370-\u03ff\u0400-\u045f\u3040-\u30ff]")
_LATIN_WORD = re.compile("[A-Za-z]{4,}")


def keeps(piece: str, common: frozenset[str]) -> bool:
    """Whether Chinese or Latin technical text needs the piece.

    All of Han, ASCII signs, digits, punctuation, units; single letters of Latin, Greek, Cyrillic
    and kana; Latin words of four and more letters only where `common` (the words of a smaller
    vocabulary of English text, see `words_of`) holds them too.
    """
    bare = piece.replace(SPACE, "")
    if _LATIN_WORD.fullmatch(bare):
        return bare.lower() in common
    return _TECHNICAL.fullmatch(bare) is not None or _LETTER.fullmatch(bare) is not None


def words_of(pieces: Iterable[str]) -> frozenset[str]:
    """Pieces without their space mark, in small letters."""
    return frozenset(piece.replace(SPACE, "").lower() for piece in pieces)


def choose(container: Container, common: frozenset[str]) -> list[int]:
    """Ids to keep, ascending; the four special ones come first."""
    special = range(len(SPECIAL))
    rest = range(len(SPECIAL), len(container.pieces))
    return [*special, *(i for i in rest if keeps(container.pieces[i], common))]


@dataclass(frozen=True, slots=True)
class Vocabulary:
    """Pieces with their log-probabilities in id order, and what replaces a code point."""

    pieces: tuple[str, ...]
    scores: tuple[float, ...]
    normal: dict[int, str]

    @classmethod
    def cut(cls, container: Container, kept: list[int]) -> "Vocabulary":
        """The kept pieces, numbered anew."""
        return cls(
            tuple(container.pieces[i] for i in kept),
            tuple(round(float(container.scores[i]), 6) for i in kept),
            {point: container.normal[point] for point in sorted(container.normal)},
        )

    @classmethod
    def from_json(cls, text: str) -> "Vocabulary":
        """:raises ValueError, KeyError, TypeError: the text is not such a vocabulary."""
        raw = json.loads(text)
        normal = {int(point): str(value) for point, value in raw["normal"].items()}
        return cls(tuple(raw["pieces"]), tuple(raw["scores"]), normal)

    def to_json(self) -> str:
        """The same text for the same vocabulary."""
        normal = {str(point): value for point, value in self.normal.items()}
        raw = {"pieces": self.pieces, "scores": self.scores, "normal": normal}
        return json.dumps(raw, ensure_ascii=False, separators=(",", ":")) + "\n"

    def tokenizer(self) -> "Tokenizer":
        """Normalised text to ids with `<s>` and `</s>`, cut at 512 tokens."""
        from tokenizers import Tokenizer, models, pre_tokenizers, processors

        table = list(zip(self.pieces, self.scores, strict=True))
        made = Tokenizer(models.Unigram(table, unk_id=UNKNOWN, byte_fallback=False))
        made.pre_tokenizer = pre_tokenizers.Metaspace(replacement=SPACE, prepend_scheme="always")
        made.post_processor = processors.TemplateProcessing(
            single="<s> $A </s>", special_tokens=[("<s>", 0), ("</s>", 2)]
        )
        made.enable_truncation(LONGEST)
        return made


_SPACES = re.compile(" {2,}")
_UNPAIRED = re.compile("[\ud800-\udfff]")


def normalise(text: str, normal: dict[int, str]) -> str:
    """Code points replaced, half surrogates and NUL gone, single spaces, none at the ends."""
    plain = _UNPAIRED.sub(" ", text.replace("\x00", " ")).translate(normal)
    return _SPACES.sub(" ", plain).strip(" ")
