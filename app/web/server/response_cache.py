"""The response cache: a whole class may open the same link at once.

Every response with an ETag is a function of its URL and of a few request headers. It is cached as it was sent,
compressed and with all of its headers.
"""

from asyncio import Future, get_running_loop, shield, timeout
from hashlib import blake2b
from typing import Any

from cachetools import LRUCache
from starlette.datastructures import Headers
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from ..limits_and_timeouts import TRAINING_TIMEOUT
from ..requests_and_responses.client import current_client
from ..requests_and_responses.memory_budget import HELD, WAIT, check_room
from ..requests_and_responses.phone import is_phone
from ..requests_and_responses.refusals import CLIENT_CLOSED_REQUEST, later
from ..requests_and_responses.routing import Routes

KEY_HEADERS = ("host", "accept", "accept-encoding", "accept-language", "origin")
"""The request headers that a response may depend on, beside the URL and the visitor's device."""

UNCACHED_HEADERS = frozenset(("authorization", "range", "if-none-match", "if-modified-since"))
"""A request with one of these headers bypasses the cache."""

CachedResponse = tuple[Any, list[Message]]
"""The route of a response, and the response's messages."""

FAILED = (429, CLIENT_CLOSED_REQUEST, 503)
"""Statuses that concern one request only: the next one may succeed."""

TIMEOUT = 1.0
"""Seconds for which equal requests wait for the rest of a response that has begun."""


class ResponseCache:
    """An LRU cache of at most ``most`` bytes of responses, each at most a sixteenth of that.
    UNROLLED_RESPONSE_CACHE sets its size, with the default in app/settings.py.

    If equal requests come at the same time, only the first is passed on, and the others wait for its response. If that
    turns out not to be cacheable, all are passed on; if it failed, the next one is.
    """

    def __init__(self, app: ASGIApp, routes: Routes, most: int) -> None:
        self.app, self.routes = app, routes
        self._largest = most // 16
        self._cache: LRUCache[bytes, CachedResponse] = LRUCache(most, getsizeof=lambda cached: _size(cached[1]))
        self._pending: dict[bytes, Future[bool]] = {}

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        key = _key(scope)
        if key is None or self.routes.kind_of(scope).is_momentary:
            return await self.app(scope, receive, send)
        cacheable = True
        try:
            async with timeout(TRAINING_TIMEOUT):
                while cacheable and (pending := self._pending.get(key)):
                    cacheable = await shield(pending)
        except TimeoutError:
            raise later(503, WAIT) from None
        if cached := self._cache.get(key):
            return await _replay(cached, scope, send)
        if not cacheable:
            return await self.app(scope, receive, send)
        await self._pass_on(key, scope, receive, send)

    async def _pass_on(self, key: bytes, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass a request on to the app, and cache the response if possible."""
        pending = self._pending[key] = get_running_loop().create_future()

        def release(cacheable: bool) -> None:
            """Let the requests that wait for this response go on."""
            if not pending.done():
                del self._pending[key]
                pending.set_result(cacheable)

        messages: list[Message] = []
        is_cacheable = True

        async def send_and_cache(message: Message) -> None:
            nonlocal is_cacheable
            if is_cacheable:
                messages.append(_copy(message))
                is_cacheable = _is_good(messages[0]) and _size(messages) <= self._largest
                if message["type"] == "http.response.body":
                    if message.get("more_body"):
                        get_running_loop().call_later(TIMEOUT, release, True)  # a slow client does not block others
                    else:
                        if is_cacheable:
                            self._cache[key] = scope.get("route"), messages
                        release(True)
            if not is_cacheable:
                release(messages[0]["status"] in FAILED)
            await send(message)

        try:
            await self.app(scope, receive, send_and_cache)
        finally:
            release(True)  # does nothing if that was done


async def _replay(cached: CachedResponse, scope: Scope, send: Send) -> None:
    """Send a cached response. Its bytes are held until they are sent, even if the cache drops it meanwhile."""
    scope["route"], messages = cached  # for the metrics
    check_room(current_client.get())
    with HELD.holding(current_client.get(), _size(messages)):
        for message in messages:
            await send(_copy(message))


def _key(scope: Scope) -> bytes | None:
    """A hash of what a response depends on; None if the request bypasses the cache."""
    if (
        scope["type"] != "http"
        or scope["method"] != "GET"
        or UNCACHED_HEADERS & {name.decode() for name, _ in scope["headers"]}
    ):
        return None
    headers = Headers(scope=scope)
    url = (scope["scheme"], scope.get("app_root_path", ""), scope["path"], scope["query_string"])
    return blake2b(
        repr((*url, is_phone(headers), *map(headers.getlist, KEY_HEADERS))).encode(), digest_size=16
    ).digest()


def _copy(message: Message) -> Message:
    """A copy with its own list of headers, which the middleware around this one may change."""
    return {**message, "headers": list(message["headers"])} if "headers" in message else message


def _is_good(start: Message) -> bool:
    """Whether a response with this first message can be cached."""
    return start["status"] == 200 and any(name.lower() == b"etag" for name, _ in start["headers"])


def _size(messages: list[Message]) -> int:
    return sum(len(message.get("body", b"")) for message in messages) + 2048  # the headers, and Python's overhead
