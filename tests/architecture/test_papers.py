"""Manual, changelog and results say what is true."""

import re
from collections.abc import Iterator
from dataclasses import fields
from pathlib import Path

import pytest
import typer

from matcher import __version__
from matcher.cli.main import app
from matcher.config import Settings

ROOT = Path(__file__).parents[2]
RESULTS = sorted((ROOT / "docs" / "results").glob("*.md"))
NOT_OURS = {"--help", "--install-completion", "--show-completion"}


def manual() -> str:
    return (ROOT / "docs" / "manual.md").read_text("utf-8")


def commands() -> Iterator[tuple[str, list[str]]]:
    """Every command that does something, with its options as they are typed."""
    todo = [("patmatch", typer.main.get_command(app))]
    for name, command in todo:
        below = getattr(command, "commands", {})
        todo += [(f"{name} {other}", one) for other, one in below.items()]
        yield (
            name,
            [
                option
                for parameter in command.params
                for option in [*parameter.opts, *parameter.secondary_opts]
                if option.startswith("-") and option not in NOT_OURS
            ],
        )


def leaves() -> list[str]:
    names = [name for name, _ in commands()]
    return [name for name in names if not any(other.startswith(name + " ") for other in names)]


def settings() -> Iterator[tuple[str, object]]:
    """Every setting as it is written in the home's file, with its default."""
    for item in fields(Settings):
        section = getattr(Settings(), item.name)
        if hasattr(section, "__dataclass_fields__"):
            for part in fields(section):
                yield f"{item.name}.{part.name}", getattr(section, part.name)
        else:
            yield item.name, section


@pytest.mark.parametrize("name", [name for name, _ in commands()])
def test_every_command_is_in_the_manual(name: str) -> None:
    assert re.search(rf"^#+ {re.escape(name)}\b", manual(), re.MULTILINE)


def test_every_option_is_in_the_manual() -> None:
    missing = {
        f"{name} {option}"
        for name, options in commands()
        for option in options
        if not re.search(rf"(?<![\w-]){option}(?![\w-])", manual())
    }
    assert missing == set()


def test_every_setting_is_in_the_manual_with_its_default() -> None:
    rows = dict(re.findall(r"^\| `([\w.]+)` \| (.*?) \|", manual(), re.MULTILINE))
    given = {name: "空" if value == "" else f"{value:g}" if isinstance(value, float) else str(value)
             for name, value in settings()}  # fmt: skip
    told = {name: value.strip("`") for name, value in rows.items() if name in given}
    assert told == given


def test_the_manual_names_no_setting_that_is_not_there() -> None:
    sections = {name.split(".")[0] for name, _ in settings()}
    named = re.findall(rf"`((?:{'|'.join(sections)})\.\w+)`", manual())
    assert set(named) <= {name for name, _ in settings()}


def test_the_version_is_the_newest_of_the_changelog() -> None:
    heads = re.findall(r"^## \[([\d.]+)\] - (\d{4}-\d{2}-\d{2})$",
                       (ROOT / "CHANGELOG.md").read_text("utf-8"), re.MULTILINE)  # fmt: skip
    assert heads[0][0] == __version__
    assert [day for _, day in heads] == sorted((day for _, day in heads), reverse=True)


@pytest.mark.parametrize("path", RESULTS, ids=[path.name for path in RESULTS])
def test_every_result_names_the_command_that_made_it_and_the_day(path: Path) -> None:
    text = path.read_text("utf-8")
    assert re.search(r"make \w+|python3? \S+\.py|python3? -m \w+|patmatch \w+", text)
    assert re.search(r"\b20\d\d-\d\d-\d\d\b", text)


def test_every_decision_has_context_choice_and_price() -> None:
    for path in (ROOT / "docs" / "decisions").glob("*.md"):
        text = path.read_text("utf-8")
        heads = re.findall(r"^## (.+)$", text, re.MULTILINE)
        assert {"Context", "Choice", "Price"} <= set(heads), path.name


def test_every_link_between_our_papers_leads_somewhere() -> None:
    papers = [*ROOT.glob("*.md"), *ROOT.glob("docs/**/*.md"), *ROOT.glob("m*/**/*.md")]
    lost = [
        f"{path.relative_to(ROOT)} -> {link}"
        for path in papers
        for link in re.findall(r"\]\((?!https?:|#|mailto:)([^)#\s]+)", path.read_text("utf-8"))
        if not (path.parent / link).exists()
    ]
    assert lost == []
