"""Organisations: the kind of an applicant told from its name, and unified credit codes."""

import re
from functools import lru_cache
from typing import Literal

Kind = Literal["高校", "科研院所", "企业", "医院", "机关", "个人", "其他"]

_COMPANY = re.compile(
    "公司|集团(?!军)|企业|合作社|合伙|工作室|[^工]厂$|工厂|厂[(（]|事务所|银行$|酒店|饭店|药店|商行|商店|经营部|"
    "个体|加工[坊店点]|专业户|农场|林场|牧场|养殖场|种植园|苗圃|家庭|矿务局|供电局|电业局|供电所|电厂|"
    "(?:煤|铁|铜|金|油)矿$|油田$|株式会社|有限|股份|[商行版报]社$|服务部|维修部|门市部|销售部|经销部|设计部|联合体"
)
_FOREIGN_COMPANY = re.compile(
    r"\b(?:inc|ltd|llc|corp|corporation|company|co|gmbh|ag|kg|sa|s\.a|spa|bv|b\.v|nv|plc|oy|ab|as|kk|"
    r"limited|holdings?|group|technologies|industries|international)\b",
    re.IGNORECASE,
)
_FOREIGN_SCHOOL = re.compile(
    r"\b(?:universi\w*|college|school|polytechnic|caltech)\b", re.IGNORECASE
)
_FOREIGN_INSTITUTE = re.compile(
    r"\b(?:institut\w*|academy|laborator\w*|research cent\w+|fraunhofer|max-planck\w*)\b",
    re.IGNORECASE,
)
_HOSPITAL = re.compile(
    "医院|卫生院|保健院|医学中心$|医疗中心$|精神卫生中心|卫生服务中心|诊所|门诊部|急救中心|血液中心|血站|妇幼保健|防治院|防治所"
)
_SCHOOL = re.compile(
    "大学|(?<!科)学院|学校|中学|小学|幼儿园|高专|高等专科|党校|一中$|二中$|技校|电大$|教育中心|职教中心|职业教育|附中|中专"
)
_SCHOOL_LAST = re.compile("(?:大学|(?<!科)学院|学校)$")
_INSTITUTE = re.compile(
    "研究院|研究所|科学院|中科院|研究中心|实验室|设计院|勘察院|勘测院|规划院|勘探院|研究总院|设计总院|"
    "设计研究|研究室|工程院|技术中心|创新中心|研发中心|农科院|农科所|林科院|林科所|研究会|研究基地|"
    "科研所|预防控制中心|疾控中心|检测中心|检测院|检验院|检验所|质检院|计量院|计量测试|检测所|监测中心|监测站|试验站|实验站|推广站|推广中心|"
    "第[一二三四五六七八九十百零〇0-9]+(?:研究)?[所院]|[〇零一二三四五六七八九十0-9]{2,4}(?:研究)?所$|[0-9]{2,4}所$|"
    "科技创新院|技术院|创新院|技术研究|地质队|地质大队|调查中心|调查院|勘查院|气象台|天文台|植物园|博物馆|标准化院|测绘院"
)
_OFFICE = re.compile(
    "政府|委员会|管委会|管理局|监督局|公安|派出所|法院|检察院|海关|消防|总队|支队|大队|中队|部队|人民解放军|武警|"
    "税务局|财政局|气象局|水利局|农业局|林业局|教育局|环保局|环境局|知识产权局|市场监管|厅$|局$|部$|"
    "办公室$|街道办|居委会|村委会|海事|边防|监狱|国家版本|水文站|管理处|管理站|管理所|服务站|气象站"
)
_UNIVERSITY_FIRST = re.compile("^.{2,14}?(?:大学|(?<!科)学院)(?!路|城|街|园)")
_STRAY = re.compile(r"[\s?？;；*]+")
_SURNAMES = frozenset(
    "王李张刘陈杨黄赵吴周徐孙马朱胡郭何高林罗郑梁谢宋唐许韩冯邓曹彭曾肖田董袁潘于蒋蔡余杜叶程苏魏吕丁任沈姚卢姜崔"
    "钟谭陆汪范金石廖贾夏韦付方白邹孟熊秦邱江尹薛闫段雷侯龙史陶黎贺顾毛郝龚邵万钱严覃武戴莫孔向汤常温康施文牛樊葛邢"
    "安齐易乔伍庞颜倪庄聂章鲁岳翟殷詹申欧耿关兰焦俞左柳甘祝包宁尚符舒阮柯纪梅童凌毕单季裴霍涂成苗谷盛曲翁冉骆蓝路游"
    "辛靳欧阳管柴蒙鲍华喻祁蒲房滕屈饶解牟艾尤阳时穆农司卓古吉缪简车项连芦麦褚娄窦戚岑景党宫费卜冷晏席卫米柏宗瞿桂全"
    "佟应臧闵苟邬边卞姬师和仇栾隋商刁沙荣巫寇桑郎甄丛仲虞敖巩明佘池查麻苑迟邝官封谈匡鞠惠荆乐冀郁胥南班储原栗燕楚鄢"
    "劳谌奚皮粟冼蔺楼盘满闻位厉伊仝区郜海阚花权强帅屠豆朴盖练廉禹井祖漆巴丰支卿国狄平计索宣晋相初门云容敬来扈晁芮都"
    "普阙浦戈伏鹿薄邸雍辜羊阿乌母裘亓修邰赫杭况那宿鲜印逯隆茹诺战慕危玉银亢嵇公哈湛宾戎勾茅利於呼居揭干但尉冶斯元束"
    "檀衣信展赖阎闾荀阴昝智幸奉植衡富尧闭由"
)
_COMPOUND = re.compile("欧阳|司马|上官|诸葛|皇甫|东方|尉迟|公孙|慕容|令狐|司徒|夏侯|端木|申屠")
_HAN = re.compile(r"[一-鿿]{2,4}")
_TRANSLITERATED = re.compile(r"[A-Z一-鿿][一-鿿A-Z.\-]*(?:[·•・.．]\s?[A-Z一-鿿][一-鿿A-Za-z\-]*)+")
_LATIN_PERSON = re.compile(r"[A-Z][A-Za-z'’\-.]+(?:,? [A-Z][A-Za-z'’\-.]*){1,3}")


@lru_cache(maxsize=65536)
def kind_of(name: str) -> Kind:
    """Kind of an applicant. Of several signs the one that names the legal person counts.

    A hospital of a university is 医院; an institute that begins with a university's name
    (``某某大学深圳研究院``) is 高校, any other 科研院所; a company is 企业 whoever owns it.
    """
    if name.endswith("公司"):  # what the rules below come to, for most applicants there are
        return "企业"
    name = _STRAY.sub(" ", name).strip()
    if not name:
        return "其他"
    if name.endswith("公司"):
        return "企业"
    if name.isascii():
        return _latin(name)
    if _SCHOOL_LAST.search(name):
        return "高校"
    if _COMPANY.search(name):
        return "企业"
    if _HOSPITAL.search(name) and not name.endswith(("大学", "学院", "研究院", "研究所")):
        return "医院"
    if _SCHOOL.search(name):
        return "科研院所" if _of_academy(name) else "高校"
    if _INSTITUTE.search(name):
        return "科研院所"
    if _OFFICE.search(name):
        return "机关"
    return "个人" if _person(name) else _rest(name)


def _of_academy(name: str) -> bool:
    """``中国科学院大学`` is a university, ``中国科学院某某学院创新中心`` an academy's institute."""
    if _UNIVERSITY_FIRST.match(name):
        return False
    return _INSTITUTE.search(name) is not None


def _latin(name: str) -> Kind:
    if _FOREIGN_SCHOOL.search(name):
        return "高校"
    if _FOREIGN_COMPANY.search(name):
        return "企业"
    if _FOREIGN_INSTITUTE.search(name):
        return "科研院所"
    return "个人" if _LATIN_PERSON.fullmatch(name) else "其他"


def _person(name: str) -> bool:
    bare = re.sub(r"\s", "", name)
    if _HAN.fullmatch(bare):
        limit = 4 if _COMPOUND.match(bare) else 3
        return bare[0] in _SURNAMES and len(bare) <= max(limit, 3 + (bare[1] in _SURNAMES))
    return _TRANSLITERATED.fullmatch(name) is not None


def _rest(name: str) -> Kind:
    if name.endswith(("厂", "社", "店", "行", "坊")):
        return "企业"
    if name.endswith(("所", "院", "站", "中心")):
        return "科研院所"
    if name.endswith(("局", "处", "部", "队", "委", "办")):
        return "机关"
    return "其他"


_CREDIT = "0123456789ABCDEFGHJKLMNPQRTUWXY"
_CREDIT_CODE = re.compile(
    f"(?<![0-9A-Z])[0-9A-HJ-NP-RTUW-Y]{{2}}\\d{{6}}[{_CREDIT}]{{10}}(?![0-9A-Z])"
)


@lru_cache(maxsize=16384)
def credit_code(text: str) -> str | None:
    """The unified social credit code (GB 32100-2015) in ``text``; ``None`` without a valid one.

    Eighteen characters; the last is 31 minus the sum of the others' values times 3^i, modulo 31.
    """
    hit = _CREDIT_CODE.search(re.sub(r"[\s\-]", "", text).upper())
    if hit is None:
        return None
    code = hit.group()
    total = sum(_CREDIT.index(char) * pow(3, i, 31) for i, char in enumerate(code[:17]))
    return code if _CREDIT[-total % 31] == code[17] else None
