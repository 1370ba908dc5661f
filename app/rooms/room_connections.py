"""The connections of this process to one room. They share one poll of the store, and a broadcast is serialized once."""

from asyncio import Event, Task, create_task, sleep
from collections.abc import AsyncIterator, Callable, Iterator
from contextlib import AbstractContextManager, asynccontextmanager, contextmanager, nullcontext, suppress
from dataclasses import dataclass, field
from logging import getLogger
from time import time
from typing import Any

import orjson

from ..translations.languages import translator
from ..translations.translator import Translator
from .judged_answers import state
from .mailbox import Outbox
from .messages_to_members import answer_pieces, attendance_message, counts_message, question_message
from .room import Answer, Answers, Room, RoomError
from .store import Store, StoreError

LOG = getLogger("uvicorn.error")

POLL_INTERVAL = 0.5
"""Seconds between polls of the store for the number of members and answers, and for missed changes."""

MAX_POLL_INTERVAL = 2.0
"""The longest interval between polls while the store is unavailable: the interval doubles after each failure."""

CONNECTIONS_PER_TURN = 100
"""Connections that get a broadcast in one turn of the event loop, which takes 2 ms."""

HEARTBEAT_INTERVAL = 5.0
"""Seconds between heartbeats, which repeat the number of members. A client that receives nothing for longer knows that
it is disconnected, and no proxy closes the connection as idle. web/server/connections.py disconnects clients that read
nothing."""

BROADCASTS = ("room", "here")
"""The kinds of messages to all connections, in the order of sending."""

TrackRoom = Callable[[str], AbstractContextManager[object]]
"""A context manager that is open while a connection is in the room of a code: it counts rooms in use, for metrics."""


class FullError(RuntimeError):
    """The room is full."""


class NoRoomError(LookupError):
    """There is no room with this code, or it is closed or has expired."""


@dataclass(eq=False)
class Connection:
    """A connected client. ``member`` is a random name that the browser stores, so that nobody is counted twice;
    ``language`` is the language of the replies; ``leads`` is true for the teacher."""

    member: str
    language: str
    leads: bool = False
    outbox: Outbox = field(default_factory=Outbox)

    def send(self, **message: Any) -> None:
        """Send a message to this connection only."""
        for kind in message:
            self.outbox.put(kind, serialize(message))

    def send_verdict(self, room: Room, answer: Answer) -> None:
        """Send the verdict on an answer to the question of a room."""
        assert room.asked
        verdict = {
            "number": room.asked.number,
            "text": answer_pieces(state(room.query), answer.text),
            "hint": translator(self.language)(answer.verdict.message),
            "right": answer.verdict.right,
        }
        self.send(verdict=verdict)


class Hub:
    """The newest known state of a room, and its connections."""

    def __init__(self, store: Store, room: Room, track: TrackRoom) -> None:
        self.store, self.room, self._track = store, room, track
        self.users = 0
        self._connections: set[Connection] = set()
        self._all_members = 0
        self._answers_version = ""
        self._answers: Answers = {}
        self._texts: dict[tuple[str, str], str] = {}
        """Messages by kind and language, as text."""
        self._queued: set[str] = set()
        self._has_queued = Event()
        self._tasks: list[Task[None]] = []

    @property
    def members(self) -> set[str]:
        """The members in this process, without the teacher."""
        return {connection.member for connection in self._connections if not connection.leads}

    def start(self) -> None:
        self._tasks = [
            create_task(loop) for loop in (self._follow(), self._poll(), self._send_heartbeats(), self._send_queued())
        ]

    def stop(self) -> None:
        for task in self._tasks:
            task.cancel()

    @contextmanager
    def joined(self, connection: Connection) -> Iterator[None]:
        """Add a connection for the duration of the context. It gets the state of the room and every change. Raises
        FullError."""
        if self.is_full(connection):
            raise FullError(self.room.code)
        self._connections.add(connection)
        for kind in BROADCASTS:
            self._put(kind, connection)
        try:
            with self._track(self.room.code):
                yield
        finally:
            self._connections.discard(connection)

    def is_full(self, new: Connection) -> bool:
        """Whether the room is full for a new connection. The teacher can always join."""
        if new.leads:
            return False
        is_known = any(connection.member == new.member for connection in self._connections)
        members = max(len(self.members), self._all_members)
        limits = self.store.limits
        return len(self._connections) >= limits.connections or (members >= limits.members and not is_known)

    def update(self, room: Room) -> None:
        """Broadcast a new state, unless it is older than the known one."""
        if room.number > self.room.number:
            before, self.room = self.room, room
            if room.question_number is None or room.question_number != before.question_number:
                self._answers, self._answers_version = {}, ""
            self._broadcast("room")
            if room.asked != before.asked:
                self._broadcast("here")
            self._forget("counts")

    def send_counts(self, connection: Connection) -> None:
        """Send the counts of the answers to a teacher's connection."""
        if self.room.asked:
            self._put("counts", connection)

    async def send_earlier_verdict(self, connection: Connection) -> None:
        """Send a member the verdict on an earlier answer to the current question, if there is one."""
        room = self.room
        with suppress(StoreError, RoomError):  # a newer version may have stored a state that this one does not know
            if room.asked and (answer := await self.store.answer_of(room, connection.member)):
                connection.send_verdict(room, answer)

    def is_last(self, messages: list[str], connection: Connection) -> bool:
        """Whether a connection learns from these messages that the room is over."""
        return self.room.closed and self._text("room", connection.language) in messages

    def _put(self, kind: str, connection: Connection) -> None:
        """Put the current message of a kind into the outbox of a connection."""
        connection.outbox.put(kind, self._text(kind, connection.language))

    def _text(self, kind: str, language: str) -> str:
        """The current message of a kind, as text."""
        key = kind, language
        if key not in self._texts:
            self._texts[key] = serialize({kind: self._message(kind, translator(language))})
        return self._texts[key]

    def _message(self, kind: str, translate: Translator) -> dict[str, Any]:
        """The message of a kind: ``room``, ``here`` or ``counts``."""
        room = self.room
        if kind == "counts":
            return counts_message(room, self._answers, translate)
        if kind == "here":
            return attendance_message(room, self._all_members, self._answers, translate)
        asked = question_message(room, translate)
        return {"number": room.number, "page": room.page, "query": room.query, "asked": asked, "over": room.closed}

    def _forget(self, kind: str) -> None:
        """Serialize the messages of a kind again when they are next sent."""
        self._texts = {key: text for key, text in self._texts.items() if key[0] != kind}

    def _broadcast(self, kind: str, is_new: bool = True) -> None:
        """Queue the message of a kind to all connections."""
        if is_new:
            self._forget(kind)
        self._queued.add(kind)
        self._has_queued.set()

    async def _send_queued(self) -> None:
        """Send queued messages to all connections, some in each turn of the event loop."""
        while True:
            await self._has_queued.wait()
            self._has_queued.clear()
            queued, self._queued = self._queued, set()
            for kind in [kind for kind in BROADCASTS if kind in queued]:
                for n, connection in enumerate(list(self._connections)):
                    self._put(kind, connection)
                    if n % CONNECTIONS_PER_TURN == CONNECTIONS_PER_TURN - 1:
                        await sleep(0)

    async def _follow(self) -> None:
        async with self.store.listen(self.room.code) as states:
            async for room in states:
                self.update(room)

    async def _poll(self) -> None:
        wait = POLL_INTERVAL
        while True:
            try:
                await self._poll_once()
                wait = POLL_INTERVAL
            except StoreError:
                wait = min(2 * wait, MAX_POLL_INTERVAL)
            except Exception:
                LOG.exception("a room was not understood")
            await sleep(wait)

    async def _poll_once(self) -> None:
        now = time()
        room = await self.store.find(self.room.code, now)
        if room:
            self.update(room)
        elif not self.room.is_over(now):
            if not await self.store.save(self.room):  # the store lost it; or another process closed it
                self.update(self.room.closes(now))
        elif not self.room.closed:
            self.update(self.room.closes(now))
        counted_room = self.room
        version = await self.store.answers_version(counted_room)
        answers = await self.store.answers(counted_room) if version != self._answers_version else None
        members = await self.store.report_members(self.room.code, self.members)
        if self.room.question_number != counted_room.question_number:
            answers = None  # the question has changed meanwhile
        if answers is not None:
            self._answers, self._answers_version = answers, version
            self._forget("counts")
        if answers is not None or members != self._all_members:
            self._all_members = members
            self._broadcast("here")
        for connection in [connection for connection in self._connections if connection.leads and answers is not None]:
            self.send_counts(connection)
            await sleep(0)  # counting 1,000 answers takes milliseconds in each language

    async def _send_heartbeats(self) -> None:
        while True:
            await sleep(HEARTBEAT_INTERVAL)
            self._broadcast("here", is_new=False)


class Hubs:
    """The hubs of this process. A hub exists while it is in use."""

    def __init__(self, store: Store, track: TrackRoom = nullcontext) -> None:
        self.store, self._track = store, track
        self._hubs: dict[str, Hub] = {}

    @asynccontextmanager
    async def hub(self, code: str) -> AsyncIterator[Hub]:
        """The hub of a room, by its code. Raises NoRoomError, StoreError."""
        if code not in self._hubs:
            room = await self.store.find(code, time()) if code else None
            if room is None:
                raise NoRoomError(code)
            # Another task may have added it during the await.
            self._hubs.setdefault(code, Hub(self.store, room, self._track))
        hub = self._hubs[code]
        hub.users += 1
        if hub.users == 1:
            hub.start()
        try:
            yield hub
        finally:
            hub.users -= 1
            if not hub.users:
                hub.stop()
                del self._hubs[code]


def serialize(message: dict[str, Any]) -> str:
    return orjson.dumps(message).decode()
