"""The short list as cards, at several widths."""

from datetime import date
from io import StringIO

import pytest
from rich.cells import cell_len
from rich.console import Console

from matcher.cli.cards import need_lines, patent_lines, show_answer, tenths
from matcher.matches import Answer, Check, Evidence, Match, Part, Removal, Risk
from matcher.records import Need, Party, Patent, Terms

PARTS = (Part("meaning", 20.04, 0.9), Part("words", 5.04, 0.3), Part("characters", 10.05, 0.2))
SENTENCE = ("abstract", 0, 9, "涂层使热收缩率低,", ((3, 7),), ("热收缩率",), 0.5)
PROOF = Evidence("main_problem", *SENTENCE)
ALSO = Evidence("expected_goal", *SENTENCE)
PLEDGED = Risk("pledged", "有质押。")
FIRST = Match("N1", "P1", 1, 35.13, PARTS, (PROOF, ALSO), ("闭孔温度",), (PLEDGED,))
SECOND = Match("N1", "P2", 2, 20.0, (Part("meaning", 20.0, 0.5),))
NAMES = {"P1": ("陶瓷涂覆隔膜", "云麓理工大学 · 发明 · P1"), "P2": ("散热器", "江陵工业大学 · P2")}


def told(answer: Answer, width: int = 60, **how: object) -> list[str]:
    screen = Console(file=StringIO(), width=width, highlight=False)
    show_answer(answer, screen, lambda m: NAMES[m.patent_id], noun="专利", **how)  # type: ignore[arg-type]
    return screen.file.getvalue().splitlines()  # type: ignore[attr-defined, no-any-return]


def test_a_card_says_what_why_and_what_to_mind() -> None:
    assert told(Answer((FIRST,), 3, 3), 80, explain=True) == [
        "从 3 件专利中找出最接近的 1 项:",
        "",
        " 1  陶瓷涂覆隔膜" + " " * 53 + "契合度 35.1",
        "    云麓理工大学 · 发明 · P1",
        "    主要问题、预期目标  摘要「涂层使热收缩率低」",
        "    未提及              闭孔温度",
        "    注意                有质押。",
        "    得分项              意思相近 20.0 + 共同术语 5.0 + 字词重合 10.1 = 35.1",
    ]


def test_demanded_figures_are_told_where_something_is_said_and_all_of_them_on_request() -> None:
    checks = (
        Check(
            "热收缩率≤5%", 0, 7, "expected_goal", "satisfied", "热收缩率低于 3%", "abstract", 0, 9
        ),
        Check("厚度≤20μm", 8, 15, "expected_goal", "not_satisfied", "厚25μm", "abstract", 9, 14),
        Check("闭孔温度\n≥135℃", 16, 26, "expected_goal", "not_stated"),
    )
    match = Match("N1", "P2", 1, 20.0, (), checks=checks)
    said = "    指标  热收缩率≤5% ✔ 满足「热收缩率低于 3%」  厚度≤20μm ✘ 不满足「厚25μm」"
    assert told(Answer((match,), 1, 1), 110)[4] == said
    assert told(Answer((match,), 1, 1), 110, explain=True)[4:6] == [
        "    指标    " + said[8:] + "  闭孔温度 ≥135℃ ？ 未提及",
        "    得分项   = 20.0",
    ]


@pytest.mark.parametrize("width", [40, 80, 100, 140])
def test_no_line_is_wider_than_the_terminal(width: int) -> None:
    long = Match("N1", "P1", 1, 35.1, PARTS, (PROOF,), tuple("甲乙丙丁戊己庚辛壬癸" * 6))
    assert max(map(cell_len, told(Answer((long,), 1, 1), width, explain=True))) <= width


def test_what_scores_little_is_said_to_be_weak() -> None:
    lines = told(Answer((FIRST, SECOND), 3, 3), weak=30.0)
    assert lines.index("以下契合度不到 30,仅供参考。") < lines.index("    江陵工业大学 · P2")
    assert "很可能没有合适的" in "".join(told(Answer((FIRST,), 3, 3), weak=40.0))
    assert "仅供参考" not in "".join(told(Answer((FIRST, SECOND), 3, 3), weak=20.0))


def test_filters_say_what_they_removed_and_which_to_relax() -> None:
    removals = (Removal("region", 8, 6), Removal("legal_status", 2, 0))
    assert told(Answer((SECOND,), 10, 1, removals, "region"))[-4:] == [
        "筛选后剩 1/10:地区去掉 8、法律状态去掉 2。",
        "所剩不多。放宽“地区”可多看到 6 项。",
        "",
        "契合度满分 100,是各得分项之和;加 --explain 可看每一项。",
    ]


def test_an_empty_library_says_how_to_fill_it() -> None:
    assert told(Answer((), 0, 0)) == ["库中还没有专利。请先导入清单:patmatch patents add 文件。"]


def test_nothing_found_is_an_answer() -> None:
    assert told(Answer((), 3, 3)) == ["没有找到合适的专利。"]


def test_rounded_parts_add_up_to_the_rounded_score() -> None:
    assert tenths(PARTS, 35.13) == [20.0, 5.0, 10.1]
    assert tenths((Part("meaning", 1.06, 0.0), Part("words", 1.06, 0.0)), 2.12) == [1.1, 1.0]
    assert tenths((), 0.0) == []


def test_a_patent_and_a_need_in_two_lines() -> None:
    patent = Patent(
        id="P1", keys=("A:P1",), title="隔膜", kind="发明", expiry_date=date(2040, 3, 5),
        applicants=(Party("云麓理工大学", "高校"),),
        terms=Terms(trl=6, licence_modes=("普通许可",)),
    )  # fmt: skip
    assert patent_lines(patent) == (
        "隔膜", "云麓理工大学 · 发明 · 状态未知 · 至 2040-03 · TRL 6 · 普通许可 · P1",
    )  # fmt: skip
    need = Need(id="N1", title="耐热", company="青屿公司", region="410100", budget_text="面议")
    assert need_lines(need) == ("耐热", "青屿公司 · 河南省郑州市 · 面议 · N1")
