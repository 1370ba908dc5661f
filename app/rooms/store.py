"""The interface of a store of rooms, which also sends changes to listeners. It is implemented in memory and with
Redis."""

from collections.abc import AsyncIterator, Collection
from contextlib import AbstractAsyncContextManager
from typing import Protocol

from ..translations.phrases import phrase
from .limits import RoomLimits
from .room import Answer, Answers, Room


class Store(Protocol):
    """Every method except ``listen`` may raise StoreError, and can then be called again."""

    limits: RoomLimits

    async def save(self, room: Room) -> bool:
        """Store a room and notify its listeners. Return False if the stored state is at least as new. A new room may
        replace another one, see ``first_to_expire``. Raises NoPlaceError if there is no space."""

    async def find(self, code: str, now: float) -> Room | None:
        """The room with a code, unless it is closed or expired."""

    async def add_answer(self, room: Room, member: str, answer: Answer) -> None:
        """Store a member's answer to the current question. Raises RoomError if there are too many answers, or if they
        take too many bytes."""

    async def answers_version(self, room: Room) -> str:
        """A text that changes whenever an answer to the current question is added."""

    async def answers(self, room: Room) -> Answers:
        """The answers to the current question."""

    async def answer_of(self, room: Room, member: str) -> Answer | None:
        """A member's answer to the current question."""

    async def report_members(self, code: str, members: Collection[str]) -> int:
        """Report the different members in this process. Returns the number of those in all processes: a member whose
        frozen connection to another process still exists counts once."""

    def listen(self, code: str) -> AbstractAsyncContextManager[AsyncIterator[Room]]:
        """Iterate over the states of a room from now on. A slow reader gets only the newest. States may be lost while
        the store is unavailable."""

    async def ping(self) -> None:
        """Raise StoreError if the store is unavailable."""

    async def close(self) -> None:
        """Close the connections to the store. Rooms stay stored."""


UNAVAILABLE = phrase("The room is temporarily unavailable; try again")


class StoreError(RuntimeError):
    """The store failed. The message is for the people in the room."""

    def __init__(self, message: str = UNAVAILABLE) -> None:
        super().__init__(message)


class NoPlaceError(StoreError):
    """The store has no space for a room."""


def too_many_rooms() -> NoPlaceError:
    return NoPlaceError(phrase("All rooms are in use; try again later"))


def too_many_rooms_of_owner() -> NoPlaceError:
    return NoPlaceError(phrase("Too many rooms are open in your network; end one of them first"))


def no_memory() -> NoPlaceError:
    return NoPlaceError(phrase("The memory for rooms is full; try again later"))
