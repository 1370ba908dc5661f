"""The posts of a thread in a text: what others answer after a message is no part of the program that raised it."""

import re
from bisect import bisect_right
from itertools import pairwise

HEADER = re.compile(
    r"^(?:@?([\w.-]{1,40}) (?:· (?:description|comment|answer|reply)\b|(?:commented|replied|answered)\b"
    r"|opened this issue\b)[^\n]{0,60}|On [^\n]{5,100}, ([^\n<,]{1,60}?)(?: <[^\n]{1,80}>)? wrote:"
    r"|(?:#{1,6} )?(?:\d{1,3} |Accepted |Best |Top )?Answers?:?)[ ]{0,20}$",
    re.MULTILINE,
)
"""The first line of a post, with the name of who wrote it, or the heading above answers."""

ANSWERS = ""
"""Who wrote what stands under the heading of answers."""


def _headers(text: str) -> list[tuple[int, str]]:
    """Where each post begins, and who wrote it."""
    return [(header.start(), header[1] or header[2] or ANSWERS) for header in HEADER.finditer(text)]


def without_answers(text: str, readable: str, position: int) -> str:
    """A text without the posts that others wrote after a message. ``position``: where the message is in the readable
    text, which has the same headers."""
    headers, in_readable = _headers(text), [start for start, _ in _headers(readable)]
    if not headers or len(headers) != len(in_readable):
        return text
    n = bisect_right(in_readable, position)
    author = headers[max(0, n - 1)][1] or None  # before the first header stands the title of its post
    ends = [start for start, _ in headers[n:]] + [len(text)]
    later = [
        text[start:end] for (start, end), (_, name) in zip(pairwise(ends), headers[n:], strict=True) if name == author
    ]
    return "".join([text[: ends[0]], *later])
