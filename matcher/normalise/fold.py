"""Rows of a file against each other and against the store: one patent, one record."""

from collections import Counter
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import cached_property
from itertools import chain
from typing import Literal

from matcher.normalise.identity import agreement, numbered, same_text
from matcher.normalise.merge import merge
from matcher.normalise.news import heard, mark_of, marks_of, now_seen
from matcher.records import Patent

# The last two are for answers alone: an earlier one than is known, a row nobody answered in.
Outcome = Literal["new", "updated", "unchanged", "merged", "outdated", "unanswered"]
Known = Callable[[Sequence[str]], Mapping[str, str]]
Load = Callable[[Sequence[str]], list[Patent]]


@dataclass(frozen=True, slots=True)
class Folded:
    """What a batch comes to.

    `put`: the records to write, in the order their first rows came.  `outcomes` and `targets`:
    for each input in order, what became of it and the id of the record it is now part of:
    ``new`` made a record; ``merged`` joined one made in this batch, brought a stored record
    another number, or showed two records to be one; ``updated`` changed a stored record;
    ``unchanged`` changed nothing.  `absorbed`: stored ids that are now part of another → that
    id; the caller removes them.  `noted`: stored records with nothing new but the mark of a row,
    to be written too."""

    put: list[Patent]
    outcomes: list[Outcome]
    targets: list[str]
    absorbed: dict[str, str]
    noted: list[Patent] = field(default_factory=list)


def fold(patents: Iterable[Patent], *, known: Known, load: Load) -> Folded:
    """Join records (as `patent_of` makes them) that are one patent.

    `known` maps those of some keys that the store holds to ids, `load` gives records by ids.
    A record with numbers joins by ``A:`` and ``P:`` keys; when those are new, it joins a record
    without numbers of the same title and first applicant whose abstract agrees.  A record
    without numbers joins by ``S:`` (if the id means the same text there) or ``N:``, then likewise
    by title.  Where the abstract is
    blank and several records would do, none does."""
    batch = list(patents)
    owners = _owners(batch, known)
    stored = {patent.id: patent for patent in load(sorted(set(owners.values())))}
    book = _Book(owners, stored, batch)
    steps = [book.add(patent) for patent in batch]
    changed, noted = book.touched()
    put = {patent.id for patent in changed}
    targets = [target for _, target in steps]
    if book.gone:
        targets = list(map(book.final, targets))
    outcomes: list[Outcome] = [
        outcome if target in put else "unchanged"
        for (outcome, _), target in zip(steps, targets, strict=True)
    ]
    absorbed = {gone: book.final(gone) for gone in sorted(book.gone) if gone in stored}
    return Folded(changed, outcomes, targets, absorbed, noted)


def _owners(batch: Sequence[Patent], known: Known) -> dict[str, str]:
    """Owner of every key of the batch, and of the further places of each ``T:`` key."""
    asked = list(dict.fromkeys(chain.from_iterable([patent.keys for patent in batch])))
    owners: dict[str, str] = {}
    place = 0
    while asked:
        found = known(asked)
        owners.update(found)
        place += 1
        titles = [key.partition("#")[0] for key in asked if key in found and key[0] == "T"]
        asked = [f"{title}#{place}" for title in titles]
    return owners


class _Book:
    """The records met so far, stored ones and those of the batch."""

    def __init__(
        self, owners: dict[str, str], stored: Mapping[str, Patent], batch: Sequence[Patent]
    ) -> None:
        self.owners = owners
        self.records = dict(stored)
        self.stored = stored
        self.batch = batch
        self.gone: dict[str, str] = {}
        self.order: dict[str, None] = {}
        self.rows: dict[str, list[Patent]] = {}
        self.marks: dict[str, tuple[str, ...]] = {}
        self.news: set[str] = set()

    def add(self, patent: Patent) -> tuple[Outcome, str]:
        """Take one more record in."""
        if self.owners.keys().isdisjoint(patent.keys):  # most rows of a list: nothing to look for
            self._keep(patent)
            return "new", patent.id
        ids = self._found(patent)
        if not ids:
            self._keep(self._placed(patent, patent.id, ()))
            return "new", patent.id
        target = ids[0]
        before = self.records[target]
        self._rows_of(target).append(patent)
        if len(ids) == 1 and self._heard(target, patent):
            return "unchanged", target
        self.news.add(target)
        joined = before
        for other in ids[1:]:
            joined = merge(joined, self._absorb(other, target))
        result = merge(joined, self._placed(patent, target, joined.keys))
        if result is before and target in self.stored:
            self.order[target] = None
            return "unchanged", target
        brought = numbered(patent) != numbered(before) or not _keyed(patent) <= _keyed(before)
        self._keep(result)
        fresh = target not in self.stored
        return "merged" if fresh or brought or len(ids) > 1 else "updated", target

    def touched(self) -> tuple[list[Patent], list[Patent]]:
        """Records that are new or changed, and those that only heard another row."""
        changed: list[Patent] = []
        noted: list[Patent] = []
        for key in self.order:
            if key in self.gone:
                continue
            patent, before = self.records[key], self.stored.get(key)
            if key in self.news:
                patent = self._sealed(patent)
            if before is None or replace(patent, seen=before.seen) != before:
                changed.append(patent)
            elif patent.seen != before.seen:
                noted.append(patent)
        return changed, noted

    def _sealed(self, patent: Patent) -> Patent:
        """The record with the marks of its rows."""
        said = [mark_of(row) for row in self.rows[patent.id]]
        seen = now_seen(self._marks_of(patent.id), said)
        bare = replace(patent, seen=())
        return bare if seen == marks_of(bare) else replace(patent, seen=seen)

    def _rows_of(self, target: str) -> list[Patent]:
        """The rows of this batch that met a record."""
        rows = self.rows.get(target)
        if rows is None:
            rows = self.rows[target] = [] if target in self.stored else [self.records[target]]
        return rows

    def _marks_of(self, target: str) -> tuple[str, ...]:
        """The marks that a record had before this batch."""
        marks = self.marks.get(target)
        if marks is None:
            stored = self.stored.get(target)
            marks = self.marks[target] = () if stored is None else marks_of(stored)
        return marks

    def _heard(self, target: str, patent: Patent) -> bool:
        """Whether a row repeats what made a stored record.  Behind a row of the batch that brings
        news none does: of rows of one list the last counts, as when it was imported first."""
        if target in self.news or target not in self.stored:
            return False
        return patent == self.stored[target] or heard(mark_of(patent), self._marks_of(target))

    def final(self, key: str) -> str:
        """The id of the record that a (perhaps absorbed) id is now part of."""
        while key in self.gone:
            key = self.gone[key]
        return key

    def _found(self, patent: Patent) -> list[str]:
        if not numbered(patent):
            return self._by_list(patent) or self._by_title(patent)
        owners = self.owners
        ids = [owners[key] for key in patent.keys if key in owners and key[0] in "AP"]
        if len(ids) > 1:
            ids = list(dict.fromkeys(ids))
        return ids or self._by_title(patent)

    def _by_list(self, patent: Patent) -> list[str]:
        """By the list's own id, unless it means another text there, else by the exact text."""
        for key in reversed(patent.keys[:-1]):
            owner = self.owners.get(key)
            if owner is not None and (key[0] == "N" or same_text(patent, self.records[owner])):
                return [owner]
        return []

    def _by_title(self, patent: Patent) -> list[str]:
        title = patent.keys[-1]
        if title not in self.owners:
            return []
        alone = numbered(patent)
        rivals = [record for record in self._titled(title) if not (alone and numbered(record))]
        scores = [(agreement(patent, record), record.id) for record in rivals]
        best = max((score for score, _ in scores), default=0.0)
        if best == 0.0:
            return []
        if best == 0.5 and (len(rivals) > 1 or (alone and self._titles[title] > 1)):
            return []
        return [next(key for score, key in scores if score == best)]

    @cached_property
    def _titles(self) -> Counter[str]:
        """How many numbered records of the batch have each ``T:`` key."""
        return Counter(patent.keys[-1] for patent in self.batch if numbered(patent))

    def _titled(self, title: str) -> list[Patent]:
        """The records of one title and first applicant, each once."""
        ids: dict[str, None] = {}
        key, place = title, 0
        while key in self.owners:
            ids[self.owners[key]] = None
            place += 1
            key = f"{title}#{place}"
        return [self.records[owner] for owner in ids]

    def _placed(self, patent: Patent, owner: str, held: Sequence[str]) -> Patent:
        """The record without keys of others; its ``T:`` key moved to a free place, or left out
        when `held` has one."""
        owners = self.owners
        taken = [key for key in patent.keys if owners.get(key, owner) != owner]
        if not taken:
            return patent
        title = patent.keys[-1]
        others = tuple(key for key in patent.keys[:-1] if key not in taken)
        if title not in taken:
            return replace(patent, keys=(*others, title))
        if any(key.partition("#")[0] == title for key in held):
            return replace(patent, keys=others)
        place = 1
        while f"{title}#{place}" in self.owners:
            place += 1
        return replace(patent, keys=(*others, f"{title}#{place}"))

    def _keep(self, patent: Patent) -> None:
        self.records[patent.id] = patent
        self.order[patent.id] = None
        for key in patent.keys:
            self.owners[key] = patent.id

    def _absorb(self, other: str, target: str) -> Patent:
        self._rows_of(target).extend(self._rows_of(other))
        self.marks[target] = tuple(sorted({*self._marks_of(target), *self._marks_of(other)}))
        record = self.records.pop(other)
        self.gone[other] = target
        for key in record.keys:
            self.owners[key] = target
        return record


def _keyed(patent: Patent) -> set[str]:
    return {*patent.publication_numbers, patent.application_number or ""} - {""}
