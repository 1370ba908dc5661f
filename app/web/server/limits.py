"""What is refused before anything is read of it, and which client asks."""

from asyncio import sleep
from collections import Counter
from collections.abc import Awaitable, Callable, Iterator
from contextlib import contextmanager, nullcontext
from hashlib import sha256
from math import inf

from cachetools import LRUCache
from starlette.datastructures import MutableHeaders
from starlette.exceptions import HTTPException
from starlette.requests import HTTPConnection, Request
from starlette.responses import Response
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from ...query.fields import LONGEST_TEXT
from ...rooms.messages import LONGEST_MESSAGE
from ...rooms.rate_limit import RATE
from ...rooms.room import code_of
from ...translations.phrases import phrase
from ..http.links import names_a_host, own_path
from ..http.routing import LIVE, PROBE, SCRIPT, STATIC, Routes
from .held_bytes import CHARGE, HELD, check_room
from .refusals import client_closed, later
from .security_headers import headers_of
from .token_bucket import CLIENTS, TokenBuckets, asking, client_of, is_gone, stays, watching
from .work_queue import FairQueue

LONGEST_ADDRESS = 1 << (12 * LONGEST_TEXT).bit_length()
"""Bytes of a path and its query: the next power of two after what a text takes whose characters are four bytes each,
percent-encoded. 32 KB."""

MOST_FIELDS = 100
"""Fields of a query: the app knows half as many, and others are added by mail programs."""

SLOW_QUERY = 2**10
"""Bytes of a query past which parsing it takes the event loop a millisecond or more."""

MOST_BODY = LONGEST_MESSAGE
"""Bytes that may be sent with a request: nobody reads more than what is said in a room."""

OPENED, OPENED_RATE = 100, 1
"""Rooms that a client may open, at once and for each second."""

TRIED, TRIED_RATE = 100, 1
"""Codes of no room that a client may try, at once and for each second; the same code again is none of them, since a
class comes back to a room that is over. To guess one of 33 million takes years."""

SAID = 1000
"""Times that a client may enter a room, or send a message without a socket, at once, and RATE for each second: a class
that answers, a teacher who drags a slider."""

REFUSED, REFUSED_RATE = 20, 5
"""Refusals that a client is told of at once, and for each second. Past it they come later: a client that asks again
without a pause would keep the event loop busy with nothing else."""

LOOK = 0.5
"""Seconds between two checks whether a client that waits for a refusal is still connected."""

REFUSALS = (429, 503)

REQUEST = 2**14
"""Bytes that a waiting request takes, without its head."""

UNDER_WAY = 1000
"""Requests that a client may have under way, and as many about rooms, sockets among them: a lecture hall behind one
router."""

READ_QUEUE = 2 * UNDER_WAY
"""Long queries that may wait to be parsed: when a lecture hall opens one long link, nobody else is refused."""

CLOSE = {"Connection": "close"}

Refuse = Callable[[Request, Exception], Awaitable[Response]]
"""Makes the response to a request that is refused."""

UNKNOWN_ROOM = (404, 4404)
"""How a room that there is not is answered, over HTTP and over a socket."""


def owner_of(connection: HTTPConnection) -> str:
    """A name for the client that opens a room: rooms are kept with it, an address is not."""
    client = client_of(connection.scope)
    return sha256(client.encode()).hexdigest()[:16] if client else ""


class Limits:
    """Limits of addresses, of bodies, and of what a client may do with rooms. ``refuse`` makes the response to what is
    refused."""

    def __init__(self, app: ASGIApp, routes: Routes, refuse: Refuse, for_clients: bool) -> None:
        def buckets(most: float, rate: float) -> TokenBuckets:
            return TokenBuckets(most, rate if for_clients else 0)

        self.app, self.routes, self.refuse = app, routes, refuse
        self._opened, self._tried = buckets(OPENED, OPENED_RATE), buckets(TRIED, TRIED_RATE)
        self._said, self._refused = buckets(SAID, RATE), buckets(REFUSED, REFUSED_RATE)
        self._vain: LRUCache[tuple[str, str], bool] = LRUCache(CLIENTS)
        self._trying: set[tuple[str, str]] = set()
        self._held = Counter[tuple[str, bool]]()
        self._most_held = UNDER_WAY if for_clients else inf
        self._reading = FairQueue(READ_QUEUE, 0.01)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] == "lifespan":
            return await self.app(scope, receive, send)
        client, kind = client_of(scope), self.routes.kind_of(scope)
        asking.set(client)
        is_gone.set(stays if has_body(scope) else watching(receive))
        for charge in scope.get("extensions", {}).get(CHARGE, {}).values():
            charge(client)
        is_about_rooms = kind is LIVE

        async def send_in_time(message: Message) -> None:
            if message.get("status") in REFUSALS and not is_about_rooms:
                await self._delay(client, message)
            await send(message)

        try:
            check(scope)
            if kind is PROBE:
                return await self.app(scope, receive, send)
            check_room(client)
            is_file = kind in (STATIC, SCRIPT)
            with nullcontext() if is_file else self._under_way(client, is_about_rooms):
                if len(scope["query_string"]) > SLOW_QUERY:
                    async with self._reading.turn(client):
                        await sleep(0)  # between two long queries the event loop runs other callbacks
                        if await is_gone.get()():
                            raise client_closed()
                await (self._answer_room if is_about_rooms else self.app)(scope, receive, send_in_time)
        except HTTPException as refused:  # the app answers its own
            await self._refuse(refused, scope, receive, send_in_time)

    async def _refuse(self, fault: HTTPException, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] == "websocket":
            await receive()
            return await send({"type": "websocket.close", "code": 1008, "reason": ""})
        query = scope["query_string"]  # it may be what is too long, and says in which language the rest is wanted
        request = Request({**scope, "query_string": query if len(query) <= SLOW_QUERY else b""})
        answer = await self.refuse(request, fault)
        answer.headers.update(headers_of(self.routes.kind_of(scope)))
        await answer(scope, receive, send)

    @contextmanager
    def _under_way(self, client: str, is_about_rooms: bool) -> Iterator[None]:
        """Count a request. Raises HTTPException, 429, where a client has too many of the kind."""
        kind = client, is_about_rooms
        if client and self._held[kind] >= self._most_held:
            raise later(429, 1)
        self._held[kind] += 1
        try:
            yield
        finally:
            self._held[kind] -= 1
            if not self._held[kind]:
                del self._held[kind]  # a client that has nothing under way is forgotten

    async def _delay(self, client: str, refusal: Message) -> None:
        """Delay the response to a client that is refused repeatedly, while it stays connected. If it already holds too
        much memory, close its connection instead. ``refusal`` is the first message of the response."""
        wait = self._refused.wait(client)
        self._refused.take(client, 1)
        if wait and not HELD.is_within_share(client):
            MutableHeaders(scope=refusal)["Connection"] = "close"
            return
        with HELD.holding(client, REQUEST):
            while wait > 0 and not await is_gone.get()():
                await sleep(min(wait, LOOK))
                wait -= LOOK

    async def _answer_room(self, scope: Scope, receive: Receive, send: Send) -> None:
        """A request about rooms, which has limits of its own. Raises HTTPException, 429."""
        client, code = asking.get(), own_path(scope).split("/")[2:3]
        is_opening = not code
        if scope["type"] == "http" and scope["method"] != "POST":
            return await self.app(scope, receive, send)
        buckets = self._opened if is_opening else self._said
        if wait := buckets.wait(client):
            raise later(429, wait)
        buckets.take(client, 1)
        if is_opening:
            await self.app(scope, receive, send)
        else:
            await self._try(client, code_of(code[0]), scope, receive, send)

    async def _try(self, client: str, code: str, scope: Scope, receive: Receive, send: Send) -> None:
        """A code that is new for its client counts as wrong until the room is found: otherwise many tries at once would
        all be let through. Raises HTTPException, 429."""
        attempt = client, code
        is_new = attempt not in self._vain and attempt not in self._trying
        if is_new:
            if wait := self._tried.wait(client):
                raise later(429, wait)
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


def has_body(scope: Scope) -> bool:
    """Whether the app receives messages. Then nothing else may receive: that message would be lost to the app."""
    return bool(scope["type"] == "websocket" or scope["method"] == "POST")


def check(scope: Scope) -> None:
    """Raises HTTPException for what is too long or names no host. Then the connection is closed: nobody waits for the
    rest of the request."""
    query, headers = scope["query_string"], dict(scope["headers"])
    length = headers.get(b"content-length", b"0")
    if len(scope.get("raw_path") or b"") + len(query) > LONGEST_ADDRESS:
        raise HTTPException(414, headers=CLOSE)
    if query.count(b"&") >= MOST_FIELDS:
        raise HTTPException(400, phrase("a query has at most {most} fields", most=MOST_FIELDS), headers=CLOSE)
    if not names_a_host(scope):
        raise HTTPException(400, headers=CLOSE)
    if not length.isdigit() or len(length) > 9 or int(length) > MOST_BODY:
        raise HTTPException(413, headers=CLOSE)
    if b"transfer-encoding" in headers:
        raise HTTPException(411, headers=CLOSE)
