"""The cover: what the file is, how to read it, what is in it, and how to make it again."""

from collections.abc import Sequence
from dataclasses import dataclass

from xlsxwriter.worksheet import Worksheet

from matcher.export.paper import Styles, height, page, put
from matcher.matches import Provenance
from matcher.text.labels import FILTERS

TITLE = "专利与技术需求匹配结果"
WIDTH = 100.0
GUIDE = (
    (
        "这份文件",
        "把企业的技术需求与专利逐一比对，为每条需求列出内容最接近的专利和理由，供您挑选、对接。",
    ),
    (
        "怎么看",
        "「匹配结果」按需求分组，每组上方是需求，下面是专利，越靠前越接近；点专利编号可跳到「专利」表看完整信息。"
        "没有找到专利的需求在「未匹配需求」表，写明了原因和建议。",
    ),
    (
        "推荐等级",
        "●●●● 强相关、●●●○ 较强相关、●●○○ 弱相关、○○○○ 无相关，由模型按技术转移专家的评分习惯估计；"
        "百分数是专家会评为较强或强相关的可能性，不是成交的可能性，也不代表专利的价值。",
    ),
    (
        "得分项",
        "从起点开始，每一项使可能性上升（正）或下降（负），相加就是总分（对数几率）。"
        "各项四舍五入到 0.1，相加可能差 0.1；四舍五入为 0 的不列出。",
    ),
    (
        "依据",
        "专利原文里最能回应需求该项内容的一句话；绿色粗体是双方都提到的词。"
        "「未涉及」是需求提到、专利没有提到的内容，对接时请先问清。",
    ),
    (
        "风险提示",
        "根据清单中的法律状态、届满日、共有和质押等信息给出。签约前请到国家知识产权局核实最新状态。",
    ),
    (
        "联系与保密",
        "文件中没有任何一方的联系方式，对接请联系提供本文件的单位。"
        "密级不是「公开」的需求和专利只列名称，并注明密级，例如「(脱敏)」。",
    ),
)


@dataclass(frozen=True, slots=True)
class Counts:
    """What the workbook holds; `weak` are needs that have no suitable patent among the listed."""

    needs: int
    matches: int
    patents: int
    unmatched: int
    weak: int


def write_cover(sheet: Worksheet, ink: Styles, counts: Counts, provenance: Provenance) -> None:
    """Fill the first sheet."""
    page(sheet)
    sheet.fit_to_pages(1, 1)
    sheet.set_column(0, 0, 2)
    sheet.set_column(1, 1, 16)
    sheet.set_column(2, 2, WIDTH)
    sheet.set_row(1, 36)
    put(sheet, (1, 1), TITLE, ink.title)
    row = 3
    for name, lines in (
        ("阅读说明", GUIDE),
        ("数量", _counted(counts)),
        ("筛选条件", _filters(provenance)),
        ("来源（凭这些信息可以重做这份文件）", _origin(provenance)),
    ):
        row = _section(sheet, ink, row, (name, lines))
    sheet.print_area(0, 0, row - 1, 2)


def _section(
    sheet: Worksheet, ink: Styles, row: int, told: tuple[str, Sequence[tuple[str, str]]]
) -> int:
    name, lines = told
    sheet.set_row(row, 22)
    put(sheet, (row, 1), name, ink.section)
    sheet.write_blank(row, 2, None, ink.section)
    for place, (term, text) in enumerate(lines, start=row + 1):
        put(sheet, (place, 1), term, ink.term)
        put(sheet, (place, 2), text, ink.plain)
        sheet.set_row(place, height([(text, WIDTH)]))
    return row + len(lines) + 2


def _counted(counts: Counts) -> list[tuple[str, str]]:
    lines = [
        ("需求", f"{counts.needs} 项，其中 {counts.needs - counts.unmatched} 项找到了专利"),
        ("匹配", f"{counts.matches} 条，涉及 {counts.patents} 项专利"),
        ("未匹配需求", f"{counts.unmatched} 项"),
    ]
    if counts.weak:
        lines.append(("没有合适的", f"{counts.weak} 项需求很可能没有合适的专利，所列仅供参考"))
    return lines


def _filters(provenance: Provenance) -> list[tuple[str, str]]:
    lines = [(FILTERS.get(name, name), text) for name, text in sorted(provenance.filters.items())]
    return lines or [("未设", "没有筛选，在全部专利中匹配")]


def _origin(provenance: Provenance) -> list[tuple[str, str]]:
    return [
        ("数据快照", provenance.snapshot),
        ("文本模型", provenance.encoder),
        ("索引", provenance.index),
        ("得分方法", provenance.ranker),
        ("软件版本", f"patent-matcher {provenance.version}"),
        ("导出时间", provenance.made_at),
    ]
