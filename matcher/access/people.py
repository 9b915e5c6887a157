"""Organisations, people with roles in them, and the caller that a request comes from."""

import re
import unicodedata
from collections.abc import Mapping
from dataclasses import dataclass, field
from types import MappingProxyType
from typing import Literal

from matcher.errors import BadInput

Kind = Literal["centre", "park", "company", "bureau", "agency"]
Role = Literal["admin", "editor", "reader"]
Scope = Literal["read", "match", "write"]
KINDS: Mapping[Kind, str] = MappingProxyType({
    "centre": "高校中心", "park": "园区", "company": "企业",
    "bureau": "主管部门", "agency": "服务机构",
})  # fmt: skip
ROLES: Mapping[Role, str] = MappingProxyType(
    {"admin": "管理员", "editor": "编辑", "reader": "查看者"}
)
SCOPES: tuple[Scope, ...] = ("read", "match", "write")
_EMAIL = re.compile(r"[^\s@\x00-\x1f]{1,64}@[^\s@\x00-\x1f.]+(?:\.[^\s@\x00-\x1f.]+)+")
_UNFIT = re.compile("[\x00-\x1f\x7f\ud800-\udfff]")
LONGEST_EMAIL, LONGEST_NAME = 254, 100
SHORTEST_PASSWORD, LONGEST_PASSWORD = 10, 128


@dataclass(frozen=True, slots=True, kw_only=True)
class Organisation:
    """One that takes part.  A company may belong to a park (`park_id`); only a company does.

    :raises BadInput: no name, or a park where none can be."""

    id: str
    kind: Kind
    name: str
    park_id: str | None = None
    state_owned: bool = False

    def __post_init__(self) -> None:
        if not self.name.strip() or len(self.name) > LONGEST_NAME:
            raise BadInput(f"请写出机构名称,最多 {LONGEST_NAME} 个字。")
        if self.park_id is not None and self.kind != "company":
            raise BadInput("只有企业可以属于园区。请去掉园区,或把机构类型改为企业。")
        if self.state_owned and self.kind != "company":
            raise BadInput("只有企业可以标为国有。请去掉这个标记,或把机构类型改为企业。")


@dataclass(frozen=True, slots=True, kw_only=True)
class Person:
    """Somebody with an account; `email` as `email_of` writes it.  An operator looks after the
    installation: founds organisations and invites their first admin, and owns nothing."""

    id: str
    email: str
    name: str
    operator: bool = False


@dataclass(frozen=True, slots=True)
class Membership:
    """A person's role in an organisation."""

    person_id: str
    organisation: Organisation
    role: Role


@dataclass(frozen=True, slots=True, kw_only=True)
class Caller:
    """Whom a request comes from, and for which organisation: a person with a session (`scopes`
    None: whatever the role allows), a program with a key, or, with nothing set, anybody."""

    person: Person | None = None
    organisation: Organisation | None = None
    role: Role | None = None
    scopes: frozenset[Scope] | None = field(default=None)

    @property
    def known(self) -> bool:
        """Whether it is more than anybody."""
        return self.person is not None or self.organisation is not None

    @property
    def operator(self) -> bool:
        """Whether an operator sits there; a key never is one."""
        return self.scopes is None and self.person is not None and self.person.operator


ANYBODY = Caller()


def email_of(text: str) -> str:
    """An e-mail address as accounts are found by it.  :raises BadInput: it is none."""
    email = text.strip().lower()
    if len(email) > LONGEST_EMAIL or not _EMAIL.fullmatch(email):
        raise BadInput("这不是一个电子邮箱地址。请写成 name@example.com 的样子。")
    return email


def password_of(text: str, email: str) -> str:
    """A password as it is hashed.  :raises BadInput: one that is easily guessed."""
    password = unicodedata.normalize("NFC", text)
    if len(password) > LONGEST_PASSWORD or _UNFIT.search(password):
        raise BadInput(f"密码最多 {LONGEST_PASSWORD} 个字符,且不能有控制字符。请换一个。")
    if len(password) < SHORTEST_PASSWORD or len(set(password)) < SHORTEST_PASSWORD // 2:
        raise BadInput(f"密码至少 {SHORTEST_PASSWORD} 个字符,且不要总是重复几个。请换一个。")
    if password.lower() in (email, email.partition("@")[0]):
        raise BadInput("密码不能就是电子邮箱。请换一个。")
    return password
