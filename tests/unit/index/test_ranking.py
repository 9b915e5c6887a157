"""What the kinds of index share: order, products, and their own marks."""

import numpy as np
import pytest

from matcher.errors import BadInput, DimensionMismatch, UnknownId
from matcher.index.exact import ExactIndex, best, checked, products, reject_known, rows_of
from matcher.index.flat import FaissIndex
from matcher.matches import Hit

ROWS = np.array([4, 2, 0, 1], dtype=np.int64)
SCORES = np.array([0.5, 0.9, 0.5, 0.5], dtype=np.float32)
IDS = ["d", "b", "c", "x", "a"]


@pytest.mark.parametrize(
    ("k", "wanted"),
    [
        (1, [Hit("c", pytest.approx(0.9))]),
        (2, [Hit("c", pytest.approx(0.9)), Hit("a", 0.5)]),
        (3, [Hit("c", pytest.approx(0.9)), Hit("a", 0.5), Hit("b", 0.5)]),
        (9, [Hit("c", pytest.approx(0.9)), Hit("a", 0.5), Hit("b", 0.5), Hit("d", 0.5)]),
        (0, []),
    ],
)
def test_the_best_come_first_and_ties_by_id(k: int, wanted: list[Hit]) -> None:
    assert best(ROWS, SCORES, IDS, k) == wanted


@pytest.mark.parametrize("dim", [1, 5, 16, 384])
@pytest.mark.parametrize("count", [0, 1, 2, 301])
def test_a_products_last_bit_depends_on_no_other_row(dim: int, count: int) -> None:
    random = np.random.default_rng(1)
    row, query = random.normal(size=(2, dim)).astype(np.float32)
    alone = products(row[None, :], query)[0]
    found = products(np.tile(row, (count, 1)), query)
    assert found.dtype == np.float32
    assert found.tolist() == [alone] * count
    assert alone == pytest.approx(float(row.astype(float) @ query.astype(float)), abs=1e-4)


def test_what_is_wrong_is_said_in_chinese_with_the_id() -> None:
    rows = {"a": 0}
    with pytest.raises(BadInput, match="编号“a”已在索引中,未写入任何内容。"):
        reject_known(["b", "a"], rows)
    with pytest.raises(UnknownId, match="索引中没有编号“b”,未改动任何内容。"):
        rows_of(["a", "b"], rows)
    with pytest.raises(DimensionMismatch, match="请重建索引") as caught:
        checked(["a"], np.zeros((1, 3), dtype=np.float32), 2)
    assert caught.value.details == {"wanted": 2}
    with pytest.raises(BadInput, match="出现了两次"):
        checked(["a", "a"], np.zeros((2, 2), dtype=np.float32), 2)


def test_rows_of_another_type_are_taken_as_float32() -> None:
    taken = checked(["a"], np.asfortranarray(np.eye(1, 3)), 3)  # type: ignore[arg-type]
    assert (taken.dtype, taken.flags.c_contiguous) == (np.float32, True)


def test_every_kind_names_itself() -> None:
    told = [(index.kind, index.exact) for index in
            (ExactIndex(4), FaissIndex(4), FaissIndex(4, "int8"))]  # fmt: skip
    assert told == [("exact", True), ("faiss-flat", True), ("faiss-int8", False)]


def test_int8_cuts_no_value_however_large_a_later_row_is() -> None:
    index = FaissIndex(3, "int8")
    index.add(["small"], np.array([[0.01, 0.02, 0.0]], dtype=np.float32))
    index.add(["large"], np.array([[0.9, -0.8, 1.0]], dtype=np.float32))
    index.replace(["small"], np.array([[-5.0, 0.0, 0.0]], dtype=np.float32))
    (found,) = index.search(np.array([[1.0, -1.0, 1.0]], dtype=np.float32), 2)
    assert [hit.id for hit in found] == ["large", "small"]
    assert [hit.score for hit in found] == pytest.approx([2.7, -5.0], abs=0.03)


def test_int8_keeps_a_quarter_of_the_bytes() -> None:
    sizes = [FaissIndex(384, kind)._index.sa_code_size() for kind in ("flat", "int8")]
    assert sizes == [384 * 4, 384]
