"""The whole OpenAPI document asked by every kind of caller, with what it allows and what it does
not: no answer breaks the document, none is a 5xx, none is above the caller's rights."""

import os
from collections.abc import Callable
from typing import Any
from zlib import crc32

import pytest
import schemathesis
from fastapi.testclient import TestClient
from hypothesis import HealthCheck, Phase, given, seed
from hypothesis import settings as how
from schemathesis import GenerationMode
from schemathesis.checks import CHECKS

from matcher.access.people import ANYBODY
from matcher.access.policy import Action, may
from matcher.web.rules import PREFIX, RULES

ASKING = (
    "anybody", "operator", "centre admin", "centre editor", "park admin", "company editor",
    "company reader", "bureau admin", "agency editor", "other admin", "centre key read",
    "centre key match", "centre key write",
)  # fmt: skip
HELD = ("not_a_server_error", "status_code_conformance", "content_type_conformance",
        "response_schema_conformance", "response_headers_conformance")  # fmt: skip
TARGETED: set[Action] = {"read_members", "manage_members", "manage_keys", "manage_hooks"}
EVERY = int(os.environ.get("PATMATCH_SCHEMA_EXAMPLES", "1"))
COUNTED: dict[str, int] = {}
ROUTES = [route for route in RULES if route != "GET /openapi.json"]


def operations(app: Any) -> list[Any]:
    schema = schemathesis.openapi.from_asgi(f"{PREFIX}/openapi.json", app)
    schema.config.generation.update(modes=[GenerationMode.POSITIVE, GenerationMode.NEGATIVE])
    return [found.ok() for found in schema.get_all_operations()]


def _route(operation: Any) -> str:
    method, path = operation.label.split(" ", 1)
    return f"{method} {path.removeprefix(PREFIX)}"


def caller_of(world: Any, client: TestClient) -> Any:
    """Who that is, as the guard finds it."""
    held = world.matcher.store.credentials
    if "Authorization" in client.headers:
        key = client.headers["Authorization"].partition(" ")[2]
        return held.key(world.desk.digest("key", key), now=world.desk.now)
    session = client.cookies.get("patmatch", "")
    return held.session(world.desk.digest("session", session), now=world.desk.now)


def asked(world: Any, name: str, operation: Any, check: Callable[..., None], number: int) -> None:
    """So many requests of one caller to one operation."""
    client = world.called(name)

    @seed(number)
    @how(
        max_examples=EVERY, deadline=None, database=None, phases=[Phase.generate],
        suppress_health_check=list(HealthCheck),
    )  # fmt: skip
    @given(case=operation.as_strategy())
    def ask(case: Any) -> None:
        caller = caller_of(world, client) or ANYBODY
        case.headers = {k: v for k, v in (case.headers or {}).items() if not _own(k)}
        case.cookies = {}
        response = case.call(session=client, headers=dict(client.headers))
        check(case, response, caller)

    ask()


def _own(name: str) -> bool:
    """Headers that say who it is are the caller's."""
    return name.lower() in ("authorization", "cookie", "x-csrf-token", "accept-language")


def test_the_document_holds_every_route_but_itself(world: Any) -> None:
    assert {_route(one) for one in operations(world.app)} == {
        route.replace(":path", "") for route in ROUTES
    }


@pytest.mark.parametrize("route", ROUTES)
def test_no_request_brings_out_more_than_the_document_and_the_policy_say(
    route: str, fresh: Any, secrets: Any
) -> None:
    wanted, rule = route.replace(":path", ""), RULES[route]
    (operation,) = (one for one in operations(fresh.app) if _route(one) == wanted)
    contact, kept_back = secrets
    counted = 0

    def check(case: Any, response: Any, caller: Any) -> None:
        nonlocal counted
        counted += 1
        case.validate_response(response, checks=[CHECKS.get_one(name) for name in HELD])
        status, text = response.status_code, response.text
        if '"code":"not_found"' in text:
            return  # what was put into the path made it another address, and there is none such
        if not may(caller, rule) and rule not in TARGETED:
            assert status in (401, 403), (status, text)
        if rule in TARGETED and status == 404:
            assert may(caller, "read_organisations")
        if caller.organisation is None or caller.organisation.id == "bureau":
            leaked = [word for word in (*contact, *kept_back) if word in text]
            assert not leaked or rule in ("personal", "self"), leaked

    for name in ASKING if EVERY > 1 else ASKING[::3]:
        asked(fresh, name, operation, check, crc32(f"{route} {name}".encode()))
    assert counted >= len(ASKING) // 3
    COUNTED[route] = counted


def test_so_many_requests_were_made() -> None:
    """What stands in the commit message of whoever ran it: `make torture` asks 20,000 times."""
    total = sum(COUNTED.values())
    print(f"{total} requests to {len(COUNTED)} operations")
    assert EVERY < 40 or len(COUNTED) < len(ROUTES) or total >= 20_000
