"""What each client may have of the server, and what it has had lately."""

from collections import OrderedDict
from collections.abc import Awaitable, Callable
from contextvars import ContextVar
from ipaddress import IPv6Address, ip_address, ip_network
from math import inf
from threading import Lock
from time import monotonic

from anyio import CancelScope
from starlette.types import Receive, Scope

asking: ContextVar[str] = ContextVar("asking", default="")
"""The client whose request is answered; nothing in the terminal, and where the server cannot know."""


async def stays() -> bool:
    """Of a client that has no connection which it could close."""
    return False


is_gone: ContextVar[Callable[[], Awaitable[bool]]] = ContextVar("is_gone", default=stays)
"""Tells whether that client has closed its connection."""

CLIENTS = 10_000
"""So many are remembered: those that were heard last."""


class TokenBuckets:
    """A bucket for each client: it holds ``most``, and ``rate`` a second flows into it.

    It is paid afterwards, for what something has really cost; so there may be less than nothing in it, and then it
    takes a while until there is something again. A rate of 0 is without a limit.
    """

    def __init__(self, most: float, rate: float, clock: Callable[[], float] = monotonic) -> None:
        self._most, self._rate, self._clock = most, rate, clock
        self._left: OrderedDict[str, tuple[float, float]] = OrderedDict()
        self._lock = Lock()

    def left(self, client: str) -> float:
        """What there is in a client's bucket now."""
        if not client or not self._rate:
            return inf
        left, since = self._left.get(client, (self._most, self._clock()))
        return min(self._most, left + self._rate * (self._clock() - since))

    def wait(self, client: str) -> float:
        """Seconds until there is something in it."""
        left = self.left(client)
        return -left / self._rate if left < 0 else 0.0

    def take(self, client: str, amount: float) -> None:
        """Debts are limited, too: by what a full bucket would pay."""
        if client and self._rate:
            with self._lock:
                self._left[client] = max(-self._most, self.left(client) - amount), self._clock()
                self._left.move_to_end(client)
                if len(self._left) > CLIENTS:
                    self._left.popitem(last=False)


def watching(receive: Receive) -> Callable[[], Awaitable[bool]]:
    """Tells of a request without a body whether its client has closed the connection."""

    async def has_closed() -> bool:
        with CancelScope() as now:  # take what was received so far, and wait for nothing
            now.cancel()
            while (await receive())["type"] != "http.disconnect":
                pass
            return True
        return False

    return has_closed


def client_of(scope: Scope) -> str:
    """Who asks: the address from which it does, as the server knows it or a proxy that it trusts says. Of version 6 a
    whole network, since that is what one client has."""
    host = (scope.get("client") or ("",))[0]
    try:
        address = ip_address(host.partition("%")[0])
    except ValueError:
        return str(host)
    if not isinstance(address, IPv6Address):
        return str(address)
    return str(address.ipv4_mapped or ip_network((address, 64), strict=False))
