"""What two JSONL exports differ in: by need, what is new, gone, moved or scored otherwise."""

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from matcher.errors import UnreadableFile
from matcher.export.tables import FORMAT

SAME = 0.00005


@dataclass(frozen=True, slots=True)
class Entry:
    """A patent in the list of a need."""

    patent_id: str
    title: str
    rank: int
    score: float


@dataclass(frozen=True, slots=True)
class Shift:
    """A patent that is in both lists, with another rank or another score."""

    patent_id: str
    title: str
    old_rank: int
    new_rank: int
    old_score: float
    new_score: float


@dataclass(frozen=True, slots=True)
class Named:
    """A need by id and title."""

    need_id: str
    title: str


@dataclass(frozen=True, slots=True)
class NeedChange:
    """What changed for one need: `new` and `moved` and `rescored` in the order of the new list,
    `gone` in that of the old; `rescored` kept their rank."""

    need: Named
    new: tuple[Entry, ...]
    gone: tuple[Entry, ...]
    moved: tuple[Shift, ...]
    rescored: tuple[Shift, ...]


@dataclass(frozen=True, slots=True)
class Origin:
    """A field of the provenance (a filter as `filters.NAME`) that differs; "" is not set."""

    field: str
    old: str
    new: str


@dataclass(frozen=True, slots=True)
class Difference:
    """Two exports compared; needs in the order of their ids.  The time of making is no
    difference."""

    appeared: tuple[Named, ...]
    vanished: tuple[Named, ...]
    changed: tuple[NeedChange, ...]
    unchanged: int
    provenance: tuple[Origin, ...]


@dataclass(frozen=True, slots=True)
class _Export:
    provenance: Mapping[str, str]
    needs: Mapping[str, tuple[Named, tuple[Entry, ...]]]


def difference(old: Path, new: Path) -> Difference:
    """Compare two files made by `write` with the suffix .jsonl.

    :raises UnreadableFile: one is missing, or is not such a file; names the line."""
    before, after = _read(old), _read(new)
    both = sorted(before.needs.keys() & after.needs.keys())
    changes = [_change(after.needs[id], before.needs[id][1]) for id in both]
    changed = tuple(change for change in changes if change is not None)
    return Difference(
        appeared=tuple(after.needs[id][0] for id in sorted(after.needs.keys() - set(both))),
        vanished=tuple(before.needs[id][0] for id in sorted(before.needs.keys() - set(both))),
        changed=changed,
        unchanged=len(both) - len(changed),
        provenance=_origins(before.provenance, after.provenance),
    )


def _change(after: tuple[Named, tuple[Entry, ...]], before: tuple[Entry, ...]) -> NeedChange | None:
    need, entries = after
    was = {entry.patent_id: entry for entry in before}
    now = {entry.patent_id for entry in entries}
    new = tuple(entry for entry in entries if entry.patent_id not in was)
    gone = tuple(entry for entry in before if entry.patent_id not in now)
    shifts = [_shift(was[item.patent_id], item) for item in entries if item.patent_id in was]
    moved = tuple(shift for shift in shifts if shift.old_rank != shift.new_rank)
    rescored = tuple(
        shift
        for shift in shifts
        if shift.old_rank == shift.new_rank and abs(shift.old_score - shift.new_score) > SAME
    )
    if not (new or gone or moved or rescored):
        return None
    return NeedChange(need, new, gone, moved, rescored)


def _shift(old: Entry, new: Entry) -> Shift:
    return Shift(new.patent_id, new.title, old.rank, new.rank, old.score, new.score)


def _origins(old: Mapping[str, str], new: Mapping[str, str]) -> tuple[Origin, ...]:
    names = sorted((old.keys() | new.keys()) - {"made_at"})
    pairs = ((name, old.get(name, ""), new.get(name, "")) for name in names)
    return tuple(Origin(name, was, now) for name, was, now in pairs if was != now)


def _read(path: Path) -> _Export:
    lines = _lines(path)
    _, head = next(lines, (1, None))
    if not isinstance(head, dict) or head.get("format") != FORMAT:
        raise UnreadableFile(
            f"{path.name} 不是本软件导出的匹配结果(.jsonl)。"
            "请用 patmatch batch --out 文件名.jsonl 导出两份后再比较。",
            path=str(path),
        )
    needs: dict[str, tuple[Named, tuple[Entry, ...]]] = {}
    try:
        provenance = _provenance(head["provenance"])
    except (AttributeError, KeyError, TypeError) as error:
        raise _damaged(path, 1) from error
    for number, line in lines:
        try:
            need, entries = _need(line)
        except (KeyError, TypeError, ValueError, OverflowError) as error:
            raise _damaged(path, number) from error
        if need.need_id in needs:
            raise _damaged(path, number)
        needs[need.need_id] = (need, entries)
    return _Export(provenance, needs)


def _lines(path: Path) -> Iterator[tuple[int, Any]]:
    try:
        with path.open("rb") as stream:
            for number, line in enumerate(stream, start=1):
                try:
                    yield number, json.loads(line)
                except (ValueError, RecursionError) as error:
                    if number == 1:
                        return
                    raise _damaged(path, number) from error
    except OSError as error:
        raise UnreadableFile(
            f"打不开 {path}。请检查文件是否存在、是否可读。", path=str(path)
        ) from error


def _damaged(path: Path, number: int) -> UnreadableFile:
    return UnreadableFile(
        f"{path.name} 第 {number} 行已损坏,或被改动过。请重新导出后再比较。",
        path=str(path),
        line=number,
    )


def _provenance(data: Mapping[str, Any]) -> dict[str, str]:
    told = {name: str(value) for name, value in data.items() if name != "filters"}
    return {**told, **{f"filters.{name}": str(v) for name, v in data["filters"].items()}}


def _need(line: Mapping[str, Any]) -> tuple[Named, tuple[Entry, ...]]:
    need = line["need"]
    entries = tuple(
        Entry(
            str(match["patent"]["patent_id"]),
            str(match["patent"]["title"]),
            int(match["rank"]),
            float(match["score"]),
        )
        for match in line["matches"]
    )
    return Named(str(need["need_id"]), str(need["need_title"])), entries
