"""What is written down of requests, who reads it, and leaving."""

from typing import Any

API = "/api/v1"
NEED = {"title": "提高轴承钢的疲劳寿命", "content": "表面微裂纹。"}


def entries(world: Any, who: str) -> list[tuple[str, str, int]]:
    told = world.called(who).get(f"{API}/audit").json()["items"]
    return [(one["action"], one["record"], one["status"]) for one in told]


def test_what_changes_something_is_written_down_and_what_reads_is_not(fresh: Any) -> None:
    editor = fresh.called("company editor")
    made = editor.post(f"{API}/needs", json=NEED).json()["id"]
    editor.get(f"{API}/needs/{made}")
    editor.post(f"{API}/match", json={"text": "轴承钢"})
    editor.put(f"{API}/needs/{made}", json=NEED)
    editor.delete(f"{API}/needs/{made}", headers={"If-Match": "*"})
    assert entries(fresh, "company admin") == [
        ("DELETE /needs/{id:path}", made, 204), ("PUT /needs/{id:path}", made, 428),
        ("POST /needs", made, 201),
    ]  # fmt: skip
    (first, *_) = fresh.called("company admin").get(f"{API}/audit").json()["items"]
    assert (first["person_id"], first["address"]) == ("company-editor", "testclient")
    assert entries(fresh, "park admin") == []
    assert fresh.matcher.store.audit.verify().broken is None


def test_a_refused_try_of_somebody_known_is_written_down_and_knocking_is_not(fresh: Any) -> None:
    assert fresh.called("company reader").post(f"{API}/needs", json=NEED).status_code == 403
    assert fresh.called("anybody").post(f"{API}/needs", json=NEED).status_code == 401
    assert fresh.called("anybody").post(f"{API}/nowhere", json=NEED).status_code == 404
    assert entries(fresh, "company admin") == [("POST /needs", "", 403)]
    assert entries(fresh, "operator") == []


def test_signing_in_is_written_down_whether_it_works_or_not(fresh: Any) -> None:
    sent = {"email": "a@b.cn", "password": "not-the-one"}
    assert fresh.called("anybody").post(f"{API}/session", json=sent).status_code == 401
    assert entries(fresh, "operator") == [("POST /session", "", 401)]


def test_pages_of_the_list(fresh: Any) -> None:
    editor = fresh.called("company editor")
    for number in range(3):
        editor.post(f"{API}/needs", json={**NEED, "title": f"需求{number}"})
    admin = fresh.called("company admin")
    page = admin.get(f"{API}/audit", params={"limit": 2}).json()
    rest = admin.get(f"{API}/audit", params={"before": page["next"]}).json()
    assert (len(page["items"]), len(rest["items"]), rest["next"]) == (2, 1, None)


def test_a_person_reads_what_is_kept_and_leaves(fresh: Any) -> None:
    editor = fresh.called("company editor")
    editor.post(f"{API}/needs", json=NEED)
    told = editor.get(f"{API}/me/data").json()
    assert told["account"]["email"] == "company-editor@example.com"
    assert [one["action"] for one in told["audit"]] == ["POST /needs"]
    assert editor.delete(f"{API}/me").status_code == 204
    assert editor.get(f"{API}/me").status_code == 401
    found = fresh.called("company admin").get(f"{API}/audit").json()["items"]
    assert [(one["action"], one["person_id"]) for one in found] == [
        ("DELETE /me", None), ("GET /me/data", None), ("POST /needs", None),
    ]  # fmt: skip
    assert found[0]["address"] == "testclient"
    assert fresh.matcher.store.audit.verify().broken is None
    assert fresh.called("centre key read").get(f"{API}/me/data").status_code == 403


def test_the_last_admin_stays(fresh: Any) -> None:
    answer = fresh.called("park admin").delete(f"{API}/me")
    assert (answer.status_code, answer.json()["code"]) == (422, "bad_input")
    assert fresh.called("park admin").get(f"{API}/me").status_code == 200
