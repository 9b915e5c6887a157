from pathlib import Path
from typing import Any

import numpy as np
import onnxruntime
import pytest

from matcher.encode.e5s1 import Container, read_container
from matcher.encode.exactly import options
from matcher.encode.folder import Layers, write_folder
from matcher.encode.network import write_network, write_upper
from matcher.encode.smoothing import channel_peaks, divisors, run_texts

IDS = [[0, 10, 8, 5, 6, 7, 2], [0, 11, 8, 7, 9, 9, 2]]
TEXTS = [np.array([ids]) for ids in IDS]


@pytest.fixture(scope="module")
def container(tiny_path: Path) -> Container:
    return read_container(tiny_path)


def written(container: Container, **settings: Any) -> bytes:
    return write_network(container, container.blocks("emb.word", 64), **settings)


def run(model: bytes, ids: list[list[int]]) -> Any:
    session = onnxruntime.InferenceSession(model, options(), providers=["CPUExecutionProvider"])
    return session.run(["vectors"], {"ids": np.array(ids)})[0]


def norm(container: Container, value: Any, name: str) -> Any:
    centred = value - value.mean(-1, keepdims=True)
    scaled = centred / np.sqrt((centred**2).mean(-1, keepdims=True) + 1e-12)
    return scaled * container.vector(f"{name}.w") + container.vector(f"{name}.b")


def reference(container: Container, ids: list[int]) -> Any:
    """BERT as its paper has it, one text at a time, in float64."""
    from math import erf

    def linear(value: Any, name: str) -> Any:
        weight = container.blocks(f"{name}.w", value.shape[-1]).dense().astype(np.float64)
        return value @ weight.T + container.vector(f"{name}.b")

    value = container.blocks("emb.word", 64).dense()[ids].astype(np.float64)
    value += container.vector("emb.pos").reshape(-1, 64)[: len(ids)]
    value = norm(container, value + container.vector("emb.type")[:64], "emb.ln")
    for i in range(2):
        q, k, v = (linear(value, f"l{i}.{part}").reshape(-1, 2, 32) for part in "qkv")
        scores = np.exp(np.einsum("ihd,jhd->hij", q, k) / np.sqrt(32))
        shares = scores / scores.sum(-1, keepdims=True)
        mixed = np.einsum("hij,jhd->ihd", shares, v).reshape(-1, 64)
        value = norm(container, linear(mixed, f"l{i}.ao") + value, f"l{i}.aln")
        wide = linear(value, f"l{i}.fi")
        wide = wide * (1 + np.vectorize(erf)(wide / np.sqrt(2))) / 2
        value = norm(container, linear(wide, f"l{i}.fo") + value, f"l{i}.oln")
    mean = value.mean(0)
    return mean / np.linalg.norm(mean)


def test_the_float_network_is_bert(container: Container) -> None:
    vectors = run(written(container, precision="float32"), IDS)
    for vector, ids in zip(vectors, IDS, strict=True):
        np.testing.assert_allclose(vector, reference(container, ids), atol=2e-4)


def test_int8_stays_near_float_and_does_not_see_its_neighbours(container: Container) -> None:
    peaks = channel_peaks(written(container, precision="float32", taps=True), TEXTS)
    smooth = divisors(container, peaks, 0.6)
    model = written(container, precision="int8", smooth=smooth)
    vectors, exact = run(model, IDS), run(written(container, precision="float32"), IDS)
    assert (vectors * exact).sum(axis=1).min() > 0.999
    for row, ids in zip(vectors, IDS, strict=True):
        np.testing.assert_allclose(run(model, [ids])[0], row, atol=1e-6)


def test_the_same_container_gives_the_same_bytes(container: Container) -> None:
    assert written(container, precision="int8") == written(container, precision="int8")


def test_the_upper_half_goes_on_from_the_middle(container: Container) -> None:
    lower = written(container, precision="float32")
    middle = run_texts(lower, TEXTS, "middle")
    upper = write_upper(container, precision="float32")
    for ids, vector in zip(IDS, run_texts(upper, middle, "vectors"), strict=True):
        np.testing.assert_allclose(vector[0], reference(container, ids), atol=2e-4)
    peaks = channel_peaks(write_upper(container, precision="float32", taps=True), middle)
    assert sorted(peaks) == [f"l1.{part}" for part in ("ao", "fi", "fo", "q")]
    smooth = divisors(container, peaks, 0.6)
    assert sorted(smooth) == ["l1.fi", "l1.q"]
    small = write_upper(container, precision="int8", smooth=smooth)
    pairs = zip(run_texts(small, middle, "vectors"), IDS, strict=True)
    assert min(float(row[0] @ reference(container, ids)) for row, ids in pairs) > 0.999


def test_layers_read_back_from_a_folder_are_the_containers(
    container: Container, tmp_path: Path
) -> None:
    from safetensors.numpy import load_file

    write_folder(container, list(range(len(container.pieces))), tmp_path / "bert")
    layers = Layers(container.shape, load_file(tmp_path / "bert" / "model.safetensors"))
    for part, columns in (("q", 64), ("k", 64), ("v", 64), ("ao", 64), ("fi", 64), ("fo", 96)):
        name = f"l1.{part}"
        expected = container.blocks(f"{name}.w", columns).dense()
        np.testing.assert_array_equal(layers.matrix(f"{name}.w", columns), expected)
        np.testing.assert_array_equal(layers.vector(f"{name}.b"), container.vector(f"{name}.b"))
    for name in ("l0.aln.w", "l1.oln.b"):
        np.testing.assert_array_equal(layers.vector(name), container.vector(name))
    assert write_upper(layers, precision="int8") == write_upper(container, precision="int8")


def test_peaks_are_the_largest_sizes_over_all_texts(container: Container) -> None:
    model = written(container, precision="float32", taps=True)
    both, first = channel_peaks(model, TEXTS), channel_peaks(model, TEXTS[:1])
    second = channel_peaks(model, TEXTS[1:])
    assert sorted(both) == [f"l{i}.{part}" for i in (0, 1) for part in ("ao", "fi", "fo", "q")]
    assert both["l1.fo"].shape == (96,)
    for name, peak in both.items():
        np.testing.assert_array_equal(peak, np.maximum(first[name], second[name]))


def test_divisors_are_quarter_powers_of_two_around_one(container: Container) -> None:
    peaks = {f"l{i}.{part}": np.ones(64, dtype=np.float32) for i in (0, 1) for part in ("q", "fi")}
    peaks["l0.fi"][3] = 16.0
    found = divisors(container, peaks, 1.0)
    expected = np.full(64, 2.0**0)
    expected[3] = 2.0**4
    assert sorted(found) == ["l0.fi", "l0.q", "l1.fi", "l1.q"]
    np.testing.assert_array_equal(found["l0.fi"], expected.astype(np.float32))
    np.testing.assert_array_equal(found["l1.q"], np.ones(64, dtype=np.float32))
