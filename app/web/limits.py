"""What is refused before anything is read of it, and which client asks."""

from asyncio import sleep
from collections import Counter
from hashlib import sha256
from math import inf

from cachetools import LRUCache
from starlette.exceptions import HTTPException
from starlette.requests import HTTPConnection, Request
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from app.rooms.room import LONGEST, code_of
from app.web.addresses import names_a_host
from app.web.allowance import CLIENTS, Allowance, asking, client_of, is_gone, watching
from app.web.errors import http_error
from app.web.headers import headers_of
from app.web.lanes import later
from app.web.memory import HELD, WAIT
from app.web.prefix import own_path
from app.web.traffic import PROBES

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
"""Times that a client may enter a room, or send a message without a socket, at once and for each second: a class that
answers, a teacher who drags a slider."""

REFUSED, REFUSED_RATE = 20, 5
"""Refusals that a client is told of at once, and for each second. Past it they come later: a client that asks again
without a pause would keep the event loop busy with nothing else."""

REFUSALS = (429, 503)

REQUEST = 2**14
"""Bytes that a request takes while it waits, without its address."""

UNDER_WAY = 1000
"""Requests about rooms that a client may have under way, sockets among them: a lecture hall behind one router."""

UNKNOWN_ROOM = (404, 4404)
"""How a room that there is not is answered, over HTTP and over a socket."""


def owner_of(connection: HTTPConnection) -> str:
    """A name for the client that opens a room: rooms are kept with it, an address is not."""
    client = client_of(connection.scope)
    return sha256(client.encode()).hexdigest()[:16] if client else ""


class Limits:
    """Limits of addresses, of bodies, and of what a client may do with rooms."""

    def __init__(self, app: ASGIApp, for_clients: bool) -> None:
        def allowance(most: float, rate: float) -> Allowance:
            return Allowance(most, rate if for_clients else 0)

        self.app = app
        self._opened, self._tried = allowance(OPENED, OPENED_RATE), allowance(TRIED, TRIED_RATE)
        self._said, self._refused = allowance(SAID, SAID_RATE), allowance(REFUSED, REFUSED_RATE)
        self._vain: LRUCache[tuple[str, str], bool] = LRUCache(CLIENTS)
        self._trying: set[tuple[str, str]] = set()
        self._held = Counter[str]()
        self._most_held = UNDER_WAY if for_clients else inf

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] == "lifespan":
            return await self.app(scope, receive, send)
        client, path = client_of(scope), own_path(scope)
        asking.set(client)
        is_gone.set(watching(receive))
        if path == "/rooms" or path.startswith("/rooms/"):
            return await self._answer_room(client, path, scope, receive, send)

        async def send_in_time(message: Message) -> None:
            if message.get("status") in REFUSALS:
                await self._delay(client, scope)
            await send(message)

        if fault := _fault(scope) or _full(client, path):
            return await _refuse(fault, scope, receive, send_in_time)
        try:
            await self.app(scope, receive, send_in_time)
        except HTTPException as refused:  # of the cache: the app answers its own
            await _refuse(refused, scope, receive, send_in_time)

    async def _delay(self, client: str, scope: Scope) -> None:
        """Let a client wait that is refused again and again."""
        wait = self._refused.wait(client)
        self._refused.take(client, 1)
        if wait:
            with HELD.holding(client, len(scope["query_string"]) + REQUEST):
                await sleep(wait)

    async def _answer_room(self, client: str, path: str, scope: Scope, receive: Receive, send: Send) -> None:
        """A request about rooms, which has limits of its own and whose refusals come at once."""
        if fault := _fault(scope) or _full(client, path):
            return await _refuse(fault, scope, receive, send)
        is_opening = path == "/rooms"
        if scope["type"] == "http" and scope["method"] != "POST":
            return await self.app(scope, receive, send)
        allowance = self._opened if is_opening else self._said
        if wait := allowance.wait(client) or self._wait_held(client):
            return await _refuse(later(429, wait), scope, receive, send)
        allowance.take(client, 1)
        self._held[client] += 1
        try:
            if is_opening:
                await self.app(scope, receive, send)
            else:
                await self._try(client, code_of(path.split("/")[2]), scope, receive, send)
        finally:
            self._held[client] -= 1
            self._held += Counter()  # a client that holds nothing is forgotten

    def _wait_held(self, client: str) -> float:
        """Seconds until a client with too much under way may try again."""
        return 1.0 if client and self._held[client] >= self._most_held else 0.0

    async def _try(self, client: str, code: str, scope: Scope, receive: Receive, send: Send) -> None:
        """A code that is new for its client counts as wrong until the room is found: otherwise many tries at once would
        all be let through."""
        attempt = client, code
        is_new = attempt not in self._vain and attempt not in self._trying
        if is_new:
            if wait := self._tried.wait(client):
                return await _refuse(later(429, wait), scope, receive, send)
            self._tried.take(client, 1)
            self._trying.add(attempt)

        def settle() -> None:
            if is_new and attempt in self._trying:
                self._trying.discard(attempt)
                self._tried.take(client, 0 if attempt in self._vain else -1)

        async def watched(message: Message) -> None:
            if message.get("status", message.get("code")) in UNKNOWN_ROOM:
                self._vain[attempt] = True
            if message["type"] != "websocket.accept":
                settle()
            await send(message)

        try:
            await self.app(scope, receive, watched)
        finally:
            settle()


def _full(client: str, path: str) -> HTTPException | None:
    """Whether too much is held for this client, or for all of them. Probes are answered all the same."""
    return None if HELD.has_room(client) or path in PROBES else later(503, WAIT)


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
    answer.headers.update(headers_of(own_path(scope)))
    await answer(scope, receive, send)
