"""A need looked at before it is published: which of the five elements (材料·方法·功效·产品·应用) it
names, which aims have no figure, and which words are too broad to find anything by.

The elements are told by the nouns and verbs that stand for them.  A word that is not on these
lists leaves an element unseen, so advice asks and never refuses (docs/decisions/0017-clinic.md)."""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import Literal, get_args

from matcher.explain.demands import demands
from matcher.explain.requirements import technical, telling
from matcher.explain.weights import Weights
from matcher.records import TextField
from matcher.text.sentences import sentences

Element = Literal["材料", "方法", "功效", "产品", "应用"]
ELEMENTS: tuple[Element, ...] = get_args(Element)
QUESTIONS: Mapping[Element, str] = MappingProxyType({
    "材料": "用什么材料,或处理什么对象?例如聚乙烯隔膜、304 不锈钢、含铬废水。",
    "方法": "现在用什么工艺或方法,想改进哪一步?例如压铸、喷涂、图像识别。",
    "功效": "要改善什么性能,到什么程度?例如热收缩率不超过 5%。",
    "产品": "用在什么产品、设备或系统上?例如动力电池、注塑机、污水处理站。",
    "应用": "在什么场合、什么条件下使用?例如井下潮湿环境、零下 30 度、年产 2 万吨的生产线。",
})  # fmt: skip
_CUES: Mapping[Element, re.Pattern[str]] = MappingProxyType({
    "材料": re.compile(
        r"材料|原料|物料|合金|钢|铝|铜|钛|镁|锌|镍|锂|铬|稀土|金属|树脂|塑料|聚[\u4e00-\u9fff]{1,4}|橡胶|纤维|陶瓷|玻璃"
        r"|薄膜|隔膜|涂料|涂层|油墨|粉末|粉体|粉尘|浆料|溶液|凝胶|胶粘|胶黏|催化剂|添加剂|制剂|溶剂|石墨|碳|硅|水泥"
        r"|混凝土|砂|矿石|尾矿|渣|污泥|废水|废气|烟气|木材|纸|面料|织物|油脂|淀粉|蛋白|菌|基质|试剂|药材|果蔬|肉|茶"
    ),
    "方法": re.compile(
        r"工艺|方法|技术路线|制备|加工|焊接|铸造|压铸|成型|成形|热处理|涂覆|喷涂|合成|提取|萃取|发酵|算法|建模|模型"
        r"|控制|检测|监测|识别|仿真|处理|回收|分离|纯化|提纯|烧结|轧制|锻造|打印|切割|装配|测量|清洗|干燥|杀菌|育种"
        r"|种植|养殖|治理|去除|净化|脱硫|脱硝|除尘|消毒|诊断|测绘|测算|计算|设计|电镀|蚀刻|封装|镀膜|注塑|挤出|混合|搅拌|过滤|吸附|降解|改性|表面|配方|调度|预测|标定"
    ),
    "功效": re.compile(
        r"提高|提升|增强|改善|降低|减少|减小|缩短|延长|避免|防止|消除|抑制|增加|节省|节约|加快|实现|替代|达到"
        r"|高效|节能|解决|克服|去除|净化|提质|增产|不低于|不高于|不超过|耐热|耐磨|耐腐|防水|阻燃|效率|精度|强度|寿命|性能|合格率|良率|稳定性|问题"
    ),
    "产品": re.compile(
        r"产品|设备|装置|装备|仪器|仪表|系统|平台|软件|部件|零件|构件|模块|芯片|电池|电机|发动机|传感器|机器人|车辆|汽车"
        r"|无人机|[泵阀管板箱壳轮轴灯炉塔罐窑](?![\u4e00-\u9fff]?理)|机床|模具|刀具|轴承|电缆|线缆|器件|组件|终端|药物|疫苗|食品"
        r"|饮料|肥料|饲料|服装|家具|[\u4e00-\u9fff]{2}[机器仪](?:[^理制关能会]|$)|生产线|产线"
    ),
    "应用": re.compile(
        r"用于|应用|适用|场景|场合|工况|环境|条件下|领域|行业|现场|车间|井下|户外|低温|高温|高压|高湿|潮湿|海洋|矿山|建筑"
        r"|航空|航天|农业|医疗|家电|交通|电网|规模|批量|量产|年产|年处理"
    ),
})  # fmt: skip
_SOFT = re.compile("软件|算法|平台|数据|网络|信息系统")  # has no material
_AIM = re.compile(
    r"(?:提高|提升|增强|改善|降低|减少|减小|缩短|延长|增加)(?:了|其|了其|产品的?|系统的?)?"
    r"[\u4e00-\u9fff]{1,10}?(?:率|性|度|力|量|值|比|耗|本|命|期|间|能|声|音|差|排放|污染|损失|质量|速度)"
    r"|高(?:强度|精度|效率|可靠性|稳定性|耐热性)|低(?:能耗|成本|功耗|噪声|噪音|延时|延迟)"
)
_COMPARED = re.compile(
    r"[0-9０-９一二两三四五六七八九十百千]+(?:\.\d+)?\s*(?:%|％|倍|成|万|年|月|天|小时|分|秒|[a-zA-Zμ℃°])"
)
_BROAD = re.compile(
    r"技术|系统|设备|装置|产品|材料|方法|工艺|研发|研究|开发|应用|智能|智能化"
    r"|自动化|数字化|信息化|新型|新材料|新能源|高端|先进|绿色|节能|环保|优化|升级|改造"
    r"|创新|创新性|平台|制造|生产|加工|提升|改进|解决方案|项目|需求|难题|问题|人工智能"
    r"|大数据|物联网|互联网"
)
_SPLIT = re.compile(r"[\s,,;;、/|]+")
_MOST = 5
SHORT = 60  # characters of text with which little can be found


@dataclass(frozen=True, slots=True, kw_only=True)
class Advice:
    """What a need lacks.  `missing` elements, each with a question; `vague` aims as they were
    written, without a figure; `broad` words; `figures` that it demands, as they were read; `short`:
    there is hardly any text."""

    named: tuple[Element, ...]
    missing: tuple[Element, ...]
    vague: tuple[str, ...]
    broad: tuple[str, ...]
    figures: tuple[str, ...]
    short: bool

    @property
    def fine(self) -> bool:
        """Whether nothing is left to ask."""
        return not (self.missing or self.vague or self.broad or self.short)


def advice(
    texts: Mapping[TextField, str], keywords: tuple[str, ...], weights: Weights | None
) -> Advice:
    """Of a need's texts and keywords.  `weights` of the patents that it will be looked for in;
    without them only words that are broad everywhere are named."""
    told = {name: technical(text) for name, text in texts.items()}
    whole = "\n".join((*told.values(), *keywords))
    named = tuple(one for one in ELEMENTS if _CUES[one].search(whole))
    asked = [one for one in ELEMENTS if one != "材料" or not _SOFT.search(whole)]
    return Advice(
        named=named,
        missing=tuple(one for one in asked if one not in named),
        vague=tuple(_vague(told)),
        broad=tuple(_broad(texts.get("title", ""), keywords, weights)),
        figures=tuple(dict.fromkeys(" ".join(one.text.split()) for one in demands(texts))),
        short=sum(map(len, told.values())) < SHORT,
    )


def _vague(texts: Mapping[TextField, str]) -> Iterator[str]:
    """Aims that no figure stands beside in their sentence, each once, at most five."""
    found: dict[str, None] = {}
    for name, text in texts.items():
        if name == "title":
            continue
        for start, end in sentences(text, longest=len(text) + 1):
            sentence = text[start:end]
            if _COMPARED.search(sentence):
                continue
            found.update((hit.group(), None) for hit in _AIM.finditer(sentence))
    yield from list(found)[:_MOST]


def _broad(title: str, keywords: tuple[str, ...], weights: Weights | None) -> Iterator[str]:
    """Keywords that say too little, and those of a title of which no word says more."""
    asked = [one for word in keywords for one in _SPLIT.split(word) if one]
    if weights is None:
        yield from dict.fromkeys(word for word in asked if _BROAD.fullmatch(word))
        return
    least = telling(weights)

    def says_little(word: str) -> bool:
        known = weights.holds(word)
        return bool(_BROAD.fullmatch(word)) or (known and weights.word_weight(word) < least)

    found = dict.fromkeys(word for word in asked if says_little(word))
    words = [word for word in weights.segmenter.words(title) if len(word) > 1]
    if words and all(says_little(word) for word in words):
        found.update(dict.fromkeys(words))
    yield from list(found)[:_MOST]
