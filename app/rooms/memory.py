"""Rooms in the memory of this process: for a lap-top, and for one replica."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from app.rooms.mailbox import Listeners
from app.rooms.room import MEMBERS, ROOMS, Answer, Answers, Room, too_many_answers


class Memory:
    """See ``Store``."""

    def __init__(self) -> None:
        self._rooms: dict[str, Room] = {}
        self._answers: dict[str, tuple[int, dict[str, Answer]]] = {}
        self._listeners = Listeners()

    async def keep(self, room: Room) -> bool:
        known = self._rooms.get(room.code)
        if known and known.number >= room.number:
            return False
        self._rooms[room.code] = room
        if len(self._rooms) > ROOMS:
            self._let_go(room)
        self._listeners.tell(room)
        return True

    async def find(self, code: str, now: float) -> Room | None:
        room = self._rooms.get(code)
        return None if room is None or room.is_over(now) else room

    async def give(self, room: Room, member: str, answer: Answer) -> None:
        if not room.asked or self._answers.get(room.code, (0, {}))[0] > room.asked.number:
            return  # something else is asked by now
        answers = self._given(room)
        if member not in answers and len(answers) >= MEMBERS:
            raise too_many_answers()
        if room.code not in self._rooms:
            await self.keep(room)
        self._answers[room.code] = room.asked.number, {**answers, member: answer}

    async def answers(self, room: Room) -> Answers:
        return self._given(room)

    def _given(self, room: Room) -> dict[str, Answer]:
        """Only what is asked now has answers."""
        number, answers = self._answers.get(room.code, (0, {}))
        return answers if room.asked and room.asked.number == number else {}

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

    def _let_go(self, newest: Room) -> None:
        """Of the room that would be over first, or is."""
        first = min((room for room in self._rooms.values() if room is not newest), key=lambda room: room.ends)
        del self._rooms[first.code]
        self._answers.pop(first.code, None)
