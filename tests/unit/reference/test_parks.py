"""Parks in addresses and applicants' names. All addresses are invented."""

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from matcher.reference.parks import _KIND, _STARTS, _own_names, _telling, park_of


@pytest.mark.parametrize(
    "text",
    [
        "郑州市高新区",
        "郑州高新区",
        "450000河南省郑州市高新区银杏路11号",
        "河南省郑州市高新技术产业开发区银杏路11号A座",
        "河南省郑州市中原区高新技术开发区",
        "河南省郑州市国家高新技术产业开发区",
    ],
)
def test_spellings_of_one_zone_give_one_name(text: str) -> None:
    assert park_of(text) == "郑州高新技术产业开发区"


@pytest.mark.parametrize(
    ("text", "park"),
    [
        ("武汉市东湖高新区星火大道1号", "武汉东湖新技术开发区"),
        ("湖北省武汉市洪山区光谷银杏街", "武汉东湖新技术开发区"),
        ("江苏省苏州市工业园区星火街", "苏州工业园区"),
        ("苏州工业园区晨光机电有限公司", "苏州工业园区"),
        ("江苏省常熟市工业园区", "常熟工业园区"),
        ("江苏省苏州市昆山市高新区星火路", "昆山高新技术产业开发区"),
        ("江苏省苏州市昆山开发区", "昆山经济技术开发区"),
        ("广东省深圳市南山区高新区星火道1号", "深圳高新技术产业园区"),
        ("广东省东莞市松山湖远望路3号", "东莞松山湖高新技术产业开发区"),
        ("上海市浦东新区张江高科技园区远望路", "上海张江高科技园区"),
        ("北京市海淀区中关村软件园3号楼", "中关村软件园"),
        ("北京市大兴区北京经济技术开发区星火街", "北京经济技术开发区"),
        ("山东省青岛市黄岛区经济技术开发区", "青岛经济技术开发区"),
        ("河南省新乡市长垣市产业集聚区远望路", "长垣产业集聚区"),
        ("江苏省扬州市江都区青禾工业园", "江都青禾工业园区"),
        ("安徽省合肥市合肥国家大学科技园9号楼", "合肥国家大学科技园"),
        ("河南省洛阳市涧西区银杏路国家大学科技园9号楼", "洛阳国家大学科技园"),
        ("江苏省镇江市丹阳市经济开发区西环路99号", "丹阳经济开发区"),
        ("镇江经济技术开发区", "镇江经济技术开发区"),
        ("湖南省宁乡经济技术开发区", "宁乡经济技术开发区"),
        ("陕西省西安市杨凌示范区", "杨凌农业高新技术产业示范区"),
        ("河北省衡水市景县开发区", "景县经济开发区"),
        ("江苏省南通市开发区远望商厦", "南通经济技术开发区"),
        ("中国台湾新竹科学工业园区", "新竹科学工业园区"),
        ("河南省郑州市航空港区银杏街", "郑州航空港经济综合实验区"),
    ],
)
def test_a_park_gets_its_canonical_name(text: str, park: str) -> None:
    assert park_of(text) == park


@pytest.mark.parametrize(
    "text",
    [
        "陕西省西安市高新路25号",
        "广东省深圳市南山区科技园路3号",
        "浙江省嘉兴市南湖区科园路88号",
        "江苏省扬州市邗江区工业园三路8号",
        "湖北省武汉市光谷大道77号",
        "上海市浦东新区远望路9号",
        "北京市海淀区中关村南大街9999号",
        "福建省福州市鼓楼区花园新村",
        "某某大学",
        "",
    ],
)
def test_a_road_an_estate_or_a_district_is_no_park(text: str) -> None:
    assert park_of(text) is None


@given(
    st.text(alphabet="河南省郑州市高新区技术产业开发园工业科路一大道东湖光谷0号（）", max_size=30)
)
def test_any_text_gives_a_name_without_marks_or_none(text: str) -> None:
    park = park_of(text)
    assert park is None or park.isalpha()


_ANY_START = re.compile(_KIND.pattern.removeprefix(_STARTS))


@given(st.from_regex(_ANY_START))
def test_whatever_names_a_kind_of_park_is_looked_at(text: str) -> None:
    kind, wanted = _KIND.search(text), _ANY_START.search(text)
    assert kind is not None and wanted is not None
    assert (kind.span(), kind.lastgroup) == (wanted.span(), wanted.lastgroup)
    assert _telling().search(kind.group())


def test_whatever_is_the_name_of_a_park_is_looked_at() -> None:
    names = {spelling for rows in _own_names().values() for spelling, _ in rows}
    assert {name for name in names if _telling().search(name) is None} == set()
