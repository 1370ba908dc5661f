"""Limits: rejects requests before their body is read, and determines the client of each request."""

from asyncio import sleep
from collections import Counter
from collections.abc import Awaitable, Callable, Iterator
from contextlib import contextmanager, nullcontext
from hashlib import sha256
from math import inf
from time import monotonic

from cachetools import LRUCache
from starlette.datastructures import MutableHeaders
from starlette.exceptions import HTTPException
from starlette.requests import HTTPConnection, Request
from starlette.responses import Response
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from ...rooms.limits import CODES_TRIED, CODES_TRIED_RATE, MESSAGE_RATE, MESSAGES, ROOMS_OPENED, ROOMS_OPENED_RATE
from ...rooms.room_code import code_of
from ...translations.phrases import phrase
from ..limits_and_timeouts import (
    CONCURRENT_REQUESTS,
    LONGEST_ADDRESS,
    MOST_BODY,
    MOST_DISCARDED,
    MOST_FIELDS,
    PARSING_QUEUE,
    REJECTIONS,
    REJECTIONS_RATE,
    SLOW_QUERY,
)
from ..requests_and_responses.absolute_urls import own_path
from ..requests_and_responses.client import (
    arrival,
    client_of,
    current_client,
    disconnection_of,
    is_disconnected,
    never_disconnects,
)
from ..requests_and_responses.hosts import names_a_host
from ..requests_and_responses.memory_budget import CHARGE, HELD, check_room
from ..requests_and_responses.refusals import client_closed, later, too_large
from ..requests_and_responses.room_refusals import NO_ROOM
from ..requests_and_responses.routing import PROBE, ROOM, SCRIPT, STATIC, Routes
from .security_headers import headers_of
from .token_bucket import CLIENTS, TokenBuckets
from .work_queue import FairQueue

CHECK_INTERVAL = 0.5
"""Seconds between two checks whether a client that waits for a rejection is still connected."""

REFUSALS = (429, 503)

REQUEST = 2**14
"""Bytes that a waiting request needs, without its headers."""


CLOSE = {"Connection": "close"}

Refuse = Callable[[Request, Exception], Awaitable[Response]]
"""Makes the response to a rejected request."""

UNKNOWN_ROOM = (NO_ROOM.status, NO_ROOM.close_code)
"""The HTTP status and the WebSocket close code for a room that does not exist."""


def owner_of(connection: HTTPConnection) -> str:
    """A pseudonym of the client that opens a room: it is stored with the room, the IP address is not."""
    client = client_of(connection.scope)
    return sha256(client.encode()).hexdigest()[:16] if client else ""


class Limits:
    """Middleware with limits for URLs, bodies, concurrent requests and rooms. ``refuse`` makes the response to a
    rejected request."""

    def __init__(self, app: ASGIApp, routes: Routes, refuse: Refuse, for_clients: bool) -> None:
        def buckets(most: float, rate: float) -> TokenBuckets:
            return TokenBuckets(most, rate if for_clients else 0)

        self.app, self.routes, self.refuse = app, routes, refuse
        self._opened, self._tried = buckets(ROOMS_OPENED, ROOMS_OPENED_RATE), buckets(CODES_TRIED, CODES_TRIED_RATE)
        self._messages, self._refused = buckets(MESSAGES, MESSAGE_RATE), buckets(REJECTIONS, REJECTIONS_RATE)
        self._wrong: LRUCache[tuple[str, str], bool] = LRUCache(CLIENTS)
        self._trying: set[tuple[str, str]] = set()
        self._requests = Counter[tuple[str, bool]]()
        self._most_requests = CONCURRENT_REQUESTS if for_clients else inf
        self._reading = FairQueue(PARSING_QUEUE, 0.01)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] == "lifespan":
            return await self.app(scope, receive, send)
        client, kind = client_of(scope), self.routes.kind_of(scope)
        current_client.set(client)
        arrival.set(monotonic())
        is_disconnected.set(never_disconnects if has_body(scope) else disconnection_of(receive))
        for charge in scope.get("extensions", {}).get(CHARGE, {}).values():
            charge(client)
        is_about_rooms = kind is ROOM

        async def send_in_time(message: Message) -> None:
            if message.get("status") in REFUSALS and not is_about_rooms:
                await self._delay(client, message)
            await send(message)

        try:
            form = self.routes.forms.get(own_path(scope)) if scope.get("method") == "POST" else None
            check(scope, form.most if form else MOST_BODY)
            if kind is PROBE:
                return await self.app(scope, receive, send)
            check_room(client)
            is_file = kind in (STATIC, SCRIPT)
            with nullcontext() if is_file else self._under_way(client, is_about_rooms):
                if len(scope["query_string"]) > SLOW_QUERY:
                    async with self._reading.turn(client):
                        await sleep(0)  # between two long queries the event loop runs other callbacks
                        if await is_disconnected.get()():
                            raise client_closed()
                await (self._room_request if is_about_rooms else self.app)(scope, receive, send_in_time)
        except HTTPException as error:  # only from here and below: the app handles its own
            await self._refuse(error, scope, receive, send_in_time)

    async def _refuse(self, error: HTTPException, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] == "websocket":
            await receive()
            return await send({"type": "websocket.close", "code": 1008, "reason": ""})
        if error.status_code == 413:
            await discard_body(scope, receive)
        query = scope["query_string"]  # it names the language of the error, but may itself be too long
        request = Request({**scope, "query_string": query if len(query) <= SLOW_QUERY else b""})
        response = await self.refuse(request, error)
        response.headers.update(headers_of(self.routes.kind_of(scope)))
        await response(scope, receive, send)

    @contextmanager
    def _under_way(self, client: str, is_about_rooms: bool) -> Iterator[None]:
        """Count a request within the context. Raises HTTPException, 429, if a client has too many of the kind."""
        kind = client, is_about_rooms
        if client and self._requests[kind] >= self._most_requests:
            raise later(429, 1)
        self._requests[kind] += 1
        try:
            yield
        finally:
            self._requests[kind] -= 1
            if not self._requests[kind]:
                del self._requests[kind]  # forget clients without requests

    async def _delay(self, client: str, refusal: Message) -> None:
        """Delay the response to a client that is rejected repeatedly, as long as it is connected. If the client already
        holds too much memory, close its connection instead. ``refusal`` is the first message of the response."""
        wait = self._refused.wait(client)
        self._refused.take(client, 1)
        if wait and not HELD.is_within_share(client):
            MutableHeaders(scope=refusal)["Connection"] = "close"
            return
        with HELD.holding(client, REQUEST):
            while wait > 0 and not await is_disconnected.get()():
                await sleep(min(wait, CHECK_INTERVAL))
                wait -= CHECK_INTERVAL

    async def _room_request(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass on a request about rooms, within the limits of rooms. Raises HTTPException, 429."""
        client, code = current_client.get(), own_path(scope).split("/")[2:3]
        is_opening = not code
        if scope["type"] == "http" and scope["method"] != "POST":
            return await self.app(scope, receive, send)
        buckets = self._opened if is_opening else self._messages
        if wait := buckets.wait(client):
            raise later(429, wait)
        buckets.take(client, 1)
        if is_opening:
            await self.app(scope, receive, send)
        else:
            await self._try(client, code_of(code[0]), scope, receive, send)

    async def _try(self, client: str, code: str, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass on a request for a room. A code that the client has not tried counts as wrong until the room is found:
        otherwise many concurrent attempts would all pass. Raises HTTPException, 429."""
        attempt = client, code
        is_new = attempt not in self._wrong and attempt not in self._trying
        if is_new:
            if wait := self._tried.wait(client):
                raise later(429, wait)
            self._tried.take(client, 1)
            self._trying.add(attempt)

        def settle() -> None:
            if is_new and attempt in self._trying:
                self._trying.discard(attempt)
                self._tried.take(client, 0 if attempt in self._wrong else -1)

        async def send_and_settle(message: Message) -> None:
            if message.get("status", message.get("code")) in UNKNOWN_ROOM:
                self._wrong[attempt] = True
            if message["type"] != "websocket.accept":
                settle()
            await send(message)

        try:
            await self.app(scope, receive, send_and_settle)
        finally:
            settle()


def has_body(scope: Scope) -> bool:
    """Whether the app receives messages. Then nothing else may receive, since the app would miss that message."""
    return bool(scope["type"] == "websocket" or scope["method"] == "POST")


def check(scope: Scope, most_body: int = MOST_BODY) -> None:
    """Raises HTTPException if a URL or body is too long or there is no valid host. The connection is then closed: of
    the rest of the request, at most ``MOST_DISCARDED`` bytes are read."""
    query, headers = scope["query_string"], dict(scope["headers"])
    length = headers.get(b"content-length", b"0")
    if len(scope.get("raw_path") or b"") + len(query) > LONGEST_ADDRESS:
        raise HTTPException(414, headers=CLOSE)
    if query.count(b"&") >= MOST_FIELDS:
        raise HTTPException(400, phrase("A query may have at most {most} fields", most=MOST_FIELDS), headers=CLOSE)
    if not names_a_host(scope):
        raise HTTPException(400, headers=CLOSE)
    if not length.isdigit() or len(length) > 9 or int(length) > most_body:
        raise too_large(most_body, CLOSE)
    if b"transfer-encoding" in headers:
        raise HTTPException(411, headers=CLOSE)


async def discard_body(scope: Scope, receive: Receive) -> None:
    """Read a body and keep nothing of it, unless it is larger than ``MOST_DISCARDED`` or the client waits for the
    response before it sends the body."""
    headers = dict(scope["headers"])
    length = headers[b"content-length"]
    if b"expect" in headers or not length.isdigit() or len(length) > 9 or int(length) > MOST_DISCARDED:
        return
    while (message := await receive())["type"] == "http.request" and message.get("more_body"):
        pass
