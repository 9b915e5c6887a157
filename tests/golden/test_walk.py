"""The walk through the service in the README, as it stands there, against `make serve`'s own
script."""

import os
import re
import shutil
import socket
import subprocess
import time
from collections.abc import Iterator
from pathlib import Path
from urllib.error import URLError
from urllib.request import urlopen

import pytest
from openpyxl import load_workbook

ROOT = Path(__file__).parents[2]
WALK = re.compile(r"<!-- walk -->\n```bash\n(.*?)```", re.DOTALL)


@pytest.fixture
def served(tmp_path: Path) -> Iterator[str]:
    """The address of a service with the sample, and its folder `serve` in `tmp_path`."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    script = [ROOT / ".ci" / "serve", "serve", "--port", str(port)]
    with (tmp_path / "log").open("w") as log:
        service = subprocess.Popen(script, cwd=tmp_path, stdout=log, stderr=subprocess.STDOUT)
    address = f"http://127.0.0.1:{port}/api/v1"
    try:
        for _ in range(600):
            try:
                with urlopen(f"{address}/health/ready"):
                    break
            except URLError:
                assert service.poll() is None, (tmp_path / "log").read_text("utf-8")
                time.sleep(0.2)
        yield address
    finally:
        service.terminate()
        service.wait(30)


@pytest.mark.slow
def test_the_commands_of_the_readme_go_from_signing_in_to_a_workbook(
    served: str, tmp_path: Path
) -> None:
    if shutil.which("curl") is None and os.environ.get("CI") != "true":
        pytest.skip("curl is not installed")
    (text,) = WALK.findall((ROOT / "README.md").read_text("utf-8"))
    (tmp_path / "data").symlink_to(ROOT / "data")
    commands = text.replace("http://127.0.0.1:8000/api/v1", served)
    ran = subprocess.run(
        ["bash", "-euo", "pipefail", "-c", commands], cwd=tmp_path, capture_output=True, text=True,
        timeout=120, check=False,
    )  # fmt: skip
    assert ran.returncode == 0, ran.stderr + (tmp_path / "log").read_text("utf-8")
    tried, taken, title = ran.stdout.splitlines()
    assert tried == taken == "{'new': 45}"
    assert "隔膜" in title
    book = load_workbook(tmp_path / "匹配结果.xlsx", read_only=True)
    rows = {name: len(list(book[name].values)) for name in book.sheetnames}
    assert len(rows) == 4 and max(rows.values()) > 100, rows
