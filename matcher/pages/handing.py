"""A batch on paper: a Word document for each company and each university, and a table of all."""

from collections.abc import Iterator
from io import BytesIO
from zipfile import ZIP_DEFLATED, ZipFile

from matcher.errors import UnknownId
from matcher.export.word import Proposal, Section, paper
from matcher.pages.cards import Card, card
from matcher.pages.forms import by_pinyin
from matcher.pages.frame import Visit
from matcher.web.batches import Batch, Found
from matcher.web.figures import china_time
from matcher.web.records import visible
from matcher.web.shapes import MatchOut
from matcher.web.told import record_told
from matcher.web.uploads import plain_name

FOOT = (
    "等级和可能性由程序按专家评过的样本推算,供参考,不代替实地了解。"
    "联系方式在双方都答复愿意对接后由平台告知。"
)
NOTHING = "目前没有找到合适的专利。需求会继续留在平台上,来了新的合适专利会告知。"


def packed(visit: Visit, batch: Batch) -> bytes:
    """A ZIP of documents, by company and by university."""
    day = china_time(visit.desk.now).strftime("%Y年%m月%d日")
    organiser = visit.caller.organisation.name if visit.caller.organisation else ""
    line = f"{organiser} · {day}"
    held = BytesIO()
    with ZipFile(held, "w", ZIP_DEFLATED) as archive:
        companies, universities = _sides(visit, batch)
        for name, sections in by_pinyin(companies):
            made = paper(f"{name}:推荐专利", line, sections, FOOT)
            archive.writestr(f"企业/{plain_name(name + '.docx')}", made)
        for name, sections in by_pinyin(universities):
            made = paper(f"{name}:有需求的企业", line, sections, FOOT)
            archive.writestr(f"高校/{plain_name(name + '.docx')}", made)
    return held.getvalue()


def rows(visit: Visit, batch: Batch) -> Iterator[tuple[str, ...]]:
    """The table: a line for each match that was kept, and for each need without any."""
    for one in batch.found:
        kept = list(fresh(visit, batch, one))
        for shown, match in kept:
            yield (one.company, one.title, shown.word, shown.chance, shown.title, shown.owner,
                   shown.facts, shown.terms, one.need_id, match.patent_id)  # fmt: skip
        if not kept:
            yield (one.company, one.title, "没有合适的", "", "", "", "", "", one.need_id, "")


HEAD = ("企业", "需求", "等级", "可能性", "专利", "申请人", "类型与状态", "转化信息", "需求编号",
        "专利编号")  # fmt: skip


def fresh(visit: Visit, batch: Batch, one: Found) -> Iterator[tuple[Card, MatchOut]]:
    """The kept matches of a need whose patent the caller may still see, as it is now."""
    for match in batch.kept(one):
        try:
            told = record_told(visit.caller, *visible(visit.desk, visit.caller, "patents",
                                                      match.patent_id))  # fmt: skip
        except UnknownId:
            continue
        yield card(match.model_copy(update={"patent": told}), ""), match


def _sides(visit: Visit, batch: Batch) -> tuple[dict[str, list[Section]], dict[str, list[Section]]]:
    companies: dict[str, list[Section]] = {}
    offered: dict[str, dict[str, list[Proposal]]] = {}
    for one in batch.found:
        proposals = []
        for shown, _ in fresh(visit, batch, one):
            grade = f"{shown.marks} {shown.word} {shown.chance}"
            proposals.append(Proposal(
                title=shown.title, owner=f"{shown.owner} · {shown.facts}", grade=grade,
                lines=tuple(_lines(shown)),
            ))  # fmt: skip
            asking = Proposal(title=one.title, owner=one.company, grade=grade,
                              lines=tuple(_lines(shown)))  # fmt: skip
            university = shown.owner.split(" · ")[0]
            offered.setdefault(university, {}).setdefault(shown.title, []).append(asking)
        section = Section(title=one.title, about="", proposals=proposals, nothing=NOTHING)
        companies.setdefault(one.company or "未写企业", []).append(section)
    universities = {
        name: [Section(title=title, about="以下企业的需求可能用得上这件专利。", proposals=asked)
               for title, asked in patents.items()]
        for name, patents in offered.items()
    }  # fmt: skip
    return companies, universities


def _lines(shown: Card) -> Iterator[tuple[str, str]]:
    for aspects, pieces in shown.proofs:
        yield f"回答了{aspects}", "".join(text for text, _ in pieces)
    if shown.checks:
        yield "指标", ";".join(f"{demand} {verdict}" for demand, verdict in shown.checks)
    if shown.missing:
        yield "未提及", shown.missing
    if shown.terms:
        yield "转化信息", shown.terms
    if shown.risks:
        yield "注意", ";".join(f"{word}({note})" if note else word for word, note in shown.risks)
