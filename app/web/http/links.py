"""Links: paths behind the prefix of the app, and absolute addresses for what is not on a page: a phone, a file.

Everywhere else a path is written as if the app stood at the root of its site. Scripts know the prefix from their own
address (static/js/page/prefix.js).
"""

import re
from contextvars import ContextVar
from urllib.parse import quote, urlsplit

from starlette.datastructures import Headers
from starlette.requests import Request
from starlette.types import Scope

_SITE = re.compile(r"https?://(\[[0-9a-f:.]+\]|[\w.-]+)(:\d+)?(/[^\s\"'<>]*)?", re.IGNORECASE)

_HOST = re.compile(r"(\[[0-9a-f:.]+\]|(?=[.-]*\w)[\w.-]*)?(:(?P<port>\d{0,5}))?", re.IGNORECASE | re.ASCII)
"""An address or a name, as names of hosts are written, and a port. RFC 9112 allows an empty one."""

_ORIGIN = re.compile(r"^https?://[^/?#]*", re.IGNORECASE)

FOR_THIS_MACHINE = ("localhost", "127.0.0.1", "::1")
"""Hosts by which no other machine finds this one."""


PREFIX = ContextVar("prefix", default="")
"""The prefix of the request that is answered: app/web/server/prefix.py sets it."""


def linked_path(path: str) -> str:
    """A path of the app as a link on a page has it."""
    return PREFIX.get() + path


def own_path(scope: Scope) -> str:
    """The path as the app knows it, also where a server says a prefix with it."""
    return str(scope["path"]).removeprefix(scope.get("root_path", "").rstrip("/"))


def site(request: Request) -> str:
    """Where others have the app, as the operator says or as this visitor does: ``https://class.example/unrolled``.
    Nothing where what he names is no address; links then are as they stand on a page."""
    if public_url := request.app.state.public_url:
        return str(public_url)
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


def names_a_host(scope: Scope) -> bool:
    """Whether a request has one valid Host header, as RFC 9112 asks for; HTTP/1.0 needs none."""
    hosts = Headers(scope=scope).getlist("host")
    if not hosts:
        return bool(scope.get("http_version") == "1.0")
    if len(hosts) != 1 or not (host := _HOST.fullmatch(hosts[0])):
        return False
    return int(host["port"] or 0) < 2**16


def on_this_site(location: str) -> str:
    """The address of a redirect without a host: that is what the client said in its request, and two slashes at the
    beginning of a path would name another one."""
    return "/" + _ORIGIN.sub("", location, count=1).lstrip("/\\")
