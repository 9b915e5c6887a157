"""Which records a caller must not find: those of which nothing may be seen, and those whose being
found would tell what is hidden of them."""

from collections.abc import Iterable, Sequence

from matcher.access.hiding import tells
from matcher.access.people import Caller
from matcher.access.policy import Held, sight


def unfindable(
    caller: Caller, guarded: Iterable[tuple[str, Held]], filters: Sequence[str]
) -> frozenset[str]:
    """The ids among the guarded records (`matcher/store/owners.py`) that a search of this caller
    under these filters passes over."""
    found = []
    for id, held in guarded:
        depth = sight(caller, held)
        if depth == "nothing" or tells(held.side, depth, list(filters)):
            found.append(id)
    return frozenset(found)
