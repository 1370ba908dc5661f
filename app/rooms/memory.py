"""Rooms in the memory of this process: for a lap-top, and for one replica."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from app.rooms.mailbox import Listeners
from app.rooms.room import MEMBERS, ROOMS, Answer, Answers, Room, too_many_answers, too_many_rooms


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
        if not known and len(self._rooms) >= ROOMS:
            self._let_go(room.touched)
        self._rooms[room.code] = room
        self._listeners.tell(room)
        return True

    async def find(self, code: str, now: float) -> Room | None:
        room = self._rooms.get(code)
        return None if room is None or room.is_over(now) else room

    async def give(self, room: Room, member: str, answer: Answer) -> None:
        answers = self._given(room)
        if member not in answers and len(answers) >= MEMBERS:
            raise too_many_answers()
        if room.asked:
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

    def _let_go(self, now: float) -> None:
        """Of the rooms that are over. RoomError where there are too many that are not."""
        for code in [code for code, room in self._rooms.items() if room.is_over(now)]:
            del self._rooms[code]
            self._answers.pop(code, None)
        if len(self._rooms) >= ROOMS:
            raise too_many_rooms()
