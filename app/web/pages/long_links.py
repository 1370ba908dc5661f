"""The links of a page, once it is rendered.

A link repeats the whole state of its page. Where the state has a long text, hundreds of links would repeat it: past a
limit they have ``data-link`` in place of ``href``, with the text left empty, and static/js/page/links.js completes
them. Crawlers are told to follow no link to a state, since there is no end of them.
"""

import re
from collections.abc import Iterable, Mapping

MOST = 2**20
"""Bytes of a page up to which its links are complete."""

LONG = 200
"""Bytes of a value that any number of links may repeat."""

_LINK = re.compile(r'(<a\b[^>]*?) href="([^"]*\?[^"]*)"(?=([^>]*))')
_EMPTY = {0: None, 1: None}
"""Leaves out the characters that stand for long texts: no text has them."""


def linked(pieces: Iterable[str], texts: Mapping[str, str]) -> str:
    """A page of rendered pieces that is not much longer than ``MOST``. ``texts``: the values that its links repeat, by
    field and as a query has them."""
    long = {f"{name}={text}": f"{name}={chr(n)}" for n, (name, text) in enumerate(texts.items()) if len(text) > LONG}
    page = "".join(_replaced(piece, long) for piece in pieces)
    room = MOST - len(page.encode())

    def link(match: re.Match[str]) -> str:
        nonlocal room
        before, address, after = match.groups()
        rel = "" if ' rel="' in before + after else ' rel="nofollow"'  # the next and the previous page come to an end
        wanted = sum(len(full) for full, short in long.items() if short in address)
        if wanted > max(room, 0):
            return f'{before} data-link="{address.translate(_EMPTY)}"{rel}'
        room -= wanted
        return match[0] + rel

    return _replaced(_LINK.sub(link, page), {short: full for full, short in long.items()})


def _replaced(text: str, parts: Mapping[str, str]) -> str:
    for part, other in parts.items():
        text = text.replace(part, other)
    return text
