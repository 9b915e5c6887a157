"""Rows of one list read together: column by column, which is quicker than one by one."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import date
from itertools import repeat

from matcher.normalise.cells import is_blank, tidy
from matcher.normalise.groups import WHAT, WHEN, WHO, usual_classes, usual_when, who_of
from matcher.normalise.identity import title_keys
from matcher.normalise.numbering import OTHER_NUMBERS, usual_numbers
from matcher.normalise.parties import inventors_of
from matcher.normalise.patents import NOTHING_RARE, RARE, patent_of
from matcher.records import Patent, Rejection, Row, quick

_patent = quick(Patent)
_NEEDED = frozenset(("title", "publication_number"))
_UNUSUAL = RARE | OTHER_NUMBERS
_FEW = 8  # rows with the same fields, for which columns do not pay
Cells = Mapping[str, Sequence[str]]


def patents_of(rows: Sequence[Row], *, today: date) -> list[Patent | Rejection]:
    """What `patent_of` makes of each row, in their order."""
    made: dict[int, Patent | Rejection] = {}
    places: dict[tuple[str, ...], list[int]] = {}
    for place, row in enumerate(rows):
        places.setdefault(tuple(row.fields), []).append(place)
    for names, several in places.items():
        if len(several) >= _FEW and _NEEDED.issubset(names) and _UNUSUAL.isdisjoint(names):
            known = _usual([rows[place] for place in several], names, today)
            made.update(zip(several, known, strict=True))
        else:
            made.update((place, patent_of(rows[place], today=today)) for place in several)
    return [made[place] for place in range(len(rows))]


def _usual(rows: Sequence[Row], names: Sequence[str], today: date) -> list[Patent | Rejection]:
    """`patents_of` rows that have just these fields.  One that is to be refused, flagged or
    cleaned, or has no number in the usual form, is read by itself."""
    told = [tuple(row.fields.values()) for row in rows]
    cells = dict(zip(names, zip(*told, strict=True), strict=True))
    numbers = list(map(usual_numbers, cells["publication_number"]))
    kinds = [number and number.kind for number in numbers]
    granted = [number and number.granted for number in numbers]
    whens = map(usual_when, kinds, granted, repeat(today), *_columns(cells, WHEN))
    whos = list(map(who_of, *_columns(cells, WHO)))
    classes = map(usual_classes, *_columns(cells, WHAT))
    titles = list(map(tidy, cells["title"]))
    keys = title_keys(titles, [who[0][0].name if who[0] else "" for who in whos])
    blank = set(filter(is_blank, titles))
    level, code, pledges, transfers, licences, terms = NOTHING_RARE
    made: list[Patent | Rejection] = []
    rest = zip(_clean(told, cells), _others(cells), strict=False)
    for row, number, when, who, what, title, key, (clean, others) in zip(
        rows, numbers, whens, whos, classes, titles, keys, rest, strict=False
    ):
        strange = who[3]
        if number is None or when is None or what is None or strange or not clean or title in blank:
            made.append(patent_of(row, today=today))
            continue
        kind, filed, published, grant, expiry, status = when
        applicants, owners, place, _ = who
        ipc, industries = what
        abstract, claim, college, people, raw = others
        made.append(
            _patent(  # as in `patent_of`
                number.publications[0], (*number.keys, key), title, abstract, claim,
                kind, None, number.publications, filed, published, grant, expiry,
                applicants, owners, people, college, place.address, place.region, place.park, code,
                ipc, industries, status, raw, pledges, transfers, licences, level, terms,
                (), row.source,
            )
        )  # fmt: skip
    return made


def _columns(cells: Cells, names: Sequence[str]) -> list[Iterable[str | None]]:
    """The cells of these fields; None for a field that the rows do not have."""
    count = len(cells["title"])
    return [cells.get(name, repeat(None, count)) for name in names]


def _others(cells: Cells) -> Iterable[tuple[str, str, str, tuple[str, ...], str]]:
    """Abstract, first claim, college, inventors and words of the status of each row."""
    texts = ("abstract", "first_claim", "college")
    return zip(
        *[map(tidy, cells[name]) if name in cells else repeat("") for name in texts],
        map(inventors_of, cells["inventors"]) if "inventors" in cells else repeat(()),
        cells.get("legal_status", repeat("")),
        strict=False,
    )


def _clean(told: Sequence[Sequence[str]], cells: Cells) -> Iterable[bool]:
    """Whether the cells of each row may stay as they are."""
    if all("".join(column).isprintable() for column in cells.values()):
        return repeat(True)
    return ["".join(row).isprintable() for row in told]
