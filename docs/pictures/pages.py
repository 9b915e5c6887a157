"""page-*.png: the pages of the walkthrough, over the sample, at 1366 px and the first at 375 px."""

import shutil
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any
from urllib.error import URLError
from urllib.parse import quote
from urllib.request import urlopen

ROOT = Path(__file__).parents[2]
HERE = Path(__file__).parent
WIDE, TALL = 1366, 860
QUESTION = "铝合金压铸件气孔多,合格率低"
TYPED = "/need/new?q=" + quote("锂电池隔膜在 150℃ 高温下收缩,希望提高耐热性,热收缩率≤5%")
SHOTS = (
    ("search", "company", f"/search?q={quote(QUESTION)}"),
    ("why", "company", ""),
    ("clinic", "company", TYPED),
    ("patents", "centre", "/patents?after=CN201619098937.2"),
    ("upload", "centre", "/upload/patents"),
    ("park", "park", "/park"),
    ("batch", "park", ""),
    ("figures", "bureau", "/figures"),
)


@contextmanager
def served() -> Iterator[tuple[str, str]]:
    """The address and the password of the sample with its people."""
    with tempfile.TemporaryDirectory() as folder, socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
        free.close()
        place = f"http://127.0.0.1:{port}"
        process = subprocess.Popen(
            [ROOT / ".ci" / "serve", "pages", "--people", "--port", str(port)], cwd=folder,
            stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL,
        )  # fmt: skip
        try:
            for _ in range(900):
                try:
                    with urlopen(f"{place}/api/v1/health/ready"):
                        break
                except URLError:
                    time.sleep(0.2)
            yield place, (Path(folder) / "pages" / "password").read_text("utf-8").strip()
        finally:
            process.terminate()
            process.wait(30)


def taken(browser: Any, shot: tuple[str, str, str], at: tuple[str, str], width: int) -> None:
    """One picture: sign in, go there, look."""
    (name, who, path), (place, password) = shot, at
    window = browser.new_context(
        viewport={"width": width, "height": TALL}, locale="zh-CN", base_url=place
    )
    page = window.new_page()
    page.goto("/sign-in")
    page.get_by_label("电子邮箱").fill(f"{who}@example.com")
    page.get_by_label("密码").fill(password)
    page.locator("main").get_by_role("button", name="登录").click()
    if path:
        page.goto(path)
    ON_THE_WAY.get(name, lambda _: None)(page)
    page.wait_for_timeout(1200)
    suffix = "" if width == WIDE else "-phone"
    page.screenshot(path=HERE / f"page-{name}{suffix}.png")
    window.close()


def _why(page: Any) -> None:
    page.goto(SHOTS[0][2])
    page.get_by_role("link", name="为什么推荐").first.click()


def _batch(page: Any) -> None:
    page.goto("/park")
    page.get_by_role("button", name="运行匹配").click()
    page.get_by_role("button", name="查看匹配结果").click(timeout=60_000)


def _upload(page: Any) -> None:
    file = {"name": "成果清单.csv", "mimeType": "text/csv", "buffer": LIST.encode()}
    page.locator("input[type=file]").set_input_files(file)
    page.get_by_role("button", name="上传并核对").click()
    page.get_by_label("成果题目 认作").select_option(label="标题")
    page.get_by_role("button", name="按选择重新核对").click()


ON_THE_WAY = {"why": _why, "batch": _batch, "upload": _upload}


def main() -> None:
    """Look at each page and keep the picture."""
    chromium = shutil.which("chromium")
    if chromium is None:
        sys.exit("chromium is not installed")
    from playwright.sync_api import sync_playwright

    with served() as at, sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=chromium, args=["--no-sandbox"])
        for shot in sorted(SHOTS, key=lambda shot: shot[0] == "park"):  # after its batch
            taken(browser, shot, at, WIDE)
        taken(browser, SHOTS[0], at, 375)
        browser.close()


LIST = (
    "成果题目,摘要,申请号,申请人,院系\n一种氧化铝涂覆隔膜,涂覆陶瓷提高耐热性,202410000001X,嵩岚理工大学,材料学院\n"
    "一种含氟电解液添加剂,提高循环寿命,2024100000024,嵩岚理工大学,化学学院\n,没有写名称的一行,,嵩岚理工大学,\n"
)

if __name__ == "__main__":
    main()
