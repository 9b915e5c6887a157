"""TF-IDF of characters, reduced by SVD: for any platform, fitted on the texts at hand."""

import hashlib
import json
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import numpy as np

from matcher.encode.windows import unit
from matcher.errors import BadInput, MissingExtra, ModelBroken
from matcher.protocols import FloatArray

TERMS = "terms.json"
WEIGHTS = "weights.npz"
MOST_TERMS = 60_000


class TfidfEncoder:
    """Characters alone and in pairs; needs and patents are treated alike.

    A text none of whose characters were seen in fitting is a row of zeros, as a blank one is.
    """

    def __init__(self, terms: Sequence[str], idf: FloatArray, axes: FloatArray) -> None:
        """`terms` (t,) with `idf` (t,); `axes` (dim, t) from the SVD."""
        self._terms = list(terms)
        self._idf = idf
        self._axes = axes
        self._counter = _counter(vocabulary={term: i for i, term in enumerate(terms)})
        self._counter.idf_ = idf
        digest = hashlib.sha256(json.dumps(self._terms).encode())
        digest.update(idf.tobytes() + axes.tobytes())
        self._fingerprint = f"tfidf-{digest.hexdigest()[:16]}"

    @classmethod
    def fit(cls, texts: Sequence[str], *, dim: int = 256, seed: int = 0) -> "TfidfEncoder":
        """At most `dim` dimensions, fewer when the texts are few.

        :raises BadInput: the texts hold no character.
        :raises MissingExtra: scikit-learn is not installed."""
        counter = _counter()
        try:
            counts = counter.fit_transform([_plain(text) for text in texts])
        except ValueError as error:
            raise BadInput("没有可用来训练编码器的文字。请先导入专利或需求再试。") from error
        axes = _axes(counts, dim, seed)
        terms = counter.get_feature_names_out().tolist()
        return cls(terms, counter.idf_.astype(np.float32), axes)

    def save(self, folder: Path) -> None:
        """Two files in the folder, which is made if needed; never pickle."""
        folder.mkdir(parents=True, exist_ok=True)
        (folder / TERMS).write_text(json.dumps(self._terms, ensure_ascii=False) + "\n", "utf-8")
        np.savez(folder / WEIGHTS, idf=self._idf, axes=self._axes)

    @classmethod
    def open(cls, folder: Path) -> "TfidfEncoder":
        """:raises ModelBroken: the folder does not hold what `save` wrote."""
        try:
            terms = json.loads((folder / TERMS).read_text("utf-8"))
            with np.load(folder / WEIGHTS, allow_pickle=False) as weights:
                idf, axes = weights["idf"], weights["axes"]
            if not len(terms) == len(idf) == axes.shape[1]:
                raise ValueError("sizes differ")
        except (OSError, ValueError, KeyError, EOFError) as error:
            raise ModelBroken(
                f"文件夹 {folder} 中的编码模型缺失或损坏。您的数据没有受影响;请重新训练后再试。",
                folder=str(folder),
            ) from error
        return cls(terms, idf, axes)

    @property
    def dim(self) -> int:
        return len(self._axes)

    @property
    def searched(self) -> int:
        """All columns."""
        return self.dim

    @property
    def fingerprint(self) -> str:
        return self._fingerprint

    def encode_needs(self, texts: Sequence[str]) -> FloatArray:
        """(n,) to (n, dim)."""
        return self._encode(texts)

    def encode_patents(self, texts: Sequence[str]) -> FloatArray:
        """(n,) to (n, dim)."""
        return self._encode(texts)

    def _encode(self, texts: Sequence[str]) -> FloatArray:
        if not texts:
            return np.zeros((0, self.dim), dtype=np.float32)
        counts = self._counter.transform([_plain(text) for text in texts])
        return unit(np.asarray(counts @ self._axes.T, dtype=np.float32))


def _plain(text: str) -> str:
    """Spaces carry nothing here."""
    return "".join(text.lower().split())


def _counter(vocabulary: dict[str, int] | None = None) -> Any:
    try:
        from sklearn.feature_extraction.text import TfidfVectorizer
    except ImportError as error:
        raise MissingExtra(
            '此编码器需要安装 scikit-learn:请运行 pip install "patent-matcher[models]" 后再试。',
            extra="models",
        ) from error
    return TfidfVectorizer(
        analyzer="char",
        ngram_range=(1, 2),
        sublinear_tf=True,
        dtype=np.float32,
        lowercase=False,
        max_features=None if vocabulary else MOST_TERMS,
        vocabulary=vocabulary,
    )


def _axes(counts: Any, dim: int, seed: int) -> FloatArray:
    """(k, terms) float32, k = min(dim, texts, terms)."""
    from sklearn.utils.extmath import randomized_svd

    width = min(dim, *counts.shape)
    _, _, found = randomized_svd(counts, width, random_state=seed)
    axes: FloatArray = np.ascontiguousarray(found, dtype=np.float32)
    return axes
