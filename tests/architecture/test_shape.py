"""The house rules that a linter does not know: lengths, names, what may not be written."""

import ast
import re
import subprocess
import tomllib
from collections.abc import Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
LONGEST = 350
FORBIDDEN = {"util", "utils", "helper", "helpers", "misc", "common", "manager", "process", "handle",
             "obj", "dict"}  # fmt: skip
GIVEN = {"handle_starttag", "handle_endtag", "handle_startendtag", "handle_data"}  # HTMLParser
FOREIGN = {
    "matcher/cli/shell.py: main",  # the signature is click's
    "matcher/encode/network.py: node",  # an ONNX node's attributes
}
TOP = {".ci", ".dockerignore", ".gitignore", "CHANGELOG.md", "CONTRIBUTING.md", "Dockerfile",
       "LICENSE", "Makefile", "README.md", "compose.yaml", "data", "deploy", "docs", "matcher",
       "models", "notebooks", "pyproject.toml", "requirements.lock", "tests"}  # fmt: skip


def tracked() -> list[Path]:
    """Every file of the repository, in order; where git is missing, every file there is."""
    asked = ["git", "-C", str(ROOT), "ls-files", "-z", "--cached", "--others", "--exclude-standard"]
    try:
        listed = subprocess.run(asked, capture_output=True, check=True).stdout.decode()
        found = [ROOT / name for name in listed.split("\0") if name]
    except (OSError, subprocess.CalledProcessError):
        found = [path for top in TOP for path in [ROOT / top, *(ROOT / top).rglob("*")]]
    return sorted(path for path in found if path.is_file())


def python_files(*folders: str) -> list[Path]:
    tops = [ROOT / folder for folder in folders] or [ROOT]
    return [
        path
        for path in tracked()
        if path.suffix == ".py" and any(path.is_relative_to(top) for top in tops)
    ]


def outer(tree: ast.Module) -> Iterator[ast.stmt]:
    """What a module and its classes define, without what is inside functions."""
    for node in tree.body:
        yield node
        if isinstance(node, ast.ClassDef):
            yield from node.body


def public_names(tree: ast.Module) -> Iterator[str]:
    """Names of functions and classes that others see and that we chose."""
    for node in outer(tree):
        if isinstance(node, ast.ClassDef | ast.FunctionDef) and node.name not in GIVEN:
            yield node.name


def words_of(name: str) -> set[str]:
    return {word.lower() for word in re.findall(r"[A-Z]?[a-z]+|[A-Z]+", name)}


def test_the_top_level_holds_what_the_design_names_and_nothing_else() -> None:
    assert {path.relative_to(ROOT).parts[0] for path in tracked()} <= TOP


def test_no_file_is_longer_than_three_hundred_and_fifty_lines() -> None:
    long = {
        str(path.relative_to(ROOT)): count
        for path in python_files()
        if (count := len(path.read_text("utf-8").splitlines())) > LONGEST
    }
    assert long == {}


def test_the_linter_holds_functions_to_thirty_statements_and_five_arguments() -> None:
    ruff = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))["tool"]["ruff"]["lint"]
    assert {"PLR0913", "PLR0915"} <= set(ruff["select"])
    assert ruff["pylint"] == {"max-args": 5, "max-statements": 30}
    excused = [str(p) for p in python_files("matcher") if "noqa: PLR" in p.read_text("utf-8")]
    assert excused == []


def test_no_public_name_is_one_of_those_that_say_nothing() -> None:
    empty = []
    for path in python_files("matcher"):
        names = [path.stem, *public_names(ast.parse(path.read_text("utf-8")))]
        empty += [
            f"{path.relative_to(ROOT)}: {name}" for name in names if words_of(name) & FORBIDDEN
        ]
    assert empty == []


def test_public_functions_take_no_nameless_keywords() -> None:
    found = []
    for path in python_files("matcher"):
        for node in outer(ast.parse(path.read_text("utf-8"))):
            if isinstance(node, ast.FunctionDef) and node.args.kwarg and node.name[0] != "_":
                found.append(f"{path.relative_to(ROOT)}: {node.name}")
    assert set(found) <= FOREIGN


def test_every_module_and_public_class_and_function_says_what_it_is() -> None:
    silent = []
    for path in python_files("matcher"):
        if "migrations" in path.parts:
            continue
        tree = ast.parse(path.read_text("utf-8"))
        body = [node for node in tree.body if isinstance(node, ast.ClassDef | ast.FunctionDef)]
        nodes = [tree, *(node for node in body if not node.name.startswith("_"))]
        silent += [
            f"{path.relative_to(ROOT)}: {getattr(node, 'name', 'module')}"
            for node in nodes
            if not ast.get_docstring(node)
        ]
    assert silent == []


@pytest.mark.parametrize(
    ("pattern", "why"),
    [
        (r"\bTODO\b|\bFIXME\b|\bXXX\b", "unfinished"),
        (r"(?<![\w.])hash\(", "differs from run to run"),
        (r"\bimport pickle\b|\ballow_pickle=True", "runs what it reads"),
        (r"\blogging\.basicConfig\b|\.setLevel\(", "sets a logging level"),
        (r"\bimport jieba\b|\bfrom jieba\b", "a global dictionary"),
    ],
)
def test_the_product_holds_nothing_of(pattern: str, why: str) -> None:
    found = [
        f"{path.relative_to(ROOT)}: {line.strip()}"
        for path in python_files("matcher")
        for line in path.read_text("utf-8").splitlines()
        if re.search(pattern, line)
    ]
    assert found == [], why


def test_only_outermost_frames_swallow_every_exception() -> None:
    found = []
    for path in python_files("matcher"):
        tree = ast.parse(path.read_text("utf-8"))
        frames = [n for n in tree.body if getattr(n, "name", "") in ("main", "_main")]
        outermost = {id(node) for frame in frames for node in ast.walk(frame)}
        for node in ast.walk(tree):
            if not isinstance(node, ast.ExceptHandler) or isinstance(node.body[-1], ast.Raise):
                continue
            caught = ast.unparse(node.type) if node.type else "Exception"
            if id(node) in outermost or "cli" in path.parts:
                continue
            if caught in ("Exception", "BaseException"):
                found.append(f"{path.relative_to(ROOT)}:{node.lineno}")
    assert found == []
