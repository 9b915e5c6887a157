"""What people fill in and send."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Annotated, TypeVar

from fastapi import Depends, Request
from pydantic import ValidationError

from matcher.errors import MatcherError
from matcher.text.pinyin import pinyin
from matcher.web.figures import china_time
from matcher.web.problems import FAULTS
from matcher.web.shapes import UNFIT

Value = TypeVar("Value")
LABELS = {
    "title": "需求名称", "main_problem": "主要问题", "key_technology": "技术关键(主要指标)",
    "expected_goal": "预期目标", "content": "需求内容", "keywords": "关键字",
    "deadline_text": "需求时限", "budget_text": "拟投入资金", "modes": "合作方式",
    "field": "所属领域", "industries": "应用行业", "company": "企业", "region": "地区",
    "contact": "联系人", "level": "密级", "password": "密码", "name": "姓名", "email": "电子邮箱",
    "price_text": "许可费", "trl": "技术成熟度", "licence_modes": "许可方式",
    "transfer_modes": "转化方式", "refusal_code": "原因", "note": "说明",
}  # fmt: skip
"""What fields are called on pages."""
UNREAD = "请把每一项都写好,再试一次。"


@dataclass(frozen=True, slots=True)
class Form:
    """Fields by name, several values where several were chosen; without characters that neither
    database nor browser could hold."""

    fields: Mapping[str, tuple[str, ...]]

    def one(self, name: str) -> str:
        """The first value without blanks around it, "" where there is none."""
        return (self.fields.get(name) or ("",))[0].strip()

    def raw(self, name: str) -> str:
        """The first value as it was typed: a password."""
        return (self.fields.get(name) or ("",))[0]

    def all(self, name: str) -> tuple[str, ...]:
        """All values that are not blank."""
        return tuple(value.strip() for value in self.fields.get(name, ()) if value.strip())


def blank(value: object) -> object:
    """None for a field of an address that was left empty."""
    return None if value == "" else value


def day_of(at: int) -> str:
    """Seconds since 1970 as day and time in China."""
    return china_time(at).strftime("%Y-%m-%d %H:%M")


def by_pinyin(names: Mapping[str, Value]) -> list[tuple[str, Value]]:
    """Sorted by name as in China."""
    return sorted(names.items(), key=lambda pair: pinyin(pair[0]))


async def filled(request: Request) -> Form:
    """The form that was sent."""
    held: dict[str, list[str]] = {}
    for name, value in (await request.form()).multi_items():
        if isinstance(value, str):
            held.setdefault(name, []).append(UNFIT.sub("", value).replace("\r\n", "\n"))
    return Form({name: tuple(values) for name, values in held.items()})


def said(error: Exception) -> str:
    """What to tell a person of what went wrong with a form."""
    if isinstance(error, MatcherError):
        return error.message
    if not isinstance(error, ValidationError):
        return UNREAD
    told = {f"“{LABELS[str(one['loc'][0])]}”{FAULTS.get(one['type'], '写得不对')}": None
            for one in error.errors() if one["loc"] and str(one["loc"][0]) in LABELS}  # fmt: skip
    return f"{'、'.join(told)},没有保存。请改好后再试。" if told else UNREAD


FormDep = Annotated[Form, Depends(filled)]
WRONG = (MatcherError, ValidationError)
"""What a form that cannot be taken raises."""
