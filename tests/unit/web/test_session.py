"""Signing in and out, cookies, locks, invitations and keys."""

from collections.abc import Iterator
from dataclasses import replace
from typing import Any

import pytest
from fastapi.testclient import TestClient
from sqlalchemy import create_engine, text

from matcher.access.people import Person
from matcher.store.secret import hashed
from matcher.store.sql import sqlite_url

API = "/api/v1"
WORD = "铁马冰河入梦来-42"
ZHAO = {"email": "zhao@example.com", "password": WORD}


def enrol(world: Any, *roles: tuple[str, str]) -> None:
    """赵三, who knows the password, with these roles."""
    person = Person(id="zhao", email="zhao@example.com", name="赵三")
    world.matcher.store.accounts.enrol(person, hashed(WORD))
    for organisation, role in roles:
        world.matcher.store.accounts.join("zhao", organisation, role)


@pytest.fixture
def client(fresh: Any) -> TestClient:
    """赵三's browser, not signed in: an editor of `centre` and a reader of `park`."""
    enrol(fresh, ("centre", "editor"), ("park", "reader"))
    return fresh.called("anybody")  # type: ignore[no-any-return]


def test_signing_in_tells_who_one_is_and_sets_a_careful_cookie(client: TestClient) -> None:
    answer = client.post(f"{API}/session", json=ZHAO)
    assert answer.status_code == 201
    told = answer.json()
    assert told["person"] == {"id": "zhao", "email": "zhao@example.com", "name": "赵三"}
    assert (told["organisation"]["id"], told["role"], told["operator"]) == (
        "centre", "editor", False,
    )  # fmt: skip
    assert [(m["organisation"]["id"], m["role"]) for m in told["memberships"]] == [
        ("centre", "editor"), ("park", "reader"),
    ]  # fmt: skip
    name, _, rest = answer.headers["set-cookie"].partition("=")
    assert name == "patmatch"
    assert [part.strip() for part in rest.split(";")[1:]] == [
        "HttpOnly", "Max-Age=43200", "Path=/", "SameSite=lax",
    ]  # fmt: skip
    assert client.get(f"{API}/me").json() == told


def test_an_organisation_is_chosen_when_signing_in(client: TestClient) -> None:
    answer = client.post(f"{API}/session", json={**ZHAO, "organisation_id": "park"})
    assert (answer.json()["organisation"]["id"], answer.json()["role"]) == ("park", "reader")
    foreign = client.post(f"{API}/session", json={**ZHAO, "organisation_id": "other"})
    assert (foreign.status_code, foreign.json()["code"]) == (422, "bad_input")


def test_signing_out_ends_the_session_itself(client: TestClient, fresh: Any) -> None:
    token = client.post(f"{API}/session", json=ZHAO).json()["csrf_token"]
    kept = client.cookies["patmatch"]
    assert client.delete(f"{API}/session").status_code == 403, "no token was sent along"
    answer = client.delete(f"{API}/session", headers={"X-CSRF-Token": token})
    assert answer.status_code == 204 and "Max-Age=0" in answer.headers["set-cookie"]
    again = fresh.called("anybody")
    again.cookies.set("patmatch", kept)
    assert again.get(f"{API}/me").status_code == 401


@pytest.mark.parametrize(
    "email", ["zhao@example.com", "nobody@example.com", "no address", "王一王一"]
)
def test_a_wrong_address_and_a_wrong_password_are_told_alike(
    email: str, client: TestClient
) -> None:
    answer = client.post(f"{API}/session", json={"email": email, "password": "wrong password"})
    assert answer.status_code == 401
    assert answer.json()["detail"] == "电子邮箱或密码不对。请核对后再试。"
    assert "set-cookie" not in answer.headers


@pytest.mark.parametrize("email", ["zhao@example.com", "nobody@example.com"])
def test_after_five_wrong_passwords_the_address_is_locked(email: str, client: TestClient) -> None:
    wrong = {"email": email, "password": "wrong password"}
    assert [client.post(f"{API}/session", json=wrong).status_code for _ in range(5)] == [401] * 5
    answer = client.post(f"{API}/session", json={**ZHAO, "email": email})
    assert (answer.status_code, answer.json()["code"]) == (429, "too_many_tries")
    assert 880 <= int(answer.headers["retry-after"]) <= 900


def test_a_right_password_forgets_the_wrong_ones(client: TestClient) -> None:
    for _ in range(3):
        for _ in range(4):
            assert client.post(f"{API}/session", json={**ZHAO, "password": "x"}).status_code == 401
        assert client.post(f"{API}/session", json=ZHAO).status_code == 201


def test_one_sender_may_not_try_many_addresses(make_world: Any, bare: Any, tmp_path: Any) -> None:
    few = replace(bare, service=replace(bare.service, tries=1))
    with make_world(tmp_path / "home", few) as world:
        enrol(world)
        client = world.called("anybody")
        for number in range(10):
            body = {"email": f"a{number}@example.com", "password": "x"}
            assert client.post(f"{API}/session", json=body).status_code == 401
        assert client.post(f"{API}/session", json=ZHAO).status_code == 429


def test_a_lock_ends(fresh: Any, client: TestClient) -> None:
    for _ in range(5):
        client.post(f"{API}/session", json={**ZHAO, "password": "x"})
    engine = create_engine(sqlite_url(fresh.matcher._works.home / "patmatch.db"))
    with engine.begin() as connection:
        connection.execute(text("UPDATE attempts SET last_at = last_at - 901"))
    engine.dispose()
    assert client.post(f"{API}/session", json=ZHAO).status_code == 201


def test_nothing_that_opens_a_door_is_in_the_database(fresh: Any, client: TestClient) -> None:
    token = client.post(f"{API}/session", json=ZHAO).json()["csrf_token"]
    headers = {"X-CSRF-Token": token}
    body = {"name": "程序", "scopes": ["read"]}
    key = client.post(f"{API}/me/keys", json=body, headers=headers).json()["token"]
    admin = fresh.called("centre admin")
    invited = {"email": "sun@example.com", "role": "reader"}
    invitation = admin.post(f"{API}/organisations/centre/invitations", json=invited).json()
    engine = create_engine(sqlite_url(fresh.matcher._works.home / "patmatch.db"))
    with engine.connect() as connection:
        names = connection.execute(text("SELECT name FROM sqlite_master WHERE type = 'table'"))
        held = [
            str(row)
            for name in names.scalars().all()
            for row in connection.execute(text(f"SELECT * FROM {name}"))
        ]
    engine.dispose()
    told = "\n".join(held)
    assert "zhao@example.com" in told and "sun@example.com" in told
    for secret in (WORD, client.cookies["patmatch"], token, key, invitation["token"]):
        assert secret not in told


@pytest.mark.parametrize(
    ("headers", "status"),
    [
        ({}, 403),
        ({"X-CSRF-Token": "wrong"}, 403),
        ({"X-CSRF-Token": ""}, 403),
        ({"X-CSRF-Token": "right", "Sec-Fetch-Site": "cross-site"}, 403),
        ({"X-CSRF-Token": "right", "Sec-Fetch-Site": "same-origin"}, 201),
        ({"X-CSRF-Token": "right"}, 201),
    ],
)
def test_what_changes_something_needs_the_token_of_the_session(
    headers: dict[str, str], status: int, client: TestClient
) -> None:
    token = client.post(f"{API}/session", json=ZHAO).json()["csrf_token"]
    sent = {name: token if value == "right" else value for name, value in headers.items()}
    body = {"name": "程序", "scopes": ["read"]}
    assert client.post(f"{API}/me/keys", json=body, headers=sent).status_code == status


def test_another_site_cannot_sign_a_browser_in(client: TestClient) -> None:
    answer = client.post(f"{API}/session", json=ZHAO, headers={"Sec-Fetch-Site": "cross-site"})
    assert answer.status_code == 403 and "set-cookie" not in answer.headers
    form = client.post(f"{API}/session", content=b"{}", headers={"Content-Type": "text/plain"})
    assert form.status_code == 422


def test_a_key_of_a_person_reads_as_the_person_and_ends_with_the_role(
    fresh: Any, client: TestClient
) -> None:
    token = client.post(f"{API}/session", json=ZHAO).json()["csrf_token"]
    body = {"name": "程序", "scopes": ["read"], "days": 1}
    made = client.post(f"{API}/me/keys", json=body, headers={"X-CSRF-Token": token}).json()
    assert made["token"].startswith("pmk_")
    assert made["expires_at"] - made["made_at"] == 86400
    program = fresh.called("anybody")
    program.headers["Authorization"] = f"Bearer {made['token']}"
    told = program.get(f"{API}/me").json()
    assert (told["person"]["id"], told["organisation"]["id"], told["role"]) == (
        "zhao", "centre", "reader",
    )  # fmt: skip
    assert (told["scopes"], told["csrf_token"], told["memberships"]) == (["read"], None, [])
    assert program.get(f"{API}/patents/P-named").json()["hidden"] == []
    (listed,) = client.get(f"{API}/me/keys").json()
    assert listed == {k: v for k, v in made.items() if k != "token"}
    fresh.matcher.store.accounts.leave("zhao", "centre")
    assert program.get(f"{API}/me").status_code == 401


def test_a_key_is_revoked_by_whom_it_belongs_to(fresh: Any) -> None:
    admin, path = fresh.called("centre admin"), f"{API}/organisations/centre/keys"
    assert sorted(key["name"] for key in admin.get(path).json()) == [
        "centre key match", "centre key read", "centre key write",
    ]  # fmt: skip
    program = fresh.called("centre key read")
    assert program.get(f"{API}/me").status_code == 200
    assert fresh.called("other admin").delete(f"{path}/k-read").status_code == 403
    mine = f"{API}/me/keys/k-read"
    assert admin.delete(mine).status_code == 404, "it is the organisation's, not the person's"
    assert admin.delete(f"{path}/k-read").status_code == 204
    answer = program.get(f"{API}/patents")
    assert (answer.status_code, answer.headers["www-authenticate"]) == (401, "Bearer")


@pytest.mark.parametrize("sent", ["Bearer x", "Bearer", "Basic eDp4", "Bearer pmk_\xff", "pmk_x y"])
def test_a_wrong_key_is_not_taken_for_anybody(sent: str, fresh: Any) -> None:
    client = fresh.called("centre admin")
    answer = client.get(f"{API}/patents", headers={"Authorization": sent.encode("latin-1")})
    assert (answer.status_code, answer.json()["code"]) == (401, "sign_in_needed")


@pytest.fixture
def invited(fresh: Any) -> Iterator[str]:
    """The token of an invitation to `company`, as an editor."""
    body = {"email": "Zhao@Example.com", "role": "editor"}
    path = f"{API}/organisations/company/invitations"
    answer = fresh.called("company admin").post(path, json=body)
    assert (answer.status_code, answer.json()["email"]) == (201, "zhao@example.com")
    yield answer.json()["token"]


def test_a_newcomer_takes_up_an_invitation_once(fresh: Any, invited: str) -> None:
    body = {"token": invited, "name": "赵三", "password": WORD}
    answer = fresh.called("anybody").post(f"{API}/invitations/accept", json=body)
    assert (answer.status_code, answer.json()["role"]) == (201, "editor")
    assert answer.json()["organisation"]["id"] == "company"
    assert fresh.called("anybody").post(f"{API}/session", json=ZHAO).status_code == 201
    again = fresh.called("anybody").post(f"{API}/invitations/accept", json=body)
    assert (again.status_code, again.json()["code"]) == (404, "unknown_id")


def test_who_has_an_account_takes_it_up_by_the_password(fresh: Any, invited: str) -> None:
    enrol(fresh, ("park", "reader"))
    client, path = fresh.called("anybody"), f"{API}/invitations/accept"
    stolen = {"token": invited, "name": "假赵三", "password": "another password"}
    assert client.post(path, json=stolen).status_code == 409
    assert client.post(path, json={"token": invited, "password": "wrong"}).status_code == 401
    answer = client.post(path, json={"token": invited, "password": WORD})
    assert answer.status_code == 201
    assert [one["role"] for one in answer.json()["memberships"]] == ["editor", "reader"]


@pytest.mark.parametrize("password", ["short", "aaaaaaaaaaaaaa", "Zhao@Example.com", "a\tb" * 5])
def test_an_easy_password_is_refused_and_the_invitation_stays(
    password: str, fresh: Any, invited: str
) -> None:
    body = {"token": invited, "name": "赵三", "password": password}
    client, path = fresh.called("anybody"), f"{API}/invitations/accept"
    answer = client.post(path, json=body)
    assert (answer.status_code, answer.json()["code"]) == (422, "bad_input")
    assert password not in answer.text
    assert client.post(path, json={**body, "password": WORD}).status_code == 201


def test_in_production_the_cookie_is_bound_to_https_and_to_this_host(
    make_world: Any, bare: Any, tmp_path: Any
) -> None:
    service = replace(bare.service, mode="production", host="0.0.0.0")
    with make_world(tmp_path / "home", replace(bare, service=service)) as world:
        enrol(world)
        client = TestClient(world.app, base_url="https://testserver")
        answer = client.post(f"{API}/session", json=ZHAO)
        cookie = answer.headers["set-cookie"]
        assert cookie.startswith("__Host-patmatch=") and cookie.endswith("; Secure")
        assert answer.headers["strict-transport-security"] == "max-age=31536000"
        assert client.get(f"{API}/me").json()["person"]["id"] == "zhao"
