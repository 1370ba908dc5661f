"""Places for what is still to be told, in which the newest takes the place of what was not fetched: nobody who is slow
holds up the others, or falls behind."""

from asyncio import Event
from collections.abc import AsyncIterator, Iterator
from contextlib import contextmanager
from time import monotonic

from app.rooms.room import Room


class Mailbox(AsyncIterator[Room]):
    """A place for one state."""

    def __init__(self) -> None:
        self._room: Room | None = None
        self._came = Event()

    def put(self, room: Room) -> None:
        self._room = room
        self._came.set()

    async def __anext__(self) -> Room:
        while self._room is None:
            self._came.clear()
            await self._came.wait()
        room, self._room = self._room, None
        return room


class Listeners:
    """Who listens to which room, in this process."""

    def __init__(self) -> None:
        self._mailboxes: dict[str, set[Mailbox]] = {}

    @contextmanager
    def to(self, code: str) -> Iterator[Mailbox]:
        """A mailbox that has what is told of a room from now on."""
        mailbox = Mailbox()
        self._mailboxes.setdefault(code, set()).add(mailbox)
        try:
            yield mailbox
        finally:
            self._mailboxes[code].discard(mailbox)
            if not self._mailboxes[code]:
                del self._mailboxes[code]

    def tell(self, room: Room) -> None:
        for mailbox in self._mailboxes.get(room.code, ()):
            mailbox.put(room)


class Outbox:
    """A place for one message of each kind."""

    def __init__(self) -> None:
        self._messages: dict[str, str] = {}
        self._came = Event()
        self._since = 0.0

    def put(self, kind: str, message: str) -> None:
        if not self._messages:
            self._since = monotonic()
            self._came.set()
        self._messages[kind] = message

    @property
    def waited(self) -> float:
        """Seconds for which something has been there and nobody took it."""
        return monotonic() - self._since if self._messages else 0.0

    def take(self) -> list[str]:
        """What is there now."""
        messages, self._messages = list(self._messages.values()), {}
        self._came.clear()
        return messages

    async def wait(self) -> list[str]:
        """What is there, as soon as there is something."""
        await self._came.wait()
        return self.take()
