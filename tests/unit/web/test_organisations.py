"""Organisations, their members and what changes a role."""

from typing import Any

import pytest

API = "/api/v1/organisations"


def test_an_operator_founds_and_everybody_known_reads(fresh: Any) -> None:
    body = {"kind": "company", "name": " 白榆印染有限公司 ", "park_id": "park", "state_owned": True}
    answer = fresh.called("operator").post(API, json=body)
    made = answer.json()
    assert answer.status_code == 201
    assert made == {**body, "name": "白榆印染有限公司", "id": made["id"]}
    assert fresh.called("agency reader").get(f"{API}/{made['id']}").json() == made


@pytest.mark.parametrize(
    ("body", "status", "code"),
    [
        ({"kind": "park", "name": "云麓高新区"}, 409, "taken"),
        ({"kind": "company", "name": "甲", "park_id": "centre"}, 422, "bad_input"),
        ({"kind": "centre", "name": "甲", "park_id": "park"}, 422, "bad_input"),
        ({"kind": "bureau", "name": "甲", "state_owned": True}, 422, "bad_input"),
        ({"kind": "school", "name": "甲"}, 422, "invalid_request"),
        ({"kind": "park"}, 422, "invalid_request"),
        ({"kind": "park", "name": ""}, 422, "invalid_request"),
        ({"kind": "park", "name": "   "}, 422, "bad_input"),
        ({"kind": "park", "name": "长" * 101}, 422, "invalid_request"),
        ({"kind": "park", "name": "甲", "id": "mine"}, 422, "invalid_request"),
    ],
)
def test_what_cannot_be_founded_is_refused(
    body: dict[str, Any], status: int, code: str, fresh: Any
) -> None:
    answer = fresh.called("operator").post(API, json=body)
    assert (answer.status_code, answer.json()["code"]) == (status, code)
    assert len(fresh.called("operator").get(API, params={"limit": 100}).json()["items"]) == 8


def test_organisations_come_in_pages(world: Any) -> None:
    client, found, after = world.called("bureau reader"), [], ""
    while after is not None:
        page = client.get(API, params={"limit": 3, "after": after}).json()
        found += [item["id"] for item in page["items"]]
        after = page["next"]
    assert found == sorted(
        ["agency", "bureau", "centre", "company", "garden", "other", "park", "state"]
    )


def test_an_admin_changes_and_ends_roles_and_the_last_admin_stays(fresh: Any) -> None:
    admin, members = fresh.called("centre admin"), f"{API}/centre/members"
    assert {one["id"]: one["role"] for one in admin.get(members).json()} == {
        "centre-admin": "admin", "centre-editor": "editor", "centre-reader": "reader",
    }  # fmt: skip
    assert admin.put(f"{members}/centre-reader", json={"role": "editor"}).status_code == 204
    assert admin.delete(f"{members}/centre-editor").status_code == 204
    assert {one["id"]: one["role"] for one in admin.get(members).json()} == {
        "centre-admin": "admin", "centre-reader": "editor",
    }  # fmt: skip
    last = admin.delete(f"{members}/centre-admin")
    assert (last.status_code, last.json()["code"]) == (422, "bad_input")
    assert admin.put(f"{members}/centre-admin", json={"role": "reader"}).status_code == 422
    assert admin.put(f"{members}/park-admin", json={"role": "admin"}).status_code == 404


def test_whoever_is_removed_is_out_at_once(fresh: Any) -> None:
    editor = fresh.called("centre editor")
    assert editor.get("/api/v1/patents/P-lone").status_code == 404
    assert editor.get("/api/v1/patents/P-named").status_code == 200
    fresh.called("centre admin").delete(f"{API}/centre/members/centre-editor")
    assert editor.get("/api/v1/me").status_code == 401
    assert editor.get("/api/v1/patents/P-named").status_code == 404


def test_a_role_taken_away_counts_in_open_sessions(fresh: Any) -> None:
    second = fresh.called("centre editor")
    admin = fresh.called("centre admin")
    path = f"{API}/centre/members"
    assert admin.put(f"{path}/centre-editor", json={"role": "admin"}).status_code == 204
    assert second.put(f"{path}/centre-admin", json={"role": "reader"}).status_code == 204
    assert admin.get(f"{API}/centre/keys").status_code == 403


def test_an_organisation_that_is_not_there_is_unknown(world: Any) -> None:
    for caller in ("operator", "centre admin"):
        answer = world.called(caller).get(f"{API}/nowhere/members")
        assert (answer.status_code, answer.json()["code"]) == (404, "unknown_id")
    assert world.called("anybody").get(f"{API}/nowhere/members").status_code == 401
