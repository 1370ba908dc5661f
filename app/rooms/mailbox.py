"""Queues of the newest message only, so that a slow reader neither delays other readers nor falls behind."""

from asyncio import Event, Future, get_running_loop
from collections.abc import AsyncIterator, Callable, Iterator
from contextlib import contextmanager

from .room import Room


class Mailbox(AsyncIterator[Room]):
    """A queue for the newest state of a room."""

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
    """The mailboxes of this process, by room."""

    def __init__(self) -> None:
        self._mailboxes: dict[str, set[Mailbox]] = {}

    @contextmanager
    def to(self, code: str) -> Iterator[Mailbox]:
        """A mailbox that gets the states of a room from now on."""
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
"""The name of our server's ASGI extension, whose ``write`` is a Write."""

Write = Callable[[str], bool]
"""Writes a message at once; False where it cannot."""


class Outbox:
    """A queue for the newest message of each kind, with one reader. A message that can be written at once does not
    wake the reader, which would take half of the time of a message to a class."""

    def __init__(self, write: Write = lambda message: False) -> None:
        self._write = write
        self._messages: dict[str, str] = {}
        self._waiting: Future[None] | None = None

    def put(self, kind: str, message: str) -> None:
        is_waited_for = self._waiting is not None and not self._waiting.done()
        if is_waited_for and self._write(message):
            return
        self._messages.pop(kind, None)  # the newest goes last
        self._messages[kind] = message
        if self._waiting and is_waited_for:
            self._waiting.set_result(None)

    def take(self) -> list[str]:
        """The messages that are queued now."""
        messages, self._messages = list(self._messages.values()), {}
        return messages

    async def wait(self) -> list[str]:
        """The queued messages, as soon as there are any."""
        if not self._messages:
            self._waiting = get_running_loop().create_future()
            await self._waiting
        return self.take()
