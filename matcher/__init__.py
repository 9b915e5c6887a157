"""patent-matcher: university patents and the technology needs of small companies, matched.

`from matcher import Matcher, Filter` is all most programs need; both are loaded when first
asked for, so that `import matcher` stays quick."""

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from matcher.engine import Matcher
    from matcher.records import Filter

__version__ = "0.1.0"
__all__ = ["Filter", "Matcher", "__version__"]


def __getattr__(name: str) -> Any:
    from importlib import import_module

    homes = {"Matcher": "matcher.engine", "Filter": "matcher.records"}
    if name not in homes:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    return getattr(import_module(homes[name]), name)
