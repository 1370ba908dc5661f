"""Rooms in the memory of this process: for a laptop, or one replica."""

from collections.abc import AsyncIterator, Collection
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from time import time

from .limits import DEFAULT_LIMITS, RoomLimits
from .mailbox import Listeners
from .room import Answer, Answers, Room, answers_too_large, first_to_expire, size_of, too_many_answers
from .store import too_many_rooms, too_many_rooms_of_owner


@dataclass
class StoredAnswers:
    """The serialized answers to question ``number``, by member, and their size in bytes. ``changes`` counts every
    answer that was added. They are bytes in UTF-8 because a string may take four times as much memory."""

    number: int = 0
    by_member: dict[bytes, bytes] = field(default_factory=dict)
    size: int = 0
    changes: int = 0


class Memory:
    """Stores rooms in memory, see ``Store``."""

    def __init__(self, limits: RoomLimits = DEFAULT_LIMITS) -> None:
        self.limits = limits
        self._rooms: dict[str, Room] = {}
        self._answers: dict[str, StoredAnswers] = {}
        self._size = 0
        self._listeners = Listeners()

    async def save(self, room: Room) -> bool:
        known = self._rooms.get(room.code)
        if known and known.number >= room.number:
            return False
        if not known:
            self._free_space(room.owner)
        self._rooms[room.code] = room
        self._listeners.notify(room)
        return True

    async def find(self, code: str, now: float) -> Room | None:
        room = self._rooms.get(code)
        return None if room is None or room.is_over(now) else room

    async def add_answer(self, room: Room, member: str, answer: Answer) -> None:
        if not room.asked or self._answers.get(room.code, StoredAnswers()).number > room.asked.number:
            return  # a newer question is open
        stored, name, serialized = self._stored(room), member.encode(), answer.serialize()
        previous = stored.by_member.get(name)
        if previous is None and len(stored.by_member) >= self.limits.members:
            raise too_many_answers(self.limits)
        added = size_of(name, serialized) - (0 if previous is None else size_of(name, previous))
        most, most_of_room = self.limits.answer_bytes, self.limits.answer_bytes_per_room
        if stored.size + added > most_of_room or self._size + added > most:
            raise answers_too_large()
        if room.code not in self._rooms:
            await self.save(room)
        self._answers[room.code] = stored
        stored.by_member[name] = serialized
        stored.size += added
        stored.changes += 1
        self._size += added

    async def answers_version(self, room: Room) -> str:
        stored = self._stored(room)
        return f"{stored.number}:{stored.changes}"

    async def answers(self, room: Room) -> Answers:
        return {name.decode(): Answer.deserialize(text) for name, text in self._stored(room).by_member.items()}

    async def answer_of(self, room: Room, member: str) -> Answer | None:
        answer = self._stored(room).by_member.get(member.encode())
        return Answer.deserialize(answer) if answer else None

    def _stored(self, room: Room) -> StoredAnswers:
        """The answers to the current question. Drops the answers to an earlier one."""
        number = room.asked.number if room.asked else 0
        stored = self._answers.get(room.code, StoredAnswers())
        if stored.number < number:
            self._drop_answers(room.code)
        return stored if stored.number == number else StoredAnswers(number)

    async def report_members(self, code: str, members: Collection[str]) -> int:
        return len(members)

    @asynccontextmanager
    async def listen(self, code: str) -> AsyncIterator[AsyncIterator[Room]]:
        with self._listeners.subscribe(code) as mailbox:
            yield mailbox

    async def ping(self) -> None:
        pass

    async def close(self) -> None:
        pass

    def _free_space(self, owner: str) -> None:
        """Delete expired rooms and, if the limits require it, one more. Raises NoPlaceError if there is none to
        delete."""
        now = time()
        for expired in [room for room in self._rooms.values() if room.expires < now]:
            self._delete(expired)
        own = [room for room in self._rooms.values() if owner and room.owner == owner]
        for rooms, limit, error in (
            (own, self.limits.rooms_per_owner, too_many_rooms_of_owner),
            (self._rooms.values(), self.limits.rooms, too_many_rooms),
        ):
            if len(rooms) >= limit:
                if not (first := first_to_expire(rooms, now)):
                    raise error()
                self._delete(first)

    def _delete(self, room: Room) -> None:
        del self._rooms[room.code]
        self._drop_answers(room.code)

    def _drop_answers(self, code: str) -> None:
        self._size -= self._answers.pop(code, StoredAnswers()).size
