"""Starting is quick and does nothing: measured in fresh processes."""

import subprocess
import sys
import time

import pytest

HEAVY = ("faiss", "onnxruntime", "tokenizers", "torch", "transformers", "sentence_transformers",
         "sklearn", "scipy", "bm25s", "pyarrow", "xlsxwriter", "pandas", "rjieba", "alembic",
         "python_calamine")  # fmt: skip
LOADED = f"import sys; print([name for name in {HEAVY!r} if name in sys.modules])"
HELP = "import sys; sys.argv = ['patmatch', '--help']\nfrom matcher.cli.main import main\nmain()"


def seconds(code: str) -> float:
    """The best of five runs in a fresh process, so that a busy machine does not count."""
    best = float("inf")
    for _ in range(5):
        start = time.perf_counter()
        subprocess.run([sys.executable, "-c", code], check=True, capture_output=True)
        best = min(best, time.perf_counter() - start)
    return best


def output(code: str) -> str:
    ran = subprocess.run([sys.executable, "-c", code], check=True, capture_output=True, text=True)
    return ran.stdout


def test_import_matcher_takes_less_than_half_a_second() -> None:
    assert seconds("import matcher") <= 0.5


def test_the_help_of_the_command_takes_less_than_a_second() -> None:
    assert seconds(HELP) <= 1.0


@pytest.mark.parametrize("statement", ["import matcher", "from matcher import Filter, Matcher"])
def test_importing_the_library_loads_nothing_heavy(statement: str) -> None:
    assert output(f"{statement}\n{LOADED}") == "[]\n"


def test_the_help_of_the_command_loads_nothing_heavy() -> None:
    code = HELP.replace("\nmain()", f"\ntry: main()\nexcept SystemExit: {LOADED}")
    assert output(code).splitlines()[-1] == "[]"


def test_importing_every_module_writes_nothing_and_changes_no_logging() -> None:
    code = """
import importlib, logging, pkgutil, matcher
before = logging.getLogger().level, list(logging.getLogger().handlers)
for found in pkgutil.walk_packages(matcher.__path__, "matcher."):
    if ".migrations" not in found.name:
        importlib.import_module(found.name)
assert (logging.getLogger().level, list(logging.getLogger().handlers)) == before
"""
    ran = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True)
    assert (ran.returncode, ran.stdout, ran.stderr) == (0, "", "")
