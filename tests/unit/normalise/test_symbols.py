import pytest
from hypothesis import given
from hypothesis import strategies as st

from matcher.normalise.symbols import (
    Symbols,
    group,
    ipc_class,
    section,
    subclass,
    symbol_of,
    symbols_of,
    with_main,
)


@st.composite
def symbols(draw: st.DrawFn) -> str:
    head = draw(st.sampled_from("ABCDEFGH")) + f"{draw(st.integers(1, 99)):02d}"
    letter = draw(st.sampled_from("BCDFGHJKLMNPQRSTVWXYZ"))
    return f"{head}{letter}{draw(st.integers(1, 9999))}/{draw(st.integers(0, 999)):02d}"


@given(st.lists(symbols(), min_size=1, max_size=5, unique=True), st.data())
def test_every_written_form_gives_the_canonical_symbols(
    names: list[str], data: st.DataObject
) -> None:
    def dress(name: str) -> str:
        head, rest = name[:4], name[4:]
        number, sub = rest.split("/")
        return data.draw(
            st.sampled_from(
                [
                    name,
                    name.lower(),
                    f"{head} {rest}",
                    f"{head}{number:>4}/{sub}",
                    f"{head}{number:0>4}/{sub}",
                    f"{name}(2006.01)I",
                    f"{head} {rest} (2006.01) N",
                    f"{name}[2006.01]",
                ]
            )
        )

    mark = data.draw(st.sampled_from([";", "；", " | ", "|", ",", "; ", "\n"]))
    assert symbols_of(mark.join(map(dress, names))) == Symbols(tuple(names), ())


@given(st.text(max_size=30))
def test_any_text_is_read_into_valid_symbols(text: str) -> None:
    for symbol in symbols_of(text).read:
        assert symbol_of(symbol) == symbol


@pytest.mark.parametrize(
    ("text", "read", "unread"),
    [
        ("A47G9/08(2006.01)I;A47G 9/02", ("A47G9/08", "A47G9/02"), ()),
        ("H04W72/04(2009.01)I;H04W80/00(2009.01)I", ("H04W72/04", "H04W80/00"), ()),
        ("H01M  10/0525", ("H01M10/0525",), ()),
        ("h01m10/0525；H01M10/0525", ("H01M10/0525",), ()),
        ("Int.Cl. H01M10/0525(2010.01)I H01M4/13(2010.01)I", ("H01M10/0525", "H01M4/13"), ()),
        ("H01M10", ("H01M10/00",), ()),
        ("H01M", ("H01M",), ()),
        ("06-01", (), ()),
        ("LOC(13)Cl.06-01", (), ()),
        ("LOC（13）Cl.06-01", (), ()),
        ("A47G9/08;乱码", ("A47G9/08",), ("乱码",)),
        ("Z99X1/00", (), ("Z99X1/00",)),
        ("-", (), ()),
        ("", (), ()),
    ],
)
def test_cells_of_symbols(text: str, read: tuple[str, ...], unread: tuple[str, ...]) -> None:
    assert symbols_of(text) == Symbols(read, unread)


def test_the_main_symbol_leads() -> None:
    others = ("A47G9/02", "A47G9/08", "B60R1/00")
    assert with_main("A47G9/08", others) == ("A47G9/08", "A47G9/02", "B60R1/00")
    assert with_main("B60R", others) == ("B60R1/00", "A47G9/02", "A47G9/08")
    assert with_main("H01M10/00", others) == ("H01M10/00", *others)
    assert with_main("", others) == others
    assert with_main("H01M10/00", ()) == ("H01M10/00",)


def test_a_symbol_comes_apart() -> None:
    whole = "H01M10/0525"
    parts = section(whole), ipc_class(whole), subclass(whole), group(whole)
    assert parts == ("H", "H01", "H01M", "H01M10")
    assert (subclass("H01"), group("H01M")) == ("", "")
