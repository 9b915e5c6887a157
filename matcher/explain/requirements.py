"""What a query demands by name or number: quantities, codes and telling words."""

import re
from collections import Counter
from collections.abc import Iterable, Mapping
from math import log

from matcher.explain.weights import Weights
from matcher.records import TextField
from matcher.text.clean import clean
from matcher.text.sentences import sentences

_UNIT = (
    "(?:℃|°[CcFf]?|%|％|‰|[a-zA-Zμµ]{1,6}(?:[/·][a-zA-Z]{1,4}[23²³]?)?[23²³]?|"
    "(?:毫|微|纳|千|兆|厘|分)?(?:米|克|升|瓦|伏|安|帕|赫兹|秒)|"
    "吨|公斤|公里|年|个月|小时|分钟|天|次|目|倍|度|转|克拉|立方米)"
)
_SIGNS = "≥≤><＞＜≧≦±"
QUANTITY = re.compile(
    rf"(?:[{_SIGNS}]|(?:不低于|不小于|不大于|不高于|不超过|不少于|大于等于|小于等于|大于|小于|高于|低于|超过"
    rf"|达到|提高|降低|减少|缩短|至少))\s?"
    rf"\d+(?:\.\d+)?(?:\s?[-~～—至到]\s?\d+(?:\.\d+)?)?\s?"
    rf"(?P<unit>{_UNIT}(?:/(?:{_UNIT}|立方厘米|平方厘米))?)?(?:以上|以下|以内)?"
    rf"|\d+(?:\.\d+)?(?:\s?[-~～—至到]\s?\d+(?:\.\d+)?)?\s?(?P<late>{_UNIT})(?:以上|以下|以内)"
)
_OTHER = re.compile(r"[万亿]?元|平方米|平米|㎡|亩|人|家|项")
_SUBJECT = re.compile(r"(?:^|[^\u4e00-\u9fffA-Za-z0-9]|[的其])([\u4e00-\u9fffA-Za-z]{2,9})$")
_LEAD = re.compile(r"^(?:在|将|使|其|对|把|下|并|且|和|及|要求|需要|保证|保持|实现)+")
_NUMBER = re.compile(r"\d+(?:\.\d+)?")
_SELF = re.compile(r"公司|我司|我厂|集团|企业|厂房|员工|职工|销售收入|注册资|专利\d|荣获|认定为")
_BARE_UNITS = frozenset(
    {"mm", "cm", "dm", "km", "um", "nm", "mg", "kg", "ml", "kw", "mw", "kv", "kwh", "mpa", "kpa"}
    | {"pa", "hz", "khz", "mhz", "ghz", "db"}
)
_MEASURED = re.compile(r"\d[\d.~-]*(?!d$|g$)[a-zμω%℃°]{1,3}[23]?")
_MOST = 2


def quantities(text: str) -> list[str]:
    """Quantities the text demands (`≥200℃`, `收率提高3%以上`), as written with what they are
    of where that is short, in order, without blanks, each once; sums of money are left out."""
    found: dict[str, None] = {}
    for match in QUANTITY.finditer(text):
        named = match["unit"] or match["late"] or match[0][0] in _SIGNS
        if named and not _OTHER.match(text, match.end()):
            start = match.start()
            before = _SUBJECT.search(text, max(0, start - 10), start)
            if before:
                start = before.start(1)
            subject = _LEAD.sub("", text[start : match.start()])
            found["".join((subject + match[0]).split())] = None
    return list(found)


def demanded(query: Mapping[TextField, str], weights: Weights) -> tuple[str, ...]:
    """The telling words of a query as written there first, most telling first:
    `(1 + ln count) * idf`, half as much again when the title says them; ties by the word.

    A word that no text of the corpus holds counts only when it is a code (`7075-T6`): the rest
    are mostly names and slips of the segmenter.  What a company says of itself is passed over."""
    counts: Counter[str] = Counter()
    shown: dict[str, str] = {}
    for name, text in query.items():
        told = text if name == "title" else technical(text)
        for word, start, end in weights.segmenter.spans(told):
            counts[word] += 1
            shown.setdefault(word, told[start:end])
    title = set(weights.segmenter.words(query.get("title", "")))
    least = telling(weights)
    rated = []
    for word, count in counts.items():
        weight = weights.word_weight(word)
        if _names(word, weights) and weight >= least:
            rated.append((-weight * (1.0 + log(count)) * (1.5 if word in title else 1.0), word))
    return tuple(shown[word] for _, word in sorted(rated))


def technical(text: str) -> str:
    """`text` without the sentences in which a company speaks of itself."""
    spans = sentences(text, longest=len(text) + 1)
    return "\n".join(text[start:end] for start, end in spans if not _SELF.search(text, start, end))


def telling(weights: Weights) -> float:
    """The least idf of a word that says something: about one text in a hundred of 50,000 holds
    such a word, one in ten of 200."""
    return 0.4 * weights.rarest


def absent(words: Iterable[str], numbers: Iterable[str], plain: str, *, most: int) -> list[str]:
    """Of the demanded words and numbers, at most `most` that a text (clean, without blanks) does
    not mention, words first; a part of one already named is left out.  Of numbers, at most two,
    named when the text lacks the number itself."""
    lacking = [number for number in numbers if not _mentions(plain, number)][:_MOST]
    found: list[str] = []
    for word in words:
        if len(found) + len(lacking) >= most:
            break
        sought = clean(word)
        if _said(sought, plain) or any(word in other or other in word for other in found):
            continue
        found.append(word)
    return found + lacking


def _said(word: str, plain: str) -> bool:
    """Whether the text holds the word, or both halves of a compound of four or more."""
    if word in plain:
        return True
    return len(word) > 3 and not word.isascii() and word[:2] in plain and word[-2:] in plain


def _mentions(plain: str, number: str) -> bool:
    """Whether every figure of a quantity stands in the text as a figure of its own."""
    figures = set(_NUMBER.findall(plain))
    return all(figure in figures for figure in _NUMBER.findall(clean(number)))


def _names(word: str, weights: Weights) -> bool:
    if word in _BARE_UNITS or _MEASURED.fullmatch(word):
        return False
    if word.isascii():
        coded = any(char.isdigit() for char in word) and any(char.isalpha() for char in word)
        return coded or (len(word) > 1 and word.isalpha() and weights.holds(word))
    counted = len(word) == 2 and word[0] in "一两几"
    return len(word) > 1 and not counted and not word[0].isdigit() and weights.holds(word)
