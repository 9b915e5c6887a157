"""A bare install, as a user does it: into an empty environment, without extras, run elsewhere."""

import os
import subprocess
import sys
import zipfile
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
FIRST = """
from matcher.encode.e5 import E5Encoder
from matcher.encode.shipped import models_dir
import matcher
assert "site-packages" in matcher.__file__, matcher.__file__
assert "site-packages" in str(models_dir()), models_dir()
print(E5Encoder.open(models_dir(), threads=1).encode_needs(["隔膜"]).shape)
"""


def run(*command: str | Path, cwd: Path) -> str:
    environ = {
        k: v for k, v in os.environ.items() if not k.startswith(("PYTHON", "PATMATCH", "COV"))
    }
    ran = subprocess.run(
        [str(part) for part in command], cwd=cwd, env=environ, capture_output=True, text=True
    )
    assert ran.returncode == 0, ran.stdout + ran.stderr
    return ran.stdout


@pytest.fixture(scope="module")
def wheel(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("wheel")
    options = ("--no-deps", "--no-build-isolation", "-w", folder)
    run(sys.executable, "-m", "pip", "wheel", *options, ROOT, cwd=folder)
    (built,) = folder.glob("patent_matcher-*.whl")
    return built


def test_the_wheel_carries_models_resources_migrations_and_licences(wheel: Path) -> None:
    names = set(zipfile.ZipFile(wheel).namelist())
    kept = [
        path.relative_to(ROOT).as_posix()
        for path in (ROOT / "matcher").rglob("*")
        if path.is_file() and "__pycache__" not in path.parts
    ]
    assert set(kept) <= names
    assert {"matcher/_models/manifest.toml", "matcher/_models/e5-small.onnx",
            "matcher/_models/e5-small.json", "matcher/py.typed"} <= names  # fmt: skip
    licences = {name.split("/licenses/")[1] for name in names if "/licenses/" in name}
    assert licences == {"LICENSE", "models/LICENSE-multilingual-e5-small"}
    assert {name.split("/")[0].split("-")[0] for name in names} == {"matcher", "patent_matcher"}


@pytest.mark.slow
def test_a_bare_install_runs_the_command_and_encodes(wheel: Path, tmp_path: Path) -> None:
    run(sys.executable, "-m", "venv", tmp_path / "venv", cwd=tmp_path)
    python = tmp_path / "venv" / "bin" / "python"
    run(python, "-m", "pip", "install", "-q", "-c", ROOT / "requirements.lock", wheel, cwd=tmp_path)
    told = run(python.with_name("patmatch"), "--help", cwd=tmp_path)
    assert "把高校专利与中小企业的技术需求对接起来" in told
    assert run(python, "-c", FIRST, cwd=tmp_path) == "(1, 384)\n"
    listed = run(python, "-m", "pip", "list", "--format=freeze", cwd=tmp_path)
    assert "torch" not in {line.split("==")[0] for line in listed.splitlines()}
