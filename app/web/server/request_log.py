"""Counts and times every request, and logs it if the operator wants that."""

from time import perf_counter

from starlette.types import ASGIApp, Message, Receive, Scope, Send

from ..requests_and_responses.routing import PROBE, Routes
from .json_log import write
from .metrics import UNDER_WAY, count

UNKNOWN = "(none)"
"""The label of requests without a route. Their paths would make a time series for every made-up path."""

STREAM = (b"content-type", b"text/event-stream; charset=utf-8")
"""The header of an endless response."""


class RequestLog:
    """Middleware that counts requests and, if ``log`` is true, writes one line per request, without personal data."""

    def __init__(self, app: ASGIApp, routes: Routes, log: bool) -> None:
        self.app, self.routes, self.log = app, routes, log

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] == "http":
            await self._http(scope, receive, send)
        elif scope["type"] == "websocket":
            await self._websocket(scope, receive, send)
        else:
            await self.app(scope, receive, send)

    async def _http(self, scope: Scope, receive: Receive, send: Send) -> None:
        status, start, end = 500, perf_counter(), 0.0
        is_probe = self.routes.kind_of(scope) is PROBE  # before the app is called: a mount shortens the path

        def finish() -> None:
            nonlocal end
            if not end:
                end = perf_counter()
                UNDER_WAY.dec()

        async def send_and_time(message: Message) -> None:
            nonlocal status
            if message["type"] == "http.response.start":
                status = message["status"]
                if STREAM in message["headers"]:
                    finish()  # a stream takes as long as the lesson
            await send(message)

        UNDER_WAY.inc()
        try:
            await self.app(scope, receive, send_and_time)
        finally:
            finish()
            seconds, route = end - start, template(scope)
            count(route, status, seconds)
            if self.log and not is_probe:  # probes come every few seconds
                write(method=scope["method"], route=route, status=status, ms=round(1000 * seconds, 1))

    async def _websocket(self, scope: Scope, receive: Receive, send: Send) -> None:
        start = perf_counter()
        try:
            await self.app(scope, receive, send)
        finally:
            if self.log:
                write(method="WebSocket", route=template(scope), ms=round(1000 * (perf_counter() - start), 1))


def template(scope: Scope) -> str:
    """The route of a request as a template: ``/learn/{slug}``."""
    return getattr(scope.get("route"), "path", UNKNOWN)
