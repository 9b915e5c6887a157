"""Cases as the rows of each vendor's export: lists of cells, header first, dirt by itself."""

from datetime import date
from typing import Any

from cases import LICENSED, PLEDGED, Case
from invented import TODAY, check_digit, dice

Cell = str | int | float | date | None
Rows = list[list[Cell]]

# ------------------------------------------------------------------------------------- gazette
GAZETTE = [
    "公开（公告）号", "公开（公告）日", "申请日", "名称", "专利类型", "公告类型",
    "申请（专利权）人", "地址", "分类号",
]  # fmt: skip
NO_TITLE: list[Cell] = [
    "CN199990001A", "2025.03.04", "2024.08.20", "", "发明", "公开", "齐岱科技大学",
    "250014山东省济南市历下区岱西路205号", "C02F1/44(2023.01)I",
]  # fmt: skip


def gazette(case: Case, *, first: bool = False, repeats: bool = False) -> list[Cell]:
    """`first`: the application's publication though a grant exists; `repeats`: 申请日 shows the
    publication date again, as the gazette's crawl does for 公开."""
    opened = case.kind == "发明" and (first or case.granted is None)
    day = case.published if opened else case.latest_day
    return [
        case.early if opened else case.latest,
        dotted(day),
        dotted(day if opened and repeats else case.filed),
        case.title,
        case.kind,
        "公开" if opened else "授权",
        ";".join(case.owners),
        case.postcode + case.address,
        case.locarno or ";".join(f"{symbol}(2006.01)I" for symbol in case.symbols),
    ]


def dotted(day: date) -> str:
    return day.strftime("%Y.%m.%d")


# ------------------------------------------------------------------------------------- incoPat
INCOPAT = [
    "序号", "标题 (中文)", "标题 (英文)", "摘要 (中文)", "摘要 (英文)", "申请人",
    "公开（公告）号", "公开（公告）日", "申请号", "申请日", "公开类型", "专利类型", "公开国别",
    "标题（小语种原文）", "首项权利要求-中文", "用途", "IPC主分类-小组", "IPC", "洛迦诺分类号",
    "CPC", "国民经济行业(主)", "新兴产业(主)", "学科分类", "预估到期日", "申请人类型",
    "申请人地址", "申请人省市代码", "中国申请人地市", "中国申请人区县", "工商统一社会信用代码",
    "标准化当前专利权人", "当前专利权人", "发明人", "第一发明(设计)人", "发明(设计)人数量",
    "代理机构", "专利有效性", "当前法律状态", "授权公告日", "转让次数", "许可次数", "质押次数",
    "诉讼次数", "家族被引证次数", "DWPI标题",
]  # fmt: skip
# Industry columns of the export, for some symbols only: the others are derived by the importer.
_INDUSTRY = {"H01M": "C3841", "H02M": "C3824", "A23L": "C14", "D06P": "C1713", "E21F": "B0610",
             "B24B": "C3425", "G06T": "I6513", "C09D": "C2641", "F04D": "C3441"}  # fmt: skip
_EVENT = {"有效": "授权", "审中": "实质审查"}


def incopat(case: Case, at: int) -> list[Cell]:
    cells: dict[str, Cell] = {
        "序号": at,
        "标题 (中文)": case.title,
        "摘要 (中文)": case.text["abstract"],
        "申请人": "; ".join(case.owners),
        "公开（公告）号": case.latest,
        "公开（公告）日": case.latest_day,
        "申请号": case.number,
        "申请日": case.filed,
        "公开类型": "授权" if case.granted else "公开",
        "专利类型": case.kind,
        "公开国别": "中国",
        "首项权利要求-中文": case.text["first_claim"] or None,
        "洛迦诺分类号": case.locarno or None,
        "申请人类型": "大专院校; 企业" if case.partner else "大专院校",
        "申请人地址": f"{case.postcode} {case.address}",
        "申请人省市代码": case.university.province,
        "中国申请人地市": case.university.city,
        "当前专利权人": "; ".join(case.owners),
        "发明人": "; ".join(case.inventors),
        "第一发明(设计)人": case.inventors[0],
        "发明(设计)人数量": len(case.inventors),
        "专利有效性": case.validity,
        "当前法律状态": case.ended or _EVENT[case.validity],
        "授权公告日": case.granted,
        "转让次数": 0,
        "许可次数": int(case.key in LICENSED),
        "质押次数": int(case.key in PLEDGED),
    }
    if case.symbols:
        cells["IPC主分类-小组"] = case.symbols[0]
        cells["IPC"] = "; ".join(case.symbols)
        cells["国民经济行业(主)"] = _INDUSTRY.get(case.symbols[0][:4])
    if at % 3 == 0 and case.granted and not case.ended:
        cells["预估到期日"] = expiry(case)
    return [cells.get(name) for name in INCOPAT]


def expiry(case: Case) -> date:
    years = {"发明": 20, "实用新型": 10, "外观设计": 15}[case.kind]
    return date(case.filed.year + years, case.filed.month, min(case.filed.day, 28))


def stranger(**cells: Cell) -> list[Cell]:
    """An incoPat row that belongs to no case."""
    base: dict[str, Cell] = {"专利类型": "发明", "公开国别": "中国", "专利有效性": "审中"}
    return [{**base, **cells}.get(name) for name in INCOPAT]


# ------------------------------------------------------------------------------------- PatSnap
PATSNAP = [
    "序号", "公开(公告)号", "申请号", "标题", "摘要", "摘要附图", "申请日", "公开(公告)日",
    "授权日", "专利类型", "受理局", "法律状态/事件", "简单法律状态", "[标]当前申请(专利权)人",
    "[标]原始申请(专利权)人", "当前申请(专利权)人地址", "当前申请(专利权)人州/省",
    "当前申请(专利权)人地市", "发明人", "发明人数量", "IPC分类号", "IPC主分类号", "LOC分类号",
    "独立权利要求", "许可次数", "被引用专利数量", "[标]技术问题短语", "备注",
]  # fmt: skip
_EPOCH = date(1899, 12, 30)


def patsnap(case: Case, at: int, *, first: bool = False) -> list[Cell]:
    """Every fourth row bears Excel serial numbers for dates."""
    opened = first or case.granted is None
    show = _serial if at % 4 == 0 else _iso
    title = {"发明": "发明申请" if opened else "授权发明"}.get(case.kind, case.kind)
    cells: dict[str, Cell] = {
        "序号": at,
        "公开(公告)号": case.early if opened else case.latest,
        "申请号": case.number,
        "标题": case.title,
        "摘要": case.text["abstract"],
        "申请日": show(case.filed),
        "公开(公告)日": show(case.published if opened else case.latest_day),
        "授权日": show(case.granted) if case.granted else None,
        "专利类型": title,
        "受理局": "中国",
        "法律状态/事件": _events(case),
        "简单法律状态": case.validity,
        "[标]当前申请(专利权)人": " | ".join(case.owners),
        "[标]原始申请(专利权)人": case.university.name,
        "当前申请(专利权)人地址": case.address,
        "当前申请(专利权)人州/省": case.university.province,
        "当前申请(专利权)人地市": case.university.city,
        "发明人": " | ".join(case.inventors),
        "发明人数量": len(case.inventors),
        "IPC分类号": " | ".join(case.symbols) or None,
        "IPC主分类号": case.symbols[0] if case.symbols else None,
        "LOC分类号": case.locarno or None,
        "独立权利要求": case.text["first_claim"] or None,
        "许可次数": int(case.key in LICENSED),
    }
    return [cells.get(name) for name in PATSNAP]


def _iso(day: date) -> Cell:
    return day.isoformat()


def _serial(day: date) -> Cell:
    return (day - _EPOCH).days


def _events(case: Case) -> str:
    events = ["公开", "实质审查"] if case.kind == "发明" else []
    if case.granted:
        events.append("授权")
    if case.key in LICENSED:
        events.append("许可")
    if case.ended:
        events.append(case.ended)
    return " | ".join(events)


# ---------------------------------------------------------------------------- stock-taking sheet
TRANSFER = [
    "序号", "专利名称", "申请号", "授权公告号", "专利权人", "学院", "发明人", "技术成熟度",
    "转化方式", "许可方式", "许可费(万元)", "支付方式", "先使用后付费", "是否财政资助项目形成",
    "实施状态", "自评", "应用场景", "联系方式", "密级",
]  # fmt: skip
_OFFERS = (
    ("许可", "普通许可", "5-10", "一次性"),
    ("转让；许可", "独占许可", "30-50", "一次性"),
    ("许可", "开放许可", "3", "一次性"),
    ("许可", "排他许可", "20", "入门费加提成"),
    ("转让", "", "60", "一次性"),
    ("许可；作价入股", "普通许可", "入门费5万+销售额3%提成", "入门费加提成"),
    ("作价入股", "", "面议", ""),
)
SECRET: list[Cell] = [
    None, "本行演示密级为不入库的成果，不含技术内容", None, None, "秦岳工程大学", "机械工程学院",
    None, None, "许可", None, None, None, None, None, None, None, None, None, "不入库",
]  # fmt: skip


def transfer(case: Case, at: int) -> list[Cell]:
    """What the centre itself knows; the number is written as centres write it."""
    roll = dice("transfer", case.key)
    mode, licence, price, payment = roll.choice(_OFFERS)
    bare = case.number[2:]
    trl: Any = case.text["trl"]
    return [
        at,
        case.title,
        roll.choice((case.number, bare, bare.replace(".", ""), "ZL" + bare)),
        case.latest if case.granted else None,
        "；".join(case.owners),
        case.text["college"],
        "、".join(case.inventors),
        roll.choice((f"TRL{trl}", f"{trl}级", trl)) if trl else None,
        mode,
        licence,
        price,
        payment,
        "是" if "许可" in mode and roll.random() < 0.5 else "否",
        roll.choice(("是", "是", "否")),
        roll.choice(("未实施", "未实施", "已实施", "小规模试用")),
        roll.choice(("A类", "A类", "B类", "B类", "C类")),
        case.text["scene"] or None,
        f"技术转移中心 {case.university.phone}-0000{roll.randrange(10000):04d}",
        roll.choice(("公开",) * 8 + ("脱敏", "授权可见")),
    ]


def wrong_check(number: str) -> str:
    """The number with a check digit that is one too high."""
    digits = number[2:14]
    right = "0123456789X".index(check_digit(digits))
    return f"CN{digits}.{'0123456789X'[(right + 1) % 11]}"


def full_width(number: str) -> str:
    """ＣＮ２０２１…．７, as typed with a Chinese keyboard."""
    return "".join(chr(ord(char) + 0xFEE0) for char in number)


FOOTER = f"数据来源：样例数据，{TODAY.isoformat()} 由 build_sample.py 生成，全部为虚构"
