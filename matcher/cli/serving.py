"""The commands of the service: serve, admin create, admin assign."""

import sys
import time
from collections.abc import Sequence
from contextlib import nullcontext
from dataclasses import replace
from pathlib import Path

import typer

from matcher.access.people import LONGEST_NAME, Organisation, Person, email_of, password_of
from matcher.cli.plain import print_json
from matcher.cli.progress import bars
from matcher.cli.shell import say
from matcher.cli.style import console
from matcher.config import default_home, load_settings
from matcher.engine import Matcher
from matcher.errors import BadInput, UnknownId
from matcher.standing import StandingMatcher
from matcher.store.secret import hashed, new_id, not_installed

TERMINAL = "terminal"  # where it is done, in the audit list


def serve_home(host: str | None, port: int | None, home: Path | None, as_json: bool) -> None:
    """Bring the index up to date, then serve, with a worker beside unless one runs apart."""
    home = home or default_home()
    settings = load_settings(home)
    service = replace(
        settings.service, host=host or settings.service.host, port=port or settings.service.port
    )
    settings = replace(settings, service=service)
    try:
        from matcher.jobs.beside import Beside
        from matcher.pages.serving import run
        from matcher.web.desk import check_settings
    except ModuleNotFoundError as error:
        raise not_installed(error) from error
    check_settings(settings)
    with StandingMatcher.open(home, settings) as matcher, bars(as_json) as progress:
        matcher.refresh(progress=progress)
    place = f"http://{service.host}:{service.port}"
    with Beside(home) if service.worker == "beside" else nullcontext():
        say(f"网页:{place}/ 接口:{place}/api/v1(按 Ctrl+C 停止)")
        run(home, settings)


def work_in_home(home: Path | None) -> None:
    """Do jobs until told to stop."""
    home = home or default_home()
    settings = load_settings(home)
    try:
        from matcher.jobs.worker import work_here
        from matcher.web.desk import check_settings
    except ModuleNotFoundError as error:
        raise not_installed(error) from error
    check_settings(settings)
    say("后台处理程序已启动(按 Ctrl+C 停止)")
    work_here(home, settings)


def create_operator(email: str, name: str, frame: tuple[Path | None, bool]) -> None:
    """An account for who looks after the installation."""
    home, as_json = frame
    if not name.strip() or len(name) > LONGEST_NAME:
        raise BadInput(f"请用 --name 写出姓名,最多 {LONGEST_NAME} 个字。")
    person = Person(id=new_id("p"), email=email_of(email), name=name.strip(), operator=True)
    password = password_of(_password(), person.email)
    with Matcher.open(home) as matcher:
        matcher.store.accounts.enrol(person, hashed(password))
        told = (None, person.id, TERMINAL), (person.id, 201)
        matcher.store.audit.append("admin create", *told, now=int(time.time()))
    if as_json:
        print_json(person)
        return
    console().print(f"已为 {person.email} 建立系统管理员账号,可用它登录、建立机构、邀请成员。")


def assign_records(
    organisation: str, ids: tuple[Sequence[str], Sequence[str]], stated: bool,
    frame: tuple[Path | None, bool],
) -> None:  # fmt: skip
    """Patents and needs to an organisation, named by id or name."""
    home, as_json = frame
    patents, needs = ids
    if not patents and not needs:
        raise BadInput("请用 --patent 或 --need 写出要归给这个机构的专利或需求的编号。")
    with Matcher.open(home) as matcher:
        owner = _named(matcher, organisation)
        owners = matcher.store.owners
        known = [matcher.patent_id(one) for one in patents]
        matcher.store.needs(needs)
        owners.own("patents", known, owner.id, level_stated=stated)
        owners.own("needs", needs, owner.id, level_stated=stated)
        told = (owner.id, None, TERMINAL), (" ".join([*known, *needs])[:500], 200)
        matcher.store.audit.append("admin assign", *told, now=int(time.time()))
    if as_json:
        print_json({"organisation": owner, "patents": known, "needs": list(needs)})
        return
    console().print(f"已把 {len(known)} 件专利、{len(needs)} 条需求归给“{owner.name}”。")


def _named(matcher: Matcher, text: str) -> Organisation:
    found = matcher.store.accounts.called(text)
    if found is None:
        raise UnknownId(f"没有名称或编号为“{text}”的机构。请核对,或先建立机构。", id=text)
    return found


def _password() -> str:
    """Typed twice by a person, or one line that a program sends; never on the command line,
    which others can read."""
    if not sys.stdin.isatty():
        return sys.stdin.readline().rstrip("\r\n")
    first: str = typer.prompt("密码", hide_input=True, err=True)
    if typer.prompt("再输一次", hide_input=True, err=True) != first:
        raise BadInput("两次输入的密码不一样。请再运行一次。")
    return first
