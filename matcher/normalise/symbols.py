"""Symbols of the International Patent Classification.

Canonical: no spaces, no edition, no ``I``/``N``; subgroup of at least two digits
(``H01M10/0525``); a symbol may also stop at section+class (``H01``) or subclass (``H01M``)."""

import re
from dataclasses import dataclass
from functools import lru_cache

from matcher.normalise.cells import is_blank, plain
from matcher.records import quick

_SEPARATOR = re.compile(r"[;,|、\n\r\t]+|(?<=\))[INF]*\s+(?=[A-H]\d\d)")
_TAIL = re.compile(r"(?:\([^()]*\)|\[[^\[\]]*\])\s*[A-Z]*\s*")
_PREFIX = re.compile(r"^\s*(?:INT\.?\s*CL\.?\s*(?:\d{0,2}(?=\s|[A-H]))?|IPC\s*\d*)\s*[:.]?\s*")
_SYMBOL = re.compile(
    r"([A-H](?:0[1-9]|[1-9]\d))(?:([A-Z])(?:\s*0*(\d{1,4})(?:\s*/\s*(\d{2,6}))?)?)?", re.A
)
# The form of the gazettes: ``H04W72/04(2009.01)I;H04W80/00(2009.01)I``.
_HEAD = re.compile(
    r"([A-H](?:0[1-9]|[1-9]\d)[A-Z][1-9]\d{0,3}/\d{2,6})\(\d{4}\.\d\d\)[A-Z];?", re.A
)
_GAZETTE = re.compile(f"(?:{_HEAD.pattern})+", re.A)
_LOCARNO = re.compile(r"(?:LOC\s*(?:\(?\d+\)?)?\s*CL\.?\s*:?\s*)?\d{2}-\d{2}(?:[A-Z]\d*)?")


@dataclass(frozen=True, slots=True)
class Symbols:
    """What a cell of symbols held: canonical symbols in their order, each once, and the parts
    that are no IPC.  Locarno classes of designs belong to neither."""

    read: tuple[str, ...]
    unread: tuple[str, ...]


_symbols = quick(Symbols)


def symbols_of(text: str) -> Symbols:
    """Read a cell of one or several symbols, separated by ``; ； | , 、`` or line ends."""
    usual = list(map(_gazette, text.split(";")))
    if "" not in usual:
        return _symbols(tuple(dict.fromkeys(usual)), ())
    if _GAZETTE.fullmatch(text):  # parts that nothing separates
        return _symbols(tuple(dict.fromkeys(_HEAD.findall(text))), ())
    read: dict[str, None] = {}
    unread: list[str] = []
    for part in _SEPARATOR.split(plain(text).upper()):
        bare = _PREFIX.sub("", _TAIL.sub("", part)).strip() if part else ""
        symbol = symbol_of(bare)
        if symbol:
            read[symbol] = None
        elif not is_blank(bare) and not _is_locarno(part.strip(), bare):
            unread.append(part.strip())
    return Symbols(tuple(read), tuple(unread))


@lru_cache(maxsize=65536)
def _gazette(part: str) -> str:
    """The symbol of a part in the form of the gazettes, which the rules read as well; else ""."""
    match = _HEAD.fullmatch(part)
    return "" if match is None else match[1]


def _is_locarno(*forms: str) -> bool:
    return any(_LOCARNO.fullmatch(form) for form in forms)


def symbol_of(text: str) -> str:
    """One upper-case symbol without edition, in canonical form; "" when it is none.
    A main group alone gets its ``/00``."""
    match = _SYMBOL.fullmatch(text)
    if match is None:
        return ""
    head, letter, group, subgroup = match.groups()
    if group is None:
        return head + (letter or "")
    return "" if group.strip("0") == "" else f"{head}{letter}{group}/{subgroup or '00'}"


def with_main(main: str, others: tuple[str, ...]) -> tuple[str, ...]:
    """All symbols with the main one first.  A main one that stops at the subclass or main group
    only says which of the others leads; it is added when none fits."""
    if not main or (others and others[0] == main):
        return others
    stem = main[:-2] if main.endswith("/00") else main
    lead = main if main in others else next((s for s in others if s.startswith(stem)), main)
    return (lead, *(symbol for symbol in others if symbol != lead))


def section(symbol: str) -> str:
    """``H01M10/0525`` → ``H``"""
    return symbol[:1]


def ipc_class(symbol: str) -> str:
    """``H01M10/0525`` → ``H01``"""
    return symbol[:3]


def subclass(symbol: str) -> str:
    """``H01M10/0525`` → ``H01M``; "" where the symbol stops earlier."""
    return symbol[:4] if len(symbol) >= 4 else ""


def group(symbol: str) -> str:
    """Main group, ``H01M10/0525`` → ``H01M10``; "" where the symbol stops earlier."""
    return symbol.partition("/")[0] if len(symbol) > 4 else ""
