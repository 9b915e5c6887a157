"""What a person said of one record, on a form or by a program, read as a row of a list is: the
same words mean the same, wherever they are said."""

from collections.abc import Mapping
from dataclasses import replace
from datetime import date
from types import MappingProxyType

from matcher.access.policy import Side
from matcher.errors import BadInput, Suspect, Taken
from matcher.normalise.cells import Notes, cleaned
from matcher.normalise.fold import fold
from matcher.normalise.identity import numbered
from matcher.normalise.needs import need_of
from matcher.normalise.news import mark_of, marks_of, now_seen
from matcher.normalise.patents import patent_of
from matcher.normalise.terms import terms_of
from matcher.records import Need, Patent, Rejection, Row
from matcher.store.sql import SqlStore
from matcher.text.private import PUBLIC, SECRETS, secrets_in

SOURCE = "录入"
TERMS: Mapping[str, tuple[str, ...]] = MappingProxyType({
    "trl": ("trl",), "licence_mode": ("licence_modes",), "transfer_mode": ("transfer_modes",),
    "price": ("price_min", "price_max", "price_text"), "payment": ("payment",),
    "pay_later": ("pay_later",), "scene": ("scene",), "contact": ("contact",),
})  # fmt: skip
"""Transfer data as lists call them -> the fields of `Terms` that they fill."""


def need_said(said: Mapping[str, str], *, today: date) -> Need:
    """A need from canonical fields (`matcher/ingest/resources/columns.toml`) and their words.

    :raises BadInput: `faults` say what cannot be taken as it is."""
    made = need_of(_row(said), today=today)
    if isinstance(made, Rejection):
        raise _refused(made)
    return made


def need_changed(before: Need, said: Mapping[str, str], *, today: date) -> Need:
    """What `before` becomes: all that is said now, under its id.  A list that says again what it
    said earlier does not undo it."""
    made = need_said(said, today=today)
    return replace(made, id=before.id, seen=now_seen(marks_of(before), [mark_of(made)]))


def patent_said(said: Mapping[str, str], store: SqlStore, *, today: date) -> Patent:
    """As `need_said`, for a patent that the store does not hold.

    :raises Taken: it does, under one of its numbers or the same text; `id` says which."""
    made = _patent(said, today)
    folded = fold([made], known=store.owners_of, load=store.patents)
    if folded.outcomes != ["new"]:
        raise Taken("已有这件专利,没有再建。要改它,请打开原来那一条。", id=folded.targets[0])
    return folded.put[0]


def patent_changed(before: Patent, said: Mapping[str, str], *, today: date) -> Patent:
    """As `need_changed`; a number that it had goes on leading to it."""
    made = _patent(said, today)
    fresh = [key for key in made.keys if key[:2] in ("A:", "P:")] if numbered(made) else []
    keys = tuple(dict.fromkeys((*sorted(fresh), *before.keys)))
    return replace(made, id=before.id, keys=keys, seen=now_seen(marks_of(before), [mark_of(made)]))


def terms_changed(before: Patent, said: Mapping[str, str]) -> Patent:
    """`before` with those transfer data (fields of a list's row) that are said; the others stay.

    :raises BadInput: what cannot be read."""
    row = _row(said)
    notes = Notes(row)
    read = terms_of(cleaned(row.fields), notes)
    unread = [flag.note for flag in notes.sorted_flags() if flag.code == "unread_value"]
    if unread:
        raise BadInput(f"{'、'.join(unread)},没有改动。请换一种写法。")
    named = [name for field in row.fields for name in TERMS.get(field, ())]
    given = {name: getattr(read, name) for name in dict.fromkeys(named)}
    return replace(before, terms=replace(before.terms, **given))


def ask_about_secrets(said: Mapping[str, str], side: Side) -> None:
    """:raises Suspect: public texts hold what looks like a secret; `faults` say which field and
    what kind, never the words."""
    found = [(name, kind) for name in PUBLIC[side] for kind in secrets_in(said.get(name, ""))]
    if found:
        raise Suspect(
            "文字里有疑似不宜公开的内容,没有保存。请删去;如确认可以保存,请确认后再提交。",
            faults=[(name, f"secret_{kind}", f"疑似{SECRETS[kind]}") for name, kind in found],
        )


def _patent(said: Mapping[str, str], today: date) -> Patent:
    made = patent_of(_row(said), today=today)
    if isinstance(made, Rejection):
        raise _refused(made)
    return made


def _row(said: Mapping[str, str]) -> Row:
    told = {name: text for name, text in said.items() if text.strip()}
    return Row(source=SOURCE, sheet="", number=1, fields=told)


def _refused(made: Rejection) -> BadInput:
    first = made.problems[0]
    return BadInput(
        f"{first.reason},没有保存。{first.advice}。",
        faults=[(one.column, one.code, f"{one.reason};{one.advice}") for one in made.problems],
    )
