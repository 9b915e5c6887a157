import os
import signal
import sqlite3
import subprocess
import sys
from collections.abc import Iterator, Sequence
from pathlib import Path

import numpy as np
import pytest

from matcher.encode.cached import COMMIT_TEXTS, CachedEncoder
from matcher.encode.windows import unit
from matcher.errors import Conflict, StoreBroken
from matcher.protocols import FloatArray


class CountingEncoder:
    """Length and first code point of a text, as a unit row; remembers what it was asked."""

    dim = searched = 3

    def __init__(self, fingerprint: str = "counting-1") -> None:
        self.fingerprint = fingerprint
        self.asked: list[tuple[str, list[str]]] = []

    def _rows(self, texts: Sequence[str], role: float) -> FloatArray:
        rows = [[len(t), ord(t.strip()[0]), role] if t.strip() else [0, 0, 0] for t in texts]
        return unit(np.array(rows, dtype=np.float32).reshape(-1, 3))

    def encode_needs(self, texts: Sequence[str]) -> FloatArray:
        self.asked.append(("need", list(texts)))
        return self._rows(texts, 1)

    def encode_patents(self, texts: Sequence[str]) -> FloatArray:
        self.asked.append(("patent", list(texts)))
        return self._rows(texts, 2)


@pytest.fixture
def inner() -> CountingEncoder:
    return CountingEncoder()


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "derived" / "vectors.sqlite"


@pytest.fixture
def cached(inner: CountingEncoder, path: Path) -> Iterator[CachedEncoder]:
    encoder = CachedEncoder(inner, path)
    yield encoder
    encoder.close()


def reopened(path: Path, inner: CountingEncoder) -> CachedEncoder:
    return CachedEncoder(inner, path)


def test_a_second_call_encodes_nothing(cached: CachedEncoder, inner: CountingEncoder) -> None:
    first = cached.encode_patents(["甲一", "乙", "甲一", " "])
    assert inner.asked == [("patent", ["甲一", "乙"])]
    assert (cached.hits, cached.misses) == (0, 2)
    second = cached.encode_patents(["乙", " ", "甲一"])
    assert len(inner.asked) == 1
    assert (cached.hits, cached.misses) == (2, 2)
    np.testing.assert_array_equal(
        first, CountingEncoder().encode_patents(["甲一", "乙", "甲一", " "])
    )
    np.testing.assert_array_equal(second, first[[1, 3, 0]])


def test_vectors_outlive_the_process(cached: CachedEncoder, path: Path) -> None:
    before = cached.encode_needs(["丙", "丁"])
    cached.close()
    fresh = CountingEncoder()
    again = reopened(path, fresh)
    np.testing.assert_array_equal(again.encode_needs(["丁", "丙"]), before[::-1])
    again.close()
    assert fresh.asked == []


def test_roles_are_kept_apart(cached: CachedEncoder, inner: CountingEncoder) -> None:
    need, patent = cached.encode_needs(["甲"]), cached.encode_patents(["甲"])
    assert inner.asked == [("need", ["甲"]), ("patent", ["甲"])]
    assert not np.array_equal(need, patent)


def test_another_fingerprint_shares_nothing(cached: CachedEncoder, path: Path) -> None:
    cached.encode_needs(["甲"])
    other = CountingEncoder("counting-2")
    second = reopened(path, other)
    second.encode_needs(["甲"])
    second.close()
    assert other.asked == [("need", ["甲"])]


def test_missing_texts_are_encoded_in_commits_longest_first(
    inner: CountingEncoder, path: Path
) -> None:
    seen: list[tuple[int, int]] = []
    cached = CachedEncoder(inner, path, on_progress=lambda done, total: seen.append((done, total)))
    texts = [f"文{'字' * (i % 7)}{i}" for i in range(COMMIT_TEXTS + 10)]
    cached.encode_patents(texts)
    cached.close()
    assert seen == [(COMMIT_TEXTS, COMMIT_TEXTS + 10), (COMMIT_TEXTS + 10, COMMIT_TEXTS + 10)]
    lengths = [len(text) for _, block in inner.asked for text in block]
    assert lengths == sorted(lengths, reverse=True)


def test_no_texts_give_no_rows(cached: CachedEncoder) -> None:
    assert cached.encode_needs([]).shape == (0, 3)
    assert cached.encode_needs([" ", ""]).tolist() == [[0, 0, 0], [0, 0, 0]]
    assert (cached.hits, cached.misses) == (0, 0)


def test_half_surrogates_can_be_keys(cached: CachedEncoder, inner: CountingEncoder) -> None:
    cached.encode_needs(["\ud800甲"])
    cached.encode_needs(["\ud800甲"])
    assert len(inner.asked) == 1


@pytest.mark.parametrize("content", [b"not a database at all", b"SQLite format 3\x00" + bytes(50)])
def test_a_foreign_file_is_set_aside(path: Path, inner: CountingEncoder, content: bytes) -> None:
    path.parent.mkdir()
    path.write_bytes(content)
    cached = CachedEncoder(inner, path)
    assert cached.encode_needs(["甲"]).shape == (1, 3)
    cached.close()
    assert path.with_name("vectors.sqlite.broken").read_bytes() == content


def test_another_program_s_database_is_set_aside_whole(path: Path, inner: CountingEncoder) -> None:
    path.parent.mkdir()
    base = sqlite3.connect(path)
    base.execute("CREATE TABLE theirs (x)")
    base.execute("INSERT INTO theirs VALUES (7)")
    base.commit()
    base.close()
    CachedEncoder(inner, path).close()
    base = sqlite3.connect(path.with_name("vectors.sqlite.broken"))
    assert base.execute("SELECT x FROM theirs").fetchall() == [(7,)]
    base.close()


@pytest.mark.parametrize("cut", [0.2, 0.5, 0.9])
def test_a_torn_file_is_rebuilt(path: Path, inner: CountingEncoder, cut: float) -> None:
    texts = [f"文{i}" for i in range(700)]
    first = CachedEncoder(inner, path)
    expected = first.encode_patents(texts)
    first.close()
    raw = path.read_bytes()
    path.write_bytes(raw[: int(len(raw) * cut)])
    second = CachedEncoder(inner, path)
    np.testing.assert_array_equal(second.encode_patents(texts), expected)
    second.close()
    third = CachedEncoder(CountingEncoder(), path)
    np.testing.assert_array_equal(third.encode_patents(texts), expected)
    assert third.misses == 0
    third.close()


def test_a_damaged_row_is_encoded_again(cached: CachedEncoder, path: Path) -> None:
    expected = cached.encode_needs(["甲", "乙"])
    cached.close()
    base = sqlite3.connect(path)
    junk = np.array([np.nan, 4, 4], dtype="<f4").tobytes()
    base.execute("UPDATE vector SET value = ? WHERE id = 1", (junk,))
    base.execute("UPDATE vector SET value = x'00' WHERE id = 2")
    base.commit()
    base.close()
    again = reopened(path, CountingEncoder())
    np.testing.assert_array_equal(again.encode_needs(["甲", "乙"]), expected)
    assert again.misses == 2
    again.close()


def test_a_place_that_cannot_be_written_is_named(tmp_path: Path, inner: CountingEncoder) -> None:
    (tmp_path / "file").write_text("x")
    with pytest.raises(StoreBroken, match="无法读写"):
        CachedEncoder(inner, tmp_path / "file" / "vectors.sqlite")


def test_a_held_file_is_a_conflict(
    cached: CachedEncoder, path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    cached.close()
    monkeypatch.setattr("matcher.encode.shelf.WAIT_SECONDS", 0.05)
    holder = sqlite3.connect(path, isolation_level=None)
    holder.execute("BEGIN EXCLUSIVE")
    with pytest.raises(Conflict, match="正被另一个进程占用"):
        cached.encode_needs(["甲"])
    holder.close()


_CHILD = """
import sys
import numpy as np
from pathlib import Path
from matcher.encode.cached import CachedEncoder

class Slow:
    dim, fingerprint = 3, "slow"
    def encode_needs(self, texts):
        return np.tile(np.array([[0.6, 0.8, 0.0]], dtype=np.float32), (len(texts), 1))
    encode_patents = encode_needs

def tell(done, total):
    print(done, flush=True)

CachedEncoder(Slow(), Path(sys.argv[1]), on_progress=tell).encode_needs(
    [f"{i:06d}" for i in range(200_000)]
)
"""


def test_a_killed_process_leaves_whole_commits(path: Path) -> None:
    child = subprocess.Popen(
        [sys.executable, "-c", _CHILD, str(path)], stdout=subprocess.PIPE, text=True
    )
    assert child.stdout is not None
    told = [int(child.stdout.readline()) for _ in range(3)]
    os.kill(child.pid, signal.SIGKILL)
    told += [int(line) for line in child.stdout.read().splitlines() if line.strip()]
    child.wait()
    child.stdout.close()
    inner = CountingEncoder("slow")
    cached = CachedEncoder(inner, path)
    rows = cached.encode_needs([f"{i:06d}" for i in range(told[-1])])
    assert cached.hits >= told[-1]
    assert inner.asked == []
    assert np.array_equal(rows, np.tile(np.array([[0.6, 0.8, 0.0]], np.float32), (told[-1], 1)))
    cached.close()
