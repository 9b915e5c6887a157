"""Near-identical texts of one applicant: flagged, never dropped."""

import re
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import replace
from itertools import islice

from matcher.normalise.cells import plain
from matcher.normalise.identity import pairs_of
from matcher.records import Flag, Patent

_FILLING = re.compile(r"一种|及其|方法|装置|[和与及]|(?:[^\w\n]|_)+")  # no ends of lines
_SAME = 0.9  # of their character bigrams, for texts under titles that begin alike
_OTHER = 0.5  # below this, texts under one title are different inventions all the same
_START = 4  # characters of the title's skeleton that begin alike
_LOOK = 12  # neighbours compared in a group, which keeps the work linear


def skeleton(title: str) -> str:
    """The title without 一种, 及其, 方法, 装置, conjunctions and punctuation; never empty unless
    the title is."""
    return skeletons((title,))[0]


def skeletons(titles: Sequence[str]) -> list[str]:
    """`skeleton` of each."""
    lines = "\n".join([plain(title).replace("\n", " ") for title in titles]).lower()
    bones = _FILLING.sub("", lines).split("\n")
    whole = lines.split("\n")
    return [bare or line for bare, line in zip(bones, whole, strict=True)][: len(titles)]


def near_duplicates(patents: Iterable[Patent]) -> dict[str, str]:
    """Id → smallest id of another record of the same first applicant with almost the same text,
    for every record that has one, sorted by id.

    Almost the same: titles with one skeleton (unless both abstracts are known and share less
    than half of their character bigrams), or titles that begin alike over abstracts that share
    0.9.  Each record is compared with its 12 next by skeleton and id."""
    applicants: dict[str, list[Patent]] = {}
    for patent in patents:
        if patent.applicants:
            applicants.setdefault(patent.applicants[0].name, []).append(patent)
    groups = [theirs for theirs in applicants.values() if len(theirs) > 1]
    bones = iter(skeletons([patent.title for theirs in groups for patent in theirs]))
    found: dict[str, str] = {}
    for theirs in groups:
        members = list(zip(islice(bones, len(theirs)), theirs, strict=True))
        members.sort(key=lambda member: (member[0], member[1].id))
        _compare(members, found)
    return dict(sorted(found.items()))


def mark(patent: Patent, other: str) -> Patent:
    """The record with its one ``near_duplicate`` flag naming `other`; itself if it has it."""
    flag = Flag("near_duplicate", f"与 {other} 的文本几乎相同，申请人相同，请核对是否重复")
    if flag in patent.flags:
        return patent
    others = [old for old in patent.flags if old.code != "near_duplicate"]
    flags = sorted([*others, flag], key=lambda item: (item.code, item.note))
    return replace(patent, flags=tuple(flags))


def _compare(group: Sequence[tuple[str, Patent]], found: dict[str, str]) -> None:
    pairs: dict[str, Counter[str]] = {}
    for at, (bones, patent) in enumerate(group):
        for other_bones, other in group[at + 1 : at + 1 + _LOOK]:
            if other_bones != bones and (
                not patent.abstract or other_bones[:_START] != bones[:_START]
            ):
                break
            if patent.id != other.id and _alike(patent, other, bones == other_bones, pairs):
                found[patent.id] = min(found.get(patent.id, other.id), other.id)
                found[other.id] = min(found.get(other.id, patent.id), patent.id)


def _alike(one: Patent, other: Patent, same_title: bool, pairs: dict[str, Counter[str]]) -> bool:
    if not one.abstract or not other.abstract:
        return same_title
    least = _OTHER if same_title else _SAME
    short, long = sorted((len(one.abstract), len(other.abstract)))
    if 2 * short < least * (short + long):
        return False
    for patent in (one, other):
        if patent.id not in pairs:
            pairs[patent.id] = pairs_of(patent.abstract)
    first, second = pairs[one.id], pairs[other.id]
    total = first.total() + second.total()
    return total > 0 and 2 * (first & second).total() >= least * total
