"""Whether two noun phrases name the same property of the same thing.

Careful rather than keen: `抗拉强度` is not `抗压强度`, `反应温度` not `工作温度`."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache

from matcher.text.clean import clean
from matcher.text.synonyms import synonyms
from matcher.text.words import Segmenter

# Named alone they say nothing: reaction or service, of the additive or of the product?
_LOOSE = frozenset(
    [
        ("温度"),
        "时间",
        "压力",
        "浓度",
        "速度",
        "用量",
        "含量",
        "转速",
        "频率",
        "电压",
        "电流",
        "功率",
        "比例",
        "质量",
        "重量",
        "质量分数",
        "流量",
        "量",
        "率",
        "度",
        "值",
        "数",
        "能力",
        "性能",
    ]
)
# These are clear when both texts are about the same thing.
_SHARED = frozenset(
    [
        ("厚度"),
        "距离",
        "尺寸",
        "直径",
        "粒径",
        "长度",
        "宽度",
        "高度",
        "密度",
        "硬度",
        "强度",
        "纯度",
        "效率",
        "精度",
        "孔径",
        "寿命",
        "误差",
        "成本",
        "产量",
        "收率",
        "面积",
        "深度",
        "间距",
    ]
)
_ADDED = re.compile(
    r"^(?:最高|最低|最大|最小|平均|总体|综合|整体|总|其|产品|成品|材料|系统|设备|装置|整机|单个|单位|主要|相应|年|月|日|室温|常温|生产)+"
)
_NEUTRAL = re.compile(
    "室温|常温|平均|最[大小高低]|整体|综合|体外|实测|单点|优化后|改性后|现场|试验中?|物料|产品|成品"
)
_MEASURE = re.compile(r"(?:[率度值性量\d]|时间|寿命|误差|性能)$")
_ENDED = re.compile(r"(?:[a-z%_]{1,4}|数值|指标|大小|范围|值)$")


@dataclass(frozen=True, slots=True)
class Named:
    """A property as its text names it, the text around it, and what the whole text is about."""

    name: str
    near: str
    about: str


@lru_cache(maxsize=16384)
def plain(name: str) -> str:
    """The name without what only sets it off, in its usual word."""
    name = clean(name).replace("的", "").replace(" ", "")
    short = _ADDED.sub("", name)
    name = short if len(short) > 1 else name
    if not name.isascii():
        short = _ENDED.sub("", name)
        name = short if len(short) > 1 else name
    return synonyms(name)[0]


def agree(asked: Named, told: Named, segmenter: Segmenter) -> int:
    """2 when both name the same property, 1 when the found text names it more closely, in words
    that the asking text says too, 0 when that is not clear.

    A property that only the asking text qualifies (`果梗识别成功率` / `成功率`) may be another."""
    one, other = plain(asked.name), plain(told.name)
    if one == other:
        least = 2 if one in _SHARED else 1
        return 2 if one not in _LOOSE and _topic(asked, told, segmenter) >= least else 0
    head = _head(one, other, segmenter)
    if not head or not _topic(asked, told, segmenter):
        return 0
    left, right = (_NEUTRAL.sub("", name[: -len(head)]) for name in (one, other))
    if left and right:
        return 1 if left.endswith(right) or right.endswith(left) else 0
    if left or (head in _LOOSE and not right):
        return 0
    return 1 if not right or _said(right, clean(asked.near + asked.about), segmenter) else 0


def _head(one: str, other: str, segmenter: Segmenter) -> str:
    """The last words of both, whole words on both sides, or nothing."""
    size = 0
    while size < min(len(one), len(other)) and one[-size - 1] == other[-size - 1]:
        size += 1
    cuts = _ends(one, segmenter) & _ends(other, segmenter)
    fitting = [cut for cut in cuts if 2 <= cut <= size]
    return one[-max(fitting) :] if fitting else ""


def _ends(name: str, segmenter: Segmenter) -> set[int]:
    """How long the endings are that begin with a word."""
    return {len(name) - start for word, start, _ in segmenter.term_spans(name) if len(word) > 1}


def _telling(text: str, segmenter: Segmenter) -> Sequence[str]:
    return [word for word in segmenter.words(text) if len(word) > 1]


def _said(extra: str, text: str, segmenter: Segmenter) -> bool:
    words = _telling(extra, segmenter)
    return bool(words) and all(word in text for word in words)


def _topic(asked: Named, told: Named, segmenter: Segmenter) -> int:
    """How many words of what the found text is about the need speaks of, measures aside."""
    ours = _telling(f"{asked.about}\n{asked.near}", segmenter)
    shared = set(_telling(told.about, segmenter)).intersection(ours)
    return sum(not _MEASURE.search(word) for word in shared)
