"""The compact columns that filters read."""

from collections.abc import Callable
from datetime import date
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from matcher.errors import ModelBroken
from matcher.records import Need, Party, Patent, Terms
from matcher.retrieve.facets import Columns, Facet, need_columns, patent_columns

VALUED = [("C38", "A"), (), ("C384",), ("A", "C38"), ("C",)]
Invent = Callable[[int, int], list[Patent]]


def marked(act: Callable[[np.ndarray], None], count: int) -> list[int]:
    mask = np.zeros(count, dtype=bool)
    act(mask)
    rows: list[int] = np.flatnonzero(mask).tolist()
    return rows


def same(one: Columns, other: Columns) -> bool:
    """Equal in every value; unknown numbers equal unknown numbers."""
    return (
        one.count == other.count
        and sorted(one.facets) == sorted(other.facets)
        and sorted(one.numbers) == sorted(other.numbers)
        and all(
            facet.values == other.facets[name].values
            and facet.starts.tolist() == other.facets[name].starts.tolist()
            and facet.rows.tolist() == other.facets[name].rows.tolist()
            for name, facet in one.facets.items()
        )
        and all(
            np.array_equal(numbers, other.numbers[name], equal_nan=True)
            for name, numbers in one.numbers.items()
        )
    )


def test_a_facet_holds_sorted_values_and_the_rows_of_each() -> None:
    facet = Facet.of(VALUED)
    assert facet.values == ("A", "C", "C38", "C384")
    assert facet.starts.tolist() == [0, 2, 3, 5, 6]
    assert facet.rows.tolist() == [0, 3, 4, 0, 3, 2]


@pytest.mark.parametrize(
    ("prefix", "rows"),
    [("C", [0, 2, 3, 4]), ("C38", [0, 2, 3]), ("C384", [2]), ("C3849", []), ("B", []), ("Z", [])],
)
def test_rows_are_found_by_the_beginning_of_a_value(prefix: str, rows: list[int]) -> None:
    facet = Facet.of(VALUED)
    assert marked(lambda mask: facet.starting(prefix, mask), 5) == rows


def test_rows_are_found_by_a_whole_value_and_by_a_part() -> None:
    facet = Facet.of(VALUED)
    assert marked(lambda mask: facet.equal("C38", mask), 5) == [0, 3]
    assert marked(lambda mask: facet.equal("C3", mask), 5) == []
    assert marked(lambda mask: facet.equal("Z", mask), 5) == []
    assert marked(lambda mask: facet.containing("38", mask), 5) == [0, 2, 3]
    assert marked(lambda mask: facet.containing("99", mask), 5) == []


def test_a_facet_of_no_rows_marks_none() -> None:
    facet = Facet.of([])
    assert facet.values == ()
    for act in (facet.starting, facet.equal, facet.containing):
        assert marked(lambda mask, act=act: act("C", mask), 0) == []  # type: ignore[misc]


TEXT = st.text(st.sampled_from("ab\U0010ffff中"), max_size=3)


@given(st.lists(st.lists(TEXT, max_size=3), max_size=8), TEXT)
def test_any_facet_answers_as_a_walk_over_the_rows(valued: list[list[str]], asked: str) -> None:
    facet, count = Facet.of(valued), len(valued)
    for act, holds in (
        (facet.starting, lambda value: value.startswith(asked)),
        (facet.equal, lambda value: value == asked),
        (facet.containing, lambda value: asked in value),
    ):
        wanted = [row for row, values in enumerate(valued) if any(map(holds, values))]
        assert marked(lambda mask, act=act: act(asked, mask), count) == wanted  # type: ignore[misc]


def test_the_columns_of_a_patent() -> None:
    full = Patent(
        id="1",
        keys=(),
        title="",
        kind="发明",
        application_date=date(2020, 1, 2),
        applicants=(Party("甲", "高校"),),
        owners=(Party("乙", "企业"), Party("甲", "高校")),
        region="410105",
        park="郑州高新区",
        ipc=("A47G9/08",),
        industries=("C38", "C384"),
        legal_status="有效",
        terms=Terms(
            trl=6,
            licence_modes=("开放许可",),
            transfer_modes=("许可",),
            price_min=10.1,
            price_max=20.0,
            pay_later=False,
        ),
    )
    columns = patent_columns([full])
    assert {name: facet.values for name, facet in columns.facets.items()} == {
        "industry": ("C38", "C384"),
        "region": ("410105",),
        "park": ("郑州高新区",),
        "applicant": ("乙", "甲"),
        "kind": ("发明",),
        "legal_status": ("有效",),
        "ipc": ("A47G9/08",),
        "licence_mode": ("开放许可",),
        "transfer_mode": ("许可",),
        "pay_later": ("否",),
    }
    assert {name: numbers.tolist() for name, numbers in columns.numbers.items()} == {
        "price": [10.1],
        "trl": [6.0],
        "filed": [float(date(2020, 1, 2).toordinal())],
    }


def test_a_bare_patent_has_a_status_and_no_other_value() -> None:
    columns = patent_columns([Patent(id="1", keys=(), title="")])
    assert {name for name, facet in columns.facets.items() if facet.values} == {"legal_status"}
    assert all(np.isnan(numbers).all() for numbers in columns.numbers.values())


def test_a_price_known_only_from_above_counts_as_that() -> None:
    patents = [
        Patent(id=str(n), keys=(), title="", terms=Terms(price_min=low, price_max=high))
        for n, (low, high) in enumerate([(None, 20.0), (0.0, 20.0), (5.0, None)])
    ]
    assert patent_columns(patents).numbers["price"].tolist() == [20.0, 0.0, 5.0]


def test_the_columns_of_a_need_are_those_it_has() -> None:
    need = Need(id="1", title="", industries=("C38",), region="410100", park="甲区", company="乙")
    columns = need_columns([need, Need(id="2", title="")])
    assert {name: facet.values for name, facet in columns.facets.items()} == {
        "industry": ("C38",),
        "region": ("410100",),
        "park": ("甲区",),
        "applicant": ("乙",),
    }
    assert (columns.count, columns.numbers) == (2, {})


@pytest.mark.parametrize("count", [0, 1, 2, 60])
def test_columns_are_loaded_as_they_were_saved(invent: Invent, tmp_path: Path, count: int) -> None:
    columns = patent_columns(invent(count, 1))
    columns.save(tmp_path)
    assert same(Columns.load(tmp_path), columns)
    first = {path.name: path.read_bytes() for path in sorted(tmp_path.iterdir())}
    patent_columns(invent(count, 1)).save(tmp_path)
    assert {path.name: path.read_bytes() for path in sorted(tmp_path.iterdir())} == first


@pytest.mark.parametrize("name", ["columns.json", "columns.npz"])
@pytest.mark.parametrize("content", [None, b"", b"{}", b"PK\x03\x04 cut off"])
def test_damaged_columns_are_named_as_such(
    tmp_path: Path, invent: Invent, name: str, content: bytes | None
) -> None:
    patent_columns(invent(5, 1)).save(tmp_path)
    if content is None:
        (tmp_path / name).unlink()
    else:
        (tmp_path / name).write_bytes(content)
    with pytest.raises(ModelBroken, match="patmatch index rebuild"):
        Columns.load(tmp_path)
