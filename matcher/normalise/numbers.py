"""Application and publication numbers.

Chinese application numbers (ZC 0006-2003): year, one digit of kind (1 invention, 2 utility
model, 3 design, 8 and 9 PCT inventions and utility models), serial, then a check digit after a
dot.  Until September 2003 the year has two digits and the serial five, since then four and
seven.  The check digit is the sum of the digits times 2 3 4 5 6 7 8 9 (2 3 4 5), modulo 11, with
X for 10.  Canonical form: ``CN201220249767.4``, ``CN98123456.X``."""

import re
from dataclasses import dataclass

from matcher.normalise.cells import plain
from matcher.records import PatentKind, Problem

_WEIGHTS = (2, 3, 4, 5, 6, 7, 8, 9, 2, 3, 4, 5)
_KINDS: dict[str, PatentKind] = {
    "1": "发明", "2": "实用新型", "3": "外观设计", "8": "发明", "9": "实用新型",
}  # fmt: skip
LETTERS: dict[str, PatentKind] = {
    "A": "发明", "B": "发明", "C": "发明",
    "U": "实用新型", "Y": "实用新型", "S": "外观设计", "D": "外观设计",
}  # fmt: skip
_NOISE = re.compile(r"[\s\-‐–—_'‘’\"“”`,，]+")
_SLIPS = str.maketrans({"。": ".", "·": ".", "×": "X"})
_APPLICATION = re.compile(r"(?:CN|ZL)*([0-9]{12}|[0-9]{8})(?:\.?([0-9X]))?")
_FLOAT = re.compile(r"([0-9]{13}|[0-9]{9})\.0+")
_SCIENTIFIC = re.compile(r"([0-9])(?:\.([0-9]+))?E\+?([0-9]{1,2})")
_FOREIGN = re.compile(r"(?!CN|ZL)(?:PCT/?)?[A-Z]{2}[A-Z]?[0-9][0-9A-Z/.]{3,}")
_PUBLICATION = re.compile(r"(?:CN)?([0-9]{9}|[0-9]{7}|[0-9]{8})(?:\.?([ABCUYSD])[0-9]?)?")
_ABROAD = re.compile(r"(?!CN)[A-Z]{2}[A-Z]?[0-9]{4,}[A-Z]?[0-9]?")


@dataclass(frozen=True, slots=True)
class Application:
    """A filing: canonical number; `kind` is None for foreign ones."""

    number: str
    kind: PatentKind | None


@dataclass(frozen=True, slots=True)
class Publication:
    """A published document: canonical number, the part that all publications of the
    application share as far as the number tells, and whether it is a grant (None: no letter)."""

    number: str
    kind: PatentKind | None
    family: str
    granted: bool | None


def check_digit(digits: str) -> str:
    """The check digit, ``0``-``9`` or ``X``, of the 8 or 12 digits before the dot."""
    total = sum(int(digit) * weight for digit, weight in zip(digits, _WEIGHTS, strict=False))
    return "0123456789X"[total % 11]


def application(text: str) -> Application | Problem:
    """Read an application or patent number; a missing check digit is added.

    Problem codes: ``damaged_number`` (a spreadsheet rounded it), ``wrong_check_digit``,
    ``bad_number``."""
    bare = _NOISE.sub("", plain(text).upper()).translate(_SLIPS).strip(".")
    scientific = _SCIENTIFIC.fullmatch(bare)
    if scientific:
        bare = scientific[1] + (scientific[2] or "")
        if int(scientific[3]) + 1 != len(bare) or len(bare) != 13:
            return _damaged(text)
    whole = _FLOAT.fullmatch(bare)
    bare = whole[1] if whole else bare
    match = _APPLICATION.fullmatch(bare)
    if match is None:
        return _not_chinese(text, bare)
    digits, check = match[1], match[2]
    at = 4 if len(digits) == 12 else 2
    rounded = bare.isdigit() and bare.endswith("0")
    if not _year_fits(digits[:at]) or digits[at] not in _KINDS or not int(digits[at + 1 :]):
        return _damaged(text) if rounded and bare.endswith("00000") else _bad(text)
    right = check_digit(digits)
    if check is not None and check != right:
        return _damaged(text) if rounded and len(bare) == 13 else _wrong(text, right)
    return Application(f"CN{digits}.{right}", _KINDS[digits[at]])


def _year_fits(year: str) -> bool:
    if len(year) == 4:
        return "2003" <= year <= "2099"
    return year >= "85" or year <= "03"


def _not_chinese(text: str, bare: str) -> Application | Problem:
    if bare.strip("#") == "" or (bare.isdigit() and len(bare) > 9 and bare.endswith("00000")):
        return _damaged(text)
    return Application(bare, None) if _FOREIGN.fullmatch(bare) else _bad(text)


def publication(text: str) -> Publication | Problem:
    """Read a publication or announcement number, with or without ``CN`` and letter.

    Problem codes: ``damaged_number``, ``bad_number``."""
    bare = text
    match = _PUBLICATION.fullmatch(bare)
    if match is None:
        bare = _NOISE.sub("", plain(text).upper())
        if _SCIENTIFIC.fullmatch(bare) or bare.strip("#") == "":
            return _damaged(text, "公开（公告）号")
        match = _PUBLICATION.fullmatch(bare)
    if match is None:
        bare = bare.replace("/", "").replace(".", "")
        if _ABROAD.fullmatch(bare):
            return Publication(bare, None, bare, None)
        return _bad(text, "公开（公告）号")
    body, letter = match[1], match[2]
    kind = _KINDS.get(body[2] if len(body) == 8 else body[0])
    if kind is None or (letter is not None and LETTERS[letter] != kind):
        return _bad(text, "公开（公告）号")
    number = f"CN{body}{letter or ''}"
    return Publication(number, kind, _family(body, letter), None if not letter else letter != "A")


def kind_of_letter(code: str) -> PatentKind | None:
    """Kind by a publication's kind code (``A1``, ``B``, ``U`` …); None when blank or unknown."""
    return LETTERS.get(code.strip().upper()[:1])


def _family(body: str, letter: str | None) -> str:
    """Nine digits (since 2007) and the eight of 1985-88 are given once: A and B of one
    application share them since April 2010, and the series of C (CN100...), Y, U and S do not
    overlap with A.  Seven-digit series do overlap (CN1234567A is not CN1234567C), so the letter
    belongs to the family there."""
    return f"CN{body}{letter or ''}" if len(body) == 7 else f"CN{body}"


def _damaged(text: str, name: str = "申请号") -> Problem:
    reason = f"{name}“{text}”已被表格软件改成约数，原号码看不出来了"
    advice = f"请把该列设为文本格式，重新导出或补填完整的{name}后再导入"
    return Problem("damaged_number", "", text, reason, advice)


def _wrong(text: str, right: str) -> Problem:
    reason = f"申请号“{text}”校验位不对（应为 {right}）"
    return Problem("wrong_check_digit", "", text, reason, "请核对申请号，改正后再导入")


def _bad(text: str, name: str = "申请号") -> Problem:
    reason = f"{name}“{text}”认不出来"
    return Problem("bad_number", "", text, reason, f"请核对{name}，改正后再导入")
