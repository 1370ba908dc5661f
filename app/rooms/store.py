"""Where rooms are kept, and how whoever listens hears of a change: an interface with two homes, memory and Redis."""

from collections.abc import AsyncIterator
from contextlib import AbstractAsyncContextManager
from typing import Protocol

from app.rooms.room import Answer, Answers, Room
from app.translations.phrases import phrase


class Store(Protocol):
    """Every method but ``listen`` may raise StoreError; it may be asked again."""

    async def keep(self, room: Room) -> bool:
        """Keep a room and tell all who listen to it, unless one as new is there. For a new room another one goes, see
        ``first_to_go``; NoPlaceError where none does."""

    async def find(self, code: str, now: float) -> Room | None:
        """A room that is not over."""

    async def give(self, room: Room, member: str, answer: Answer) -> None:
        """Keep somebody's answer to what a room asks now. RoomError where too many others answered, or where the
        answers take too many bytes."""

    async def mark(self, room: Room) -> str:
        """Another text each time that the answers to what a room asks now change."""

    async def answers(self, room: Room) -> Answers:
        """Those to what a room asks now."""

    async def here(self, code: str, members: int) -> int:
        """Say how many are in a room through this process, and be told how many are through all of them."""

    def listen(self, code: str) -> AbstractAsyncContextManager[AsyncIterator[Room]]:
        """The states of a room from when it is entered on, the newest only for who is slow. Some may be lost while the
        store is out of reach."""

    async def ping(self) -> None:
        """Nothing, where the store can be reached."""

    async def close(self) -> None:
        """Let go of what the store holds open. Rooms stay."""


AWAY = phrase("the room is out of reach for the moment; try again")


class StoreError(RuntimeError):
    """The store does not do what it is asked; the words are for whoever is in a room."""

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
