"""Answers that are a function of the URL: an ETag without computing them, caching for everyone."""

import re
from asyncio import sleep
from collections.abc import Callable
from functools import cache
from hashlib import blake2b
from pathlib import Path
from typing import Any

import orjson
from starlette.requests import Request
from starlette.responses import Response
from starlette.types import Receive, Scope, Send

from app import __version__
from app.core.stack import StackTrace
from app.query.field_types import FieldError
from app.query.view import View, parse
from app.web.server.held_bytes import check_room, sending
from app.web.server.token_bucket import asking

PACKAGE = Path(__file__).parents[2]
ROOT = PACKAGE if (PACKAGE / "templates").is_dir() else PACKAGE.parent
"""Where templates and static files lie: inside the package where it is installed, beside it in a checkout."""

FOR_A_WHILE = "public, max-age=300"
CHECKED = "no-cache"
"""Kept, but asked for again each time: a page must not outlive the build whose scripts and styles it names."""
FOR_EVER = "public, max-age=31536000, immutable"

JSON, SVG, HTML, CSS = "application/json", "image/svg+xml", "text/html; charset=utf-8", "text/css; charset=utf-8"
PNG, PDF = "image/png", "application/pdf"
PYTHON, BINARY = "text/x-python; charset=utf-8", "application/octet-stream"
CSV = "text/csv; charset=utf-8; header=present"
TEXT = "text/plain; charset=utf-8"

PIECE = 2**16
"""Bytes that are compressed and sent in one go, in 2 to 4 ms, and that wait for a slow reader."""

LONG_QUERY = 2**12
"""Bytes of a query past which a page takes much longer: a hundred links may repeat its text."""


@cache
def build() -> str:
    """A short mark of this very version of the code, templates and static files: it changes when any of them does."""
    mark = blake2b(__version__.encode(), digest_size=6)
    for folder in (PACKAGE, ROOT / "templates", ROOT / "static"):
        for path in sorted(folder.rglob("*")):
            if path.is_file() and "__pycache__" not in path.parts:
                mark.update(str(path.relative_to(folder)).encode() + path.read_bytes())
    return mark.hexdigest()


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
    return Counted(body, media_type=media_type, headers=_headers(request, caching))


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


def unchanged(request: Request, caching: str = FOR_A_WHILE) -> Response | None:
    """304 where the client has the answer to this valid question already. Asked before anything is executed."""
    headers = _headers(request, caching)
    known = ", ".join(request.headers.getlist("If-None-Match"))
    if known.strip() == "*" or headers["ETag"].removeprefix("W/") in re.findall(r'"[^"]*"', known):
        vary = ", ".join(filter(None, ("Accept-Encoding", headers.get("Vary"))))
        return Response(status_code=304, headers={**headers, "Vary": vary})
    return None


def _headers(request: Request, caching: str) -> dict[str, str]:
    """The tag covers all that an answer depends on: the address with its host and prefix, which links may repeat, the
    language where the answer has words, and the settings."""
    scope, headers = request.scope, request.headers
    at = scope["scheme"], headers.get("Host"), scope.get("app_root_path", ""), scope["path"], scope["query_string"]
    language, vary = "", {}
    if caching == CHECKED:  # the words of a page may go by its visitor
        language = ",".join(headers.getlist("Accept-Language"))
        vary = {"Vary": "Accept-Language"}
    depends = repr((at, language, request.app.state.runner.budget, request.app.state.stands)).encode()
    tag = f'W/"{build()}-{blake2b(depends, digest_size=8).hexdigest()}"'
    return {"ETag": tag, "Cache-Control": caching, **vary}


def json(value: Any) -> bytes:
    return orjson.dumps(value, option=orjson.OPT_SERIALIZE_NUMPY)


def view_of(request: Request, strict: bool) -> View:
    """The View that a request's query asks for. Raises FieldError."""
    return parse(request.query_params.multi_items(), strict)


def refusal(error: FieldError) -> Response:
    """422 with what is wrong and what would be right."""
    body = {"field": error.field, "value": error.value, "message": error.message, "allowed": error.allowed}
    return Response(json({"error": body}), status_code=422, media_type=JSON)
