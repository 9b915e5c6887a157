"""What an import reads by a shorter way is what the long way reads."""

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from matcher.normalise.cells import Notes
from matcher.normalise.groups import usual_when, who_of
from matcher.normalise.numbering import Numbers, numbers_of
from matcher.normalise.numbers import Publication, publication
from matcher.normalise.parties import inventors_of, names_of
from matcher.normalise.patents import patent_of
from matcher.records import Flag, Patent, Row

TODAY = date(2026, 11, 23)
HAN = st.text(st.characters(min_codepoint=0x4E00, max_codepoint=0x9FFF), min_size=1, max_size=9)
DAYS = st.none() | st.sampled_from(
    ["2013.01.02", "2013年1月2日", "2014-05-06", "1970-01-01", "2099.01.01", "41276", "无", "某日"]
)


def row(fields: dict[str, str], headers: dict[str, str] | None = None) -> Row:
    return Row("表.xlsx", "", 2, fields, headers or {})


@given(st.from_regex(r"\A(?:CN)?[1-9][0-9]{6,8}[A-DUSY]?[0-9]?\Z"))
def test_a_publication_number_is_read_alike_alone_and_with_others(text: str) -> None:
    fields = {"publication_number": text}
    notes = Notes(row(fields))
    found = publication(text)
    if isinstance(found, Publication):
        whole = Numbers(
            application=None,
            publications=(found.number,),
            kind=found.kind,
            granted=found.granted is True,
            keys=(f"P:{found.family}",),
        )
        assert numbers_of(fields, notes) == whole
    # A column of the same number again takes the long way.
    again = {**fields, "grant_number": text}
    assert numbers_of(again, Notes(row(again))) == numbers_of(fields, notes)


@given(HAN | st.sampled_from(["无", "暂无", "待补充"]))
def test_a_name_in_chinese_alone_is_read_as_behind_a_separator(name: str) -> None:
    assert names_of(name) == names_of(name + ";")
    assert inventors_of(name) == inventors_of(name + ";")


@given(filed=DAYS, published=DAYS, grant=DAYS, expiry=DAYS, stage=st.sampled_from(["授权", "公开"]))
def test_dates_and_remarks_are_the_same_at_every_reading(
    filed: str | None, published: str | None, grant: str | None, expiry: str | None, stage: str
) -> None:
    names = ("application_date", "publication_date", "grant_date", "expiry_date")
    texts = zip(names, (filed, published, grant, expiry), strict=True)
    fields = {name: text for name, text in texts if text is not None}
    fields |= {"title": "一种方法", "publication_stage": stage, "address": "某省某市"}
    usual_when.cache_clear()
    who_of.cache_clear()
    first = patent_of(row(fields), today=TODAY)
    assert patent_of(row(fields), today=TODAY) == first


@pytest.mark.parametrize(
    ("field", "text", "note"),
    [
        ("ipc", "不是分类号", "{}“不是分类号”未能识别"),
        ("ipc_main", "不是分类号", "{}“不是分类号”未能识别"),
        ("industry", "不是行业", "{}“不是行业”未能识别"),
        ("application_date", "某日", "{}“某日”未能识别"),
        ("address", "河某省某市某路1号", "地址“河某省某市某路1号”未识别出行政区划"),
    ],
)
def test_a_remark_names_the_header_of_its_own_row(field: str, text: str, note: str) -> None:
    for header in ("甲列", "乙列"):
        fields = {"title": "一种方法", "publication_number": "CN104010370B", field: text}
        patent = patent_of(row(fields, {field: header}), today=TODAY)
        assert isinstance(patent, Patent)
        code = "unknown_region" if field == "address" else "unread_value"
        assert patent.flags == (Flag(code, note.format(header)),)


def test_rows_of_one_place_and_class_differ_in_what_is_their_own() -> None:
    shared = {
        "applicants": "某某大学",
        "address": "450001河南省郑州市金水区星火路1号",
        "ipc": "H01M10/0525(2010.01)I",
    }
    one = {**shared, "title": "电池", "publication_number": "CN104010370B", "credit_code": "坏"}
    other = {**shared, "title": "电机", "publication_number": "CN104010371B"}
    first, second = patent_of(row(one), today=TODAY), patent_of(row(other), today=TODAY)
    assert isinstance(first, Patent) and isinstance(second, Patent)
    assert (first.id, first.title) == ("CN104010370B", "电池")
    assert (second.id, second.title) == ("CN104010371B", "电机")
    assert first.flags == (Flag("unread_value", "统一社会信用代码“坏”未能识别"),)
    assert second.flags == ()
    for patent in (first, second):
        assert patent.region == "410105"
        assert patent.ipc == ("H01M10/0525",)
        assert patent.industries == first.industries != ()
