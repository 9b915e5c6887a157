"""The invented world of the sample: universities, companies, people, numbers.

Nothing here exists.  Application numbers have serials that begin with 9 and publication numbers
lie in CN19…, CN29… and CN39…: the patent office has not given such numbers, so that no row can
be taken for a real patent.  Telephone numbers are 0000xxxx."""

from dataclasses import dataclass
from datetime import date, timedelta
from random import Random

SEED = "patent-matcher sample 1"
TODAY = date(2026, 11, 23)  # the day the sample was made; later publications do not exist yet
WEIGHTS = (2, 3, 4, 5, 6, 7, 8, 9, 2, 3, 4, 5)
CREDIT = "0123456789ABCDEFGHJKLMNPQRTUWXY"
ORGANISATION = (3, 7, 9, 10, 5, 8, 4, 2)


@dataclass(frozen=True, slots=True)
class University:
    """`addresses` are (postcode, address); the first names a park where there is one."""

    name: str
    province: str
    city: str
    district: str
    phone: str
    addresses: tuple[tuple[str, str], ...]


UNIVERSITIES = (
    University("嵩岚理工大学", "河南", "郑州市", "中原区", "0371", (
        ("450001", "河南省郑州市高新技术产业开发区云杉街100号"),
        ("450046", "河南省郑州市郑东新区兴澜路6号"),
        ("461100", "河南省许昌县尚集镇兴学路9号"))),
    University("汉澜工业大学", "湖北", "武汉市", "洪山区", "027", (
        ("430074", "湖北省武汉市东湖新技术开发区智汇路1037号"),
        ("430070", "湖北省武汉市洪山区楚望路88号"))),
    University("秦岳工程大学", "陕西", "西安市", "雁塔区", "029", (
        ("710077", "陕西省西安市高新区锦岳路58号"),
        ("710054", "陕西省西安市雁塔区雁岳路13号"),
        ("710300", "陕西省户县甘亭镇学府路2号"))),
    University("锦岷农工大学", "四川", "成都市", "郫都区", "028", (
        ("610065", "四川省成都市武侯区望竹路66号"),
        ("611731", "四川省成都市高新区西芯岷路20号"),
        ("611730", "四川省郫县犀浦镇兴岷路12号"))),
    University("齐岱科技大学", "山东", "济南市", "历下区", "0531", (
        ("250101", "山东省济南市高新区岱望路777号"),
        ("250014", "山东省济南市历下区岱西路205号"))),
    University("钱屿科技大学", "浙江", "杭州市", "钱塘区", "0571", (
        ("310018", "浙江省杭州市钱塘区学涛街588号"),
        ("311400", "浙江省富阳市受降镇学林路1号"))),
    University("栖麓大学", "江苏", "南京市", "栖霞区", "025", (
        ("210031", "江苏省南京市江北新区锦麓路3号"),
        ("210023", "江苏省南京市栖霞区文麓路9号"))),
    University("穗岭理工学院", "广东", "广州市", "番禺区", "020", (
        ("510663", "广东省广州市高新技术产业开发区科学城岭源路19号"),
        ("510006", "广东省广州市番禺区小谷围街道岭学路230号"))),
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Park:
    """`written` is how companies write it; `code` the district of registration (GB/T 2260)."""

    written: str
    region: str
    code: str
    phone: str


PARKS = (
    Park("郑州高新技术产业开发区", "河南省郑州市中原区", "410102", "0371"),
    Park("许昌经济技术开发区", "河南省许昌市建安区", "411003", "0374"),
    Park("东湖新技术开发区", "湖北省武汉市洪山区", "420111", "027"),
    Park("西安高新区", "陕西省西安市雁塔区", "610113", "029"),
    Park("成都高新技术产业开发区", "四川省成都市武侯区", "510107", "028"),
    Park("济南高新区", "山东省济南市历下区", "370102", "0531"),
    Park("宁波经济技术开发区", "浙江省宁波市北仑区", "330206", "0574"),
    Park("佛山高新技术产业开发区", "广东省佛山市南海区", "440605", "0757"),
    Park("苏州工业园区", "江苏省苏州市", "320500", "0512"),
    Park("长沙高新技术产业开发区", "湖南省长沙市岳麓区", "430104", "0731"),
    Park("合肥高新技术产业开发区", "安徽省合肥市蜀山区", "340104", "0551"),
    Park("洛阳高新技术产业开发区", "河南省洛阳市涧西区", "410305", "0379"),
)

# Need -> (park, company), one company a need.
COMPANIES = {
    "an01": (0, "河南岚膜新材料有限公司"), "an02": (10, "合肥皓硅储能材料有限公司"),
    "an03": (7, "佛山镍澄表面处理有限公司"), "an04": (6, "宁波梅屿果业有限公司"),
    "an05": (3, "陕西塬薄地膜有限公司"), "an06": (8, "苏州骨曜医疗器械有限公司"),
    "an07": (7, "佛山铝砚压铸有限公司"), "an08": (9, "湖南瓷峥电子材料有限公司"),
    "an09": (0, "郑州豆穗食品有限公司"), "an10": (5, "山东垒漆涂料有限公司"),
    "an11": (8, "苏州导澈医用制品有限公司"), "an12": (1, "许昌鸣坡蛋鸡养殖有限公司"),
    "an13": (10, "安徽循镧再生资源有限公司"), "an14": (10, "合肥茗筛机械有限公司"),
    "an15": (5, "济南酥禾食品有限公司"), "an16": (7, "佛山釉澜陶瓷洁具有限公司"),
    "an17": (4, "四川穗壤农业科技有限公司"), "an18": (9, "湖南珠沅水产养殖有限公司"),
    "an19": (1, "许昌丝缕发制品有限公司"), "an20": (9, "湖南焰湘烟花材料有限公司"),
    "bn01": (3, "西安增铂智造科技有限公司"), "bn02": (6, "宁波沐锃卫浴有限公司"),
    "bn03": (4, "成都铣澜精密机械有限公司"), "bn04": (7, "佛山织淼印染有限公司"),
    "bn05": (6, "宁波野帷户外用品有限公司"), "bn06": (11, "洛阳铸岑机械有限公司"),
    "bn07": (8, "苏州垚桩基础工程有限公司"), "bn08": (11, "河南煤屿瓦斯治理有限公司"),
    "bn09": (5, "山东泵汐流体设备有限公司"), "bn10": (0, "郑州麦炊食品有限公司"),
    "bn11": (3, "陕西杞烘农业装备有限公司"), "bn12": (10, "合肥焊垚汽车部件有限公司"),
    "bn13": (5, "山东棚果智能装备有限公司"), "bn14": (2, "武汉沥衢路面材料有限公司"),
    "bn15": (6, "宁波渔箔海洋装备有限公司"), "bn16": (8, "苏州旧缕环保科技有限公司"),
    "bn17": (2, "武汉饰泓汽车内饰有限公司"), "bn18": (6, "宁波针堇缝制设备有限公司"),
    "bn19": (8, "苏州轮彧童车配件有限公司"), "bn20": (7, "佛山洁漪智能洁具有限公司"),
    "cn01": (0, "河南储珩能源科技有限公司"), "cn02": (9, "长沙膜韧新能源材料有限公司"),
    "cn03": (11, "洛阳箔视铝业有限公司"), "cn04": (5, "济南凛机压缩机有限公司"),
    "cn05": (10, "合肥碳衡电力电子有限公司"), "cn06": (2, "武汉援甲安全装备有限公司"),
    "cn07": (7, "佛山瞳晴照明有限公司"), "cn08": (0, "郑州桩邻充电服务有限公司"),
    "cn09": (3, "西安暖廊热力工程有限公司"), "cn10": (1, "许昌板沐木业有限公司"),
    "cn11": (8, "苏州叉砾物流装备有限公司"), "cn12": (6, "宁波护缇智能穿戴有限公司"),
    "cn13": (6, "宁波听澜海洋电子有限公司"), "cn14": (2, "武汉氢篆动力有限公司"),
    "cn15": (6, "宁波注序塑业有限公司"), "cn16": (4, "成都切诊医疗科技有限公司"),
    "cn17": (3, "西安灼压传感技术有限公司"), "cn18": (1, "许昌竹珩豆制品有限公司"),
    "cn19": (11, "洛阳胎墨橡胶再生有限公司"), "cn20": (4, "成都塑楠地板有限公司"),
}  # fmt: skip
PARTNERS = {"a01": "河南岚膜新材料有限公司", "b48": "武汉砼枢结构技术有限公司",
            "c18": "汉澜芯湄（武汉）电子有限公司", "c41": "宁波护缇智能穿戴有限公司"}  # fmt: skip
_SURNAMES = "阚邸郦郜亓佘冼鄢逄隗昝麴璩晁苌幸郏宓娄诸"
_GIVEN = "砚澜垚岑彧泓缇堇珩曜淼峥箬梧谧榆溪岫蔚翊皓沅霁钧栩禾萱稷旻笙"


def dice(*words: str) -> Random:
    """A generator of its own for each purpose, so that one change does not move the others."""
    return Random(":".join((SEED, *words)))


def check_digit(digits: str) -> str:
    """ZC 0006-2003: weights 2-9, 2-5, modulo 11, X for 10."""
    return "0123456789X"[sum(int(d) * w for d, w in zip(digits, WEIGHTS, strict=True)) % 11]


def filing_number(year: int, kind: str, serial: int) -> str:
    """``CN202119000123.4``; `kind` is 1, 2 or 3."""
    digits = f"{year}{kind}9{serial:06d}"
    return f"CN{digits}.{check_digit(digits)}"


def credit_code(region: str, serial: int) -> str:
    """A valid GB 32100 code whose organisation code (GB 11714, XN…) has not been given."""
    body = f"XN{serial:06d}"
    total = sum((int(c, 36)) * w for c, w in zip(body, ORGANISATION, strict=True))
    code = "91" + region + body + "0123456789X0"[11 - total % 11]
    return code + CREDIT[-sum(CREDIT.index(c) * pow(3, i, 31) for i, c in enumerate(code)) % 31]


def people(key: str) -> list[str]:
    """Three to six invented inventors."""
    roll = dice("people", key)
    return [roll.choice(_SURNAMES) + "".join(roll.sample(_GIVEN, roll.choice((1, 2, 2))))
            for _ in range(roll.randint(3, 6))]  # fmt: skip


def gazette_day(day: date) -> date:
    """The next Tuesday or Friday, when the gazette appears."""
    while day.weekday() not in (1, 4):
        day += timedelta(days=1)
    return day
