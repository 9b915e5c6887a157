"""Finds what must stay whole before Chinese is segmented: Latin words, codes, quantities.

`7075-T6`, `≥200℃`, `Al2O3`, `PD-1`, `0.5MPa`, `5G`, `H.264`, `20~50℃`, `g/cm3`.  Works on clean
text (see `clean`)."""

import re

_LETTER = "a-zα-ωа-я"
_SIGN = "[%‰℃℉]"
_BODY = rf"(?:[\d{_LETTER}°′″㎀-㏟²³]|[-./~×*:_](?=[\d{_LETTER}]))"
TOKEN = re.compile(
    rf"[≥≤><±~]?\d{_BODY}*(?:{_SIGN}(?:[-/~×](?=[\d{_LETTER}]){_BODY}+{_SIGN}?)*)?"
    rf"|[{_LETTER}](?:[\d{_LETTER}]|[-._'](?=[\d{_LETTER}]))*(?:\+\+|\+|#)?"
)
HAN = re.compile(r"[\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff\U00020000-\U0003ffff々〇]+")
ELEMENTS = frozenset(
    "氢氦锂铍硼碳氮氧氟氖钠镁铝硅磷硫氯氩钾钙钪钛钒铬锰铁钴镍铜锌镓锗砷硒溴氪铷锶钇锆铌钼钌铑钯银镉"
    "铟锡锑碲碘氙铯钡镧铈镨钕钐铕钆铽镝钬铒铥镱镥铪钽钨铼锇铱铂汞铊铅铋铀钍"
)
_COMPARATORS = "≥≤><±~"


def bare(token: str) -> str:
    """A quantity without its comparison sign: `≥200℃` gives `200℃`."""
    return token.lstrip(_COMPARATORS)


def is_han(token: str) -> bool:
    """Whether a word is a Han word and not a scanned token."""
    return token[0] >= "\u3400"
