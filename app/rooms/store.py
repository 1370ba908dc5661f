"""Where rooms are stored, and how listeners get their changes: an interface, implemented in memory and with Redis."""

from collections.abc import AsyncIterator
from contextlib import AbstractAsyncContextManager
from typing import Protocol

from ..translations.phrases import phrase
from .room import Answer, Answers, Room


class Store(Protocol):
    """Every method but ``listen`` may raise StoreError, and may be called again."""

    async def save(self, room: Room) -> bool:
        """Store a room and notify its listeners; False where one as new is stored. A new room may replace another one,
        see ``first_to_go``. Raises NoPlaceError where there is no place."""

    async def find(self, code: str, now: float) -> Room | None:
        """The room of a code, unless it is over."""

    async def give(self, room: Room, member: str, answer: Answer) -> None:
        """Store a member's answer to the present question. Raises RoomError where there are too many answers, or where
        they take too many bytes."""

    async def mark(self, room: Room) -> str:
        """A text that changes with the answers to the present question."""

    async def answers(self, room: Room) -> Answers:
        """The answers to the present question."""

    async def here(self, code: str, members: int) -> int:
        """Report how many members this process has, and get the number of all processes."""

    def listen(self, code: str) -> AbstractAsyncContextManager[AsyncIterator[Room]]:
        """The states of a room from now on; a slow reader gets only the newest. Some may be lost while the store is out
        of reach."""

    async def ping(self) -> None:
        """Raise where the store cannot be reached."""

    async def close(self) -> None:
        """Close the connections of the store. Rooms stay."""


AWAY = phrase("the room is out of reach for the moment; try again")


class StoreError(RuntimeError):
    """The store failed. Its message is for the people in the room."""

    def __init__(self, words: str = AWAY) -> None:
        super().__init__(words)


class NoPlaceError(StoreError):
    """The store has no place for something."""


def too_many_rooms() -> NoPlaceError:
    return NoPlaceError(phrase("all rooms are in use; try again later"))


def too_many_of_one() -> NoPlaceError:
    return NoPlaceError(phrase("too many rooms were opened from where you are; end a lesson first"))


def no_memory() -> NoPlaceError:
    return NoPlaceError(phrase("the memory for rooms is full; try again later"))
