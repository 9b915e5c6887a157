"""A short list as cards: what was found, why, and what to mind."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import Literal

from rich.console import Console
from rich.padding import Padding
from rich.table import Table
from rich.text import Text

from matcher.cli.fold import Folded
from matcher.cli.style import AMBER, GAP, TEAL, Rows
from matcher.explain.ladder import MARKS, Bar, per_cent
from matcher.explain.told import told
from matcher.matches import Answer, Check, Evidence, Match
from matcher.records import Need, Patent, TextField
from matcher.reference.regions import region
from matcher.text.labels import ASPECTS, CHECKS, FILTERS, GRADES, PARTS

Noun = Literal["专利", "需求"]
Named = tuple[str, str]
Steps = tuple[float, float, float]
Name = Callable[[Match], Named]
INDENT = 4
STEPS: Steps = (-2.85, 0.0, 1.55)
LEGEND = (
    "百分数是专家会评为较强或强相关的可能性,不是成交的可能性;加 --explain 可看它由哪些项相加而成。"
)
COMMAS = ",; \uff0c\uff1b"
UNITS: Mapping[Noun, str] = {"专利": "件", "需求": "条"}
EMPTY: Mapping[Noun, str] = {
    "专利": "请先导入清单:patmatch patents add 文件。",
    "需求": "请先导入需求:patmatch needs add 文件。",
}


def show_answer(
    answer: Answer,
    screen: Console,
    name: Name,
    *,
    noun: Noun,
    explain: bool = False,
    steps: Steps = STEPS,
) -> None:
    """Cards best first; `name` gives a match's title and second line, `noun` what was sought.
    What has no suitable match is said first; `steps` are where the grades begin."""
    if not answer.total:
        screen.print(Folded(f"库中还没有{noun}。{EMPTY[noun]}"))
        return
    screen.print(_opening(answer, noun))
    if answer.no_match and answer.matches:
        screen.print()
        screen.print(Folded(_doubt(answer.matches[0], noun)))
    for match in answer.matches:
        screen.print()
        _card(match, name(match), screen, steps=steps if explain else None)
    _show_filters(answer, screen)
    if answer.matches and not explain:
        screen.print()
        screen.print(Folded(Text(LEGEND, style="dim")))


def _opening(answer: Answer, noun: Noun) -> str:
    if not answer.matches:
        return f"没有找到合适的{noun}。"
    among = f" {answer.total} {UNITS[noun]}{noun}"
    if answer.passed != answer.total:
        among = f"符合筛选条件的 {answer.passed} {UNITS[noun]}{noun}"
    return f"从{among}中找出最接近的 {len(answer.matches)} 项:"


def _doubt(match: Match, noun: Noun) -> Text:
    told = (
        f"很可能没有合适的{noun}:最接近的一项,专家评为较强相关以上的可能性只有"
        f" {per_cent(match.score)},以下仅供参考。"
        f"把主要问题和技术指标写得更具体,或导入更多清单后再试。"
    )
    return Text(told, style=AMBER)


def _card(match: Match, named: Named, screen: Console, *, steps: Steps | None) -> None:
    title, line = named
    head = Table.grid(padding=(0, 2, 0, 0), expand=True)
    head.add_column(width=INDENT - 2, justify="right", no_wrap=True)
    head.add_column(ratio=1)
    head.add_column(no_wrap=True, justify="right")
    grade = match.grade
    score = Text.assemble(
        (f"{MARKS[grade - 1]} {GRADES[grade]}", f"bold {TEAL}"),
        (f" {per_cent(match.score)}", "dim"),
    )
    head.add_row(Text(str(match.rank), style="dim"), Folded(Text(title, style="bold")), score)
    screen.print(head)
    screen.print(Padding(Folded(Text(line, style="dim")), (0, 0, 0, INDENT), expand=False))
    screen.print(Rows(_reasons(match, explain=steps is not None), indent=INDENT))
    if steps is not None:
        screen.print(Padding(Text("\n".join(_waterfall(match, steps))), (1, 0, 0, INDENT)))


def _reasons(match: Match, *, explain: bool) -> Iterator[tuple[str, Text | str]]:
    for proof, aspects in _sentences(match.evidence):
        yield "、".join(ASPECTS[aspect] for aspect in aspects), _proof(proof)
    if told := _checks(match.checks, whole=explain):
        yield "指标", told
    if match.missing:
        yield "未提及", Text("、".join(match.missing))
    if match.risks:
        yield "注意", Text("".join(risk.note for risk in match.risks), style=AMBER)


def _checks(checks: Sequence[Check], *, whole: bool) -> Text | None:
    """The demanded figures with what the patent says to each; unless `whole`, only those it
    says something to."""
    told = Text()
    for check in checks:
        if check.verdict == "not_stated" and not whole:
            continue
        style = {"satisfied": TEAL, "not_satisfied": AMBER, "not_stated": "dim"}[check.verdict]
        told.append(GAP if told else "")
        told.append(f"{' '.join(check.demand.split())} ")
        told.append(CHECKS[check.verdict], style)
        told.append(f"「{' '.join(check.found.split())}」" if check.found else "", "dim")
    return told or None


def _sentences(evidence: Sequence[Evidence]) -> list[tuple[Evidence, list[TextField]]]:
    """Each sentence once, with all the aspects that it answers."""
    found: dict[tuple[str, int, int], tuple[Evidence, list[TextField]]] = {}
    for proof in evidence:
        key = (proof.field, proof.start, proof.end)
        found.setdefault(key, (proof, []))[1].append(proof.aspect)
    return list(found.values())


def _proof(proof: Evidence) -> Text:
    """The sentence with the shared terms set off."""
    field = ASPECTS[proof.field]
    told = proof.sentence.rstrip(COMMAS)
    text = Text.assemble((field, "dim"), f"「{told}」")
    for start, end in proof.marks:
        text.stylize(f"bold {TEAL}", len(field) + 1 + start, len(field) + 1 + end)
    return text


def _waterfall(match: Match, steps: Steps) -> list[str]:
    """From the start, part by part, to the grade."""
    start, *parts = match.parts
    bars = [Bar(PARTS[part.name], part.points) for part in parts]
    return told(bars, base=start.points, steps=steps)


def _show_filters(answer: Answer, screen: Console) -> None:
    if not answer.removals:
        return
    told = "、".join(f"{FILTERS[item.field]}去掉 {item.removed}" for item in answer.removals)
    screen.print()
    screen.print(Folded(Text(f"筛选后剩 {answer.passed}/{answer.total}:{told}。", style="dim")))
    if answer.relax:
        gain = next(item.blocked for item in answer.removals if item.field == answer.relax)
        label = FILTERS[answer.relax]
        more = f"可多看到 {gain} 项" if gain else "也许能看到更多"
        screen.print(f"所剩不多。放宽“{label}”{more}。")


def patent_lines(patent: Patent) -> Named:
    """Title, and owner · kind · status · end · number in one line."""
    parts = [
        "、".join(party.name for party in patent.owners or patent.applicants),
        patent.kind or "",
        patent.legal_status if patent.legal_status != "未知" else "状态未知",
        f"至 {patent.expiry_date:%Y-%m}" if patent.expiry_date else "",
        f"TRL {patent.terms.trl}" if patent.terms.trl else "",
        "、".join(patent.terms.licence_modes),
        patent.id,
    ]
    return patent.title, " · ".join(part for part in parts if part)


def need_lines(need: Need) -> Named:
    """Title, and company · park · budget · number in one line."""
    parts = [need.company, need.park or "", place(need.region), need.budget_text, need.id]
    return need.title, " · ".join(part for part in parts if part)


def place(code: str | None) -> str:
    """The full name of a region code, or nothing."""
    found = region(code) if code else None
    return found.full_name if found else ""
