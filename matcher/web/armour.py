"""What surrounds every answer: headers that browsers obey, and a limit on what is sent to us."""

from collections.abc import Callable, Mapping

from starlette.concurrency import run_in_threadpool
from starlette.datastructures import MutableHeaders
from starlette.requests import HTTPConnection
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from matcher.errors import TooLarge
from matcher.web.problems import HEADERS, code_of, problem

LONGER = {"Strict-Transport-Security": "max-age=31536000"}


class Armour:
    """Adds the headers, and answers 413 to a body of more than `most` bytes, or what `larger`
    says for addresses that begin so, however it says that it is sent.  There nothing is read of
    who is not `known`: the guard sends them away without it."""

    def __init__(
        self,
        app: ASGIApp,
        *,
        most: int,
        larger: Mapping[str, int],
        known: Callable[[HTTPConnection], bool],
        production: bool,
    ) -> None:
        self._app = app
        self._most = most
        self._larger = larger
        self._known = known
        self._headers = {**HEADERS, **(LONGER if production else {})}

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """One request."""
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return

        async def dressed(message: Message) -> None:
            if message["type"] == "http.response.start":
                headers = MutableHeaders(scope=message)
                for name, value in self._headers.items():
                    headers.setdefault(name, value)
            await send(message)

        most = self._limit(scope["path"])
        body: bytes | None = b""
        if most == self._most or await run_in_threadpool(self._known, HTTPConnection(scope)):
            body = await self._read(receive, most)
        if body is None:
            said = code_of(TooLarge), "一次发来的内容太大。请分几次发送。"
            refusal = problem(scope, 413, said)
            await refusal(scope, receive, dressed)
            return
        given = iter([{"type": "http.request", "body": body, "more_body": False}])

        async def replayed() -> Message:
            return next(given, None) or await receive()

        await self._app(scope, replayed, dressed)

    def _limit(self, path: str) -> int:
        return next((n for head, n in self._larger.items() if path.startswith(head)), self._most)

    async def _read(self, receive: Receive, most: int) -> bytes | None:
        """The whole body, or None as soon as it is too large."""
        parts: list[bytes] = []
        size = 0
        while True:
            message = await receive()
            if message["type"] == "http.disconnect":
                return b"".join(parts)
            part = message.get("body", b"")
            size += len(part)
            if size > most:
                return None
            parts.append(part)
            if not message.get("more_body", False):
                return b"".join(parts)
