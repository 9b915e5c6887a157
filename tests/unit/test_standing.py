"""A matcher that answers while records are added: old answers until it has caught up, then new."""

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from matcher.matches import Answer, Match, Removal
from matcher.rank.kept import from_bytes, to_bytes
from matcher.records import Filter, Need, Patent
from matcher.standing import StandingMatcher, joined
from matcher.text.words import Segmenter

Open = Callable[..., Any]
HEAD = "申请号,标题,摘要,申请人,地址"
NOUNS = ("陶瓷隔膜", "压铸铝合金", "防腐涂料", "植物蛋白肉", "石墨烯散热膜", "污水处理装置")
NUMBERS = (
    "CN202219001622.8", "CN202219031053.1", "CN202019003453.2", "CN201619144828.0",
    "CN202119145795.2", "CN201919120521.0",
)  # fmt: skip


def written(folder: Path, name: str, start: int, stop: int) -> Path:
    """A list of some of the six patents; those before the third are of Henan."""
    path = folder / name
    lines = [
        f"{number},一种{noun}的制备方法,本发明公开了一种{noun}。,嵩岚理工大学,"
        + ("河南省郑州市金水区文化路1号" if at < 2 else "湖北省武汉市洪山区珞喻路1号")
        for at, (number, noun) in enumerate(zip(NUMBERS, NOUNS, strict=True))
    ]
    path.write_text("\n".join([HEAD, *lines[start:stop]]), "utf-8")
    return path


@pytest.fixture
def standing(opened: Open, tmp_path: Path) -> StandingMatcher:
    """Over a home with the first three patents and a need."""
    matcher = opened(kind=StandingMatcher)
    matcher.add_patents([written(tmp_path, "一.csv", 0, 3)])
    matcher.store.put_needs([Need(id="甲", title="陶瓷隔膜", content="需要陶瓷隔膜。")])
    matcher.refresh()
    assert isinstance(matcher, StandingMatcher)
    return matcher


def ids(answer: Answer) -> list[str]:
    return [match.patent_id for match in answer.matches]


def told(answer: Answer) -> list[tuple[str, int, Any]]:
    """A score may differ by its last digit: sums of another length are added in another order."""
    return [(one.patent_id, one.rank, pytest.approx(one.score, abs=2e-6)) for one in answer.matches]


# ------------------------------------------------------------------------------- catching up
def test_what_was_added_is_found_once_it_has_caught_up(
    standing: StandingMatcher, opened: Open, tmp_path: Path
) -> None:
    before = standing.match("污水处理装置")
    other = opened()
    other.add_patents([written(tmp_path, "二.csv", 3, 6)])
    assert standing.match("污水处理装置") == before and before.total == 3
    assert standing.catch_up() and not standing.catch_up()
    assert standing.behind == 3
    after = standing.match("污水处理装置")
    assert (after.total, after.passed, ids(after)[0]) == (6, 6, NUMBERS[5])


def test_answers_are_those_of_a_generation_that_has_everything(
    standing: StandingMatcher, opened: Open, tmp_path: Path
) -> None:
    standing.add_patents([written(tmp_path, "二.csv", 3, 6)])
    standing.store.put_needs([Need(id="乙", title="植物蛋白肉", content="需要植物蛋白肉。")])
    standing.catch_up()
    ask = [
        lambda one: one.match("石墨烯散热膜", k=4),
        lambda one: one.match_need("甲"),
        lambda one: one.match_need("乙"),
        lambda one: one.match_patent(NUMBERS[0]),
        lambda one: one.match_patent(NUMBERS[4]),
        lambda one: one.match("隔膜", filter=Filter(region=("41",))),
    ]
    apart = [one(standing) for one in ask]
    assert standing.behind == 4
    whole = opened()
    together = [one(whole) for one in ask]
    for mine, theirs in zip(apart, together, strict=True):
        assert mine.matches
        assert [(one.patent_id, one.rank, one.score) for one in mine.matches] == told(theirs)
        assert [one.need_id for one in mine.matches] == [one.need_id for one in theirs.matches]
        assert (mine.total, mine.passed, mine.removals, mine.relax, mine.no_match) == (
            theirs.total, theirs.passed, theirs.removals, theirs.relax, theirs.no_match
        )  # fmt: skip


def test_a_changed_record_is_found_by_what_it_says_now(standing: StandingMatcher) -> None:
    (old,) = standing.store.patents([NUMBERS[0]])
    standing.store.put_patents(
        [
            Patent(
                id=old.id, keys=old.keys, title="一种污水处理装置", abstract="公开了污水处理装置。"
            )
        ]
    )
    standing.catch_up()
    answer = standing.match("污水处理装置", k=10)
    assert answer.total == 3 and len(ids(answer)) == 3
    assert ids(answer)[0] == NUMBERS[0]
    assert standing.match_patent(NUMBERS[0]).matches[0].patent_id == NUMBERS[0]


def test_a_record_that_has_gone_is_found_no_more_even_before_it_has_caught_up(
    standing: StandingMatcher,
) -> None:
    standing.store.put_patents([], gone=[NUMBERS[0]])
    assert ids(standing.match("陶瓷隔膜", k=3)).count(NUMBERS[0]) == 0
    standing.catch_up()
    answer = standing.match("陶瓷隔膜", k=3)
    assert answer.total == 2 and sorted(ids(answer)) == sorted(NUMBERS[1:3])


def test_a_generation_that_another_built_is_taken_in_hand(
    standing: StandingMatcher, opened: Open, tmp_path: Path
) -> None:
    other = opened()
    other.add_patents([written(tmp_path, "二.csv", 3, 6)])
    other.refresh()
    assert standing.catch_up() and standing.behind == 0
    assert len(standing.library.patents) == 6
    assert standing.match("污水处理装置").matches[0].patent_id == NUMBERS[5]


def test_too_many_newcomers_wait_for_the_next_generation(
    standing: StandingMatcher, tmp_path: Path, opened: Open
) -> None:
    many = [Patent(id=f"S{at}", keys=(f"S:{at}",), title=f"一种防腐涂料{at}") for at in range(2001)]
    standing.store.put_patents(many, gone=[NUMBERS[0]])
    standing.catch_up()
    assert standing.behind == 2002
    assert standing.match("防腐涂料").total == 2
    assert standing.refresh() > 0
    assert standing.behind == 0
    assert standing.match("防腐涂料").total == 2003


def test_another_ranker_takes_over(standing: StandingMatcher) -> None:
    own = standing.ranker.name
    standing.restore_ranker("")
    assert standing.catch_up()
    assert standing.ranker.name != own


def test_what_a_new_ranker_settled_is_taken_in_hand(
    standing: StandingMatcher, opened: Open, ranker: bytes, segmenter: Segmenter
) -> None:
    before = standing.library.views.settled
    assert before is not None and before.digest == standing.ranker.digest
    other = opened()
    learned = replace(from_bytes(ranker, segmenter), name="younger")
    other.rankers.keep(to_bytes(learned))
    with other._works.lock:  # who is not waited for
        standing._works.lock.timeout = 60
        assert standing.catch_up() and standing.ranker.name == "younger"
    waiting = standing.library.views.settled
    assert waiting is not None and waiting.digest == before.digest  # another was writing
    slow = standing.match("陶瓷隔膜")
    other.rankers.choose("")
    assert standing.catch_up()
    other.rankers.keep(to_bytes(learned))
    assert standing.catch_up() and not standing.catch_up()
    after = standing.library.views.settled
    assert after is not None and after.digest == standing.ranker.digest != before.digest
    assert ids(standing.match("陶瓷隔膜")) == ids(slow)
    assert [one.score for one in standing.match("陶瓷隔膜").matches] == [
        pytest.approx(one.score, abs=2e-6) for one in slow.matches
    ]


def test_an_empty_home_answers_with_nothing(opened: Open) -> None:
    matcher = opened(kind=StandingMatcher)
    assert matcher.match("陶瓷隔膜").matches == ()


def test_all_needs_are_matched_over_everything(standing: StandingMatcher, tmp_path: Path) -> None:
    standing.add_patents([written(tmp_path, "二.csv", 3, 6)])
    ((need, answer),) = standing.match_all(k=6)
    assert need.id == "甲" and answer.total == 6


def test_a_generation_that_another_replaced_while_it_was_opened_is_not_missed(
    standing: StandingMatcher, opened: Open, tmp_path: Path
) -> None:
    old = standing._state().generation
    other = opened()
    other.add_patents([written(tmp_path, "二.csv", 3, 6)])
    other.refresh()
    assert not old.exists()
    shelf, digests = standing._opened(old)
    assert len(shelf.patents) == len(digests["patents"]) == 6


def test_broken_files_are_built_again(
    standing: StandingMatcher, opened: Open, tmp_path: Path
) -> None:
    (vectors,) = (tmp_path / "home" / "derived").glob("gen-*/patents/vectors.npy")
    vectors.write_bytes(vectors.read_bytes()[:100])
    again = opened(kind=StandingMatcher)
    assert again.match("陶瓷隔膜").matches[0].patent_id == NUMBERS[0]


# ------------------------------------------------------------------------------- joining
def answer(
    *scores: float, passed: int = 1, removals: tuple[Removal, ...] = (), poor: bool = False
) -> Answer:
    matches = tuple(
        Match(need_id="甲", patent_id=f"{score}", rank=rank, score=score, parts=())
        for rank, score in enumerate(scores, 1)
    )
    return Answer(matches, 10, passed, removals, "", poor)


def test_the_best_of_both_are_listed_in_order() -> None:
    both = joined([answer(3.0, 1.0), answer(2.0, 0.5)], 3)
    assert [(one.score, one.rank) for one in both.matches] == [(3.0, 1), (2.0, 2), (1.0, 3)]
    assert (both.total, both.passed) == (20, 2)


def test_what_filters_took_away_adds_up() -> None:
    first = answer(removals=(Removal("region", 4, 2), Removal("kind", 3, 1)), passed=0)
    second = answer(removals=(Removal("region", 1, 0), Removal("kind", 2, 2)), passed=0)
    both = joined([first, second], 3)
    assert both.removals == (Removal("region", 5, 2), Removal("kind", 5, 3))
    assert both.relax == "kind"


def test_a_bound_on_the_grade_is_told_only_when_it_left_a_place_empty() -> None:
    bound = (Removal("grade_min", 2, 2),)
    assert joined([answer(1.0, removals=bound), answer()], 2).removals == bound
    assert joined([answer(1.0, removals=bound), answer(2.0)], 2).removals == ()


@pytest.mark.parametrize(
    ("first", "second", "poor"),
    [
        (answer(1.0, poor=True), answer(0.5, poor=True), True),
        (answer(1.0, poor=True), answer(2.0), False),
        (answer(1.0, poor=True), answer(passed=0), True),
        (answer(passed=0), answer(passed=0), False),
    ],
)
def test_none_is_suitable_when_none_of_either_is(first: Answer, second: Answer, poor: bool) -> None:
    assert joined([first, second], 3).no_match is poor
