"""Refusals: of what may be asked again later, and of what nobody waits for any more."""

from math import ceil

from starlette.exceptions import HTTPException

MOST_PATIENCE = 30
"""The longest time, in seconds, that a client is told to wait."""

CLIENT_CLOSED_REQUEST = 499
"""The status of a request whose client closed the connection before it was answered: nginx's number, for the log."""


def later(status: int, seconds: float) -> HTTPException:
    """A refusal that says when to try again."""
    return HTTPException(status, headers={"Retry-After": str(min(MOST_PATIENCE, max(1, ceil(seconds))))})


def client_closed() -> HTTPException:
    """The end of a request whose client has closed the connection."""
    return HTTPException(CLIENT_CLOSED_REQUEST, "Client Closed Request")
