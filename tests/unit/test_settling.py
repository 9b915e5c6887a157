"""What a ranker settles of a library's patents: kept with them, by the ranker in force."""

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from matcher import library
from matcher.engine import Matcher
from matcher.library import in_force
from matcher.rank.settled import digest_in
from matcher.records import Need, Patent

Open = Callable[..., Any]
NOUNS = ("隔膜", "压铸合金", "防腐涂料", "植物蛋白", "散热薄膜", "污水装置", "收获机")


@pytest.fixture
def home(opened: Open) -> Callable[[], Matcher]:
    """Opens a home of seven patents, some of which are a title alone, and two needs."""
    first = opened()
    first.store.put_patents(
        [
            Patent(
                id=f"S{at}", keys=(f"S:{at}",), title=f"一种{noun}的制备",
                abstract=f"公开了一种{noun},耐热。" if at % 2 else "",
                ipc=("C22C1/02", "H01M50/44"),
            )
            for at, noun in enumerate(NOUNS)
        ]
    )  # fmt: skip
    first.store.put_needs(
        [Need(id=noun, title=noun, content=f"需要{noun}。") for noun in NOUNS[:2]]
    )
    first.refresh()
    return opened  # type: ignore[return-value]


def generation(matcher: Matcher) -> Path:
    works = matcher._works
    found = in_force(works.derived, works.source().stamp())
    assert found is not None
    return found


def views(matcher: Matcher) -> Path:
    return generation(matcher) / "patents" / "views"


def grades(matcher: Matcher) -> list[tuple[str, Any]]:
    answers = [answer for _, answer in matcher.match_all(k=7)]
    answers += [matcher.match("防腐涂料", k=7), matcher.match_patent("S3")]
    return [(one.patent_id, one.parts) for answer in answers for one in answer.matches]


def test_a_generation_keeps_what_the_ranker_in_force_says_of_its_patents(
    home: Callable[[], Matcher],
) -> None:
    matcher = home()
    shelf, ranker = matcher.library, matcher.ranker
    kept = shelf.views.settled
    assert kept is not None and kept.digest == ranker.digest == digest_in(views(matcher))
    rows = range(len(shelf.patents))
    bare = replace(shelf.views, settled=None)
    found = ranker.settled(bare.take(rows, shelf.patents.readings.full(rows)))
    for name in ("scales", "totals", "pulls"):
        np.testing.assert_allclose(getattr(kept, name), getattr(found, name), rtol=1e-5, atol=1e-6)
    assert kept.pulls.any() and (kept.scales[:, 1] > 0).tolist() == [at % 2 == 1 for at in rows]


def test_matches_are_the_same_with_it_and_without(home: Callable[[], Matcher]) -> None:
    matcher = home()
    with_it = grades(matcher)
    for path in generation(matcher).rglob("settled-*.npy"):
        path.unlink()
    without = home()
    with matcher._works.lock:  # so that it cannot be settled anew
        assert without.library.views.settled is None
    assert [(id, [part.name for part in parts]) for id, parts in grades(without)] == [
        (id, [part.name for part in parts]) for id, parts in with_it
    ]
    for (_, mine), (_, theirs) in zip(grades(without), with_it, strict=True):
        np.testing.assert_allclose(
            [part.points for part in mine], [part.points for part in theirs], atol=2e-6
        )


def test_another_ranker_says_its_own_and_a_shipped_one_of_other_vectors_nothing(
    home: Callable[[], Matcher],
) -> None:
    matcher = home()
    own, name = matcher.ranker.digest, matcher.rankers.in_force()
    matcher.restore_ranker("")
    assert matcher.ranker.digest != own
    assert digest_in(views(matcher)) == own  # the shipped one does not know these vectors
    assert matcher.match("隔膜").matches
    for path in generation(matcher).rglob("settled-*.npy"):
        path.unlink()
    matcher.restore_ranker(name)
    kept = matcher.library.views.settled
    assert kept is not None and kept.digest == own == digest_in(views(matcher))


def test_a_ranker_that_remembers_too_many_needs_keeps_nothing(
    home: Callable[[], Matcher], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(library, "MOST_NEEDS", 3)
    matcher = home()
    matcher.refresh(rebuild=True)
    assert matcher.library.views.settled is None
    assert matcher.match("隔膜").matches


def test_a_home_that_cannot_be_written_to_is_read_all_the_same(
    home: Callable[[], Matcher], monkeypatch: pytest.MonkeyPatch
) -> None:
    matcher = home()
    for path in generation(matcher).rglob("settled-*.npy"):
        path.unlink()

    def refuse(*_: object) -> None:
        raise PermissionError("read-only file system")

    monkeypatch.setattr(library, "save", refuse)
    reading = home()
    assert reading.library.views.settled is None
    assert reading.match("隔膜").matches


def test_an_empty_home_is_settled_once(opened: Open) -> None:
    matcher = opened()
    matcher.refresh()
    assert digest_in(views(matcher)) == matcher.ranker.digest
    assert library.unsettled(generation(matcher), lambda: matcher.ranker) is None


def test_a_broken_ranker_does_not_hinder_the_index(home: Callable[[], Matcher]) -> None:
    matcher = home()
    for path in (matcher.home / "rankers").glob("*.safetensors"):
        path.write_bytes(b"")
    assert matcher.refresh(rebuild=True) == 0
    assert digest_in(views(matcher)) == ""


@pytest.mark.parametrize("harm", ["half", "other"])
def test_a_damaged_file_is_built_again(home: Callable[[], Matcher], harm: str) -> None:
    matcher = home()
    (path,) = generation(matcher).rglob("settled-*.npy")
    content = path.read_bytes()
    if harm == "half":
        path.write_bytes(content[: len(content) // 2])
    else:
        np.save(path, np.load(path)[:3])
    again = home()
    assert again.match("隔膜").matches
    assert path.read_bytes() == content
