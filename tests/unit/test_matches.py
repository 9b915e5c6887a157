"""A match explains itself, and is drawn in three ways."""

from dataclasses import replace

import pytest

from matcher.explain.drawing import Drawing
from matcher.matches import Bar, Evidence, Explanation, Match, Part

PROOFS = tuple(
    Evidence("main_problem", "abstract", 0, 4, "隔膜耐热", ((0, 2),), terms, 0.5)
    for terms in (("隔膜", "耐热"), ("耐热", "涂层", "闭孔"))
)
MATCH = Match(
    "N1", "P1", 1, 0.5,
    (Part("start", -2.5, -2.5), Part("terms", 2.0, 2.0), Part("memory", 1.0, 1.0)),
    3, (0.02, 0.36, 0.4, 0.22), (-2.9, 0.0, 1.5), PROOFS,
)  # fmt: skip


def test_a_match_explains_itself_by_its_parts_alone() -> None:
    assert MATCH.explain() == Explanation(
        start=-2.5,
        bars=(Bar("共同术语: 隔膜、耐热、涂层", 2.0), Bar("历史评价", 1.0)),
        score=0.5,
        steps=(-2.9, 0.0, 1.5),
        grade=3,
        chance=pytest.approx(0.62),  # type: ignore[arg-type]
    )


def test_terms_that_did_not_help_are_not_named() -> None:
    hurt = replace(MATCH, parts=(Part("terms", -0.3, -0.3),))
    bare = replace(MATCH, evidence=())
    assert hurt.explain().bars == (Bar("共同术语", -0.3),)
    assert bare.explain().bars[0] == Bar("共同术语", 2.0)


def test_an_explanation_is_drawn_in_words_and_as_a_picture() -> None:
    drawn = Drawing(MATCH.explain(), "耐热隔膜", "陶瓷隔膜")
    assert drawn.lines(40) == [
        "起点                           8%",
        "共同术语: 隔膜、耐热、涂层   +2.0",
        "历史评价                     +1.0",
        "合计                          62%",
        "●●●○ 较强 · 很可能(62%)",
    ]
    svg = drawn.svg()
    assert svg == Drawing(MATCH.explain(), "耐热隔膜", "陶瓷隔膜").svg()
    for told in ("耐热隔膜", "陶瓷隔膜", "共同术语: 隔膜、", "●●●○ 较强相关 · 很可能(62%)"):
        assert told in svg
