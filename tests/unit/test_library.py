"""Generations of the derived half of a home: built whole, put in force at once, and never taken
for good when they are not."""

import json
from collections.abc import Callable, Iterable, Sequence
from functools import partial
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from matcher.build import make_index
from matcher.encode.windows import leading
from matcher.errors import ModelBroken
from matcher.library import Library, Source, build, current, embed, load
from matcher.protocols import FloatArray
from matcher.rank.counted import Told
from matcher.records import Need, Patent
from matcher.text.aspects import headed, patent_aspects
from matcher.text.words import Segmenter

PATENTS = tuple(
    Patent(
        id=f"CN2019{number:08d}.0",
        keys=(f"A:CN2019{number:08d}.0",),
        title=f"一种{noun}的制备方法",
        abstract=f"本发明公开了一种{noun},强度高,成本低。",
        ipc=("H01M50/446",),
        region="410100",
    )
    for number, noun in enumerate(("陶瓷隔膜", "铝合金压铸件", "水性防腐涂料", "植物蛋白肉"))
)
NEEDS = tuple(
    Need(id=f"XQ-{number}", title=title, content=f"需要{title}。")
    for number, title in enumerate(("耐高温隔膜", "免热处理铝合金", "低气味涂料"))
)
Made = Callable[..., Source]


@pytest.fixture
def made(segmenter: Segmenter, letters: type[Any]) -> Made:
    """A source of the invented records, or of others."""

    def source(
        snapshot: str = "p4-n3-1",
        *,
        encoder: Any = None,
        patents: Sequence[Patent] = PATENTS,
        needs: Sequence[Need] = NEEDS,
    ) -> Source:
        return Source(
            snapshot, encoder or letters(), segmenter, lambda: iter(patents), lambda: iter(needs),
            lambda side: {},
        )  # fmt: skip

    return source


@pytest.fixture
def wide(letters: type[Any]) -> Any:
    """An encoder by whose first columns alone records are found."""

    class Wide(letters):  # type: ignore[misc]
        searched = 12

    return Wide()


@pytest.fixture
def opening(segmenter: Segmenter) -> Callable[[Path], Library]:
    return lambda generation: load(generation, segmenter, partial(make_index, "exact"))


def contents(folder: Path) -> dict[str, bytes]:
    return {
        path.relative_to(folder).as_posix(): path.read_bytes()
        for path in folder.rglob("*")
        if path.is_file()
    }


def names(folder: Path) -> list[str]:
    return sorted(path.name for path in folder.iterdir())


# ------------------------------------------------------------------------------- embedding
def test_a_record_is_the_mean_of_its_fields_the_claim_half() -> None:
    seen: list[str] = []

    def encode(texts: Sequence[str]) -> FloatArray:
        seen.extend(texts)
        return np.array([{"题": [1, 0], "摘": [0, 1], "权": [-1, 0]}[t] for t in texts], np.float32)

    aspects = [{"title": "题", "abstract": "摘", "first_claim": "权"}, {}, {"title": "题"}]
    rows = embed(aspects, encode, 2)  # type: ignore[arg-type]
    mean = np.array([0.5, 1.0]) / np.sqrt(1.25)
    np.testing.assert_allclose(rows, [mean, [0, 0], [1, 0]], atol=1e-6)
    assert seen == ["题", "摘", "权", "题"]
    assert embed([], encode, 2).shape == (0, 2)
    assert embed([{}, {}], encode, 2).tolist() == [[0, 0], [0, 0]]


# ------------------------------------------------------------------------------- building
def test_a_generation_holds_the_records_in_order_of_the_store(
    tmp_path: Path, made: Made, opening: Callable[[Path], Library]
) -> None:
    shelf = opening(build(tmp_path, made()))
    assert list(shelf.patents.rows) == [patent.id for patent in PATENTS]
    assert list(shelf.needs.rows) == [need.id for need in NEEDS]
    assert shelf.stamp == made().stamp()
    assert len(shelf.patents.lexicon) == 4
    assert len(shelf.needs.lexicon) == 3


def test_records_are_found_by_the_first_columns_and_graded_by_all(
    tmp_path: Path, made: Made, opening: Callable[[Path], Library], wide: Any
) -> None:
    shelf = opening(build(tmp_path, made(encoder=wide)))
    texts = [{"title": patent.title, "abstract": patent.abstract} for patent in PATENTS]
    whole = embed(texts, wide.encode_patents, 16)  # type: ignore[arg-type]
    near = whole[:, :12] / np.linalg.norm(whole[:, :12], axis=1, keepdims=True)
    readings = shelf.patents.readings
    np.testing.assert_allclose(readings.near, near, atol=1e-6)
    np.testing.assert_allclose(readings.full([2, 0]), whole[[2, 0]], atol=1e-6)
    assert readings.full([]).shape == (0, 16)
    assert [hit.id for hit in shelf.patents.vectors.search(near[:1], 1)[0]] == [PATENTS[0].id]
    np.testing.assert_array_equal(leading(whole, 16), whole)


def test_the_views_of_a_generation_are_those_of_its_records(
    tmp_path: Path, made: Made, opening: Callable[[Path], Library], wide: Any, segmenter: Segmenter
) -> None:
    bare = Patent(id="Z", keys=(), title="光纤传感器", ipc=("G01D5/353", "龘", "H04"))
    patents = (*PATENTS, bare, Patent(id="ZZ", keys=(), title="", abstract="一种涂层。"))
    shelf = opening(build(tmp_path, made(encoder=wide, patents=patents)))
    rows = [4, 0, 5, 0]
    found = shelf.views.take(rows, shelf.patents.readings.full(rows))
    assert found.fuller.tolist() == [False, True, False, True]
    assert [list(told) for told in found.ipc] == [["G01D", "H04"], ["H01M"], [], ["H01M"]]
    heads = embed([{"title": patents[row].title} for row in rows], wide.encode_patents, 16)
    wholes = embed([patent_aspects(patents[row]) for row in rows], wide.encode_patents, 16)
    np.testing.assert_allclose(found.wholes, wholes, atol=1e-6)
    np.testing.assert_allclose(found.titles[[0, 1, 3]], heads[[0, 1, 3]], atol=1e-6)
    np.testing.assert_array_equal(found.titles[2], found.wholes[2])
    told = Told.of([headed(patent_aspects(patents[row])) for row in rows], segmenter)
    assert found.terms.longer.tolist() == told.longer.tolist() == [False, True, True, True]
    for mine, kept in zip((*told.title, *told.whole), (*found.terms.title, *found.terms.whole),
                          strict=True):  # fmt: skip
        np.testing.assert_array_equal(mine.keys, kept.keys)
        np.testing.assert_array_equal(mine.counts, kept.counts)
    assert len(shelf.views.take([], shelf.patents.readings.full([])).ipc) == 0


def test_only_the_generation_and_its_pointer_are_left(tmp_path: Path, made: Made) -> None:
    (tmp_path / "draft-4711" / "patents").mkdir(parents=True)
    (tmp_path / "gone-4711").mkdir()
    (tmp_path / "CURRENT.new").write_text("gen-half")
    old = build(tmp_path, made("p4-n3-0"))
    new = build(tmp_path, made("p4-n3-1"))
    assert old != new
    assert names(tmp_path) == ["CURRENT", new.name]
    assert (tmp_path / "CURRENT").read_text() == new.name


def test_the_same_records_give_the_same_bytes(tmp_path: Path, made: Made) -> None:
    one, other = build(tmp_path / "一", made()), build(tmp_path / "二", made())
    assert one.name == other.name
    assert contents(one) == contents(other)


def test_building_again_under_the_same_stamp_replaces_the_generation(
    tmp_path: Path, made: Made
) -> None:
    first = build(tmp_path, made())
    before = contents(first)
    (first / "patents" / "vectors.npy").write_bytes(b"")
    assert build(tmp_path, made()) == first
    assert contents(first) == before
    assert names(tmp_path) == ["CURRENT", first.name]


def test_nothing_can_be_built_into_a_generation_too(
    tmp_path: Path, made: Made, opening: Callable[[Path], Library]
) -> None:
    shelf = opening(build(tmp_path, made(patents=(), needs=())))
    assert (len(shelf.patents), len(shelf.needs)) == (0, 0)


def test_progress_counts_patents_then_needs(tmp_path: Path, made: Made) -> None:
    told: list[tuple[str, int, int]] = []
    build(tmp_path, made(), lambda *step: told.append(step))
    assert told == [("编码专利", 4, 4), ("编码需求", 3, 3)]


class Broken(Exception):
    """What an encoder may die of."""


def test_a_build_that_fails_leaves_the_old_generation_in_force(
    tmp_path: Path, made: Made, letters: type[Any]
) -> None:
    old = build(tmp_path, made("p4-n3-0"))
    before = contents(old)

    class Dying(letters):  # type: ignore[misc]
        def encode_needs(self, texts: Iterable[str]) -> FloatArray:
            raise Broken

    with pytest.raises(Broken):
        build(tmp_path, made("p4-n3-1", encoder=Dying()))
    assert current(tmp_path, made("p4-n3-0").stamp()) == old
    assert current(tmp_path, made("p4-n3-1").stamp()) is None
    assert contents(old) == before
    new = build(tmp_path, made("p4-n3-1"))
    assert names(tmp_path) == ["CURRENT", new.name]


# ------------------------------------------------------------------------------- in force
def test_a_generation_is_in_force_for_its_own_stamp_alone(
    tmp_path: Path, made: Made, letters: type[Any]
) -> None:
    built = build(tmp_path, made())
    assert current(tmp_path, made().stamp()) == built
    assert current(tmp_path, made("p4-n3-2").stamp()) is None
    assert current(tmp_path, made(encoder=letters("letters-2")).stamp()) is None
    assert current(tmp_path, {**made().stamp(), "segmenter": "other"}) is None
    assert current(tmp_path, {**made().stamp(), "format": "0"}) is None


def test_without_a_folder_nothing_is_in_force(tmp_path: Path, made: Made) -> None:
    assert current(tmp_path / "nowhere", made().stamp()) is None


@pytest.mark.parametrize(
    "pointer", [b"", b"\n", b"gen-missing", b"..", b"\xff\xfe", b"a\x00b", b"g" * 5000]
)
def test_a_pointer_that_names_no_generation_puts_none_in_force(
    tmp_path: Path, made: Made, pointer: bytes
) -> None:
    built = build(tmp_path, made())
    (tmp_path / "CURRENT").write_bytes(pointer)
    assert current(tmp_path, made().stamp()) is None
    assert build(tmp_path, made()) == built
    assert current(tmp_path, made().stamp()) == built
    assert names(tmp_path) == ["CURRENT", built.name]


@pytest.mark.parametrize("manifest", [b"", b"{", b"[]", b"null", b'{"format": "1"}', b"\xff"])
def test_a_damaged_manifest_puts_no_generation_in_force(
    tmp_path: Path, made: Made, manifest: bytes
) -> None:
    built = build(tmp_path, made())
    (built / "manifest.json").write_bytes(manifest)
    assert current(tmp_path, made().stamp()) is None


def test_a_generation_that_was_never_put_in_force_is_replaced(tmp_path: Path, made: Made) -> None:
    built = build(tmp_path, made())
    before = contents(built)
    (tmp_path / "CURRENT").unlink()
    (built / "needs" / "ids.json").unlink()
    assert current(tmp_path, made().stamp()) is None
    assert contents(build(tmp_path, made())) == before


# ------------------------------------------------------------------------------- damage
FILES = (
    "manifest.json", "patents/ids.json", "patents/vectors.npy", "patents/columns.json",
    "patents/columns.npz", "patents/lexicon.json", "patents/words/indptr.npy",
    "patents/words/terms.txt", "patents/characters/data.npy", "needs/ids.json", "needs/vectors.npy",
    "patents/readings.npy", "needs/readings.npy", "patents/views/titles.npy",
    "patents/views/places.npy", "patents/views/symbols.npy", "patents/views/starts.npy",
    "patents/views/longer.npy", "patents/views/title.words.keys.npy",
    "patents/views/whole.grams.counts.npy", "patents/views/whole.words.starts.npy",
)  # fmt: skip
HARMS = ("gone", "empty", "half")


@pytest.mark.parametrize("case", [(name, how) for name in FILES for how in HARMS], ids="-".join)
def test_a_generation_with_a_damaged_file_is_refused_by_name(
    tmp_path: Path, made: Made, opening: Callable[[Path], Library], wide: Any, case: tuple[str, str]
) -> None:
    (name, damage), built = case, build(tmp_path, made(encoder=wide))
    path = built / name
    data = path.read_bytes()
    path.unlink()
    if damage != "gone":
        path.write_bytes(data[: len(data) // 2] if damage == "half" else b"")
    with pytest.raises(
        ModelBroken, match="您的专利和需求数据不受影响。请运行 patmatch index rebuild"
    ):
        opening(built)


def test_ids_that_do_not_fit_the_vectors_are_refused(
    tmp_path: Path, made: Made, opening: Callable[[Path], Library]
) -> None:
    built = build(tmp_path, made())
    (built / "patents" / "ids.json").write_text(json.dumps(["一", "一"]), "utf-8")
    with pytest.raises(ModelBroken):
        opening(built)
