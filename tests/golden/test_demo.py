"""`make demo`, command by command: what it says, what it gives back, what it writes."""

import math
import os
import re
import shlex
import shutil
import subprocess
import sys
from pathlib import Path

import pytest
from openpyxl import load_workbook
from openpyxl.worksheet.worksheet import Worksheet

ROOT = Path(__file__).parents[2]
PROGRAM = "from matcher.cli.main import main; main()"
Said = list[str]
IMPORTED = {
    "gazette_patents.csv": "共 55 行专利:新增 51,合并 3,退回 1",
    "incopat_export.xlsx": "共 89 行专利:新增 84,合并 3,退回 2",
    "patsnap_export.xlsx": "共 88 行专利:新增 75,合并 13",
    "transfer_sheet.xls": "共 41 行专利:更新 36,合并 4,退回 1",
}
RETURNED = {
    "退回-gazette_patents.xlsx": ["14"],
    "退回-incopat_export.xlsx": ["92", "93"],
    "退回-transfer_sheet.xlsx": ["43"],
}


def commands() -> list[list[str]]:
    """The words of the demo's commands, as the Makefile has them."""
    text = (ROOT / "Makefile").read_text("utf-8").replace("\\\n", " ")
    recipe = text.split("\ndemo:", 1)[1].split("\n\n", 1)[0]
    names = {"SAMPLE": "data/sample", "DEMO": "demo", "PATMATCH": "--home demo/home"}
    lines = [line.strip() for line in recipe.splitlines() if line.startswith("\t$(PATMATCH)")]
    return [shlex.split(re.sub(r"\$\((\w+)\)", lambda m: names[m[1]], line)) for line in lines]


@pytest.fixture(scope="module")
def place(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder like the repository's, to run the demo in."""
    folder = tmp_path_factory.mktemp("demo")
    shutil.copytree(ROOT / "data" / "sample", folder / "data" / "sample")
    (folder / "demo").mkdir()
    return folder


@pytest.fixture(scope="module")
def said(place: Path) -> list[Said]:
    """The lines that each command of the demo printed."""
    environ = {**os.environ, "PYTHONUTF8": "1", "PYTHONPATH": str(ROOT)}
    return [
        subprocess.run(
            [sys.executable, "-c", PROGRAM, *words],
            cwd=place, env=environ, capture_output=True, check=True, text=True, encoding="utf-8",
        ).stdout.splitlines()
        for words in commands()
    ]  # fmt: skip


@pytest.fixture(scope="module")
def workbook(place: Path, said: list[Said]) -> dict[str, Worksheet]:
    """The sheets of the workbook that the demo wrote, by name."""
    assert said
    return {sheet.title: sheet for sheet in load_workbook(place / "demo" / "匹配结果.xlsx")}


def rows(sheet: Worksheet) -> list[tuple[object, ...]]:
    return list(sheet.iter_rows(values_only=True))


def test_the_demo_imports_asks_and_exports() -> None:
    verbs = [words[2] for words in commands()]
    assert verbs == ["patents", "needs", "match", "batch"]


def test_every_list_is_recognised_and_counted(said: list[Said]) -> None:
    told = "\n".join(said[0])
    for name, counted in IMPORTED.items():
        part = told[told.index(f"{name}  已导入") :]
        assert re.search(r"^  结果 +(.+)$", part, re.MULTILINE)[1] == counted  # type: ignore[index]
    dialects = ("国家知识产权局公报", "incoPat 合享", "智慧芽 PatSnap", "高校专利盘点表")
    assert [name for name in dialects if name not in told] == []
    assert re.fullmatch(r"索引已更新,新编码文本 \d+ 段。", said[0][-1])


def test_all_needs_are_taken(said: list[Said]) -> None:
    counted = [line.split(maxsplit=1)[1] for line in said[1] if line.startswith("  结果")]
    assert counted == ["共 45 行需求:新增 45", "共 15 行需求:新增 15"]


def test_refused_rows_come_back_with_line_reason_and_advice(place: Path, said: list[Said]) -> None:
    assert said
    written = {path.name: path for path in (place / "demo").glob("退回*")}
    assert sorted(written) == sorted(RETURNED)
    for name, lines in RETURNED.items():
        (sheet,) = load_workbook(written[name])
        head, *refused = rows(sheet)
        at = [head.index(title) for title in ("行号", "原因", "建议")]
        assert [str(row[at[0]]) for row in refused] == lines
        assert all(row[at[1]] and row[at[2]] for row in refused)


def test_the_short_list_gives_reasons_and_parts_that_add_up(said: list[Said]) -> None:
    assert said[2][0] == "从 210 件专利中找出最接近的 5 项:"
    heads = [re.fullmatch(r" (\d)  .+ ([●○]{4}) \S+ \S+\(\d+%\)", line) for line in said[2]]
    assert [head[1] for head in heads if head] == ["1", "2", "3", "4", "5"]
    start, total, parts = 0.0, 0.0, 0.0
    sums = 0
    for line in said[2]:
        match line.split():
            case ["起点", chance, *_]:
                start, parts = log_odds(chance), 0.0
            case ["合计", chance, *_]:
                total, sums = log_odds(chance), sums + 1
                assert start + parts == pytest.approx(total, abs=0.4)
            case _:
                figure = re.match(r"    \S.*? ([+\u2212]\d\.\d) ", line)
                parts += float(figure[1].replace("\u2212", "-")) if figure else 0.0
    assert sums == 5


def log_odds(per_cent: str) -> float:
    chance = float(per_cent.removesuffix("%")) / 100
    return math.log(chance / (1 - chance))


def test_the_workbook_is_written(said: list[Said]) -> None:
    path = Path("demo", "匹配结果.xlsx")
    assert said[3] == [f"已写好 {path}:60 条需求,600 项匹配。"]


def test_the_workbook_has_cover_matches_patents_and_unmatched(
    workbook: dict[str, Worksheet],
) -> None:
    assert list(workbook) == ["封面", "匹配结果", "专利", "未匹配需求"]
    frozen = {name: sheet.freeze_panes for name, sheet in workbook.items()}
    assert frozen == {"封面": None, "匹配结果": "A2", "专利": "C2", "未匹配需求": "A2"}


def test_the_sheet_of_matches_has_ten_for_every_need(workbook: dict[str, Worksheet]) -> None:
    head, *body = rows(workbook["匹配结果"])
    assert head == (
        "序号", "名次", "推荐等级", "得分项", "专利名称", "专利编号", "申请人", "类型与状态",
        "转化条件", "专利中的依据", "指标核对", "未涉及", "风险提示", "需求编号",
    )  # fmt: skip
    matches = [(row[0], row[1]) for row in body if isinstance(row[1], int)]
    assert matches == [(need, rank) for need in range(1, 61) for rank in range(1, 11)]


def test_the_cover_names_its_origin(workbook: dict[str, Worksheet]) -> None:
    told = {cell for row in rows(workbook["封面"]) for cell in row if cell is not None}
    assert "专利与技术需求匹配结果" in told
    assert {"数据快照", "文本模型", "索引", "得分方法", "软件版本", "导出时间"} <= told


def test_the_unmatched_needs_are_those_for_which_nothing_suits(
    workbook: dict[str, Worksheet],
) -> None:
    head, *body = rows(workbook["未匹配需求"])
    best = head.index("最大可能性")
    assert len(body) == 8
    assert all(re.fullmatch(r"\d%|1[0-5]%", str(row[best])) for row in body)
