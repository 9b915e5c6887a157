"""The app around its routes: what it refuses to start with, and what surrounds every answer."""

import json
from dataclasses import replace
from typing import Any

import pytest
from sqlalchemy import create_engine, text

from matcher.access.people import Person
from matcher.errors import BadSetting, Conflict, MatcherError, ModelBroken
from matcher.store.secret import hashed
from matcher.store.sql import sqlite_url
from matcher.web.armour import Armour
from matcher.web.desk import DEVELOPMENT_SECRET, check_settings
from matcher.web.problems import HEADERS, code_of

API = "/api/v1"


def every(kind: type[MatcherError]) -> list[type[MatcherError]]:
    return [kind, *(one for child in kind.__subclasses__() for one in every(child))]


@pytest.mark.parametrize("secret", ["", "short", DEVELOPMENT_SECRET, "x" * 31])
def test_production_needs_a_secret_of_its_own(secret: str, bare: Any) -> None:
    service = replace(bare.service, mode="production", secret=secret)
    with pytest.raises(BadSetting, match="须有自己的密钥"):
        check_settings(replace(bare, service=service))


def test_production_starts_with_a_long_secret_and_does_not_tell_it(bare: Any) -> None:
    service = replace(bare.service, mode="production", secret="y" * 32, host="0.0.0.0")
    check_settings(replace(bare, service=service))
    assert "y" * 32 not in repr(replace(bare, service=service))


def test_a_trial_is_for_this_machine_alone(bare: Any) -> None:
    for host in ("0.0.0.0", "::", "10.0.0.1"):
        with pytest.raises(BadSetting, match="只能在本机使用"):
            check_settings(replace(bare, service=replace(bare.service, host=host)))
    for host in ("127.0.0.1", "::1", "localhost"):
        check_settings(replace(bare, service=replace(bare.service, host=host)))


@pytest.mark.parametrize(
    ("method", "path", "status"),
    [
        ("GET", "/health/live", 200), ("GET", "/patents", 200), ("GET", "/me", 401),
        ("GET", "/nowhere", 404), ("PATCH", "/patents", 405), ("POST", "/session", 422),
    ],
)  # fmt: skip
def test_every_answer_wears_the_headers(method: str, path: str, status: int, world: Any) -> None:
    answer = world.called("anybody").request(method, API + path)
    assert answer.status_code == status
    assert {name: answer.headers[name] for name in HEADERS} == HEADERS
    assert "server" not in answer.headers


def without(world: Any, table: str) -> None:
    """Somebody has damaged the database."""
    engine = create_engine(sqlite_url(world.matcher._works.home / "patmatch.db"))
    with engine.begin() as connection:
        connection.execute(text(f"DROP TABLE {table}"))
    engine.dispose()


def test_what_went_wrong_inside_stays_inside(fresh: Any, caplog: Any) -> None:
    without(fresh, "attempts")
    body = {"email": "a@b.cn", "password": "secret-word"}
    answer = fresh.called("anybody").post(f"{API}/session", json=body)
    assert (answer.status_code, answer.json()["code"]) == (500, "internal")
    assert answer.headers["content-type"] == "application/problem+json"
    assert {name: answer.headers[name] for name in HEADERS} == HEADERS
    assert "OperationalError" in caplog.text and "attempts" not in answer.text
    assert "secret-word" not in answer.text + caplog.text


def test_an_error_of_ours_says_nothing_of_the_inside_either(fresh: Any, caplog: Any) -> None:
    person = Person(id="zhao", email="zhao@example.com", name="赵三")
    fresh.matcher.store.accounts.enrol(person, hashed("secret-word"))
    without(fresh, "sessions")
    body = {"email": "zhao@example.com", "password": "secret-word"}
    answer = fresh.called("anybody").post(f"{API}/session", json=body)
    assert (answer.status_code, answer.json()["code"]) == (500, "store_broken")
    assert "StoreBroken" in caplog.text and "sessions" not in answer.text
    assert "secret-word" not in answer.text + caplog.text


def test_a_service_whose_database_is_damaged_is_alive_and_not_ready(fresh: Any) -> None:
    for table in ("lead_steps", "leads", "named", "owners"):
        without(fresh, table)
    for table in ("invitations", "api_keys", "sessions", "memberships", "people", "organisations"):
        without(fresh, table)
    client = fresh.called("anybody")
    assert client.get(f"{API}/health/live").json() == {"status": "ok"}
    assert client.get(f"{API}/health/ready").status_code == 500


def test_codes_of_errors_are_stable() -> None:
    assert {code_of(kind): kind.status for kind in every(MatcherError)} == {
        "matcher_error": 500, "bad_input": 422, "unreadable_file": 422, "nothing_usable": 422,
        "bad_filter": 422, "bad_setting": 422, "too_large": 413, "unknown_id": 404,
        "conflict": 409, "taken": 409, "wrong_step": 409, "model_broken": 500,
        "dimension_mismatch": 500,
        "changed": 412, "suspect": 422, "version_needed": 428,
        "store_broken": 500, "missing_extra": 501, "not_allowed": 403, "sign_in_needed": 401,
        "too_many_tries": 429,
    }  # fmt: skip
    assert (code_of(Conflict), code_of(ModelBroken)) == ("conflict", "model_broken")


@pytest.mark.parametrize("size", [1024 * 1024 - 20, 1024 * 1024 + 1])
def test_a_body_has_a_limit_whatever_it_says_of_its_length(size: int, world: Any) -> None:
    def pieces() -> Any:
        yield b'{"text": "'
        for start in range(0, size, 65536):
            yield b"x" * min(65536, size - start)
        yield b'"}'

    for content in (pieces(), b"".join(pieces())):
        answer = world.called("centre admin").post(
            f"{API}/match", content=content, headers={"Content-Type": "application/json"}
        )
        expected = (422, "invalid_request") if size < 1024 * 1024 else (413, "too_large")
        assert (answer.status_code, answer.json()["code"]) == expected
        assert len(answer.text) < 1000


def test_the_document_names_every_call_once_and_every_problem(world: Any) -> None:
    told = world.called("anybody").get(f"{API}/openapi.json").json()
    assert told["openapi"].startswith("3.1")
    calls = [call for path in told["paths"].values() for call in path.values()]
    names = [call["operationId"] for call in calls]
    shapes = told["components"]["schemas"]
    assert [name for name in shapes if "__" in name] == [], "two of one name: generators give up"
    assert len(set(names)) == len(names) == 67
    assert all({"401", "403", "404", "422"} <= set(call["responses"]) for call in calls)
    assert "example.com" not in json.dumps(told)


def test_what_is_no_request_passes_the_armour() -> None:
    import asyncio

    seen: list[str] = []

    async def app(scope: Any, receive: Any, send: Any) -> None:
        seen.append(scope["type"])

    armour = Armour(app, most=1, larger={}, known=lambda _: False, production=False)
    asyncio.run(armour({"type": "lifespan"}, None, None))  # type: ignore[arg-type]
    assert seen == ["lifespan"]


@pytest.mark.parametrize(
    ("path", "known", "pieces", "told"),
    [
        ("/large/it", True, [b"ab", b"cd"], b"abcd"),
        ("/large/it", False, [b"ab", b"cd"], b""),
        ("/other", False, [b"a", b""], b"a"),
    ],
)
def test_nothing_large_is_read_of_who_is_not_known(
    path: str, known: bool, pieces: list[bytes], told: bytes
) -> None:
    import asyncio

    given = list(pieces)
    seen: list[bytes] = []

    async def app(scope: Any, receive: Any, send: Any) -> None:
        seen.append((await receive())["body"])

    async def receive() -> dict[str, Any]:
        return {"type": "http.request", "body": given.pop(0), "more_body": bool(given)}

    async def send(message: Any) -> None:
        """Nothing is sent."""

    armour = Armour(app, most=1, larger={"/large/": 9}, known=lambda _: known, production=False)
    scope: Any = {"type": "http", "path": path, "method": "POST", "headers": []}
    asyncio.run(armour(scope, receive, send))  # type: ignore[arg-type]
    assert seen == [told]
    assert len(given) == (0 if told else len(pieces))
