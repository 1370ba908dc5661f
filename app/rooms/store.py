"""Where rooms are kept, and how whoever listens hears of a change: an interface with two homes, memory and Redis."""

from collections.abc import AsyncIterator
from contextlib import AbstractAsyncContextManager
from typing import Protocol

from app.phrases import phrase
from app.rooms.room import Answer, Answers, Room


class Store(Protocol):
    """Every method but ``listen`` may raise StoreError where the store is out of reach; it may be asked again."""

    async def keep(self, room: Room) -> bool:
        """Keep a room and tell all who listen to it, unless one as new is there. Where there are too many, another one
        goes."""

    async def find(self, code: str, now: float) -> Room | None:
        """A room that is not over."""

    async def give(self, room: Room, member: str, answer: Answer) -> None:
        """Keep somebody's answer to what a room asks now. RoomError where too many others answered."""

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


class StoreError(RuntimeError):
    """The store is out of reach."""


AWAY = phrase("the room is out of reach for the moment; try again")
"""What is said of a StoreError."""
