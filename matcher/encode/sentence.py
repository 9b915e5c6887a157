"""Any sentence-transformers model, by hub name or folder, on processor or graphics card."""

import hashlib
import re
from collections.abc import Sequence
from typing import Any

import numpy as np

from matcher.encode.e5 import NEED_PREFIX, PATENT_PREFIX
from matcher.encode.windows import unit
from matcher.errors import MissingExtra, ModelBroken
from matcher.protocols import FloatArray

_UNPAIRED = re.compile("[\ud800-\udfff\x00]")
# No model reads more; spares the tokenizer a book.
_CHARACTERS = 1 << 17


class SentenceEncoder:
    """Prefixes go before needs and patents; what is beyond the model's own limit is left out."""

    def __init__(self, model: Any, *, need_prefix: str, patent_prefix: str) -> None:
        self._model = model
        self._need_prefix = need_prefix
        self._patent_prefix = patent_prefix
        self._fingerprint = f"sentence-{_digest(model, need_prefix, patent_prefix)}"
        self._dim = int(model.encode(["-"], show_progress_bar=False).shape[1])

    @classmethod
    def open(
        cls,
        name: str,
        *,
        device: str | None = None,
        need_prefix: str = NEED_PREFIX,
        patent_prefix: str = PATENT_PREFIX,
    ) -> "SentenceEncoder":
        """`name` is a hub name or a folder; without `device` a graphics card is taken if there.

        :raises MissingExtra: sentence-transformers is not installed.
        :raises ModelBroken: the model cannot be found or loaded."""
        try:
            from safetensors import SafetensorError
            from sentence_transformers import SentenceTransformer
        except ImportError as error:
            raise MissingExtra(
                "使用自选编码模型需要安装 sentence-transformers:"
                '请运行 pip install "patent-matcher[models]" 后再试。',
                extra="models",
            ) from error
        try:
            model = SentenceTransformer(name, device=device)
        except (OSError, ValueError, RuntimeError, KeyError, SafetensorError) as error:
            raise ModelBroken(
                f"编码模型“{name}”无法加载({error})。您的数据没有受影响;"
                "请检查模型名或文件夹是否正确、网络是否可用。",
                name=name,
            ) from error
        return cls(model, need_prefix=need_prefix, patent_prefix=patent_prefix)

    @property
    def dim(self) -> int:
        return self._dim

    @property
    def searched(self) -> int:
        """All columns."""
        return self.dim

    @property
    def fingerprint(self) -> str:
        """Made from the weights, the prefixes and the length limit."""
        return self._fingerprint

    def encode_needs(self, texts: Sequence[str]) -> FloatArray:
        """(n,) to (n, dim)."""
        return self._encode(texts, self._need_prefix)

    def encode_patents(self, texts: Sequence[str]) -> FloatArray:
        """(n,) to (n, dim)."""
        return self._encode(texts, self._patent_prefix)

    def _encode(self, texts: Sequence[str], prefix: str) -> FloatArray:
        vectors = np.zeros((len(texts), self._dim), dtype=np.float32)
        plain = [_UNPAIRED.sub(" ", text[:_CHARACTERS]).strip() for text in texts]
        places = [place for place, text in enumerate(plain) if text]
        if places:
            found = self._model.encode(
                [prefix + plain[place] for place in places],
                convert_to_numpy=True,
                show_progress_bar=False,
            )
            vectors[places] = unit(np.nan_to_num(found.astype(np.float32)))
        return vectors


def _digest(model: Any, *settings: str) -> str:
    """16 hex digits over weights, names and settings.

    Without the pooler, which no vector comes from and which is random where a model lacks it."""
    digest = hashlib.sha256()
    for name, values in sorted(model.state_dict().items()):
        if ".pooler." in name:
            continue
        digest.update(name.encode())
        digest.update(values.detach().float().cpu().contiguous().numpy().data)
    digest.update(repr((settings, model.max_seq_length)).encode())
    return digest.hexdigest()[:16]
