"""Words of Chinese technical text: `rjieba` with our own technical terms, Latin words and
quantities kept whole."""

from functools import cached_property, lru_cache
from importlib.metadata import version
from importlib.resources import files
from typing import TYPE_CHECKING
from zlib import crc32

from matcher.text.clean import clean, fold
from matcher.text.scan import HAN, TOKEN

if TYPE_CHECKING:
    from rjieba import Jieba


@lru_cache(maxsize=4)
def listed(name: str) -> tuple[str, ...]:
    """The entries of `resources/{name}` in file order, without blank lines and `#` lines."""
    text = (files("matcher.text") / "resources" / name).read_text(encoding="utf-8")
    return tuple(line for raw in text.splitlines() if (line := raw.strip()) and line[0] != "#")


class Segmenter:
    """Cuts text into words.  Holds one segmenter of its own, loaded at first use."""

    @cached_property
    def _jieba(self) -> "Jieba":
        from rjieba import Jieba

        jieba = Jieba()
        for term in listed("terms.txt"):
            jieba.add_word(term, None, None)
        return jieba

    @cached_property
    def stopwords(self) -> frozenset[str]:
        """Words that say nothing about a technology (`一种`, `方法`, `公司` …)."""
        return frozenset(listed("stopwords.txt"))

    @property
    def fingerprint(self) -> str:
        """Changes when the words of some text may change."""
        lists = "\n".join((*listed("terms.txt"), "", *listed("stopwords.txt")))
        return f"rjieba-{version('rjieba')}-{crc32(lists.encode()):08x}"

    def cut(self, run: str) -> list[str]:
        """The words of a run of Han characters; joined they give it back."""
        found: list[str] = self._jieba.cut(run)
        return found

    def words(self, text: str) -> list[str]:
        """Words in the text's order, half-width and lower-case, without punctuation and stop
        words, except that Latin words and quantities come last."""
        stop = self.stopwords
        text = clean(text)
        cut = self._jieba.cut
        found = [word for run in HAN.findall(text) for word in cut(run) if word not in stop]
        found.extend([token for raw in TOKEN.findall(text) if (token := fold(raw)) not in stop])
        return found

    def terms(self, text: str) -> list[str]:
        """As `words`, and each compound's known parts too (`锂离子电池`, `锂离子`, `电池`), so
        that a long compound meets a short one; grouped by run, for counting."""
        stop = self.stopwords
        text = clean(text)
        cut = self._jieba.cut_for_search
        found = [word for run in HAN.findall(text) for word in cut(run) if word not in stop]
        found.extend([token for raw in TOKEN.findall(text) if (token := fold(raw)) not in stop])
        return found

    def spans(self, text: str) -> list[tuple[str, int, int]]:
        """As `words`, in the text's order, as `(word, start, end)` with offsets into `text`."""
        return self._spans(text, "default")

    def term_spans(self, text: str) -> list[tuple[str, int, int]]:
        """As `terms`, by start, as `(term, start, end)` with offsets into `text`."""
        return self._spans(text, "search")

    def _spans(self, text: str, mode: str) -> list[tuple[str, int, int]]:
        stop = self.stopwords
        text = clean(text)
        cut = self._jieba.tokenize
        found: list[tuple[str, int, int]] = []
        for match in HAN.finditer(text):
            at = match.start()
            for word, start, end in cut(match[0], mode):
                if word not in stop:
                    found.append((word, at + start, at + end))
        for match in TOKEN.finditer(text):
            token = fold(match[0])
            if token not in stop:
                found.append((token, match.start(), match.end()))
        found.sort(key=_start)
        return found


def _start(span: tuple[str, int, int]) -> int:
    return span[1]
