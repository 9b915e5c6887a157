"""Codes and names for forms and filters, open to everybody."""

from typing import Any

import pytest

API = "/api/v1"


def look(world: Any, what: str, **asked: Any) -> Any:
    answer = world.called("anybody").get(f"{API}/{what}", params=asked)
    assert answer.status_code == 200, answer.text
    return answer.json()


def codes(told: Any) -> list[str]:
    return [one["code"] for one in told["items"]]


def test_without_a_question_the_top_level_is_listed(world: Any) -> None:
    provinces = look(world, "regions")
    assert codes(provinces)[:3] == ["110000", "120000", "130000"]
    assert len(provinces["items"]) == 34 and provinces["next"] is None
    assert codes(look(world, "industries")) == list("ABCDEFGHIJKLMNOPQRST")


def test_what_lies_right_below_a_code_is_listed(world: Any) -> None:
    cities = look(world, "regions", within="410000")
    assert {"410100", "410300"} <= set(codes(cities))
    assert {one["parent"] for one in cities["items"]} == {"410000"}
    (zhengzhou,) = (one for one in cities["items"] if one["code"] == "410100")
    assert (zhengzhou["name"], zhengzhou["full_name"]) == ("郑州市", "河南省郑州市")
    groups = look(world, "industries", within="C38")
    assert {"code": "C384", "name": "电池制造", "full_name": "电气机械和器材制造业 / 电池制造",
            "parent": "C38"} in groups["items"]  # fmt: skip


@pytest.mark.parametrize(
    ("what", "asked", "found"),
    [
        ("regions", {"q": "金水"}, "410105"),
        ("regions", {"q": "4101"}, "410105"),
        ("industries", {"q": "电池"}, "C384"),
        ("industries", {"q": "c38"}, "C384"),
        ("parks", {"q": "东湖"}, "武汉东湖新技术开发区"),
        ("parks", {"within": "420100"}, "武汉经济技术开发区"),
        ("parks", {}, "武汉东湖新技术开发区"),
    ],
)
def test_part_of_a_name_or_the_beginning_of_a_code_is_enough(
    what: str, asked: dict[str, str], found: str, world: Any
) -> None:
    assert found in codes(look(world, what, **asked, limit=100))


def test_nothing_fits_a_name_that_is_none(world: Any) -> None:
    for what in ("regions", "industries", "parks"):
        assert look(world, what, q="没有的名字") == {"next": None, "items": []}


def test_pages_follow_each_other_without_gap_or_double(world: Any) -> None:
    whole = codes(look(world, "industries", q="制造", limit=100))
    seen: list[str] = []
    after = ""
    while after is not None and len(seen) < 100:
        told = look(world, "industries", q="制造", limit=7, after=after)
        seen += codes(told)
        after = told["next"]
    assert seen[: len(whole)] == whole and len(set(seen)) == len(seen)


def test_more_than_a_page_is_refused(world: Any) -> None:
    answer = world.called("anybody").get(f"{API}/regions", params={"limit": 101})
    assert (answer.status_code, answer.json()["code"]) == (422, "invalid_request")
