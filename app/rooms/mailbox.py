"""Places for what is still to be told, in which the newest takes the place of what was not fetched: nobody who is slow
holds up the others, or falls behind."""

from asyncio import Event, Future, get_running_loop
from collections.abc import AsyncIterator, Callable, Iterator
from contextlib import contextmanager

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


AT_ONCE = "unrolled.at_once"
"""What our server adds to ASGI: an extension whose ``write`` is a Write."""

Write = Callable[[str], bool]
"""Says a message at once, or says that it could not."""


class Outbox:
    """A place for one message of each kind, and for one who waits for them, whom nobody wakes for what can be said at
    once: that would take half of the time in which a class is told something."""

    def __init__(self, write: Write = lambda message: False) -> None:
        self._write = write
        self._messages: dict[str, str] = {}
        self._waiting: Future[None] | None = None

    def put(self, kind: str, message: str) -> None:
        is_waited_for = self._waiting is not None and not self._waiting.done()
        if is_waited_for and self._write(message):
            return
        self._messages.pop(kind, None)  # it is the newest of all
        self._messages[kind] = message
        if self._waiting and is_waited_for:
            self._waiting.set_result(None)

    def take(self) -> list[str]:
        """What is there now."""
        messages, self._messages = list(self._messages.values()), {}
        return messages

    async def wait(self) -> list[str]:
        """What is there, as soon as there is something."""
        if not self._messages:
            self._waiting = get_running_loop().create_future()
            await self._waiting
        return self.take()
