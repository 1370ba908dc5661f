"""Responses: computed in a worker thread, with caching headers, and sent in chunks."""

from asyncio import sleep
from collections.abc import Awaitable, Callable
from typing import Any

import orjson
from starlette.requests import Request
from starlette.responses import Response
from starlette.types import Receive, Scope, Send

from ...core.trace import StackTrace
from ...url_state.parsing import parse
from ...url_state.url_state import UrlState
from .browser_caching import caching_headers, not_modified
from .client import current_client
from .memory_budget import check_room, sending
from .routing import route_of

CHUNK = 2**16
"""Bytes that are compressed and sent at once, which takes 2 to 4 ms, and that are buffered for a slow client."""

LONG_QUERY = 2**12
"""Bytes of a query above which a page takes much longer: a hundred links may repeat its text."""

Work = Callable[[], Awaitable[bytes | str]]
"""Computes the body of a response."""


async def respond(
    request: Request, work: Work, caching: str = "", media_type: str = "", state: UrlState | None = None
) -> Response:
    """The response to a valid request. The request's route defines the media type and the Cache-Control unless they are
    given, and the file name of a download. If the client already has the response, this is 304 and ``work`` is not
    called. ``state``: a UrlState that may show a trained network, for which the response waits first: see
    ``TrainingQueue.result``."""
    route = route_of(request)
    headers = caching_headers(request, caching or route.caching)
    if response := not_modified(request, headers):
        return response
    if route.download and not route.inline:
        headers["Content-Disposition"] = f'attachment; filename="{route.download}"'
    trained = await request.app.state.runner.trainings.result(state) if state and state.trained else None
    body = await work()
    del trained  # held until now, so that ``work`` finds it
    return HeldResponse(body, media_type=media_type or route.media_type, headers=headers)


async def respond_at_once(
    request: Request,
    make: Callable[[], bytes | str],
    caching: str = "",
    media_type: str = "",
    state: UrlState | None = None,
) -> Response:
    """A response that takes a worker thread milliseconds: it does not wait for runs."""
    return await respond(request, lambda: request.app.state.runner.quick(make), caching, media_type, state)


async def respond_in_turn(
    request: Request, make: Callable[[], bytes | str], queue: str = "small", state: UrlState | None = None
) -> Response:
    """A response that takes as long as a run, and waits in a queue with runs."""
    return await respond(request, lambda: request.app.state.runner.in_turn(make, queue), state=state)


SHORT_QUERY = 2**9
"""Bytes of a query about a model that takes milliseconds."""


async def respond_by_length(
    request: Request, make: Callable[[], bytes | str], state: UrlState | None = None
) -> Response:
    """A response about a model. That about a long one does not delay short ones."""
    return await respond_in_turn(request, make, queue_by_length(request), state)


def queue_by_length(request: Request) -> str:
    """The queue for a request about a model: long ones have their own."""
    return "quick" if len(request.scope["query_string"]) <= SHORT_QUERY else "long"


async def respond_with_run(
    request: Request, state: UrlState, make: Callable[[StackTrace | None, str], bytes | str], queue: str = ""
) -> Response:
    """A response that needs a run. ``make`` gets the trace and "", or None and the reason why nothing was executed.
    Pages with a long query have a queue of their own."""
    queue = queue or ("long" if len(request.scope["query_string"]) > LONG_QUERY else "small")
    return await respond(request, lambda: request.app.state.runner.run(state, make, queue), state=state)


class ChunkedResponse(Response):
    """Compressed and sent in chunks: between two chunks the event loop serves other requests."""

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if len(self.body) <= CHUNK:
            return await super().__call__(scope, receive, send)
        await send({"type": "http.response.start", "status": self.status_code, "headers": self.raw_headers})
        for end in range(CHUNK, len(self.body) + CHUNK, CHUNK):
            chunk = self.body[end - CHUNK : end]
            await send({"type": "http.response.body", "body": chunk, "more_body": end < len(self.body)})
            await sleep(0)


class HeldResponse(ChunkedResponse):
    """A response whose bytes count as held for its client until they are sent."""

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        check_room(current_client.get())
        with sending(current_client.get(), len(self.body)):
            await super().__call__(scope, receive, send)


def json(value: Any, default: Callable[[Any], Any] | None = None) -> bytes:
    """A value as JSON, NumPy arrays included. ``default`` converts values of other types."""
    return orjson.dumps(value, default, orjson.OPT_SERIALIZE_NUMPY)


def url_state_of(request: Request) -> UrlState:
    """The UrlState that a request's query describes. Raises FieldError, also for unknown names unless it is a page."""
    return parse(request.query_params.multi_items(), strict=not route_of(request).kind.is_page)
