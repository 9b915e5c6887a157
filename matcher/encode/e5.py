"""multilingual-e5-small in int8, run by ONNX Runtime on the processor; and the default encoder,
the same beside its upper half adapted to Chinese patents (docs/decisions/0013-adapted.md)."""

import hashlib
import os
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any, Self

import numpy as np

from matcher.encode.exactly import options
from matcher.encode.shipped import checked
from matcher.encode.vocabulary import LONGEST, Vocabulary, normalise
from matcher.errors import ModelBroken
from matcher.protocols import FloatArray

NEED_PREFIX = "query: "
PATENT_PREFIX = "passage: "
MODEL = "e5-small.onnx"
VOCABULARY = "e5-small.json"
ADAPTED = "e5-adapted.onnx"
DIM = 384
# Raised when the code around the model changes vectors.
REVISION = 1

# A text of 512 tokens never needs more characters than this, and none is looked at twice.
CHARACTERS = 32 * LONGEST
# Tokens in one run of the network: enough to fill the processor, few enough for its cache.
RUN_TOKENS = 384
# Texts tokenised at once; bounds memory.
BLOCK_TEXTS = 4096

Progress = Callable[[int, int], None]


class E5Encoder:
    """Prefix, mean over all tokens, unit length; text beyond 512 tokens is left out.

    Texts of one token count share a run, so nothing is padded; runs go to a pool of threads, each
    on one core.  `open` loads it; it may be used from several threads.
    """

    name = "e5-small-int8"
    files: tuple[str, ...] = (MODEL,)

    def __init__(self, sessions: Sequence[Any], vocabulary: Vocabulary, told: str, threads: int):
        """`sessions` of the `files`; `told` is the fingerprint."""
        self._sessions = tuple(sessions)
        self._normal = vocabulary.normal
        self._tokenizer = vocabulary.tokenizer()
        self._fingerprint = told
        self._threads = threads

    @classmethod
    def open(cls, folder: Path, *, threads: int = 0) -> Self:
        """Load the files that the folder's manifest names; `threads` 0 means every core.

        :raises ModelBroken: a file is missing, altered or cannot be loaded."""
        models, words = [checked(folder, name) for name in cls.files], checked(folder, VOCABULARY)
        try:
            vocabulary = Vocabulary.from_json(words.decode("utf-8"))
        except (ValueError, KeyError, TypeError, AttributeError) as error:
            raise _unloadable(folder / VOCABULARY, error) from error
        loaded = zip(cls.files, models, strict=True)
        sessions = [_session(folder / name, model) for name, model in loaded]
        digests = b"".join(hashlib.sha256(model).digest() for model in models)
        digest = hashlib.sha256(digests + words).hexdigest()
        told = f"{cls.name}-r{REVISION}-{digest[:16]}-ort{_engine()}"
        return cls(sessions, vocabulary, told, threads or os.cpu_count() or 1)

    @property
    def dim(self) -> int:
        return DIM

    @property
    def searched(self) -> int:
        return DIM

    @property
    def fingerprint(self) -> str:
        return self._fingerprint

    def encode_needs(self, texts: Sequence[str]) -> FloatArray:
        """(n,) to (n, dim)."""
        return self.encode(texts, NEED_PREFIX)

    def encode_patents(self, texts: Sequence[str]) -> FloatArray:
        """(n,) to (n, dim)."""
        return self.encode(texts, PATENT_PREFIX)

    def encode(
        self, texts: Sequence[str], prefix: str, *, on_progress: Progress | None = None
    ) -> FloatArray:
        """(n,) to (n, dim); `on_progress(done, total)` counts texts, after each block."""
        vectors = np.zeros((len(texts), self.dim), dtype=np.float32)
        with ThreadPoolExecutor(self._threads) as pool:
            for start in range(0, len(texts), BLOCK_TEXTS):
                block = texts[start : start + BLOCK_TEXTS]
                self._fill(vectors[start : start + len(block)], block, prefix, pool=pool)
                if on_progress is not None:
                    on_progress(start + len(block), len(texts))
        return vectors

    def _fill(
        self, rows: FloatArray, texts: Sequence[str], prefix: str, *, pool: ThreadPoolExecutor
    ) -> None:
        """Write the vectors of one block into `rows`."""
        plain = [normalise(text[:CHARACTERS], self._normal) for text in texts]
        places = [place for place, text in enumerate(plain) if text]
        coded = self._tokenizer.encode_batch_fast([prefix + plain[place] for place in places])
        ids = [code.ids for code in coded]
        runs = list(_runs([len(text) for text in ids]))
        arrays = (np.array([ids[i] for i in run], dtype=np.int64) for run in runs)
        for run, found in zip(runs, pool.map(self._run, arrays), strict=True):
            rows[[places[i] for i in run]] = found

    def _run(self, ids: Any) -> FloatArray:
        found: FloatArray = self._sessions[0].run(["vectors"], {"ids": ids})[0]
        return found


class AdaptedE5(E5Encoder):
    """Two readings of a text in one row of length one: e5's own vector, by which records are
    found, and that of its upper half adapted to patents, each over the root of two.

    Both go through e5's lower half once, so it takes half as long again as e5 alone."""

    name = "e5-adapted-int8"
    files = (MODEL, ADAPTED)

    @property
    def dim(self) -> int:
        return 2 * DIM

    def _run(self, ids: Any) -> FloatArray:
        lower, upper = self._sessions
        plain, middle = lower.run(["vectors", "middle"], {"ids": ids})
        (adapted,) = upper.run(["vectors"], {"middle": middle})
        found: FloatArray = np.hstack([plain, adapted]) * np.float32(np.sqrt(0.5))
        return found


def _runs(lengths: Sequence[int]) -> Iterator[list[int]]:
    """Positions grouped by equal length, longest first, about `RUN_TOKENS` tokens a group."""
    groups: dict[int, list[int]] = {}
    for place, length in enumerate(lengths):
        groups.setdefault(length, []).append(place)
    for length in sorted(groups, reverse=True):
        group = groups[length]
        size = max(1, RUN_TOKENS // length)
        yield from (group[at : at + size] for at in range(0, len(group), size))


def _engine() -> str:
    """ONNX Runtime's version, which moves vectors a little."""
    import onnxruntime

    return str(onnxruntime.__version__)


def _session(path: Path, model: bytes) -> Any:
    """The loaded model.  One core a run: the pool gives each core a run of its own."""
    import onnxruntime
    from onnxruntime.capi import onnxruntime_pybind11_state as raised

    made = options()
    made.log_severity_level = 3
    made.enable_mem_pattern = False
    try:
        return onnxruntime.InferenceSession(model, made, providers=["CPUExecutionProvider"])
    except (
        raised.Fail,
        raised.InvalidArgument,
        raised.InvalidGraph,
        raised.InvalidProtobuf,
        raised.NotImplemented,
        raised.RuntimeException,
    ) as error:
        raise _unloadable(path, error) from error


def _unloadable(path: Path, error: Exception) -> ModelBroken:
    return ModelBroken(
        f"模型文件 {path} 无法加载({error})。您的数据没有受影响;"
        "请重新安装本软件及 onnxruntime(1.23 或更新)。",
        file=path.name,
    )
