"""Beginnings of addresses: what a list repeats need not be looked up division by division."""

from dataclasses import dataclass
from functools import lru_cache

from matcher.reference.divisions import names_under
from matcher.reference.tables import table

SHORTEST = 5  # characters of a beginning
_MOST = 65536  # how many are kept


@dataclass(frozen=True, slots=True)
class Beginnings:
    """Beginnings of addresses that name a district, however the address goes on, and how long
    those with the same first characters are: a list repeats a few thousand of them."""

    districts: dict[str, str]
    ends: dict[str, tuple[int, ...]]

    def learn(self, beginning: str, district: str) -> None:
        """Keep one that is `certain`."""
        if len(self.districts) < _MOST and beginning not in self.districts:
            self.districts[beginning] = district
            start = beginning[:SHORTEST]
            self.ends[start] = tuple({*self.ends.get(start, ()), len(beginning)})


@lru_cache(maxsize=1)
def beginnings() -> Beginnings:
    """Those met so far."""
    return Beginnings({}, {})


@lru_cache(maxsize=16384)
def certain(beginning: str) -> bool:
    """Whether each step of `place_of` through these characters takes a full name, the longest
    that begins like it, and no zone can come before: then nothing behind them is looked at."""
    if len(beginning) < SHORTEST:
        return False
    code, used = "", 0
    while used < len(beginning):
        names, rest = names_under(code), beginning[used:]
        longest = next(iter(names.lengths.get(rest[:3], ())), len(rest) + 1)
        name = rest[:longest]
        zones = all_zones().get(code, ())
        if len(rest) < 3 or len(name) < longest:
            return False
        if any(z.startswith(name) or name.startswith(z) for z, _ in zones):
            return False
        code = names.sure.get(name, "")
        if not code or code.endswith("00") == (used + longest == len(beginning)):
            return False
        used += longest
    return True


@lru_cache(maxsize=1)
def all_zones() -> dict[str, tuple[tuple[str, str], ...]]:
    """City → spellings of its zones, longest first, each with the district it lies in."""
    found: dict[str, list[tuple[str, str]]] = {}
    for city, district, spellings in table("region_zones.tsv"):
        found.setdefault(city, []).extend((word, district) for word in spellings.split(";"))
    return {
        city: tuple(sorted(rows, key=lambda r: (-len(r[0]), r))) for city, rows in found.items()
    }
