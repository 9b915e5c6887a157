"""Words of experts and companies to grades, replies and refusal codes.

What cannot be read is quoted only when it is short and can be nobody's name or number: a cell that
slid into the wrong column may name a person, and reports must not."""

import re
from collections.abc import Mapping
from typing import cast, get_args

from matcher.normalise.cells import is_blank, plain, tidy
from matcher.records import Grade, Problem, RefusalCode, Reply


def _words(text: str) -> frozenset[str]:
    return frozenset(text.split())


# Not said yet.  A bare 无 or 没有 is not among them: it may be an answer, and is asked about.
_UNSAID = _words("""
    未评 未评分 未评价 未打分 待评 待评分 待评价 待打分 未填 未填写 待填 待定 暂无 空 不详
    未答复 待答复 未反馈 待反馈 未回复 待回复
""")  # fmt: skip
_WORDS: Mapping[Grade, str] = {
    4: "强相关 高度相关 非常相关 完全相关 很相关 十分相关 高度匹配 完全匹配 非常匹配",
    3: "较强相关 比较相关 较相关 较为相关 比较匹配 较匹配",
    2: "弱相关 较弱相关 略相关 略有相关 稍相关 不太相关 不太匹配",
    1: "无相关 不相关 完全不相关 无关 完全无关 毫不相关 毫无关系 不匹配 完全不匹配",
}
_GRADES = {word: grade for grade, words in _WORDS.items() for word in words.split()}
_YES = _words("""
    愿意对接 愿意 同意 同意对接 是 有 可以 可对接 可以对接 有意向 有意愿 有对接意向 有兴趣 感兴趣
    接受 对接 希望对接 希望 愿对接 yes y true √ ✓ ✔
""")  # fmt: skip
_NO = _words("""
    暂不 暂不对接 暂不考虑 暂不愿意 暂不需要 暂不感兴趣 暂无意向 暂无意愿 暂时不 否 不 不愿意
    不愿意对接 不同意 不同意对接 不接受 不对接 不考虑 不需要 不感兴趣 没兴趣 没有兴趣 无意向 无意愿
    没有意向 拒绝 拒绝对接 no n false × ✗ ✘
""")  # fmt: skip
_NOT_REFUSED = _words("不适用 不涉及 未拒绝 不拒绝 没有拒绝 无拒绝原因 没有原因")
# Regular expressions; the reason that is named first in a text counts.
_REFUSALS: Mapping[RefusalCode, str] = {
    "技术太早期": "早期 [不未]成熟 成熟度.{0,2}低 未(?:经)?(?:验证|中试|产业化) 实验室阶段 "
    "小试阶段 [没无]有?样机",
    "相对现有技术优势不明": "优势不 [没无]有?(?:明显|突出)?的?优势 不如现有 差[别异]不大 区别不大 "
    "创新性?不[足够] 先进性不",
    "商业路径不明": "商业(?:路径|模式|化|前景) 市场(?:不|前景不|太?小|有限) 盈利 产业化路径 推广难",
    "描述不清": "描述不 描述太 说明不 介绍不 看不[懂明] 不清楚 不明白 "
    "(?:信息|资料)(?:不|太少|过少)",
    "价格或许可方式不合": "价格 价钱 太贵 费用 报价 许可费 转让费 许可方式 支付方式 付款",
    "已有替代": "替代 已有 已经有 已解决 已经解决 已采用 已采购 自研 自主研发 自行研发",
    "方向不符": "方向不 领域不 行业不 不相关 无关(?!紧要) 不对口 需求不[符匹一] 不符合.{0,4}需求 "
    "与.{0,4}需求不",
}
_REASONS = [(code, re.compile("|".join(words.split()))) for code, words in _REFUSALS.items()]
_NUMBER = re.compile(r"\d+(?:\.\d+)?")
_WHOLE = re.compile(r"([1-4])(?:\.0+)?")
_CIRCLES = re.compile("([●★⭐]*)([○☆◯]*)")
_GAPS = re.compile(r"[\s。.!,、;:()\[\]_—-]+")
_UNITS = re.compile(r"(?<=\d)(?:分|星|/4$)")
_QUOTABLE = re.compile(
    r"[0-9.,/%+\-*#●★⭐○☆◯年月日 ]{1,10}|[A-Za-z][+-]?|[无没有高中低好差级等一二三四五]{1,4}"
)
ADVICE = "请写 4(强相关)、3(较强相关)、2(弱相关)或 1(无相关)后再导入"


def is_unsaid(text: str) -> bool:
    """Whether a cell for an answer says that there is none yet."""
    return _bare(text) in _UNSAID or not _bare(text)


def grade_of(text: str) -> Grade | Problem:
    """``1``-``4``, ``3分``, ``强相关`` and its like, ``3 较强相关``, ``●●●○``.

    级 and 等 are not read: 一级 means the best to some and the least to others.  Problem code:
    ``bad_grade``."""
    bare = "".join(plain(text).split())
    circles = _CIRCLES.fullmatch(bare)
    if circles and bare:
        count, of = len(circles[1]), len(bare)
        return cast(Grade, count) if 1 <= count <= 4 and of in (count, 4) else _bad_grade(text)
    if bare[:1] in "+-−":
        return _bad_grade(text)
    bare = _UNITS.sub("", bare)
    numbers = _NUMBER.findall(bare)
    word = _GAPS.sub("", _NUMBER.sub("", bare))
    whole = _WHOLE.fullmatch(numbers[0]) if len(numbers) == 1 else None
    if (numbers and not whole) or (word and word not in _GRADES):
        return _bad_grade(text)
    if not whole:
        return _GRADES.get(word) or _bad_grade(text)
    grade = cast(Grade, int(whole[1]))
    return grade if not word or _GRADES[word] == grade else _bad_grade(text)


def reply_of(text: str) -> Reply | Problem:
    """愿意对接 or 暂不, from what companies write for them.  Problem code: ``bad_reply``."""
    bare = _bare(text)
    if bare in _YES:
        return "愿意对接"
    if bare in _NO:
        return "暂不"
    advice = "请写“愿意对接”或“暂不”后再导入,其他的话请写到备注"
    return Problem("bad_reply", "", "", f"答复{quoted(text)}认不出来", advice)


def refusal_of(text: str) -> RefusalCode | None:
    """The code itself, or that of the reason named first; 其他 when no reason is known, None when
    the text says that nothing was refused."""
    bare = tidy(plain(text))
    if is_blank(bare) or is_unsaid(bare) or _bare(bare) in _NOT_REFUSED:
        return None
    for code in get_args(RefusalCode):
        if bare == code:
            return cast(RefusalCode, code)
    found = [(hit.start(), at) for at, (_, reason) in enumerate(_REASONS)
             if (hit := reason.search(bare))]  # fmt: skip
    return _REASONS[min(found)[1]][0] if found else "其他"


def quoted(text: str) -> str:
    """The text in quotes, or nothing when it may be a person's name."""
    short = tidy(plain(text))
    return f"“{short}”" if _QUOTABLE.fullmatch(short) else ""


def _bare(text: str) -> str:
    return _GAPS.sub("", plain(text)).lower()


def _bad_grade(text: str) -> Problem:
    return Problem("bad_grade", "", "", f"评分{quoted(text)}认不出来", ADVICE)
