"""The reading of a vector into technical fields."""

import numpy as np
import pytest

from matcher.protocols import FloatArray
from matcher.rank.base import learn_fields
from matcher.rank.fields import Fields

SYMBOLS = ("A01B", "C02F", "H01M")


def unit(rows: np.ndarray) -> FloatArray:
    return (rows / np.linalg.norm(rows, axis=1, keepdims=True)).astype(np.float32)


def texts(count: int, seed: int, noise: float = 0.5) -> tuple[FloatArray, list[list[str]]]:
    """Vectors about one centre a subclass, most of their symbols of that subclass."""
    chance = np.random.default_rng(seed)
    centres = np.random.default_rng(0).normal(size=(3, 12))
    owners = chance.integers(0, 3, count)
    rows = centres[owners] + noise * chance.normal(size=(count, 12)) + 1.0
    return unit(rows), [[f"{SYMBOLS[owner]}33/08", "G06F3/01"][: 1 + row % 2]
                        for row, owner in enumerate(owners)]  # fmt: skip


def settled(fields: Fields, vectors: FloatArray, ipc: list[list[str]]) -> FloatArray:
    """The readings of records with their subclasses, as cosines with each of the axes."""
    axes = np.eye(len(fields.names), dtype=np.float32)
    return fields.cosines(axes, vectors, ipc, fields.scales(vectors, ipc))


@pytest.fixture(scope="module")
def fields() -> Fields:
    return learn_fields(*texts(900, 1), seed=0)


def test_a_text_is_read_into_its_own_field(fields: Fields) -> None:
    vectors, ipc = texts(300, 2)
    found = fields.read(vectors)
    places = [fields.names.index(symbol) for symbol in SYMBOLS]
    told = np.argmax(found[:, places], axis=1)
    right = [SYMBOLS[place] == symbols[0][:4] for place, symbols in zip(told, ipc, strict=True)]
    assert np.mean(right) > 0.97
    np.testing.assert_allclose(np.linalg.norm(found, axis=1), 1, atol=1e-5)


def test_texts_of_one_field_lie_nearer_to_each_other_than_to_others(fields: Fields) -> None:
    vectors, ipc = texts(200, 3)
    found = fields.read(vectors)
    names = np.array([symbols[0][:4] for symbols in ipc])
    near = found @ found.T
    alike = names[:, None] == names[None]
    assert near[alike].mean() > near[~alike].mean() + 0.8


def test_the_same_seed_gives_the_same_bytes_and_another_other_ones(fields: Fields) -> None:
    again, other = (learn_fields(*texts(900, 1), seed=seed) for seed in (0, 1))
    for name in ("weights", "offsets", "homes"):
        assert getattr(again, name).tobytes() == getattr(fields, name).tobytes(), name
        assert getattr(other, name).tobytes() != getattr(fields, name).tobytes(), name


def test_fields_are_the_subclasses_of_fifteen_texts_or_more() -> None:
    vectors, _ = texts(60, 4)
    ipc = [["A01B1/00"]] * 15 + [["C02F1/00"]] * 14 + [["H01M1/00", "C02F9/00"]] * 30 + [[]]
    found = learn_fields(vectors, ipc, seed=0)
    assert found.names == ("A01B", "C02F", "H01M")
    assert found.places == {"A01B": 0, "C02F": 1, "H01M": 2}
    assert learn_fields(vectors, ipc[:29] + [[]] * 31, seed=0).names == ("A01B",)


def test_where_no_subclass_has_enough_texts_nothing_is_read() -> None:
    vectors, ipc = texts(20, 5)
    found = learn_fields(vectors, ipc[:4] + [[]] * 16, seed=0)
    assert found.names == ()
    assert found.read(vectors).shape == (20, 0)
    assert settled(found, vectors, ipc).shape == (20, 0)


def test_homes_are_mean_readings_less_their_middle(fields: Fields) -> None:
    vectors, ipc = texts(900, 1)
    read = vectors @ fields.weights + fields.offsets
    np.testing.assert_allclose(read.mean(axis=0), 0, atol=1e-4)
    shares = np.zeros((900, 4))
    for row, symbols in enumerate(ipc):
        for place, symbol in enumerate(symbols):
            shares[row, fields.places[symbol[:4]]] += (2 - place) / (1 + len(symbols))
    shares /= shares.sum(axis=1, keepdims=True)
    homes = shares.T @ read / shares.sum(axis=0)[:, None]
    np.testing.assert_allclose(fields.homes, homes, atol=2e-5)


def test_a_patent_settles_half_way_to_the_home_of_its_subclasses(fields: Fields) -> None:
    vectors, _ = texts(6, 6)
    read = fields.read(vectors)
    ipc = [["H01M10/05"], ["A01B1/00", "A01B3/00", "C02F1/52"], [], ["Z99Z1/00"], ["H01M"], ["H"]]
    moved = settled(fields, vectors, ipc)
    homes = [[fields.places["H01M"]], [fields.places["A01B"], fields.places["C02F"]]]
    for row, places in zip((0, 1, 4), (*homes, homes[0]), strict=True):
        home = fields.homes[places].mean(axis=0)
        home = home / np.linalg.norm(home)
        by_hand = read[row] + home
        np.testing.assert_allclose(moved[row], by_hand / np.linalg.norm(by_hand), atol=1e-6)
        assert moved[row] @ home > read[row] @ home
    np.testing.assert_allclose(moved[[2, 3, 5]], read[[2, 3, 5]], atol=1e-6)


def test_a_text_without_a_vector_is_read_as_nothing_but_its_symbols(fields: Fields) -> None:
    nothing = np.zeros((2, 12), np.float32)
    read = fields.read(nothing)
    assert not read.any()
    moved = settled(fields, nothing, [[], ["C02F1/52"]])
    home = fields.homes[fields.places["C02F"]]
    assert not moved[0].any()
    np.testing.assert_allclose(moved[1], home / np.linalg.norm(home), atol=1e-6)
    assert not read.any()


def test_settling_many_equals_settling_each_by_the_mean_of_its_subclasses(fields: Fields) -> None:
    vectors = texts(4, 3)[0]
    read = fields.read(vectors)
    borne = [["C02F1/00", "A01B33/08", "C02F3/30"], [], ["Z99Z1/00"], ["H01M50/446"]]
    found = settled(fields, vectors, borne)
    for row, known in enumerate((["A01B", "C02F"], [], [], ["H01M"])):
        expected = read[row].astype(np.float64)
        if known:
            home = np.mean([fields.homes[fields.names.index(one)] for one in known], axis=0)
            expected = expected + home / np.linalg.norm(home)
        np.testing.assert_allclose(found[row], expected / np.linalg.norm(expected), atol=1e-6)
