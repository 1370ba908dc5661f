"""What is refused before anything is read of it, and who asks."""

from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from app.rooms.live import LONGEST
from app.web.allowance import Allowance, asking, client_of
from app.web.errors import http_error
from app.web.lanes import later
from app.web.prefix import own_path

LONGEST_ADDRESS = 2**15
"""Bytes of a path and its query. A text of 2,000 characters takes 24,000 where each is four bytes, percent-encoded."""

MOST_BODY = LONGEST
"""Bytes that may be sent with a request: nobody reads more than what is said in a room."""

TRIES, TRIES_RATE = 100, 1
"""Rooms that a client may open, or seek in vain, at once and for each second. A class may mistype its code; to guess
one of 33 million takes years."""

UNKNOWN_ROOM = (404, 4404)
"""How a room that there is not is answered, over HTTP and over a socket."""


class Limits:
    """Limits of addresses, of bodies, and of how often a client tries to get into rooms."""

    def __init__(self, app: ASGIApp, tries: bool) -> None:
        self.app = app
        self._tries = Allowance(TRIES, TRIES_RATE if tries else 0)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] == "lifespan":
            return await self.app(scope, receive, send)
        client = client_of(scope)
        asking.set(client)
        if fault := _fault(scope):
            return await _refuse(fault, scope, receive, send)
        if not own_path(scope).startswith("/rooms"):
            return await self.app(scope, receive, send)
        if wait := self._tries.wait(client):
            return await _refuse(later(429, wait), scope, receive, send)
        if scope["type"] == "http" and scope["method"] == "POST" and own_path(scope) == "/rooms":
            self._tries.take(client, 1)

        async def watched(message: Message) -> None:
            if message.get("status", message.get("code")) in UNKNOWN_ROOM:
                self._tries.take(client, 1)
            await send(message)

        await self.app(scope, receive, watched)


def _fault(scope: Scope) -> HTTPException | None:
    """What is too long, and then the connection is closed: nobody waits for the rest of it."""
    if len(scope.get("raw_path") or b"") + len(scope["query_string"]) > LONGEST_ADDRESS:
        return HTTPException(414, headers={"Connection": "close"})
    headers = dict(scope["headers"])
    length = headers.get(b"content-length", b"0")
    if not length.isdigit() or len(length) > 9 or int(length) > MOST_BODY:
        return HTTPException(413, headers={"Connection": "close"})
    if b"transfer-encoding" in headers:
        return HTTPException(411, headers={"Connection": "close"})
    return None


async def _refuse(fault: HTTPException, scope: Scope, receive: Receive, send: Send) -> None:
    if scope["type"] == "websocket":
        await receive()
        return await send({"type": "websocket.close", "code": 1008, "reason": ""})
    request = Request({**scope, "query_string": b""})  # it may be what is too long
    answer = await http_error(request, fault)
    await answer(scope, receive, send)
