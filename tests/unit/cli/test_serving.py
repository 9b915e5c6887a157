"""The commands of the service: an operator, owners, and what is not served."""

import json
import shutil
import signal
import socket
import sys
import time
from collections.abc import Callable
from pathlib import Path
from subprocess import PIPE, Popen
from urllib.error import URLError
from urllib.request import urlopen

import pytest
from typer.testing import CliRunner, Result

from matcher.access.people import Organisation
from matcher.cli.main import app
from matcher.engine import Matcher
from matcher.store.secret import fits

Type = Callable[..., Result]
WORD = "铁马冰河入梦来-42"


def create(home: Path, email: str, name: str, password: str, *more: str) -> Result:
    words = ["admin", "create", email, "--name", name, "--home", str(home), *more]
    return CliRunner().invoke(app, words, input=f"{password}\n", prog_name="patmatch")


def test_an_operator_is_made_with_the_password_that_is_sent(tmp_path: Path) -> None:
    result = create(tmp_path, "Li@Example.com", "李二", WORD)
    assert (result.exit_code, result.stdout) == (
        0, "已为 li@example.com 建立系统管理员账号,可用它登录、建立机构、邀请成员。\n",
    )  # fmt: skip
    with Matcher.open(tmp_path) as matcher:
        found = matcher.store.accounts.by_email("li@example.com")
    assert found is not None
    person, stored = found
    assert (person.name, person.operator, fits(stored, WORD)) == ("李二", True, True)
    again = create(tmp_path, "li@example.com", "李二", WORD, "--json")
    assert (again.exit_code, json.loads(again.stderr)["error"]) == (4, "Taken")


@pytest.mark.parametrize(
    ("email", "name", "password", "message"),
    [
        ("li", "李二", WORD, "这不是一个电子邮箱地址。请写成 name@example.com 的样子。"),
        ("li@example.com", " ", WORD, "请用 --name 写出姓名,最多 100 个字。"),
        ("li@example.com", "李二", "", "密码至少 10 个字符,且不要总是重复几个。请换一个。"),
        ("li@example.com", "李二", "LI@example.com", "密码不能就是电子邮箱。请换一个。"),
    ],
)
def test_no_account_is_made_from_what_is_not_fit(
    email: str, name: str, password: str, message: str, tmp_path: Path
) -> None:
    result = create(tmp_path, email, name, password)
    assert (result.exit_code, result.stderr) == (2, f"✗ {message}\n")


def test_records_are_given_to_an_organisation_by_name(
    home: Path, tmp_path: Path, typed: Type
) -> None:
    copy = tmp_path / "copy"
    shutil.copytree(home, copy)
    owner = Organisation(id="o-1", kind="company", name="青屿新能源", state_owned=True)
    with Matcher.open(copy) as matcher:
        matcher.store.accounts.found(owner)
    with Matcher.open(copy) as matcher:
        first = next(matcher.store.each_patent())
    given = ("--need", "N1", "--patent", first.id, "--home", copy)
    result = typed("admin", "assign", "青屿新能源", *given)
    assert (result.exit_code, result.stdout) == (
        0, "已把 1 件专利、1 条需求归给“青屿新能源”。\n",
    )  # fmt: skip
    with Matcher.open(copy) as matcher:
        store = matcher.store
        told = [store.owners.held(records)[0] for records in ([first], store.needs(["N1"]))]
    assert [(held.owner, held.level) for held in told] == [(owner, "脱敏")] * 2
    assert typed("admin", "assign", "o-1", "--level-stated", *given).exit_code == 0
    with Matcher.open(copy) as matcher:
        assert matcher.store.owners.held([first])[0].level == "公开"


@pytest.mark.parametrize(
    ("words", "code", "message"),
    [
        (("没有",), 2, "请用 --patent 或 --need 写出要归给这个机构的专利或需求的编号。"),
        (("没有", "--need", "N1"), 3, "没有名称或编号为“没有”的机构。请核对,或先建立机构。"),
    ],
)
def test_what_cannot_be_given_is_told(
    words: tuple[str, ...], code: int, message: str, home: Path, typed: Type
) -> None:
    result = typed("admin", "assign", *words, "--home", home)
    assert (result.exit_code, result.stderr) == (code, f"✗ {message}\n")


@pytest.mark.parametrize(
    ("environ", "words", "message"),
    [
        ({}, ("--host", "0.0.0.0"), "只能在本机使用,没有启动"),
        ({"PATMATCH_SERVICE_MODE": "production"}, (), "须有自己的密钥"),
        ({"PATMATCH_SERVICE_MODE": "live"}, (), "设置 service.mode 不能是“live”"),
    ],
)
def test_nothing_is_served_without_care(
    environ: dict[str, str], words: tuple[str, ...], message: str, home: Path
) -> None:
    typed = ["serve", "--home", str(home), *words]
    result = CliRunner().invoke(app, typed, env=environ, prog_name="patmatch")
    assert result.exit_code == 2 and message in result.stderr


@pytest.mark.slow
def test_serve_serves_until_it_is_interrupted(home: Path, tmp_path: Path) -> None:
    copy = tmp_path / "copy"
    shutil.copytree(home, copy)
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    code = "from matcher.cli.main import main; main()"
    words = ["serve", "--home", str(copy), "--port", str(port)]
    with Popen([sys.executable, "-c", code, *words], stderr=PIPE, text=True) as served:
        assert f"http://127.0.0.1:{port}/api/v1" in served.stderr.readline()  # type: ignore[union-attr]
        address = f"http://127.0.0.1:{port}/api/v1/needs?limit=1"
        for _ in range(300):
            try:
                with urlopen(address, timeout=10) as answer:
                    told = json.load(answer)
                break
            except URLError:
                time.sleep(0.1)
        served.send_signal(signal.SIGINT)
        assert served.wait(60) == 0
    assert (told["next"], [item["id"] for item in told["items"]]) == ("N1", ["N1"])
