"""Answers that were given, kept for who asks the same: a class opens one link, all at once.

Every answer with a tag is a function of its address and of a few headers, so that the copy is the answer; it is kept as
it was sent, compressed, with all of its headers.
"""

from asyncio import Event
from hashlib import blake2b
from typing import Any

from cachetools import LRUCache
from starlette.datastructures import Headers
from starlette.types import ASGIApp, Message, Receive, Scope, Send

ASKED_BY = ("host", "accept", "accept-encoding", "accept-language", "origin")
"""The headers that an answer may depend on, beside its address."""

PASSED_ON = frozenset(("authorization", "range", "if-none-match", "if-modified-since"))
"""Who sends one of these asks something of his own."""

Known = tuple[Any, list[Message]]
"""The route that answered, and what it said."""


class Kept:
    """``most`` bytes of answers, those that were asked for last; none of them larger than a sixteenth."""

    def __init__(self, app: ASGIApp, most: int) -> None:
        self.app = app
        self._largest = most // 16
        self._answers: LRUCache[bytes, Known] = LRUCache(most, getsizeof=lambda known: _size(known[1]))
        self._making: dict[bytes, Event] = {}

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

        def let_go() -> None:
            """The others go on: there is the answer, or none that could be kept."""
            if self._making.get(key) is making:
                del self._making[key]
                making.set()

        answer = []
        keeps = True

        async def noted(message: Message) -> None:
            nonlocal keeps
            if keeps:
                answer.append(_copy(message))
                keeps = _is_good(answer[0]) and _size(answer) <= self._largest
                is_body = message["type"] == "http.response.body"
                if keeps and is_body and not message.get("more_body"):
                    self._answers[key] = scope.get("route"), answer
                if is_body:
                    let_go()  # whoever reads this one slowly holds up nobody
            if not keeps:
                let_go()
            await send(message)

        try:
            await self.app(scope, receive, noted)
        finally:
            let_go()


def _key(scope: Scope) -> bytes | None:
    """A mark of what an answer depends on, however long that is; nothing where it is not to be kept."""
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
    """Whoever it is handed on to may change its headers."""
    return {**message, "headers": list(message["headers"])} if "headers" in message else message


def _is_good(start: Message) -> bool:
    """Whether an answer that begins so is one to keep."""
    return start["status"] == 200 and any(name.lower() == b"etag" for name, _ in start["headers"])


def _size(answer: list[Message]) -> int:
    return sum(len(message.get("body", b"")) for message in answer) + 2048  # the head, and what Python takes for it
