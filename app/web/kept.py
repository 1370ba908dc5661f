"""Answers that were given, kept for who asks the same: a class opens one link, all at once.

Every answer with a tag is a function of its address and of a few headers, so that the copy is the answer; it is kept as
it was sent, compressed, with all of its headers.
"""

from asyncio import Event
from typing import Any

from cachetools import LRUCache
from starlette.datastructures import Headers
from starlette.types import ASGIApp, Message, Receive, Scope, Send

ASKED_BY = ("host", "accept", "accept-encoding", "accept-language", "origin")
"""The headers that an answer may depend on, beside its address."""

PASSED_ON = frozenset(("authorization", "range", "if-none-match", "if-modified-since"))
"""Who sends one of these asks something of his own."""

Key = tuple[bytes | str | None, ...]

Known = tuple[Any, list[Message]]
"""The route that answered, and what it said."""


class Kept:
    """``most`` bytes of answers, those that were asked for last; none of them larger than a sixteenth."""

    def __init__(self, app: ASGIApp, most: int) -> None:
        self.app = app
        self._largest = most // 16
        self._answers: LRUCache[Key, Known] = LRUCache(most, getsizeof=lambda known: _size(known[1]))
        self._making: dict[Key, Event] = {}

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        key = _key(scope)
        if key is None:
            return await self.app(scope, receive, send)
        while making := self._making.get(key):  # one of many makes it
            await making.wait()
        if known := self._answers.get(key):
            scope["route"], answer = known  # for who counts
            for message in answer:
                await send(_copy(message))
            return
        making = self._making[key] = Event()
        try:
            await self._make(key, scope, receive, send)
        finally:
            del self._making[key]
            making.set()

    async def _make(self, key: Key, scope: Scope, receive: Receive, send: Send) -> None:
        answer: list[Message] = []

        async def noted(message: Message) -> None:
            answer.append(_copy(message))
            if _size(answer) > self._largest:
                answer[1:] = []  # never whole again, so never kept
            await send(message)

        await self.app(scope, receive, noted)
        if answer and _is_to_keep(answer):
            self._answers[key] = scope.get("route"), answer


def _key(scope: Scope) -> Key | None:
    """What an answer depends on; nothing where it is not to be kept."""
    if (
        scope["type"] != "http"
        or scope["method"] != "GET"
        or PASSED_ON & {name.decode() for name, _ in scope["headers"]}
    ):
        return None
    headers = Headers(scope=scope)
    where = (scope["scheme"], scope.get("app_root_path", ""), scope["path"], scope["query_string"])
    return (*where, *map(headers.get, ASKED_BY))


def _copy(message: Message) -> Message:
    """Whoever it is handed on to may change its headers."""
    return {**message, "headers": list(message["headers"])} if "headers" in message else message


def _is_to_keep(answer: list[Message]) -> bool:
    """Whether it is a good one, with a tag, and whole."""
    start, *body = answer
    is_whole = bool(body) and not body[-1].get("more_body")
    return start["status"] == 200 and is_whole and any(name.lower() == b"etag" for name, _ in start["headers"])


def _size(answer: list[Message]) -> int:
    return sum(len(message.get("body", b"")) for message in answer) + 2048  # the head, and what Python takes for it
