"""The sections a company marks in the text of its need: problem, key technology, goal."""

import re
from dataclasses import dataclass
from typing import Literal

Section = Literal["main_problem", "key_technology", "expected_goal", "other"]

_HEADING = re.compile(
    r"^[ \t\u3000\"“]*(?:[（(]?[一二三四五六七八九十\d]{1,2}[)）、.．:：]+[ \t]*|[①-⑩][ \t]*)?"
    r"(?P<name>[^\n：:。，；,;、（）()\d]{2,16}?)[ \t]*(?:[（(][^（）()\n]{0,20}[)）])?"
    r"[ \t]*(?:[：:]|$)",
    re.MULTILINE,
)
# Unmistakable headings count inside a line too.
_INLINE = re.compile(
    r"(?<=[。；;！!])\s*(?P<name>预期目标|现有工作基础|现有基础|工作基础|需求内容|技术指标|技术难题)[：:]"
)
# In this order; the first that fits the whole heading names the section.  需求内容及预期目标 under
# one heading stays a statement of the problem.
_NAMES: tuple[tuple[re.Pattern[str], Section], ...] = (
    (re.compile(r".*难题.{1,2}预算"), "main_problem"),
    (
        re.compile(
            r".*(?:基础(?:条件)?|背景|预算|简介|合作单位|合作.{0,3}方式|创新点|研究进展|联系方式)"
        ),
        "other",
    ),
    (re.compile(r".*内容及.*目标.*|.*需求及.*目标.*"), "main_problem"),
    (re.compile(r".*(?:目标|目的|预期效果|预期成果|经济指标)"), "expected_goal"),
    (
        re.compile(
            r".*(?:技术指标|性能指标|主要指标|关键指标|指标要求|技术参数|质量要求|技术要求|关键技术|技术关键)"
            r"|(?:.*研究|.*研发的?)内容"
        ),
        "key_technology",
    ),
    (
        re.compile(
            r".*(?:主要问题|技术问题|存在的?问题|难题|需求内容|需求描述|需求说明|项目内容|主要内容|项目需求"
            r"|技术需求|现状)|问题|需求|内容|技术现状"
        ),
        "main_problem",
    ),
)


@dataclass(frozen=True, slots=True)
class Sections:
    """The text under each heading, joined by line ends; "" where there was no such heading."""

    main_problem: str = ""
    key_technology: str = ""
    expected_goal: str = ""


def sections_of(text: str) -> Sections:
    """Split a text at its headings (``需求内容：``, ``二、预期目标``, ``（一）技术研发的目标：``).

    A heading stands at the start of a line and ends with a colon or the line; a few also count
    behind a sentence.  Text before the first heading (see `lead_of`), and under headings of
    other matters (现有工作基础, 预算), is in no section."""
    found: dict[Section, list[str]] = {}
    heads = _heads(text)
    for at, (match, section) in enumerate(heads):
        end = heads[at + 1][0].start() if at + 1 < len(heads) else len(text)
        body = text[match.end() : end].strip(' \t\n\u3000"”：:')
        if body:
            found.setdefault(section, []).append(body)
    return Sections(
        main_problem="\n".join(found.get("main_problem", ())),
        key_technology="\n".join(found.get("key_technology", ())),
        expected_goal="\n".join(found.get("expected_goal", ())),
    )


def lead_of(text: str) -> str:
    """What stands before the first heading, the whole text if it has none, but for sentences
    that introduce the company, its former work or its budget; "" for a bare ``…如下：``."""
    heads = _heads(text)
    lead = text[: heads[0][0].start()] if heads else text
    told = "".join(one for one in _SENTENCES.findall(lead) if not _ASIDE.search(one))
    told = told.strip(' \t\n\u3000"“”')
    return "" if _ANNOUNCED.fullmatch(told) else told


_ANNOUNCED = re.compile(r"[^\n]*[：:]")
_SENTENCES = re.compile(r"[^。\n]*[。\n]+|[^。\n]+$")
_ASIDE = re.compile(
    r"(?:公司|集团|企业|本厂|我厂)[^，,。；;]{0,12}(?:成立于|成立以来|创建于|创立于|始建于|组建于|注册于|坐落|位于"
    r"|是一家|是专业|是集|主营|主要从事|专业从事|占地)"
    r"|注册资[本金]|占地面积|现有(?:员工|职工)|高新技术企业"
    r"|^[ \t\u3000]*(?:现有)?(?:工作)?基础|总投资|(?:经费|资金)预算|拟投入"
)


def _heads(text: str) -> list[tuple[re.Match[str], Section]]:
    """The headings in their order."""
    places = sorted((*_HEADING.finditer(text), *_INLINE.finditer(text)), key=_start)
    marks = [(match, _section(match["name"])) for match in places]
    return [(match, section) for match, section in marks if section is not None]


def _start(match: re.Match[str]) -> int:
    return match.start()


def _section(name: str) -> Section | None:
    bare = name.strip()
    return next((section for pattern, section in _NAMES if pattern.fullmatch(bare)), None)


_CLAUSE = re.compile(r"[。；;！!？?\n，,]")
_SHORTEST, _LONGEST = 6, 40


def title_from(text: str) -> str:
    """The first clause of a text as its title, without a heading, 40 characters at most."""
    match = _HEADING.match(text)
    if match is not None and _section(match["name"]) is not None and text[match.end() :].strip():
        text = text[match.end() :]
    bare = text.strip()
    for cut in _CLAUSE.finditer(bare):
        if cut.start() >= _SHORTEST:
            bare = bare[: cut.start()]
            break
    return " ".join(bare[:_LONGEST].split()).strip(" ，,。；;：:")
