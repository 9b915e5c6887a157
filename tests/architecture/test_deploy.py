"""What runs the service elsewhere: it names settings and commands that there are, and takes no
more rights than it needs.  Whether the images build is not tried: there is no docker here."""

import json
import re
import subprocess
import sys
from dataclasses import fields
from pathlib import Path

import pytest
import yaml

from matcher.config import Settings

ROOT = Path(__file__).parents[2]
UNITS = sorted((ROOT / "deploy/systemd").glob("*.service"))
PAPERS = [ROOT / "compose.yaml", ROOT / "Dockerfile", ROOT / "deploy/patmatch.env.example", *UNITS]
OTHERS = {"PATMATCH_HOME", "PATMATCH_DATABASE"}


def known() -> set[str]:
    sections = [item for item in fields(Settings) if item.name != "database"]
    return OTHERS | {
        f"PATMATCH_{section.name}_{item.name}".upper()
        for section in sections
        for item in fields(getattr(Settings(), section.name))
    }


@pytest.mark.parametrize("path", PAPERS, ids=lambda path: path.name)
def test_every_setting_that_is_named_is_one(path: Path) -> None:
    named = set(re.findall(r"PATMATCH_[A-Z_]+", path.read_text("utf-8")))
    assert named and named <= known()


def test_containers_run_as_nobody_in_particular_and_write_where_they_must() -> None:
    told = yaml.safe_load((ROOT / "compose.yaml").read_text("utf-8"))
    for name in ("web", "worker"):
        service = told["services"][name]
        assert service["read_only"] is True and service["cap_drop"] == ["ALL"]
        assert service["security_opt"] == ["no-new-privileges:true"]
        assert service["user"] == "10001:10001"
        assert service["environment"]["PATMATCH_SERVICE_MODE"] == "production"
        secret = service["environment"]["PATMATCH_SERVICE_SECRET"]
        assert secret == "${PATMATCH_SERVICE_SECRET:?}", "it does not start without one"
    assert told["services"]["web"]["ports"] == ["127.0.0.1:8000:8000"]
    assert "healthcheck" in told["services"]["db"]
    lines = (ROOT / "Dockerfile").read_text("utf-8").splitlines()
    assert "USER 10001" in lines and any(line.startswith("HEALTHCHECK") for line in lines)


def test_units_start_commands_that_there_are_and_keep_the_machine_from_them() -> None:
    assert [path.name for path in UNITS] == ["patmatch-serve.service", "patmatch-worker.service"]
    for path in UNITS:
        lines = path.read_text("utf-8").splitlines()
        assert {"User=patmatch", "NoNewPrivileges=yes", "ProtectSystem=strict", "UMask=0077",
                "CapabilityBoundingSet="} <= set(lines)  # fmt: skip
        (started,) = (line for line in lines if line.startswith("ExecStart="))
        command = started.split()[-1]
        helped = subprocess.run(
            [sys.executable, "-c", "from matcher.cli.main import main; main()", command, "--help"],
            capture_output=True, check=False,
        )  # fmt: skip
        assert helped.returncode == 0


FOUND = {"name": "a", "version": "1", "vulns": [{"id": "CVE-1", "fix_versions": ["2"]}]}


@pytest.mark.parametrize(("found", "code", "said"), [
    ([FOUND], 1, "CVE-1"), ([{**FOUND, "vulns": []}], 0, "已检查 1 个依赖"),
    ([{"name": "a", "skip_reason": "not found"}], 0, "没有检查"), (None, 0, "没有检查"),
])  # fmt: skip
def test_a_known_weakness_of_a_dependency_fails_the_check(
    found: object, code: int, said: str, tmp_path: Path
) -> None:
    """Against what pip-audit writes, by a stand-in that writes it."""
    (tmp_path / "bin").mkdir()
    stand_in = tmp_path / "bin/pip-audit"
    told = json.dumps({"dependencies": found}) if found is not None else ""
    stand_in.write_text(f"#!/bin/sh\nwhile [ $1 != --output ]; do shift; done\necho '{told}' >$2\n")
    stand_in.chmod(0o755)
    if not (ROOT / ".venv/bin/python").exists():
        pytest.skip("the script runs the python of .venv, and there is none")
    ran = subprocess.run(
        [ROOT / ".ci/audit"], capture_output=True, text=True, check=False,
        env={"PATH": "/usr/bin:/bin", "PATMATCH_AUDIT": str(tmp_path)},
    )  # fmt: skip
    assert (ran.returncode, said in ran.stdout) == (code, True), ran.stdout + ran.stderr
