"""Shortens the links of a rendered page, and marks those that crawlers should not follow.

A link has the whole query of its page. If that has a long text, hundreds of links would repeat it. When the page has
reached a size limit, further links have ``data-link`` in place of ``href``, without the text, and
static/js/page/links.js completes them. Links with a query have ``rel="nofollow"``, since there is no end of them,
unless the whole page says so.
"""

import re
from collections.abc import Iterable, Mapping

MOST = 2**20
"""Bytes of a page up to which its links are complete."""

LONG = 200
"""Characters of a value that any number of links may repeat."""

_LINK = re.compile(r'(<a\b[^>]*?) href="([^"]*\?[^"]*)"(?=([^>]*))')
_EMPTY = dict.fromkeys(range(9))
"""A translation table that removes the placeholders of long texts: characters that no text has."""


def linked(pieces: Iterable[str], texts: Mapping[str, str], is_followed: bool = True) -> str:
    """The page from its rendered pieces, not much longer than ``MOST``. ``texts``: the values of the page's text fields
    as in a query, by field; ``is_followed``: whether crawlers follow the links of the page."""
    long, page = _placeholders(texts), shortened(pieces, texts)
    if not long and not is_followed:
        return page
    room = MOST - len(page.encode())

    def link(match: re.Match[str]) -> str:
        nonlocal room
        before, address, after = match.groups()
        has_end = ' rel="' in before + after  # rel="next" and rel="prev"
        rel = "" if has_end or not is_followed else ' rel="nofollow"'
        size = sum(len(full) for full, short in long.items() if short in address)
        if size > max(room, 0):
            return f'{before} data-link="{address.translate(_EMPTY)}"{rel}'
        room -= size
        return match[0] + rel

    return _replaced(_LINK.sub(link, page), {short: full for full, short in long.items()})


def shortened(pieces: Iterable[str], texts: Mapping[str, str]) -> str:
    """The page from its rendered pieces, with placeholders for long texts, which ``linked`` replaces. Each piece is
    shortened before they are joined, so that memory does not grow with the number of links."""
    long = _placeholders(texts)
    return "".join(_replaced(piece, long) for piece in pieces) if long else "".join(pieces)


def _placeholders(texts: Mapping[str, str]) -> dict[str, str]:
    """Long texts as they are in queries -> what stands for them."""
    return {f"{name}={text}": f"{name}={chr(n)}" for n, (name, text) in enumerate(texts.items()) if len(text) > LONG}


def _replaced(text: str, replacements: Mapping[str, str]) -> str:
    for old, new in replacements.items():
        text = text.replace(old, new)
    return text
