"""All who are in one room through this process: the store is asked once for them, and what is said to all is written
once."""

from asyncio import Event, Task, create_task, sleep
from collections.abc import AsyncIterator, Callable, Iterator
from contextlib import AbstractContextManager, asynccontextmanager, contextmanager, nullcontext
from dataclasses import dataclass, field
from logging import getLogger
from time import time
from typing import Any

import orjson

from app.rooms.mailbox import Outbox
from app.rooms.room import MEMBERS, Answers, Room, counted
from app.rooms.store import Store, StoreError
from app.translations.languages import translator

LOG = getLogger("uvicorn.error")

LOOK_EVERY = 0.5
"""Seconds after which the store is looked at: for how many are here and what they answered, and for what was missed."""

LOOK_AGAIN = 2.0
"""The same while the store is out of reach, at most: each time it takes twice as long."""

GROUP = 100
"""So many are told something in one go, in 2 ms: then others have their turn."""

BEAT_EVERY = 5.0
"""Seconds after which everybody is told again how many are here: who hears nothing for longer has lost the line, even
where nobody said so; and no proxy ends what is never silent."""

CONNECTIONS = 2 * MEMBERS
"""To one room through one process: somebody may have the page open twice."""


Counting = Callable[[str], AbstractContextManager[object]]
"""Takes the code of a room for as long as somebody is in it."""


class FullError(RuntimeError):
    """A room has no place left."""


class NoRoomError(LookupError):
    """There is no such room, or it is over."""


@dataclass(eq=False)
class Connection:
    """One of those in a hub. ``member`` is a name that the browser gave itself and keeps, so that who comes back is
    not counted twice; ``language`` what answers to this one are said in."""

    member: str
    language: str
    leads: bool = False
    outbox: Outbox = field(default_factory=Outbox)

    def send(self, **what: Any) -> None:
        """What is for this one alone."""
        for kind in what:
            self.outbox.put(kind, written(what))


class Hub:
    """A room as it was heard of last, and its connections."""

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
        """Who leads is none."""
        return len({connection.member for connection in self._connections if not connection.leads})

    def begin(self) -> None:
        self._tasks = [create_task(each) for each in (self._follow(), self._look(), self._beat(), self._tell())]

    def end(self) -> None:
        for task in self._tasks:
            task.cancel()

    @contextmanager
    def joined(self, connection: Connection) -> Iterator[None]:
        """Who sits is told all there is to know, and of every change. FullError where there is no place."""
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
        """Whether there is no place for one more member, or for one more connection of anybody but who leads."""
        if newcomer.leads:
            return False
        is_known = any(connection.member == newcomer.member for connection in self._connections)
        members = max(self.members, self._here["members"])
        return len(self._connections) >= CONNECTIONS or (members >= MEMBERS and not is_known)

    def changed(self, room: Room) -> None:
        """Tell everybody, unless something as new is known."""
        if room.number > self.room.number:
            self.room = room
            self._announce(room=room.as_message())

    def count(self, connection: Connection) -> None:
        """Tell one who leads of the answers."""
        if self.room.asked:
            language = connection.language
            if language not in self._counts:
                self._counts[language] = written({"counts": counted(self._answers, translator(language))})
            connection.outbox.put("counts", self._counts[language])

    def _announce(self, **what: Any) -> None:
        """What everybody is to be told."""
        self._news |= {kind: written(what) for kind in what}
        self._has_news.set()

    async def _tell(self) -> None:
        """Tell everybody, a group at a time."""
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
            if not await self.store.keep(self.room):  # which the store had lost, or else somebody closed it
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
            await sleep(0)  # counting a thousand answers takes milliseconds, in each language anew

    async def _beat(self) -> None:
        while True:
            await sleep(BEAT_EVERY)
            self._announce(here=self._here)


class Hubs:
    """Those of this process: a hub is there as long as somebody uses it."""

    def __init__(self, store: Store, counting: Counting = nullcontext) -> None:
        self.store, self._counting = store, counting
        self._hubs: dict[str, Hub] = {}

    @asynccontextmanager
    async def hub(self, code: str) -> AsyncIterator[Hub]:
        """That of a code, see ``code_of``. Raises NoRoomError, StoreError."""
        if code not in self._hubs:
            room = await self.store.find(code, time()) if code else None
            if room is None:
                raise NoRoomError(code)
            # Somebody else may have come meanwhile.
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
