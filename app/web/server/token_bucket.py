"""Rate limits: a token bucket for each client."""

from collections import OrderedDict
from collections.abc import Callable
from math import inf
from threading import Lock
from time import monotonic

CLIENTS = 10_000
"""How many clients are remembered: the most recent ones."""


class TokenBuckets:
    """A token bucket for each client: it holds at most ``most`` tokens, and is refilled with ``rate`` tokens a second.

    Clients pay afterwards, when the cost is known. So a bucket may go below zero, and the client has to wait until it
    is refilled. A rate of 0 means no limit.
    """

    def __init__(self, most: float, rate: float, clock: Callable[[], float] = monotonic) -> None:
        self._most, self._rate, self._clock = most, rate, clock
        self._left: OrderedDict[str, tuple[float, float]] = OrderedDict()
        self._lock = Lock()

    def left(self, client: str) -> float:
        """The tokens in a client's bucket now."""
        if not client or not self._rate:
            return inf
        left, since = self._left.get(client, (self._most, self._clock()))
        return min(self._most, left + self._rate * (self._clock() - since))

    def wait(self, client: str) -> float:
        """Seconds until a client's bucket is not below zero."""
        left = self.left(client)
        return -left / self._rate if left < 0 else 0.0

    def take(self, client: str, amount: float) -> None:
        """Take tokens from a client's bucket. Its debt is limited: a full bucket would pay it."""
        if client and self._rate:
            with self._lock:
                self._left[client] = max(-self._most, self.left(client) - amount), self._clock()
                self._left.move_to_end(client)
                if len(self._left) > CLIENTS:
                    self._left.popitem(last=False)
