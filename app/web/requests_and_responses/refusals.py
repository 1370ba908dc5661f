"""Rejected requests: those to be repeated later (429, 503), those that are too large (413), and those whose client has
gone (499). Other messages are in app/web/error_texts.py.
"""

from collections.abc import Mapping
from math import ceil

from starlette.exceptions import HTTPException

from ...translations.phrases import phrase
from ..limits_and_timeouts import MAX_RETRY_AFTER

CLIENT_CLOSED_REQUEST = 499
"""The status of a request whose client closed the connection before the response: nginx's number, for the log."""


def later(status: int, seconds: float) -> HTTPException:
    """A rejection with a Retry-After of ``seconds``, rounded up."""
    return HTTPException(status, headers={"Retry-After": str(min(MAX_RETRY_AFTER, max(1, ceil(seconds))))})


def too_large(most: int, headers: Mapping[str, str] | None = None) -> HTTPException:
    """A rejection of a body with more than ``most`` bytes."""
    return HTTPException(413, phrase("The request body may have at most {most:,} bytes", most=most), headers)


def client_closed() -> HTTPException:
    """A rejection of a request whose client has closed the connection."""
    return HTTPException(CLIENT_CLOSED_REQUEST, "Client Closed Request")
