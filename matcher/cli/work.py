"""The commands that work on a home: match, batch, rebuild."""

from collections.abc import Mapping
from pathlib import Path
from typing import Any

from matcher.cli.cards import need_lines, patent_lines, show_answer
from matcher.cli.drawings import draw, drawable, told
from matcher.cli.fold import Folded
from matcher.cli.plain import print_json
from matcher.cli.progress import bars
from matcher.cli.shell import say
from matcher.cli.style import console
from matcher.engine import Matcher
from matcher.errors import BadInput
from matcher.explain.drawing import Drawing
from matcher.export.write import KINDS, Summary
from matcher.library import Progress
from matcher.matches import Answer, Match
from matcher.records import Filter
from matcher.reference.wanted import filter_from

Asked = tuple[str | None, str | None, str | None, bool]


def find(
    asked: Asked,
    k: int,
    wanted: Filter,
    how: tuple[bool, Path | None],
    frame: tuple[Path | None, bool],
) -> None:
    """Match a text, a need or a patent; `how` is whether to explain and where to draw."""
    (explain, picture), (home, as_json) = how, frame
    text, need, patent, for_needs = asked
    if sum(value is not None for value in (text, need, patent)) != 1:
        raise BadInput("请给出一段文字,或 --need 编号,或 --patent 专利号,三者选一。")
    if for_needs and text is None:
        raise BadInput("--needs 只和文字同用。为一件专利找需求,写 --patent 专利号 即可。")
    if picture is not None:
        drawable(picture)
    found_needs = patent is not None or for_needs
    with Matcher.open(home) as matcher:
        with bars(as_json) as progress:
            refresh(matcher, progress, as_json)
            answer = _answer(matcher, asked, k, wanted)
        names = _names(matcher, answer, found_needs)
        asker = _asker(matcher, asked)

    def name(match: Match) -> tuple[str, str]:
        return names[match.need_id if found_needs else match.patent_id]

    def drawing(match: Match) -> Drawing:
        titles = (name(match)[0], asker) if found_needs else (asker, name(match)[0])
        return Drawing(match.explain(), *titles)

    written = draw(picture, [drawing(match) for match in answer.matches]) if picture else []
    if as_json:
        print_json(answer)
        return
    screen = console()
    show_answer(
        answer,
        screen,
        name,
        noun="需求" if found_needs else "专利",
        explain=explain,
    )
    if picture is not None:
        screen.print(Folded(told(written)))


def _asker(matcher: Matcher, asked: Asked) -> str:
    """The title of what asks, or what was typed."""
    text, need, patent, _ = asked
    if need is not None:
        return matcher.store.needs([need])[0].title
    if patent is not None:
        return matcher.store.patents([matcher.patent_id(patent)])[0].title
    return text or ""


def _answer(matcher: Matcher, asked: Asked, k: int, wanted: Filter) -> Answer:
    text, need, patent, for_needs = asked
    if need is not None:
        return matcher.match_need(need, k=k, filter=wanted)
    if patent is not None:
        return matcher.match_patent(patent, k=k, filter=wanted)
    if for_needs:
        return matcher.match(text or "", k=k, filter=wanted, side="needs")
    return matcher.match(text or "", k=k, filter=wanted)


def run_batch(
    out: Path, k: int, filters: tuple[Filter, Mapping[str, Any]], home: Path | None, as_json: bool
) -> None:
    """Match every chosen need and write one file."""
    wanted, needs = filters[0], filter_from(filters[1])
    if out.suffix.lower() not in KINDS:
        raise BadInput(
            f"不认识导出格式“{out.suffix or out.name}”。请用 {'、'.join(KINDS)} 之一作扩展名。"
        )
    if not out.parent.is_dir():
        raise BadInput(f"文件夹 {out.parent} 不存在。请先建好,或换一个位置。")
    with Matcher.open(home) as matcher, bars(as_json) as progress:
        refresh(matcher, progress, as_json)
        summary = matcher.export(out, k=k, filter=wanted, needs=needs, progress=progress)
    if as_json:
        print_json({"file": str(out), "summary": summary})
        return
    console().print(Folded(_told(out, summary, chosen=needs != Filter())))


def _told(out: Path, summary: Summary, *, chosen: bool) -> str:
    if not summary.needs:
        why = "没有符合 --need-… 条件的需求" if chosen else "库中还没有需求"
        return f"已写好 {out},但{why},里面没有匹配。"
    told = f"已写好 {out}:{summary.needs} 条需求,{summary.matches} 项匹配。"
    if summary.unmatched:
        told += f"有 {summary.unmatched} 条需求一项也没有,请放宽筛选条件或导入更多专利。"
    return told


def rebuild_index(home: Path | None, as_json: bool) -> None:
    """Build the derived data again from the store."""
    with Matcher.open(home) as matcher, bars(as_json) as progress:
        encoded = matcher.refresh(rebuild=True, progress=progress)
    if as_json:
        print_json({"encoded": encoded})
    else:
        console().print(f"索引已重建,新编码文本 {encoded} 段。")


def refresh(matcher: Matcher, progress: Progress, as_json: bool) -> int:
    """Bring the index up to the data and say so when that was needed; texts newly encoded."""
    stages: set[str] = set()

    def watched(stage: str, done: int, total: int) -> None:
        stages.add(stage)
        progress(stage, done, total)

    encoded = matcher.refresh(progress=watched)
    if stages and not as_json:
        say(f"数据或设置有变动,已先更新索引(新编码文本 {encoded} 段)。")
    return encoded


def _names(matcher: Matcher, answer: Answer, found_needs: bool) -> dict[str, tuple[str, str]]:
    if found_needs:
        needs = matcher.store.needs([match.need_id for match in answer.matches])
        return {need.id: need_lines(need) for need in needs}
    patents = matcher.store.patents([match.patent_id for match in answer.matches])
    return {patent.id: patent_lines(patent) for patent in patents}
