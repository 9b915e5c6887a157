"""The promises of `protocols.VectorIndex`, kept by every implementation.

Vectors are clustered and many are exact copies of each other, so ties are many; every answer is
held against a brute force written here in float64."""

from collections.abc import Callable, Sequence

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from matcher.errors import BadInput, DimensionMismatch, UnknownId
from matcher.index.exact import ExactIndex
from matcher.index.flat import FaissIndex
from matcher.matches import Hit
from matcher.protocols import BoolArray, FloatArray, VectorIndex

DIM = 16
Make = Callable[[int], VectorIndex]
KINDS: dict[str, Make] = {
    "exact": ExactIndex,
    "faiss-flat": lambda dim: FaissIndex(dim, "flat"),
    "faiss-int8": lambda dim: FaissIndex(dim, "int8"),
}
RECALL_FLOOR = 0.97


@pytest.fixture(params=sorted(KINDS))
def make(request: pytest.FixtureRequest) -> Make:
    return KINDS[request.param]


@pytest.fixture(params=["exact", "faiss-flat"])
def make_exact(request: pytest.FixtureRequest) -> Make:
    return KINDS[request.param]


def unit_rows(seed: int, count: int, dim: int = DIM, *, clusters: int = 12) -> FloatArray:
    """(count, dim) unit rows in clusters; every fourth row is a copy of an earlier one."""
    random = np.random.default_rng(seed)
    centres = random.normal(size=(clusters, dim))
    rows = centres[random.integers(clusters, size=count)] + 0.4 * random.normal(size=(count, dim))
    for row in range(3, count, 4):
        rows[row] = rows[row // 2]
    rows /= np.linalg.norm(rows, axis=1, keepdims=True)
    return rows.astype(np.float32)


def names(count: int) -> list[str]:
    """Ids whose order is not the order of the rows."""
    return [f"N{(row * 7919) % 100_003:06d}" for row in range(count)]


def brute(
    ids: Sequence[str],
    vectors: FloatArray,
    query: FloatArray,
    k: int,
    allowed: BoolArray | None = None,
) -> list[Hit]:
    """Score every allowed row in float64, sort by score (to 1e-6, where copies tie) and id."""
    scores = np.round(vectors.astype(np.float64) @ query.astype(np.float64), 6)
    rows = [row for row in range(len(ids)) if allowed is None or allowed[row]]
    rows.sort(key=lambda row: (-scores[row], ids[row]))
    return [Hit(ids[row], float(scores[row])) for row in rows[:k]]


def filled(make: Make, ids: Sequence[str], vectors: FloatArray) -> VectorIndex:
    index = make(vectors.shape[1])
    index.add(ids, vectors)
    return index


def as_good_as(index: VectorIndex, other: VectorIndex) -> None:
    """Equal for a caller; kinds that are not exact may differ by a rounding of their scores."""
    if index.exact:
        assert held(index) == held(other)
        return
    assert list(index.ids) == list(other.ids)
    for mine, theirs in zip(held(index)[1], held(other)[1], strict=True):
        ordered(mine)
        wanted = {hit.id: hit.score for hit in theirs}
        assert {hit.id: hit.score for hit in mine} == pytest.approx(wanted, abs=0.02)


def held(index: VectorIndex) -> tuple[list[str], list[list[Hit]]]:
    """All that a caller can see of an index."""
    probes = unit_rows(99, 3)
    return list(index.ids), index.search(probes, len(index.ids) + 1)


def same(found: Sequence[Hit], wanted: Sequence[Hit]) -> None:
    """Scores within 1e-5 place by place, and no id that a wanted one beats by more than that."""
    assert len(found) == len(wanted)
    mine = [hit.score for hit in found]
    assert mine == pytest.approx([hit.score for hit in wanted], abs=1e-5)
    assert len({hit.id for hit in found}) == len(found)


def ordered(found: Sequence[Hit]) -> None:
    keys = [(-hit.score, hit.id) for hit in found]
    assert keys == sorted(keys)


@pytest.mark.parametrize("count", [0, 1, 2])
def test_tiny_indexes_answer_with_all_they_hold(make: Make, count: int) -> None:
    ids, vectors = names(count), unit_rows(1, count)
    index = filled(make, ids, vectors)
    for query, found in zip(unit_rows(2, 3), index.search(unit_rows(2, 3), 10), strict=True):
        assert {hit.id for hit in found} == set(ids)
        expected = {hit.id: hit.score for hit in brute(ids, vectors, query, 10)}
        assert {hit.id: hit.score for hit in found} == pytest.approx(expected, abs=0.01)


def test_no_queries_get_no_answers(make: Make) -> None:
    index = filled(make, names(5), unit_rows(1, 5))
    assert index.search(np.zeros((0, DIM), dtype=np.float32), 3) == []


@pytest.mark.parametrize("k", [0, -1])
def test_asking_for_none_gives_none(make: Make, k: int) -> None:
    index = filled(make, names(5), unit_rows(1, 5))
    assert index.search(unit_rows(2, 2), k) == [[], []]


def test_an_exact_index_answers_as_brute_force(make_exact: Make) -> None:
    ids, vectors, queries = names(400), unit_rows(3, 400), unit_rows(4, 40)
    index = filled(make_exact, ids, vectors)
    assert index.exact
    for k in (1, 10, 400, 1000):
        for query, found in zip(queries, index.search(queries, k), strict=True):
            same(found, brute(ids, vectors, query, k))
            ordered(found)


@pytest.mark.parametrize("dim", [5, 16, 384])
@pytest.mark.parametrize("asked", [1, 3, 50])
def test_equal_vectors_come_in_order_of_id_even_where_k_cuts_through_them(
    make: Make, dim: int, asked: int
) -> None:
    ids, three = names(301), unit_rows(5, 3, dim)
    group_of = np.arange(301) * 3 // 301
    index = filled(make, ids, three[group_of])
    queries = unit_rows(6, asked, dim)
    for k in (1, 7, 99, 100, 101, 250):
        for query, found in zip(queries, index.search(queries, k), strict=True):
            groups = sorted(range(3), key=lambda group: -float(three[group] @ query))
            wanted = [
                name
                for group in groups
                for name in sorted(ids[row] for row in np.flatnonzero(group_of == group))
            ]
            assert [hit.id for hit in found] == wanted[:k]


def test_only_allowed_ids_are_found_and_all_of_them_when_fewer_than_k(make: Make) -> None:
    ids, vectors = names(400), unit_rows(7, 400)
    index = filled(make, ids, vectors)
    random = np.random.default_rng(8)
    for share in (0.0, 0.004, 0.02, 0.3, 1.0):
        allowed = random.random(400) < share
        permitted = {ids[row] for row in np.flatnonzero(allowed)}
        for found in index.search(unit_rows(9, 5), 10, allowed=allowed):
            assert {hit.id for hit in found} <= permitted
            assert len(found) == min(10, len(permitted))
            ordered(found)


def test_an_exact_index_under_a_filter_answers_as_brute_force(make_exact: Make) -> None:
    ids, vectors, queries = names(400), unit_rows(10, 400), unit_rows(11, 10)
    index = filled(make_exact, ids, vectors)
    random = np.random.default_rng(12)
    for share in (0.01, 0.1, 0.9):
        allowed = random.random(400) < share
        answers = index.search(queries, 10, allowed=allowed)
        for query, found in zip(queries, answers, strict=True):
            same(found, brute(ids, vectors, query, 10, allowed))


def test_int8_keeps_its_recall_floor() -> None:
    ids, vectors = names(5000), unit_rows(13, 5000, 384, clusters=200)
    queries = unit_rows(14, 200, 384, clusters=200)
    index = filled(KINDS["faiss-int8"], ids, vectors)
    assert not index.exact
    kept = 0
    for query, found in zip(queries, index.search(queries, 10), strict=True):
        scores = vectors @ query
        edge = np.sort(scores)[-10] - 1e-6
        good = {ids[row] for row in np.flatnonzero(scores >= edge)}
        kept += len(good & {hit.id for hit in found})
    assert kept / (10 * len(queries)) >= RECALL_FLOOR


def test_the_scores_of_rows_are_those_of_search(make: Make) -> None:
    ids, vectors = names(60), unit_rows(15, 60)
    index = filled(make, ids, vectors)
    query = unit_rows(16, 1)
    (found,) = index.search(query, 60)
    rows = np.array([ids.index(hit.id) for hit in found], dtype=np.int64)
    wanted = [hit.score for hit in found]
    assert index.scores(query[0], rows).tolist() == pytest.approx(wanted, abs=1e-5)
    assert index.scores(query[0], np.zeros(0, dtype=np.int64)).shape == (0,)


@pytest.mark.parametrize("count", [0, 5000])
def test_the_products_with_every_row_are_the_scores_of_all_rows(make: Make, count: int) -> None:
    index, queries = filled(make, names(count), unit_rows(20, count)), unit_rows(21, 3)
    told = np.stack([index.scores(query, np.arange(count)) for query in queries])
    np.testing.assert_allclose(index.every(queries), told, atol=1e-5)


def test_the_scores_of_an_exact_index_are_within_1e_5_of_brute_force(make_exact: Make) -> None:
    ids, vectors = names(60), unit_rows(15, 60)
    query = unit_rows(16, 1)[0]
    scores = filled(make_exact, ids, vectors).scores(query, np.arange(60))
    np.testing.assert_allclose(scores, vectors.astype(np.float64) @ query, atol=1e-5)


def test_a_zero_row_is_a_neighbour_like_any_other(make: Make) -> None:
    vectors = unit_rows(17, 3)
    vectors[1] = 0.0
    index = filled(make, ["a", "b", "c"], vectors)
    (found,) = index.search(np.zeros((1, DIM), dtype=np.float32), 3)
    assert found == [Hit("a", 0.0), Hit("b", 0.0), Hit("c", 0.0)]


def test_adding_in_pieces_equals_adding_at_once(make: Make) -> None:
    ids, vectors = names(50), unit_rows(18, 50)
    index = make(DIM)
    for start in (0, 7, 8, 30):
        stop = {0: 7, 7: 8, 8: 30, 30: 50}[start]
        index.add(ids[start:stop], vectors[start:stop])
    as_good_as(index, filled(make, ids, vectors))


def test_replacing_equals_having_added_the_new_vectors(make: Make) -> None:
    ids, vectors, fresh = names(50), unit_rows(19, 50), unit_rows(20, 50)
    index = filled(make, ids, vectors)
    changed = vectors.copy()
    changed[[40, 3]] = fresh[[0, 1]]
    index.replace([ids[40], ids[3]], fresh[:2])
    as_good_as(index, filled(make, ids, changed))


def test_removing_equals_never_having_added(make: Make) -> None:
    ids, vectors = names(50), unit_rows(21, 50)
    index = filled(make, ids, vectors)
    index.remove([ids[49], ids[0], ids[20]])
    rows = [row for row in range(50) if row not in (0, 20, 49)]
    as_good_as(index, filled(make, [ids[row] for row in rows], vectors[rows]))
    index.add([ids[0]], vectors[:1])
    assert list(index.ids)[-1] == ids[0]


def test_adding_replacing_and_removing_nothing_changes_nothing(make: Make) -> None:
    index = filled(make, names(5), unit_rows(22, 5))
    before = held(index)
    none = np.zeros((0, DIM), dtype=np.float32)
    index.add([], none)
    index.replace([], none)
    index.remove([])
    assert held(index) == before


def test_an_index_can_be_emptied_and_filled_again(make: Make) -> None:
    ids, vectors = names(4), unit_rows(23, 4)
    index = filled(make, ids, vectors)
    index.remove(ids)
    assert held(index) == ([], [[], [], []])
    index.add(ids, vectors)
    as_good_as(index, filled(make, ids, vectors))


def test_a_caller_who_changes_his_array_later_changes_no_index(make: Make) -> None:
    ids, vectors = names(6), unit_rows(24, 6)
    given_rows = vectors.copy()
    index = filled(make, ids, given_rows)
    given_rows[:] = 0.0
    as_good_as(index, filled(make, ids, vectors))


REJECTED: dict[str, tuple[type[Exception], Callable[[VectorIndex], object]]] = {
    "add a known id": (BadInput, lambda index: index.add(["x", "a"], unit_rows(1, 2))),
    "add an id twice": (BadInput, lambda index: index.add(["x", "x"], unit_rows(1, 2))),
    "add rows too short": (DimensionMismatch, lambda index: index.add(["x"], unit_rows(1, 1, 8))),
    "add too few rows": (DimensionMismatch, lambda index: index.add(["x", "y"], unit_rows(1, 1))),
    "add one flat row": (DimensionMismatch, lambda index: index.add(["x"], unit_rows(1, 1)[0])),
    "replace an unknown id": (UnknownId, lambda index: index.replace(["a", "x"], unit_rows(1, 2))),
    "replace an id twice": (BadInput, lambda index: index.replace(["a", "a"], unit_rows(1, 2))),
    "replace rows too short": (
        DimensionMismatch,
        lambda index: index.replace(["a"], unit_rows(1, 1, 8)),
    ),
    "remove an unknown id": (UnknownId, lambda index: index.remove(["a", "x"])),
    "search rows too short": (DimensionMismatch, lambda index: index.search(unit_rows(1, 1, 8), 3)),
    "search one flat row": (DimensionMismatch, lambda index: index.search(unit_rows(1, 1)[0], 3)),
    "search with a short mask": (
        DimensionMismatch,
        lambda index: index.search(unit_rows(1, 1), 3, allowed=np.ones(2, dtype=bool)),
    ),
}


@pytest.mark.parametrize("call", sorted(REJECTED))
def test_a_rejected_call_changes_nothing(make: Make, call: str) -> None:
    error, act = REJECTED[call]
    index = filled(make, ["a", "b", "c"], unit_rows(25, 3))
    before = held(index)
    with pytest.raises(error):
        act(index)
    assert held(index) == before


@pytest.mark.parametrize("call", ["add a known id", "replace an unknown id"])
def test_a_rejection_names_the_id(make: Make, call: str) -> None:
    index = filled(make, ["a", "b", "c"], unit_rows(25, 3))
    with pytest.raises((BadInput, UnknownId)) as caught:
        REJECTED[call][1](index)
    named = {"add a known id": "a", "replace an unknown id": "x"}[call]
    assert f"“{named}”" in str(caught.value)
    assert caught.value.details["id"] == named


@settings(max_examples=60, deadline=None)
@given(data=st.data())
@pytest.mark.parametrize("kind", sorted(KINDS))
def test_any_sequence_of_changes_ends_as_a_fresh_index(kind: str, data: st.DataObject) -> None:
    pool = unit_rows(26, 64)
    known: dict[str, int] = {}
    index = KINDS[kind](DIM)
    for _ in range(data.draw(st.integers(1, 6))):
        chosen = data.draw(st.lists(st.integers(0, 31), unique=True, max_size=8))
        labels = [f"id{number:02d}" for number in chosen]
        fresh = [name for name in labels if name not in known]
        there = [name for name in labels if name in known]
        match data.draw(st.sampled_from(["add", "replace", "remove"])):
            case "add":
                rows = [int(name[2:]) for name in fresh]
                index.add(fresh, pool[rows])
                known.update(zip(fresh, rows, strict=True))
            case "replace":
                rows = [int(name[2:]) + 32 for name in there]
                index.replace(there, pool[rows])
                known.update(zip(there, rows, strict=True))
            case "remove":
                index.remove(there)
                for name in there:
                    del known[name]
    as_good_as(index, filled(KINDS[kind], list(known), pool[list(known.values())]))
