"""A runner that counts the jobs that wait in a queue: runs, and files of weights."""

from collections.abc import Callable
from typing import TypeVar

from app.web.server.run_executor import QueueName, Runner

Result = TypeVar("Result")


class CountingRunner(Runner):
    """The real runner, with a counter."""

    jobs = 0

    async def in_turn(self, make: Callable[[], Result], queue: QueueName = "small") -> Result:
        self.jobs += 1
        return await super().in_turn(make, queue)
