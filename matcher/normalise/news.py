"""What lists said of a record: a list that says the same again brings no news.

Two lists may differ in a field (a spelling, a date, a status).  Were each import to let its list
win, importing the same files again would turn the record to and fro.  So a record made of several
rows remembers them: `seen` holds one mark a row, 8 hex digits for the source and 16 for what the
row said.  A record with empty `seen` is what one row said, and is its own mark."""

from collections.abc import Iterable, Sequence
from dataclasses import fields
from functools import lru_cache
from hashlib import blake2b
from operator import attrgetter
from typing import Final

from matcher.records import Feedback, Flag, Need, Patent

_SOURCE = 8  # hex digits
# What the store, the other records and the file's name make of a row.
_ASIDE: Final = frozenset(("id", "keys", "source", "seen", "flags"))
_patent_says = attrgetter(*(item.name for item in fields(Patent) if item.name not in _ASIDE))
# A deadline in months from today moves with the day; its words do not.
_need_says = attrgetter(
    *(item.name for item in fields(Need) if item.name not in _ASIDE | {"deadline"})
)
# Of whom and by whom is its key, and a patent may become part of another.
_KEY: Final = frozenset(("need_id", "patent_id", "by"))
_answer_says = attrgetter(
    *(item.name for item in fields(Feedback) if item.name not in _ASIDE | _KEY)
)
Said = Patent | Need | Feedback


def mark_of(row: Said) -> str:
    """The mark of what one row said, under the name of its source."""
    flags: tuple[Flag, ...] = ()
    match row:
        case Patent():
            says, flags = _patent_says(row), row.flags
        case Need():
            says, flags = _need_says(row), row.flags
        case Feedback():
            says = _answer_says(row)
    text = repr((says, [_told(flag) for flag in flags if flag.code != "near_duplicate"]))
    return _source(row.source) + blake2b(text.encode("utf-8", "replace"), digest_size=8).hexdigest()


def marks_of(record: Said) -> tuple[str, ...]:
    """The marks of all rows that a stored record is made of."""
    return record.seen or (mark_of(record),)


def heard(mark: str, marks: Sequence[str]) -> bool:
    """Whether a row brings no news: it is what its source said last or, when that source is new
    to the record, what any said.  A source that goes back to what it said earlier brings news."""
    own = [known for known in marks if known[:_SOURCE] == mark[:_SOURCE]]
    if own:
        return mark in own
    return any(known[_SOURCE:] == mark[_SOURCE:] for known in marks)


def now_seen(before: Iterable[str], said: Iterable[str]) -> tuple[str, ...]:
    """`before` with the marks of one import in place of what the same sources said earlier."""
    said = set(said)
    sources = {mark[:_SOURCE] for mark in said}
    kept = {mark for mark in before if mark[:_SOURCE] not in sources}
    return tuple(sorted(kept | said))


def _told(flag: Flag) -> tuple[str, str]:
    return flag.code, flag.note


@lru_cache(maxsize=64)
def _source(name: str) -> str:
    return blake2b(name.encode("utf-8", "replace"), digest_size=4).hexdigest()
