"""Where rooms are kept, and how all who are in one hear of a change: an interface with two homes, memory and Redis."""

from collections.abc import AsyncIterator
from contextlib import AbstractAsyncContextManager
from typing import Protocol

from app.rooms.room import Answer, Answers, Room


class Store(Protocol):
    """Every method may raise StoreError where the store is out of reach for now; it may be asked again."""

    async def keep(self, room: Room) -> None:
        """Keep a room, and tell all who listen to it. An older state than the one that is kept is left out."""

    async def find(self, code: str, now: float) -> Room | None:
        """A room that is not over."""

    async def close(self, code: str) -> None:
        """Let a room and its answers go."""

    async def give(self, room: Room, member: str, answer: Answer) -> None:
        """Keep somebody's answer to what is asked in a room at its present number."""

    async def answers(self, room: Room) -> Answers:
        """Those to what is asked now."""

    async def members(self, code: str) -> int:
        """How many listen to a room."""

    def listen(self, code: str) -> AbstractAsyncContextManager[AsyncIterator[Room]]:
        """The states of a room from when it is entered on, the newest only where one is slow."""


class StoreError(RuntimeError):
    """The store is out of reach."""
