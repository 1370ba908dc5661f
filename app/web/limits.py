"""What is refused before anything is read of it, and who asks."""

from cachetools import LRUCache
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from app.rooms.live import LONGEST
from app.web.addresses import names_a_host
from app.web.allowance import CLIENTS, Allowance, asking, client_of
from app.web.errors import http_error
from app.web.lanes import later
from app.web.prefix import own_path

LONGEST_ADDRESS = 2**15
"""Bytes of a path and its query. A text of 2,000 characters takes 24,000 where each is four bytes, percent-encoded."""

MOST_BODY = LONGEST
"""Bytes that may be sent with a request: nobody reads more than what is said in a room."""

OPENED, OPENED_RATE = 100, 1
"""Rooms that a client may open, at once and for each second."""

TRIED, TRIED_RATE = 100, 1
"""Codes of no room that a client may try, at once and for each second; the same code again is none of them, since a
class comes back to a room that is over. To guess one of 33 million takes years."""

SAID, SAID_RATE = 1000, 40
"""Messages that a client may send without a socket, at once and for each second: a class that answers, a teacher who
drags a slider."""

UNKNOWN_ROOM = (404, 4404)
"""How a room that there is not is answered, over HTTP and over a socket."""


class Limits:
    """Limits of addresses, of bodies, and of what a client may do with rooms."""

    def __init__(self, app: ASGIApp, for_clients: bool) -> None:
        def allowance(most: float, rate: float) -> Allowance:
            return Allowance(most, rate if for_clients else 0)

        self.app = app
        self._opened, self._tried = allowance(OPENED, OPENED_RATE), allowance(TRIED, TRIED_RATE)
        self._said = allowance(SAID, SAID_RATE)
        self._vain: LRUCache[tuple[str, str], bool] = LRUCache(CLIENTS)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] == "lifespan":
            return await self.app(scope, receive, send)
        client, path = client_of(scope), own_path(scope)
        asking.set(client)
        if fault := _fault(scope):
            return await _refuse(fault, scope, receive, send)
        if not path.startswith("/rooms"):
            return await self.app(scope, receive, send)
        allowances = [] if (client, path) in self._vain else [self._tried]
        if scope["type"] == "http" and scope["method"] == "POST":
            allowances.append(self._opened if path == "/rooms" else self._said)
        if wait := max((one.wait(client) for one in allowances), default=0.0):
            return await _refuse(later(429, wait), scope, receive, send)
        for one in allowances:
            if one is not self._tried:
                one.take(client, 1)

        async def watched(message: Message) -> None:
            if message.get("status", message.get("code")) in UNKNOWN_ROOM and (client, path) not in self._vain:
                self._vain[client, path] = True
                self._tried.take(client, 1)
            await send(message)

        await self.app(scope, receive, watched)


def _fault(scope: Scope) -> HTTPException | None:
    """What is too long or names no host, and then the connection is closed: nobody waits for the rest of it."""
    if len(scope.get("raw_path") or b"") + len(scope["query_string"]) > LONGEST_ADDRESS:
        return HTTPException(414, headers={"Connection": "close"})
    if not names_a_host(scope):
        return HTTPException(400, headers={"Connection": "close"})
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
