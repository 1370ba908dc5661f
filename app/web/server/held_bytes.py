"""Bytes that the process holds for its clients: responses on their way, unread socket buffers, unfinished requests.

One budget for the whole process. No client can use it up alone: a third of it is for the responses to one, half of it
for the connections from one address. Files of weights, each of which may be as large as a run, are counted apart, so
that a slow download keeps nobody from other pages.
"""

from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from threading import Lock

from ...core.budget import MEGA
from .refusals import later

MOST = 96 * MEGA
"""Bytes for all clients together."""

SHARE = MOST // 3
"""Bytes for the responses to one client."""

CONNECTIONS_SHARE = MOST // 2
"""Bytes for the connections of one client: more, since a class may come from one address. Those of a proxy that is
trusted are its clients' while they carry a request."""

RESERVE = 8 * MEGA
"""Bytes past ``MOST`` up to which connections are opened, so that a probe is answered."""

CHARGE = "unrolled.charge"
"""The ASGI extension by which the app tells the server whose request a connection carries: behind a proxy that is
trusted, not that of the address it comes from."""

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
        return self.total <= most and self.is_within_share(client, share)

    def is_within_share(self, client: str, share: int = SHARE) -> bool:
        return not client or self._held[client] <= share

    @contextmanager
    def holding(self, client: str, size: int) -> Iterator[None]:
        """Count ``size`` bytes for as long as they are held."""
        self.take(client, size)
        try:
            yield
        finally:
            self.take(client, -size)


LARGE = 2 * MEGA
"""Bytes of the largest page. What is larger is a file."""

HELD, FILES = Memory(), Memory()
"""What this process holds: responses up to ``LARGE`` with all that connections hold, and larger responses."""


def connections_of(client: str) -> str:
    """The name by which the connections of a client are counted; none where it has no address, and so no share."""
    return f"connections from {client}" if client else ""


def check_room(client: str) -> None:
    """Raises HTTPException, 503, where no more may be held for a client."""
    if not HELD.has_room(client) or not HELD.is_within_share(connections_of(client), CONNECTIONS_SHARE):
        raise later(503, WAIT)


@contextmanager
def sending(client: str, size: int) -> Iterator[None]:
    """Count the bytes of a response until it is sent."""
    with (FILES if size > LARGE else HELD).holding(client, size):
        yield
