"""Industries of GB/T 4754-2017, and those an IPC symbol belongs to."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from matcher.reference.industries import (
    Industry,
    industries_of,
    industry,
    industry_named,
    industry_within,
)
from matcher.reference.tables import table


def test_a_code_is_read_with_and_without_its_letter() -> None:
    assert industry("C38") == industry("38") == Industry("C38", "电气机械和器材制造业", "C38")
    assert industry("384") == Industry("C384", "电池制造", "C384")
    assert industry("C") == Industry("C", "制造业", "C")


def test_a_deeper_code_gives_the_deepest_known_one_and_keeps_what_was_asked() -> None:
    assert industry("C3841") == industry("3841") == Industry("C384", "电池制造", "C3841")
    assert industry("F5165") == Industry("F51", "批发业", "F5165")


@pytest.mark.parametrize("code", ["", "D38", "98", "00", "X", "C3", "38412", "锂电池"])
def test_what_is_no_code_gives_none(code: str) -> None:
    assert industry(code) is None


def test_the_table_has_all_sections_and_divisions() -> None:
    codes = [code for code, _ in table("industries.tsv")]
    assert len(codes) == len(set(codes))
    assert [c for c in codes if len(c) == 1] == list("ABCDEFGHIJKLMNOPQRST")
    assert [c[1:] for c in codes if len(c) == 3] == [f"{n:02d}" for n in range(1, 98)]
    assert [c for c in codes if len(c) == 4 and c[:3] not in codes] == []


@pytest.mark.parametrize(
    ("text", "codes"),
    [
        ("电气机械和器材制造业", ["C38"]),
        ("电气机械及器材制造业", ["C38"]),
        ("电池制造", ["C384"]),
        ("C38;C39", ["C38", "C39"]),
        ("C3841;C3990", ["C384", "C399"]),
        ("C38 电气机械和器材制造业", ["C38"]),
        ("C38-电气机械和器材制造业；C384（电池制造）", ["C38", "C384"]),
        ("38", ["C38"]),
        ("C", ["C"]),
        ("农、林、牧、渔业", ["A"]),
        ("软件和信息技术服务业", ["I65"]),
        ("造飞船", []),
        ("", []),
    ],
)
def test_names_and_codes_of_exports_give_codes(text: str, codes: list[str]) -> None:
    assert industry_named(text) == codes


def test_every_name_of_the_table_is_read_back() -> None:
    names = {code: name for code, name in table("industries.tsv")}
    for code, name in names.items():
        (found,) = industry_named(name)
        assert industry_within(code, found) or industry_within(found, code)
        assert dict((c, n) for c, n in table("industries.tsv"))[found].strip("业") == name.strip(
            "业"
        )


def test_within_works_on_any_level() -> None:
    for ancestor in ("C", "C38", "38", "C384", "C3841"):
        assert industry_within("C3841", ancestor)
    assert not industry_within("C38", "C384")
    assert not industry_within("C384", "C3841")
    assert not industry_within("C38", "D")
    assert not industry_within("", "C")
    assert not industry_within("C38", "")


@pytest.mark.parametrize(
    ("symbols", "codes"),
    [
        (["H01M10/0525(2010.01)I"], ("C384",)),
        (["H01M 4/38", "B01J23/75"], ("C384", "C266", "C261")),
        (["A23L2/02"], ("C152",)),
        (["A23L 33/10"], ("C149",)),
        (["A23L"], ("C14",)),
        (["A61K36/00", "A61K8/9789"], ("C274", "C273", "C268")),
        (["G06Q10/06"], ("I65",)),
        (["B64U10/13"], ("C374",)),
        (["H10D30/01"], ("C397",)),
        (["G16H50/20"], ("I65", "C358")),
        (["F24S20/40"], ("C386", "C341")),
        (["B29X1/00"], ("C292",)),
        (["H"], ("C38",)),
        (["垃圾"], ()),
        ([], ()),
    ],
)
def test_ipc_symbols_give_industries_main_symbol_first(
    symbols: list[str], codes: tuple[str, ...]
) -> None:
    assert industries_of(symbols) == codes


def test_the_concordance_names_known_industries_and_no_symbol_twice() -> None:
    known = {code for code, _ in table("industries.tsv")}
    symbols = [s for row in table("ipc_industry.tsv") for s in row[0].split()]
    assert len(symbols) == len(set(symbols))
    used = {code for row in table("ipc_industry.tsv") for code in row[1].split(";")}
    assert used - known == set()


@given(st.from_regex(r"[A-H](\d\d([A-Z](\d{1,4}/\d{2,6})?)?)?", fullmatch=True))
def test_every_valid_symbol_gives_an_industry(symbol: str) -> None:
    assert industries_of([symbol]) != ()
