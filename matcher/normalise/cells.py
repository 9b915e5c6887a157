"""What every reader of cells shares: tidying, blanks, and the notes taken while reading a row."""

import re
from collections.abc import Mapping
from unicodedata import normalize

from matcher.records import Flag, FlagCode, Problem, Rejection, Row

# What people write into a cell that has nothing to say.
_BLANK = frozenset(
    ("", "-", "--", "---", "—", "——", "–", "/", "//", "\\", ".", "无", "暂无", "没有", "未知",
     "不详", "空", "待定", "待补充", "N/A", "NA", "n/a", "na", "null", "NULL", "None", "none",
     "nan", "NaN", "#N/A", "#NULL!", "#REF!", "#VALUE!", "#NAME?", "NIL", "nil")
)  # fmt: skip
# Canonical field -> the name used in messages when the row does not tell its header.
_NAMES = {
    "title": "名称",
    "application_number": "申请号",
    "publication_number": "公开（公告）号",
    "grant_number": "授权公告号",
    "patent_number": "专利号",
    "application_date": "申请日",
    "publication_date": "公开（公告）日",
    "grant_date": "授权公告日",
    "expiry_date": "失效日",
    "level": "密级",
    "legal_status": "法律状态",
    "ipc": "分类号",
    "ipc_main": "主分类号",
    "kind": "专利类型",
    "credit_code": "统一社会信用代码",
    "industry": "国民经济行业",
    "trl": "技术成熟度",
    "licence_mode": "许可方式",
    "transfer_mode": "转化方式",
    "price": "许可费",
    "pay_later": "先使用后付费",
    "open_licence": "开放许可",
    "funded": "是否财政资助",
    "pledge_count": "质押次数",
    "transfer_count": "转让次数",
    "licence_count": "许可次数",
    "deadline": "需求时限",
    "budget": "拟投入资金",
    "modes": "合作方式",
    "need_id": "需求编号",
    "need_title": "需求名称",
    "patent_id": "专利编号",
    "patent_title": "专利名称",
    "grade": "评分",
    "reply": "答复",
    "refusal_code": "拒绝原因",
    "at": "日期",
    "note": "备注",
}


def plain(text: str) -> str:
    """Full-width letters, digits and punctuation made half-width (NFKC); Chinese stays."""
    return text if text.isascii() else normalize("NFKC", text)


def tidy(text: str) -> str:
    """One line: runs of white space become one space, ends stripped."""
    return " ".join(text.split()) if text else ""


def is_blank(text: str) -> bool:
    """Empty, or one of the marks for "nothing" (``-``, ``无``, ``N/A`` …)."""
    return text in _BLANK or text.isspace()


_CONTROL = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f\ud800-\udfff\ufeff\u200b-\u200f\u2060]")


def cleaned(fields: Mapping[str, str]) -> Mapping[str, str]:
    """The fields without control characters, zero-width marks and broken halves of characters,
    which no store can hold; the same object when there are none."""
    if "".join(fields.values()).isprintable():
        return fields
    return {name: _CONTROL.sub("", text) for name, text in fields.items()}


def header(row: Row, field: str) -> str:
    """The header a field was read from, else its usual name."""
    return row.headers.get(field) or _NAMES.get(field, field)


_KEEP = re.compile(r"\s*[;；|｜\n\r\t]+\s*")


def pieces(text: str) -> list[str]:
    """Split at the separators that are always safe (``; ； |`` and line ends), blanks left out."""
    return [piece for piece in _KEEP.split(text.strip()) if piece]


# The row of what is read once for all rows with the same cells.
NOWHERE = Row("", "", 0, {})


class Notes:
    """Flags and problems found while one row is read; nothing outlives the row."""

    __slots__ = ("flags", "problems", "row")

    def __init__(self, row: Row) -> None:
        self.row = row
        self.flags: list[Flag] = []
        self.problems: list[Problem] = []

    def flag(self, code: FlagCode, note: str) -> None:
        self.flags.append(Flag(code, note))

    def unread(self, field: str, value: str) -> None:
        """The value is kept raw or left out; the record is taken."""
        note = f"{header(self.row, field)}“{value}”未能识别"
        self.flags.append(Flag("unread_value", note))

    def refuse(self, field: str, problem: Problem) -> None:
        """The row cannot be taken; the problem gets the name of its column."""
        found = header(self.row, field)
        self.problems.append(
            Problem(problem.code, found, problem.value, problem.reason, problem.advice)
        )

    def sorted_flags(self) -> tuple[Flag, ...]:
        """Each flag once, by code and note."""
        if not self.flags:
            return ()
        return tuple(sorted(set(self.flags), key=lambda flag: (flag.code, flag.note)))

    def rejection(self) -> Rejection:
        return Rejection(self.row, tuple(self.problems))
