"""Identity keys: under which a record is found again.

=======  ==========================================================================
``A:``   application number
``P:``   what all publications of one application share (see `numbers.Publication.family`)
``S:``   the id a list without numbers gives its record
``N:``   title, first applicant and abstract of a record without number, exactly
``T:``   title and first applicant; of several records with equal ones the second holds
         ``T:…#1``, the third ``T:…#2`` …, so that every key has one owner
=======  ==========================================================================

Only ids of eight characters or more make an ``S:`` key: shorter ones count rows, and two lists
both have a row 7."""

import re
from collections import Counter
from collections.abc import Sequence
from functools import lru_cache
from hashlib import sha256
from itertools import pairwise
from unicodedata import normalize

from matcher.normalise.cells import plain
from matcher.records import Patent

_MARKS = re.compile(r"[\W_]+")
_ONE_LINE = re.compile(r"(?:[^\w\n]|_)+")  # the same, but for the ends of lines
_SHORTEST = 8
_SAME = 0.8  # share of character pairs that two abstracts of one invention have in common


def digest(*parts: str) -> str:
    """16 hex digits of the parts, each compared without case, width, spaces and punctuation."""
    return sha256("\x1f".join(map(squeeze, parts)).encode("utf-8", "replace")).hexdigest()[:16]


def squeeze(text: str) -> str:
    """Letters, digits and Chinese characters alone, NFKC, lower case."""
    bare = plain(text).lower()
    return bare if bare.isalnum() else _MARKS.sub("", bare)


@lru_cache(maxsize=65536)
def _squeezed_name(name: str) -> str:
    return squeeze(name)


def title_keys(titles: Sequence[str], applicants: Sequence[str]) -> list[str]:
    """The ``T:`` keys of the first records of these titles and first applicants."""
    lines = "\n".join([normalize("NFKC", title) for title in titles]).lower()
    bare = _ONE_LINE.sub("", lines).split("\n")
    if len(bare) != len(titles):  # none, or of several lines
        bare = list(map(squeeze, titles))
    texts = map("\x1f".join, zip(bare, map(_squeezed_name, applicants), strict=True))
    return ["T:" + sha256(text.encode("utf-8", "replace")).hexdigest()[:16] for text in texts]


def title_key(title: str, applicant: str) -> str:
    """The ``T:`` key of the first record of that title and first applicant."""
    return title_keys((title,), (applicant,))[0]


def keys_of(
    title: str, applicant: str, *, numbers: Sequence[str], source_id: str, abstract: str
) -> tuple[str, ...]:
    """All keys of a row, sorted.  `numbers` are ready ``A:`` and ``P:`` keys, sorted; a row
    with such needs no ``S:`` and ``N:``."""
    last = title_key(title, applicant)
    if numbers:
        return (*numbers, last)
    exact = "N:" + digest(title, applicant, abstract)
    return (exact, "S:" + source_id, last) if len(source_id) >= _SHORTEST else (exact, last)


def numbered(patent: Patent) -> bool:
    """Whether an application or publication number is known."""
    return patent.application_number is not None or bool(patent.publication_numbers)


def pairs_of(text: str) -> Counter[str]:
    """Character bigrams of the squeezed text with their counts."""
    bare = squeeze(text)
    return Counter(map("".join, pairwise(bare)))


def overlap(one: str, other: str) -> float:
    """Dice share (0-1) of the character bigrams of two texts; 1 for equal, 0 if either is
    blank."""
    if not one or not other:
        return 0.0
    if one == other:
        return 1.0
    first, second = pairs_of(one), pairs_of(other)
    total = first.total() + second.total()
    return 2 * (first & second).total() / total if total else 0.0


def agreement(new: Patent, old: Patent) -> float:
    """How well two records of one title and first applicant agree as one invention: 0 when they
    do not, 2 for equal abstracts, 0.8-1 for abstracts that share as much, 0.5 when either is
    blank.  Records that one list gave different ids must have equal abstracts."""
    if squeeze(new.abstract) == squeeze(old.abstract):
        return 2.0
    if not new.abstract or not old.abstract:
        return 0.5
    mine, theirs = _source_ids(new), _source_ids(old)
    if mine and theirs and not mine & theirs:
        return 0.0
    share = overlap(new.abstract, old.abstract)
    return share if share >= _SAME else 0.0


def same_text(new: Patent, old: Patent) -> bool:
    """Whether a list's id means one record in both: titles and first applicants are equal, or
    the abstracts share 0.8.  (Another list may use the same ids.)"""
    title = new.keys[-1]
    if any(key.partition("#")[0] == title for key in old.keys):
        return True
    return overlap(new.abstract, old.abstract) >= _SAME


def _source_ids(patent: Patent) -> set[str]:
    return {key for key in patent.keys if key.startswith("S:")}
