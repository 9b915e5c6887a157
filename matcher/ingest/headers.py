"""The table of synonyms: which header of which export means which of our fields."""

import re
import tomllib
import unicodedata
from collections.abc import Container, Mapping
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from typing import Any, Literal

ListKind = Literal["patent", "need", "feedback"]
Join = Literal["first", "numbered", "all"]

SURPLUS = "多出的内容"

_NOISE = re.compile(r"[\s\u200b-\u200d\u2060\ufeff\x00【】「」*]|必填")
_REMARK = re.compile(r"\(([^()]*)\)$")
_NUMBERING = re.compile(r"^[(\[]?(?:\d{1,2}|[一二三四五六七八九十]{1,3})[.、)\]]+(?=\D)")
_DIGITS = re.compile(r"^(.*?\D)[-_.]?0?(\d{1,2})$")


@dataclass(frozen=True, slots=True)
class FieldHeaders:
    """A canonical field: its Chinese label, how its columns combine, its headers by priority."""

    name: str
    label: str
    join: Join
    headers: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Dialect:
    """A vendor's export: at least `least` of the `marks` stand in its header row."""

    name: str
    least: int
    marks: frozenset[str]


@dataclass(frozen=True, slots=True)
class Place:
    """What a header stands for: a field, the header's priority in it (0 first), and the number
    behind a numbered header (`发明人2` -> 2), else 0."""

    field: str
    rank: int
    number: int = 0


@dataclass(frozen=True, slots=True)
class Synonyms:
    """The table for one kind of list.  All headers are normalised by `plain`.

    A list can be used when it has at least one field of each group of `needed`."""

    kind: ListKind
    needed: tuple[tuple[str, ...], ...]
    fields: Mapping[str, FieldHeaders]
    places: Mapping[str, Place]
    unused: frozenset[str]
    report: frozenset[str]
    remark_words: tuple[str, ...]
    blank: frozenset[str]
    dialects: tuple[Dialect, ...]

    def suffice(self, fields: Container[str]) -> bool:
        """Whether a list with these fields can be used."""
        return all(any(name in fields for name in group) for group in self.needed)


def plain(header: str) -> str:
    """A header as it is compared: NFKC, no white space, no 【】「」* and 必填, lower case."""
    text = _NOISE.sub("", unicodedata.normalize("NFKC", header)).lower()
    text = _NOISE.sub("", unicodedata.normalize("NFKC", text))
    return text.replace("()", "").rstrip(":")


@cache
def synonyms(kind: ListKind) -> Synonyms:
    """The table read from `resources/columns.toml`."""
    raw = tomllib.loads(
        files("matcher.ingest").joinpath("resources/columns.toml").read_text(encoding="utf-8")
    )
    part: dict[str, Any] = raw[kind]
    fields = {
        name: FieldHeaders(
            name, spec["label"], spec.get("join", "first"), tuple(map(plain, spec["headers"]))
        )
        for name, spec in part["fields"].items()
    }
    return Synonyms(
        kind=kind,
        needed=tuple(map(tuple, part["needed"])),
        fields=fields,
        places={
            header: Place(spec.name, rank)
            for spec in reversed(fields.values())
            for rank, header in enumerate(spec.headers)
        },
        unused=frozenset(map(plain, part["unused"]["headers"])),
        report=frozenset(map(plain, raw["report"])),
        remark_words=tuple(raw["remark_words"]),
        blank=frozenset(["", *raw["blank"]]),
        dialects=tuple(
            Dialect(d["name"], d["least"], frozenset(map(plain, d["marks"])))
            for d in part["dialects"]
        ),
    )


def place_of(header: str, table: Synonyms) -> Place | None:
    """The field a header stands for, or None.

    Tried in turn: the header as it is; its numbering at the front (`1、需求名称`) and a remark at
    its end (`需求名称(限50字)`) left off; a number behind the name of a joined field."""
    key = plain(header)
    if not key or key in table.unused or key in table.report:
        return None
    for form in dict.fromkeys((key, _bare(key, table))):
        if (place := table.places.get(form)) is not None:
            return place
        if (match := _DIGITS.match(form)) and (place := table.places.get(match[1])) is not None:
            if table.fields[place.field].join == "first":
                return None
            return Place(place.field, place.rank, int(match[2]))
    return None


def is_unused(header: str, table: Synonyms) -> bool:
    """Whether the header is known from an export and not needed (or belongs to our report)."""
    key = plain(header)
    match = _DIGITS.match(key)
    known = table.unused | table.report
    return key in known or key.startswith(SURPLUS) or bool(match and match[1] in known)


def field_named(target: str, table: Synonyms) -> str | None:
    """The canonical field meant by the right side of `--map A=B`: its name or a Chinese name."""
    key = plain(target)
    if key in table.fields:
        return key
    for spec in table.fields.values():
        if key == plain(spec.label):
            return spec.name
    place = table.places.get(key)
    return place.field if place else None


def _bare(key: str, table: Synonyms) -> str:
    key = _NUMBERING.sub("", key)
    match = _REMARK.search(key)
    if match and any(word in match[1] for word in table.remark_words):
        return key[: match.start()].rstrip(":")
    return key
