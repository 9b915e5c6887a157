"""Shares of terms, against their formula."""

from collections import Counter
from math import log, sqrt

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from matcher.rank.counted import keys
from matcher.rank.terms import Asked, Frequencies, Terms
from matcher.text.grams import grams
from matcher.text.words import Segmenter

WORDS = {"轴承": 5, "润滑": 2, "污水": 9}
GRAMS = {"轴": 6, "承": 7, "轴承": 5, "水": 20, "滑": 3}
KNOWN = Frequencies(100, WORDS, GRAMS, (4.0, 40.0), (10.0, 90.0))
EDGE = 1.5 * 0.25  # K1 * (1 - B)


@pytest.fixture(scope="module")
def terms(segmenter: Segmenter) -> Terms:
    return Terms(KNOWN, segmenter)


def idf(term: str, known: dict[str, int]) -> float:
    texts = known.get(term, 0)
    return log(1 + (100 - texts + 0.5) / (texts + 0.5))


def weights(terms: list[str], known: dict[str, int]) -> dict[str, float]:
    return {
        term: (1 + log(times)) * idf(term, known) ** 2 for term, times in Counter(terms).items()
    }


def share(wanted: dict[str, float], told: list[str], mean: float) -> float:
    """Of what is wanted, by BM25 with k1 = 1.5, b = 0.75; not yet the root."""
    half = EDGE + 1.5 * 0.75 * len(told) / mean
    earned = sum(
        wanted.get(term, 0.0) * times / (times + half) for term, times in Counter(told).items()
    )
    return earned * (1 + EDGE) / sum(wanted.values())


def covered(told: list[str], wanted: dict[str, float], known: dict[str, int]) -> float:
    every = [idf(term, known) ** 2 for term in told]
    shared = [idf(term, known) ** 2 for term in told if term in wanted]
    return sum(shared) / sum(every)


def read(terms: Terms, asked: Asked, title: str, rest: str = "") -> tuple[float, ...]:
    """The shares of one patent."""
    told = terms.told([(title, rest)])
    return tuple(terms.shares(asked, told, terms.totals(told))[0].tolist())


def test_shares_of_titles_are_the_formula(terms: Terms) -> None:
    asked = terms.asked("轴承润滑", "轴承 污水")
    words = weights(["轴承", "润滑"] * 2 + ["轴承", "污水"], WORDS)
    pairs = weights(grams("轴承润滑") * 2 + grams("轴承 污水"), GRAMS)
    title, mine = weights(grams("轴承润滑"), GRAMS), grams("轴承密封")
    by_hand = [
        share(words, ["轴承", "密封"], 4.0),
        share(pairs, mine, 10.0),
        share(title, mine, 10.0),
        covered(["轴承", "密封"], words, WORDS),
        covered(mine, pairs, GRAMS),
    ]
    assert read(terms, asked, "轴承密封") == pytest.approx(
        [sqrt(value) for value in by_hand], rel=1e-12
    )


def test_a_patent_that_says_more_counts_half_by_its_title_and_half_by_all_of_it(
    terms: Terms,
) -> None:
    asked = terms.asked("污水", "润滑")
    title, every = "轴承密封", "轴承密封\n污水 润滑 污水"
    words = weights(["污水", "污水", "润滑"], WORDS)
    pairs = weights(grams("污水\n污水\n润滑"), GRAMS)
    long = ["轴承", "密封", "污水", "润滑", "污水"]
    by_words = (sqrt(share(words, ["轴承", "密封"], 4.0)) + sqrt(share(words, long, 40.0))) / 2
    by_grams = sqrt(share(pairs, grams(title), 10.0)) + sqrt(share(pairs, grams(every), 90.0))
    found = read(terms, asked, title, "污水 润滑 污水")
    assert found[:2] == pytest.approx([by_words, by_grams / 2], rel=1e-12)
    assert found[2:] == read(terms, asked, title)[2:]


def test_the_same_text_gives_the_most_that_its_like_can_give(terms: Terms) -> None:
    title = "轴承润滑密封装置"
    asked = terms.asked(title, "")
    own = read(terms, asked, title)
    assert own[3:] == (1.0, 1.0)
    others = ("轴承润滑", "轴承密封装置", "轴承润滑密封装置及污水脱氮", "污水脱氮", "轴", "装置")
    for other in others:
        found = read(terms, asked, other)
        assert all(a > b for a, b in zip(own[:3], found[:3], strict=True)), other
        assert all(a >= b for a, b in zip(own[3:], found[3:], strict=True)), other


@pytest.mark.parametrize("blank", ["", " \n", "，。的", "\u3000"])
def test_blank_texts_share_nothing(terms: Terms, blank: str) -> None:
    nothing = (0.0,) * 5
    assert read(terms, terms.asked(blank, blank), "轴承", "润滑") == nothing
    assert read(terms, terms.asked("轴承", "润滑"), blank) == nothing
    assert read(terms, terms.asked(blank, ""), "", blank) == nothing


def test_a_patent_without_more_than_blanks_beside_its_title_has_a_title_alone(
    terms: Terms,
) -> None:
    told = terms.told([("轴承", " \n"), ("轴承", "润滑")])
    assert told.longer.tolist() == [False, True]
    words, pairs = told.whole
    assert words.starts.tolist() == [0, 0, 2]
    assert set(words.keys.tolist()) == set(keys(["轴承", "润滑"]).tolist())
    assert set(pairs.keys.tolist()) == set(keys(grams("轴承\n润滑")).tolist())


def test_a_term_said_over_and_over_gives_no_more_than_all(terms: Terms) -> None:
    found = read(terms, terms.asked("轴承", ""), "轴承" * 12, "轴承" * 40)
    assert (found[0], found[3], max(found)) == (1.0, 1.0, 1.0)


parts = st.sampled_from(
    [
        "轴承",
        "润滑",
        "污水",
        "脱氮",
        "的",
        "一种",
        "PLC",
        "≥200℃",
        "、",
        " ",
        "\n",
        "X7",
        "龘",
        "😀",
    ]
)
texts = st.lists(parts, max_size=12).map("".join) | st.text(max_size=12)


@given(texts, texts, texts, texts)
@settings(deadline=None)
def test_shares_lie_between_nothing_and_all(
    terms: Terms, title: str, rest: str, name: str, more: str
) -> None:
    found = read(terms, terms.asked(title, rest), name, more)
    assert len(found) == len(Terms.NAMES)
    assert all(0.0 <= value <= 1.0 for value in found), found
