"""The flat row of a match and of a patent: one mapping that every format writes.

Lists are joined by 「；」, prices are 万元, points have four decimals, a value that is not known
is `None`.  Records come from `release` only."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Literal

from matcher.export.release import Shown
from matcher.matches import Check, Evidence, Match, Part, PartName, Risk
from matcher.records import Grade, Need, Patent, TextField
from matcher.reference.industries import industry
from matcher.reference.regions import region
from matcher.text.labels import ASPECTS, CHECKS, FLAGS, GRADES, PARTS, RISKS

Cell = str | int | float | bool | date | None
Kind = Literal["text", "count", "number", "date", "truth"]
NEED_ASPECTS: tuple[TextField, ...] = (
    "title", "main_problem", "key_technology", "expected_goal", "content",
)  # fmt: skip
PART_NAMES: tuple[PartName, ...] = (
    "start", "meaning", "main_problem", "key_technology", "expected_goal", "content", "terms",
    "field", "memory",
)  # fmt: skip
MARKS: Mapping[Grade, str] = {1: "○○○○", 2: "●●○○", 3: "●●●○", 4: "●●●●"}
OPEN, CLOSE = "【", "】"


@dataclass(frozen=True, slots=True)
class Column:
    """A field of the flat row: its name in data, its heading for people, what it holds."""

    name: str
    label: str
    kind: Kind = "text"


NEED_COLUMNS = (
    Column("need_id", "需求编号"),
    Column("need_title", "需求名称"),
    Column("company", "企业"),
    Column("need_park", "需求园区"),
    Column("need_region", "需求地区"),
    Column("need_industries", "需求行业"),
)
MATCH_COLUMNS = (
    Column("rank", "名次", "count"),
    Column("predicted_grade", "预测等级", "count"),
    Column("chance", "可能性", "number"),
    Column("score", "得分(对数几率)", "number"),
    *(Column(name, f"得分项:{PARTS[name]}", "number") for name in PART_NAMES),
)
PATENT_COLUMNS = (
    Column("patent_id", "专利编号"),
    Column("title", "专利名称"),
    Column("application_number", "申请号"),
    Column("publication_numbers", "公开(公告)号"),
    Column("kind", "专利类型"),
    Column("legal_status", "法律状态"),
    Column("application_date", "申请日", "date"),
    Column("publication_date", "公开(公告)日", "date"),
    Column("grant_date", "授权日", "date"),
    Column("expiry_date", "届满日", "date"),
    Column("applicants", "申请人"),
    Column("owners", "专利权人"),
    Column("inventors", "发明人"),
    Column("college", "院系"),
    Column("region", "地区"),
    Column("park", "园区"),
    Column("ipc", "IPC 分类号"),
    Column("industries", "所属行业"),
    Column("trl", "技术成熟度", "count"),
    Column("licence_modes", "许可方式"),
    Column("transfer_modes", "转化方式"),
    Column("price", "价格"),
    Column("price_min", "价格下限(万元)", "number"),
    Column("price_max", "价格上限(万元)", "number"),
    Column("payment", "支付方式"),
    Column("pay_later", "先使用后付费", "truth"),
    Column("funded", "财政资助项目形成", "truth"),
    Column("implementation", "实施状态"),
    Column("self_rating", "自评"),
    Column("scene", "应用场景"),
    Column("pledges", "质押次数", "count"),
    Column("transfers", "转让次数", "count"),
    Column("licences", "许可次数", "count"),
    Column("flags", "数据提示"),
)
REASON_COLUMNS = (
    *(Column(f"evidence_{name}", f"依据:{ASPECTS[name]}") for name in NEED_ASPECTS),
    Column("checks", "指标核对"),
    Column("missing", "未涉及"),
    Column("risks", "风险提示"),
)
COLUMNS = (*NEED_COLUMNS, *MATCH_COLUMNS, *PATENT_COLUMNS, *REASON_COLUMNS)


def flat_rows(shown: Shown) -> list[dict[str, Cell]]:
    """One row a match, best first, with the keys of `COLUMNS` in their order."""
    need = need_row(shown.need)
    return [
        {**need, **match_row(match), **patent_row(shown.patents[match.patent_id]), **reasons(match)}
        for match in shown.answer.matches
    ]


def need_row(need: Need) -> dict[str, Cell]:
    """The need's share of the flat row (`NEED_COLUMNS`)."""
    return {
        "need_id": need.id,
        "need_title": need.title,
        "company": need.company,
        "need_park": need.park,
        "need_region": region_name(need.region),
        "need_industries": joined(industry_names(need.industries)),
    }


def match_row(match: Match) -> dict[str, Cell]:
    """Rank, grade, chance of grade >= 3, score and parts (`MATCH_COLUMNS`), in log-odds; a part
    that is not there adds nothing."""
    points = {part.name: part.points for part in match.parts}
    return {
        "rank": match.rank,
        "predicted_grade": match.grade,
        "chance": figure(chance(match)),
        "score": figure(match.score),
        **{name: figure(points.get(name, 0.0)) for name in PART_NAMES},
    }


def patent_row(patent: Patent) -> dict[str, Cell]:
    """The patent's share of the flat row (`PATENT_COLUMNS`)."""
    terms = patent.terms
    return {
        "patent_id": patent.id,
        "title": patent.title,
        "application_number": patent.application_number,
        "publication_numbers": joined(patent.publication_numbers),
        "kind": patent.kind,
        "legal_status": patent.legal_status,
        "application_date": patent.application_date,
        "publication_date": patent.publication_date,
        "grant_date": patent.grant_date,
        "expiry_date": patent.expiry_date,
        "applicants": joined([party.name for party in patent.applicants]),
        "owners": joined([party.name for party in patent.owners]),
        "inventors": joined(patent.inventors),
        "college": patent.college,
        "region": region_name(patent.region),
        "park": patent.park,
        "ipc": joined(patent.ipc),
        "industries": joined(industry_names(patent.industries)),
        "trl": terms.trl,
        "licence_modes": joined(terms.licence_modes),
        "transfer_modes": joined(terms.transfer_modes),
        "price": price(patent),
        "price_min": terms.price_min,
        "price_max": terms.price_max,
        "payment": terms.payment,
        "pay_later": terms.pay_later,
        "funded": terms.funded,
        "implementation": terms.implementation,
        "self_rating": terms.self_rating,
        "scene": terms.scene,
        "pledges": patent.pledges,
        "transfers": patent.transfers,
        "licences": patent.licences,
        "flags": joined([noted(FLAGS[flag.code], flag.note) for flag in patent.flags]),
    }


def reasons(match: Match) -> dict[str, Cell]:
    """Why, and why not (`REASON_COLUMNS`); shared terms stand in 【】."""
    told: dict[TextField, list[str]] = {}
    for proof in match.evidence:
        told.setdefault(proof.aspect, []).append(marked(proof))
    return {
        **{f"evidence_{name}": joined(told.get(name, ())) for name in NEED_ASPECTS},
        "checks": joined(check_texts(match.checks)),
        "missing": joined(match.missing),
        "risks": joined(risk_texts(match.risks)),
    }


def marked(proof: Evidence) -> str:
    """The sentence with 【】 around the shared terms."""
    return "".join(
        f"{OPEN}{text}{CLOSE}" if shared else text
        for text, shared in pieces(proof.sentence, proof.marks)
    )


def pieces(sentence: str, marks: Sequence[tuple[int, int]]) -> list[tuple[str, bool]]:
    """The sentence cut at its marks: non-empty texts in order, and whether each is marked.
    Overlapping and touching marks are one."""
    found: list[tuple[str, bool]] = []
    place = 0
    for start, end in _united(marks, len(sentence)):
        if start > place:
            found.append((sentence[place:start], False))
        found.append((sentence[start:end], True))
        place = end
    if place < len(sentence):
        found.append((sentence[place:], False))
    return found


def _united(marks: Sequence[tuple[int, int]], length: int) -> list[tuple[int, int]]:
    united: list[tuple[int, int]] = []
    for start, end in sorted(marks):
        start, end = max(start, 0), min(end, length)
        if start >= end:
            continue
        if united and start <= united[-1][1]:
            united[-1] = (united[-1][0], max(end, united[-1][1]))
        else:
            united.append((start, end))
    return united


def price(patent: Patent) -> str:
    """What the list said, else the range in 万元, else nothing."""
    terms = patent.terms
    if terms.price_text:
        return terms.price_text
    low, high = terms.price_min, terms.price_max
    if low is not None and high is not None:
        return f"{low:g} 万元" if low == high else f"{low:g}–{high:g} 万元"
    if low is not None:
        return f"{low:g} 万元起"
    return f"不超过 {high:g} 万元" if high is not None else ""


def risk_texts(risks: Sequence[Risk]) -> list[str]:
    """Label and note of each risk, as one text each."""
    return [noted(RISKS[risk.code], risk.note) for risk in risks]


def check_texts(checks: Sequence[Check]) -> list[str]:
    """Each demanded figure with the verdict, and what the patent says where that is clear:
    `热收缩率≤5% ✔ 满足(热收缩率低于3%)`."""
    return [
        noted(f"{' '.join(check.demand.split())} {CHECKS[check.verdict]}", check.found)
        for check in checks
    ]


def noted(label: str, note: str) -> str:
    """Label and note; the note alone when it already begins with the label."""
    if not note:
        return label
    return note if note.startswith(label) else f"{label}({note})"


def region_name(code: str | None) -> str:
    """Full Chinese name of a six-digit code; the code itself when the table lacks it."""
    found = region(code) if code else None
    return found.full_name if found else code or ""


def industry_names(codes: Sequence[str]) -> list[str]:
    """`C38 电气机械和器材制造业` for each code; the code alone when the table lacks it."""
    names = []
    for code in codes:
        found = industry(code)
        names.append(f"{code} {found.name}" if found else code)
    return names


def joined(values: Sequence[str]) -> str:
    """Non-blank values, separated by 「；」."""
    return "；".join(value for value in values if value.strip())


def chance(match: Match) -> float:
    """Of grade 3 or 4, 0-1."""
    return match.chances[2] + match.chances[3]


def graded(match: Match) -> str:
    """`●●●○ 较强相关`."""
    return f"{MARKS[match.grade]} {GRADES[match.grade]}"


def per_cent(value: float) -> str:
    """`76%`; never 0 % or 100 %, which nobody knows."""
    return "<1%" if value < 0.01 else ">99%" if value > 0.99 else f"{value:.0%}"


def figure(points: float) -> float:
    """Points as they are written: four decimals, no negative zero."""
    return round(points, 4) + 0.0


def part_points(parts: Sequence[Part]) -> Mapping[str, float]:
    """Chinese label of each part -> points as written, in the order of the parts."""
    return {PARTS[part.name]: figure(part.points) for part in parts}
