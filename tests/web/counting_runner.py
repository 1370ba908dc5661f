"""A runner that counts: the real one, but it can say whether anything was executed, or weights were made."""

from collections.abc import Callable
from typing import TypeVar

from app.web.server.runner import QueueName, Runner

Made = TypeVar("Made")


class CountingRunner(Runner):
    asked = 0

    async def in_turn(self, make: Callable[[], Made], queue: QueueName = "small") -> Made:
        self.asked += 1
        return await super().in_turn(make, queue)
