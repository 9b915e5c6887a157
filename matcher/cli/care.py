"""The commands that look after what is kept: admin erase, audit verify, backup, restore, db
upgrade."""

import time
from pathlib import Path

from matcher import __version__
from matcher.access.people import email_of
from matcher.backup import Manifest, restore, save
from matcher.cli.plain import print_json
from matcher.cli.serving import TERMINAL
from matcher.cli.style import console
from matcher.config import default_home, load_settings
from matcher.engine import Matcher
from matcher.errors import StoreBroken, UnknownId
from matcher.store.tables import HEAD


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


def save_home(path: Path, home: Path | None, as_json: bool) -> None:
    """One moment of the home as a file, also while a service runs."""
    with Matcher.open(home) as matcher:
        manifest = save(matcher.store, matcher.home, path, __version__)
    _tell(manifest, f"已备份到 {path}", as_json)


def restore_home(path: Path, home: Path | None, as_json: bool) -> None:
    """A backup into an empty home."""
    home = home or default_home()
    manifest = restore(path, home, load_settings(home).database)
    _tell(manifest, f"已恢复到 {home},内容核对一致", as_json)


def upgrade_home(home: Path | None, as_json: bool) -> None:
    """The database to the newest schema, which opening it does."""
    Matcher.open(home).close()
    if as_json:
        print_json({"schema": HEAD})
        return
    console().print(f"数据库已是最新版本({HEAD})。")


def _tell(manifest: Manifest, done: str, as_json: bool) -> None:
    if as_json:
        print_json(manifest)
        return
    patents, needs, organisations, audit = (
        manifest.parts[f"tables/{name}.jsonl"].lines
        for name in ("patents", "needs", "organisations", "audit")
    )
    console().print(
        f"{done}:专利 {patents} 件、需求 {needs} 条、"
        f"机构 {organisations} 个、操作记录 {audit} 条。\n"
        f"内容摘要:{manifest.content}"
    )
