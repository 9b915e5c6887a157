"""Chances in words."""

import pytest

from matcher.text.chances import in_words, per_cent, told


@pytest.mark.parametrize(
    ("chance", "word"),
    [
        (0.0, "几乎不可能"), (0.049, "几乎不可能"), (0.05, "不太可能"), (0.199, "不太可能"),
        (0.2, "有可能"), (0.4, "可能"), (0.6, "很可能"), (0.899, "很可能"), (0.9, "非常可能"),
        (1.0, "非常可能"),
    ],
)  # fmt: skip
def test_a_chance_has_a_word(chance: float, word: str) -> None:
    assert in_words(chance) == word


def test_nobody_is_told_that_something_is_certain() -> None:
    shown = [per_cent(chance) for chance in (0.0, 0.004, 0.006, 0.5, 0.994, 0.996, 1.0)]
    assert shown == ["<1%", "<1%", "1%", "50%", "99%", ">99%", ">99%"]


def test_word_and_figure_stand_together() -> None:
    assert told(0.76) == "很可能(76%)"
