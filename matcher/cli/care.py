"""The commands that look after what is kept: admin erase, audit verify."""

import time
from pathlib import Path

from matcher.access.people import email_of
from matcher.cli.plain import print_json
from matcher.cli.serving import TERMINAL
from matcher.cli.style import console
from matcher.engine import Matcher
from matcher.errors import StoreBroken, UnknownId


def erase_person(email: str, frame: tuple[Path | None, bool]) -> None:
    """Take a person out of all that is kept."""
    home, as_json = frame
    with Matcher.open(home) as matcher:
        found = matcher.store.accounts.by_email(email_of(email))
        if found is None:
            raise UnknownId(f"没有 {email} 这个账号。请核对。", id=email)
        person = found[0]
        matcher.store.personal.erase(person.id)
        told = (None, None, TERMINAL), (person.id, 204)
        matcher.store.audit.append("admin erase", *told, now=int(time.time()))
    if as_json:
        print_json({"erased": person.id})
        return
    console().print(f"已注销 {person.email}:账号不能再用,记录里不再写明是谁。")


def verify_audit(home: Path | None, as_json: bool) -> None:
    """Go through the whole audit list.  :raises StoreBroken: an entry does not hold."""
    with Matcher.open(home) as matcher:
        verdict = matcher.store.audit.verify()
    if verdict.broken is not None:
        raise StoreBroken(
            f"操作记录从第 {verdict.broken} 条起对不上,可能被改动过;之前的 {verdict.count} 条完好。"
            "请保留数据库,并用备份核对。"
        )
    if as_json:
        print_json(verdict)
        return
    console().print(
        f"操作记录共 {verdict.count} 条,前后相连,没有改动。\n末条摘要:{verdict.digest}\n"
        "请另外抄存末条摘要:以后它仍应是其中一条,便知末尾没有被截去。"
    )
