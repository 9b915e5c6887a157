import string
from dataclasses import replace
from datetime import date

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from matcher.normalise.identity import title_key
from matcher.normalise.patents import patent_of
from matcher.records import Flag, Party, Patent, Problem, Rejection, Row, Terms

TODAY = date(2026, 11, 23)
FIELDS = (
    "application_number publication_number grant_number patent_number title abstract first_claim"
    " applicants owners inventors address province city district credit_code ipc ipc_main"
    " application_date publication_date grant_date expiry_date kind kind_code publication_stage"
    " legal_status industry emerging_industry college transfer_count licence_count pledge_count trl"
    " licence_mode transfer_mode price payment pay_later open_licence funded implementation"
    " self_rating scene contact level park source_id"
)


def read(headers: dict[str, str] | None = None, **fields: str) -> Patent | Rejection:
    return patent_of(Row("表.xlsx", "Sheet1", 2, fields, headers or {}), today=TODAY)


def taken(**fields: str) -> Patent:
    found = read(**fields)
    assert isinstance(found, Patent), found
    return found


def problems(**fields: str) -> list[tuple[str, str]]:
    found = read(**fields)
    assert isinstance(found, Rejection), found
    return [(problem.code, problem.column) for problem in found.problems]


def test_a_gazette_row_becomes_a_whole_record() -> None:
    found = taken(
        publication_number="CN104010370B",
        publication_date="2019.07.09",
        application_date="2014.04.28",
        title="异构网络融合控制方法",
        kind="发明",
        publication_stage="授权",
        applicants="甲乙大学",
        address="450001河南省郑州市金水区某路1号",
        ipc="H04W72/04(2009.01)I;H04W80/00(2009.01)I",
    )
    assert found == Patent(
        id="CN104010370B",
        keys=("P:CN104010370", title_key("异构网络融合控制方法", "甲乙大学")),
        title="异构网络融合控制方法",
        kind="发明",
        publication_numbers=("CN104010370B",),
        application_date=date(2014, 4, 28),
        publication_date=date(2019, 7, 9),
        grant_date=date(2019, 7, 9),
        expiry_date=date(2034, 4, 28),
        applicants=(Party("甲乙大学", "高校"),),
        owners=(Party("甲乙大学", "高校"),),
        address="450001河南省郑州市金水区某路1号",
        region="410105",
        ipc=("H04W72/04", "H04W80/00"),
        industries=found.industries,
        source="表.xlsx",
    )
    assert all(code.startswith(("C39", "I63")) for code in found.industries)


def test_a_stock_taking_row_carries_its_terms() -> None:
    found = taken(
        application_number="2012202497674",
        title="一种轨枕",
        owners="甲乙大学；丙丁有限公司",
        trl="中试",
        licence_mode="普通许可",
        open_licence="是",
        transfer_mode="转让、作价入股",
        price="入门费5万+3%提成",
        pay_later="同意",
        funded="否",
        implementation="未实施",
        scene="铁路",
        contact="张老师",
        pledge_count="1次",
        legal_status="有效",
        expiry_date="2032-05-31",
    )
    assert (found.id, found.kind, found.pledges) == ("CN201220249767.4", "实用新型", 1)
    assert (found.legal_status, found.legal_status_raw) == ("有效", "有效")
    assert (
        found.applicants
        == found.owners
        == (Party("甲乙大学", "高校"), Party("丙丁有限公司", "企业"))
    )
    assert found.terms == Terms(
        trl=6,
        licence_modes=("普通许可", "开放许可"),
        transfer_modes=("转让", "作价入股"),
        price_min=5.0,
        price_text="入门费5万+3%提成",
        payment="入门费加提成",
        pay_later=True,
        funded=False,
        implementation="未实施",
        scene="铁路",
        contact="张老师",
    )


def test_a_row_without_title_says_which_column_is_blank() -> None:
    found = read({"title": "专利名称"}, publication_number="CN104010370B", title=" ")
    assert isinstance(found, Rejection)
    assert found.problems == (
        Problem("no_title", "专利名称", "", "没有名称", "请补上名称后再导入"),
    )


def test_a_wrong_check_digit_refuses_the_row_even_with_another_number() -> None:
    found = read(
        {"application_number": "申请号码"},
        title="甲",
        application_number="CN201220249767.5",
        publication_number="CN202644312U",
    )
    assert isinstance(found, Rejection)
    assert found.problems == (
        Problem(
            "wrong_check_digit",
            "申请号码",
            "CN201220249767.5",
            "申请号“CN201220249767.5”校验位不对（应为 4）",
            "请核对申请号，改正后再导入",
        ),
    )


def test_a_damaged_number_is_dropped_when_another_identifies_the_patent() -> None:
    found = taken(title="甲", application_number="2.02E+12", publication_number="CN202644312U")
    assert (found.application_number, found.id) == (None, "CN202644312U")
    note = "申请号“2.02E+12”已损坏或认不出来，未采用；已按其他号码识别"
    assert found.flags == (Flag("damaged_number", note),)


def test_a_damaged_number_alone_refuses_the_row() -> None:
    assert problems(title="甲", application_number="2.02E+12") == [("damaged_number", "申请号")]
    assert problems(title="甲", publication_number="乱码") == [("bad_number", "公开（公告）号")]


def test_all_problems_of_a_row_are_named() -> None:
    found = problems(application_number="2.02E+12", level="不入库")
    assert found == [("no_title", "名称"), ("damaged_number", "申请号"), ("secret_level", "密级")]


def test_a_publication_number_in_the_wrong_column_still_counts() -> None:
    found = taken(title="甲", application_number="CN104010370B")
    assert (found.application_number, found.publication_numbers, found.flags) == (
        None,
        ("CN104010370B",),
        (),
    )
    other = taken(title="甲", publication_number="CN201220249767.4")
    assert (other.application_number, other.publication_numbers) == ("CN201220249767.4", ())


def test_the_kind_code_column_completes_the_publication_number() -> None:
    found = taken(title="甲", publication_number="CN104010370", kind_code="B2")
    assert (found.publication_numbers, found.kind) == (("CN104010370B",), "发明")


def test_application_and_grant_publication_of_one_row_are_both_kept() -> None:
    found = taken(
        title="甲",
        application_number="201410171234",
        publication_number="CN104010370A",
        publication_date="2014-08-27",
        grant_number="CN104010370B",
        grant_date="2019-07-09",
    )
    assert found.publication_numbers == ("CN104010370A", "CN104010370B")
    assert (found.publication_date, found.grant_date) == (date(2014, 8, 27), date(2019, 7, 9))
    assert [key[:2] for key in found.keys] == ["A:", "P:", "T:"]


def test_a_row_without_numbers_gets_a_stable_id_and_a_flag() -> None:
    fields = {"title": "一种阀", "applicants": "甲乙大学", "abstract": "本发明公开了一种阀。"}
    found = taken(**fields, source_id="0123456789abcdef")
    assert found.id == taken(**fields).id
    assert found.id.startswith("N-") and len(found.id) == 18
    assert found.flags == (Flag("no_number", "没有申请号和公开号，暂按名称和申请人识别"),)
    assert [key[:2] for key in found.keys] == ["N:", "S:", "T:"]
    assert taken(**fields, source_id="7").keys == taken(**fields).keys


def test_different_abstracts_under_one_title_get_different_ids() -> None:
    ids = {taken(title="显示装置", applicants="甲公司", abstract=text).id for text in "甲乙丙丁"}
    assert len(ids) == 4


def test_a_filing_date_that_repeats_the_publication_date_is_dropped() -> None:
    found = taken(
        title="甲",
        publication_number="CN110001201A",
        application_date="2019.07.12",
        publication_date="2019.07.12",
    )
    assert (found.application_date, found.expiry_date) == (None, None)
    note = "申请日 2019-07-12 与公开（公告）日相同，未采用"
    assert found.flags == (Flag("doubtful_date", note),)


def test_a_filing_date_after_publication_is_flagged_and_gives_no_term() -> None:
    found = taken(
        title="甲",
        publication_number="CN110001201A",
        application_date="2019.07.13",
        publication_date="2019.07.12",
    )
    assert (found.application_date, found.expiry_date) == (date(2019, 7, 13), None)
    note = "申请日 2019-07-13 晚于公开（公告）日 2019-07-12"
    assert found.flags == (Flag("doubtful_date", note),)


def test_dates_out_of_range_or_unread_are_dropped_and_flagged() -> None:
    found = taken(
        title="甲",
        publication_number="CN110001201A",
        application_date="1970-01-01",
        grant_date="某日",
    )
    assert (found.application_date, found.grant_date) == (None, None)
    assert found.flags == (
        Flag("doubtful_date", "申请日“1970-01-01”不在合理范围内，未采用"),
        Flag("unread_value", "授权公告日“某日”未能识别"),
    )


@pytest.mark.parametrize(
    ("stage", "filed", "status"),
    [("U", "2012.05.31", "失效"), ("U", "2020.05.31", "未知"), ("A", "2018.05.31", "未知")],
)
def test_without_words_only_an_ended_term_makes_a_status(
    stage: str, filed: str, status: str
) -> None:
    number = "CN202644312U" if stage == "U" else "CN110001201A"
    found = taken(title="甲", publication_number=number, application_date=filed)
    assert found.legal_status == status


def test_columns_of_the_list_win_over_what_is_derived() -> None:
    found = taken(
        title="甲",
        publication_number="CN104010370B",
        ipc="H04W72/04",
        industry="C35 专用设备制造业",
        address="江苏省南京市某路",
        province="河南",
        city="郑州",
    )
    assert (found.industries, found.region) == (("C35",), "410100")


def test_an_address_makes_the_region_of_the_columns_finer() -> None:
    found = taken(
        title="甲",
        publication_number="CN104010370B",
        address="河南省郑州市金水区某路",
        province="河南",
    )
    assert found.region == "410105"


def test_an_address_that_names_no_place_is_flagged_but_not_one_abroad() -> None:
    number = "CN104010370B"
    found = taken(title="甲", publication_number=number, address="某某省某某市某路")
    assert found.flags == (Flag("unknown_region", "地址“某某省某某市某路”未识别出行政区划"),)
    assert taken(title="甲", publication_number=number, address="日本爱知县丰田市").flags == ()


def test_an_unknown_level_is_never_open() -> None:
    found = taken(title="甲", publication_number="CN104010370B", level="甲级")
    assert found.level == "授权可见"
    assert found.flags == (Flag("unread_value", "密级“甲级”未能识别，已按“授权可见”处理"),)


def test_a_secret_row_is_refused() -> None:
    found = read(title="甲", publication_number="CN104010370B", level="不入库")
    assert isinstance(found, Rejection)
    assert found.problems == (
        Problem(
            "secret_level",
            "密级",
            "不入库",
            "密级为“不入库”，不得入库，内容没有保存",
            "如确需入库，请改密级后再导入",
        ),
    )


def test_the_main_symbol_comes_first_and_bad_ones_are_flagged() -> None:
    found = taken(
        title="甲", publication_number="CN104010370B", ipc="A47G9/02;乱", ipc_main="A47G9/08"
    )
    assert found.ipc == ("A47G9/08", "A47G9/02")
    assert found.flags == (Flag("unread_value", "分类号“乱”未能识别"),)


def test_control_characters_are_taken_out() -> None:
    found = taken(title="一种\x00阀\ud800", publication_number="CN104010370B")
    assert found.title == "一种阀"


@settings(max_examples=300, deadline=None)
@given(
    st.dictionaries(
        st.sampled_from(FIELDS.split()),
        st.one_of(
            st.text(max_size=25),
            st.text(alphabet=string.digits + "CNZLEABU.+-/;|年月日万元级", max_size=16),
        ),
    )
)
def test_any_row_becomes_a_record_or_a_rejection_with_reasons(fields: dict[str, str]) -> None:
    row = Row("f", "", 1, fields)
    found = patent_of(row, today=TODAY)
    assert patent_of(row, today=TODAY) == found
    if isinstance(found, Rejection):
        assert found.problems and found.row is row
        assert all(problem.reason and problem.advice for problem in found.problems)
    else:
        assert found.id and found.title and len(set(found.keys)) == len(found.keys)
        assert list(found.keys) == sorted(found.keys)
        repr(found).encode()
        replace(found)


def test_of_several_addresses_the_first_applicants_counts() -> None:
    found = taken(
        title="甲",
        publication_number="CN104010370B",
        address="河南省郑州市金水区某路 | 江苏省南京市某路",
        province="河南 | 江苏",
    )
    assert (found.region, found.address) == ("410105", "河南省郑州市金水区某路 | 江苏省南京市某路")
