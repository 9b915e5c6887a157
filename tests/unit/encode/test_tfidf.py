from pathlib import Path

import numpy as np
import pytest

from matcher.encode.tfidf import TfidfEncoder
from matcher.errors import BadInput, MissingExtra, ModelBroken

TEXTS = [
    "一种锂离子电池隔膜", "锂电池隔膜的耐热涂层", "一种小麦播种机", "玉米播种机的排种器",
    "轴承故障诊断方法", "滚动轴承振动监测",
]  # fmt: skip


@pytest.fixture(scope="module")
def encoder() -> TfidfEncoder:
    return TfidfEncoder.fit(TEXTS, dim=4, seed=0)


def test_texts_that_share_characters_are_near(encoder: TfidfEncoder) -> None:
    rows = encoder.encode_patents(TEXTS)
    scores = rows @ rows.T
    np.fill_diagonal(scores, -1)
    assert scores.argmax(axis=1).tolist() == [1, 0, 3, 2, 5, 4]


def test_fitting_twice_gives_the_same_encoder(encoder: TfidfEncoder) -> None:
    again = TfidfEncoder.fit(TEXTS, dim=4, seed=0)
    other = TfidfEncoder.fit(TEXTS[:5], dim=4, seed=0)
    assert again.fingerprint == encoder.fingerprint != other.fingerprint
    np.testing.assert_array_equal(again.encode_needs(TEXTS), encoder.encode_needs(TEXTS))


def test_a_saved_encoder_is_read_back_equal(encoder: TfidfEncoder, tmp_path: Path) -> None:
    encoder.save(tmp_path / "tfidf")
    again = TfidfEncoder.open(tmp_path / "tfidf")
    assert (again.fingerprint, again.dim) == (encoder.fingerprint, 4)
    np.testing.assert_array_equal(again.encode_needs(TEXTS), encoder.encode_needs(TEXTS))


@pytest.mark.parametrize("count", [1, 2])
def test_few_texts_give_few_dimensions(count: int) -> None:
    encoder = TfidfEncoder.fit(TEXTS[:count], dim=256)
    assert encoder.dim == count
    rows = encoder.encode_patents(TEXTS[:count])
    np.testing.assert_allclose(np.linalg.norm(rows, axis=1), 1, atol=1e-5)


def test_spaces_and_case_do_not_matter(encoder: TfidfEncoder) -> None:
    one, other = encoder.encode_needs(["锂 电池", "锂电池 "])
    np.testing.assert_array_equal(one, other)


def test_unseen_characters_are_a_row_of_zeros(encoder: TfidfEncoder) -> None:
    assert not encoder.encode_needs(["XYZ"]).any()


@pytest.mark.parametrize("texts", [[], [""], [" ", "\n"]])
def test_nothing_to_fit_on_is_said(texts: list[str]) -> None:
    with pytest.raises(BadInput, match="没有可用来训练编码器的文字"):
        TfidfEncoder.fit(texts)


@pytest.mark.parametrize("name", ["terms.json", "weights.npz"])
def test_a_damaged_folder_is_refused(encoder: TfidfEncoder, tmp_path: Path, name: str) -> None:
    encoder.save(tmp_path)
    (tmp_path / name).write_bytes(b"[]")
    with pytest.raises(ModelBroken, match="缺失或损坏"):
        TfidfEncoder.open(tmp_path)


def test_without_scikit_learn_the_extra_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(__import__("sys").modules, "sklearn.feature_extraction.text", None)
    with pytest.raises(MissingExtra, match=r"patent-matcher\[models\]"):
        TfidfEncoder.fit(TEXTS)
