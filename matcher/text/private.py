"""What in a running text points to a person or is marked as kept back."""

import re
from collections.abc import Mapping
from types import MappingProxyType
from typing import Literal

from matcher.reference.organisations import credit_code

SecretKind = Literal["phone", "email", "person", "account", "identity", "credit_code", "mark"]
PATTERNS: Mapping[SecretKind, str] = MappingProxyType({
    "phone": r"(?<![0-9A-Za-z.])(?:\+?86[- ]?)?1[3-9]\d[- ]?\d{4}[- ]?\d{4}(?!\.?[0-9A-Za-z])"
    r"|(?<![0-9A-Za-z.])0\d{2,3}[-—]\d{7,8}(?![0-9A-Za-z])",
    "email": r"[A-Za-z0-9._%+-]{1,64}@[A-Za-z0-9-]{1,63}(?:\.[A-Za-z0-9-]{1,63}){1,4}",
    "person": r"(?<=联系人[:：])\s*[\u4e00-\u9fff]{2,4}",
    "account": r"(?:(?<=微信[:：])|(?<=微信号[:：])|(?<=QQ[:：]))\s*[A-Za-z0-9_-]{5,20}",
})  # fmt: skip
"""What is starred out of texts that leave."""
PUBLIC: Mapping[str, tuple[str, ...]] = MappingProxyType({
    "needs": ("title", "keywords", "main_problem", "key_technology", "expected_goal", "content",
              "field"),
    "patents": ("title", "abstract", "first_claim"),
})  # fmt: skip
"""The texts of either side (fields of a list's row) in which no secret is expected."""
SECRETS: Mapping[SecretKind, str] = MappingProxyType({
    "phone": "电话号码", "email": "电子邮箱", "person": "联系人姓名", "account": "联系账号",
    "identity": "身份证号", "credit_code": "统一社会信用代码", "mark": "密级或保密字样",
})  # fmt: skip
_HINT = re.compile("@|[0-9]{4}|联系人|微信|QQ")
_PRIVATE = re.compile("|".join(PATTERNS.values()))
_FOUND = re.compile("|".join(f"(?P<{kind}>{told})" for kind, told in PATTERNS.items()))
_IDENTITY = re.compile(r"(?<![0-9A-Za-z])\d{6}(?:19|20)\d{2}[01]\d[0-3]\d{4}[0-9Xx](?![0-9A-Za-z])")
_CREDIT = re.compile(
    r"(?<![0-9A-Za-z])[0-9A-HJ-NPQRTUWXY]{2}\d{6}[0-9A-HJ-NPQRTUWXY]{10}(?![0-9A-Za-z])"
)
_MARK = re.compile(
    r"(?:绝密|机密|秘密)\s*[★☆]|[【\[(（]\s*(?:绝密|机密|秘密|内部|保密)\s*[】\])）]"
    r"|密级\s*[:：]\s*(?:绝密|机密|秘密|内部)|内部(?:资料|文件|材料|使用)|(?:不得|请勿|严禁)(?:外传|外泄|对外)"
    r"|注意保密"
)  # fmt: skip


def discreet(text: str) -> str:
    """The text with telephone numbers, addresses of e-mail and named contacts starred out; of
    the same length."""
    if _HINT.search(text) is None:
        return text
    return _PRIVATE.sub(lambda hit: "*" * len(hit.group()), text)


def secrets_in(text: str) -> list[SecretKind]:
    """The kinds of what looks like a secret in a text: contacts, identity numbers (GB 11643) and
    credit codes (GB 32100) whose check characters fit, marks of secrecy.  Sorted."""
    found: set[SecretKind] = set()
    if _HINT.search(text) is not None:
        found.update(hit.lastgroup for hit in _FOUND.finditer(text))  # type: ignore[misc]
        if any(_checked(hit.group()) for hit in _IDENTITY.finditer(text)):
            found.add("identity")
        if any(_fits(hit.group()) for hit in _CREDIT.finditer(text)):
            found.add("credit_code")
    if _MARK.search(text) is not None:
        found.add("mark")
    return sorted(found)


def _checked(number: str) -> bool:
    """The last character of 18: the others' sum weighted by 2^(17-i), modulo 11."""
    total = sum(int(digit) * pow(2, 17 - i, 11) for i, digit in enumerate(number[:17]))
    return "10X98765432"[total % 11] == number[17].upper()


def _fits(code: str) -> bool:
    return credit_code(code) == code
