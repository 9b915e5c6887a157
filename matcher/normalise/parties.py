"""Applicants, owners and inventors out of one cell."""

import re
from functools import lru_cache

from matcher.normalise.cells import is_blank, pieces, plain
from matcher.records import Party, quick
from matcher.reference.organisations import kind_of

# Ends a complete name of an organisation.  中国科学院 does not: "中国科学院、水利部…研究所" is one.
_FIRM = re.compile(r"[^、,，]{2,}(?:公司|大学|(?<!科)学院|厂|集团|企业)(?:[(（][^()（）]*[)）])?")
_LEGAL_FORM = re.compile(r"(?:有限|股份|责任|合伙|两合|控股|无限)+(?:公司|企业)")
_PERSON = re.compile(r"[\u4e00-\u9fff]{2,4}|[\u4e00-\u9fff]{1,6}(?:·[\u4e00-\u9fff]{1,8})+")
_ADDRESS = re.compile(r"[\s,，]+(?:\d{6}(?!\d).*|\d{5,}$|[0-9A-HJ-NPQRTUWXY]{18}$)")
# Nothing in it separates or is to be taken off: most cells are one name written in Chinese alone.
_ONE_NAME = re.compile("[\u4e00-\u9fff]+")
_COUNTRY = re.compile(r"\s*[\[(（【][A-Z]{2}[\])）】]$|^\[标\]\s*")
_SEPARATORS = (re.compile(r"\s*、\s*"), re.compile(r"\s*[,，]\s*"), re.compile(r"\s+"))
_STRAY = "?？ \u2002\u3000\t,，、;；.:：*"


def names_of(text: str, *, people: bool = False) -> tuple[str, ...]:
    """Names in order, each once.

    ``; ； |`` always separate.  ``、`` and commas only where every part is a complete
    name: of a Chinese firm or university, or of a person; a Western name keeps its comma.
    Spaces separate Chinese persons when `people`.  Postcodes, addresses, country and credit codes
    behind a name, and the ``?`` that wrong encodings leave around it, are taken off."""
    if _ONE_NAME.fullmatch(text):
        return () if is_blank(text) else (text,)
    found: dict[str, None] = {}
    for piece in pieces(text):
        for part in _parts(piece, people):
            name = _clean(part)
            if name and not is_blank(name):
                found[name] = None
    return tuple(found)


def _parts(piece: str, people: bool) -> list[str]:
    for separator in _SEPARATORS if people else _SEPARATORS[:2]:
        if not separator.search(piece):
            continue
        parts = [part for part in separator.split(piece.strip()) if part]
        if len(parts) > 1 and all(_complete(part, people) for part in parts):
            return parts
    if people and " " in piece and all(len(part) == 1 for part in piece.split()):
        return ["".join(piece.split())]
    return [piece]


def _complete(part: str, people: bool) -> bool:
    if _PERSON.fullmatch(part) and (people or kind_of(part) == "个人"):
        return True
    return bool(_FIRM.fullmatch(part)) and not _LEGAL_FORM.fullmatch(part)


def _clean(part: str) -> str:
    name = part.strip(_STRAY)
    if name.isascii() and part.endswith("."):
        name += "."
    if name[-1:].isdigit() or "  " in name or " " in name or "," in name:
        name = _ADDRESS.sub("", name)
    if name[-1:] in "])）】" or name[:1] == "[":
        name = _COUNTRY.sub("", name)
    return " ".join(name.split())


@lru_cache(maxsize=65536)
def parties_of(text: str) -> tuple[Party, ...]:
    """Applicants or owners of a cell with the kind of each."""
    return tuple([_party(name, kind_of(name)) for name in names_of(text)])


_party = quick(Party)


@lru_cache(maxsize=65536)
def inventors_of(text: str) -> tuple[str, ...]:
    """Inventors of a cell, in order, each once."""
    return names_of(text, people=True)


def name_key(name: str) -> str:
    """A name for comparison: NFKC, no spaces or brackets' shape, lower case."""
    return "".join(plain(name).split()).lower()
