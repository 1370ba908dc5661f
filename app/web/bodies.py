"""Answers that were just made, for others who ask the same: a class opens one link."""

from asyncio import Event
from collections import OrderedDict
from collections.abc import Awaitable, Callable

Key = tuple[str, ...]

ROOM = 8_000_000
"""Bytes that are kept."""

LARGEST = 500_000
"""Of one answer that is kept: a page is a fifth of that."""


class Bodies:
    """The bodies of the last answers, each by all that it depends on."""

    def __init__(self) -> None:
        self._kept: OrderedDict[Key, bytes] = OrderedDict()
        self._size = 0
        self._making: dict[Key, _Making] = {}

    def find(self, key: Key) -> bytes | None:
        """One that was kept."""
        if key in self._kept:
            self._kept.move_to_end(key)
        return self._kept.get(key)

    def keep(self, key: Key, body: bytes) -> bytes:
        """The body itself, kept if it is not too large; what nobody asked for longest gives way."""
        if len(body) <= LARGEST and key not in self._kept:
            self._kept[key] = body
            self._size += len(body)
            while self._size > ROOM:
                self._size -= len(self._kept.popitem(last=False)[1])
        return body

    async def once(self, key: Key, make: Callable[[], Awaitable[bytes]]) -> bytes:
        """The body that is kept, or is being made for somebody else, or is made now. Who makes it and fails does so
        alone: the next one tries."""
        while (body := self.find(key)) is None:
            if (made := self._making.get(key)) is None:
                return self.keep(key, await self._make(key, make))
            await made.done.wait()
            if made.body is not None:
                return made.body
        return body

    async def _make(self, key: Key, make: Callable[[], Awaitable[bytes]]) -> bytes:
        made = self._making[key] = _Making()
        try:
            made.body = await make()
            return made.body
        finally:
            del self._making[key]
            made.done.set()


class _Making:
    """A body that is not there yet."""

    def __init__(self) -> None:
        self.done = Event()
        self.body: bytes | None = None
