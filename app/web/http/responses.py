"""Responses: made in a worker thread, with the headers of caching, and sent in pieces."""

from asyncio import sleep
from collections.abc import Awaitable, Callable
from typing import Any

import orjson
from starlette.requests import Request
from starlette.responses import Response
from starlette.types import Receive, Scope, Send

from ...core.trace import StackTrace
from ...query.parsing import parse
from ...query.view import View
from ..server.held_bytes import check_room, sending
from ..server.token_bucket import asking
from .caching import caching_headers, not_modified
from .routing import route_of

PIECE = 2**16
"""Bytes that are compressed and sent in one go, in 2 to 4 ms, and that wait for a slow reader."""

LONG_QUERY = 2**12
"""Bytes of a query past which a page takes much longer: a hundred links may repeat its text."""


Work = Callable[[], Awaitable[bytes | str]]


async def respond(request: Request, work: Work, caching: str = "") -> Response:
    """The response to a valid request: its route says of what type it is, for how long it is fresh, unless ``caching``
    does, and under which name browsers save it. Where the client has it already this is 304, and no work is done."""
    route = route_of(request)
    headers = caching_headers(request, caching or route.caching)
    if known := not_modified(request, headers):
        return known
    if route.download and not route.inline:
        headers["Content-Disposition"] = f'attachment; filename="{route.download}"'
    return HeldResponse(await work(), media_type=route.media_type, headers=headers)


async def respond_at_once(request: Request, make: Callable[[], bytes | str], caching: str = "") -> Response:
    """What a worker thread makes at once."""
    return await respond(request, lambda: request.app.state.runner.quick(make), caching)


async def respond_in_turn(request: Request, make: Callable[[], bytes | str], queue: str = "small") -> Response:
    """What takes as long as a run, and waits in a queue with those."""
    return await respond(request, lambda: request.app.state.runner.in_turn(make, queue))


async def respond_with_run(
    request: Request, view: View, make: Callable[[StackTrace | None, str], bytes | str], queue: str = ""
) -> Response:
    """What is made of a run. Pages with a long query have a queue of their own."""
    queue = queue or ("long" if len(request.scope["query_string"]) > LONG_QUERY else "small")
    return await respond(request, lambda: request.app.state.runner.run(view, make, queue))


class ChunkedResponse(Response):
    """Compressed and sent piece by piece: between two of them others have their turn."""

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if len(self.body) <= PIECE:
            return await super().__call__(scope, receive, send)
        await send({"type": "http.response.start", "status": self.status_code, "headers": self.raw_headers})
        for end in range(PIECE, len(self.body) + PIECE, PIECE):
            piece = self.body[end - PIECE : end]
            await send({"type": "http.response.body", "body": piece, "more_body": end < len(self.body)})
            await sleep(0)


class HeldResponse(ChunkedResponse):
    """Its bytes are held for its client until they are sent."""

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        check_room(asking.get())
        with sending(asking.get(), len(self.body)):
            await super().__call__(scope, receive, send)


def json(value: Any) -> bytes:
    return orjson.dumps(value, option=orjson.OPT_SERIALIZE_NUMPY)


def view_of(request: Request) -> View:
    """The View that a request's query asks for. Pages ignore unknown names; others raise FieldError."""
    return parse(request.query_params.multi_items(), strict=not route_of(request).kind.is_page)
