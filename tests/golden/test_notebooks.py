"""The notebooks run from the first cell to the last, and say what their prose says."""

import subprocess
import sys
from pathlib import Path

import jupytext
import pytest

ROOT = Path(__file__).parents[2]
NOTEBOOKS = sorted((ROOT / "notebooks").glob("*.py"))
SAYS = {
    "01_quick_start": [
        "gazette_patents.csv {'new': 51, 'merged': 3} 退回 1 行",
        "60 条需求,300 项匹配",
    ],
    "02_reading_an_explanation": [
        "专利 一种间位芳纶涂层锂电池隔膜的水相相分离涂覆方法",
        "●●○○ 弱 · 可能(46%)",
        "淡水珍珠蚌插核手术自动化及成活率提升 不太可能(9%) 没有合适的",
    ],
}


def test_there_are_two() -> None:
    assert [path.stem for path in NOTEBOOKS] == list(SAYS)


@pytest.mark.parametrize("path", NOTEBOOKS, ids=lambda path: path.stem)
def test_a_notebook_is_prose_and_short_cells_in_turn(path: Path) -> None:
    cells = jupytext.read(path).cells
    assert cells[0].cell_type == "markdown"
    assert cells[0].source.startswith("# ")
    assert {cell.cell_type for cell in cells} == {"markdown", "code"}
    code = [cell.source for cell in cells if cell.cell_type == "code"]
    assert max(len(source.splitlines()) for source in code) <= 12
    assert not any(word in source for source in code for word in ("def ", "class ", "%", "!"))


@pytest.mark.parametrize("path", NOTEBOOKS, ids=lambda path: path.stem)
def test_a_notebook_runs(path: Path) -> None:
    done = subprocess.run(
        [sys.executable, "-X", "utf8", "-W", "error", path.name],
        cwd=path.parent, capture_output=True, text=True, encoding="utf-8", check=False,
    )  # fmt: skip
    assert (done.returncode, done.stderr) == (0, "")
    assert [line for line in SAYS[path.stem] if line not in done.stdout] == []
