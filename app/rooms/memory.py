"""Rooms in the memory of this process: for a lap-top, and for one replica."""

from asyncio import Event
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from app.rooms.room import Answer, Answers, Room, RoomError

MOST = 1000
"""So many rooms are kept at most; one that is over makes room for another."""


class Memory:
    """A listener has a mailbox with one place: the newest state takes the place of one that was not fetched, so that
    nobody who is slow holds up the others."""

    def __init__(self) -> None:
        self._rooms: dict[str, Room] = {}
        self._answers: dict[tuple[str, int], dict[str, Answer]] = {}
        self._listeners: dict[str, set[_Mailbox]] = {}

    async def keep(self, room: Room) -> None:
        known = self._rooms.get(room.code)
        if known and known.number >= room.number:
            return
        if not known and len(self._rooms) >= MOST:
            self._let_go(room.touched)
        self._rooms[room.code] = room
        for mailbox in self._listeners.get(room.code, ()):
            mailbox.put(room)

    async def find(self, code: str, now: float) -> Room | None:
        room = self._rooms.get(code)
        return None if room is None or room.is_over(now) else room

    async def close(self, code: str) -> None:
        self._rooms.pop(code, None)
        for key in [key for key in self._answers if key[0] == code]:
            del self._answers[key]

    async def give(self, room: Room, member: str, answer: Answer) -> None:
        if room.asked:
            self._answers.setdefault((room.code, room.asked.number), {})[member] = answer

    async def answers(self, room: Room) -> Answers:
        return dict(self._answers.get((room.code, room.asked.number), {})) if room.asked else {}

    async def members(self, code: str) -> int:
        return len(self._listeners.get(code, ()))

    @asynccontextmanager
    async def listen(self, code: str) -> AsyncIterator[AsyncIterator[Room]]:
        mailbox = _Mailbox()
        self._listeners.setdefault(code, set()).add(mailbox)
        try:
            yield mailbox
        finally:
            self._listeners[code].discard(mailbox)
            if not self._listeners[code]:
                del self._listeners[code]

    def _let_go(self, now: float) -> None:
        """Of the rooms that are over. RoomError where there are too many that are not."""
        for code in [code for code, room in self._rooms.items() if room.is_over(now)]:
            del self._rooms[code]
        if len(self._rooms) >= MOST:
            raise RoomError(f"there are {MOST:,} rooms already; try again later")


class _Mailbox(AsyncIterator[Room]):
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
