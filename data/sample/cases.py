"""The texts of `source/` made into cases: who filed what, when, and what became of it."""

import json
from dataclasses import dataclass
from datetime import date, timedelta
from pathlib import Path
from typing import Any

from invented import PARTNERS, TODAY, UNIVERSITIES, University, dice, filing_number, gazette_day
from invented import people as people_of

SOURCE = Path(__file__).parent / "source"
WRITERS = "abc"

# Which patent has which fate.
PLEDGED = {"a05", "b29"}
LICENSED = {"a15", "b25", "b38", "c18", "c33"}
LAPSED = {
    "a20": "未缴年费",
    "b51": "未缴年费",
    "b22": "避免重复授权",
    "c50": "驳回",
    "a58": "视为撤回",
}
OLD = {"b64": date(2007, 3, 16), "b23": date(2017, 5, 12), "b57": date(2015, 6, 19)}
YOUNG = {"c48", "c54", "c61", "c08", "a63", "b63", "c59", "b11", "c13", "a44", "b55", "c30"}
LOCARNO = {"a70": "10-05", "b58": "26-05", "c70": "10-05"}
NEVER_GRADED = ("a48", "b58", "c07", "c55", "c61")
NUMBERLESS = "c40"
_KIND_DIGIT = {"发明": "1", "实用新型": "2", "外观设计": "3"}


@dataclass(frozen=True, slots=True)
class Case:
    """One invented patent.  `granted` is None while pending, `ended` says why it lapsed."""

    key: str
    text: dict[str, Any]
    number: str
    body: str
    filed: date
    published: date
    granted: date | None
    ended: str
    university: University
    postcode: str
    address: str
    inventors: tuple[str, ...]
    partner: str

    @property
    def kind(self) -> str:
        return str(self.text["kind"])

    @property
    def title(self) -> str:
        return str(self.text["title"])

    @property
    def owners(self) -> list[str]:
        return [self.university.name, *([self.partner] if self.partner else [])]

    @property
    def symbols(self) -> list[str]:
        """IPC; a design has none."""
        return [] if self.key in LOCARNO else list(self.text["ipc"])

    @property
    def locarno(self) -> str:
        return LOCARNO.get(self.key, "")

    @property
    def early(self) -> str:
        """The first publication: A of an invention, else the only one."""
        return self.body + {"发明": "A", "实用新型": "U", "外观设计": "S"}[self.kind]

    @property
    def latest(self) -> str:
        return self.body + "B" if self.kind == "发明" and self.granted else self.early

    @property
    def latest_day(self) -> date:
        return self.granted or self.published

    @property
    def validity(self) -> str:
        if self.ended:
            return "失效"
        return "有效" if self.granted else "审中"


def read(name: str) -> list[dict[str, Any]]:
    """All writers' lines of `patents`, `needs` or `pairs`, in order."""
    return [
        json.loads(line)
        for writer in WRITERS
        for line in (SOURCE / f"{writer}_{name}.jsonl").read_text("utf-8").splitlines()
    ]


def cases() -> dict[str, Case]:
    """Every patent of the source, by key, in order."""
    made = [_case(text, at) for at, text in enumerate(read("patents"), 1)]
    return {case.key: case for case in made}


def _case(text: dict[str, Any], at: int) -> Case:
    key, kind = str(text["key"]), str(text["kind"])
    roll = dice("case", key)
    filed = OLD.get(key) or _filed(kind, key)
    digit = _KIND_DIGIT[kind]
    published, granted = _days(kind, filed, key)
    home = UNIVERSITIES[int(text["university"])]
    postcode, address = roll.choice((home.addresses[0], *home.addresses))
    return Case(
        key=key,
        text=text,
        number=filing_number(filed.year, digit, 1000 * at + roll.randrange(1000)),
        body=f"CN{digit}9{at:04d}{roll.randrange(1000):03d}",
        filed=filed,
        published=published,
        granted=granted,
        ended=LAPSED.get(key, "期限届满" if key == "b57" else ""),
        university=home,
        postcode=postcode,
        address=address,
        inventors=tuple(people_of(key)),
        partner=PARTNERS.get(key, ""),
    )


def _filed(kind: str, key: str) -> date:
    roll = dice("filed", key)
    if key in YOUNG:
        first, last = date(2024, 9, 1), date(2025, 4, 30)
    elif kind == "发明":
        first, last = date(2016, 3, 1), date(2023, 6, 30)
    else:
        first, last = date(2019, 3, 1), date(2024, 6, 30)
    return first + timedelta(days=roll.randrange((last - first).days))


def _days(kind: str, filed: date, key: str) -> tuple[date, date | None]:
    """Publication and grant; a refused or withdrawn application and a young one have no grant."""
    roll = dice("days", key)
    if kind != "发明":
        day = gazette_day(filed + timedelta(days=roll.randint(150, 330)))
        return day, day
    published = gazette_day(filed + timedelta(days=roll.randint(120, 540)))
    granted = gazette_day(published + timedelta(days=roll.randint(240, 720)))
    refused = LAPSED.get(key) in ("驳回", "视为撤回", "避免重复授权")
    return published, None if refused or key in YOUNG or granted > TODAY else granted
