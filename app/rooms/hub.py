"""The connections of this process to one room. The store is polled once for all of them, and a message to all is
serialized once."""

from asyncio import Event, Task, create_task, sleep
from collections.abc import AsyncIterator, Callable, Iterator
from contextlib import AbstractContextManager, asynccontextmanager, contextmanager, nullcontext
from dataclasses import dataclass, field
from logging import getLogger
from time import time
from typing import Any

import orjson

from ..translations.languages import translator
from .mailbox import Outbox
from .room import MEMBERS, Answers, Room, counted
from .store import Store, StoreError

LOG = getLogger("uvicorn.error")

LOOK_EVERY = 0.5
"""Seconds between polls of the store: for the number of members and answers, and for missed changes."""

LOOK_AGAIN = 2.0
"""The longest such interval while the store is out of reach: it doubles each time."""

GROUP = 100
"""How many connections get a message in one go, in 2 ms; then the event loop does other work."""

BEAT_EVERY = 5.0
"""Seconds between heartbeats, which repeat how many members there are. A client that gets nothing for longer knows that
it is disconnected, and no proxy closes a connection as idle."""

CONNECTIONS = 2 * MEMBERS
"""The most connections to one room through one process: somebody may have the page open twice."""


Counting = Callable[[str], AbstractContextManager[object]]
"""A context for as long as somebody is in a room, by its code."""


class FullError(RuntimeError):
    """The room is full."""


class NoRoomError(LookupError):
    """There is no such room, or it is over."""


@dataclass(eq=False)
class Connection:
    """One client of a hub. ``member`` is a name that the browser made up and stores, so that nobody is counted twice;
    ``language`` is that of the replies, ``leads`` whether it is the teacher's."""

    member: str
    language: str
    leads: bool = False
    outbox: Outbox = field(default_factory=Outbox)

    def send(self, **what: Any) -> None:
        """Send to this connection alone."""
        for kind in what:
            self.outbox.put(kind, written(what))


class Hub:
    """The newest known state of a room, and its connections."""

    def __init__(self, store: Store, room: Room, counting: Counting) -> None:
        self.store, self.room, self._counting = store, room, counting
        self.users = 0
        self._connections: set[Connection] = set()
        self._here = {"members": 0, "answered": 0}
        self._mark = ""
        self._answers: Answers = {}
        self._counts: dict[str, str] = {}
        self._news: dict[str, str] = {}
        self._has_news = Event()
        self._tasks: list[Task[None]] = []

    @property
    def members(self) -> int:
        """How many members there are. The teacher is none."""
        return len({connection.member for connection in self._connections if not connection.leads})

    def begin(self) -> None:
        self._tasks = [create_task(each) for each in (self._follow(), self._look(), self._beat(), self._tell())]

    def end(self) -> None:
        for task in self._tasks:
            task.cancel()

    @contextmanager
    def joined(self, connection: Connection) -> Iterator[None]:
        """While joined, a connection gets the state of the room and every change. Raises FullError."""
        if self.is_full(connection):
            raise FullError(self.room.code)
        self._connections.add(connection)
        connection.send(room=self.room.as_message())
        connection.send(here=self._here)
        try:
            with self._counting(self.room.code):
                yield
        finally:
            self._connections.discard(connection)

    def is_full(self, newcomer: Connection) -> bool:
        """Whether there is no place for a newcomer. The teacher always has one."""
        if newcomer.leads:
            return False
        is_known = any(connection.member == newcomer.member for connection in self._connections)
        members = max(self.members, self._here["members"])
        return len(self._connections) >= CONNECTIONS or (members >= MEMBERS and not is_known)

    def changed(self, room: Room) -> None:
        """Send a new state to everybody, unless it is older than the known one."""
        if room.number > self.room.number:
            self.room = room
            self._announce(room=room.as_message())

    def count(self, connection: Connection) -> None:
        """Send the counts of the answers to a teacher."""
        if self.room.asked:
            language = connection.language
            if language not in self._counts:
                self._counts[language] = written({"counts": counted(self._answers, translator(language))})
            connection.outbox.put("counts", self._counts[language])

    def _announce(self, **what: Any) -> None:
        """Queue messages to everybody."""
        self._news |= {kind: written(what) for kind in what}
        self._has_news.set()

    async def _tell(self) -> None:
        """Send queued messages to everybody, a group at a time."""
        while True:
            await self._has_news.wait()
            self._has_news.clear()
            news, self._news = self._news, {}
            for kind, text in news.items():
                for n, connection in enumerate(list(self._connections)):
                    connection.outbox.put(kind, text)
                    if n % GROUP == GROUP - 1:
                        await sleep(0)

    async def _follow(self) -> None:
        async with self.store.listen(self.room.code) as states:
            async for room in states:
                self.changed(room)

    async def _look(self) -> None:
        wait = LOOK_EVERY
        while True:
            try:
                await self._look_once()
                wait = LOOK_EVERY
            except StoreError:
                wait = min(2 * wait, LOOK_AGAIN)
            except Exception:
                LOG.exception("a room was not understood")
            await sleep(wait)

    async def _look_once(self) -> None:
        now = time()
        room = await self.store.find(self.room.code, now)
        if room:
            self.changed(room)
        elif not self.room.is_over(now):
            if not await self.store.save(self.room):  # the store had lost it, or else somebody closed it
                self.changed(self.room.closes(now))
        elif not self.room.closed:
            self.changed(self.room.closes(now))
        mark = await self.store.mark(self.room)
        is_new = mark != self._mark
        if is_new:
            self._answers, self._mark = await self.store.answers(self.room), mark
            self._counts.clear()
        here = {"members": await self.store.here(self.room.code, self.members), "answered": len(self._answers)}
        if here != self._here:
            self._here = here
            self._announce(here=here)
        for connection in [connection for connection in self._connections if connection.leads and is_new]:
            self.count(connection)
            await sleep(0)  # counting a thousand answers takes milliseconds for each language

    async def _beat(self) -> None:
        while True:
            await sleep(BEAT_EVERY)
            self._announce(here=self._here)


class Hubs:
    """The hubs of this process. A hub exists as long as it has users."""

    def __init__(self, store: Store, counting: Counting = nullcontext) -> None:
        self.store, self._counting = store, counting
        self._hubs: dict[str, Hub] = {}

    @asynccontextmanager
    async def hub(self, code: str) -> AsyncIterator[Hub]:
        """The hub of a code, see ``code_of``. Raises NoRoomError, StoreError."""
        if code not in self._hubs:
            room = await self.store.find(code, time()) if code else None
            if room is None:
                raise NoRoomError(code)
            # Another connection may have made it meanwhile.
            self._hubs.setdefault(code, Hub(self.store, room, self._counting))
        hub = self._hubs[code]
        hub.users += 1
        if hub.users == 1:
            hub.begin()
        try:
            yield hub
        finally:
            hub.users -= 1
            if not hub.users:
                hub.end()
                del self._hubs[code]


def written(message: dict[str, Any]) -> str:
    return orjson.dumps(message).decode()
