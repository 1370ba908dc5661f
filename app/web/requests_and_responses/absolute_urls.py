"""Links: paths behind the prefix of the app, and absolute URLs for use outside of a page, as in a QR code or a file.

Everywhere else a path is written as if the app were at the root of its site. Scripts derive the prefix from their own
URL (static/js/page/prefix.js).
"""

import re
from contextvars import ContextVar
from urllib.parse import quote, urlsplit

from starlette.requests import Request
from starlette.types import Scope

_SITE = re.compile(r"https?://(\[[0-9a-f:.]+\]|[\w.-]+)(:\d+)?(/[^\s\"'<>]*)?", re.IGNORECASE)


_ORIGIN = re.compile(r"^https?://[^/?#]*", re.IGNORECASE)

FOR_THIS_MACHINE = ("localhost", "127.0.0.1", "::1")
"""Host names that reach the app only from the machine on which it runs."""


PREFIX = ContextVar("prefix", default="")
"""The prefix of the current request. The middleware app/web/server/prefix.py sets it."""


def linked_path(path: str) -> str:
    """A path of the app with the prefix, for a link on a page."""
    return PREFIX.get() + path


def own_path(scope: Scope) -> str:
    """The path of a request without the prefix, also if the server includes it."""
    return str(scope["path"]).removeprefix(scope.get("root_path", "").rstrip("/"))


RECORDED_SITE: ContextVar[str] = ContextVar("a placeholder for the site of a page that is recorded", default="")


def site(request: Request) -> str:
    """The public URL of the app, from the settings or else from the request: ``https://class.example/unrolled``. Empty
    if the Host header is not valid; then links are relative, as on a page."""
    return RECORDED_SITE.get() or real_site(request)


def real_site(request: Request) -> str:
    """The same, also while a page is recorded."""
    if public_url := request.app.state.public_url:
        return str(public_url)
    try:
        base = str(request.base_url)
    except ValueError:
        return ""
    return base.rstrip("/") if _SITE.fullmatch(base) else ""


def absolute(request: Request, path: str, query: str = "") -> str:
    """The absolute URL of a path of the app. ``query`` is empty or begins with ``?``."""
    return site(request) + quote(path) + query


def is_for_this_machine(request: Request) -> bool:
    """Whether the URL by which the visitor reaches the app works only on this machine."""
    return urlsplit(real_site(request)).hostname in FOR_THIS_MACHINE


def on_this_site(location: str) -> str:
    """The Location of a redirect without its host, which came from the client's request. Two slashes at the beginning
    of a path would name a host as well, so one is left."""
    return "/" + _ORIGIN.sub("", location, count=1).lstrip("/\\")
