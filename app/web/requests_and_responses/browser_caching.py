"""Cache-Control, ETag and 304 Not Modified.

A response is a function of the request's URL, so its ETag is known before it is computed. The table of routes,
app/web/routes.py, has the Cache-Control of each path.
"""

import re
from hashlib import blake2b

from starlette.requests import Request
from starlette.responses import Response

from .installed_files import build
from .phone import is_phone

MAX_AGE = 300
"""Seconds for which a response is fresh. Only for responses that name no script, style or host."""

FRESH = f"public, max-age={MAX_AGE}"
REVALIDATED = "no-cache"
"""Stored, but revalidated each time: a page must not outlive the build whose scripts and styles it names."""
IMMUTABLE = "public, max-age=31536000, immutable"
NO_STORE = "no-store"
"""Not stored: valid for one client only, or for a moment."""


def caching_of_build(named: str | None) -> str:
    """The Cache-Control of a file whose URL names a build: the files of the build that is served never change."""
    return IMMUTABLE if named == build() else REVALIDATED


def caching_headers(request: Request, caching: str) -> dict[str, str]:
    """``ETag``, ``Cache-Control`` and ``Vary``. The tag covers everything that a response depends on: the URL with its
    host and prefix, which links may repeat, the language where the response has text, the visitor's device where it has
    a picture, and the settings."""
    scope, headers = request.scope, request.headers
    url = scope["scheme"], headers.get("Host"), scope.get("app_root_path", ""), scope["path"], scope["query_string"]
    visitor, vary = "", {}
    if caching == REVALIDATED:  # the language of a page and the format of its picture may be the visitor's
        visitor = repr((headers.getlist("Accept-Language"), is_phone(headers)))
        vary = {"Vary": "Accept-Language, User-Agent"}
    inputs = repr((url, visitor, request.app.state.runner.budget, request.app.state.cache_key)).encode()
    tag = f'W/"{build()}-{blake2b(inputs, digest_size=8).hexdigest()}"'
    return {"ETag": tag, "Cache-Control": caching, **vary}


def not_modified(request: Request, headers: dict[str, str]) -> Response | None:
    """A 304 response if the client already has the response with these headers, else None."""
    known = ", ".join(request.headers.getlist("If-None-Match"))
    if known.strip() == "*" or headers["ETag"].removeprefix("W/") in re.findall(r'"[^"]*"', known):
        vary = ", ".join(filter(None, ("Accept-Encoding", headers.get("Vary"))))
        return Response(status_code=304, headers={**headers, "Vary": vary})
    return None
