from dataclasses import replace
from datetime import date

from hypothesis import given, settings
from hypothesis import strategies as st

from matcher.normalise.merge import is_grant, merge
from matcher.normalise.patents import patent_of
from matcher.records import Flag, Party, Patent, Row, Terms

TODAY = date(2026, 11, 23)


def taken(source: str = "甲.xlsx", **fields: str) -> Patent:
    found = patent_of(Row(source, "", 2, fields), today=TODAY)
    assert isinstance(found, Patent), found
    return found


A_ROW = {
    "application_number": "201410171234",
    "publication_number": "CN104010370A",
    "publication_date": "2014-08-27",
    "application_date": "2014-04-28",
    "title": "一种融合控制方法",
    "applicants": "甲乙学院",
    "ipc": "H04W72/04;H04L29/08",
    "legal_status": "实质审查",
    "abstract": "本发明公开了一种融合控制方法。",
}
B_ROW = {
    "publication_number": "CN104010370B",
    "publication_date": "2019-07-09",
    "title": "融合控制方法及装置",
    "applicants": "甲乙大学",
    "ipc": "H04W72/04",
    "legal_status": "授权",
}


def names(found: Patent) -> tuple[list[str], list[str], tuple[str, ...]]:
    return (
        [party.name for party in found.applicants],
        [party.name for party in found.owners],
        found.inventors,
    )


NUMBER = {"application_number": "201220249767", "title": "阀"}
ALL = {**NUMBER, "applicants": "甲大学;乙有限公司", "inventors": "丁一;王二;张三"}


def test_some_of_the_names_do_not_replace_all_of_them() -> None:
    first = taken("盘点.xls", **NUMBER, applicants="甲大学", inventors="丁一")
    both = (["甲大学", "乙有限公司"], ["甲大学", "乙有限公司"], ("丁一", "王二", "张三"))
    assert names(merge(taken(**ALL), first)) == both
    assert names(merge(first, taken(**ALL))) == both


def test_a_changed_owner_replaces_the_old_one() -> None:
    old = taken(**ALL)
    sold = taken("新.xlsx", **NUMBER, applicants="甲大学;乙有限公司", owners="丙有限公司")
    kept = taken("新.xlsx", **NUMBER, applicants="甲大学;乙有限公司", owners="甲大学")
    assert names(merge(old, sold))[1] == ["丙有限公司"]
    assert names(merge(old, kept))[1] == ["甲大学"]
    assert names(merge(sold, taken("盘点.xls", **NUMBER, applicants="甲大学")))[1] == ["丙有限公司"]


def test_other_names_replace_the_old_ones() -> None:
    other = taken("新.xlsx", **NUMBER, applicants="丙研究院", inventors="丁一;李四")
    assert names(merge(taken(**ALL), other)) == (["丙研究院"], ["丙研究院"], ("丁一", "李四"))


def test_a_grant_completes_its_application() -> None:
    application, grant = taken(**A_ROW), taken(**B_ROW)
    found = merge(application, grant)
    assert found == replace(
        application,
        keys=tuple(sorted({*application.keys, *grant.keys})),
        title="融合控制方法及装置",
        publication_numbers=("CN104010370A", "CN104010370B"),
        grant_date=date(2019, 7, 9),
        applicants=(Party("甲乙大学", "高校"),),
        owners=(Party("甲乙大学", "高校"),),
        legal_status="有效",
        legal_status_raw="授权",
    )


def test_the_order_of_application_and_grant_changes_only_the_id() -> None:
    application, grant = taken(**A_ROW), taken(**B_ROW)
    one, other = merge(application, grant), merge(grant, application)
    assert (one.id, other.id) == ("CN201410171234.2", "CN104010370B")
    assert replace(other, id=one.id) == one


def test_a_grant_ends_what_was_pending() -> None:
    grant = taken(**{**B_ROW, "legal_status": ""})
    application = taken(**A_ROW)
    for found in (merge(application, grant), merge(grant, application)):
        assert (found.legal_status, found.legal_status_raw) == ("未知", "")
    lapsed = merge(grant, taken(**{**A_ROW, "legal_status": "失效"}))
    assert (lapsed.legal_status, lapsed.legal_status_raw) == ("失效", "失效")


def test_a_newer_value_replaces_an_older_one_and_a_blank_one_does_not() -> None:
    old = taken(title="甲", publication_number="CN104010370B", college="机械学院", abstract="旧")
    new = taken(title="甲", publication_number="CN104010370B", abstract="新")
    found = merge(old, new)
    assert (found.abstract, found.college) == ("新", "机械学院")


def test_a_bare_list_only_fills_what_a_numbered_record_lacks() -> None:
    old = taken(title="装置", publication_number="CN104010370B", applicants="甲（乙）公司")
    new = taken("乙.jsonl", title="装置", applicants="甲(乙)公司", abstract="本发明公开了装置。")
    found = merge(old, new)
    assert (found.applicants, found.abstract) == (old.applicants, new.abstract)
    assert (found.flags, found.source) == ((), "乙.jsonl")


def test_a_number_that_arrives_removes_the_flag_and_keeps_the_id() -> None:
    old = taken(title="一种阀", applicants="甲公司", abstract="本发明公开了一种阀。")
    new = taken(title="一种阀", applicants="甲公司", application_number="201220249767")
    found = merge(old, new)
    assert (found.id, found.application_number) == (old.id, "CN201220249767.4")
    assert found.flags == ()
    assert set(found.keys) == {*old.keys, *new.keys}


def test_the_stricter_level_and_the_larger_count_hold() -> None:
    old = taken(title="甲", publication_number="CN104010370B", level="脱敏", pledge_count="2")
    new = taken(title="甲", publication_number="CN104010370B", pledge_count="1")
    found = merge(old, new)
    assert (found.level, found.pledges) == ("脱敏", 2)


def test_terms_are_united_and_a_price_stays_whole() -> None:
    number = "CN104010370B"
    old = taken(title="甲", publication_number=number, price="10-30万元", trl="6")
    new = taken(title="甲", publication_number=number, price="面议", licence_mode="普通许可")
    wanted = Terms(trl=6, licence_modes=("普通许可",), price_text="面议")
    assert merge(old, new).terms == wanted


def test_a_corrected_row_of_the_same_file_loses_its_flags() -> None:
    old = taken(title="甲", publication_number="CN104010370B", grant_date="某日")
    new = taken(title="甲", publication_number="CN104010370B", grant_date="2019-07-09")
    assert [flag.code for flag in old.flags] == ["unread_value"]
    assert merge(old, new).flags == ()


def test_a_near_duplicate_flag_survives_an_import_of_the_same_row() -> None:
    row = taken(title="甲", publication_number="CN104010370B")
    flagged = replace(row, flags=(Flag("near_duplicate", "与 乙 相同"),))
    assert merge(flagged, row) is flagged


def test_a_grant_is_told_by_date_or_letter() -> None:
    assert not is_grant(taken(**A_ROW))
    assert is_grant(taken(**B_ROW))
    assert is_grant(taken(title="甲", application_number="201220249767", grant_date="2013-01-02"))


WORDS = st.sampled_from(["", "甲", "乙", "丙丁"])
ROWS = st.fixed_dictionaries(
    {"title": st.sampled_from(["阀", "一种阀"])},
    optional={
        "application_number": st.just("201220249767"),
        "publication_number": st.sampled_from(["CN104010370A", "CN104010370B"]),
        "publication_date": st.sampled_from(["2014-08-27", "2019-07-09", "某日"]),
        "application_date": st.sampled_from(["2014-04-28", "2019-07-09", "2020-01-01"]),
        "grant_date": st.sampled_from(["2019-07-09", "2019-07-10"]),
        "applicants": st.sampled_from(["甲公司", "乙大学;甲公司"]),
        "abstract": WORDS,
        "college": WORDS,
        "ipc": st.sampled_from(["A47G9/08", "H01M10/0525;A47G9/08", "乱"]),
        "legal_status": st.sampled_from(["有效", "实质审查", "甲乙", "未缴年费"]),
        "price": st.sampled_from(["10万", "面议"]),
        "trl": st.sampled_from(["3", "7"]),
        "pledge_count": st.sampled_from(["0", "2"]),
        "level": st.sampled_from(["公开", "脱敏"]),
        "address": st.sampled_from(["河南省郑州市金水区某路", "某省某市"]),
    },
)


@st.composite
def records(draw: st.DrawFn) -> Patent:
    return taken(draw(st.sampled_from(["甲.xlsx", "乙.csv"])), **draw(ROWS))


@settings(max_examples=300, deadline=None)
@given(records(), records())
def test_merging_again_changes_nothing(one: Patent, other: Patent) -> None:
    assert merge(one, one) is one
    both = merge(one, other)
    assert merge(both, both) is both
    assert merge(both, other) == both
    assert set(both.keys) == {*one.keys, *other.keys}
    assert both.id == one.id


@settings(max_examples=300, deadline=None)
@given(ROWS, ROWS)
def test_records_of_different_weight_merge_alike_in_either_order(
    one: dict[str, str], other: dict[str, str]
) -> None:
    grant = taken(**{**one, "publication_number": "CN104010370B", "publication_date": "2019-07-09"})
    plain = {key: text for key, text in other.items() if key != "grant_date"}
    application = taken(**{**plain, "publication_number": "CN104010370A"})
    forth, back = merge(application, grant), merge(grant, application)
    assert replace(back, id=forth.id, ipc=(), industries=()) == replace(
        forth, ipc=(), industries=()
    )
    assert set(back.ipc) == set(forth.ipc)
