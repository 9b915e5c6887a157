"""Writes an E5S1 container as a sentence-transformers folder, in float32, and reads the layers of
one back under the container's names.

For `SentenceEncoder`, training and comparison.  Only the model recipes and tests need this
module, and `safetensors`.
"""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from matcher.encode.e5s1 import Container, FloatArray, Shape
from matcher.encode.vocabulary import LONGEST, SPECIAL, Vocabulary

_MATRICES = {
    "q": "attention.self.query",
    "k": "attention.self.key",
    "v": "attention.self.value",
    "ao": "attention.output.dense",
    "fi": "intermediate.dense",
    "fo": "output.dense",
}
_NORMS = {"aln": "attention.output.LayerNorm", "oln": "output.LayerNorm"}
_SUFFIXES = {"w": "weight", "b": "bias"}


def write_folder(container: Container, kept: list[int], folder: Path) -> None:
    """A new folder with the model cut to the kept pieces; the same bytes each time.

    Text is normalised by NFKC, not by the container's own map: cosine 0.9999 on Chinese."""
    from safetensors.numpy import save_file

    (folder / "1_Pooling").mkdir(parents=True)
    save_file(_tensors(container, kept), folder / "model.safetensors", {"format": "pt"})
    _tokenizer(Vocabulary.cut(container, kept), folder / "tokenizer.json")
    shape = container.shape
    plans: dict[str, object] = {
        "config.json": {
            "architectures": ["BertModel"],
            "model_type": "bert",
            "hidden_act": "gelu",
            "hidden_size": shape.hidden,
            "intermediate_size": shape.inner,
            "layer_norm_eps": shape.epsilon,
            "max_position_embeddings": shape.positions,
            "num_attention_heads": shape.heads,
            "num_hidden_layers": shape.layers,
            "pad_token_id": 1,
            "type_vocab_size": 2,
            "vocab_size": len(kept),
        },
        "tokenizer_config.json": {
            "tokenizer_class": "PreTrainedTokenizerFast",
            "model_max_length": LONGEST,
            "bos_token": SPECIAL[0],
            "pad_token": SPECIAL[1],
            "eos_token": SPECIAL[2],
            "unk_token": SPECIAL[3],
        },
        "sentence_bert_config.json": {"max_seq_length": LONGEST, "do_lower_case": False},
        "modules.json": [
            {"idx": 0, "name": "0", "path": "", "type": _module("Transformer")},
            {"idx": 1, "name": "1", "path": "1_Pooling", "type": _module("Pooling")},
        ],
        "1_Pooling/config.json": {
            "word_embedding_dimension": shape.hidden,
            "pooling_mode_mean_tokens": True,
        },
    }
    for name, plan in plans.items():
        (folder / name).write_text(json.dumps(plan, indent=2, sort_keys=True) + "\n", "utf-8")


@dataclass(frozen=True, slots=True)
class Layers:
    """The layers of a network as `transformers.BertModel` names them: `Weights`, but for the
    embeddings."""

    shape: Shape
    tensors: Mapping[str, FloatArray]

    def vector(self, name: str) -> FloatArray:
        """As `Container.vector`. :raises KeyError: no such tensor."""
        return self.tensors[_long(name)].reshape(-1)

    def matrix(self, name: str, columns: int) -> FloatArray:
        """As `Container.matrix`. :raises KeyError: no such tensor."""
        return self.tensors[_long(name)].reshape(-1, columns)


def _long(name: str) -> str:
    """`l3.q.w` as `encoder.layer.3.attention.self.query.weight`."""
    layer, part, kind = name.split(".")
    return f"encoder.layer.{layer[1:]}.{(_MATRICES | _NORMS)[part]}.{_SUFFIXES[kind]}"


def _module(name: str) -> str:
    return f"sentence_transformers.models.{name}"


def _tensors(container: Container, kept: list[int]) -> dict[str, FloatArray]:
    """Names as `transformers.BertModel` has them."""
    hidden = container.shape.hidden
    found = {
        "embeddings.word_embeddings.weight": container.matrix("emb.word", hidden)[kept],
        "embeddings.position_embeddings.weight": container.vector("emb.pos").reshape(-1, hidden),
        "embeddings.token_type_embeddings.weight": container.vector("emb.type").reshape(2, hidden),
    }
    # Nothing reads the pooler; without it each load would fill it at random, with a warning.
    found["pooler.dense.weight"] = np.zeros((hidden, hidden), dtype=np.float32)
    found["pooler.dense.bias"] = np.zeros(hidden, dtype=np.float32)
    for short, long in _SUFFIXES.items():
        found[f"embeddings.LayerNorm.{long}"] = container.vector(f"emb.ln.{short}")
        for number in range(container.shape.layers):
            own, theirs = f"l{number}", f"encoder.layer.{number}"
            for part, name in (_MATRICES | _NORMS).items():
                if short == "w" and part in _MATRICES:
                    columns = container.shape.inner if part == "fo" else hidden
                    values = container.matrix(f"{own}.{part}.w", columns)
                else:
                    values = container.vector(f"{own}.{part}.{short}")
                found[f"{theirs}.{name}.{long}"] = values
    return found


def _tokenizer(vocabulary: Vocabulary, path: Path) -> None:
    from tokenizers import AddedToken, Regex, normalizers

    made = vocabulary.tokenizer()
    made.normalizer = normalizers.Sequence(
        [normalizers.NFKC(), normalizers.Replace(Regex(r"\s+"), " "), normalizers.Strip()]
    )
    made.add_special_tokens([AddedToken(token, special=True) for token in SPECIAL])
    path.write_text(made.to_str(), "utf-8")
