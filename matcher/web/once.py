"""`Idempotency-Key`: a write that is sent twice happens once, and is answered the same."""

from collections.abc import Callable, Coroutine
from hashlib import sha256
from typing import Annotated, Any

from fastapi import Header, Request, Response
from fastapi.exceptions import RequestValidationError
from fastapi.routing import APIRoute
from pydantic import StringConstraints
from starlette.concurrency import run_in_threadpool
from starlette.exceptions import HTTPException

from matcher.access.policy import acting
from matcher.errors import MatcherError
from matcher.store.once import Answered
from matcher.web.desk import desk_of
from matcher.web.guard import CallerDep

AGAIN = "Idempotency-Replayed"
Key = Annotated[
    str | None,
    Header(alias="Idempotency-Key"),
    StringConstraints(min_length=1, max_length=200, pattern=r"^[!-~]+$"),
]


class Replayed(Exception):
    """It was answered before."""

    def __init__(self, told: Answered) -> None:
        super().__init__()
        self.told = told


async def once(request: Request, caller: CallerDep, key: Key = None) -> None:
    """Reserve the key, if one is sent along with a write.

    :raises Replayed: it was answered before.  :raises BadInput, Conflict: ..."""
    if key is None or request.method != "POST":
        return
    desk = desk_of(request)
    person = caller.person.id if caller.person else ""
    scope = desk.digest("once", repr((acting(caller), person, request.url.path, key)))
    sent = request.url.query.encode() + b"\x00" + await request.body()
    begin, print_ = desk.matcher.store.once.begin, sha256(sent).hexdigest()
    before = await run_in_threadpool(begin, scope, print_, now=desk.now)
    if before is not None:
        raise Replayed(before)
    request.state.once = scope


class OnceRoute(APIRoute):
    """A route that keeps what it answered."""

    def get_route_handler(self) -> Callable[[Request], Coroutine[Any, Any, Response]]:
        """The route's own, with the keeping around it."""
        handle = super().get_route_handler()

        async def kept(request: Request) -> Response:
            store = desk_of(request).matcher.store.once
            try:
                answer = await handle(request)
            except Replayed as before:
                return _again(before.told)
            except (MatcherError, RequestValidationError, HTTPException):
                if scope := getattr(request.state, "once", None):
                    await run_in_threadpool(store.forget, scope)
                raise
            if scope := getattr(request.state, "once", None):
                body = bytes(answer.body).decode()
                told = Answered(answer.status_code, answer.headers.get("ETag"), body)
                await run_in_threadpool(store.finish, scope, told)
            return answer

        return kept


def _again(told: Answered) -> Response:
    headers = {AGAIN: "true"} | ({"ETag": told.version} if told.version else {})
    return Response(told.body, told.status, headers, media_type="application/json")
