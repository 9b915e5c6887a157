"""The commands that measure: evaluate, evaluate compare."""

from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path

from rich.console import Console
from rich.table import Table
from rich.text import Text

from matcher.cli.fold import Folded
from matcher.cli.plain import print_json
from matcher.cli.progress import bars
from matcher.cli.style import TEAL, console
from matcher.engine import Matcher
from matcher.errors import BadInput
from matcher.evaluate.bootstrap import DRAWS, Difference, Figure, compare, figures
from matcher.evaluate.measures import MEASURES, MeasureName
from matcher.evaluate.predictions import Predictions, read_predictions, write_predictions

LABELS: Mapping[MeasureName, tuple[str, str]] = {
    "score": ("得分", "1/(1+等级的平均绝对误差)"),
    "accuracy": ("准确率", "预测的等级正好对的比例"),
    "spearman": ("等级相关", "全部配对的名次与等级是否一致(Spearman)"),
    "auc": ("区分度", "等级 3、4 的排在 1、2 的前面的机会(AUC)"),
    "ndcg": ("前十排序", "同一需求内最相关的是否排在前十(nDCG@10)"),
    "calibration": ("校准误差", "“等级不低于 3”的概率与实际比例之差"),
    "calibration_all": ("校准误差·三档", "三个等级界线的校准误差的平均"),
    "log_loss": ("对数损失", "真实等级的概率的负对数的平均"),
}
SIGNIFICANT = 0.05


def run_evaluation(
    pairs: Path | None, needs: Path | None, out: Path | None, seed: int,
    frame: tuple[Path | None, bool],
) -> None:  # fmt: skip
    """Measure the home's ranker on judged pairs."""
    home, as_json = frame
    if pairs is None:
        raise BadInput("请用 --pairs 给出人工评分文件。用法见 patmatch evaluate --help。")
    if out is not None and not out.parent.is_dir():
        raise BadInput(f"文件夹 {out.parent} 不存在。请先建好,或换一个位置。")
    with Matcher.open(home) as matcher, bars(as_json) as progress:
        predictions = matcher.predict(pairs, needs, progress=progress)
    if out is not None:
        write_predictions(out, predictions)
    found = figures(predictions.outcome(), seed=seed)
    if as_json:
        print_json({**_told(predictions), "seed": seed, "draws": DRAWS, "measures": found})
        return
    _show(predictions, found, console())
    if out is not None:
        console().print(Folded(f"预测已写到 {out},可用 patmatch evaluate compare 与另一份比较。"))


def compare_files(a: Path, b: Path, seed: int, as_json: bool) -> None:
    """Two files of predictions against each other."""
    ours, theirs = read_predictions(a), read_predictions(b)
    found = compare(ours, theirs, seed=seed)
    if as_json:
        print_json({
            "a": _told(ours), "b": _told(theirs), "seed": seed, "draws": DRAWS, "measures": found,
        })  # fmt: skip
        return
    screen = console()
    for letter, path, one in (("A", a, ours), ("B", b, theirs)):
        screen.print(Folded(f"{letter}  {path}(排序模型 {one.origin.get('judge', '未写明')})"))
    screen.print()
    screen.print(_table(("指标", "A", "B", "A−B", "95% 区间", "p 值", "结论"), _versus(found)))
    _foot(screen, "p 小于 0.05 才说哪一份更好;同时看八个指标,偶有一个小于 0.05 也可能是巧合。")


def _show(predictions: Predictions, found: Mapping[MeasureName, Figure], screen: Console) -> None:
    needs = len({need for need, _ in predictions.pairs})
    told = f"{len(predictions.pairs)} 对评分,{needs} 条需求;排序模型 {predictions.origin['judge']}"
    screen.print(Folded(told))
    screen.print()
    rows = [
        (LABELS[name][0], _number(one.value), _between(one), _meaning(name))
        for name, one in found.items()
    ]
    screen.print(_table(("指标", "数值", "95% 区间", "含义"), rows))
    _foot(screen, f"区间由按需求重抽样 {DRAWS} 次得到。“—”表示这些评分算不出该指标。")


def _versus(found: Mapping[MeasureName, Difference]) -> Iterable[Sequence[str]]:
    for name, one in found.items():
        gap = one.difference
        p = "—" if one.p is None else f"{one.p:.3f}"
        low, high = _number(gap.low, "+"), _number(gap.high, "+")
        between = "—" if gap.low is None else f"{low} 至 {high}"
        yield (
            LABELS[name][0], _number(one.a), _number(one.b), _number(gap.value, "+"), between, p,
            _verdict(name, one),
        )  # fmt: skip


def _verdict(name: MeasureName, one: Difference) -> str:
    if one.p is None or one.difference.value is None:
        return "—"
    if one.p >= SIGNIFICANT:
        return "看不出差别"
    return "A 更好" if (one.difference.value > 0) == MEASURES[name].more_is_better else "B 更好"


def _meaning(name: MeasureName) -> str:
    way = "越大越好" if MEASURES[name].more_is_better else "越小越好"
    return f"{LABELS[name][1]},{way}"


def _number(value: float | None, sign: str = "") -> str:
    """Four places, and no minus before a zero."""
    return "—" if value is None else f"{round(value, 4) + 0.0:{sign}.4f}"


def _between(figure: Figure) -> str:
    return "—" if figure.low is None else f"{_number(figure.low)}–{_number(figure.high)}"


def _table(heads: Sequence[str], rows: Iterable[Sequence[str]]) -> Table:
    """The first column in colour, the last one folded, those between to the right."""
    table = Table(box=None, pad_edge=False, padding=(0, 2, 0, 0), header_style="dim")
    for place, head in enumerate(heads):
        inner = 0 < place < len(heads) - 1
        table.add_column(
            head, justify="right" if inner else "left", no_wrap=place < len(heads) - 1,
            style=TEAL if place == 0 else "",
        )  # fmt: skip
    for row in rows:
        table.add_row(*row[:-1], Folded(row[-1]))
    return table


def _foot(screen: Console, told: str) -> None:
    screen.print()
    screen.print(Folded(Text(told, style="dim")))


def _told(predictions: Predictions) -> dict[str, object]:
    return {
        "pairs": len(predictions.pairs),
        "needs": len({need for need, _ in predictions.pairs}),
        "origin": predictions.origin,
    }
