"""Tab-separated tables of ``resources/``, read once."""

from functools import lru_cache
from importlib.resources import files


@lru_cache(maxsize=32)
def table(name: str) -> tuple[tuple[str, ...], ...]:
    """Rows of ``resources/{name}`` in file order; blank lines and lines with ``#`` left out."""
    text = (files("matcher.reference") / "resources" / name).read_text(encoding="utf-8")
    lines = (line for line in text.splitlines() if line.strip() and not line.startswith("#"))
    return tuple(tuple(cell.strip() for cell in line.split("\t")) for line in lines)
