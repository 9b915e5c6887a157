from pathlib import Path

import numpy as np
import pytest

from matcher.encode.e5s1 import Blocks, Shape, read_container


def test_a_container_gives_back_what_was_written(tiny_path: Path) -> None:
    container = read_container(tiny_path)
    assert container.shape == Shape(64, 2, 2, 96, 12, 512, pytest.approx(1e-12))
    assert container.pieces[5:8] == ("锂", "电池", "隔膜")
    assert container.scores.tolist() == [-float(number) for number in range(12)]
    assert container.normal == {ord("電"): "电", ord("㎏"): "kg"}
    assert len(container.tensors) == 3 + 2 * 5 + 2 * 12


def test_the_low_half_of_a_byte_is_the_first_half_of_a_block(tiny_path: Path) -> None:
    container = read_container(tiny_path)
    kind, count, raw = container.tensors["l0.q.w"]
    scale = np.frombuffer(raw[:2], "<f2").astype(np.float32)[0]
    first, seventeenth = (raw[2] & 15) - 8, (raw[2] >> 4) - 8
    row = container.blocks("l0.q.w", 64).dense()[0]
    assert (kind, count) == (1, 64 * 64)
    assert row[0] == scale * np.float32(first)
    assert row[16] == scale * np.float32(seventeenth)


def test_blocks_are_scaled_one_by_one() -> None:
    quants = np.full((1, 64), 9, dtype=np.uint8)
    blocks = Blocks(quants, np.array([[0.5, 2.0]], dtype=np.float32))
    assert blocks.dense().tolist() == [[0.5] * 32 + [2.0] * 32]


def test_a_matrix_is_not_read_as_a_vector(tiny_path: Path) -> None:
    with pytest.raises(KeyError, match="4-bit"):
        read_container(tiny_path).vector("l0.q.w")


def test_another_file_is_refused_by_name(tmp_path: Path) -> None:
    path = tmp_path / "other.bin"
    path.write_bytes(b"GGUF" + bytes(100))
    with pytest.raises(ValueError, match=r"other\.bin is not an E5S1 container"):
        read_container(path)


def test_another_block_size_is_refused(tiny_path: Path, tmp_path: Path) -> None:
    raw = bytearray(tiny_path.read_bytes())
    raw[40:44] = (64).to_bytes(4, "little")
    path = tmp_path / "wide.bin"
    path.write_bytes(raw)
    with pytest.raises(ValueError, match="blocks of 64, not 32"):
        read_container(path)
