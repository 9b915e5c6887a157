"""Why a need has no match, or no good one, and what can be done about it, in words."""

from dataclasses import dataclass

from matcher.export.rows import chance, per_cent
from matcher.matches import Answer
from matcher.text.labels import FILTERS


@dataclass(frozen=True, slots=True)
class Verdict:
    """Best chance (None without matches), reason and advice; both for people."""

    best: float | None
    reason: str
    advice: str


def verdict(answer: Answer) -> Verdict | None:
    """None for a need that has a suitable patent."""
    best = max(map(chance, answer.matches), default=None)
    if best is not None:
        return _weak(best) if answer.no_match else None
    if answer.total == 0:
        return Verdict(None, "库中还没有专利。", "请先导入专利清单，再重新匹配。")
    if answer.passed == 0:
        return Verdict(None, _removed(answer), _relax(answer))
    if any(removal.field == "grade_min" for removal in answer.removals):
        return Verdict(
            None,
            f"可选的 {answer.passed} 项专利，都没有达到设定的等级下限。",
            "请降低等级下限，或把主要问题和技术指标写得更具体。",
        )
    return Verdict(
        None,
        f"可选的 {answer.passed} 项专利中，没有与它内容相近的。",
        "请把主要问题和技术指标写得更具体，或导入更多专利后再试。",
    )


def _weak(best: float) -> Verdict:
    return Verdict(
        best,
        f"很可能没有合适的专利：最接近的一项，专家评为较强相关以上的可能性只有 {per_cent(best)}。",
        "「匹配结果」中的几项仅供参考。请把主要问题和技术指标写得更具体，或导入更多专利后再试。",
    )


def _removed(answer: Answer) -> str:
    told = "、".join(
        f"{FILTERS.get(removal.field, removal.field)}排除 {removal.removed} 项"
        for removal in answer.removals
        if removal.removed
    )
    return f"筛选条件排除了全部 {answer.total} 项专利" + (f"：{told}。" if told else "。")


def _relax(answer: Answer) -> str:
    label = FILTERS.get(answer.relax, answer.relax)
    gain = sum(removal.blocked for removal in answer.removals if removal.field == answer.relax)
    if label and gain:
        return f"放宽“{label}”可多看到 {gain} 项专利。"
    if label:
        return f"请同时放宽几项筛选条件，先从“{label}”开始。"
    return "请放宽筛选条件后再试。"
