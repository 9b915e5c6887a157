"""What README.md shows is what a reader gets."""

import re
import shutil
from pathlib import Path

import pytest
import typer
from typer.testing import CliRunner

from matcher.cli.main import app

ROOT = Path(__file__).parents[2]
README = (ROOT / "README.md").read_text("utf-8")
SHORT_LIST, PRINTED = re.findall(r"^```text\n(.*?)^```", README, re.MULTILINE | re.DOTALL)
(CODE,) = re.findall(r"^```python\n(.*?)^```", README, re.MULTILINE | re.DOTALL)


def leaves() -> list[str]:
    """Every command that does something, in the order of the help."""
    found, todo = [], [("patmatch", typer.main.get_command(app))]
    for name, command in todo:
        below = getattr(command, "commands", {})
        todo += [(f"{name} {other}", one) for other, one in below.items()]
        if not below or command.invoke_without_command:
            found.append(name)
    return found


def test_the_five_lines_of_python_print_what_the_readme_says(
    sample_home: Path,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    shutil.copytree(sample_home, tmp_path / "demo" / "home")
    monkeypatch.chdir(tmp_path)
    assert len(CODE.splitlines()) == 5
    exec(compile(CODE, "README.md", "exec"), {})
    assert capsys.readouterr().out == PRINTED


def test_the_short_list_is_part_of_what_the_demo_says(sample_home: Path) -> None:
    asked = re.search(r'match "(.+?)" -k 5 --explain', (ROOT / "Makefile").read_text("utf-8"))
    assert asked is not None
    words = ["--home", str(sample_home), "match", asked[1], "-k", "5", "--explain"]
    told = CliRunner().invoke(app, words, prog_name="patmatch")
    assert (told.exit_code, told.stderr) == (0, "")
    assert SHORT_LIST in told.stdout


def test_the_table_has_every_command_and_no_other() -> None:
    rows = re.findall(r"^\| `(patmatch [a-z]+(?: [a-z]+)?)\b", README, re.MULTILINE)
    assert sorted(rows) == sorted(leaves())


def test_the_chinese_comes_first_and_the_picture_is_there() -> None:
    picture = re.search(r"!\[.+\]\((.+)\)", README)
    assert picture is not None
    assert (ROOT / picture[1]).is_file()
    assert README.index("## 给谁用") < README.index("## In English")
