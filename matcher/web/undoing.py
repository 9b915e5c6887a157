"""An import, or a change of many records, taken back: what it made goes, what it changed is as it
was, and what somebody changed since is left alone."""

import json
from collections.abc import Mapping, Sequence, Set
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from pydantic import TypeAdapter

from matcher.access.people import Caller
from matcher.access.policy import acting, may_with
from matcher.errors import MatcherError, UnknownId
from matcher.ingest.headers import ListKind
from matcher.records import Need, Patent
from matcher.store.revisions import Standing
from matcher.store.sql import SqlStore
from matcher.web.desk import Desk

GONE = "不能再撤销:没有这次导入或修改,或已过保存期(7 天),或已经撤销过。"


@dataclass(slots=True)
class Taking:
    """What an import is about to write, as it was before; kept in a file for as long as its
    rejected rows."""

    store: SqlStore
    kind: ListKind
    _before: dict[str, Patent | Need | None] = field(default_factory=dict)
    _merged: int = 0

    def keep(self, ids: Sequence[str], heirs: Set[str]) -> None:
        """As `imports.Keep`.  What took up another record is not kept: that one is gone, and to
        put the heir back would lose what it said."""
        alone = [id for id in ids if id not in heirs]
        known = self._known(alone)
        self._before = {id: known.get(id) for id in alone}
        self._merged = len(heirs)

    def save(self, path: Path) -> None:
        """A line for each record: as it was before (null: it was not there) and as it is now."""
        if not (self._before or self._merged):
            return
        now = self._known(list(self._before))
        pairs = [(was, now[id]) for id, was in self._before.items() if id in now]
        keep_pairs(path, self.kind, pairs, merged=self._merged)

    def _known(self, ids: Sequence[str]) -> Mapping[str, Patent | Need]:
        if self.kind == "patent":
            return self.store.known_patents(ids)
        return self.store.known_needs(ids)


def keep_pairs(
    path: Path, kind: ListKind, pairs: Sequence[tuple[Patent | Need | None, Patent | Need]],
    *, merged: int = 0,
) -> None:  # fmt: skip
    """Write records as they were before (None: not there) and as they are now, a line for each."""
    path.parent.mkdir(parents=True, exist_ok=True)
    adapter = _adapter(kind)
    with path.open("wb") as file:
        file.write(json.dumps({"kind": kind, "merged": merged}).encode() + b"\n")
        for pair in pairs:
            told = [None if one is None else adapter.dump_python(one, mode="json")
                    for one in pair]  # fmt: skip
            file.write(json.dumps(told, ensure_ascii=False).encode() + b"\n")


@dataclass(frozen=True, slots=True, kw_only=True)
class Undone:
    """How many records went, how many are as they were, and how many were left alone because they
    took up another, somebody changed them since, or they are talked about."""

    gone: int
    restored: int
    left: int


def undo(desk: Desk, caller: Caller, path: Path | None) -> Undone:
    """Take back the import or change whose file this is; it can be done once.

    :raises UnknownId: there is none."""
    if path is None:
        raise UnknownId(GONE)
    lines = path.read_bytes().splitlines()
    head = json.loads(lines[0])
    read = _adapter(head["kind"]).validate_python
    pairs = [json.loads(line) for line in lines[1:]]
    gone, restored, left = 0, 0, int(head["merged"])
    for was, is_now in reversed(pairs):
        try:
            before, after = None if was is None else read(was), read(is_now)
            _put_back(desk, caller, before, after)
        except MatcherError:
            left += 1
        else:
            gone, restored = gone + (before is None), restored + (before is not None)
    path.unlink(missing_ok=True)
    return Undone(gone=gone, restored=restored, left=left)


def _put_back(
    desk: Desk, caller: Caller, before: Patent | Need | None, after: Patent | Need
) -> None:
    """:raises MatcherError: it is no longer what was imported, or not the caller's."""
    store = desk.matcher.store
    (held,) = store.owners.held([after], acting(caller))
    if not may_with(caller, "withdraw", held):
        raise UnknownId(GONE)
    if before is None:
        store.revisions.withdraw([after])
    else:
        store.revisions.change(after, before, Standing())


def _adapter(kind: ListKind) -> TypeAdapter[Any]:
    return TypeAdapter(Patent if kind == "patent" else Need)
