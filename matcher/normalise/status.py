"""Legal status of a patent.

Vendors' words are folded to 有效, 审中, 失效 or 未知.  Without such words only one thing is
certain: a patent whose term has ended is 失效.  That it was granted (a B, C, U, Y or S
publication, a gazette row 授权) does not make it 有效, for it may have lapsed for unpaid fees the
year after; that it was published (A) does not make it 审中, for it may have been refused since.
Both are 未知.  A term that has ended makes 失效 of every status but one with a later expiry date
of its own."""

import re
from datetime import date
from functools import lru_cache

from matcher.normalise.cells import is_blank, plain
from matcher.normalise.dates import years_after
from matcher.records import LegalStatus, PatentKind

_LONGER_DESIGNS = date(2021, 6, 1)  # the fourth amendment of the Patent Law: 15 years
_EXACT: dict[str, LegalStatus] = {
    "有效": "有效", "有权": "有效", "授权": "有效", "已授权": "有效", "专利权维持": "有效",
    "授权有效": "有效", "在保护期内": "有效", "维持": "有效", "有效专利": "有效", "已下证": "有效",
    "审中": "审中", "在审": "审中", "公开": "审中", "实审": "审中", "公布": "审中",
    "PCT-有效期内": "审中", "PCT指定期内": "审中",
    "失效": "失效", "无效": "失效", "无权": "失效", "已失效": "失效", "失效专利": "失效",
    "未确认": "未知", "PCT指定期满": "未知", "PCT-有效期满": "未知", "其他": "未知",
}  # fmt: skip
# Searched in this order in one event; the first that fits decides.
_EVENTS: tuple[tuple[re.Pattern[str], LegalStatus | None], ...] = (
    (re.compile("PCT未进入指定国.*期满"), "失效"),
    (re.compile("PCT.*期满"), "未知"),
    (re.compile("PCT.*期内"), "审中"),
    (
        re.compile("(?<!等)恢复|部分无效|无效宣告.*维持|维持专利权|维持有效|终止.*(?:撤销|更正)"),
        "有效",
    ),
    (re.compile("滞纳金|部分撤销|等年费|年费缴纳"), "有效"),
    (re.compile("待答复|等待|审查中|未审结|回案|初审合格|受理|复审"), "审中"),
    (re.compile("终止|届满|期满|驳回|撤回|视撤|放弃|撤销|未缴|欠费|避免重复授|全部无效"), "失效"),
    (re.compile("失效|无权|宣告无效|无效$|被无效"), "失效"),
    (re.compile("转让|转移|许可|质押|保全|变更|更正|解除|注销|口审|著录"), None),
    (re.compile("授权|有效|有权|下证|颁证|登记|维持"), "有效"),
    (re.compile("公开|公布|实质审查|实审|审中|在审|新案|申请中|生效|审查"), "审中"),
)
_SPLIT = re.compile(r"[|;；\n\r]+")
_NOISE = re.compile(r"[\s\d.,，。:：/\-]+")


@lru_cache(maxsize=4096)
def fold_status(raw: str) -> LegalStatus:
    """The status that a vendor's words mean; several events (``授权 3 | 权利终止 22``) count
    together: ended beats in force beats pending, and 权利恢复 takes back an end before it."""
    if is_blank(raw):
        return "未知"
    best: LegalStatus = "未知"
    for part in _SPLIT.split(plain(raw).upper()):
        word = _NOISE.sub("", part)
        found = _EXACT.get(word) or _EXACT.get(part.strip()) or _event(word)
        best = _stronger(best, found, "恢复" in word)
    return best


def _stronger(best: LegalStatus, found: LegalStatus | None, restored: bool) -> LegalStatus:
    if found == "失效" or (found == "有效" and (best != "失效" or restored)):
        return found
    return "审中" if found == "审中" and best == "未知" else best


@lru_cache(maxsize=4096)
def is_read(raw: str) -> bool:
    """Whether the words are blank or known; 未知 of known words is an answer too."""
    bare = plain(raw).strip().upper()
    known = fold_status(raw) != "未知" or is_blank(raw) or bare in _EXACT
    return known or any(pattern.search(bare) for pattern, _ in _EVENTS)


def _event(word: str) -> LegalStatus | None:
    return next((status for pattern, status in _EVENTS if pattern.search(word)), None)


@lru_cache(maxsize=65536)
def expiry_of(kind: PatentKind | None, filed: date | None) -> date | None:
    """The last day of the term (Patent Law, article 42): inventions 20 years from filing,
    utility models 10, designs 10 or, filed from 2021-06-01, 15.  None when unknown."""
    if kind is None or filed is None:
        return None
    match kind:
        case "发明":
            return years_after(filed, 20)
        case "实用新型":
            return years_after(filed, 10)
        case "外观设计":
            return years_after(filed, 15 if filed >= _LONGER_DESIGNS else 10)


def status_of(raw: str, expiry: date | None, *, today: date) -> LegalStatus:
    """The folded status; 失效 once `expiry` lies before `today`."""
    if expiry is not None and expiry < today:
        return "失效"
    return fold_status(raw) if raw else "未知"
