"""Whole addresses, as others need them who are not on a page: a telephone, another site, a file."""

import re
from urllib.parse import quote, urlsplit

from starlette.requests import Request

_SITE = re.compile(r"https?://(\[[0-9a-f:.]+\]|[\w.-]+)(:\d+)?(/[^\s\"'<>]*)?", re.IGNORECASE)

FOR_THIS_MACHINE = ("localhost", "127.0.0.1", "::1")
"""Hosts by which no other machine finds this one."""


def site(request: Request) -> str:
    """Where others have the app, as the operator says or as this visitor does: ``https://class.example/unrolled``.
    Nothing where what he names is no address; links then are as they stand on a page."""
    if told := request.app.state.public_url:
        return str(told)
    try:
        named = str(request.base_url)
    except ValueError:
        return ""
    return named.rstrip("/") if _SITE.fullmatch(named) else ""


def absolute(request: Request, path: str, query: str = "") -> str:
    return site(request) + quote(path) + query


def is_for_this_machine(request: Request) -> bool:
    """Whether the visitor’s address of the app leads nobody else to it."""
    return urlsplit(site(request)).hostname in FOR_THIS_MACHINE
