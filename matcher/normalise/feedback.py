"""`Row` → `Feedback | Rejection`, and what an answer teaches."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import assert_never

from matcher.normalise.cells import Notes, cleaned, is_blank, tidy
from matcher.normalise.dates import date_of, in_range
from matcher.normalise.grades import grade_of, is_unsaid, quoted, refusal_of, reply_of
from matcher.normalise.pairing import Known, need_in, patent_in
from matcher.records import (
    Feedback,
    Grade,
    Problem,
    RefusalCode,
    Rejection,
    Reply,
    Row,
)

_TEXTS = ("prospect", "improvement", "willingness", "note")
_DATE_ADVICE = "请写成 2026-11-20 这样的形式后再导入,或留空"
_NO_ANSWER = Problem(
    "no_answer", "", "", "写了意见,却没有评分、答复或拒绝原因",
    "请补上评分(1–4)、答复(愿意对接或暂不)或拒绝原因后再导入",
)  # fmt: skip
_CONTRADICTION = Problem(
    "contradiction", "", "", "答复是愿意对接,却又写了拒绝原因",
    "请改正答复,或把这句话移到备注后再导入",
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class _Said:
    """What a row answers; `words` of the refusal when they are more than its code."""

    grade: Grade | None
    reply: Reply | None
    refusal: RefusalCode | None
    words: str

    @property
    def nothing(self) -> bool:
        return self.grade is None and self.reply is None and self.refusal is None


def feedback_of(row: Row, known: Known, *, today: date) -> Feedback | Rejection | None:
    """Read one row of a list of answers; None when nobody has answered in it yet.

    Refused for: a grade, reply or date that cannot be read, a date after `today`, remarks without
    any answer, a need or patent that is not there, not named, or not just one."""
    fields = cleaned(row.fields)
    notes = Notes(row)
    said = _said(fields, notes)
    texts = {name: _text(fields, name) for name in _TEXTS}
    if said.nothing and not notes.problems:
        if not any(texts.values()):
            return None
        notes.refuse("note", _NO_ANSWER)
    at = _day(fields.get("at", ""), notes, today)
    need, patent = need_in(fields, known, notes), patent_in(fields, known, notes)
    if notes.problems:
        return notes.rejection()
    return Feedback(
        need_id=need,
        patent_id=patent,
        by=_text(fields, "by"),
        at=at,
        grade=said.grade,
        reply=said.reply,
        refusal_code=said.refusal,
        prospect=texts["prospect"],
        improvement=texts["improvement"],
        willingness=texts["willingness"],
        note=";".join(filter(None, (said.words, texts["note"]))),
        source=row.source,
    )


def training_grade(feedback: Feedback) -> Grade | None:
    """What an answer says of the relevance of its match; None when it says nothing of it.

    ======================  =====  ==========================================================
    answer                  grade  because
    ======================  =====  ==========================================================
    a grade                 it     it is the very question, whatever was decided then
    愿意对接                4      whoever has the need gives time for a meeting: nobody
                                   knows better that the patent answers it
    方向不符                1      the one refusal that is about relevance, and denies it
    价格或许可方式不合      None   said of the terms; people haggle over what fits
    已有替代                None   the need is met elsewhere; the patent may fit as well
    技术太早期              None   said of readiness; the direction may be right
    商业路径不明            None   said of the business around the technology
    相对现有技术优势不明    None   comparable with what they use, so not far off, but whether
                                   close to the need was not said
    描述不清                None   not understood, so not judged
    其他                    None   unknown
    暂不, without a reason  None   may be any of the above
    ======================  =====  ==========================================================

    A company that has refused is thus never taught to the ranker as "irrelevant" unless it said
    so: a patent too dear today would vanish from lists of people who could pay."""
    if feedback.grade is not None:
        return feedback.grade
    match feedback.refusal_code:
        case "方向不符":
            return 1
        case (
            "价格或许可方式不合" | "已有替代" | "技术太早期" | "商业路径不明"
            | "相对现有技术优势不明" | "描述不清" | "其他"
        ):  # fmt: skip
            return None
        case None:
            return 4 if feedback.reply == "愿意对接" else None
    assert_never(feedback.refusal_code)


def _said(fields: Mapping[str, str], notes: Notes) -> _Said:
    grade = reply = None
    if not is_unsaid(text := fields.get("grade", "")):
        found = grade_of(text)
        if isinstance(found, Problem):
            notes.refuse("grade", found)
        else:
            grade = found
    if not is_unsaid(text := fields.get("reply", "")):
        answer = reply_of(text)
        if isinstance(answer, Problem):
            notes.refuse("reply", answer)
        else:
            reply = answer
    text = _text(fields, "refusal_code")
    refusal = refusal_of(text)
    if refusal and reply == "愿意对接":
        notes.refuse("refusal_code", _CONTRADICTION)
    return _Said(grade, reply, refusal, text if refusal and text != refusal else "")


def _text(fields: Mapping[str, str], name: str) -> str:
    text = fields.get(name, "")
    return "" if is_blank(text) else tidy(text)


def _day(text: str, notes: Notes, today: date) -> date | None:
    if is_blank(text):
        return None
    found = date_of(text)
    if isinstance(found, Problem):
        reason = f"日期{quoted(text)}认不出来"
    elif not in_range(found, latest=today):
        reason = f"日期{quoted(text)}不可能" + ("(在今天以后)" if found > today else "")
    else:
        return found
    notes.refuse("at", Problem("bad_date", "", "", reason, _DATE_ADVICE))
    return None
