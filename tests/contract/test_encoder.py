"""The promise of `Encoder`, held by every implementation."""

import runpy
from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pytest

from matcher.encode.cached import CachedEncoder
from matcher.encode.e5 import AdaptedE5, E5Encoder
from matcher.encode.sentence import SentenceEncoder
from matcher.encode.shipped import models_dir
from matcher.encode.tfidf import TfidfEncoder
from matcher.protocols import Encoder

TEXTS = [
    "一种高强7075-T6铝合金板材的热处理工艺",
    "如何提高锂电池隔膜的耐热性",
    "",
    "轴承",
    "污水处理厂出水总氮不达标，寻求低碳氮比条件下的脱氮技术；要求吨水药剂成本低于0.3元。",
    " \n\t",
    "Method for preparing a porous ceramic filter",
    "一种聚乳酸/壳聚糖复合纳米纤维膜，孔径≤5 μm，耐温≥200℃。" * 8,
    "轴承",
    "丘陵山地用自走式马铃薯收获机",
]
BLANK = [2, 5]
FULL = [place for place in range(len(TEXTS)) if place not in BLANK]


@pytest.fixture(scope="session")
def sentence_folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The shipped encoder's own weights as a sentence-transformers folder, made by its recipe."""
    folder = tmp_path_factory.mktemp("models") / "e5"
    recipe = runpy.run_path(str(models_dir() / "recipes" / "e5_sentence" / "make.py"))
    recipe["main"](folder)
    return folder


@pytest.fixture(scope="session")
def every_encoder(
    sentence_folder: Path, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[dict[str, Encoder]]:
    e5 = E5Encoder.open(models_dir(), threads=2)
    cached = CachedEncoder(e5, tmp_path_factory.mktemp("cache") / "vectors.sqlite")
    yield {
        "e5": e5,
        "adapted": AdaptedE5.open(models_dir(), threads=2),
        "sentence": SentenceEncoder.open(str(sentence_folder), device="cpu"),
        "tfidf": TfidfEncoder.fit([text for text in TEXTS if text.strip()], dim=6),
        "cached": cached,
    }
    cached.close()


@pytest.fixture(params=["e5", "adapted", "sentence", "tfidf", "cached"])
def encoder(request: pytest.FixtureRequest, every_encoder: dict[str, Encoder]) -> Encoder:
    return every_encoder[request.param]


def test_rows_are_unit_and_blank_texts_zero(encoder: Encoder) -> None:
    for rows in (encoder.encode_needs(TEXTS), encoder.encode_patents(TEXTS)):
        assert rows.shape == (len(TEXTS), encoder.dim)
        assert rows.dtype == np.float32
        np.testing.assert_allclose(np.linalg.norm(rows[FULL], axis=1), 1, atol=1e-5)
        assert not rows[BLANK].any()
    assert 0 < encoder.searched <= encoder.dim


@pytest.mark.parametrize("count", [0, 1, 2])
def test_any_number_of_texts_is_fine(encoder: Encoder, count: int) -> None:
    for rows in (encoder.encode_needs(TEXTS[:count]), encoder.encode_patents(TEXTS[:count])):
        assert rows.shape == (count, encoder.dim)
        assert rows.dtype == np.float32


def test_a_text_has_the_same_vector_alone_and_in_a_batch(encoder: Encoder) -> None:
    for encode in (encoder.encode_needs, encoder.encode_patents):
        rows = encode(TEXTS)
        alone = np.vstack([encode([text]) for text in TEXTS])
        np.testing.assert_allclose(alone, rows, atol=1e-6)
        np.testing.assert_allclose(encode(TEXTS[::-1])[::-1], rows, atol=1e-6)
        np.testing.assert_array_equal(rows[3], rows[8])


def test_different_texts_have_different_vectors(encoder: Encoder) -> None:
    rows = encoder.encode_patents(TEXTS)[[0, 1, 3, 4, 6, 7, 9]]
    np.fill_diagonal(scores := rows @ rows.T, 0)
    assert scores.max() < 0.999


@pytest.mark.parametrize(
    "text", ["\ud800", "甲\udfff乙", "\x00", "甲\x00乙", "长" * 100_000, "😀" * 50, "\u202e甲"]
)
def test_hostile_text_gives_a_finite_row_and_spares_its_neighbours(
    encoder: Encoder, text: str
) -> None:
    rows = encoder.encode_patents([TEXTS[0], text, TEXTS[1]])
    assert np.isfinite(rows).all()
    assert np.linalg.norm(rows[1]) == pytest.approx(1, abs=1e-5) or not rows[1].any()
    np.testing.assert_allclose(rows[[0, 2]], encoder.encode_patents(TEXTS[:2]), atol=1e-6)


def test_fingerprints_are_stable_and_tell_encoders_apart(
    every_encoder: dict[str, Encoder], sentence_folder: Path
) -> None:
    names = ("e5", "sentence", "tfidf")
    assert len({every_encoder[name].fingerprint for name in names}) == len(names)
    assert every_encoder["cached"].fingerprint == every_encoder["e5"].fingerprint
    assert E5Encoder.open(models_dir()).fingerprint == every_encoder["e5"].fingerprint
    again = SentenceEncoder.open(str(sentence_folder), device="cpu")
    assert again.fingerprint == every_encoder["sentence"].fingerprint
    other = SentenceEncoder.open(str(sentence_folder), device="cpu", need_prefix="")
    assert other.fingerprint != every_encoder["sentence"].fingerprint


def test_the_default_encoder_is_the_float_model_to_a_cosine_of_0_995(
    every_encoder: dict[str, Encoder],
) -> None:
    default, exact = every_encoder["e5"], every_encoder["sentence"]
    for mine, theirs in (
        (default.encode_needs(TEXTS), exact.encode_needs(TEXTS)),
        (default.encode_patents(TEXTS), exact.encode_patents(TEXTS)),
    ):
        assert (mine * theirs).sum(axis=1)[FULL].min() >= 0.995


def test_the_cache_changes_no_vector(every_encoder: dict[str, Encoder]) -> None:
    expected = every_encoder["e5"].encode_needs(TEXTS)
    for _ in range(2):
        found = every_encoder["cached"].encode_needs(TEXTS)
        np.testing.assert_allclose(found, expected, atol=1e-6)
