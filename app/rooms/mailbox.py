"""Queues that hold only the newest message, so that a slow reader neither delays others nor falls behind."""

from asyncio import Event, Future, get_running_loop
from collections.abc import AsyncIterator, Callable, Iterator
from contextlib import contextmanager

from .room import Room


class Mailbox(AsyncIterator[Room]):
    """A queue that holds the newest state of a room. Iterating waits for the next one."""

    def __init__(self) -> None:
        self._room: Room | None = None
        self._has_room = Event()

    def put(self, room: Room) -> None:
        self._room = room
        self._has_room.set()

    async def __anext__(self) -> Room:
        while self._room is None:
            self._has_room.clear()
            await self._has_room.wait()
        room, self._room = self._room, None
        return room


class Listeners:
    """The mailboxes of this process, by room."""

    def __init__(self) -> None:
        self._mailboxes: dict[str, set[Mailbox]] = {}

    @contextmanager
    def subscribe(self, code: str) -> Iterator[Mailbox]:
        """A mailbox that receives the states of a room during the context."""
        mailbox = Mailbox()
        self._mailboxes.setdefault(code, set()).add(mailbox)
        try:
            yield mailbox
        finally:
            self._mailboxes[code].discard(mailbox)
            if not self._mailboxes[code]:
                del self._mailboxes[code]

    def notify(self, room: Room) -> None:
        """Put a state into the mailboxes of its room."""
        for mailbox in self._mailboxes.get(room.code, ()):
            mailbox.put(room)


AT_ONCE = "unrolled.at_once"
"""The ASGI extension of our server with a ``write`` function, see ``Write``."""

Write = Callable[[str], bool]
"""Write a message to the socket immediately; return False if that is not possible."""


class Outbox:
    """A queue that holds the newest message of each kind, with one reader.

    If the reader is waiting and the message can be written immediately, it is not woken: waking every reader would
    double the time that a broadcast to a class takes.
    """

    def __init__(self, write: Write = lambda message: False) -> None:
        self._write = write
        self._messages: dict[str, str] = {}
        self._waiting: Future[None] | None = None

    def put(self, kind: str, message: str) -> None:
        is_reader_waiting = self._waiting is not None and not self._waiting.done()
        if is_reader_waiting and self._write(message):
            return
        self._messages.pop(kind, None)  # so that the new one goes to the end
        self._messages[kind] = message
        if self._waiting and is_reader_waiting:
            self._waiting.set_result(None)

    def take(self) -> list[str]:
        """Remove and return the queued messages, without waiting."""
        messages, self._messages = list(self._messages.values()), {}
        return messages

    async def wait(self) -> list[str]:
        """Wait until there are queued messages, then remove and return them."""
        if not self._messages:
            self._waiting = get_running_loop().create_future()
            await self._waiting
        return self.take()
