"""Responses: made in a worker thread, with the headers of caching, and sent in pieces."""

from asyncio import sleep
from collections.abc import Callable
from typing import Any

import orjson
from starlette.requests import Request
from starlette.responses import Response
from starlette.types import Receive, Scope, Send

from app.core.stack import StackTrace
from app.query.parsing import parse
from app.query.view import View
from app.web.http.caching import FOR_A_WHILE, caching_headers, unchanged
from app.web.server.held_bytes import check_room, sending
from app.web.server.token_bucket import asking

JSON, SVG, HTML, CSS = "application/json", "image/svg+xml", "text/html; charset=utf-8", "text/css; charset=utf-8"
PNG, PDF = "image/png", "application/pdf"
PYTHON, BINARY = "text/x-python; charset=utf-8", "application/octet-stream"
CSV = "text/csv; charset=utf-8; header=present"
TEXT = "text/plain; charset=utf-8"

PIECE = 2**16
"""Bytes that are compressed and sent in one go, in 2 to 4 ms, and that wait for a slow reader."""

LONG_QUERY = 2**12
"""Bytes of a query past which a page takes much longer: a hundred links may repeat its text."""


async def answer(
    request: Request, media_type: str, make: Callable[[], bytes | str], caching: str = FOR_A_WHILE
) -> Response:
    """The response to a valid request, made in a worker thread; or 304 where the client has it, and nothing is made."""
    if known := unchanged(request, caching):
        return known
    return fresh(request, media_type, await request.app.state.runner.quick(make), caching)


async def executed(
    request: Request,
    view: View,
    media_type: str,
    make: Callable[[StackTrace | None, str], bytes | str],
    caching: str = FOR_A_WHILE,
) -> Response:
    """The same of what a run has to be executed for."""
    if known := unchanged(request, caching):
        return known
    kind = "long" if len(request.scope["query_string"]) > LONG_QUERY else "small"
    return fresh(request, media_type, await request.app.state.runner.run(view, make, kind), caching)


def fresh(request: Request, media_type: str, body: bytes | str, caching: str = FOR_A_WHILE) -> Response:
    """The answer for a client that was asked already whether it has it, see ``unchanged``."""
    return Counted(body, media_type=media_type, headers=caching_headers(request, caching))


class InPieces(Response):
    """Compressed and sent piece by piece: between two of them others have their turn."""

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if len(self.body) <= PIECE:
            return await super().__call__(scope, receive, send)
        await send({"type": "http.response.start", "status": self.status_code, "headers": self.raw_headers})
        for end in range(PIECE, len(self.body) + PIECE, PIECE):
            piece = self.body[end - PIECE : end]
            await send({"type": "http.response.body", "body": piece, "more_body": end < len(self.body)})
            await sleep(0)


class Counted(InPieces):
    """Its bytes are held for its client until they are sent."""

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        check_room(asking.get())
        with sending(asking.get(), len(self.body)):
            await super().__call__(scope, receive, send)


def json(value: Any) -> bytes:
    return orjson.dumps(value, option=orjson.OPT_SERIALIZE_NUMPY)


def view_of(request: Request, strict: bool) -> View:
    """The View that a request's query asks for. Raises FieldError."""
    return parse(request.query_params.multi_items(), strict)
