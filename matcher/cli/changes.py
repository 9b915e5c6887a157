"""The difference of two exports, as people read it."""

from collections.abc import Iterator

from rich.console import Console
from rich.text import Text

from matcher.cli.fold import Folded
from matcher.cli.style import TEAL, Rows
from matcher.explain.ladder import per_cent
from matcher.export.difference import Difference, NeedChange, Shift
from matcher.text.labels import FILTERS

ORIGINS = {
    "snapshot": "数据快照", "encoder": "编码器", "index": "索引", "ranker": "排序方法",
    "version": "软件版本",
}  # fmt: skip
Pairs = Iterator[tuple[str, Text | str]]


def show_changes(found: Difference, screen: Console) -> None:
    """What makes the two differ first, then each changed need with its patents."""
    if not (found.appeared or found.vanished or found.changed or found.provenance):
        screen.print(f"两次导出没有差别:{found.unchanged} 条需求的匹配都相同。")
        return
    screen.print(Folded(_summary(found)))
    screen.print(Rows(_frame(found)))
    for change in found.changed:
        screen.print()
        title = Text.assemble((change.need.title, "bold"), (f"  {change.need.need_id}", "dim"))
        screen.print(Folded(title))
        screen.print(Rows(_moves(change), indent=2))


def _summary(found: Difference) -> str:
    new = sum(len(change.new) for change in found.changed)
    gone = sum(len(change.gone) for change in found.changed)
    moved = sum(len(change.moved) for change in found.changed)
    return (
        f"{len(found.changed)} 条需求的匹配有变化:新出现 {new} 项,消失 {gone} 项,"
        f"名次变动 {moved} 项;{found.unchanged} 条没有变化。"
    )


def _frame(found: Difference) -> Pairs:
    for origin in found.provenance:
        name = origin.field.removeprefix("filters.")
        label = ORIGINS.get(name) or f"筛选 {FILTERS.get(name, name)}"
        yield "来历不同", f"{label}:{origin.old or '(无)'} → {origin.new or '(无)'}"
    for need in found.appeared:
        yield "新增需求", f"{need.title} {need.need_id}"
    for need in found.vanished:
        yield "减少需求", f"{need.title} {need.need_id}"


def _moves(change: NeedChange) -> Pairs:
    for entry in change.new:
        told = f"第 {entry.rank} 名,可能性 {per_cent(entry.score)}"
        yield "新出现", Text.assemble((entry.title, TEAL), f" {entry.patent_id}({told})")
    for entry in change.gone:
        yield "消失", f"{entry.title} {entry.patent_id}(原第 {entry.rank} 名)"
    for shift in change.moved:
        way = "升到" if shift.new_rank < shift.old_rank else "降到"
        yield "名次", _shift(shift, f"第 {shift.old_rank} 名{way}第 {shift.new_rank} 名")
    for shift in change.rescored:
        yield "可能性", _shift(shift, "")


def _shift(shift: Shift, told: str) -> str:
    scores = f"可能性 {per_cent(shift.old_score)} → {per_cent(shift.new_score)}"
    parts = [told, scores if abs(shift.old_score - shift.new_score) >= 0.05 else ""]
    inner = ",".join(part for part in parts if part) or "可能性略有变动"
    return f"{shift.title} {shift.patent_id}({inner})"
