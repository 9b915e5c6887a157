"""What a need demands in numbers: `热收缩率≤5%`, not what a company says of itself."""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from math import inf

from matcher.explain.properties import Named
from matcher.explain.quantity import Quantity, quantities
from matcher.records import TextField
from matcher.text.sentences import sentences

_BASIS = re.compile(
    r"工作基础|现有基础|研究基础|企业概况|企业简介|公司简介|公司概况|单位简介|基本情况|投入资金|资金投入|经费|合作方式|进度安排|时间安排"
    r"|项目背景|研究背景|国内外现状|发展现状|行业现状|市场"
)
_WISH = re.compile(
    r"需求|目标|指标|要求|关键|难题|难点|问题|内容|希望|期望|需要|需达|实现|使其|达到以下|以上|以下"
)
_HEADING = re.compile(
    r"^\s*(?:[(（]?[\d一二三四五六七八九十]+[)）.、,，]?\s*)?([\u4e00-\u9fff、()（）]{2,16}?)\s*(?:[:：]|$)"
)
_SELF = re.compile(
    r"公司|我司|我厂|集团|企业|厂房|员工|职工|销售收入|注册资|荣获|认定为|据统计|统计数据|数据显示|成立于|年产值|目前|现有|现阶段|传统|已经?[建形]|已具备|积累了|我国|全球|通常"
)
_NOT_ABOUT = re.compile(
    r"每$|^目前|^现有|^原|我国|全国|全球|国内|通常|往往|占地|建筑面积|厂房|产值|收入|利润|税|投资|投入|资金|经费|员工|职工|人员|注册|市场|份额"
    r"|占有|年产|总产|产量|历史|经验|工期|专利"
    r"|公司|基地|用户|客户|费用|价格|售价|销量"
)
_LASTING = re.compile(
    r"寿命|周期|时间|保质|保存|储|耐|使用|工作|运行|质保|续航|响应|时长|时延|延时|延迟|反应|固化|凝"
)
_KEPT = re.compile(r"控制|保持|要求|范围|达到|稳定|介于|满足")
_LESS = re.compile(
    r"误差|偏差|公差|粗糙度|收缩率|损耗|损失|耗|噪|成本|泄漏|漏率|含水|残留|残余|缺陷|破损|不良|废品|次品|故障|温差|波动|杂质|灰分|响应时间"
    r"|延迟|延时|时延|耐寒|耐低温|耐冷|摆幅|下垂|变形|磨损|失重"
)
_FINE = re.compile(r"精度|均匀性|同轴度|平面度|圆度|跳动")
_FALL = re.compile(r"[降减缩]|低至")
COVER = re.compile(
    r"工作温度|使用温度|适用|耐温|环境温度|运行温度|温度范围|量程|测量范围|调节范围|调速范围|工作电压|检测范围"
)
_NOT_ASKED = frozenset({"份", "件", "级", "度", "rev", "m2", "px"})
_NAMES: tuple[TextField, ...] = ("key_technology", "expected_goal")
_MOST = 12


@dataclass(frozen=True, slots=True)
class Demand:
    """A quantity that a need demands; `text` is `field[quantity.start:quantity.end]`, `low` and
    `high` what would satisfy it (for a mere `达到`, by which way is better)."""

    field: TextField
    text: str
    quantity: Quantity
    named: Named
    low: float
    high: float


def demands(query: Mapping[TextField, str]) -> tuple[Demand, ...]:
    """The demands of a need, in order, each once, at most twelve; figures of the company, of the
    market and of today's state are none, nor is what has no name."""
    about = query.get("title", "")
    found: dict[tuple[str, float, float], Demand] = {}
    for field, text in query.items():
        for start, end in _asking(text):
            for quantity in quantities(text):
                if start <= quantity.start < end and _demanding(quantity, field, text):
                    low, high = _wanted(quantity, text)
                    shown = text[quantity.start : quantity.end]
                    named = Named(quantity.name, text[start:end], about)
                    one = Demand(field, shown, quantity, named, low, high)
                    found.setdefault((quantity.name, low, high), one)
    return tuple(found.values())[:_MOST]


def _asking(text: str) -> Iterator[tuple[int, int]]:
    """Where a text asks for something: not under a heading like 现有工作基础, and not where a
    company speaks of itself or of how things are, unless the sentence wishes for more."""
    basis = False
    for start, end in sentences(text, longest=len(text) + 1):
        heading = _HEADING.match(text[start:end])
        if heading:
            basis = bool(_BASIS.search(heading[1])) and not re.search("目标|指标", heading[1])
        if basis or (_SELF.search(text, start, end) and not _WISH.search(text, start, end)):
            continue
        yield start, end


def _demanding(quantity: Quantity, field: TextField, text: str) -> bool:
    name, dimension = quantity.name, quantity.dimension
    if not name or dimension in _NOT_ASKED or _NOT_ABOUT.search(name):
        return False
    if dimension == "s" and not _LASTING.search(name):
        return False
    shown = text[quantity.start : quantity.end]
    if re.search("通常|往往|一般", shown):
        return False
    before = text[max(0, quantity.start - 8) : quantity.start]
    if re.search("目前|现有|现在|由|从|原", before) and not _FALL.search(shown):
        return False
    match quantity.compare:
        case "eq":
            return bool(quantity.change) or name[0] in "耐承"
        case "range":
            return field in _NAMES or bool(_KEPT.search(shown)) or bool(COVER.search(name))
        case _:
            return True


def _wanted(quantity: Quantity, text: str) -> tuple[float, float]:
    """From where to where a figure would do."""
    if quantity.compare not in ("eq", "reach"):
        return quantity.low, quantity.high
    shown = text[quantity.start : quantity.end]
    less = _LESS.search(quantity.name) or _FALL.search(shown)
    fine = _FINE.search(quantity.name) and quantity.dimension in ("m", "°", "K")
    if not quantity.change and (less or fine):
        return -inf, quantity.high
    return quantity.low, inf
