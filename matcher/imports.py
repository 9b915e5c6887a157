"""Lists into the store: read -> normalise -> resolve -> put, one transaction a file."""

import gc
from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence, Set
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from datetime import date
from pathlib import Path
from typing import TypeVar

from matcher.ingest.headers import ListKind, plain
from matcher.ingest.listing import Listing, TableInfo, read_rows
from matcher.library import Progress, silent
from matcher.normalise.answers import Key, key_of, settle
from matcher.normalise.batch import patents_of
from matcher.normalise.feedback import feedback_of
from matcher.normalise.fold import Folded, Outcome, fold
from matcher.normalise.needs import need_of
from matcher.normalise.news import heard, mark_of, marks_of, now_seen
from matcher.normalise.pairing import Known, asked_in
from matcher.normalise.similar import mark, near_duplicates
from matcher.records import Feedback, FlagCode, Need, Patent, Problem, Rejection, Row
from matcher.store.sql import SqlStore
from matcher.text.private import PUBLIC, SecretKind, secrets_in

Record = TypeVar("Record", Patent, Need)
_TAKEN = Problem(
    "others_record", "", "", "这条记录已归其他机构,没有改动",
    "请核对编号;如确属您的机构,请联系系统管理员改归属",
)  # fmt: skip
MARK = ":"  # between an organisation and a header fingerprint
Headers = Mapping[tuple[str, str], tuple[str, ...]]
Keep = Callable[[Sequence[str], Set[str]], None]


@dataclass(frozen=True, slots=True)
class Suspicion:
    """A cell of a public text that looks as if it held a secret, which is starred out wherever
    others see it."""

    sheet: str
    row: int
    column: str
    kind: SecretKind


@dataclass(frozen=True, slots=True, kw_only=True)
class ImportReport:
    """What became of one file.  `rows` = the sum of `outcomes` + `len(rejections)`.

    `flagged` and `rejected` count records by the code of each flag or problem; `headers` are the
    original headers by (source, sheet), for the rejects file; `suspects` are looked for where an
    organisation brings the list."""

    source: str
    kind: ListKind
    dry_run: bool
    tables: tuple[TableInfo, ...]
    rows: int
    outcomes: Mapping[Outcome, int]
    flagged: Mapping[FlagCode, int]
    rejected: Mapping[str, int]
    rejections: tuple[Rejection, ...]
    headers: Headers
    notes: tuple[str, ...]
    suspects: tuple[Suspicion, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Bringer:
    """For whom a list is taken: what others own is refused, what nobody owned is its own, the needs
    of its `companies` (by name) are theirs.  `keep` is told first what will be written: the ids of
    the records, and those of them into which others go."""

    organisation_id: str
    companies: Mapping[str, str] = field(default_factory=dict)
    keep: Keep = lambda *_: None


@dataclass(frozen=True, slots=True, kw_only=True)
class How:
    """How a list is taken: columns that the user named, whether only to try, what day it is, and
    for whom.  `progress` is told of each stage with the number of rows, the last time before
    anything is written: what it raises leaves the store as it was."""

    mapping: Mapping[str, str]
    dry_run: bool
    today: date = field(default_factory=date.today)
    bringer: Bringer | None = None
    progress: Progress = silent


def import_patents(store: SqlStore, path: Path, how: How) -> ImportReport:
    """Import one patent list; with `dry_run` say what would become of it and change nothing.

    :raises UnreadableFile: ...  :raises NothingUsable: no row of it can be used."""
    with _uncollected():
        return _taken(store, path, how)


def _taken(store: SqlStore, path: Path, how: How) -> ImportReport:
    """What `import_patents` does; its records are gone by the time that it returns."""
    listing = _listing(store, path, "patent", how)
    made = patents_of(listing.rows, today=how.today)
    good, bad = _parted(listing, made)
    how.progress("比对", 0, len(listing.rows))
    folded = fold(good, known=store.owners_of, load=store.patents)
    if how.bringer is not None:
        while others := _others(store, folded, how.bringer):
            made = _refused(listing.rows, made, others, folded.targets)
            good, bad = _parted(listing, made)
            folded = fold(good, known=store.owners_of, load=store.patents)
    put = _marked(store, folded)
    how.progress("写入", 0, len(listing.rows))
    if not how.dry_run:
        claims = {}
        if how.bringer is not None:
            how.bringer.keep([patent.id for patent in folded.put], set(folded.absorbed.values()))
            claims = dict.fromkeys(folded.targets, how.bringer.organisation_id)
        store.put_patents([*folded.noted, *put], gone=sorted(folded.absorbed), claims=claims)
        _remember(store, listing, how)
    flagged = Counter(flag.code for patent in put for flag in patent.flags)
    return _report(listing, Counter(folded.outcomes), flagged, bad, how)


def import_needs(store: SqlStore, path: Path, how: How) -> ImportReport:
    """As `import_patents`, for needs.  A need that comes again replaces the old one."""
    listing, by = _listing(store, path, "need", how), how.bringer
    made = [need_of(row, today=how.today) for row in listing.rows]
    good, bad = _parted(listing, made)
    how.progress("比对", 0, len(listing.rows))
    if by is not None:
        ids = [need.id for need in good]
        others = store.owners.foreign("needs", ids, by.organisation_id)
        good, bad = _parted(listing, _refused(listing.rows, made, others, ids))
    put, outcomes = _newer(good, store.known_needs([need.id for need in good]))
    how.progress("写入", 0, len(listing.rows))
    if not how.dry_run:
        claims = {}
        if by:
            by.keep(list(put), frozenset())
            claims = {n.id: by.companies.get(n.company, by.organisation_id) for n in good}
        store.put_needs(list(put.values()), claims=claims)
        _remember(store, listing, how)
    flagged = Counter(flag.code for need in put.values() for flag in need.flags)
    return _report(listing, outcomes, flagged, bad, how)


def _others(store: SqlStore, folded: Folded, bringer: Bringer) -> set[str]:
    """The ids that rows went to of which others own a part."""
    reached = sorted({*folded.targets, *folded.absorbed})
    foreign = store.owners.foreign("patents", reached, bringer.organisation_id)
    return {folded.absorbed.get(id, id) for id in foreign}


def _refused(
    rows: Sequence[Row],
    made: Sequence[Record | Rejection],
    others: Set[str],
    targets: Sequence[str],
) -> list[Record | Rejection]:
    """What was made of each row, refused where it would change what others own; `targets` are of
    those that were not refused before, in their order."""
    places = iter(targets)
    return [
        one
        if isinstance(one, Rejection) or next(places) not in others
        else Rejection(row, (_TAKEN,))
        for row, one in zip(rows, made, strict=True)
    ]


def import_feedback(store: SqlStore, path: Path, how: How) -> ImportReport:
    """As `import_patents`, for answers to matches: one a need, patent and person, the later one
    counts.  Rows that nobody answered in are counted as `unanswered`."""
    listing = _listing(store, path, "feedback", how)
    known = _paired(store, listing.rows)
    good: list[Feedback] = []
    bad, silent = list(listing.rejections), 0
    for row in listing.rows:
        made = feedback_of(row, known, today=how.today)
        if made is None:
            silent += 1
        elif isinstance(made, Rejection):
            bad.append(made)
        else:
            good.append(made)
    settled = settle(good, _answers(store, good))
    if not how.dry_run:
        store.put_feedback(settled.put)
        _remember(store, listing, how)
    outcomes = Counter(settled.outcomes)
    if silent:
        outcomes["unanswered"] = silent
    return _report(listing, outcomes, {}, bad, how)


def _paired(store: SqlStore, rows: Sequence[Row]) -> Known:
    """What the store holds under the names that rows of answers give."""
    asked = asked_in(rows)
    return Known(
        needs=store.named("needs", "id", asked.needs).keys(),
        patents=store.named("patents", "id", asked.patents).keys(),
        keys=store.owners_of(asked.keys),
        need_titles=store.named("needs", "title", asked.needs),
        patent_titles=store.named("patents", "title", asked.patents),
    )


def _answers(store: SqlStore, items: Sequence[Feedback]) -> dict[Key, Feedback]:
    needs = sorted({item.need_id for item in items})
    return {key_of(item): item for item in store.feedback_of(needs)}


@contextmanager
def _uncollected() -> Iterator[None]:
    """No cyclic garbage collection: an import makes hundreds of thousands of records and no
    cycles, and going through them again and again takes a third of its time.  To hold until
    they are gone, or the collector goes through them all once it may."""
    active = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if active:
            gc.enable()


def _newer(
    needs: Sequence[Need], known: Mapping[str, Need]
) -> tuple[dict[str, Need], Counter[Outcome]]:
    """What to write: of several rows with one id the last, unless it is known already."""
    last = {need.id: need for need in needs}
    put: dict[str, Need] = {}
    for id, need in last.items():
        if id not in known:
            put[id] = need
        elif not heard(mark := mark_of(need), before := marks_of(known[id])):
            put[id] = replace(need, seen=now_seen(before, [mark]))
    outcomes: Counter[Outcome] = Counter()
    seen: set[str] = set()
    for need in needs:
        if need.id not in put:
            outcomes["unchanged"] += 1
        elif need.id in seen:
            outcomes["merged"] += 1
        else:
            outcomes["updated" if need.id in known else "new"] += 1
        seen.add(need.id)
    return put, outcomes


def _listing(store: SqlStore, path: Path, kind: ListKind, how: How) -> Listing:
    how.progress("读取", 0, 0)
    listing = read_rows(path, kind, mapping=how.mapping, remembered=_said(store, how))
    how.progress("识别", 0, len(listing.rows))
    return listing


def _said(store: SqlStore, how: How) -> dict[str, dict[str, str]]:
    """What was said of columns before: each organisation has its own memory, and what none
    brings has one."""
    before, mark = store.column_maps(), _mark(how)
    return {
        key.removeprefix(mark): said
        for key, said in before.items()
        if key.startswith(mark) and (mark or MARK not in key)
    }


def _mark(how: How) -> str:
    return f"{how.bringer.organisation_id}{MARK}" if how.bringer else ""


def _remember(store: SqlStore, listing: Listing, how: How) -> None:
    """Keep what the user said of unknown columns, under each table's header fingerprint, with
    what was said of its other columns before."""
    before = _said(store, how) if how.mapping else {}
    for table in listing.tables:
        headers = {plain(header) for header in table.columns.headers}
        said = {name: field for name, field in how.mapping.items() if plain(name) in headers}
        earlier = before.get(table.columns.fingerprint, {})
        if said and {**earlier, **said} != earlier:
            key = _mark(how) + table.columns.fingerprint
            store.remember_columns(key, {**earlier, **said})


def _parted(
    listing: Listing, made: Sequence[Record | Rejection]
) -> tuple[list[Record], list[Rejection]]:
    good: list[Record] = []
    bad = list(listing.rejections)
    for one in made:
        if isinstance(one, Rejection):
            bad.append(one)
        else:
            good.append(one)
    return good, bad


def _marked(store: SqlStore, folded: Folded) -> list[Patent]:
    """The records to write, near-identical ones of one applicant flagged, with the stored ones
    that are flagged anew because of them."""
    put, gone = folded.put, folded.absorbed
    noted = {patent.id: patent for patent in folded.noted}
    parties = list({patent.applicants[0].name: None for patent in put if patent.applicants})
    kin = [noted.get(patent.id, patent) for patent in store.patents_by(parties)]
    fresh = {patent.id for patent in put}
    kin = [patent for patent in kin if patent.id not in fresh and patent.id not in gone]
    near = near_duplicates([*put, *kin])
    marked = [mark(patent, near[patent.id]) if patent.id in near else patent for patent in put]
    for patent in kin:
        if patent.id in near and (again := mark(patent, near[patent.id])) != patent:
            marked.append(again)
    return marked


def _report(
    listing: Listing,
    outcomes: Mapping[Outcome, int],
    flagged: Mapping[FlagCode, int],
    bad: Sequence[Rejection],
    how: How,
) -> ImportReport:
    return ImportReport(
        source=listing.source,
        kind=listing.tables[0].columns.kind,
        dry_run=how.dry_run,
        tables=listing.tables,
        rows=sum(outcomes.values()) + len(bad),
        outcomes=Counter(outcomes),
        flagged=flagged,
        rejected=Counter(problem.code for item in bad for problem in item.problems[:1]),
        rejections=tuple(sorted(bad, key=lambda item: (item.row.sheet, item.row.number))),
        headers=listing.headers,
        notes=listing.notes,
        suspects=_suspects(listing) if how.bringer else (),
    )


def _suspects(listing: Listing) -> tuple[Suspicion, ...]:
    kind = listing.tables[0].columns.kind
    names = PUBLIC["needs" if kind == "need" else "patents"]
    return tuple(
        Suspicion(row.sheet, row.number, row.headers.get(name, name), one)
        for row in listing.rows
        for name in names
        for one in secrets_in(row.fields.get(name, ""))
    )
