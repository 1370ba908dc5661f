"""Server-sent events, and the headers of responses that proxies must not buffer."""

from collections.abc import AsyncIterable

from starlette.responses import StreamingResponse
from starlette.types import Receive, Scope, Send

from .browser_caching import NO_STORE
from .media_types import EVENTS

UNBUFFERED = {"Cache-Control": NO_STORE, "X-Accel-Buffering": "no"}
"""Headers of responses that neither caches nor proxies may store or buffer. nginx sends them as they come."""

ENDLESS = "unrolled.endless"
"""An extension of ASGI of our protocol: a dictionary in the scope, not empty if the response has no end of its own."""


class EventStream(StreamingResponse):
    """Events that are sent for as long as the client listens: a server that stops closes the connection, and a browser
    opens it again."""

    def __init__(self, events: AsyncIterable[bytes | str]) -> None:
        super().__init__(events, media_type=EVENTS, headers=UNBUFFERED)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        scope.get("extensions", {}).get(ENDLESS, {})["begun"] = True
        await super().__call__(scope, receive, send)
