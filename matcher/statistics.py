"""Counts of both sides of a home, as people ask for them."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from matcher.library import Library
from matcher.reference.industries import industry
from matcher.reference.regions import region
from matcher.retrieve.facets import Facet
from matcher.store.sql import SqlStore
from matcher.text.labels import GRADES

Counts = Sequence[tuple[str, int]]
TOP = 12


@dataclass(frozen=True, slots=True)
class Statistics:
    """How many patents, needs and answers to matches there are, in all and by title of table:
    (name, count) pairs, most first (grades: best first)."""

    patents: int
    needs: int
    feedback: int
    snapshot: str
    encoder: str
    tables: Mapping[str, Counts]


def statistics(store: SqlStore, library: Library) -> Statistics:
    """Of the records in the store and the columns of the opened generation."""
    patents, needs = library.patents.columns, library.needs.columns
    tables: dict[str, Counts] = {
        "专利类型": _named(store.count_by("patents", "kind")),
        "法律状态": _named(store.count_by("patents", "legal_status")),
        "专利所在省份": _top(by_province(store.count_by("patents", "region"))),
        "专利所属行业": _industries(patents.facets["industry"]),
        "专利所在园区": _facet(patents.facets["park"]),
        "专利申请人": _facet(patents.facets["applicant"]),
        "需求所在省份": _top(by_province(store.count_by("needs", "region"))),
        "需求所属行业": _industries(needs.facets["industry"]),
        "需求所在园区": _facet(needs.facets["park"]),
        "反馈:评分": _grades(store.count_by("feedback", "grade")),
        "反馈:答复": _said(store.count_by("feedback", "reply")),
        "反馈:拒绝原因": _said(store.count_by("feedback", "refusal_code")),
    }
    return Statistics(
        patents=patents.count,
        needs=needs.count,
        feedback=sum(count for _, count in store.count_by("feedback", "grade")),
        snapshot=library.stamp["snapshot"],
        encoder=library.stamp["encoder"],
        tables=tables,
    )


def _named(counts: Counts) -> Counts:
    return [(name or "(未填)", count) for name, count in counts][:TOP]


def _said(counts: Counts) -> Counts:
    return [(name, count) for name, count in counts if name]


def _grades(counts: Counts) -> Counts:
    found = dict(counts)
    return [(f"{grade} {name}", found[str(grade)]) for grade, name in GRADES.items()
            if str(grade) in found]  # fmt: skip


def by_province(counts: Counts) -> dict[str, int]:
    """Counts by region of any level -> by the name of its province."""
    sums: dict[str, int] = {}
    for code, count in counts:
        name = province_name(code)
        sums[name] = sums.get(name, 0) + count
    return sums


def province_name(code: str) -> str:
    """Of the province that a region lies in."""
    found = region(code[:2] + "0000") if code else None
    return found.name if found else "(未识别)"


def division_name(code: str) -> str:
    """An industry's division (大类), with its code; a section alone as it is."""
    found = industry(code[:3])
    return f"{code[:3]} {found.name}" if found else code


def _industries(facet: Facet) -> Counts:
    return _top({division_name(code): count for code, count in facet.counts(3).items()})


def _facet(facet: Facet) -> Counts:
    sizes = (facet.starts[1:] - facet.starts[:-1]).tolist()
    return _top(dict(zip(facet.values, sizes, strict=True)))


def _top(sums: Mapping[str, int]) -> Counts:
    return sorted(sums.items(), key=lambda pair: (-pair[1], pair[0]))[:TOP]
