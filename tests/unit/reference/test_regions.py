"""Regions: addresses, columns and typed names to GB/T 2260 codes. All addresses are invented."""

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from matcher.reference.divisions import GENERIC, current, former, parent_of
from matcher.reference.regions import (
    Region,
    _scan,
    _scanned,
    is_mainland,
    region,
    region_group,
    region_named,
    region_of,
    region_of_fields,
    within,
)
from matcher.reference.tables import table


def test_a_code_of_any_length_gives_the_region() -> None:
    zhengzhou = Region("410100", "郑州市", "河南省郑州市", "city")
    assert region("4101") == region("410100") == zhengzhou
    assert region("41") == Region("410000", "河南省", "河南省", "province")
    assert region("110108") == Region("110108", "海淀区", "北京市海淀区", "district")
    assert region("419001") == Region("419001", "济源市", "河南省济源市", "district")
    assert region("999999") is None
    assert region("") is None


def test_an_old_code_gives_its_successor() -> None:
    assert region("320621") == Region("320685", "海安市", "江苏省南通市海安市", "district")
    assert region("310230") == Region("310151", "崇明区", "上海市崇明区", "district")
    assert region("110103") == region("110101")


def test_every_successor_is_in_force() -> None:
    assert [row for row in table("divisions_old.tsv") if row[2] not in current()] == []
    assert set(former()) & set(current()) == set()


def test_every_full_name_is_read_back_alone_and_in_an_address() -> None:
    for code, found in current().items():
        assert region_of(found.full_name) == code
        assert region_of(f"100000{found.full_name}平安路8号") == code
        assert region_named(found.full_name) == [code]


def test_every_former_name_under_its_city_gives_the_successor() -> None:
    for old, name, new in table("divisions_old.tsv"):
        city = current()[parent_of(new) or new]
        if old.endswith("00") or name in GENERIC or name in (city.name, "市郊区", "市中区"):
            continue
        assert region_of(city.full_name + name) == new, (old, name)


@pytest.mark.parametrize(
    ("address", "code"),
    [
        ("226634 江苏省南通市海安县青禾镇银杏路1号", "320685"),
        ("100876北京市海淀区青松路10号", "110108"),
        ("广东省深圳市南山区远望路6号", "440305"),
        ("深圳市南山区", "440305"),
        ("深圳南山", "440305"),
        ("内蒙古呼和浩特", "150100"),
        ("上海市崇明县东风公路9号", "310151"),
        ("浙江省上虞市晨光路", "330604"),
        ("湖北省襄樊市", "420600"),
        ("北京市宣武区银河街3号", "110102"),
        ("江苏昆山开发区星火路", "320583"),
        ("江苏省苏州市昆山高新区星火路", "320583"),
        ("安徽省滁州市颍上县青禾镇", "341226"),
        ("广东省东莞市东城区星火路", "441900"),
        ("北京市北京市朝阳区远望路", "110105"),
        ("重庆市市辖区万州区", "500101"),
        ("吉林市星火路", "220200"),
        ("吉林省星火路", "220000"),
        ("延边州延吉市", "222401"),
        ("中国江苏", "320000"),
        ("中国香港九龙", "810000"),
        ("澳门", "820000"),
        ("中国台湾新竹", "710000"),
        ("450000", "410100"),
        ("450000某某路1号", "410100"),
        ("100020朝阳区远望路", "110105"),
        ("朝阳区远望路", None),
        ("南昌经济技术开发区", "360100"),
        ("山东省青岛市宁夏路1号", "370200"),
        ("上海市江苏路2号", "310000"),
        ("美国新泽西州", None),
        ("日本东京都港区", None),
        ("", None),
    ],
)
def test_an_address_gives_its_smallest_division(address: str, code: str | None) -> None:
    assert region_of(address) == code


def test_zones_without_a_code_give_the_district_they_lie_in() -> None:
    assert region_of("河南省郑州市高新区银杏街1号") == "410102"
    assert region_of("河南省郑州市郑东新区银杏街1号") == "410105"
    assert region_of("河南省郑州市高新路1号") == "410100"
    assert region_of("浙江省杭州市江干区下沙银杏街1号") == "330114"
    assert region_of("浙江省杭州市江干区银杏街1号") == "330102"


def test_mainland_leaves_out_hong_kong_macau_taiwan_and_abroad() -> None:
    assert is_mainland("河南省郑州市")
    for address in ("中国香港", "澳门", "台湾省台北市", "德国汉堡", ""):
        assert not is_mainland(address)


@pytest.mark.parametrize(
    ("fields", "code"),
    [
        (("江苏;32",), "320000"),
        (("CN-32",), "320000"),
        (("河南(41)",), "410000"),
        (("41",), "410000"),
        (("海南;66",), "460000"),
        (("85",), "500000"),
        (("台湾;71",), "710000"),
        (("TW",), "710000"),
        (("河南", "郑州市", "金水区"), "410105"),
        (("", "郑州市", ""), "410100"),
        (("江苏;32", "", "320621"), "320685"),
        (("江苏", "南通市", "海安县"), "320685"),
        (("", "", ""), None),
        (("US",), None),
    ],
)
def test_columns_of_an_export_give_one_code(fields: tuple[str, ...], code: str | None) -> None:
    assert region_of_fields(*fields) == code


def test_within_reads_codes_of_any_length_and_old_ones() -> None:
    for ancestor in ("41", "410000", "4101", "410100", "410105"):
        assert within("410105", ancestor)
    assert within("320621", "3206")
    assert within("320685", "320621")
    assert not within("410105", "42")
    assert not within("41", "4101")
    assert not within("", "41")
    assert not within("410105", "")


def test_typed_names_give_codes_and_shared_names_all_of_them() -> None:
    assert region_named("河南") == ["410000"]
    assert region_named("郑州") == ["410100"]
    assert region_named("郑州市金水区;41") == ["410105", "410000"]
    assert region_named("朝阳区") == ["110105", "220104"]
    assert region_named("朝阳") == ["211300"]
    assert region_named("海安县") == ["320685"]
    assert region_named("无此地") == []
    assert region_named("") == []


def test_changing_an_answer_does_not_change_the_next() -> None:
    region_named("河南").append("x")
    assert region_named("河南") == ["410000"]


def test_groups_of_regions_are_known_by_several_names() -> None:
    assert region_group("长三角") == ("310000", "320000", "330000", "340000")
    assert region_group("长江三角洲") == region_group("长三角")
    assert region_group("京津冀") == ("110000", "120000", "130000")
    assert region_group("不存在") is None
    for name, _, codes in table("region_groups.tsv"):
        assert region_group(name) is not None
        assert [code for code in codes.split(";") if region(code) is None] == []


@given(st.text(alphabet="北京市河南省郑州高新区县路号0123456789 朝阳()（）\x00Ωa", max_size=40))
def test_any_text_gives_a_code_in_force_or_none(text: str) -> None:
    code = region_of(text)
    assert code is None or code in current()


@pytest.mark.parametrize("city", ["410000", "410100", "440300", "320000"])
@given(st.data())
def test_a_name_inside_a_text_is_the_first_and_of_several_the_longest(
    city: str, data: st.DataObject
) -> None:
    names = _scanned(city).sure
    parts = st.sampled_from([*sorted(names), "星火路", "市", "1号", ""])
    text = "".join(data.draw(st.lists(parts, max_size=4)))
    found = re.search("|".join(sorted(names, key=lambda name: (-len(name), name))), text)
    wanted = (names[found.group()], found.end(), False) if found else (None, 0, False)
    assert _scan(city, text) == wanted
