"""Texts of errors: on pages, in JSON, in /openapi.json and in the scripts of the main page."""

from typing import NamedTuple

from ..translations.phrases import phrase


class ErrorText(NamedTuple):
    """The texts of a status: the ``title`` of the page, the ``message`` on the page and in JSON, and, for statuses that
    any path may respond with, the ``meaning`` in /openapi.json.

    In a message, ``{path}`` is the path of the request, ``{longest}`` the number of characters of the longest text, and
    ``{seconds}`` the value of Retry-After.
    """

    title: str
    message: str
    meaning: str = ""


ERROR_TEXTS = {
    400: ErrorText(phrase("Bad request"), phrase("The request must have exactly one Host header, with a host name")),
    404: ErrorText(phrase("Not found"), phrase("There is no page at {path}")),
    405: ErrorText(phrase("Method not allowed"), phrase("{path} does not support this method")),
    411: ErrorText(
        phrase("Length required"),
        phrase("The request needs a Content-Length header"),
        meaning="Length required.",
    ),
    413: ErrorText(phrase("Request too large"), phrase("The request body is too large"), meaning="Request too large."),
    414: ErrorText(
        phrase("Link too long"),
        phrase("This link is too long. A text may have up to {longest:,} characters"),
        meaning="The URL is too long.",
    ),
    415: ErrorText(
        phrase("Unsupported media type"),
        phrase("The search text must be the field q of a URL-encoded form (application/x-www-form-urlencoded)"),
    ),
    429: ErrorText(
        phrase("Too many requests"),
        phrase("Your network has sent many requests while others are waiting. Try again in a few seconds"),
        meaning="Too many requests from this address while others wait; retry after Retry-After seconds.",
    ),
    500: ErrorText(
        phrase("Server error"),
        phrase("The server could not handle this request. Details are in its log"),
        meaning="Server error.",
    ),
    501: ErrorText(phrase("Not supported"), phrase("{path} returns JSON only")),
    503: ErrorText(
        phrase("Server busy"),
        phrase("Too many requests are waiting. Try again in a few seconds"),
        meaning="The request queue is full; retry after Retry-After seconds.",
    ),
}
"""Texts by status. Other statuses have HTTP's own reason phrase."""

POST_ONLY = phrase("{path} accepts POST requests only")
"""The message of a 405 for a path that has no GET."""

SCRIPT_TEXTS = {
    "silent": phrase("No response from the server."),
    "busy": phrase("The server is busy."),
    "failed": phrase("Server error ({status})."),
    "refused": phrase("The server rejected this link ({status})."),
}
"""Texts that scripts show: without a response, at 429 and 503, at other server errors, and at a client error without a
message. See static/js/page/request.js, which fills in ``{status}``."""
