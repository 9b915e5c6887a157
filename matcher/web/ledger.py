"""Writes down who did what: every request that may change something, every sign-in, every file
that was fetched, also those that were refused."""

import json

from starlette.concurrency import run_in_threadpool
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from matcher.access.people import ANYBODY, Caller
from matcher.access.policy import acting
from matcher.web.desk import Desk
from matcher.web.rules import PREFIX, action_of, route_of

QUIET = ("GET", "HEAD", "OPTIONS")
ASKING = frozenset({"POST /match"})  # changes nothing, though it is sent like what does
TOLD = frozenset({
    "GET /files/{job_id}", "GET /uploads/{upload_id}/rejects", "GET /me/data",
    "GET /needs/export", "GET /patents/export", "GET /leads/export", "GET /figures/export",
    "GET /park/handout", "GET /rejects/{upload_id}",
})  # fmt: skip
LONGEST = 64 * 1024
MOST = 500


class Ledger:
    """Around the routes: an entry is written before the answer goes out."""

    def __init__(self, app: ASGIApp, *, desk: Desk) -> None:
        self._app, self._desk = app, desk

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """One request."""
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        scope.setdefault("state", {})
        start: list[Message] = []

        async def written(message: Message) -> None:
            if message["type"] == "http.response.start" and _is_told(scope):
                start.append(message)
                return
            if start:
                first = start.pop()
                told = (first["status"], message.get("body", b""))
                await run_in_threadpool(self._write, scope, *told)
                await send(first)
            await send(message)

        await self._app(scope, receive, written)

    def _write(self, scope: Scope, status: int, body: bytes) -> None:
        caller: Caller = scope["state"].get("caller", ANYBODY)
        method, path = scope["method"], route_of(scope)
        if not caller.known and status >= 400 and action_of(method, path) != "open":
            return  # anybody may knock; who tries passwords is counted elsewhere, and told below
        client = scope.get("client")
        erased = scope["state"].get("erased", False)
        person = caller.person.id if caller.person and not erased else None
        who = (acting(caller), person, client[0] if client else "")
        self._desk.matcher.store.audit.append(
            _call(method, path)[:64], who, (_named(scope, status, body), status), now=self._desk.now
        )


def _is_told(scope: Scope) -> bool:
    """Whether it is a route of ours that is written down."""
    method, path = scope["method"], route_of(scope)
    known, call = action_of(method, path) is not None, _call(method, path)
    return known and (call in TOLD or (method not in QUIET and call not in ASKING))


def _call(method: str, path: str) -> str:
    return f"{method} {path.removeprefix(PREFIX)}"


def _named(scope: Scope, status: int, body: bytes) -> str:
    """The ids in the address, and the one of what was made."""
    given = scope.get("path_params", {})
    ids = [str(value) for name, value in given.items() if name != "token"]
    if scope["method"] == "POST" and status < 300 and len(body) <= LONGEST:
        try:
            made = json.loads(body)
        except ValueError:
            made = None
        if isinstance(made, dict) and isinstance(made.get("id"), str):
            ids.append(made["id"])
    return " ".join(ids)[:MOST]
