"""The short list as cards, at several widths."""

from dataclasses import replace
from datetime import date
from io import StringIO

import pytest
from rich.cells import cell_len
from rich.console import Console

from matcher.cli.cards import need_lines, patent_lines, show_answer
from matcher.matches import Answer, Check, Evidence, Match, Part, Removal, Risk
from matcher.records import Need, Party, Patent, Terms

PARTS = (
    Part("start", -2.5, -2.5), Part("meaning", 2.0, 2.0), Part("main_problem", -0.4, -0.4),
    Part("terms", 1.9, 1.9),
)  # fmt: skip
SENTENCE = ("abstract", 0, 9, "涂层使热收缩率低,", ((3, 7),), ("热收缩率",), 0.5)
PROOF = Evidence("main_problem", *SENTENCE)
ALSO = Evidence("expected_goal", *SENTENCE)
PLEDGED = Risk("pledged", "有质押。")
FIRST = Match(
    "N1", "P1", 1, 1.0, PARTS, 3, (0.02, 0.25, 0.46, 0.27), (-2.9, 0.0, 1.5),
    (PROOF, ALSO), ("闭孔温度",), (PLEDGED,),
)  # fmt: skip
SECOND = Match(
    "N1", "P2", 2, -3.0, (Part("start", -3.0, -3.0),), 1, (0.55, 0.4, 0.04, 0.01), (-2.9, 0.0, 1.5)
)
LEGEND = [
    "百分数是专家会评为较强或强相关的可能性,不是成交的可能性;加",
    "--explain 可看它由哪些项相加而成。",
]
NAMES = {"P1": ("陶瓷涂覆隔膜", "云麓理工大学 · 发明 · P1"), "P2": ("散热器", "江陵工业大学 · P2")}


def told(answer: Answer, width: int = 60, **how: object) -> list[str]:
    screen = Console(file=StringIO(), width=width, highlight=False)
    show_answer(answer, screen, lambda m: NAMES[m.patent_id], noun="专利", **how)  # type: ignore[arg-type]
    return screen.file.getvalue().splitlines()  # type: ignore[attr-defined, no-any-return]


def test_a_card_says_what_why_and_what_to_mind() -> None:
    assert told(Answer((FIRST,), 3, 3), 80) == [
        "从 3 件专利中找出最接近的 1 项:",
        "",
        " 1  陶瓷涂覆隔膜" + " " * 39 + "●●●○ 较强相关 很可能(73%)",
        "    云麓理工大学 · 发明 · P1",
        "    主要问题、预期目标  摘要「涂层使热收缩率低」",
        "    未提及              闭孔温度",
        "    注意                有质押。",
        "",
        "百分数是专家会评为较强或强相关的可能性,不是成交的可能性;加 --explain 可看它由哪",
        "些项相加而成。",
    ]


def test_an_explanation_leads_from_the_start_to_the_grade() -> None:
    assert told(Answer((FIRST,), 3, 3), 80, explain=True)[7:] == [
        "",
        "    起点                   8%  ┊   ●                        ┊              ┊",
        "    意思相近             +2.0  ┊   ████████████████████▶    ┊              ┊",
        "    主要问题接近         −0.4  ┊                   ◀▒▒▒▒    ┊              ┊",
        "    共同术语: 热收缩率   +1.9  ┊                   ███████████████████▶    ┊",
        "    合计                  73%  ┊                            ┊         ●    ┊",
        "                               ┊             弱             ┊     较强     ┊",
        "    ●●●○ 较强 · 很可能(73%)",
        "",
        "百分数是专家会评为较强或强相关的可能性,不是成交的可能性。",
    ]


def test_demanded_figures_are_told_where_something_is_said_and_all_of_them_on_request() -> None:
    checks = (
        Check(
            "热收缩率≤5%", 0, 7, "expected_goal", "satisfied", "热收缩率低于 3%", "abstract", 0, 9
        ),
        Check("厚度≤20μm", 8, 15, "expected_goal", "not_satisfied", "厚25μm", "abstract", 9, 14),
        Check("闭孔温度\n≥135℃", 16, 26, "expected_goal", "not_stated"),
    )
    match = replace(SECOND, rank=1, checks=checks)
    said = "    指标  热收缩率≤5% ✔ 满足「热收缩率低于 3%」  厚度≤20μm ✘ 不满足「厚25μm」"
    assert told(Answer((match,), 1, 1), 110)[4] == said
    assert told(Answer((match,), 1, 1), 110, explain=True)[4] == (
        said + "  闭孔温度 ≥135℃ ？ 未提及"
    )


@pytest.mark.parametrize("width", [40, 80, 100, 140])
def test_no_line_is_wider_than_the_terminal(width: int) -> None:
    long = replace(FIRST, missing=tuple("甲乙丙丁戊己庚辛壬癸" * 6))
    assert max(map(cell_len, told(Answer((long,), 1, 1), width, explain=True))) <= width


def test_where_nothing_suits_that_is_said_first() -> None:
    lines = told(Answer((replace(SECOND, rank=1),), 3, 3, no_match=True))
    assert lines[:6] == [
        "从 3 件专利中找出最接近的 1 项:",
        "",
        "很可能没有合适的专利:最接近的一项,专家评为较强相关以上的可能",
        "性只有 5%,以下仅供参考。把主要问题和技术指标写得更具体,或导",
        "入更多清单后再试。",
        "",
    ]
    assert "仅供参考" not in "".join(told(Answer((FIRST, SECOND), 3, 3)))


def test_filters_say_what_they_removed_and_which_to_relax() -> None:
    removals = (Removal("region", 8, 6), Removal("legal_status", 2, 0))
    assert told(Answer((SECOND,), 10, 1, removals, "region"))[-5:] == [
        "筛选后剩 1/10:地区去掉 8、法律状态去掉 2。",
        "所剩不多。放宽“地区”可多看到 6 项。",
        "",
        *LEGEND,
    ]


def test_an_empty_library_says_how_to_fill_it() -> None:
    assert told(Answer((), 0, 0)) == ["库中还没有专利。请先导入清单:patmatch patents add 文件。"]


def test_nothing_found_is_an_answer() -> None:
    assert told(Answer((), 3, 3)) == ["没有找到合适的专利。"]


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
