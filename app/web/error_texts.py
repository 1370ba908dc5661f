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
    400: ErrorText(phrase("Bad request"), phrase("a request must have one Host header, with the name of a host")),
    404: ErrorText(phrase("Not found"), phrase("there is nothing at {path}")),
    405: ErrorText(phrase("Not so"), phrase("{path} can be read, and nothing else")),
    411: ErrorText(
        phrase("Not so"), phrase("what is sent has to say how long it is"), meaning="Content of unknown length."
    ),
    413: ErrorText(phrase("Too much"), phrase("so much cannot be sent here"), meaning="Too much content."),
    414: ErrorText(
        phrase("Too long"),
        phrase("this address is too long; a text of {longest:,} characters fits into one"),
        meaning="The address is too long.",
    ),
    429: ErrorText(
        phrase("Others wait"),
        phrase("much was asked from where you are, and others wait; try again in a few seconds"),
        meaning="Others wait, and very much was asked from this address: ask again after Retry-After seconds.",
    ),
    500: ErrorText(
        phrase("Our fault"),
        phrase("the server failed at this question; the fault is in its program, and its log says which"),
        meaning="A fault of the server.",
    ),
    501: ErrorText(phrase("Not so"), phrase("{path} speaks JSON, and nothing else")),
    503: ErrorText(
        phrase("Many ask at once"),
        phrase("so many questions wait that there is no place for this one; try again in a few seconds"),
        meaning="Too many questions wait: ask again after Retry-After seconds.",
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
