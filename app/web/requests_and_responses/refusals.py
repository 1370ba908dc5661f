"""Rejected requests: those to be repeated later (429, 503), and those whose client has gone (499).

Their messages are in app/web/error_texts.py.
"""

from math import ceil

from starlette.exceptions import HTTPException

from ..limits_and_timeouts import MAX_RETRY_AFTER

CLIENT_CLOSED_REQUEST = 499
"""The status of a request whose client closed the connection before the response: nginx's number, for the log."""


def later(status: int, seconds: float) -> HTTPException:
    """A rejection with a Retry-After of ``seconds``, rounded up."""
    return HTTPException(status, headers={"Retry-After": str(min(MAX_RETRY_AFTER, max(1, ceil(seconds))))})


def client_closed() -> HTTPException:
    """A rejection of a request whose client has closed the connection."""
    return HTTPException(CLIENT_CLOSED_REQUEST, "Client Closed Request")
