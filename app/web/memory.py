"""Bytes that the process holds for its clients: responses on their way, unread socket buffers, unfinished requests.

One budget for the whole process. No client can use it up: a quarter of it is for the responses to one, half of it for
the connections from one address.
"""

from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from threading import Lock

from app.core.budget import MEGA
from app.web.lanes import later

MOST = 128 * MEGA
"""Bytes for all clients together."""

SHARE = MOST // 4
"""Bytes for the responses to one client."""

CONNECTIONS_SHARE = MOST // 2
"""Bytes for the connections from one address: more, since all clients of a proxy come from its address."""

WAIT = 2
"""Seconds after which to try again: as long as a usual connection takes to read what it was sent."""


class Memory:
    """What is held, for each client and in all."""

    def __init__(self) -> None:
        self.total = 0
        self._held: Counter[str] = Counter()
        self._lock = Lock()

    def take(self, client: str, size: int) -> None:
        """Count ``size`` bytes more; fewer where it is negative."""
        with self._lock:
            self.total += size
            self._held[client] += size
            if not self._held[client]:
                del self._held[client]

    def has_room(self, client: str, most: int = MOST, share: int = SHARE) -> bool:
        """Whether more may be held for a client: no more than ``most`` bytes are in all, and no more than ``share`` for
        this one. A client without an address has no share of its own."""
        return self.total <= most and (not client or self._held[client] <= share)

    def check(self, client: str, most: int = MOST) -> None:
        """Raises HTTPException, 503, where there is no room."""
        if not self.has_room(client, most):
            raise later(503, WAIT)

    @contextmanager
    def holding(self, client: str, size: int) -> Iterator[None]:
        """Count ``size`` bytes for as long as they are held."""
        self.take(client, size)
        try:
            yield
        finally:
            self.take(client, -size)


HELD = Memory()
"""What this process holds."""
