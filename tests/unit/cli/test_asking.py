"""match, batch, show, stats, diff and index rebuild at a small home."""

import json
import re
import shutil
from collections.abc import Callable
from pathlib import Path

import pytest
from openpyxl import load_workbook
from typer.testing import Result

Type = Callable[..., Result]
MEMBRANE, LAMP, WATER = "CN202010000001.1", "CN201910000002.3", "CN202110000003.5"


def found(result: Result, side: str = "patent_id") -> list[str]:
    assert (result.exit_code, result.stderr) == (0, "")
    return [match[side] for match in json.loads(result.stdout)["matches"]]


def test_a_text_finds_patents_and_says_why(type: Type) -> None:
    result = type("match", "如何提高锂电池隔膜的耐热性", "-k", 2, "--explain")
    lines = result.stdout.splitlines()
    assert (result.exit_code, result.stderr) == (0, "")
    assert lines[0] == "从 3 件专利中找出最接近的 2 项:"
    assert re.fullmatch(
        r" 1  一种陶瓷涂覆锂电池隔膜及其制备方法 +●●●○ 较强相关 可能\(\d\d%\)", lines[2]
    )
    assert lines[3].split(" · ")[-1] == MEMBRANE
    assert lines.count("    ●●●○ 较强 · 可能(51%)") == 1
    starts = [line.split()[:2] for line in lines if line.startswith("    起点")]
    assert starts == [["起点", "9%"], ["起点", "9%"]]


def test_json_tells_grade_chances_parts_and_whether_nothing_suits(type: Type) -> None:
    answer = json.loads(type("match", "如何提高锂电池隔膜的耐热性", "-k", 1, "--json").stdout)
    (match,) = answer["matches"]
    assert (match["grade"], answer["no_match"]) == (3, False)
    assert match["chances"][2] + match["chances"][3] == pytest.approx(0.510, abs=0.005)
    assert sum(match["chances"]) == pytest.approx(1.0, abs=1e-5)
    names = [part["name"] for part in match["parts"]]
    assert names == ["start", "meaning", "terms", "field", "memory"]
    assert sum(part["points"] for part in match["parts"]) == pytest.approx(match["score"])
    nothing = json.loads(type("match", "航空发动机叶片", "-k", 1, "--json").stdout)
    assert nothing["no_match"] is True


def test_a_picture_is_drawn_for_every_match(type: Type, tmp_path: Path) -> None:
    told = type("match", "--need", "N1", "-k", 2, "--picture", "图.svg").stdout.splitlines()
    assert told[-1] == "图已画好,每项一张:图.svg 到 图-2.svg,共 2 张。"
    first, second = ((tmp_path / name).read_text("utf-8") for name in ("图.svg", "图-2.svg"))
    assert first != second
    assert "提高锂电池隔膜的耐热性" in first and "一种陶瓷涂覆锂电池隔膜及其制备方法" in first
    assert type("match", "散热", "-k", 1, "--picture", "b.svg").stdout.endswith(
        "图已画好:b.svg。\n"
    )
    turned = type("match", "--patent", MEMBRANE, "-k", 1, "--picture", "c.svg", "--json")
    assert found(turned, "need_id") == ["N1"]
    assert (tmp_path / "c.svg").read_text("utf-8").count("一种陶瓷涂覆锂电池隔膜及其制备方法") == 1
    none = type("match", "散热", "--kind", "外观设计", "--picture", "d.svg")
    assert none.stdout.endswith("没有匹配,没有画图。\n")


@pytest.mark.parametrize("name", ["a.jpg", "nowhere/a.svg"])
def test_a_picture_of_another_kind_or_place_is_refused_at_once(type: Type, name: str) -> None:
    result = type("match", "散热", "--picture", name)
    assert (result.exit_code, result.stdout) == (2, "")


def test_a_text_finds_needs(type: Type) -> None:
    assert found(type("match", "污水氨氮", "--needs", "-k", 1, "--json"), "need_id") == ["N2"]
    assert "从 2 条需求中找出最接近的 1 项:" in type("match", "污水", "--needs", "-k", 1).stdout


def test_a_need_finds_patents_and_a_patent_needs(type: Type) -> None:
    assert found(type("match", "--need", "N2", "-k", 1, "--json")) == [WATER]
    for name in (MEMBRANE, "2020100000011", "ZL202010000001.1"):
        answer = type("match", "--patent", name, "-k", 1, "--json")
        assert found(answer, "need_id") == ["N1"]


@pytest.mark.parametrize(
    ("options", "ids"),
    [
        (("--industry", "C38"), {MEMBRANE, LAMP}),
        (("--region", "江苏省"), {WATER}),
        (("--region", "4101", "--region", "32"), {MEMBRANE, LAMP, WATER}),
        (("--region", "长三角"), {WATER}),
        (("--park", "郑州高新"), {MEMBRANE}),
        (("--applicant", "云麓"), {MEMBRANE, LAMP}),
        (("--kind", "实用新型"), set()),
        (("--legal-status", "失效"), {LAMP}),
        (("--ipc", "h01m 50"), {MEMBRANE}),
        (("--licence-mode", "普通许可"), {MEMBRANE}),
        (("--transfer-mode", "转让"), {LAMP}),
        (("--pay-later",), {MEMBRANE}),
        (("--no-pay-later",), {LAMP}),
        (("--trl-min", "5"), {MEMBRANE}),
        (("--trl-max", "5"), {LAMP}),
        (("--filed-from", "2020-03-05"), {MEMBRANE, WATER}),
        (("--filed-to", "2020/03/05"), {MEMBRANE, LAMP}),
        (("--grade-min", "4"), set()),
    ],
)
def test_every_filter_is_exact(type: Type, options: tuple[str, ...], ids: set[str]) -> None:
    assert set(found(type("match", "隔膜", "--json", *options))) == ids


def test_a_filter_says_what_it_removed(type: Type) -> None:
    told = type("match", "隔膜", "--region", "江苏省").stdout.splitlines()
    assert told[0] == "从符合筛选条件的 1 件专利中找出最接近的 1 项:"
    assert "筛选后剩 1/3:地区去掉 2。" in told
    assert "所剩不多。放宽“地区”可多看到 2 项。" in told


def test_an_unknown_record_is_named(type: Type) -> None:
    for words in (("match", "--need", "N9"), ("match", "--patent", "N9"), ("show", "N9")):
        result = type(*words)
        assert (result.exit_code, result.stdout) == (3, "")
        assert "N9" in result.stderr


def test_a_blank_text_and_a_wrong_filter_are_refused(type: Type) -> None:
    assert (type("match", "  ").exit_code, type("match", "x", "--kind", "发名").exit_code) == (2, 2)


def test_batch_writes_the_kinds_of_files(type: Type, tmp_path: Path) -> None:
    result = type("batch", "--out", "a.xlsx", "-k", 2)
    assert result.stdout == "已写好 a.xlsx:2 条需求,4 项匹配。\n"
    assert load_workbook(tmp_path / "a.xlsx").sheetnames == [
        "封面", "匹配结果", "专利", "未匹配需求",
    ]  # fmt: skip
    told = type("batch", "--out", tmp_path / "a.csv", "--json", "--need-region", "郑州市")
    assert json.loads(told.stdout) == {
        "file": str(tmp_path / "a.csv"), "summary": {"needs": 1, "matches": 3, "unmatched": 0},
    }  # fmt: skip


def test_batch_says_when_needs_stay_without_a_match(type: Type) -> None:
    told = type("batch", "--out", "b.jsonl", "--kind", "外观设计").stdout
    assert told == (
        "已写好 b.jsonl:2 条需求,0 项匹配。有 2 条需求一项也没有,请放宽筛选条件或导入更多专利。\n"
    )
    told = type("batch", "--out", "c.jsonl", "--need-park", "无此园区").stdout
    assert told == "已写好 c.jsonl,但没有符合 --need-… 条件的需求,里面没有匹配。\n"


@pytest.mark.parametrize("out", ["a.doc", "nowhere/a.xlsx"])
def test_batch_refuses_a_place_or_kind_at_once(type: Type, out: str) -> None:
    result = type("batch", "--out", out)
    assert (result.exit_code, result.stdout) == (2, "")


def test_a_record_is_shown_whole_and_without_its_contact(type: Type) -> None:
    told = type("show", "ZL202010000001.1").stdout.splitlines()
    assert told[:3] == [
        f"编号        {MEMBRANE}",
        "名称        一种陶瓷涂覆锂电池隔膜及其制备方法",
        "类型        发明",
    ]
    assert not any("…" in line for line in told)
    need = json.loads(type("show", "N1", "--json").stdout)
    assert need["company"] == "青屿新能源有限公司"
    assert "contact" not in need


def test_statistics_count_both_sides(type: Type) -> None:
    told = json.loads(type("stats", "--json").stdout)
    assert (told["patents"], told["needs"]) == (3, 2)
    assert told["tables"]["法律状态"] == [["有效", 2], ["失效", 1]]
    lines = type("stats").stdout.splitlines()
    assert lines[0] == "专利 3 件,需求 2 条。"
    where = lines.index("法律状态")
    assert lines[where + 1 : where + 3] == ["     2  有效", "     1  失效"]


def test_an_empty_home_says_how_to_begin(typed: Type, tmp_path: Path) -> None:
    lines = typed("--home", tmp_path / "new", "stats").stdout.splitlines()
    assert lines[:3] == [
        "专利 0 件,需求 0 条。",
        "还没有专利。请先导入清单:patmatch patents add 文件。",
        "还没有需求。请先导入需求:patmatch needs add 文件。",
    ]


def test_two_exports_are_compared(type: Type, tmp_path: Path) -> None:
    old, new = tmp_path / "old.jsonl", tmp_path / "new.jsonl"
    type("batch", "--out", old, "-k", 1, "--need-region", "41")
    type("batch", "--out", new, "-k", 1, "--legal-status", "失效")
    same = type("diff", old, old)
    assert same.stdout == "两次导出没有差别:1 条需求的匹配都相同。\n"
    lines = type("diff", old, new).stdout.splitlines()
    assert lines[:5] == [
        "1 条需求的匹配有变化:新出现 1 项,消失 1 项,名次变动 0 项;0 条没有变化。",
        "来历不同  筛选 法律状态:(无) → 失效",
        "新增需求  印染污水的氨氮处理 N2",
        "",
        "提高锂电池隔膜的耐热性  N1",
    ]
    assert lines[6] == f"  消失    一种陶瓷涂覆锂电池隔膜及其制备方法 {MEMBRANE}(原第 1 名)"
    told = json.loads(type("diff", old, new, "--json").stdout)
    assert told["appeared"] == [{"need_id": "N2", "title": "印染污水的氨氮处理"}]
    missing = type("diff", old, tmp_path / "none.jsonl")
    assert (missing.exit_code, missing.stdout) == (2, "")


def test_the_index_is_built_again_without_encoding_anew(type: Type) -> None:
    assert type("index", "rebuild").stdout == "索引已重建,新编码文本 0 段。\n"
    assert json.loads(type("index", "rebuild", "--json").stdout) == {"encoded": 0}


def test_a_changed_setting_is_told_before_the_answer(
    typed: Type, home: Path, tmp_path: Path
) -> None:
    copy = tmp_path / "copy"
    shutil.copytree(home, copy)
    shutil.rmtree(copy / "derived")
    result = typed("--home", copy, "match", "隔膜", "-k", 1)
    assert result.stderr == "数据或设置有变动,已先更新索引(新编码文本 0 段)。\n"
    assert result.stdout.startswith("从 3 件专利中")
