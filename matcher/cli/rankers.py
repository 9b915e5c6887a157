"""The commands about rankers: train, list, restore."""

from pathlib import Path

from rich.text import Text

from matcher.cli.fold import Folded
from matcher.cli.plain import print_json
from matcher.cli.style import AMBER, TEAL, Rows, console
from matcher.engine import Matcher
from matcher.training import Reason, Trial

VERDICTS: dict[Reason, str] = {
    "better": "新的排序模型更好,已经启用;原来的已保存,可用 patmatch rank restore 换回。",
    "nothing_new": "这些评分现用的排序模型都学过了,没有新内容,未作改动。",
    "too_few": "新的评分太少(至少要 30 对、6 条需求),还看不出好坏,仍用原来的模型。",
    "unrelated": (
        "仍用原来的模型:这些评分与需求、专利的内容看不出关联,学了也排不出先后。"
        "请检查评分表是否错行、串列。"
    ),
    "reversed": (
        "仍用原来的模型:这些评分的先后与现用模型正好相反,很可能评分含义颠倒了"
        "(应为 4 强相关,1 无相关)。请核对后再试。"
    ),
    "not_better": "仍用原来的模型:新的在没见过的评分上没有明显更好。积累更多评分后可再试。",
}


def train_ranker(
    pairs: Path | None, needs: Path | None, seed: int, frame: tuple[Path | None, bool]
) -> None:
    """Learn from grades; say whether a new ranker took over, and why."""
    home, as_json = frame
    with Matcher.open(home) as matcher:
        trial = matcher.train(pairs, needs, seed=seed)
        name = matcher.rankers.in_force()
    if as_json:
        print_json({
            "replaced": trial.better, "reason": trial.reason, "in_force": name or "shipped",
            "pairs": trial.pairs, "needs": trial.needs, "known": trial.known,
            "agreement": trial.agreement, "score": trial.score,
        })  # fmt: skip
        return
    screen = console()
    screen.print(Rows(_figures(trial), style=""))
    screen.print()
    colour = TEAL if trial.better else AMBER
    screen.print(Folded(Text(VERDICTS[trial.reason], style=colour)))


def list_rankers(home: Path | None, as_json: bool) -> None:
    """The rankers of the home, and which one is in force."""
    with Matcher.open(home) as matcher:
        name, every = matcher.rankers.in_force(), matcher.rankers.kept()
    if as_json:
        print_json({"in_force": name or "shipped", "kept": every})
        return
    rows = [("正在用" if not name else "", "随软件提供的模型")]
    rows += [("正在用" if one == name else "", one) for one in every]
    console().print(Rows(rows, style=TEAL, merge=False))


def restore(name: str, home: Path | None, as_json: bool) -> None:
    """Put a kept ranker, or the shipped one, in force."""
    with Matcher.open(home) as matcher:
        matcher.restore_ranker(name)
    if as_json:
        print_json({"in_force": name or "shipped"})
        return
    console().print(f"已启用{f'排序模型 {name}' if name else '随软件提供的排序模型'}。")


def _figures(trial: Trial) -> list[tuple[str, str]]:
    rows = [("新的评分", f"{trial.pairs} 对,{trial.needs} 条需求")]
    if trial.known:
        rows.append(("已经学过", f"{trial.known} 对"))
    if trial.agreement is not None:
        value, low, high = trial.agreement
        told = f"{value:.0%}({low:.0%}–{high:.0%});瞎猜是 50%"
        rows.append(("先后排对", told))
    if trial.score is not None and trial.score.a is not None and trial.score.b is not None:
        p = "—" if trial.score.p is None else f"{trial.score.p:.3f}"
        rows.append(("得分", f"新 {trial.score.a:.4f},原 {trial.score.b:.4f}(p = {p})"))
    return rows
