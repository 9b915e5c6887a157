"""Judged pairs from files: which need and which achievement, and the grade people gave.

Both files are JSONL.  A line of needs: `id`, `title`, `content`, and the sections of the official
form if known.  A line of pairs: `need_id`, `grade` 1-4, the achievement's id (`achievement_id` or
`patent_id`) and what it says: `achievement_terms` (words of its title, in order), or `title` and
`abstract`; a pair that says nothing means a record known elsewhere."""

import json
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, TypeVar

import numpy as np

from matcher.errors import BadInput, NothingUsable, UnknownId, UnreadableFile
from matcher.protocols import IntArray
from matcher.records import Need, Patent

SHOWN = 5
IDS = ("achievement_id", "patent_id")
FindNeed = Callable[[str], Need]
FindPatent = Callable[[str], Patent]
T = TypeVar("T")


@dataclass(frozen=True, slots=True, eq=False)
class Judged:
    """Row i is line i of the pairs: (n,) needs, which repeat, (n,) patents, (n,) grades 1-4."""

    needs: tuple[Need, ...]
    patents: tuple[Patent, ...]
    grades: IntArray


def read_needs(path: Path) -> dict[str, Need]:
    """The needs of a file, by id.

    :raises BadInput: names the lines that cannot be used.  :raises UnreadableFile: no UTF-8.
    :raises NothingUsable: it holds no line."""
    found: dict[str, Need] = {}

    def take(item: Mapping[str, Any]) -> None:
        need = _need(item)
        if need.id in found:
            raise BadInput(f"需求编号“{need.id}”在前面已经出现过。")
        found[need.id] = need

    _each(path, take)
    return found


def judged_files(pairs: Path, needs: Path) -> Judged:
    """The pairs of a file that says all it speaks of, with the needs of another.

    :raises BadInput: names the lines that cannot be used."""
    known = read_needs(needs)

    def need(id: str) -> Need:
        if id not in known:
            raise UnknownId(f"需求文件里没有编号“{id}”。")
        return known[id]

    def patent(id: str) -> Patent:
        raise UnknownId(f"成果“{id}”没有写 achievement_terms 或 title。")

    return read_judged(pairs, need, patent)


def read_judged(path: Path, need: FindNeed, patent: FindPatent) -> Judged:
    """The pairs of a file; `need` and `patent` look up ids and raise `UnknownId`.

    :raises BadInput: names the lines that cannot be used.  :raises UnreadableFile: no UTF-8.
    :raises NothingUsable: it holds no line."""
    rows = _each(
        path, lambda item: (need(_id(item, "need_id")), _patent(item, patent), _grade(item))
    )
    needs, patents, grades = zip(*rows, strict=True)
    return Judged(needs, patents, np.array(grades, dtype=np.int64))


def joined(terms: list[str]) -> str:
    """Terms of a title as text: without spaces, but for one between two Latin words or numbers.

    >>> joined(["基于", "LED", "PWM", "调光", "方法"])
    '基于LED PWM调光方法'"""
    text = ""
    for term in terms:
        gap = text and term and _latin(text[-1]) and _latin(term[0])
        text += f" {term}" if gap else term
    return text


def _latin(letter: str) -> bool:
    return letter.isascii() and letter.isalnum()


def _each(path: Path, take: Callable[[Mapping[str, Any]], T]) -> list[T]:
    """What `take` makes of each line; all bad lines are found before any is complained of."""
    made: list[T] = []
    bad: list[tuple[int, str]] = []
    for number, line in _lines(path):
        try:
            made.append(take(_object(line)))
        except (BadInput, UnknownId) as error:
            bad.append((number, error.message))
    if bad:
        told = "\n".join(f"  第 {number} 行:{reason}" for number, reason in bad[:SHOWN])
        more = f"\n  还有 {len(bad) - SHOWN} 行。" if len(bad) > SHOWN else ""
        raise BadInput(
            f"{path} 有 {len(bad)} 行不能用,没有进行评测。请改正后再试:\n{told}{more}",
            path=str(path),
            lines=[number for number, _ in bad],
        )
    if not made:
        raise NothingUsable(f"{path} 里一行也没有。", path=str(path))
    return made


def _lines(path: Path) -> Iterator[tuple[int, str]]:
    """Lines that are not blank, with their 1-based numbers."""
    try:
        text = path.read_bytes().decode("utf-8-sig")
    except OSError as error:
        raise UnreadableFile(
            f"打不开 {path}({error.strerror})。请核对文件名。", path=str(path)
        ) from error
    except UnicodeDecodeError as error:
        raise UnreadableFile(
            f"{path} 不是 UTF-8 编码的文本。请另存为 UTF-8 的 JSONL(每行一个 JSON)。",
            path=str(path),
        ) from error
    for number, line in enumerate(text.split("\n"), 1):
        if line.strip():
            yield number, line


def _object(line: str) -> Mapping[str, Any]:
    try:
        item = json.loads(line)
    except (ValueError, RecursionError):
        raise BadInput("不是完整的 JSON。") from None
    if not isinstance(item, dict):
        raise BadInput("不是 JSON 对象({…})。")
    return item


def _id(item: Mapping[str, Any], *names: str) -> str:
    for name in names:
        value = item.get(name)
        if isinstance(value, str | int) and not isinstance(value, bool) and str(value).strip():
            return str(value).strip()
    raise BadInput(f"缺少 {' 或 '.join(names)}。")


def _text(item: Mapping[str, Any], name: str) -> str:
    value = item.get(name)
    if value is None:
        return ""
    if not isinstance(value, str):
        raise BadInput(f"{name} 应是一段文字。")
    return value


def _grade(item: Mapping[str, Any]) -> int:
    grade = item.get("grade")
    if grade is None:
        raise BadInput("缺少 grade。")
    if isinstance(grade, int | float) and not isinstance(grade, bool) and grade in (1, 2, 3, 4):
        return int(grade)
    raise BadInput(f"grade 是 {json.dumps(grade, ensure_ascii=False)},应是 1、2、3、4 之一。")


def _need(item: Mapping[str, Any]) -> Need:
    need = Need(
        id=_id(item, "id"),
        title=_text(item, "title"),
        main_problem=_text(item, "main_problem"),
        key_technology=_text(item, "key_technology"),
        expected_goal=_text(item, "expected_goal"),
        content=_text(item, "content"),
    )
    if need.title.strip() or need.content.strip():
        return need
    raise BadInput("title 和 content 都是空的。")


def _patent(item: Mapping[str, Any], find: FindPatent) -> Patent:
    name = _id(item, *IDS)
    terms = item.get("achievement_terms")
    if terms is not None:
        if not isinstance(terms, list) or not all(isinstance(term, str) for term in terms):
            raise BadInput("achievement_terms 应是词语的列表。")
        return Patent(id=name, keys=(), title=joined(terms), abstract=_text(item, "abstract"))
    if "title" in item or "abstract" in item:
        return Patent(
            id=name, keys=(), title=_text(item, "title"), abstract=_text(item, "abstract")
        )
    return find(name)
