"""What is settled of patents before any need asks: the same grades, and a file that is whole."""

import os
from collections.abc import Callable, Iterable
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from matcher.grading import taken
from matcher.rank.kept import from_bytes, to_bytes
from matcher.rank.learn import learn
from matcher.rank.ranker import Ranker
from matcher.rank.settled import Settled, digest_in, save
from matcher.text.words import Segmenter

Drawn = Callable[[int], Any]


@pytest.fixture(scope="module")
def known(taught: Ranker, segmenter: Segmenter) -> Ranker:
    """One that was read from a file."""
    return from_bytes(to_bytes(taught), segmenter)


def settled(ranker: Ranker, source: Any, count: int) -> Settled:
    return ranker.settled(source.patents(count))


def write(folder: Path, found: Settled, cuts: Iterable[int] = ()) -> None:
    rows = np.split(np.arange(len(found)), list(cuts))
    save(folder, found.digest, map(found.take, rows), (len(found), found.pulls.shape[-1]))


def same(one: Settled | None, other: Settled) -> bool:
    assert one is not None
    pieces = ("scales", "totals", "pulls")
    equal = [np.array_equal(getattr(one, name), getattr(other, name)) for name in pieces]
    return all(equal) and one.digest == other.digest


def test_grades_are_the_same_whether_settled_before_or_now(drawn: Drawn, known: Ranker) -> None:
    source = drawn(1)
    patents = source.patents(80)
    before = replace(patents, settled=known.settled(patents))
    for _ in range(5):
        need = source.need()
        now, then = known.grade(need, patents), known.grade(need, before)
        assert now.parts.tobytes() == then.parts.tobytes()
        some = known.grade(need, taken(before, [7, 3, 3]))
        np.testing.assert_allclose(some.parts, now.parts[[7, 3, 3]], atol=2e-6)


def test_what_was_settled_is_taken_at_its_word(drawn: Drawn, known: Ranker) -> None:
    """So that a file which nobody reads would be noticed."""
    source = drawn(2)
    patents, need = source.patents(20), source.need()
    word = known.settled(patents)
    other = replace(word, pulls=word.pulls + np.float32(0.5))
    moved = known.grade(need, replace(patents, settled=other))
    memory = moved.names.index("memory")
    plain = known.grade(need, patents)
    assert (moved.parts[:, memory] > plain.parts[:, memory] + 0.01).all()
    rest = [column for column in range(len(moved.names)) if column != memory]
    np.testing.assert_array_equal(moved.parts[:, rest], plain.parts[:, rest])


def test_only_a_ranker_that_is_what_its_file_says_has_a_digest(
    drawn: Drawn, known: Ranker, taught: Ranker, segmenter: Segmenter
) -> None:
    assert known.digest and from_bytes(to_bytes(taught), segmenter).digest == known.digest
    assert not taught.digest and not known.without_vectors().digest
    learned = learn(known, [drawn(3).lesson("e" * 16, 6)], name="more").ranker
    assert not learned.digest
    assert from_bytes(to_bytes(learned), segmenter).digest not in ("", known.digest)


@pytest.mark.parametrize("count", [0, 1, 25])
@pytest.mark.parametrize("cuts", [(), (1, 9), (0, 0)])
def test_what_is_kept_is_read_again(
    tmp_path: Path, drawn: Drawn, known: Ranker, count: int, cuts: tuple[int, ...]
) -> None:
    found = settled(known, drawn(4), count)
    write(tmp_path, found, cuts)
    assert same(Settled.load(tmp_path), found)
    assert digest_in(tmp_path) == known.digest
    assert [path.name for path in tmp_path.iterdir()] == [f"settled-2-{known.digest}.npy"]
    rows = np.array([0] * min(count, 1), dtype=np.int64)
    again = Settled.load(tmp_path)
    assert again is not None and same(again.take(rows), found.take(rows))


def test_another_ranker_replaces_it_and_who_has_the_old_one_open_keeps_it(
    tmp_path: Path, drawn: Drawn, known: Ranker
) -> None:
    old = settled(known, drawn(5), 12)
    write(tmp_path, old)
    mapped = Settled.load(tmp_path)
    new = replace(old, digest="0" * 32, pulls=-old.pulls)
    write(tmp_path, new)
    assert same(Settled.load(tmp_path), new)
    assert same(mapped, old)


def test_a_crash_leaves_the_old_or_the_new(tmp_path: Path, drawn: Drawn, known: Ranker) -> None:
    old = settled(known, drawn(6), 8)
    write(tmp_path, old)

    def dying() -> Iterable[Settled]:
        yield old.take(np.arange(4))
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        save(tmp_path, old.digest, dying(), (8, old.pulls.shape[-1]))
    assert same(Settled.load(tmp_path), old)
    # It died between putting the new one there and taking the old one away.
    kept = (tmp_path / f"settled-2-{known.digest}.npy").read_bytes()
    new = replace(old, digest="f" * 32)
    write(tmp_path, new)
    (tmp_path / f"settled-2-{known.digest}.npy").write_bytes(kept)
    os.utime(tmp_path / f"settled-2-{known.digest}.npy", (1, 1))
    assert same(Settled.load(tmp_path), new)
    write(tmp_path, new)
    assert [path.name for path in tmp_path.iterdir()] == [f"settled-2-{new.digest}.npy"]


def test_too_few_patents_are_not_kept(tmp_path: Path, drawn: Drawn, known: Ranker) -> None:
    found = settled(known, drawn(7), 6)
    with pytest.raises(ValueError, match="5 patents instead of 6"):
        save(tmp_path, found.digest, [found.take(np.arange(5))], (6, found.pulls.shape[-1]))
    assert Settled.load(tmp_path) is None and not list(tmp_path.iterdir())


def test_of_no_patents_all_are_settled(tmp_path: Path, known: Ranker) -> None:
    save(tmp_path, known.digest, [], (0, 6))
    kept = Settled.load(tmp_path)
    assert kept is not None and (len(kept), kept.digest) == (0, known.digest)


def test_what_a_version_of_one_latent_kept_is_passed_over_and_taken_away(
    tmp_path: Path, drawn: Drawn, known: Ranker
) -> None:
    (tmp_path / f"settled-{known.digest}.npy").write_bytes(b"another form")
    assert digest_in(tmp_path) == "" and Settled.load(tmp_path) is None
    write(tmp_path, settled(known, drawn(8), 3))
    assert [path.name for path in tmp_path.iterdir()] == [f"settled-2-{known.digest}.npy"]


@pytest.mark.parametrize("harm", ["empty", "half", "other", "flat"])
def test_a_damaged_file_is_refused(tmp_path: Path, drawn: Drawn, known: Ranker, harm: str) -> None:
    write(tmp_path, settled(known, drawn(8), 9))
    path = tmp_path / f"settled-2-{known.digest}.npy"
    content = path.read_bytes()
    if harm in ("other", "flat"):
        np.save(path, np.zeros((9, 4) if harm == "other" else 9, np.float32))
    else:
        path.write_bytes(content[: len(content) // 2] if harm == "half" else b"")
    with pytest.raises((OSError, ValueError, EOFError)):
        Settled.load(tmp_path)
