"""One thing after another, and no more of them waiting than can be waited for."""

from collections import Counter
from collections.abc import Callable
from math import ceil
from time import monotonic, thread_time
from typing import TypeVar

from anyio import CapacityLimiter, to_thread
from starlette.exceptions import HTTPException

from app.web.allowance import Allowance, asking

Made = TypeVar("Made")

LATELY = 0.1
"""How much of what is known of the time that things take the last one changes."""

MOST_PATIENCE = 30
"""Seconds after which anybody may try again."""


class Lane:
    """A thread that does one thing at a time, and a queue of at most ``most``, what is being done among them.

    Who comes in vain is told when to try again: 503 where there is no place; 429 where others wait and the client
    has had more than its share. A client alone is not held to its share: nobody would be better off.
    """

    def __init__(self, most: int, shares: Allowance) -> None:
        self.most, self._shares = most, shares
        self.waiting: Counter[str] = Counter()
        self._thread = CapacityLimiter(1)
        self._takes = 0.2

    async def do(self, make: Callable[[], Made]) -> Made:
        """What is made, in its turn. Raises HTTPException, 429 or 503, before anything is done."""
        client = asking.get()
        others = self.waiting.total() - self.waiting[client]
        if others and (wait := self._shares.wait(client)):
            raise later(429, wait)
        if self.waiting.total() >= self.most:
            raise later(503, self.most * self._takes)
        self.waiting[client] += 1
        try:
            return await to_thread.run_sync(self._measured, make, client, limiter=self._thread)
        finally:
            self.waiting[client] -= 1
            self.waiting += Counter()  # who waits no longer is not remembered

    def _measured(self, make: Callable[[], Made], client: str) -> Made:
        """Who waits does so by the clock; what a client has had are the thread's own seconds: that the machine is busy
        with something else is nobody's fault."""
        start, worked = monotonic(), thread_time()
        try:
            return make()
        finally:
            self._takes += LATELY * (monotonic() - start - self._takes)
            self._shares.take(client, thread_time() - worked)


def later(status: int, seconds: float) -> HTTPException:
    """That something is not done now, and when to try again."""
    return HTTPException(status, headers={"Retry-After": str(min(MOST_PATIENCE, max(1, ceil(seconds))))})
