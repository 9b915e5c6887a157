"""Every route has its rule, and answers each caller as a table written by hand says."""

from typing import Any

import pytest
from fastapi.routing import iter_route_contexts

from matcher.web.rules import PREFIX, RULES

PATENT_SIDE, NEED_SIDE = ("centre", "other"), ("park", "garden", "company", "state")
KINDS = {
    "everybody": lambda name: True,
    "known": lambda name: name != "anybody",
    "people": lambda name: name not in ("anybody", "operator") and "key" not in name,
    "operator": lambda name: name == "operator",
    "bureau": lambda name: name.startswith("bureau"),
    "matchers": lambda name: name.split()[0] not in ("anybody", "operator", "bureau"),
    "writers": lambda name: KINDS["matchers"](name) and name.split()[1] in ("admin", "editor"),
    "patent bringers": lambda name: KINDS["writers"](name) and name.split()[0] in PATENT_SIDE,
    "need bringers": lambda name: KINDS["writers"](name) and name.split()[0] in NEED_SIDE,
    "people matching": lambda name: KINDS["matchers"](name) and "key" not in name,
    "in one": lambda name: name not in ("anybody", "operator"),
    "admins": lambda name: name.endswith("admin"),
    "of centre": lambda name: name.split()[0] == "centre" and "key" not in name,
    "admin of centre": lambda name: name == "centre admin",
    "signed in": lambda name: name != "anybody" and "key" not in name,
}
TABLE: dict[str, tuple[str, str, int, Any]] = {
    # route -> who gets through, by which scope a key does, the status then, what is sent
    "GET /health/live": ("everybody", "any", 200, None),
    "GET /health/ready": ("everybody", "any", 200, None),
    "GET /openapi.json": ("everybody", "any", 200, None),
    "POST /session": ("everybody", "any", 401, {"email": "a@b.cn", "password": "x"}),
    "DELETE /session": ("signed in", "read", 204, None),
    "POST /invitations/accept": ("everybody", "any", 404, {"token": "x", "password": "x"}),
    "GET /me": ("known", "read", 200, None),
    "DELETE /me": ("signed in", "none", 204, None),
    "GET /me/data": ("signed in", "none", 200, None),
    "POST /password/forgotten": ("everybody", "any", 202, {"email": "a@b.cn"}),
    "POST /password/reset": ("everybody", "any", 404, {"token": "x", "password": "x"}),
    "PUT /me/password": ("signed in", "none", 401, {"old": "x", "new": "x"}),
    "GET /me/watches": ("people matching", "none", 200, None),
    "POST /me/watches": ("people matching", "none", 404, {"need_id": "nobody"}),
    "DELETE /me/watches/{watch_id}": ("people matching", "none", 404, None),
    "GET /me/keys": ("people", "none", 200, None),
    "POST /me/keys": ("people", "none", 201, {"name": "k", "scopes": ["read"]}),
    "DELETE /me/keys/{key_id}": ("people", "none", 404, None),
    "GET /organisations": ("known", "read", 200, None),
    "POST /organisations": ("operator", "none", 409, {"kind": "park", "name": "云麓高新区"}),
    "GET /organisations/{organisation_id}": ("known", "read", 200, None),
    "GET /organisations/{organisation_id}/members": ("of centre+operator", "none", 200, None),
    "PUT /organisations/{organisation_id}/members/{person_id}":
        ("admin of centre+operator", "none", 404, {"role": "reader"}),
    "DELETE /organisations/{organisation_id}/members/{person_id}":
        ("admin of centre+operator", "none", 404, None),
    "POST /organisations/{organisation_id}/invitations":
        ("admin of centre+operator", "none", 201, {"email": "a@b.cn", "role": "reader"}),
    "GET /organisations/{organisation_id}/keys": ("admin of centre", "none", 200, None),
    "POST /organisations/{organisation_id}/keys":
        ("admin of centre", "none", 201, {"name": "k", "scopes": ["read"]}),
    "DELETE /organisations/{organisation_id}/keys/{key_id}":
        ("admin of centre", "none", 404, None),
    "GET /organisations/{organisation_id}/webhooks": ("admin of centre", "none", 200, None),
    "POST /organisations/{organisation_id}/webhooks":
        ("admin of centre", "none", 201, {"url": "https://example.com/told"}),
    "DELETE /organisations/{organisation_id}/webhooks/{hook_id}":
        ("admin of centre", "none", 404, None),
    "POST /organisations/{organisation_id}/webhooks/{hook_id}/ping":
        ("admin of centre", "none", 404, None),
    "GET /organisations/{organisation_id}/webhooks/{hook_id}/deliveries":
        ("admin of centre", "none", 404, None),
    "GET /patents": ("everybody", "read", 200, None),
    "GET /patents/{id:path}": ("everybody", "read", 200, None),
    "POST /patents": ("patent bringers", "write", 422, None),
    "PUT /patents/{id:path}": ("patent bringers", "write", 422, None),
    "DELETE /patents/{id:path}": ("patent bringers", "write", 403, None),
    "POST /patents/withdraw": ("patent bringers", "write", 422, None),
    "GET /needs": ("everybody", "read", 200, None),
    "GET /needs/{id:path}": ("everybody", "read", 200, None),
    "POST /needs": ("need bringers", "none", 422, None),
    "PUT /needs/{id:path}": ("need bringers", "none", 422, None),
    "DELETE /needs/{id:path}": ("need bringers", "none", 403, None),
    "POST /needs/withdraw": ("need bringers", "none", 422, None),
    "POST /uploads/patents": ("patent bringers", "write", 422, None),
    "POST /uploads/needs": ("need bringers", "none", 422, None),
    "GET /uploads/{upload_id}/rejects": ("patent bringers+need bringers", "write", 404, None),
    "POST /match": ("matchers", "match", 200, {"text": "隔膜"}),
    "POST /exports": ("matchers", "match", 422, {}),
    "GET /files/{job_id}": ("everybody", "any", 422, None),
    "GET /jobs": ("matchers+operator", "read", 200, None),
    "POST /jobs": ("operator", "none", 422, {"kind": "index"}),
    "GET /jobs/{job_id}": ("matchers+operator", "read", 404, None),
    "POST /jobs/{job_id}/cancel": ("writers+operator", "write", 404, None),
    "POST /matches": ("writers", "write", 404, {"need_id": "N-lone", "patent_id": "P-open"}),
    "GET /matches": ("matchers", "read", 200, None),
    "GET /matches/{match_id}": ("matchers", "read", 404, None),
    "POST /matches/{match_id}/steps": ("writers", "write", 404, {"stage": "read"}),
    "GET /regions": ("everybody", "any", 200, None),
    "GET /industries": ("everybody", "any", 200, None),
    "GET /parks": ("everybody", "any", 200, None),
    "POST /feedback":
        ("writers", "write", 404, {"need_id": "N-lone", "patent_id": "P-open", "grade": 3}),
    "GET /feedback": ("matchers", "read", 422, None),
    "GET /metrics": ("everybody", "any", 404, None),
    "GET /statistics/matches": ("in one", "read", 200, None),
    "GET /statistics": ("bureau", "none", 200, None),
    "GET /audit": ("admins+operator", "none", 200, None),
}  # fmt: skip
PATHS = {
    "organisation_id": "centre",
    "person_id": "nobody",
    "key_id": "nobody",
    "match_id": "nobody",
    "upload_id": "nobody",
    "job_id": "nobody",
    "hook_id": "nobody",
    "watch_id": "nobody",
}


def routes(app: Any) -> set[str]:
    """Every method and path that the app answers, however it was added."""
    return {
        f"{method} {context.path.removeprefix(PREFIX)}"
        for context in iter_route_contexts(app.routes)
        for method in context.methods or {"?"}
        if method != "HEAD"
    }


def filled(path: str) -> str:
    for name, value in PATHS.items():
        path = path.replace(f"{{{name}}}", value)
    return path.replace("{id:path}", "P-free" if "patents" in path else "N-free")


def through(name: str, who: str, scope: str) -> bool:
    """Whether the table lets this caller through."""
    if "key" in name:
        return scope == "any" or name.endswith(scope)
    return any(KINDS[part](name) for part in who.split("+"))  # type: ignore[no-untyped-call]


def test_every_route_has_a_rule_and_every_rule_a_route(world: Any) -> None:
    assert routes(world.app) == set(RULES)


def test_every_route_has_a_line_in_this_table() -> None:
    assert set(TABLE) == set(RULES)


@pytest.mark.parametrize("route", TABLE)
def test_each_caller_is_answered_as_the_table_says(
    route: str, fresh: Any, callers: tuple[str, ...]
) -> None:
    who, scope, status, sent = TABLE[route]
    method, path = route.split(" ")
    tried = ("email a@b.cn", "letter to a@b.cn", "letters by testclient")
    for name in callers:
        for told in tried:
            fresh.matcher.store.credentials.forget_tries(fresh.desk.digest("subject", told))
        with fresh.called(name) as client:
            answer = client.request(method, PREFIX + filled(path), json=sent)
        expected = status if through(name, who, scope) else 401 if name == "anybody" else 403
        if route == "DELETE /session" and "key" in name:
            expected = 403  # a key has no session to end
        if route == "DELETE /me" and name.endswith(("admin", "operator")) and expected == 204:
            expected = 422  # each is the last one
        assert answer.status_code == expected, (name, answer.text)
        if expected >= 400:
            assert answer.headers["content-type"] == "application/problem+json"


def test_a_route_without_a_rule_is_refused(fresh: Any) -> None:
    fresh.app.add_api_route(f"{PREFIX}/new", lambda: "told", methods=["GET"])
    answer = fresh.called("centre admin").get(f"{PREFIX}/new")
    assert (answer.status_code, answer.json()["code"]) == (403, "not_allowed")
    assert routes(fresh.app) - set(RULES) == {"GET /new"}
