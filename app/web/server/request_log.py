"""Every question is counted and timed, and where the operator wants it has a line in the log."""

from time import perf_counter

from starlette.types import ASGIApp, Message, Receive, Scope, Send

from ..http.routing import PROBE, Routes
from .json_log import write
from .metrics import UNDER_WAY, count

UNKNOWN = "(none)"
"""The route of what no route answers: a path that somebody made up would be a series of its own."""

STREAM = (b"content-type", b"text/event-stream; charset=utf-8")
"""The header of an answer that goes on and on."""


class RequestLog:
    def __init__(self, app: ASGIApp, routes: Routes, log: bool) -> None:
        self.app, self.routes, self.log = app, routes, log

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] == "http":
            await self._answer(scope, receive, send)
        elif scope["type"] == "websocket":
            await self._enter(scope, receive, send)
        else:
            await self.app(scope, receive, send)

    async def _answer(self, scope: Scope, receive: Receive, send: Send) -> None:
        status, begin, made = 500, perf_counter(), 0.0
        is_probe = self.routes.kind_of(scope) is PROBE  # asked now: a mount shortens the path

        def note_made() -> None:
            nonlocal made
            if not made:
                made = perf_counter()
                UNDER_WAY.dec()

        async def send_noting(message: Message) -> None:
            nonlocal status
            if message["type"] == "http.response.start":
                status = message["status"]
                if STREAM in message["headers"]:
                    note_made()  # what follows takes as long as the lesson
            await send(message)

        UNDER_WAY.inc()
        try:
            await self.app(scope, receive, send_noting)
        finally:
            note_made()
            seconds, route = made - begin, template(scope)
            count(route, status, seconds)
            if self.log and not is_probe:  # which comes every few seconds
                write(method=scope["method"], route=route, status=status, ms=round(1000 * seconds, 1))

    async def _enter(self, scope: Scope, receive: Receive, send: Send) -> None:
        begin = perf_counter()
        try:
            await self.app(scope, receive, send)
        finally:
            if self.log:
                write(method="WebSocket", route=template(scope), ms=round(1000 * (perf_counter() - begin), 1))


def template(scope: Scope) -> str:
    """The route that answered, as it is written: ``/learn/{slug}``."""
    return getattr(scope.get("route"), "path", UNKNOWN)
