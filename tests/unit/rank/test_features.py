"""What a ranker reads of a need and patents, number by number."""

from collections.abc import Callable
from dataclasses import replace
from typing import Any

import numpy as np
import pytest

from matcher.protocols import FloatArray
from matcher.rank.features import FEATURES, NeedView, PatentViews, Readings, centred
from matcher.rank.ranker import Ranker

NAMES = [name for name, _ in FEATURES]
Drawn = Callable[[int], Any]


def moved(row: FloatArray, centre: FloatArray) -> FloatArray:
    """One vector less its mean, of length one."""
    found = row.astype(np.float64) - centre
    return found / np.linalg.norm(found)


def by_hand(base: Ranker, need: NeedView, patents: PatentViews, row: int) -> list[float]:
    """The features of one patent, one after the other."""
    means, fields = base.centres, base.fields
    whole, title = moved(need.whole, means.needs), moved(need.title, means.needs)
    head = moved(patents.titles[row], means.titles)
    close = head @ whole
    if patents.fuller[row]:
        every = moved(patents.wholes[row], means.wholes)
        close = (close + means.factor * (every @ whole) + means.step) / 2
    home = fields.read(patents.titles[[row]])[0].astype(np.float64)
    borne = sorted({symbol[:4] for symbol in patents.ipc[row]} & set(fields.names))
    if borne:
        mean = np.mean([fields.homes[fields.places[symbol]] for symbol in borne], axis=0)
        home = home + mean / np.linalg.norm(mean)
    home /= np.linalg.norm(home)
    spoken = [home @ fields.read(vector[None])[0] for vector in (need.title, need.whole)]
    totals = base.terms.totals(patents.terms)
    shares = base.terms.shares(need.terms, patents.terms, totals)[row]
    return [close, head @ title, *shares, *spoken]


def test_features_are_those_of_the_formula(drawn: Drawn) -> None:
    source = drawn(1)
    base, patents = source.untaught(), source.patents(12)
    need = replace(source.need(), title=source.rows(1)[0])
    told = base.read(need, patents)
    assert told.features.shape == (12, len(FEATURES))
    for row in np.flatnonzero(patents.titles.any(axis=1)):
        expected = by_hand(base, need, patents, row)
        np.testing.assert_allclose(told.features[row], expected, atol=1e-6)
    np.testing.assert_allclose(told.need, moved(need.whole, base.centres.needs), atol=1e-6)


def test_an_aspect_is_compared_as_the_whole_need_is(drawn: Drawn) -> None:
    source = drawn(2)
    base, patents, need = source.untaught(), source.patents(9), source.need()
    aspect = source.rows(1)[0]
    told = base.read(
        replace(need, aspects={"main_problem": aspect, "content": need.whole}), patents
    )
    assert told.names == ("main_problem", "content")
    np.testing.assert_allclose(told.aspects[:, 1], told.features[:, 0], atol=1e-6)
    other = base.read(replace(need, whole=aspect), patents)
    np.testing.assert_allclose(told.aspects[:, 0], other.features[:, 0], atol=1e-6)


def test_a_need_without_a_title_is_read_by_all_it_says(drawn: Drawn) -> None:
    source = drawn(3)
    base, patents = source.untaught(), source.patents(8)
    need = replace(source.need(), title=np.zeros(16, np.float32))
    told = base.read(need, patents)
    missing = [name for name, column in zip(NAMES, told.features.T, strict=True)
               if np.isnan(column).any()]  # fmt: skip
    assert missing == ["titles", "title_grams"]
    assert np.isnan(told.features[:, NAMES.index("titles")]).all()
    of_title, of_whole = NAMES.index("field_of_title"), NAMES.index("field_of_whole")
    np.testing.assert_array_equal(told.features[:, of_title], told.features[:, of_whole])


def test_the_memory_compares_titles_and_whole_texts_alike_along_its_axes(drawn: Drawn) -> None:
    source = drawn(4)
    base, patents = source.untaught(), source.patents(10)
    along = base.along(patents)
    for row in np.flatnonzero(patents.titles.any(axis=1)):
        expected = moved(patents.titles[row], base.centres.titles)
        if patents.fuller[row]:
            expected = expected + moved(patents.wholes[row], base.centres.wholes)
        expected = expected @ base.centres.axes
        expected /= np.linalg.norm(expected)
        np.testing.assert_allclose(along[row], expected, atol=1e-6)


@pytest.mark.parametrize("count", [0, 1, 2])
def test_any_number_of_patents_is_fine(drawn: Drawn, count: int) -> None:
    source = drawn(5)
    base, need, patents = source.untaught(), source.need(), source.patents(count)
    told: Readings = base.read(need, patents)
    assert told.features.shape == (count, len(FEATURES))
    assert told.aspects.shape == (count, len(told.names))
    assert base.along(patents).shape == (count, 14)


def test_blank_texts_are_read_as_nothing(drawn: Drawn) -> None:
    source = drawn(6)
    nothing, none = np.zeros(16, np.float32), np.zeros((2, 16), np.float32)
    need = NeedView(nothing, nothing, {}, source.terms.asked("", ""))
    blank = source.terms.told([("", ""), ("", "")])
    patents = PatentViews(none, none, np.array([False, True]), [(), ()], blank)
    told = source.untaught().read(need, patents)
    known = told.features[:, [name not in ("titles", "title_grams") for name in NAMES]]
    step = source.untaught().centres.step / 2
    np.testing.assert_allclose(known, [[0.0] * 7, [step] + [0.0] * 6], atol=1e-7)
    assert not told.need.any() and not source.untaught().along(patents).any()


def test_centred_rows_have_length_one_and_zeros_stay(drawn: Drawn) -> None:
    rows = drawn(7).rows(5)
    rows[3] = 0.0
    centre = rows[:3].mean(axis=0)
    found = centred(rows, centre)
    assert found.dtype == np.float32
    for row in (0, 1, 2, 4):
        np.testing.assert_allclose(found[row], moved(rows[row], centre), atol=1e-6)
    assert not found[3].any()
    assert not centred(centre[None], centre).any()
