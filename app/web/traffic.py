"""Every question is counted and timed, and where the operator wants it has a line in the log."""

from contextlib import ExitStack
from time import perf_counter

from starlette.types import ASGIApp, Message, Receive, Scope, Send

from app.web.log import write
from app.web.metrics import UNDER_WAY, count, member

UNKNOWN = "(none)"
"""The route of what no route answers: a path that somebody made up would be a series of its own."""

PROBES = ("/healthz", "/readyz", "/metrics")
"""Asked every few seconds: counted, and left out of the log."""


class Traffic:
    def __init__(self, app: ASGIApp, log: bool) -> None:
        self.app, self.log = app, log

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] == "http":
            await self._answer(scope, receive, send)
        elif scope["type"] == "websocket":
            await self._enter(scope, receive, send)
        else:
            await self.app(scope, receive, send)

    async def _answer(self, scope: Scope, receive: Receive, send: Send) -> None:
        status, begin = 500, perf_counter()

        async def send_noting(message: Message) -> None:
            nonlocal status
            if message["type"] == "http.response.start":
                status = message["status"]
            await send(message)

        UNDER_WAY.inc()
        try:
            await self.app(scope, receive, send_noting)
        finally:
            UNDER_WAY.dec()
            seconds, route = perf_counter() - begin, template(scope)
            count(route, status, seconds)
            if self.log and route not in PROBES:
                write(method=scope["method"], route=route, status=status, ms=round(1000 * seconds, 1))

    async def _enter(self, scope: Scope, receive: Receive, send: Send) -> None:
        begin = perf_counter()
        with ExitStack() as entered:

            async def send_noting(message: Message) -> None:
                if message["type"] == "websocket.accept":
                    entered.enter_context(member(scope.get("path_params", {}).get("code", "")))
                await send(message)

            try:
                await self.app(scope, receive, send_noting)
            finally:
                if self.log:
                    write(method="WebSocket", route=template(scope), ms=round(1000 * (perf_counter() - begin), 1))


def template(scope: Scope) -> str:
    """The route that answered, as it is written: ``/learn/{slug}``."""
    return getattr(scope.get("route"), "path", UNKNOWN)
