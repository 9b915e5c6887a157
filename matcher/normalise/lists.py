"""Cells with a closed choice of values: modes, levels, maturity, counts, yes and no."""

import re
from functools import lru_cache
from typing import Final, TypeVar

from matcher.normalise.cells import is_blank, pieces, plain
from matcher.records import CooperationMode, Level, LicenceMode, TransferMode

_Mode = TypeVar("_Mode", LicenceMode, TransferMode, CooperationMode)

_LICENCE: Final[tuple[tuple[re.Pattern[str], LicenceMode], ...]] = (
    (re.compile("(?<!非)独占|独家"), "独占许可"),
    (re.compile("排他|排它"), "排他许可"),
    (re.compile("普通|一般许可|非独占"), "普通许可"),
    (re.compile("开放"), "开放许可"),
)
_TRANSFER: Final[tuple[tuple[re.Pattern[str], TransferMode], ...]] = (
    (re.compile("转让|出让|出售|买断|产权交易"), "转让"),
    (re.compile("许可|授权使用|独占|排他|排它"), "许可"),
    (re.compile("入股|作价|股权|出资"), "作价入股"),
)
_COOPERATION: Final[tuple[tuple[re.Pattern[str], CooperationMode], ...]] = (
    (re.compile("委托|定制开发|定制研发|外包"), "委托研发"),
    (
        re.compile("合作研|合作开发|合作攻关|联合|共同|协同|产学研|共建|技术合作|合作研究"),
        "合作研发",
    ),
    (re.compile("转让|购买|引进|买断|收购"), "技术转让"),
    (re.compile("许可|授权使用"), "技术许可"),
    (re.compile("入股|作价|股权|出资"), "技术入股"),
    (re.compile("其他|其它|咨询|服务|培训"), "其他"),
)
_ANY = re.compile("均可|不限|都可|皆可|任意|不拘|任何方式|全部")
_LEVELS: Final[tuple[tuple[re.Pattern[str], Level], ...]] = (
    (re.compile("不入库|涉密|机密|秘密|绝密|国防|保密|不公开|不可公开"), "不入库"),
    (re.compile("授权可见|授权查看|授权公开|内部|限制|受限|定向|部分公开"), "授权可见"),
    (re.compile("脱敏|摘要公开"), "脱敏"),
    (re.compile("公开|无密|非密|普通|一般"), "公开"),
)
_PHASES: Final = (
    (re.compile("已应用|成熟应用|推广应用|已推广|规模应用"), 9),
    (re.compile("产业化|规模化|量产|批量生产|大规模生产|商业化"), 8),
    (re.compile("小批量|试生产|试产|试制定型|示范"), 7),
    (re.compile("中试|样机|工程样机"), 6),
    (re.compile("样品|部件验证"), 5),
    (re.compile("小试|实验室|实验阶段"), 4),
    (re.compile("概念验证|可行性"), 3),
    (re.compile("概念|方案阶段|设计阶段"), 2),
    (re.compile("基础研究|原理|理论"), 1),
)
_TRL = re.compile(r"(?:TRL|第)?\s*([1-9])(?:\.0)?\s*(?:[-~至—]\s*(?:TRL)?\s*[1-9])?\s*级?")
_TRL_CHINESE = {sign: value for value, sign in enumerate("一二三四五六七八九", 1)}
_YES = frozenset(["有", "对", "能", "已开放", "开放", "已声明", "允许", "Y", "YES", "TRUE", "T"])
_YES_SIGNS = frozenset(["1", "1.0", "√", "✓", "✔"])
_NO = frozenset(["无", "非", "没有", "N", "NO", "FALSE", "F", "0", "0.0", "×", "✗", "✘", "X"])
_NOT = re.compile("(?:不接受|不支持|不愿|不考虑|不含)[^,;|、]*")
_COUNT = re.compile(r"(\d{1,6})(?:\.0+)?\s*(?:次|件|项|笔)?")
_SPLIT = re.compile(r"[,，、;；|/\s]+")


def _chosen(text: str, table: tuple[tuple[re.Pattern[str], _Mode], ...]) -> tuple[_Mode, ...]:
    bare = _NOT.sub("", plain(text))
    return tuple(mode for pattern, mode in table if pattern.search(bare))


@lru_cache(maxsize=4096)
def licence_modes_of(text: str) -> tuple[LicenceMode, ...]:
    """Licence modes a cell names, in the order of the official form; () when none."""
    return _chosen(text, _LICENCE)


@lru_cache(maxsize=4096)
def transfer_modes_of(text: str) -> tuple[TransferMode, ...]:
    """Transfer modes a cell names, in the order of the official form; 均可 and 不限 mean all."""
    if _ANY.search(text):
        return ("转让", "许可", "作价入股")
    return _chosen(text, _TRANSFER)


@lru_cache(maxsize=4096)
def cooperation_modes_of(text: str) -> tuple[CooperationMode, ...]:
    """Modes a company's need allows; () when blank or 不限 (no restriction); words that fit no
    mode count as 其他."""
    if is_blank(text) or _ANY.search(text):
        return ()
    return _chosen(text, _COOPERATION) or ("其他",)


def level_of(text: str) -> Level | None:
    """Secrecy level; None when the word is unknown (the caller must not treat it as open).
    是 and 否 answer the column 是否公开."""
    bare = plain(text).strip()
    if bare in ("是", "否"):
        return "公开" if bare == "是" else "授权可见"
    return next((level for pattern, level in _LEVELS if pattern.search(bare)), None)


@lru_cache(maxsize=4096)
def trl_of(text: str) -> int | None:
    """Technology readiness 1-9 from ``TRL6``, ``6级``, ``六级``, of ``4-6`` the lower; or from the
    phase, the common equivalents being 小试 4, 中试 6, 产业化 8.  None when neither."""
    bare = plain(text).strip().upper()
    match = _TRL.fullmatch(bare) or re.match(r"TRL\s*([1-9])(?!\d)", bare)
    if match:
        return int(match[1])
    if bare[:1] in _TRL_CHINESE and bare[1:] in ("", "级"):
        return _TRL_CHINESE[bare[0]]
    return next((level for pattern, level in _PHASES if pattern.search(bare)), None)


def yes_no(text: str) -> bool | None:
    """True, False, or None when the cell says neither."""
    bare = plain(text).strip().upper()
    if bare in _YES or bare in _YES_SIGNS:
        return True
    if bare in _NO or bare.startswith(("不", "否", "未")):
        return False
    return True if bare.startswith(("是", "可", "支持", "接受", "同意", "愿意", "√")) else None


def count_of(text: str) -> int | None:
    """``3``, ``3次``, ``3.0``; 有 and 是 are 1, 无 and 否 are 0; None when it is no count."""
    match = _COUNT.fullmatch(plain(text).strip())
    if match:
        return int(match[1])
    answer = yes_no(text)
    return None if answer is None else int(answer)


def payment_of(text: str) -> str:
    """Way of payment: 一次性, 提成, 入门费加提成, or the words as they are."""
    royalty = "提成" in text or "分成" in text
    if royalty and ("入门" in text or "+" in text or "＋" in text):
        return "入门费加提成"
    if royalty:
        return "提成"
    return "一次性" if "一次" in text else text.strip()


def keywords_of(text: str) -> tuple[str, ...]:
    """Keywords in order, each once; separators include spaces unless the words are Latin."""
    parts = pieces(text)
    if len(parts) == 1:
        parts = re.split(r"[,，、]+", text) if re.search("[,，、]", text) else [text]
    if len(parts) == 1 and not re.search("[A-Za-z]", text):
        parts = _SPLIT.split(text)
    return tuple(dict.fromkeys(part.strip() for part in parts if part.strip()))
