"""Industries (GB/T 4754-2017): codes, names, and the industries an IPC symbol belongs to.

A code is written with its section letter: ``C`` (section), ``C38`` (division, 大类),
``C384`` (group, 中类).
"""

import re
import unicodedata
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from itertools import chain

from matcher.reference.tables import table


@dataclass(frozen=True, slots=True)
class Industry:
    """One industry of the table; ``asked`` is the code asked for, which may lie deeper.

    ``industry("3841")`` is ``Industry("C384", "电池制造", "C3841")``: the table ends at groups.
    """

    code: str
    name: str
    asked: str


@lru_cache(maxsize=1)
def _names() -> dict[str, str]:
    return {code: name for code, name in table("industries.tsv")}


@lru_cache(maxsize=1)
def _sections() -> dict[str, str]:
    return {code[1:]: code[0] for code in _names() if len(code) == 3}


@lru_cache(maxsize=8192)
def industry(code: str) -> Industry | None:
    """The deepest known industry for a code of any length, with or without its letter.

    ``C``, ``C38``, ``38``, ``C384``, ``384``, ``C3841`` and ``3841`` are read. ``None``
    for anything else, also when the letter is not that of the division.
    """
    hit = re.fullmatch(r"([A-Ta-t]?)(\d{0,4})", code.strip())
    if hit is None or not hit.group():
        return None
    letter, digits = hit.group(1).upper(), hit.group(2)
    if not digits:
        return Industry(letter, _names()[letter], letter)
    section = _sections().get(digits[:2])
    if section is None or (letter and letter != section):
        return None
    for length in range(len(digits), 1, -1):
        known = section + digits[:length]
        if known in _names():
            return Industry(known, _names()[known], section + digits)
    return None


@lru_cache(maxsize=8192)
def industry_within(code: str, ancestor: str) -> bool:
    """Whether an industry lies in (or is) another; any level, letter or not (``384`` in ``C``)."""
    inner, outer = industry(code), industry(ancestor)
    return inner is not None and outer is not None and inner.asked.startswith(outer.asked)


def all_industries() -> Mapping[str, str]:
    """Every code of the table -> its name, sections first, then by code."""
    return dict(sorted(_names().items(), key=lambda row: (len(row[0]) > 1, row[0])))


def industry_named(text: str) -> list[str]:
    """Codes for names and codes as exports and people write them, in order, each once.

    Read are ``电池制造``, ``C38;C39``, ``C3841;C3990``, ``C38-电气机械和器材制造业`` and the like.
    """
    return list(_named(text))


@lru_cache(maxsize=8192)
def _named(text: str) -> tuple[str, ...]:
    codes: dict[str, None] = {}
    plain = unicodedata.normalize("NFKC", text)
    for part in re.split(r"[;,|\n]|、(?=[A-T]?\d{2})", plain):
        found = _code_of(part.strip())
        if found:
            codes[found] = None
    return tuple(codes)


_CODED = re.compile(r"[\s(\[]*([A-T](?:\d{2,4})?|\d{2,4})(?![0-9A-Za-z])")


def _code_of(part: str) -> str | None:
    hit = _CODED.match(part)
    if hit is not None:
        found = industry(hit.group(1))
        if found is not None:
            return found.code
    return _by_name().get(_plain(part))


def _plain(name: str) -> str:
    """Name without marks, 和/及/与 and the closing 业, so that small slips do not matter."""
    bare = re.sub(r"[A-T]?\d{2,4}|[\W_]|[和及与]", "", unicodedata.normalize("NFKC", name))
    return re.sub("(?<=.{2})(?:行业|产业|业)$", "", bare)


@lru_cache(maxsize=1)
def _by_name() -> dict[str, str]:
    found: dict[str, str] = {}
    for code, name in sorted(_names().items(), key=lambda row: (len(row[0]), row[0])):
        if name:
            found.setdefault(_plain(name), code)
    found.pop("", None)
    return found


@lru_cache(maxsize=1)
def _concordance() -> dict[str, tuple[str, ...]]:
    return {
        symbol: tuple(codes.split(";"))
        for symbols, codes, _ in table("ipc_industry.tsv")
        for symbol in symbols.split()
    }


_IPC = re.compile(r"\s*([A-H])(?:(\d{2})(?:([A-Z])(?:\s*0*(\d{1,4})\s*/?)?)?)?")


@lru_cache(maxsize=65536)
def _of_symbol(symbol: str) -> tuple[str, ...]:
    # No rule looks behind the slash: subgroups share the answer of their main group.
    return _of_group(symbol[: symbol.find("/") + 1] or symbol)


@lru_cache(maxsize=16384)
def _of_group(symbol: str) -> tuple[str, ...]:
    hit = _IPC.match(symbol)
    if hit is None:
        return ()
    section, number, letter, group = hit.groups()
    rules = _concordance()
    keys = [section]
    if number:
        keys.append(keys[-1] + number)
    if number and letter:
        keys.append(keys[-1] + letter)
    if number and letter and group:
        keys.append(f"{keys[-1]}{group}/")
    for key in reversed(keys):
        if key in rules:
            return rules[key]
    return ()


def industries_of(ipc_symbols: Sequence[str]) -> tuple[str, ...]:
    """Industries of a patent's IPC symbols: those of the first (main) symbol first, each once.

    A symbol may be as short as a section or subclass and may carry its version. Every valid
    symbol gives at least one industry; others give none.
    """
    return tuple(dict.fromkeys(chain.from_iterable(map(_of_symbol, ipc_symbols))))
