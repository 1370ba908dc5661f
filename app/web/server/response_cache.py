"""The response cache: a class opens one link, all at once.

Every response with a tag is a function of its address and of a few headers, so the copy is the response. It is cached
as it was sent, compressed, with all of its headers.
"""

from asyncio import Future, get_running_loop, shield
from hashlib import blake2b
from typing import Any

from cachetools import LRUCache
from starlette.datastructures import Headers
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from ..http.routing import Routes
from .held_bytes import HELD, check_room
from .refusals import CLIENT_CLOSED_REQUEST
from .token_bucket import asking

ASKED_BY = ("host", "accept", "accept-encoding", "accept-language", "origin")
"""The headers that a response may depend on, beside its address."""

PASSED_ON = frozenset(("authorization", "range", "if-none-match", "if-modified-since"))
"""A request with one of these has a response of its own."""

Known = tuple[Any, list[Message]]
"""The route that answered, and the messages of its response."""

FAILED = (429, CLIENT_CLOSED_REQUEST, 503)
"""The statuses of responses that say nothing of the next one."""

PATIENCE = 1.0
"""Seconds for which equal requests wait for the rest of a response that was begun."""


class ResponseCache:
    """``most`` bytes of responses, least recently used first out; none of them larger than a sixteenth.

    Of equal requests at the same time one is answered and the others wait for its response. Where that turns out not to
    be cacheable they wait no longer; where it failed, the next one tries.
    """

    def __init__(self, app: ASGIApp, routes: Routes, most: int) -> None:
        self.app, self.routes = app, routes
        self._largest = most // 16
        self._answers: LRUCache[bytes, Known] = LRUCache(most, getsizeof=lambda known: _size(known[1]))
        self._making: dict[bytes, Future[bool]] = {}

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        key = _key(scope)
        if key is None or self.routes.kind_of(scope).is_momentary:
            return await self.app(scope, receive, send)
        cacheable = True
        while cacheable and (making := self._making.get(key)):
            cacheable = await shield(making)
        if known := self._answers.get(key):
            return await _replay(known, scope, send)
        if not cacheable:
            return await self.app(scope, receive, send)
        await self._make(key, scope, receive, send)

    async def _make(self, key: bytes, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer a request, and cache the response where it can be."""
        making = self._making[key] = get_running_loop().create_future()

        def let_go(cacheable: bool) -> None:
            """The others go on."""
            if not making.done():
                del self._making[key]
                making.set_result(cacheable)

        answer: list[Message] = []
        keeps = True

        async def noted(message: Message) -> None:
            nonlocal keeps
            if keeps:
                answer.append(_copy(message))
                keeps = _is_good(answer[0]) and _size(answer) <= self._largest
                if message["type"] == "http.response.body":
                    if message.get("more_body"):
                        get_running_loop().call_later(PATIENCE, let_go, True)  # a slow reader holds up nobody
                    else:
                        if keeps:
                            self._answers[key] = scope.get("route"), answer
                        let_go(True)
            if not keeps:
                let_go(answer[0]["status"] in FAILED)
            await send(message)

        try:
            await self.app(scope, receive, noted)
        finally:
            let_go(True)  # unless it has been done


async def _replay(known: Known, scope: Scope, send: Send) -> None:
    """Send a cached response. It is held until it is read, also where the cache has let it go meanwhile."""
    scope["route"], answer = known  # for the metrics
    check_room(asking.get())
    with HELD.holding(asking.get(), _size(answer)):
        for message in answer:
            await send(_copy(message))


def _key(scope: Scope) -> bytes | None:
    """A hash of what a response depends on; None where it is not to be cached."""
    if (
        scope["type"] != "http"
        or scope["method"] != "GET"
        or PASSED_ON & {name.decode() for name, _ in scope["headers"]}
    ):
        return None
    headers = Headers(scope=scope)
    where = (scope["scheme"], scope.get("app_root_path", ""), scope["path"], scope["query_string"])
    return blake2b(repr((*where, *map(headers.getlist, ASKED_BY))).encode(), digest_size=16).digest()


def _copy(message: Message) -> Message:
    """The middleware outside of this one may change its headers."""
    return {**message, "headers": list(message["headers"])} if "headers" in message else message


def _is_good(start: Message) -> bool:
    """Whether a response that begins so can be cached."""
    return start["status"] == 200 and any(name.lower() == b"etag" for name, _ in start["headers"])


def _size(answer: list[Message]) -> int:
    return sum(len(message.get("body", b"")) for message in answer) + 2048  # the head, and Python's overhead
