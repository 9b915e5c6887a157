"""Units of Chinese technical text: spelling → dimension and factor.

A unit is a product of atoms (`W/(m·K)`, `公斤/立方米`, `mAh/g`), so some 200 spellings of atoms
give thousands of units.  Why not pint: docs/decisions/0010-quantities.md."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache

from matcher.text.clean import narrow

Powers = tuple[tuple[str, int], ...]


@dataclass(frozen=True, slots=True)
class Unit:
    """`value * factor + offset` is the value in the base of `dimension` (`kg·m-3`, `K` in ℃)."""

    dimension: str
    factor: float
    offset: float = 0.0


_LENGTH, _MASS, _TIME = "m", "kg", "s"
_FORCE, _PRESSURE, _ENERGY, _POWER = "kg m s-2", "kg m-1 s-2", "kg m2 s-2", "kg m2 s-3"
_VOLT, _OHM, _SIEMENS = "kg m2 s-3 A-1", "kg m2 s-3 A-2", "kg-1 m-2 s3 A2"
_PREFIXES = {
    "": 1.0, "k": 1e3, "M": 1e6, "G": 1e9, "m": 1e-3, "μ": 1e-6, "µ": 1e-6, "u": 1e-6, "n": 1e-9,
    "p": 1e-12,
}  # fmt: skip
_HAN = {"": 1.0, "千": 1e3, "兆": 1e6, "吉": 1e9, "毫": 1e-3, "微": 1e-6, "纳": 1e-9}
# symbol, what it is, its size: these take every prefix
_SYMBOLS = (
    ("m", _LENGTH, 1.0), ("g", _MASS, 1e-3), ("s", _TIME, 1.0), ("A", "A", 1.0),
    ("mol", "mol", 1.0), ("N", _FORCE, 1.0), ("Pa", _PRESSURE, 1.0), ("J", _ENERGY, 1.0),
    ("W", _POWER, 1.0), ("V", _VOLT, 1.0), ("VA", _POWER, 1.0), ("Ω", _OHM, 1.0),
    ("Hz", "s-1", 1.0), ("L", "m3", 1e-3), ("l", "m3", 1e-3), ("Wh", _ENERGY, 3600.0),
    ("W·h", _ENERGY, 3600.0), ("Ah", "A s", 3600.0), ("A·h", "A s", 3600.0),
    ("eV", _ENERGY, 1.602176634e-19), ("bps", "bit s-1", 1.0), ("bar", _PRESSURE, 1e5),
    ("Gy", "m2 s-2", 1.0), ("cd", "cd", 1.0), ("Da", "Da", 1.0),
)  # fmt: skip
_HAN_SYMBOLS = (
    ("米", _LENGTH, 1.0), ("克", _MASS, 1e-3), ("秒", _TIME, 1.0), ("安", "A", 1.0),
    ("牛", _FORCE, 1.0), ("牛顿", _FORCE, 1.0), ("帕", _PRESSURE, 1.0), ("焦", _ENERGY, 1.0),
    ("焦耳", _ENERGY, 1.0), ("瓦", _POWER, 1.0), ("瓦时", _ENERGY, 3600.0), ("伏", _VOLT, 1.0),
    ("伏安", _POWER, 1.0), ("欧", _OHM, 1.0), ("欧姆", _OHM, 1.0), ("赫兹", "s-1", 1.0),
    ("赫", "s-1", 1.0), ("升", "m3", 1e-3), ("摩尔", "mol", 1.0), ("安时", "A s", 3600.0),
)  # fmt: skip
# spellings, what they are, their size
_OTHERS = (
    ("cm 厘米 公分 ㎝", _LENGTH, 1e-2), ("dm 分米", _LENGTH, 1e-1), ("公里 km ㎞", _LENGTH, 1e3),
    ("Å", _LENGTH, 1e-10), ("㎜", _LENGTH, 1e-3), ("㎛ μ µ 微米", _LENGTH, 1e-6),
    ("㎚", _LENGTH, 1e-9), ("英寸 吋 inch", _LENGTH, 0.0254), ("公斤 kg KG Kg ㎏", _MASS, 1.0),
    ("t 吨 公吨", _MASS, 1e3), ("斤", _MASS, 0.5), ("㎎", _MASS, 1e-6),
    ("min 分钟 分 Min", _TIME, 60.0), ("h hr 小时 时", _TIME, 3600.0),
    ("d 天 日", _TIME, 86400.0), ("星期", _TIME, 604800.0), ("周", "周", 1.0),
    ("个月", _TIME, 2629800.0), ("年 a", _TIME, 31557600.0),
    ("% wt% wt.% vol% mol% at% 质量% 重量% 体积% ％ 个百分点", "1", 1e-2), ("‰", "1", 1e-3),
    ("ppm PPM", "1", 1e-6), ("ppb", "1", 1e-9), ("倍", "倍", 1.0),
    ("份 重量份 质量份", "份", 1.0), ("%RH %rh", "%RH", 1.0), ("° 角度", "°", 1.0),
    ("′ 角分", "°", 1 / 60), ("″ 角秒", "°", 1 / 3600), ("rad", "°", 57.29577951308232),
    ("㎡ 平方米 平米 平方", "m2", 1.0), ("平方厘米 ㎠", "m2", 1e-4), ("平方毫米", "m2", 1e-6),
    ("平方公里", "m2", 1e6), ("亩", "m2", 2000 / 3), ("公顷", "m2", 1e4),
    ("立方米 m³ ㎥ 立方", "m3", 1.0), ("立方厘米 cc", "m3", 1e-6), ("立方毫米", "m3", 1e-9),
    ("rpm RPM r/min r/m 转/分 转/分钟 转/min 转每分 转每分钟", "rev s-1", 1 / 60),
    ("r 转 圈", "rev", 1.0), ("次", "次", 1.0), ("目", "目", 1.0), ("级", "级", 1.0),
    ("像素", "px", 1.0), ("ions", "次", 1.0), ("帧 fps", "帧 s-1", 1.0),
    ("dB dBA dB(A) 分贝 db DB", "dB", 1.0), ("dBm", "dBm", 1.0), ("dBi", "dBi", 1.0),
    ("lx lux", "lx", 1.0), ("lm 流明", "lm", 1.0), ("nit nits", "cd m-2", 1.0), ("T", "T", 1.0),
    ("mT", "mT", 1.0), ("Oe", "Oe", 1.0), ("Gs", "Gs", 1.0), ("C", "C", 1.0), ("HRC", "HRC", 1.0),
    ("HRB", "HRB", 1.0), ("HV", "HV", 1.0), ("HB HBW", "HB", 1.0), ("HRA", "HRA", 1.0),
    ("HA", "HA", 1.0), ("HL", "HL", 1.0), ("大卡 kcal 千卡", _ENERGY, 4184.0),
    ("cal 卡", _ENERGY, 4.184), ("kgf 公斤力", _FORCE, 9.80665), ("度电", _ENERGY, 3.6e6),
    ("马力", _POWER, 735.49875), ("℃/s", "K s-1", 1.0), ("cN", _FORCE, 1e-2),
    ("dtex", "kg m-1", 1e-7), ("tex", "kg m-1", 1e-6), ("旦", "kg m-1", 1 / 9e6),
    ("atm 大气压", _PRESSURE, 101325.0), ("psi", _PRESSURE, 6894.757),
    ("Torr mmHg", _PRESSURE, 133.322), ("P", "P", 1.0), ("cP cp 厘泊", "kg m-1 s-1", 1e-3),
    ("cSt", "m2 s-1", 1e-6), ("Bq", "Bq", 1.0), ("bit", "bit", 1.0), ("GB", "bit", 8e9),
    ("MB", "bit", 8e6), ("TB", "bit", 8e12), ("MB/s", "bit s-1", 8e6), ("dpi", "dpi", 1.0),
    ("CFU cfu", "CFU", 1.0), ("IU U", "IU", 1.0), ("bp", "bp", 1.0), ("kb", "bp", 1e3),
    ("M mol/L", "mol m-3", 1e3), ("mM", "mol m-3", 1.0), ("μM uM", "mol m-3", 1e-3),
    ("ha", "m2", 1e4), ("F", "F", 1.0), ("S", _SIEMENS, 1.0), ("mS", _SIEMENS, 1e-3),
    ("μS uS", _SIEMENS, 1e-6), ("株 粒 头 只 件 片 个 台 支 根 张 条 只 枚", "件", 1.0),
)  # fmt: skip
_DEGREES = (
    ("℃ °C °c oC 摄氏度 ºC", 1.0, 0.0), ("℉ °F", 5 / 9, -160 / 9), ("K", 1.0, -273.15),
)  # fmt: skip
# As people type them: the capital that they mean.
_TYPED = {
    "MPa": "Mpa mpa MPA", "kPa": "Kpa KPa KPA kpa", "GPa": "Gpa gpa GPA", "Pa": "pa",
    "kW": "KW Kw kw", "kV": "KV Kv kv", "kHz": "KHz KHZ Khz khz", "MHz": "MHZ Mhz mhz",
    "GHz": "GHZ Ghz ghz", "Hz": "HZ hz", "mm": "MM", "cm": "CM", "mL": "ML", "kN": "KN Kn kn",
    "kJ": "KJ Kj kj", "kVA": "KVA kva", "kWh": "KWh KWH kwh Kwh", "W": "w", "V": "v", "N": "n",
    "min": "MIN", "mol": "Mol", "mAh": "mah MAH", "km": "KM", "kΩ": "KΩ", "K": "k",
}  # fmt: skip
_ONLY_JOINED = frozenset(
    {"K", "k", "M", "F", "S", "U", "P", "a", "H", "l", "r", "n", "C", "d", "v", "w"}
    | set("′″株粒头只件片个台支根张条枚日时")
)
_NOT_AFTER = {
    "天": "然津窗线花", "分": "散子为离别布级解成支之析组段类配体化辨层", "升": "高级降温华压至",
    "米": "粉饭糠", "安": "全徽装阳置", "度": "假", "目": "的标前录",
    "转": "化移换动变速让向矩子炉", "次": "要氯数级磷品序", "秒": "杀", "级": "别联",
    "年": "月度产来轻龄", "克": "服隆", "份": "额", "倍": "数率频增", "牛": "奶肉场", "斤": "顶",
    "A": "级区类型股座栋轮景", "V": "型级形", "L": "型形", "周": "期边围长向龄",
    "欧": "洲盟", "焦": "化炭点油", "帕": "金", "瓦": "斯", "伏": "打", "卡": "口车片扣",
    "立方": "体", "平方": "根", "N": "不钢型级",
}  # fmt: skip


def _powers(text: str) -> dict[str, int]:
    found = {}
    for token in text.split():
        name, power = re.fullmatch(r"(.*?)(-?\d)?", token).groups()  # type: ignore[union-attr]
        found[name or token] = int(power) if name and power else 1
    return {} if text == "1" else found


def _atoms() -> Iterator[tuple[str, Powers, float]]:
    for symbols, prefixes in ((_SYMBOLS, _PREFIXES), (_HAN_SYMBOLS, _HAN)):
        for symbol, kind, size in symbols:
            for prefix, times in prefixes.items():
                yield prefix + symbol, tuple(_powers(kind).items()), times * size
    for spellings, kind, size in _OTHERS:
        for spelling in spellings.split(" "):
            yield spelling, tuple(_powers(kind).items()), size
    for spellings, size, _ in _DEGREES:
        for spelling in spellings.split(" "):
            yield spelling, (("K", 1),), size


@lru_cache(maxsize=1)
def _table() -> dict[str, tuple[Powers, float]]:
    table = {spelling: (powers, size) for spelling, powers, size in _atoms()}
    for meant, typed in _TYPED.items():
        table.update({spelling: table[meant] for spelling in typed.split(" ")})
    table["度"] = ((("度", 1),), 1.0)
    return {narrow(spelling): found for spelling, found in table.items()}


_EXPONENT = r"(?:(?<=[A-Za-z米])(?:\^?-?[1-4](?!\d)|⁻?[¹²³⁴]))"


@lru_cache(maxsize=1)
def pattern() -> str:
    """A regular expression, without groups, that finds a unit in narrow text."""

    def alternatives(spellings: list[str]) -> str:
        ranked = sorted(set(spellings), key=lambda one: (-len(one), one))
        guarded = [
            re.escape(one)
            + ("(?![A-Za-z])" if one[-1].isascii() and one[-1].isalpha() else "")
            + (f"(?![{_NOT_AFTER[one]}])" if _NOT_AFTER.get(one) else "")
            for one in ranked
        ]
        return "|".join(guarded)

    # In a product a symbol stands before another without a mark (`kWh` is its own atom).
    every = f"(?:{alternatives(list(_table()))}){_EXPONENT}?"
    alone = f"(?:{alternatives([one for one in _table() if one not in _ONLY_JOINED])}){_EXPONENT}?"
    below = rf"(?:[(（]{every}(?:[·.*⋅•]{every})*[)）]|{every})"
    tail = rf"(?:\s?(?:/|每){below}|[·.*⋅•]{every})"
    return rf"(?:{every}{tail}+|{alone})(?![A-Za-z0-9])"


_ATOM = re.compile(r"([^\s/·*⋅•()\d^⁻¹²³⁴-]+(?:\(A\))?)(\^?-?[1-4]|⁻?[¹²³⁴])?")
_PLAIN = str.maketrans({"每": "/", " ": "", "（": "(", "）": ")"})
_RAISED = str.maketrans("⁻¹²³⁴", "-1234")


@lru_cache(maxsize=4096)
def unit(spelling: str) -> Unit | None:
    """The unit of a spelling, full or half width, or None when it is none."""
    spelling = narrow(spelling).translate(_PLAIN)
    whole = _table().get(spelling)
    if whole is not None:
        return _named(dict(whole[0]), whole[1], _offset(spelling))
    powers: dict[str, int] = {}
    factor, sign = 1.0, 1
    for piece in re.split(r"(/)", spelling):
        if piece == "/":
            sign = -1
            continue
        for name, raised in _ATOM.findall(piece.replace(".", "·") if "wt." not in piece else piece):
            atom = _table().get(name)
            if atom is None:
                return None
            power = sign * int(raised.lstrip("^").translate(_RAISED) or 1)
            factor *= float(atom[1]) ** power
            for base, own in atom[0]:
                powers[base] = powers.get(base, 0) + own * power
    return _named(powers, factor, 0.0) if powers else None


def _offset(spelling: str) -> float:
    return next((add for names, _, add in _DEGREES if spelling in narrow(names).split(" ")), 0.0)


def _named(powers: dict[str, int], factor: float, offset: float) -> Unit:
    kept = sorted((base, power) for base, power in powers.items() if power)
    told = "·".join(base if power == 1 else f"{base}{power}" for base, power in kept)
    return Unit(told or "1", factor, offset)
