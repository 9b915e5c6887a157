"""Which need and which patent of the store a row of answers speaks of.

A need is named by its id or its title, a patent by any of its numbers, its id or its title.  Two
names that mean two records refuse the row: somebody else's answer is worse than none.  A number
that can be read and is not there is never replaced by the title, for an invention and a utility
model often share theirs; one that cannot be read is."""

from collections.abc import Iterable, Mapping, Sequence
from collections.abc import Set as AbstractSet
from dataclasses import dataclass

from matcher.normalise.cells import Notes, cleaned, is_blank, pieces, tidy
from matcher.normalise.named import named_keys
from matcher.normalise.numbers import application
from matcher.records import Problem, Row

_NUMBERS = ("patent_id", "application_number", "patent_number", "publication_number",
            "grant_number")  # fmt: skip
_FILINGS = frozenset(("patent_id", "application_number", "patent_number"))
_SHOWN = 5


@dataclass(frozen=True, slots=True)
class Asked:
    """All names that rows give, sorted: of needs (ids or titles), of patents, and the identity
    keys that the latter may stand for."""

    needs: tuple[str, ...]
    patents: tuple[str, ...]
    keys: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Known:
    """What the store holds of them: ids that are there, key -> patent id, title -> ids."""

    needs: AbstractSet[str]
    patents: AbstractSet[str]
    keys: Mapping[str, str]
    need_titles: Mapping[str, Sequence[str]]
    patent_titles: Mapping[str, Sequence[str]]


def asked_in(rows: Iterable[Row]) -> Asked:
    """What to look for in the store before the rows are read."""
    needs: set[str] = set()
    patents: set[str] = set()
    for row in rows:
        fields = cleaned(row.fields)
        needs.update(filter(None, (_cell(fields, "need_id"), _cell(fields, "need_title"))))
        patents.update(name for _, name in _names(fields))
    keys = {key for name in patents for key in _keys(name)}
    return Asked(tuple(sorted(needs)), tuple(sorted(patents)), tuple(sorted(keys)))


def need_in(fields: Mapping[str, str], known: Known, notes: Notes) -> str:
    """The id of the row's need; "" and a problem in `notes` when it cannot be told."""
    code, title = _cell(fields, "need_id"), _cell(fields, "need_title")
    titled = known.need_titles.get(title, ())
    found = [name for name in (code, title) if name in known.needs][:1]
    if found and titled and found[0] not in titled:
        return _refused(notes, "need_id", _conflict("need", "需求", [*found, *titled]))
    found = found or list(titled) or list(known.need_titles.get(code, ()))
    if len(found) == 1:
        return found[0]
    column = "need_title" if found or not code else "need_id"
    return _refused(notes, column, _unclear("need", "需求", (title or code, found)))


def patent_in(fields: Mapping[str, str], known: Known, notes: Notes) -> str:
    """The id of the row's patent, as `need_in`."""
    names = _names(fields)
    title = _cell(fields, "patent_title")
    owners: dict[str, str] = {}
    for field, name in names:
        owner = _owner(name, known)
        if owner:
            owners.setdefault(owner, field)
        elif field in _FILINGS:
            wrong = application(name)
            if isinstance(wrong, Problem) and wrong.code == "wrong_check_digit":
                return _refused(notes, field, wrong)
    titled = known.patent_titles.get(title, ())
    found = list(owners)
    if len(found) > 1 or (found and titled and found[0] not in titled):
        return _refused(notes, owners[found[0]], _conflict("patent", "专利", [*found, *titled]))
    readable = [(field, name) for field, name in names if _is_number(field, name)]
    if not found and readable:
        field, name = readable[0]
        return _refused(notes, field, _unclear("patent", "专利", (name, [])))
    found = found or list(titled)
    if len(found) == 1:
        return found[0]
    field, name = ("patent_title", title) if title or not names else names[0]
    return _refused(notes, field, _unclear("patent", "专利", (name, found)))


def _owner(name: str, known: Known) -> str:
    if name in known.patents:
        return name
    return next((known.keys[key] for key in _keys(name) if key in known.keys), "")


def _is_number(field: str, name: str) -> bool:
    """Whether the name is a patent's number; an id must be a Chinese one, for many look foreign."""
    keys = named_keys(name) if field != "patent_title" else []
    return any(field != "patent_id" or key[1:4] == ":CN" for key in keys)


def _keys(name: str) -> list[str]:
    return [f"A:{name}", f"S:{name}", *named_keys(name)]


def _names(fields: Mapping[str, str]) -> list[tuple[str, str]]:
    """(field, name) of the row's patent, numbers first; a title last, for it may be a number."""
    names = [
        (field, tidy(piece))
        for field in _NUMBERS
        for piece in pieces(fields.get(field, ""))
        if not is_blank(piece)
    ]
    title = _cell(fields, "patent_title")
    return [*names, ("patent_title", title)] if title else names


def _cell(fields: Mapping[str, str], field: str) -> str:
    text = fields.get(field, "")
    return "" if is_blank(text) else tidy(text)


def _refused(notes: Notes, field: str, problem: Problem) -> str:
    notes.refuse(field, problem)
    return ""


def _conflict(kind: str, noun: str, ids: Sequence[str]) -> Problem:
    listed = "、".join(dict.fromkeys(ids[:_SHOWN]))
    reason = f"这一行写的不是同一{_unit(noun)}{noun}:{listed}"
    return Problem(f"conflicting_{kind}", "", "", reason, f"请核对{noun}的编号与名称后再导入")


def _unclear(kind: str, noun: str, named: tuple[str, Sequence[str]]) -> Problem:
    name, ids = named
    if not name:
        reason = f"没有写明是哪{_unit(noun)}{noun}"
        return Problem(f"no_{kind}", "", "", reason, f"请补上{noun}的编号或名称后再导入")
    short = name if len(name) <= 60 else f"{name[:60]}…"
    if ids:
        rest = f"等 {len(ids)} {_unit(noun)}" if len(ids) > _SHOWN else ""
        reason = f"名为“{short}”的{noun}不止一{_unit(noun)}:{'、'.join(ids[:_SHOWN])}{rest}"
        return Problem(f"ambiguous_{kind}", "", name, reason, f"请填上{noun}的编号后再导入")
    command = "needs" if kind == "need" else "patents"
    advice = f"请核对编号或名称;如果还没有导入,请先运行 patmatch {command} add 文件"
    return Problem(f"unknown_{kind}", "", name, f"库里没有“{short}”这{_unit(noun)}{noun}", advice)


def _unit(noun: str) -> str:
    return "条" if noun == "需求" else "件"
