"""Bytes that the process holds for its clients: responses being sent, unread socket buffers, unfinished requests.

The whole process has one budget. No single client can use it up: at most a third is for responses to one client, at
most half for connections from one address. Files of weights, each of which may be as large as a run, are counted
separately, so that a slow download does not block other pages.
"""

from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from threading import Lock

from ...core.work_limits import MEGA
from ..limits_and_timeouts import CONNECTIONS_SHARE, MOST_HELD, RESPONSES_SHARE
from .refusals import later

CHARGE = "unrolled.charge"
"""The ASGI extension by which the app tells the server which client's request a connection carries: behind a trusted
proxy that is not the address that the connection comes from."""

WAIT = 2
"""Retry-After in seconds: as long as a usual connection takes to read a response."""


class Memory:
    """Counts the bytes held for each client and in total."""

    def __init__(self) -> None:
        self.total = 0
        self._held: Counter[str] = Counter()
        self._lock = Lock()

    def take(self, client: str, size: int) -> None:
        """Add ``size`` bytes, which may be negative, to those held for a client."""
        with self._lock:
            self.total += size
            self._held[client] += size
            if not self._held[client]:
                del self._held[client]

    def has_room(self, client: str, most: int = MOST_HELD, share: int = RESPONSES_SHARE) -> bool:
        """Whether more may be held for a client: at most ``most`` bytes are held in total, and at most ``share`` for
        this client. A client without an address is only limited by the total."""
        return self.total <= most and self.is_within_share(client, share)

    def is_within_share(self, client: str, share: int = RESPONSES_SHARE) -> bool:
        return not client or self._held[client] <= share

    @contextmanager
    def holding(self, client: str, size: int) -> Iterator[None]:
        """Count ``size`` bytes as held within the context."""
        self.take(client, size)
        try:
            yield
        finally:
            self.take(client, -size)


LARGE = 2 * MEGA
"""Bytes of the largest page. A larger response is a file."""

HELD, FILES = Memory(), Memory()
"""What this process holds: responses up to ``LARGE`` and all connections; and larger responses."""


def connections_of(client: str) -> str:
    """The name under which the connections of a client are counted; empty, and so without a share, if the client has no
    address."""
    return f"connections from {client}" if client else ""


def check_room(client: str) -> None:
    """Raises HTTPException, 503, if no more may be held for a client."""
    if not HELD.has_room(client) or not HELD.is_within_share(connections_of(client), CONNECTIONS_SHARE):
        raise later(503, WAIT)


@contextmanager
def sending(client: str, size: int) -> Iterator[None]:
    """Count the bytes of a response within the context, in which it is sent."""
    with (FILES if size > LARGE else HELD).holding(client, size):
        yield
