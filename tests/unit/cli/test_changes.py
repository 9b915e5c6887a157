"""The difference of two exports as people read it."""

from io import StringIO

from rich.console import Console

from matcher.cli.changes import show_changes
from matcher.export.difference import Difference, Entry, Named, NeedChange, Origin, Shift

CHANGE = NeedChange(
    Named("N1", "耐热隔膜"),
    new=(Entry("P1", "陶瓷隔膜", 1, 1.2),),
    gone=(Entry("P2", "散热器", 3, -1.0),),
    moved=(Shift("P3", "涂层", 1, 2, 0.5, 0.5), Shift("P4", "浆料", 4, 3, -2.0, -1.0)),
    rescored=(Shift("P5", "基膜", 5, 5, -1.0, -1.2), Shift("P6", "薄膜", 6, 6, -6.0, -6.1)),
)
FOUND = Difference(
    appeared=(Named("N2", "污水"),),
    vanished=(Named("N3", "除尘"),),
    changed=(CHANGE,),
    unchanged=7,
    provenance=(Origin("encoder", "a", "b"), Origin("filters.region", "", "41")),
)


def told(found: Difference) -> list[str]:
    stream = StringIO()
    show_changes(found, Console(file=stream, width=100, highlight=False))
    return stream.getvalue().splitlines()


def test_what_is_new_gone_moved_or_scored_otherwise() -> None:
    assert told(FOUND) == [
        "1 条需求的匹配有变化:新出现 1 项,消失 1 项,名次变动 2 项;7 条没有变化。",
        "来历不同  编码器:a → b",
        "          筛选 地区:(无) → 41",
        "新增需求  污水 N2",
        "减少需求  除尘 N3",
        "",
        "耐热隔膜  N1",
        "  新出现  陶瓷隔膜 P1(第 1 名,很可能(77%))",
        "  消失    散热器 P2(原第 3 名)",
        "  名次    涂层 P3(第 1 名降到第 2 名)",
        "          浆料 P4(第 4 名升到第 3 名,可能性 12% → 27%)",
        "  可能性  基膜 P5(可能性 27% → 23%)",
        "          薄膜 P6(可能性略有变动)",
    ]


def test_no_difference_is_one_sentence() -> None:
    assert told(Difference((), (), (), 3, ())) == ["两次导出没有差别:3 条需求的匹配都相同。"]
