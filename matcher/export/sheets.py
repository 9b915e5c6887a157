"""The three tables of the workbook: matches by need, patents, needs without a match."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from xlsxwriter.format import Format
from xlsxwriter.worksheet import Worksheet

from matcher.errors import BadInput
from matcher.export.paper import (
    LINK_LIMIT,
    ROW_LIMIT,
    Fragment,
    Styles,
    clip,
    header,
    height,
    page,
    put,
    put_link,
    put_rich,
)
from matcher.export.release import Shown
from matcher.export.rows import (
    PATENT_COLUMNS,
    check_texts,
    need_row,
    part_points,
    patent_row,
    pieces,
    price,
    region_name,
    risk_texts,
    signed,
)
from matcher.export.unmatched import Verdict
from matcher.matches import Evidence, Match
from matcher.records import Need, Patent
from matcher.text import chances
from matcher.text.labels import ASPECTS, GRADES, MARKS

MATCH_HEADS = (
    ("序号", 5.0), ("名次", 5.0), ("推荐等级", 11.0), ("得分项", 18.0), ("专利名称", 26.0),
    ("专利编号", 18.0), ("申请人", 15.0), ("类型与状态", 12.0), ("转化条件", 14.0),
    ("专利中的依据", 46.0), ("指标核对", 24.0), ("未涉及", 13.0), ("风险提示", 10.0),
    ("需求编号", 18.0),
)  # fmt: skip
TITLE_SHOWN, PROBLEM_SHOWN, SENTENCE_SHOWN = 200, 100, 160
PATENT_WIDTHS = {
    "patent_id": 20.0, "title": 34.0, "publication_numbers": 18.0, "application_number": 20.0,
    "applicants": 24.0, "owners": 20.0, "inventors": 18.0, "ipc": 20.0, "industries": 30.0,
    "region": 16.0, "park": 16.0, "price": 16.0, "scene": 30.0, "payment": 16.0, "flags": 20.0,
}  # fmt: skip
LOOSE_HEADS = (
    ("需求编号", 20.0), ("需求名称", 34.0), ("企业", 22.0), ("园区", 18.0), ("地区", 18.0),
    ("行业", 24.0), ("最大可能性", 9.0), ("原因", 40.0), ("建议", 40.0),
)  # fmt: skip


Told = tuple[int, str]


@dataclass(frozen=True, slots=True)
class Asked:
    """A patent with how many needs it answers and its best chance among them."""

    patent: Patent
    needs: int
    best: float


def write_matches(
    sheet: Worksheet, ink: Styles, answers: Sequence[Shown], places: Mapping[str, int]
) -> None:
    """Each need as a band of two lines, its patents below; `places` are rows of `专利` by id.

    The number of the need stands in every row, so that the filter can pick one need whole, and
    its id behind what is printed, so that answers written into the sheet can be imported.

    :raises BadInput: more rows than a sheet has."""
    page(sheet)
    header(sheet, MATCH_HEADS, ink.head)
    sheet.outline_settings(True, False, True, False)
    row, links = 1, 0
    for number, shown in enumerate(answers, start=1):
        matches = shown.answer.matches
        if not matches:
            continue
        if row + 2 + len(matches) > ROW_LIMIT:
            raise BadInput(
                "匹配结果超过了一张 Excel 表能放的行数(1,048,576)。请改用 .csv 或 .parquet,"
                "或减少每条需求的专利数。"
            )
        row = _band(sheet, ink, row, (number, shown.need))
        for match in matches:
            patent = shown.patents[match.patent_id]
            target = f"'专利'!A{places[patent.id] + 1}" if links < LINK_LIMIT else ""
            links += 1
            put(sheet, (row, 0), number, ink.faint)
            put(sheet, (row, len(MATCH_HEADS) - 1), shown.need.id, ink.body)
            texts = [*_line(sheet, ink, row, match), *_about(sheet, ink, row, (patent, target))]
            tall = height((text, MATCH_HEADS[column][1]) for column, text in texts)
            sheet.set_row(row, tall, None, {"level": 1})
            row += 1
    last = max(row - 1, 1)
    sheet.autofilter(0, 0, last, len(MATCH_HEADS) - 1)
    sheet.print_area(0, 0, last, len(MATCH_HEADS) - 2)


def _band(sheet: Worksheet, ink: Styles, row: int, asked: tuple[int, Need]) -> int:
    """The two heading lines of a need; the row after them."""
    number, need = asked
    for line in (row, row + 1):
        for column in range(len(MATCH_HEADS)):
            sheet.write_blank(line, column, None, ink.band)
        put(sheet, (line, 0), number, ink.band_number if line == row else ink.band_faint)
    where = " · ".join(text for text in (need.company, need.park, region_name(need.region)) if text)
    title: list[Fragment] = [(one_line(need.title, TITLE_SHOWN), ink.strong)]
    if where:
        title.append((f"    {one_line(where, TITLE_SHOWN)}", ink.soft))
    put_rich(sheet, (row, 1), title, ink.band)
    told = need.main_problem or need.content or need.key_technology or need.expected_goal
    problem: list[Fragment] = [("主要问题  " if need.main_problem else "需求内容  ", ink.label)]
    problem.append((one_line(told, PROBLEM_SHOWN) if told else "(未填写)", ink.soft))
    if need.level != "公开":
        problem = [(f"本需求密级为「{need.level}」,只列名称。", ink.soft)]
    put_rich(sheet, (row + 1, 1), problem, ink.band)
    sheet.set_row(row, 21)
    sheet.set_row(row + 1, 18)
    return row + 2


def _line(sheet: Worksheet, ink: Styles, row: int, match: Match) -> list[Told]:
    """Write what is said of the match itself; its texts by column."""
    points, told = part_points(match.parts).items(), chances.told(match.chance)
    proof = _proof(match.evidence, ink)
    put(sheet, (row, 1), match.rank, ink.count)
    put(sheet, (row, 2), f"{MARKS[match.grade]}\n{GRADES[match.grade]}\n{told}", ink.body)
    put_rich(sheet, (row, 9), proof, ink.body)
    texts = [
        (
            3,
            "\n".join(
                f"{label} {signed(value)}" for label, value in points if signed(value) != "0.0"
            ),
            ink.body,
        ),
        (10, "\n".join(check_texts(match.checks)), ink.body),
        (11, "、".join(match.missing), ink.body),
        (12, "\n".join(risk_texts(match.risks)), ink.alert),
    ]
    return [(9, "".join(text for text, _ in proof)), *_texts(sheet, row, texts)]


def _about(sheet: Worksheet, ink: Styles, row: int, about: tuple[Patent, str]) -> list[Told]:
    """Write what is said of the patent; its texts by column.  The number leads to the patent's
    row in `专利`: a title would do so too, but LibreOffice shows linked texts on one line."""
    patent, target = about
    if target:
        put_link(sheet, (row, 5), (patent.id, target), ink.link)
    else:
        put(sheet, (row, 5), patent.id, ink.body)
    status = " · ".join(text for text in (patent.kind, patent.legal_status) if text)
    until = f"至 {patent.expiry_date:%Y-%m-%d}" if patent.expiry_date else ""
    texts = [
        (4, one_line(patent.title, TITLE_SHOWN), ink.body),
        (6, "\n".join(party.name for party in patent.applicants), ink.body),
        (7, "\n".join(text for text in (status, until) if text), ink.body),
        (8, _terms(patent), ink.body),
    ]
    return _texts(sheet, row, texts)


def _texts(sheet: Worksheet, row: int, texts: Sequence[tuple[int, str, Format]]) -> list[Told]:
    for column, text, style in texts:
        put(sheet, (row, column), text, style)
    return [(column, text) for column, text, _ in texts]


def _terms(patent: Patent) -> str:
    terms = patent.terms
    lines = (
        f"成熟度 TRL {terms.trl}" if terms.trl is not None else "",
        "、".join((*terms.transfer_modes, *terms.licence_modes)),
        price(patent),
        "可先使用后付费" if terms.pay_later else "",
    )
    return "\n".join(line for line in lines if line)


def _proof(evidence: Sequence[Evidence], ink: Styles) -> list[Fragment]:
    """Each sentence once, led by all the aspects it answers, with the marks of all of them."""
    sentences: dict[tuple[str, int, int], list[Evidence]] = {}
    for proof in evidence:
        sentences.setdefault((proof.field, proof.start, proof.end), []).append(proof)
    fragments: list[Fragment] = []
    for same in sentences.values():
        lead = "\n" if fragments else ""
        aspects = "、".join(dict.fromkeys(ASPECTS[proof.aspect] for proof in same))
        fragments.append((f"{lead}{aspects}  ", ink.label))
        sentence, marks = window(same[0].sentence, [mark for one in same for mark in one.marks])
        for text, shared in pieces(sentence, marks):
            fragments.append((text, ink.mark if shared else ink.run))
    return fragments


def window(
    sentence: str, marks: Sequence[tuple[int, int]], size: int = SENTENCE_SHOWN
) -> tuple[str, list[tuple[int, int]]]:
    """About `size` characters of a long sentence, from shortly before its first mark, with 「…」
    where it was cut, and the marks moved along."""
    if len(sentence) <= size:
        return sentence, list(marks)
    first = min((start for start, _ in marks), default=0)
    start = max(0, min(first - size // 5, len(sentence) - size))
    end = start + size
    lead, tail = ("…" if start else ""), ("…" if end < len(sentence) else "")
    shift = len(lead) - start
    moved = [
        (max(low, start) + shift, min(high, end) + shift)
        for low, high in marks
        if low < end and high > start
    ]
    return lead + sentence[start:end] + tail, moved


def one_line(text: str, size: int) -> str:
    """At most `size` characters of the text on one line."""
    return clip(" ".join(text.split()), size)


def write_patents(sheet: Worksheet, ink: Styles, asked: Sequence[Asked]) -> None:
    """One row a patent in the order given, all its fields, first how many needs it answers; the
    abstract last, on the screen only."""
    page(sheet, wide=2)
    columns = [(column.label, PATENT_WIDTHS.get(column.name, 11.0)) for column in PATENT_COLUMNS]
    columns[2:2] = [("回答需求数", 8.0), ("最大可能性", 8.0)]
    header(sheet, [*columns, ("摘要", 90.0)], ink.head)
    sheet.freeze_panes(1, 2)
    sheet.repeat_columns(0, 1)
    by_kind = {"text": ink.body, "truth": ink.faint, "date": ink.date, "count": ink.count,
               "number": ink.count}  # fmt: skip
    for row, item in enumerate(asked, start=1):
        told = patent_row(item.patent)
        values = [(told[column.name], by_kind[column.kind]) for column in PATENT_COLUMNS]
        values[2:2] = [(item.needs, ink.count), (chances.per_cent(item.best), ink.count)]
        for column, (value, style) in enumerate([*values, (item.patent.abstract, ink.body)]):
            put(sheet, (row, column), value, style)
        texts = (str(value) for value, _ in values)
        sized = zip(texts, (width for _, width in columns), strict=True)
        sheet.set_row(row, height([*sized, ("\n", 1.0)], most=8))
    last = max(len(asked), 1)
    sheet.autofilter(0, 0, last, len(columns))
    sheet.print_area(0, 0, last, len(columns) - 1)


def write_unmatched(sheet: Worksheet, ink: Styles, needs: Sequence[tuple[Need, Verdict]]) -> None:
    """One row a need with why nothing (good) was found and what to do."""
    page(sheet)
    header(sheet, LOOSE_HEADS, ink.head)
    if not needs:
        put(sheet, (1, 0), "所有需求都找到了专利。", ink.soft)
    for row, (need, told) in enumerate(needs, start=1):
        texts = list(need_row(need).values())
        best = None if told.best is None else chances.per_cent(told.best)
        for column, value in enumerate([*texts, best, told.reason, told.advice]):
            put(sheet, (row, column), value, ink.points if column == 6 else ink.body)
        shown = [str(value) for value in (*texts, "", told.reason, told.advice)]
        widths = [width for _, width in LOOSE_HEADS]
        sheet.set_row(row, height(zip(shown, widths, strict=True)))
    sheet.autofilter(0, 0, max(len(needs), 1), len(LOOSE_HEADS) - 1)
