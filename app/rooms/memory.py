"""Rooms in the memory of this process: for a laptop, or one replica."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from time import time

from .mailbox import Listeners
from .room import (
    ANSWERS,
    ANSWERS_OF_ROOM,
    MEMBERS,
    OWNED,
    ROOMS,
    Answer,
    Answers,
    Room,
    first_to_go,
    size_of,
    too_long_answers,
    too_many_answers,
)
from .store import too_many_of_one, too_many_rooms


@dataclass
class Given:
    """The serialized answers to one question, by member, and their size in bytes. ``changes`` counts every answer. Text
    is stored as UTF-8: a string may take four times as much memory."""

    number: int = 0
    written: dict[bytes, bytes] = field(default_factory=dict)
    size: int = 0
    changes: int = 0


class Memory:
    """See ``Store``."""

    def __init__(self) -> None:
        self._rooms: dict[str, Room] = {}
        self._given: dict[str, Given] = {}
        self._size = 0
        self._listeners = Listeners()

    async def save(self, room: Room) -> bool:
        known = self._rooms.get(room.code)
        if known and known.number >= room.number:
            return False
        if not known:
            self._make_place(room.owner)
        self._rooms[room.code] = room
        self._listeners.tell(room)
        return True

    async def find(self, code: str, now: float) -> Room | None:
        room = self._rooms.get(code)
        return None if room is None or room.is_over(now) else room

    async def give(self, room: Room, member: str, answer: Answer) -> None:
        if not room.asked or self._given.get(room.code, Given()).number > room.asked.number:
            return  # there is another question by now
        given, name, written = self._to(room), member.encode(), answer.written()
        before = given.written.get(name)
        if before is None and len(given.written) >= MEMBERS:
            raise too_many_answers()
        more = size_of(name, written) - (0 if before is None else size_of(name, before))
        if given.size + more > ANSWERS_OF_ROOM or self._size + more > ANSWERS:
            raise too_long_answers()
        if room.code not in self._rooms:
            await self.save(room)
        self._given[room.code] = given
        given.written[name] = written
        given.size += more
        given.changes += 1
        self._size += more

    async def mark(self, room: Room) -> str:
        given = self._to(room)
        return f"{given.number}:{given.changes}"

    async def answers(self, room: Room) -> Answers:
        return {name.decode(): Answer.read(written) for name, written in self._to(room).written.items()}

    def _to(self, room: Room) -> Given:
        """The answers to the present question; those to an earlier one are dropped."""
        number = room.asked.number if room.asked else 0
        given = self._given.get(room.code, Given())
        if given.number < number:
            self._drop(room.code)
        return given if given.number == number else Given(number)

    async def here(self, code: str, members: int) -> int:
        return members

    @asynccontextmanager
    async def listen(self, code: str) -> AsyncIterator[AsyncIterator[Room]]:
        with self._listeners.to(code) as mailbox:
            yield mailbox

    async def ping(self) -> None:
        pass

    async def close(self) -> None:
        pass

    def _make_place(self, owner: str) -> None:
        """Make place for a new room of an owner."""
        now = time()
        for over in [room for room in self._rooms.values() if room.ends < now]:
            self._forget(over)
        own = [room for room in self._rooms.values() if owner and room.owner == owner]
        for rooms, most, refusal in ((own, OWNED, too_many_of_one), (self._rooms.values(), ROOMS, too_many_rooms)):
            if len(rooms) >= most:
                if not (first := first_to_go(rooms, now)):
                    raise refusal()
                self._forget(first)

    def _forget(self, room: Room) -> None:
        del self._rooms[room.code]
        self._drop(room.code)

    def _drop(self, code: str) -> None:
        self._size -= self._given.pop(code, Given()).size
