"""Whatever is sent, the answer is a problem with a status of 4xx, and never repeats a secret."""

import json
from typing import Any

import pytest
from fastapi.routing import iter_route_contexts
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

API = "/api/v1"
BODIES = (
    b"", b"{", b"[]", b"null", b"0", b'"x"', b"\xff\xfe{}", b"[" * 5000, b'{"a":' * 5000,
    b'{"text": NaN}', b'{"k": 1e999}', b'{"k": ' + b"9" * 5000 + b"}", b"\x00",
    b'{"text": "\\ud800"}', b'{"text": "a\\u0000b"}', b'{"need_id": "\\udfff"}',
    b'{"email": "\\ud800@b.cn", "password": "\\ud800"}',
    b'{"email": "a\\u0000@b.cn", "password": "secret-word"}',
    b'{"email": ["secret-word"], "password": {"secret-word": 1}}',
    b'{"token": "\\u0000", "password": "\\ud800", "name": "\\u0007"}',
    b'{"role": "owner"}', b'{"name": "\\ud800", "scopes": ["all"], "days": -1}',
    b'{"kind": "park", "name": "a\\u0000", "park_id": "\\ud800"}',
)  # fmt: skip
ODD = ("%00", "%ff", "%ed%a0%80", "..%2f..", "%F0%9F%98%80", "a" * 3000, "'%20OR%201=1--", "%25")


@pytest.fixture(scope="module", params=["sqlite", "postgresql"])
def either(request: pytest.FixtureRequest) -> Any:
    """A full installation on each database; whatever is refused leaves it as it is."""
    return request.getfixturevalue("world" if request.param == "sqlite" else "on_postgres")


def every_route(app: Any) -> list[tuple[str, str]]:
    return sorted(
        (method, context.path)
        for context in iter_route_contexts(app.routes)
        for method in context.methods or ()
        if method != "HEAD"
    )


def refused(answer: Any) -> bool:
    """A problem, or the answer of a route that takes no body and no such text."""
    if answer.status_code < 400:
        return True
    body = answer.json()
    return (
        answer.status_code < 500
        and answer.headers["content-type"] == "application/problem+json"
        and {"type", "title", "status", "detail", "code"} <= set(body)
        and body["status"] == answer.status_code
        and "secret-word" not in answer.text
    )


@pytest.mark.parametrize("body", BODIES, ids=range(len(BODIES)))
def test_no_body_is_more_than_a_bad_request(body: bytes, either: Any) -> None:
    for caller in ("anybody", "operator", "centre admin"):
        client = either.called(caller)
        for method, path in every_route(either.app):
            if method in ("GET", "DELETE"):
                continue
            for name in ("{organisation_id}", "{person_id}"):
                path = path.replace(name, "centre")
            headers = {"Content-Type": "application/json"}
            answer = client.request(method, path, content=body, headers=headers)
            assert answer.status_code >= 400 and refused(answer), (path, answer.text)


@pytest.mark.parametrize("odd", ODD, ids=range(len(ODD)))
def test_no_address_is_more_than_unknown(odd: str, either: Any) -> None:
    for caller in ("anybody", "operator", "centre admin", "centre key read"):
        client = either.called(caller)
        for method, path in every_route(either.app):
            if "{" not in path:
                continue
            for name in ("{organisation_id}", "{person_id}", "{key_id}", "{id:path}"):
                path = path.replace(name, odd)
            answer = client.request(method, path, json={"role": "reader"})
            assert answer.status_code >= 400 and refused(answer), (path, answer.text)


@pytest.mark.parametrize("odd", ODD, ids=range(len(ODD)))
@pytest.mark.parametrize("name", ["after", "limit", "owner", "unknown"])
def test_no_query_is_more_than_a_bad_request(name: str, odd: str, either: Any) -> None:
    for path in ("/patents", "/needs", "/organisations"):
        answer = either.called("centre admin").get(f"{API}{path}?{name}={odd}")
        assert refused(answer), answer.text


@settings(
    max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(
    text=st.text(max_size=40),
    field=st.sampled_from(["text", "need_id", "patent_id"]),
    filter=st.dictionaries(
        st.sampled_from(["industry", "region", "park", "applicant", "ipc"]),
        st.lists(st.text(max_size=8), max_size=2), max_size=2,
    ),
)  # fmt: skip
def test_any_text_is_matched_or_refused(
    world: Any, text: str, field: str, filter: dict[str, list[str]]
) -> None:
    body = json.dumps({field: text, "filter": filter, "k": 2}).encode()
    headers = {"Content-Type": "application/json"}
    answer = world.called("centre admin").post(f"{API}/match", content=body, headers=headers)
    assert refused(answer), answer.text
