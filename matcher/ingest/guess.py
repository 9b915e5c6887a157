"""Suggestions, never decisions: what a column nobody knows looks like from its values."""

import re
from collections.abc import Mapping, Sequence
from itertools import islice

from matcher.ingest.headers import Synonyms

_SAMPLE = 200
_SHARE = 0.8

# field, how it is called in the sentence, what its values look like
_LOOKS = (
    ("application_number", "申请号", re.compile(r"(?:CN|ZL)?(?:\d{12}\.?[\dXx]|\d{8}\.[\dXx])")),
    ("publication_number", "公开(公告)号", re.compile(r"CN\d{7,9}[A-Z]\d?")),
    ("ipc", "IPC分类号", re.compile(r"[A-H]\d{2}[A-Z]\s?\d{1,4}/\d{2,6}.*", re.DOTALL)),
    ("credit_code", "统一社会信用代码", re.compile(r"[159Y][1239]\d{6}[0-9A-HJ-NPQRTUWXY]{10}")),
    ("title", "标题", re.compile(r"(?:一种|基于|用于).{3,80}")),
)
_SHARES = {"title": 0.3}


def guesses(
    rows: Sequence[Sequence[str]],
    unknown: Mapping[int, str],
    *,
    known: Synonyms,
    have: frozenset[str],
) -> tuple[str, ...]:
    """Chinese sentences, one for each unknown column (0-based index -> header) whose first
    values look like a field that no column was found for."""
    hints: list[str] = []
    for index, header in unknown.items():
        values = list(islice(_values(rows, index), _SAMPLE))
        if len(values) < 2:
            continue
        for field, label, look in _LOOKS:
            if field in have or field not in known.fields:
                continue
            if sum(map(bool, map(look.fullmatch, values))) >= _SHARES.get(field, _SHARE) * len(
                values
            ):
                hints.append(
                    f"第 {index + 1} 列“{header}”看起来是{label},可用 --map {header}={label} 指定。"
                )
                break
    return tuple(hints)


def _values(rows: Sequence[Sequence[str]], index: int) -> list[str]:
    return [
        value for row in rows[: 5 * _SAMPLE] if index < len(row) and (value := row[index].strip())
    ]
