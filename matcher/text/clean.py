"""Half-width, lower-case text in which every character stays where it was.

`clean(text)[i]` is the clean form of `text[i]`, so offsets found in clean text hold in the
original one.  What NFKC turns into several characters (`℃`, `㎜`) is left for `fold`."""

from functools import lru_cache
from unicodedata import normalize

_RANGES = ((0x21, 0x3400), (0xF900, 0xFB00), (0xFE10, 0xFFEF), (0x1D400, 0x1D800))
_ODD = {
    "–": "-", "‐": "-", "‑": "-", "−": "-", "〜": "~", "∼": "~",
    "≧": "≥", "≦": "≤", "⩾": "≥", "⩽": "≤", "﹥": ">", "﹤": "<", "\u00a0": " ", "\t": " ",
}  # fmt: skip


@lru_cache(maxsize=2)
def _table(*, lower: bool = True) -> dict[int, str]:
    table: dict[int, str] = {}
    for first, last in _RANGES:
        for code in range(first, last):
            before = chr(code)
            after = normalize("NFKC", before)
            after = after.lower() if lower else after
            if len(after) == 1 and after != before:
                table[code] = after
    # Chinese punctuation must keep its meaning as the end of a clause or sentence.
    for mark in "，；：！？。、（）":
        table.pop(ord(mark), None)
    table.update({ord(before): after for before, after in _ODD.items()})
    return table


def clean(text: str) -> str:
    """`text` half-width and lower-case, of the same length; idempotent."""
    return text.lower() if text.isascii() else text.translate(_table())


def narrow(text: str) -> str:
    """`text` half-width, of the same length, with its capitals and raised figures (`MPa` is not
    `mPa`, `10⁻⁶` not `10-6`); idempotent."""
    return text if text.isascii() else text.translate(_upright())


@lru_cache(maxsize=1)
def _upright() -> dict[int, str]:
    kept = {ord(mark) for mark in "⁰¹²³⁴⁵⁶⁷⁸⁹⁻⁺µ"}
    kept.update(range(0x2460, 0x2500))  # `①5mm` is not `15mm`
    return {code: mark for code, mark in _table(lower=False).items() if code not in kept}


def fold(token: str) -> str:
    """The spelling under which a scanned token is compared: `200°C` and `200℃` become one.

    May change the length, so it is for tokens, never for texts with offsets."""
    if token.isascii():
        return token
    return normalize("NFKC", token).lower().replace("°c", "℃").replace("°f", "℉")
