"""The ranker's file: the same bytes again, no private text in it, and damage is noticed."""

import json
import re
from collections.abc import Callable
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from safetensors.numpy import load, save

from matcher.encode.shipped import checked, models_dir
from matcher.errors import ModelBroken
from matcher.rank.kept import from_bytes, to_bytes
from matcher.rank.learn import learn
from matcher.rank.ordinal import GOOD, Scale, Scales
from matcher.rank.ranker import Ranker
from matcher.text.words import Segmenter

Drawn = Callable[[int], Any]
BROKEN = "排序模型文件已损坏,或由其他版本生成;您的专利和需求数据不受影响"


@pytest.fixture(scope="session")
def content(taught: Ranker) -> bytes:
    return to_bytes(taught)


@pytest.fixture(scope="session")
def shipped() -> bytes:
    return checked(models_dir(), "ranker.safetensors")


def about(content: bytes) -> dict[str, Any]:
    length = int.from_bytes(content[:8], "little")
    told: dict[str, Any] = json.loads(json.loads(content[8 : 8 + length])["__metadata__"]["about"])
    return told


def retold(content: bytes, **changed: Any) -> bytes:
    """The file with something else in its text."""
    told = json.dumps({**about(content), **changed}, ensure_ascii=False, sort_keys=True)
    return bytes(save(load(content), {"about": told}))


def lines(content: bytes, name: str) -> list[str]:
    return load(content)[name].tobytes().decode("utf-8").split("\n")


def test_a_file_that_was_read_is_written_as_it_was(content: bytes, segmenter: Segmenter) -> None:
    assert to_bytes(from_bytes(content, segmenter)) == content


def test_the_shipped_file_is_written_as_it_was(shipped: bytes, segmenter: Segmenter) -> None:
    assert to_bytes(from_bytes(shipped, segmenter)) == shipped


def test_a_ranker_that_was_read_grades_as_the_one_that_was_written(
    content: bytes, taught: Ranker, drawn: Drawn, segmenter: Segmenter
) -> None:
    again, source = from_bytes(content, segmenter), drawn(1)
    for _ in range(5):
        need, patents = source.need(), source.patents(20)
        expected, found = taught.grade(need, patents), again.grade(need, patents)
        assert found.names == expected.names
        np.testing.assert_array_equal(found.parts, expected.parts)
        np.testing.assert_array_equal(found.chances, expected.chances)


def test_a_ranker_that_was_read_learns_as_the_one_that_was_written(
    content: bytes, taught: Ranker, drawn: Drawn, segmenter: Segmenter
) -> None:
    lesson = drawn(2).lesson("a" * 16, 6)
    again = learn(from_bytes(content, segmenter), [lesson], name="more")
    assert to_bytes(again.ranker) == to_bytes(learn(taught, [lesson], name="more").ranker)


def test_a_ranker_that_was_taught_nothing_can_be_kept(drawn: Drawn, segmenter: Segmenter) -> None:
    source = drawn(3)
    written = to_bytes(source.untaught())
    again = from_bytes(written, segmenter)
    assert to_bytes(again) == written
    lessons = [source.lesson("b" * 16, 6)]
    assert to_bytes(learn(again, lessons, name="x").ranker) == to_bytes(
        learn(source.untaught(), lessons, name="x").ranker
    )


def refused(content: bytes, segmenter: Segmenter) -> None:
    with pytest.raises(ModelBroken, match=BROKEN):
        from_bytes(content, segmenter)


def test_a_file_of_before_the_axes_compares_whole_vectors(
    content: bytes, segmenter: Segmenter
) -> None:
    arrays = load(content)
    patents, axes = arrays["memory.patents"], arrays.pop("axes")
    arrays["memory.patents"] = (patents.astype(np.float32) @ axes.T).astype(np.float16)
    found = from_bytes(bytes(save(arrays, {"about": json.dumps(about(content))})), segmenter)
    np.testing.assert_array_equal(found.centres.axes, np.eye(len(axes), dtype=np.float32))
    assert found.memory.pairs.patents.shape == (len(patents), len(axes))


def test_a_file_of_before_there_were_two_latents_has_the_one_for_both(
    content: bytes, taught: Ranker, drawn: Drawn, segmenter: Segmenter
) -> None:
    arrays = load(content)
    for name in ("slopes", "bare.slopes", "memory.weights"):
        arrays[name] = np.ascontiguousarray(arrays[name][:, GOOD])
    found = from_bytes(bytes(save(arrays, {"about": json.dumps(about(content))})), segmenter)
    need, patents = drawn(4).graded(taught), drawn(5).patents(20)
    told, before = found.grade(need, patents), taught.grade(need, patents)
    assert told.parts.tobytes() == before.parts.tobytes()
    scale = taught.scales.at(taught.memory.familiar(taught.read(need, patents).need))
    good = (told.scores + scale.thresholds[1]) / scale.slope
    expected = scale.chances(np.stack([good, good], axis=1))
    np.testing.assert_allclose(told.chances, expected, atol=1e-9)
    assert np.abs(told.chances[:, 0] - before.chances[:, 0]).max() > 0.01


def test_a_file_of_before_the_slopes_has_one_for_all_curves(
    content: bytes, segmenter: Segmenter
) -> None:
    told = about(content)
    edges = told["scale"]["known"]["thresholds"]
    one = {"slope": 1.5, "thresholds": edges}
    found = from_bytes(retold(content, scale=one, bare={**told["bare"], "scale": one}), segmenter)
    expected = Scale((1.5, 1.5, 1.5), tuple(edges))
    assert found.bare.scale == expected and found.scales == Scales(expected, expected)
    own = told["scale"]["known"]
    alike = Scale(tuple(own["slopes"]), tuple(own["thresholds"]))
    assert from_bytes(retold(content, scale=own), segmenter).scales == Scales(alike, alike)


def test_a_file_of_another_version_is_refused(content: bytes, segmenter: Segmenter) -> None:
    assert about(content)["format"] == "1"
    assert to_bytes(from_bytes(retold(content), segmenter)) == content
    for wrong in ("2", 1, None, ""):
        refused(retold(content, format=wrong), segmenter)
    features = about(content)["features"]
    for wrong in (features[:-1], features[::-1], [], None, [*features, "weather"]):
        refused(retold(content, features=wrong), segmenter)


@pytest.mark.parametrize("name", ["bridge", "scale", "prior", "mean_words", "mean_grams"])
def test_a_file_whose_text_says_something_else_is_refused(
    content: bytes, segmenter: Segmenter, name: str
) -> None:
    for wrong in (None, 3, [], [1], {}, {"kernel": {}}):
        refused(retold(content, **{name: wrong}), segmenter)


def test_a_file_that_lacks_an_array_is_refused(content: bytes, segmenter: Segmenter) -> None:
    arrays, told = load(content), json.dumps(about(content))
    for name in arrays:
        fewer = {key: array for key, array in arrays.items() if key != name}
        refused(bytes(save(fewer, {"about": told})), segmenter)


def test_a_file_without_its_text_or_of_another_kind_is_refused(
    content: bytes, segmenter: Segmenter
) -> None:
    for wrong in (b"", b"\x00" * 8, b"PK\x03\x04" * 100, b"\xff" * 64, bytes(save(load(content)))):
        refused(wrong, segmenter)
    arrays = load(content)
    for wrong in ("", "[]", "{", '{"format": "1"}', "[" * 100_000, "null", '"about"'):
        refused(bytes(save(arrays, {"about": wrong})), segmenter)


def test_arrays_that_do_not_fit_together_are_refused(content: bytes, segmenter: Segmenter) -> None:
    arrays, told = load(content), json.dumps(about(content))
    for name, array in arrays.items():
        if len(array) > 1:
            last = array.tobytes().rindex(b"\n") if array.dtype == np.uint8 else -1
            shorter = {**arrays, name: np.ascontiguousarray(array[:last])}
            refused(bytes(save(shorter, {"about": told})), segmenter)


@given(st.data())
@settings(deadline=None, max_examples=60)
def test_a_file_that_was_cut_short_is_refused(
    content: bytes, segmenter: Segmenter, data: st.DataObject
) -> None:
    refused(content[: data.draw(st.integers(0, len(content) - 1))], segmenter)


@given(st.data())
@settings(deadline=None, max_examples=200)
def test_whatever_is_altered_is_refused_or_is_a_ranker(
    content: bytes, segmenter: Segmenter, data: st.DataObject
) -> None:
    """A changed weight is a weight: against that stand the hashes of `shipped` and `own`."""
    head = 8 + int.from_bytes(content[:8], "little")
    last = data.draw(st.sampled_from([head, len(content)])) - 1
    altered = bytearray(content)
    for place in data.draw(st.lists(st.integers(0, last), min_size=1, max_size=4)):
        altered[place] ^= data.draw(st.integers(1, 255))
    try:
        found = from_bytes(bytes(altered), segmenter)
    except ModelBroken as error:
        assert BROKEN in error.message
    else:
        assert isinstance(found, Ranker)


def test_the_shipped_file_holds_no_text_but_terms_and_ipc_symbols(shipped: bytes) -> None:
    arrays = load(shipped)
    texts = {name for name, array in arrays.items() if array.dtype == np.uint8}
    assert texts == {"fields.names", "taught.groups", "terms.words", "terms.grams"}
    assert all(array.dtype.kind in "fiu" for array in arrays.values())
    assert all(re.fullmatch("[0-9a-f]{16}", group) for group in lines(shipped, "taught.groups"))
    assert all(re.fullmatch(r"[A-H]\d\d[A-Z]", name) for name in lines(shipped, "fields.names"))
    han = re.compile("[\u4e00-\u9fff]+")
    longest = {
        name: max(len(run) for line in lines(shipped, name) for run in han.findall(line))
        for name in ("terms.words", "terms.grams")
    }
    assert longest == {"terms.words": 8, "terms.grams": 2}
    told = about(shipped)
    assert {key for key, value in told.items() if isinstance(value, str)} == {
        "encoder",
        "format",
        "name",
    }
    assert told["name"] == "ranker-4"


def test_no_need_or_patent_is_named_in_what_is_kept(drawn: Drawn) -> None:
    source = drawn(4)
    lesson = source.lesson("0123456789abcdef", 5)
    written = to_bytes(learn(source.untaught(), [lesson], name="own").ranker)
    assert set(lines(written, "taught.groups")) == {"0123456789abcdef"}
    assert set(lines(written, "terms.words")) == set(source.terms.known.words)
    assert set(lines(written, "terms.grams")) == set(source.terms.known.grams)
