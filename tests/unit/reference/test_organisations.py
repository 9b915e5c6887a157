"""Kinds of applicants, and unified credit codes. All names are invented or generic."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from matcher.reference.organisations import credit_code, kind_of

_DIGITS = "0123456789ABCDEFGHJKLMNPQRTUWXY"


@pytest.mark.parametrize(
    ("name", "kind"),
    [
        ("中州理工大学", "高校"),
        ("中州职业技术学院", "高校"),
        ("中国科学院大学", "高校"),
        ("中州理工大学深圳研究院", "高校"),
        ("中州酒店管理职业学院", "高校"),
        ("University of Examples", "高校"),
        ("中州农业科学院", "科研院所"),
        ("中国科学院某某技术研究所", "科研院所"),
        ("中州新能源研究院", "科研院所"),
        ("国网中州电力科学研究院", "科研院所"),
        ("中州理工大学附属第一医院", "医院"),
        ("中州市妇幼保健院", "医院"),
        ("中州晨光机电有限公司", "企业"),
        ("中州理工大学科技园发展有限公司", "企业"),
        ("中州研究院有限公司", "企业"),
        ("青禾蔬菜专业合作社", "企业"),
        ("晨光机械厂", "企业"),
        ("Example Technologies Co., Ltd.", "企业"),
        ("晨光株式会社", "企业"),
        ("中州市公安局", "机关"),
        ("中州市人民政府", "机关"),
        ("中州市公安局交通警察支队", "机关"),
        ("王小明", "个人"),
        ("欧阳青禾", "个人"),
        ("约翰·史密斯", "个人"),
        ("John Smith", "个人"),
        ("中州机电工程学会", "其他"),
        ("", "其他"),
    ],
)
def test_the_kind_of_an_applicant_is_told_from_its_name(name: str, kind: str) -> None:
    assert kind_of(name) == kind


def _with_check(body: str) -> str:
    total = sum(_DIGITS.index(c) * 3**i for i, c in enumerate(body))
    return body + _DIGITS[(31 - total % 31) % 31]


_BODIES = st.builds(
    lambda head, area, tail: head + area + tail,
    st.sampled_from(["91", "12", "52", "93"]),
    st.text(alphabet="0123456789", min_size=6, max_size=6),
    st.text(alphabet=_DIGITS, min_size=9, max_size=9),
)


@given(_BODIES)
def test_a_code_with_the_right_check_character_is_accepted(body: str) -> None:
    code = _with_check(body)
    assert credit_code(code) == code
    assert credit_code(f" 统一社会信用代码：{code.lower()} ") == code


@given(_BODIES, st.integers(8, 16), st.integers(1, 30))
def test_one_wrong_character_is_refused(body: str, place: int, step: int) -> None:
    code = _with_check(body)
    wrong = _DIGITS[(_DIGITS.index(code[place]) + step) % 31]
    assert credit_code(code[:place] + wrong + code[place + 1 :]) is None


@pytest.mark.parametrize("text", ["", "91410100", "无", "914101000000000000000"])
def test_what_is_no_code_is_refused(text: str) -> None:
    assert credit_code(text) is None


@given(st.text(max_size=30))
def test_any_text_has_a_kind(name: str) -> None:
    assert kind_of(name) in ("高校", "科研院所", "企业", "医院", "机关", "个人", "其他")
