"""Which fields each sight shows, and that no field is forgotten."""

from dataclasses import fields, replace
from datetime import date

import pytest

from matcher.access.hiding import (
    FILTERED,
    SHOWN,
    hidden_names,
    shown,
    shown_match,
    shown_names,
    tells,
)
from matcher.matches import Evidence, Match, Part, Risk
from matcher.records import Filter, Flag, Need, Party, Patent, Terms

PATENT = Patent(
    id="CN1", keys=("A:1",), title="隔膜", abstract="一种隔膜。", first_claim="1. 隔膜。",
    kind="发明", application_number="CN1", publication_numbers=("CN1B",),
    application_date=date(2020, 1, 2), applicants=(Party("云麓理工大学", "高校"),),
    inventors=("王一",), address="科学大道1号", region="410100", park="高新区", ipc=("H01M50/44",),
    industries=("C38",), legal_status="有效", pledges=1, level="脱敏",
    terms=Terms(trl=6, price_min=10.0, contact="王一 13800000000"),
    flags=(Flag("no_number"),), source="表.csv", seen=("a",),
)  # fmt: skip
NEED = Need(
    id="N1", title="耐热隔膜", main_problem="收缩", key_technology="涂覆", expected_goal="低于3%",
    content="全文", keywords=("隔膜",), budget_max=50.0, modes=("合作研发",), field="材料",
    industries=("C38",), company="青屿", credit_code="9141", park="高新区", region="410100",
    address="1号", contact="李二", level="脱敏", source="表.xlsx", seen=("b",),
)  # fmt: skip


def test_every_field_stands_in_exactly_one_list() -> None:
    for side, noun in (("patents", Patent), ("needs", Need)):
        listed = [name for names in SHOWN[side].values() for name in names]  # type: ignore[index]
        listed = [name for name in listed if "." not in name]
        assert sorted(listed) == sorted(item.name for item in fields(noun))


def test_every_filter_says_which_field_it_tells() -> None:
    assert set(FILTERED) == {item.name for item in fields(Filter)}


def test_a_summary_of_a_patent_names_nobody() -> None:
    assert shown(PATENT, "summary") == Patent(
        id="CN1", keys=(), title="隔膜", abstract="一种隔膜。", kind="发明", ipc=("H01M50/44",),
        industries=("C38",), legal_status="有效", level="脱敏",
    )  # fmt: skip


def test_details_of_a_patent_lack_contact_and_what_is_ours() -> None:
    bare = replace(PATENT.terms, contact="")
    assert shown(PATENT, "details") == replace(
        PATENT, keys=(), address="", terms=bare, source="", seen=()
    )


def test_everything_of_a_patent_lacks_only_what_is_ours() -> None:
    assert shown(PATENT, "everything") == replace(PATENT, keys=(), source="", seen=())


def test_a_summary_of_a_need_names_nobody() -> None:
    assert shown(NEED, "summary") == Need(
        id="N1", title="耐热隔膜", keywords=("隔膜",), modes=("合作研发",), field="材料",
        industries=("C38",), level="脱敏",
    )  # fmt: skip


def test_details_of_a_need_lack_contact_and_what_is_ours() -> None:
    assert shown(NEED, "details") == replace(NEED, address="", contact="", source="", seen=())
    assert shown(NEED, "everything") == replace(NEED, source="", seen=())


def test_nothing_is_never_shown() -> None:
    assert shown_names("needs", "nothing") == frozenset()
    with pytest.raises(AssertionError):
        shown(NEED, "nothing")


def test_what_is_hidden_is_named() -> None:
    assert hidden_names(NEED, "details") == ["address", "contact"]
    assert hidden_names(PATENT, "everything") == []
    assert hidden_names(PATENT, "details") == ["address", "terms.contact"]
    assert "company" in hidden_names(NEED, "summary")


@pytest.mark.parametrize(
    ("side", "sight", "filters", "told"),
    [
        ("patents", "summary", ["applicant"], True),
        ("patents", "details", ["applicant", "price_max"], False),
        ("patents", "summary", ["kind", "ipc", "industry", "grade_min"], False),
        ("patents", "summary", ["kind", "trl_min"], True),
        ("needs", "summary", ["park"], True),
        ("needs", "details", ["park", "region", "applicant"], False),
        ("needs", "nothing", [], False),
        ("needs", "nothing", ["industry"], True),
    ],
)  # fmt: skip
def test_a_filter_by_a_hidden_field_tells_it(
    side: str, sight: str, filters: list[str], told: bool
) -> None:
    assert tells(side, sight, filters) is told  # type: ignore[arg-type]


def test_a_match_with_a_kept_back_side_quotes_nothing() -> None:
    proof = Evidence("title", "abstract", 0, 5, "一种隔膜。", (), ("隔膜",), 1.0)
    match = Match(
        "N1", "CN1", 1, 2.0, (Part("start", 2.0, 2.0),), grade=3, evidence=(proof,),
        missing=("收缩",), risks=(Risk("lapsed", "失效"), Risk("pledged", "质押给某银行")),
    )  # fmt: skip
    assert shown_match(match, "details", "everything") is match
    for need, patent in (("summary", "details"), ("everything", "summary")):
        assert shown_match(match, need, patent) == replace(  # type: ignore[arg-type]
            match, evidence=(), missing=(), risks=(Risk("lapsed", ""),)
        )
