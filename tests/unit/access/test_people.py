"""Organisations and addresses: what is taken and what is refused."""

import pytest

from matcher.access.people import ANYBODY, Caller, Kind, Organisation, Person, email_of, password_of
from matcher.errors import BadInput


def test_a_company_may_belong_to_a_park_and_be_state_owned() -> None:
    made = Organisation(id="c", kind="company", name="国瓷", park_id="p", state_owned=True)
    assert (made.park_id, made.state_owned) == ("p", True)


@pytest.mark.parametrize("kind", ["centre", "park", "bureau", "agency"])
def test_nobody_else_does(kind: Kind) -> None:
    with pytest.raises(BadInput, match="只有企业可以属于园区"):
        Organisation(id="x", kind=kind, name="某某", park_id="p")
    with pytest.raises(BadInput, match="只有企业可以标为国有"):
        Organisation(id="x", kind=kind, name="某某", state_owned=True)


@pytest.mark.parametrize("name", ["", " \t", "长" * 101])
def test_an_organisation_has_a_name_of_bounded_length(name: str) -> None:
    with pytest.raises(BadInput, match="机构名称"):
        Organisation(id="x", kind="park", name=name)


def test_an_address_is_found_however_it_is_typed() -> None:
    assert email_of("  Wang.Yi@Example.COM ") == "wang.yi@example.com"


@pytest.mark.parametrize(
    "text", ["", "王一", "a@b", "a@@b.cn", "a b@c.cn", "a@b..cn", "a\x00@b.cn", f"{'a' * 250}@b.cn"]
)
def test_what_is_no_address_is_refused(text: str) -> None:
    with pytest.raises(BadInput, match="电子邮箱"):
        email_of(text)


def test_an_operator_sits_there_and_is_no_key() -> None:
    person = Person(id="o", email="o@example.com", name="李二", operator=True)
    assert Caller(person=person).operator and Caller(person=person).known
    assert not Caller(person=person, scopes=frozenset({"read"})).operator
    assert not ANYBODY.operator and not ANYBODY.known


@pytest.mark.parametrize("text", ["铁马冰河入梦来-42", "correct horse battery", "a1b2c3d4e5"])
def test_a_password_is_taken_as_it_is(text: str) -> None:
    assert password_of(text, "wang@example.com") == text


def test_a_password_is_the_same_however_it_is_composed() -> None:
    assert password_of("cafe\u0301 au lait", "wang@example.com") == "caf\u00e9 au lait"


@pytest.mark.parametrize(
    "text",
    ["", "short", "aaaaaaaaaaaa", "abababababab", "x\x00" * 8, "\ud800abcdefghij", "a1b2c" * 30,
     "wang@example.com", "WANG@example.com"],
)  # fmt: skip
def test_an_easy_or_broken_password_is_refused(text: str) -> None:
    with pytest.raises(BadInput, match="密码") as told:
        password_of(text, "wang@example.com")
    assert text == "" or text not in str(told.value)
