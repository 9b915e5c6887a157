"""A hand-out as a Word document: what is proposed to one company, or to one university."""

from collections.abc import Sequence
from dataclasses import dataclass
from io import BytesIO
from typing import Any

FONT = "Microsoft YaHei"
GREEN = (0x0F, 0x76, 0x6E)


@dataclass(frozen=True, slots=True, kw_only=True)
class Proposal:
    """One match on paper: the other side's title and owner, what speaks for it.  `lines` are
    (label, text)."""

    title: str
    owner: str
    grade: str
    lines: Sequence[tuple[str, str]]


@dataclass(frozen=True, slots=True, kw_only=True)
class Section:
    """What is proposed for one need (or patent) of the reader's; `nothing` is said where that is
    none."""

    title: str
    about: str
    proposals: Sequence[Proposal]
    nothing: str = ""


def paper(title: str, subtitle: str, sections: Sequence[Section], foot: str) -> bytes:
    """A DOCX of A4 pages; the same input gives the same text."""
    from docx import Document
    from docx.enum.text import WD_ALIGN_PARAGRAPH
    from docx.shared import Cm, Pt

    document = Document()
    page = document.sections[0]
    page.page_width, page.page_height = Cm(21), Cm(29.7)
    page.left_margin = page.right_margin = Cm(2.2)
    page.top_margin = page.bottom_margin = Cm(2)
    _fonts(document, Pt(10.5))
    heading = document.add_paragraph()
    heading.alignment = WD_ALIGN_PARAGRAPH.CENTER
    run = heading.add_run(title)
    run.bold, run.font.size = True, Pt(18)
    line = document.add_paragraph(subtitle)
    line.alignment = WD_ALIGN_PARAGRAPH.CENTER
    for number, section in enumerate(sections, 1):
        _section(document, number, section)
    document.add_paragraph()
    document.add_paragraph(foot).runs[0].font.size = Pt(9)
    held = BytesIO()
    document.save(held)
    return held.getvalue()


def _section(document: Any, number: int, section: Section) -> None:
    from docx.shared import RGBColor

    document.add_heading(f"{number}. {section.title}", 1)
    if section.about:
        document.add_paragraph(section.about)
    if not section.proposals:
        document.add_paragraph(section.nothing)
    for one in section.proposals:
        document.add_heading(one.title, 2)
        told = document.add_paragraph()
        mark = told.add_run(one.grade)
        mark.bold, mark.font.color.rgb = True, RGBColor(*GREEN)
        told.add_run(f"  {one.owner}")
        for label, text in one.lines:
            row = document.add_paragraph(style="List Bullet")
            row.add_run(f"{label}:").bold = True
            row.add_run(text)


def _fonts(document: Any, size: Any) -> None:
    """One font for Latin and Chinese characters, in headings too."""
    from docx.oxml.ns import qn
    from docx.shared import RGBColor

    for name in ("Normal", "Heading 1", "Heading 2", "List Bullet"):
        style = document.styles[name]
        style.font.name = FONT
        fonts = style.element.get_or_add_rPr().get_or_add_rFonts()
        for place in ("w:eastAsia", "w:ascii", "w:hAnsi"):
            fonts.set(qn(place), FONT)
        for place in ("w:asciiTheme", "w:eastAsiaTheme", "w:hAnsiTheme", "w:cstheme"):
            fonts.attrib.pop(qn(place), None)
        if name.startswith("Heading"):
            style.font.color.rgb = RGBColor(0x1F, 0x23, 0x28)
    document.styles["Normal"].font.size = size
