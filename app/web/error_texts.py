"""What is said of errors: on pages, in JSON, in /openapi.json and by the scripts of the main page."""

from typing import NamedTuple

from ..translations.phrases import phrase


class ErrorText(NamedTuple):
    """Of one status: the ``title`` of the page; the ``message`` on the page and in JSON; its ``meaning`` in
    /openapi.json, of statuses that any path may answer.

    ``{path}`` in a message is the path of the request, ``{longest}`` the number of characters of the longest text,
    ``{seconds}`` when to try again.
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
"""By status. For others HTTP's own words do."""

SCRIPT_TEXTS = {
    "silent": phrase("The server does not answer."),
    "busy": phrase("Many ask the server at once."),
    "failed": phrase("The server failed ({status})."),
    "refused": phrase("The server refuses this address ({status})."),
}
"""What scripts show where no answer comes, at 429 and 503, at other statuses of the server, and at a refusal without a
message: see static/js/page/request.js. ``{status}`` is filled in there."""
