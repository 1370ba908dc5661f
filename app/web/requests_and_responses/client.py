"""The client whose request is answered: its address, and whether it is still connected."""

from collections.abc import Awaitable, Callable
from contextvars import ContextVar
from ipaddress import IPv6Address, ip_address, ip_network

from anyio import CancelScope
from starlette.types import Receive, Scope

current_client: ContextVar[str] = ContextVar("current_client", default="")
"""The client of the current request; empty in the terminal, and where the server does not know its address."""


arrival: ContextVar[float] = ContextVar("arrival")
"""When the current request came, by ``monotonic``."""


async def never_disconnects() -> bool:
    """Of a client without a connection that it could close."""
    return False


is_disconnected: ContextVar[Callable[[], Awaitable[bool]]] = ContextVar("is_disconnected", default=never_disconnects)
"""Returns whether the client of the current request has closed its connection."""


def disconnection_of(receive: Receive) -> Callable[[], Awaitable[bool]]:
    """A function that returns whether the client has closed the connection. Only for requests without a body, which the
    function would take from the app."""

    async def has_closed() -> bool:
        with CancelScope() as now:  # take what was received so far, and wait for nothing
            now.cancel()
            while (await receive())["type"] != "http.disconnect":
                pass
            return True
        return False

    return has_closed


def client_of(scope: Scope) -> str:
    """The client of a connection: its IP address, as the server knows it or as a trusted proxy states it. Of IPv6 the
    /64 network, since one client has all of it. Which proxies are trusted: app/proxy_settings.py."""
    host = (scope.get("client") or ("",))[0]
    try:
        address = ip_address(host.partition("%")[0])
    except ValueError:
        return str(host)
    if not isinstance(address, IPv6Address):
        return str(address)
    return str(address.ipv4_mapped or ip_network((address, 64), strict=False))
