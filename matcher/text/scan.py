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
_COMPARATORS = "≥≤><±~"


def bare(token: str) -> str:
    """A quantity without its comparison sign: `≥200℃` gives `200℃`."""
    return token.lstrip(_COMPARATORS)
