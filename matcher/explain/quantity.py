"""Quantities of Chinese technical text: what is measured, how it is compared, with what.

`热收缩率不低于95%`, `≥200℃`, `3~5 mm`, `耐磨性提高3倍以上`: a figure (`figures`), the words of
comparison around it, and the noun phrase that it speaks of, taken from its own clause."""

import re
from dataclasses import dataclass
from math import inf
from typing import Literal

from matcher.explain.figures import Figure, figures
from matcher.text.clean import narrow
from matcher.text.scan import ELEMENTS

Compare = Literal["eq", "reach", "ge", "gt", "le", "lt", "range", "spread"]
Change = Literal["", "up", "down"]

_WORDS: dict[Compare, str] = {
    "ge": (
        "≥|≧|>=|=>|不(?:得|能|应|可|宜|会)?(?:低|小|少|短)于|大于(?:或|、|/)?等于"
        "|高于(?:或)?等于|至少|最少|不下于|最低"
    ),
    "le": (
        "≤|≦|<=|=<|不(?:得|能|应|可|宜|会)?(?:高|大|多|长|超过|超)(?:于|过)?"
        "|小于(?:或|、|/)?等于|低于(?:或)?等于|至多|最多"
    ),
    "gt": ">|大于|高于|超过|多于|长于|突破|优于|超出",
    "lt": "<|小于|低于|少于|短于|不到|不足",
    "reach": ("达到了?|可达|[高长多]达|达(?:成)?|提[高升]到|提[高升]至|增加[到至]|低至|实现|至|到"),
    "eq": "控制在|保持在|维持在|稳定在|范围[为在]?|介于|约?为|是|[:：=]|约|大约|在|仅",
}
_LEAD = re.compile(
    "(?:"
    + "|".join(f"(?P<{name}>{words})" for name, words in _WORDS.items())
    + r")\s*(?:约|大约|[:：])?\s*$"
)
_TAIL = re.compile(
    r"\s?[)）]?(?:(?:及|或|[(（])?\s?(?:(?P<ge>以上|之上|起)|(?P<le>以下|以内|之内|之下|内(?!部|外|侧|径|层|孔|腔|容|置|燃|存))"
    r"|左右|上下|范围内|之间|间(?!隔|距|歇)))?"
)
_CUT = re.compile(
    r"[,，;；。!！?？、(（)）\[\]【】{}<>≤≥《》\n\"“”'‘’|]|[:：](?=.)|使(?!用|役)|的|将(?!来)|把(?!手)|其(?!他|它|余|中)"
    r"|其中|同时|至(?!少|多|今)|拟开发|批量制备|并(?!联|行|网|条)|且|让|保证|确保|要求|需要|实现|满足|具有|能够|可以|应当|以及|和(?!易)|与(?!门)|或"
    r"|对(?!比|焦|数|称|流|准|位|接)|经过|通过|采用|进行|得到|获得|当(?!量)|在(?!线)|从|由(?!度)"
    r"|比(?!表|重|容|强|热|例|值|率|能|电)|了|较(?!强)|若|如|时(?!间|效|长|速|序|钟|空|变)|含有|包括|自(?!动|由|身|主|然"
    r"|适|重|控|粘|修|清|润)|成(?!分|本|品|型|材|形|核|像|功|熟|活|膜|果|孔)"
)
_LEFT = re.compile(
    r"^(?:于|[\s:：.\-*·•\u2460-\u24ff]|\d+[.、)）]|\d+\s?[dh]\s?(?:内|后|时)?|[一二三四五六七八九十]、|所述"
    r"|下(?!降)|后(?!处)"
    r"|前(?!体|驱|端)|内(?!部|外|径|阻)|之|该|各(?!向)|本(?!征|体)|整体|项目|产品|预期|希望|达到|做到|以(?!太)|为(?!主)|是|则"
    r"|而|但|还(?!原)|需(?!氧)|应(?!力|变|用|急)|能(?!量|耗|效|力|源)|可(?!靠|见|燃|溶)|使得?(?!用|役)|保持(?!率|力)"
    r"|控制(?!精|误)|相应|最终|均(?!匀|质|方|一|热|相|压|值)|也|都|有(?!机|效|害|色)|稳定(?!性|度)|拟|开发|研发|形成|每[天年月日台]|目标(?=[为是])|只有|仅|[更较]?优选地?|可选地?|进一步地?|特别是?"
    r"|降至|降到|缩短至|缩短到|减少至|降低至|降低到|提高到|提高至|提升到|提升至)+"
)
_RIGHT = re.compile(
    r"(?:[\s:：=~—\-(（\[\]φΦØ]|(?<![反效适响供感])应|须|(?<!急)需|(?<![主重])要|可|(?<![性功节储动热电势智机效耗产])能|均|都|一般|通常|平均|大约|约|最高|最低|最大|最小"
    r"|最多|最少|分别|全部|总体|均值|指标|要求|控制|保持|保存|稳定|达|达到|为|是|在|不|会|已|即|也|仅|只|范围|值(?=为|是)|必须|至少"
    r"|能够|可以|目标|优选|优选地|进一步|降|升|提|仅为|高|可调|R[az]|降低|提高|提升|减少|缩短|下降|上升|增加)+$"
)
_BRACKET = re.compile(r"[（(][^（）()]{0,8}[)）]\s*$")
_THAN = re.compile(
    r"(?:相?比(?:较)?|相?较于?|相对)于?(?:同行|同类|传统|现有|原|普通|常规|国内|国外|目前|以往|之前|进口|未|对照|市场|一般|前)"
    r"[\u4e00-\u9fff]{0,8}$"
)
_VERB = re.compile(
    r"(?:(?P<up>提高|提升|增加|增长|增大|延长|改善|上升|增强|加快|提速|高出)|(?P<down>降低|减少|缩短|下降|减小|节约|节省|节能"
    r"|缩小|减轻|减低|下调|减))"
    r"(?:了|量|幅度|率|约|近|可|可达|达|比例|\s)*$"
)
_BEGUN = re.compile(
    r"^(?:能|可|会|应|要|需)?(?:(?P<up>提高|提升|增加|延长|增强)|(?P<down>降低|减少|缩短|减小|节约|节省|减轻))(?=.{2})"
)
_BEHIND = re.compile(r"\s?的(?P<name>[\u4e00-\u9fffA-Za-z]{2,10})(?=[,，。;；、\n]|$)")
_GIVEN = re.compile(
    r"\s?(?:[\u4e00-\u9fff]{0,4}(?:条件|环境|温度|频率|压力|电压|浓度|湿度))?(?:下(?!降|限|料)|时(?!间|效|长))"
)
_SHORT = {
    "长": "长度", "宽": "宽度", "高": "高度", "厚": "厚度", "深": "深度", "重": "重量", "φ": "直径",
    "Φ": "直径", "Ø": "直径",
}  # fmt: skip
_GENERAL = frozenset(
    [
        ("含量"),
        "用量",
        "质量分数",
        "浓度",
        "温度",
        "时间",
        "压力",
        "厚度",
        "直径",
        "粒径",
        "长度",
        "宽度",
        "高度",
        "重量",
        "质量",
        "密度",
        "强度",
        "硬度",
        "速度",
        "效率",
        "比例",
        "孔径",
        "纯度",
    ]
)
_OWNER = re.compile(r"[\u4e00-\u9fffA-Za-z]{2,8}$")
_PERSONAL = re.compile(r"[元美]|人民币|(?:个|名|位)?(?:人|员工)")
_WARM = re.compile("[温热寒冷烧熔沸]")
_TURNED = re.compile("[角倾旋弯折偏]|转动|坡|摆")
_LONGEST = 16
_BEFORE = 30
_ALIKE = re.compile(
    r"[\s,，、]*(?:\d+\s?(?:[dh天]|小时|分钟)\s?(?:内|后|时)?)?[\s,，、至到和及或~-]*"
)
_SAME_CLAUSE = re.compile("[。;；\n]")


@dataclass(frozen=True, slots=True)
class Quantity:
    """`text[start:end]`, its name included where that stands right before the figure, says that
    `name` is between `low` and `high`, in the base of `dimension` (`kg·m-3`; ℃ for `K`; `1` for
    per cent).  An open end is infinite.  `change`: by so much more or less, not so much.
    `given` is the condition of the same clause (`180℃下`), as dimension and value."""

    name: str
    compare: Compare
    low: float
    high: float
    dimension: str
    start: int
    end: int
    figure: int
    change: Change = ""
    given: tuple[str, float] | None = None


@dataclass(frozen=True, slots=True)
class _Named:
    name: str
    start: int
    change: Change


def quantities(text: str) -> tuple[Quantity, ...]:
    """The quantities of a text, in order; offsets hold in the text as it is given.

    Money, dates, numbers of parts, codes and conditions are none."""
    text = narrow(text)
    found: list[Quantity] = []
    given: tuple[int, tuple[str, float]] | None = None
    floor = 0
    for figure in figures(text):
        tail = _TAIL.match(text, figure.end)
        end = tail.end() if tail and tail[0].strip() not in ("", ")", "）") else figure.end
        condition = _GIVEN.match(text, figure.end)
        if condition:
            given = figure.end, (figure.dimension, figure.high)
            floor = condition.end()
            continue
        if _PERSONAL.match(text, figure.end):
            floor = figure.end
            continue
        last = found[-1] if found else None
        if given and _SAME_CLAUSE.search(text, given[0], figure.start):
            given = None
        one = _read(text, figure, floor=floor, tail=tail, end=end)
        found.append(_joined(text, one, last, given and given[1]))
        floor = end
    return tuple(found)


def _read(
    text: str, figure: Figure, *, floor: int, tail: re.Match[str] | None, end: int
) -> Quantity:
    lowest = max(floor, figure.start - _BEFORE, text.rfind("\n", floor, figure.start) + 1)
    lead = _LEAD.search(text, max(lowest, figure.start - 10), figure.start)
    said: Compare = lead.lastgroup if lead else "eq"  # type: ignore[assignment]
    start = lead.start() if lead else figure.start
    verb = (
        None
        if said == "reach" and lead and lead[0][0] not in "达可高"
        else _VERB.search(text, max(lowest, start - 6), start)
    )
    named = _name(text, lowest, verb.start() if verb else start)
    change: Change = named.change
    if verb:
        change = "up" if verb["up"] else "down"
    elif said == "reach" and lead and "至" in lead[0] + "到":
        change = ""
    compare = _compare(said, figure, tail)
    low, high = _bounds(compare, figure)
    behind = _BEHIND.match(text, end) if not named.name and not change else None
    name = behind["name"] if behind else named.name
    begin = named.start if named.name else (verb.start() if verb else start)
    dimension = _degrees(figure.dimension, name)
    return Quantity(name, compare, low, high, dimension, begin, end, figure.start, change)


def _joined(
    text: str, one: Quantity, last: Quantity | None, given: tuple[str, float] | None
) -> Quantity:
    """With its condition, and with the name of the figure before where it has none itself and
    both stand in one sentence and measure the same."""
    name = one.name
    alike = last and not name and last.dimension == one.dimension and not one.change
    if one.dimension == "s" and one.compare == "le":
        alike = False  # `1h内抗压强度`: a time allowed, not the time named before
    if alike and last and _ALIKE.fullmatch(text[last.end : one.start]):
        name = last.name
    return Quantity(
        name, one.compare, one.low, one.high, one.dimension, one.start, one.end, one.figure,
        one.change, given,
    )  # fmt: skip


def _name(text: str, lowest: int, end: int) -> _Named:
    """The noun phrase that ends at `end`, within its clause, and the verb it begins with."""
    than = _THAN.search(text, lowest, end)
    end = than.start() if than else end
    right = _RIGHT.search(text, lowest, end)
    stop = right.start() if right and right.start() > lowest else end
    bracket = _BRACKET.search(text, lowest, stop)
    stop = bracket.start() if bracket and bracket.start() > lowest else stop
    start = lowest
    for cut in _CUT.finditer(text, lowest, stop):
        start = cut.end()
    left = _LEFT.match(text[start:stop])
    start += left.end() if left else 0
    begun = _BEGUN.match(text[start:stop])
    if begun:
        start += begun.end()
    name = text[start:stop].strip()
    if len(name) > _LONGEST:
        start, name = stop - _LONGEST, text[stop - _LONGEST : stop]
    if name in _GENERAL and text[start - 1 : start] == "的" and start - 1 > lowest:
        owner = _OWNER.search(text, max(lowest, start - 9), start - 1)
        if owner:
            start, name = owner.start(), owner[0] + name
    if len(name) < 2:
        sole = (name.isascii() and name.isalpha()) or name in ELEMENTS
        name = _SHORT.get(name, name if sole else "")
    if not re.search("[\u4e00-\u9fffA-Za-z]", name):
        name = ""
    change: Change = "" if not begun else "up" if begun["up"] else "down"
    return _Named(name, start, change if name else "")


def _compare(said: Compare, figure: Figure, tail: re.Match[str] | None) -> Compare:
    """The words behind a figure overrule a mere `达到` or `为` before it."""
    if figure.spread:
        return "spread"
    behind = tail.lastgroup if tail else None
    if figure.low < figure.high and said in ("eq", "reach"):
        return "range"
    if said in ("eq", "reach") and behind:
        return "ge" if behind == "ge" else "le"
    return said


def _bounds(compare: Compare, figure: Figure) -> tuple[float, float]:
    match compare:
        case "ge" | "gt":
            return figure.low, inf
        case "le" | "lt":
            return -inf, figure.high
        case _:
            return figure.low, figure.high


def _degrees(dimension: str, name: str) -> str:
    """`度` is a temperature or an angle, `周` a cycle, by what they measure; otherwise they stay
    what they are."""
    match dimension:
        case "度" if _WARM.search(name):
            return "K"
        case "度" if _TURNED.search(name):
            return "°"
        case "周" | "rev" if "循环" in name:
            return "次"
        case _:
            return dimension
